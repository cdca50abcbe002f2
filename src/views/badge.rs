//! The collapsed view: a pill that fills its frame and opens the view again.

use crate::{
    state::{snapshot::Snapshot, stage::Stage},
    text,
};
use session::fmt;
use std::rc::Rc;
use yew::prelude::*;

use super::bar::{Press, dot};

/// Properties of [`Badge`].
#[derive(Properties, PartialEq)]
pub struct BadgeProps {
    /// What the reader looks at.
    pub stage: Stage,
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// It was pressed.
    pub onpress: Callback<Press>,
}

/// The badge.
#[component]
pub fn Badge(props: &BadgeProps) -> Html {
    let rate = fmt::or_unknown(props.snapshot.crossings_per_second, fmt::rate);
    let cost = fmt::or_unknown(props.snapshot.status.as_ref().and_then(|it| it.overhead), fmt::percent);
    let onclick = props.onpress.reform(|_: MouseEvent| Press::Expand);
    html! {
        <button type="button" class={classes!("badge", "stage", dot(&props.stage))} title={text::EXPAND} {onclick}>
            <i aria-hidden="true" />
            if matches!(props.stage, Stage::Live) {
                <b>{ rate }</b><span>{ text::CROSSINGS }</span>
            } else {
                <b>{ text::stage(&props.stage) }</b>
            }
            <b>{ cost }</b><span>{ text::COST }</span>
        </button>
    }
}
