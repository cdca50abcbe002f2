//! The selected stretch over the plots: tinted, its length on it, its ends to be dragged.

use crate::{
    text,
    viz::{Range, Scale},
};
use yew::prelude::*;

/// Properties of [`Selection`].
#[derive(Properties, PartialEq)]
pub struct SelectionProps {
    /// What is selected.
    pub selection: Range,
    /// The time shown.
    pub range: Range,
}

/// The band. Where it is dragged is `state::gesture`'s; here an end only shows that it can be.
#[component]
pub fn Selection(props: &SelectionProps) -> Html {
    let part = |time: f64| Scale::new(props.range, 1.0).to_pixel(time);
    let (start, end) = (part(props.selection.start), part(props.selection.end));
    if end < 0.0 || start > 1.0 {
        return Html::default();
    }
    let (from, to) = (start.max(0.0), end.min(1.0));
    let style = format!("left:{:.3}%;width:{:.3}%", from * 100.0, (to - from) * 100.0);
    html! {
        <div class="selection" {style} aria-hidden="true">
            if start >= 0.0 {
                <i class="end" />
            }
            <b>{ text::length(props.selection) }</b>
            if end <= 1.0 {
                <i class="end right" />
            }
        </div>
    }
}
