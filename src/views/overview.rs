//! A little of everything: the costliest Go lines, start-up, imports.

use crate::state::snapshot::{Snapshot, Tables};
use std::rc::Rc;
use yew::prelude::*;

use super::{imports::Imports, lines::Lines, phases::Phases};

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
}

/// The view.
#[component]
pub fn Overview(props: &OverviewProps) -> Html {
    html! {
        <div class="panels">
            <Lines tables={props.tables.clone()} stacks={props.snapshot.has_stacks()} limit={LINES} />
            <div class="aside">
                <Phases phases={props.snapshot.phases.clone()} />
                <Imports tables={props.tables.clone()} limit={IMPORTS} />
            </div>
        </div>
    }
}
