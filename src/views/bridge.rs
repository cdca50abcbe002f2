//! Who crosses into JavaScript, and at what cost.

use crate::state::snapshot::{Snapshot, Tables};
use std::rc::Rc;
use yew::prelude::*;

use super::{imports::Imports, lines::Lines};

/// Properties of [`Bridge`].
#[derive(Properties, PartialEq)]
pub struct BridgeProps {
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// Tables.
    pub tables: Rc<Tables>,
    /// Words that rows must have.
    pub search: AttrValue,
}

/// The view.
#[component]
pub fn Bridge(props: &BridgeProps) -> Html {
    html! {
        <div class="panels">
            <Lines tables={props.tables.clone()} stacks={props.snapshot.has_stacks()} />
            <Imports tables={props.tables.clone()} />
        </div>
    }
}
