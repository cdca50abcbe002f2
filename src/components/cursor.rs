//! What the tracks hold at the cursor: a line over all of them, a chip in each, and the time on the axis.

use crate::{
    state::history::History,
    text,
    viz::{
        Ink,
        track::{Reading, Track, Tracks},
    },
};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Cursor`].
#[derive(Properties)]
pub struct CursorProps {
    /// The tracks under it.
    pub tracks: Tracks,
    /// Where the cursor is, as a part of the plots' width.
    pub at: f64,
    /// Its time, ms.
    pub time: f64,
    /// How much time a pixel covers, ms.
    pub reach: f64,
    /// What the tracks are drawn from.
    pub history: Rc<History>,
}

impl PartialEq for CursorProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.history, &other.history)
            && (self.at, self.time, self.reach) == (other.at, other.time, other.reach)
            && self.tracks == other.tracks
    }
}

/// The line and the chips. What it says in words is said elsewhere, to those who move the cursor by keys.
#[component]
pub fn Cursor(props: &CursorProps) -> Html {
    let side = if props.at > 0.5 { "cursor before" } else { "cursor" };
    html! {
        <div class={side} style={format!("left:{:.3}%;--at:{:.5}", props.at * 100.0, props.at)} aria-hidden="true">
            { for props.tracks.iter().map(|track| chip(track, props)) }
            <p class="time"><b>{ text::cursor_time(props.time, props.reach) }</b></p>
        </div>
    }
}

/// The same in words.
pub fn words(tracks: &Tracks, history: &History, time: f64, reach: f64) -> String {
    let value = |track: &&Track| format!("{} {}", track.name, told(track, history, time, reach).0);
    let values: Vec<String> = tracks.iter().map(value).collect();
    format!("{}: {}", text::cursor_time(time, reach), values.join("; "))
}

/// What a track and its marks hold, in a line; and the track's reading.
fn told(track: &Track, history: &History, time: f64, reach: f64) -> (String, Reading) {
    let reading = track.at(history, time, reach);
    let marks = track.marks_at(history, time, reach).map(|marks| text::reading(track.unit, &marks));
    let words: Vec<String> = [text::reading(track.unit, &reading)].into_iter().chain(marks).collect();
    (words.join("; "), reading)
}

fn chip(track: &Track, props: &CursorProps) -> Html {
    let (words, reading) = told(track, &props.history, props.time, props.reach);
    let parts = match &reading {
        // A band alone is the total.
        Reading::Bands(_, parts, _) if parts.len() > 1 => parts.as_slice(),
        _ => &[],
    };
    let part = |(name, ink, value): &(&'static str, Ink, f64)| {
        html! { <span><i class={swatch(*ink)} />{ *name }{ " " }{ text::value(track.unit, *value) }</span> }
    };
    html! {
        <p style={format!("--height:{}px", track.height)}>
            <span class="chip">
                <b>{ words }</b>
                { for parts.iter().filter(|(.., value)| *value > 0.0).map(part) }
            </span>
        </p>
    }
}

/// The class of a small square in a colour.
pub fn swatch(ink: Ink) -> &'static str {
    match ink {
        Ink::Get => "swatch get",
        Ink::Set => "swatch set",
        Ink::Call => "swatch call",
        Ink::Copy => "swatch copy",
        Ink::Other => "swatch other",
        Ink::Memory | Ink::ToGo | Ink::Timer => "swatch go",
        Ink::ToJs => "swatch js",
        Ink::Run => "swatch run",
        Ink::Event => "swatch event",
        Ink::Export => "swatch export",
        Ink::Gc => "swatch gc",
        Ink::Garbage => "swatch garbage",
        Ink::Pause => "swatch pause",
        Ink::Refs | Ink::Chained => "swatch js",
        Ink::Queued => "swatch queued",
        Ink::Task => "swatch task",
        Ink::Frame => "swatch frame",
        Ink::Timing => "swatch timing",
        Ink::Grow => "swatch run",
        Ink::Clipped => "swatch",
    }
}
