//! The row under the headline: which view, and what to look for in it.

use crate::{
    components::{
        icon::{Icon, Picture},
        tabs::{TabName, Tabs},
    },
    platform::keyboard,
    state::view::ViewId,
    text,
};
use yew::prelude::*;

/// Id of the panel that the chosen view fills.
pub const PANEL: &str = "view";
/// Id of the search box.
pub const SEARCH: &str = "search";

/// Properties of [`ViewTabs`].
#[derive(Properties, PartialEq)]
pub struct ViewTabsProps {
    /// The view shown.
    pub view: ViewId,
    /// Something is wrong with how modules were loaded.
    pub flawed: bool,
    /// Words looked for.
    pub search: AttrValue,
    /// Another view was chosen.
    pub onview: Callback<ViewId>,
    /// Other words.
    pub onsearch: Callback<String>,
}

/// The row.
#[component]
pub fn ViewTabs(props: &ViewTabsProps) -> Html {
    let name = |view: ViewId| {
        let mark = (view == ViewId::Startup && props.flawed).then_some(text::FLAWED);
        TabName { key: view.key(), name: text::view(view), mark }
    };
    let chosen = ViewId::ALL.into_iter().position(|view| view == props.view).unwrap_or_default();
    let onchoose = props.onview.reform(|at: usize| ViewId::ALL.get(at).copied().unwrap_or_default());
    let oninput = props.onsearch.reform(|event: InputEvent| keyboard::value(&event));
    html! {
        <nav class="views" aria-label={text::VIEWS}>
            <Tabs
                label={text::VIEWS}
                panel={PANEL}
                tabs={ViewId::ALL.map(name).to_vec()}
                {chosen}
                {onchoose}
            />
            <label class="search">
                <Picture icon={Icon::Search} />
                <input
                    id={SEARCH}
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder={text::SEARCH_SHORT}
                    aria-label={text::SEARCH}
                    value={props.search.clone()}
                    {oninput}
                />
            </label>
        </nav>
    }
}
