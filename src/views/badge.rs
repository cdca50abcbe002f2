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
    /// The gravest thing that is wrong; the view has them all.
    pub wrong: Option<String>,
    /// It was pressed.
    pub onpress: Callback<Press>,
}

/// The badge.
#[component]
pub fn Badge(props: &BadgeProps) -> Html {
    let rate = fmt::or_unknown(props.snapshot.crossings_per_second, fmt::rate);
    let cost = fmt::or_unknown(props.snapshot.status.as_ref().and_then(|it| it.overhead), fmt::percent);
    let onclick = props.onpress.reform(|_: MouseEvent| Press::Expand);
    let wrong = props.wrong.as_ref();
    let class = classes!("badge", "stage", dot(&props.stage), wrong.map(|_| "warn"));
    let title = wrong.map_or(text::EXPAND.to_owned(), |wrong| format!("{wrong}\n{}", text::EXPAND));
    html! {
        <button type="button" {class} {title} {onclick}>
            <span class="figures">
                <i aria-hidden="true" />
                if matches!(props.stage, Stage::Live) {
                    <b>{ rate }</b><span>{ text::CROSSINGS }</span>
                } else {
                    <b>{ text::stage(&props.stage) }</b>
                }
                <b>{ cost }</b><span>{ text::COST }</span>
            </span>
            if let Some(wrong) = wrong {
                <span class="sentence">{ wrong }</span>
            }
        </button>
    }
}
