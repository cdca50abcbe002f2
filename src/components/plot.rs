//! A canvas that shows a display list: a track or the time axis. Painted when what it shows changes.

use crate::{
    canvas, text,
    viz::{
        Range, Shape,
        plot::{self, Track},
    },
};
use std::rc::Rc;
use yew::prelude::*;

/// Height of the time axis, CSS pixels.
const AXIS_HEIGHT: u32 = 20;

/// Properties of [`Plot`].
#[derive(Properties, PartialEq)]
pub struct PlotProps {
    /// The track; the time axis where there is none.
    pub track: Option<Rc<Track>>,
    /// The time shown.
    pub range: Range,
    /// A text in its place.
    pub summary: String,
    /// Changes when it is to be painted anew for another reason: size, theme.
    pub epoch: u32,
}

/// The canvas.
#[component]
pub fn Plot(props: &PlotProps) -> Html {
    let node = use_node_ref();
    let height = props.track.as_ref().map_or(AXIS_HEIGHT, |track| track.height);
    {
        let (node, track, range) = (node.clone(), props.track.clone(), props.range);
        // Without dependencies: the component renders only when its properties changed.
        use_effect(move || {
            canvas::paint(&node, f64::from(height), |width| shapes(track.as_deref(), range, width));
        });
    }
    let style = format!("height:{height}px");
    if props.track.is_some() {
        html! { <canvas ref={node} {style} role="img" aria-label={props.summary.clone()} /> }
    } else {
        html! { <canvas ref={node} {style} aria-hidden="true" /> }
    }
}

fn shapes(track: Option<&Track>, range: Range, width: f64) -> Vec<Shape> {
    match track {
        Some(track) => plot::shapes(track, range, width, |value| text::value(track.unit, value)),
        None => plot::axis(range, width, f64::from(AXIS_HEIGHT), text::axis_time),
    }
}
