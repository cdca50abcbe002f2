//! From the first request to `main.main`.

use crate::state::snapshot::Snapshot;
use std::rc::Rc;
use yew::prelude::*;

use super::phases::Phases;

/// Properties of [`Startup`].
#[derive(Properties, PartialEq)]
pub struct StartupProps {
    /// Figures.
    pub snapshot: Rc<Snapshot>,
}

/// The view.
#[component]
pub fn Startup(props: &StartupProps) -> Html {
    html! {
        <div class="panels">
            <Phases phases={props.snapshot.phases.clone()} />
        </div>
    }
}
