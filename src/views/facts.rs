//! The views of memory, garbage collection, the event loop and the environment: one component, and what its panels are made of.

use crate::{
    components::list_table::ListTable,
    state::{
        axis::AxisAction,
        facts::{Facts, Scope, Topic},
        list::{Head, List, Order},
        search::Search,
    },
    text,
};
use std::rc::Rc;
use yew::prelude::*;

use super::{data, environment, event_loop, gc, memory};

/// Properties of [`FactsView`].
#[derive(Properties)]
pub struct FactsViewProps {
    /// What is shown.
    pub topic: Topic,
    /// What was read.
    pub facts: Facts,
    /// What is looked for.
    pub search: Search,
    /// A stretch of time is to be selected.
    pub onaxis: Callback<AxisAction>,
    /// What Go holds is to be counted; where nothing runs any more it cannot be.
    #[prop_or_default]
    pub oncensus: Option<Callback<MouseEvent>>,
}

// Callbacks are made anew with every picture and do the same.
impl PartialEq for FactsViewProps {
    fn eq(&self, other: &Self) -> bool {
        self.topic == other.topic
            && self.facts.are(&other.facts)
            && self.search == other.search
            && self.oncensus.is_some() == other.oncensus.is_some()
    }
}

/// The view.
#[component]
pub fn FactsView(props: &FactsViewProps) -> Html {
    let (class, inner) = match (props.topic, &props.facts) {
        (Topic::Data, Facts::Data(facts)) => ("data-view", data::view(props, facts)),
        (Topic::Memory, Facts::Memory(facts)) => ("memory-view", memory::view(props, facts)),
        (Topic::Gc, Facts::Gc(facts)) => ("gc-view", gc::view(props, facts)),
        (Topic::Environment, Facts::Environment(facts)) => ("environment-view", environment::view(facts)),
        (Topic::Loop, Facts::Loop(facts)) => ("loop-view", event_loop::view(props, facts)),
        _ => return skeleton(),
    };
    html! { <div class={classes!("facts-view", class)}>{ inner }</div> }
}

/// Holds the space until the facts are read.
fn skeleton() -> Html {
    html! {
        <div class="facts-view skeleton" aria-busy="true">
            <span class="said">{ text::NOT_READ_YET }</span>
            { for (0..6).map(|_| html! { <i /> }) }
        </div>
    }
}

/// Rows of a table shown at first.
const ROWS: usize = 8;

/// The head of a column.
pub const fn head(id: &'static str, label: &'static str, about: &'static str) -> Head {
    Head { id, label, about }
}

/// A table under its title.
pub fn panel(title: &'static str, about: &'static str, inner: Html) -> Html {
    html! {
        <section aria-label={title}>
            <h2>{ title }</h2>
            if !about.is_empty() {
                <p class="about">{ about }</p>
            }
            { inner }
        </section>
    }
}

/// Why there is no table.
pub fn empty(why: &'static str) -> Html {
    html! { <p class="empty">{ why }</p> }
}

/// A table, with the greatest of a column first.
pub fn table(
    props: &FactsViewProps,
    scope: Scope,
    id: &'static str,
    of: &str,
    list: Rc<dyn List>,
    by: usize,
) -> Html {
    html! {
        <ListTable
            {id}
            caption={text::caption(of, scope.range, scope.full)}
            {list}
            order={Order { by, descending: true }}
            rows={ROWS}
            search={props.search.clone()}
            onaxis={props.onaxis.clone()}
        />
    }
}
