//! A little of everything: what is wrong, the costliest Go lines, start-up, imports.

use crate::state::{
    search::Search,
    snapshot::{Snapshot, Tables},
};
use std::rc::Rc;
use yew::prelude::*;

use super::{
    findings::{FindingList, Lead},
    imports::Imports,
    lines::Lines,
    phases::Phases,
};

/// Rows shown: the bridge has all of them.
const LINES: usize = 12;
const IMPORTS: usize = 8;

/// Properties of [`Overview`].
#[derive(Properties, PartialEq)]
pub struct OverviewProps {
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// Tables.
    pub tables: Rc<Tables>,
    /// Words that rows must have.
    pub search: AttrValue,
    /// Findings show where the view is low, too.
    pub findings: bool,
    /// A finding leads somewhere.
    pub onlead: Callback<Lead>,
}

/// The view.
#[component]
pub fn Overview(props: &OverviewProps) -> Html {
    let search = Search::new(&props.search);
    html! {
        <div class="panels">
            <FindingList
                findings={props.tables.findings.clone()}
                all={props.findings}
                narrowed={props.tables.range.is_some()}
                onlead={props.onlead.clone()}
            />
            <Lines
                tables={props.tables.clone()}
                stackless={props.snapshot.stackless.clone()}
                search={search.clone()}
                limit={LINES}
            />
            <div class="aside">
                <Phases phases={props.snapshot.phases.clone()} />
                <Imports tables={props.tables.clone()} {search} limit={IMPORTS} />
            </div>
        </div>
    }
}
