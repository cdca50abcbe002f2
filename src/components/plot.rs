//! A canvas that shows a track, or the time axis. Painted in the app's frame when what it shows changes.

use crate::{
    canvas::Easel,
    state::history::History,
    text,
    viz::{Range, Shape, Size, grid, track::Track},
};
use std::rc::Rc;
use yew::prelude::*;

/// Height of the time axis, CSS pixels.
const AXIS_HEIGHT: u32 = 20;

/// Properties of [`Plot`].
#[derive(Properties)]
pub struct PlotProps {
    /// The track; the time axis where there is none.
    pub track: Option<&'static Track>,
    /// What the track is drawn from.
    pub history: Rc<History>,
    /// The time shown.
    pub range: Range,
    /// A text in its place.
    pub summary: AttrValue,
    /// Changes when colours do.
    pub colors: u32,
}

// By identity: comparing thousands of numbers ten times a second would not pay.
impl PartialEq for PlotProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.history, &other.history)
            && (self.range, self.colors) == (other.range, other.colors)
            && (self.track, &self.summary) == (other.track, &other.summary)
    }
}

/// The canvas.
#[component]
pub fn Plot(props: &PlotProps) -> Html {
    let node = use_node_ref();
    let easel = use_mut_ref(|| None::<Easel>);
    let track = props.track;
    {
        let (node, history, range) = (node.clone(), props.history.clone(), props.range);
        use_effect_with(
            (Rc::as_ptr(&history), range, props.colors, track.map(|track| track.key)),
            move |_| {
                let mut easel = easel.borrow_mut();
                if easel.is_none() {
                    *easel = node.cast().and_then(|element| Easel::new(&element));
                }
                if let Some(easel) = easel.as_ref() {
                    easel.show(move |size| shapes(track, &history, range, size));
                }
            },
        );
    }
    match track {
        Some(track) => {
            let style = format!("--height:{}px", track.height);
            html! { <canvas ref={node} {style} role="img" aria-label={props.summary.clone()} /> }
        }
        None => {
            html! { <canvas ref={node} style={format!("--height:{AXIS_HEIGHT}px")} class="axis" aria-hidden="true" /> }
        }
    }
}

fn shapes(track: Option<&Track>, history: &History, range: Range, size: Size) -> Vec<Shape> {
    let Some(track) = track else { return grid::axis(range, size, text::axis_time) };
    let label = |top, clipped| text::axis_top(track.unit, top, clipped);
    let mut out = grid::grid(range, size);
    out.extend(track.shapes(history, range, size, label, text::event_name));
    out
}
