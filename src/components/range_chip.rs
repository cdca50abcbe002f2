//! The selected stretch of time, wherever it narrows what is shown: press it to zoom to it, its cross to clear it.

use crate::{state::axis::AxisAction, text, viz::Range};
use yew::prelude::*;

use super::icon::{Icon, IconButton};

/// Properties of [`RangeChip`].
#[derive(Properties, PartialEq)]
pub struct RangeChipProps {
    /// What is selected.
    pub selection: Range,
    /// What is to happen to the axis.
    pub onaxis: Callback<AxisAction>,
}

/// The chip.
#[component]
pub fn RangeChip(props: &RangeChipProps) -> Html {
    let onzoom = props.onaxis.reform(|_: MouseEvent| AxisAction::ZoomToSelection);
    let onclear = props.onaxis.reform(|()| AxisAction::ClearSelection);
    html! {
        <div class="range-chip" role="group" aria-label={text::RANGE_CHIP}>
            <button type="button" title={text::RANGE_ZOOM} onclick={onzoom}>{ text::range(props.selection) }</button>
            <IconButton icon={Icon::Close} label={text::RANGE_CLEAR} onclick={onclear} />
        </div>
    }
}
