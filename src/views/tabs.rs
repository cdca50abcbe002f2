//! The row under the headline: which view, which program and stretch of time it is of, and what to look for in it.

use crate::{
    components::{
        choice::Choice,
        icon::{Icon, Picture},
        range_chip::RangeChip,
        tabs::{TabName, Tabs},
    },
    platform::keyboard,
    state::{axis::AxisAction, view::ViewId},
    text,
    viz::Range,
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
    /// Where findings lead.
    pub marked: Vec<ViewId>,
    /// Where several programs ran, those that can be shown, by instance, with their names.
    pub programs: Vec<(u32, String)>,
    /// How many ran in all.
    pub ran: usize,
    /// The one that tracks, memory and start-up are of.
    pub program: Option<u32>,
    /// The stretch that tables are narrowed to.
    pub selection: Option<Range>,
    /// Words looked for.
    pub search: AttrValue,
    /// Another view was chosen.
    pub onview: Callback<ViewId>,
    /// Another program was chosen.
    pub onprogram: Callback<u32>,
    /// The chip asks something of the axis.
    pub onaxis: Callback<AxisAction>,
    /// Other words.
    pub onsearch: Callback<String>,
}

/// The row.
#[component]
pub fn ViewTabs(props: &ViewTabsProps) -> Html {
    let name = |view: ViewId| {
        let mark = props.marked.contains(&view).then_some(text::FOUND_HERE);
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
            if let Some(chosen) = props.program.filter(|_| props.programs.len() > 1) {
                <label class="program" title={text::programs(props.ran)}>
                    <Choice<u32>
                        label={text::PROGRAM}
                        choices={props.programs.clone()}
                        {chosen}
                        onchoose={props.onprogram.clone()}
                    />
                </label>
            }
            if let Some(selection) = props.selection {
                <RangeChip {selection} onaxis={props.onaxis.clone()} />
            }
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
