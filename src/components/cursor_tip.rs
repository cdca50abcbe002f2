//! What the tracks hold at the cursor: a line over all of them and a box beside it.

use crate::{
    text,
    viz::{Ink, plot::Track},
};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`CursorTip`].
#[derive(Properties, PartialEq)]
pub struct CursorTipProps {
    /// Where the cursor is, as a part of the plots' width.
    pub at: f64,
    /// Its time, ms.
    pub time: f64,
    /// The tracks under it.
    pub tracks: Vec<Rc<Track>>,
}

/// The line and the box.
#[component]
pub fn CursorTip(props: &CursorTipProps) -> Html {
    let left = format!("left:{:.3}%", props.at * 100.0);
    let side = if props.at > 0.5 { "tip before" } else { "tip" };
    html! {
        <div class="cursor" style={left} aria-hidden="true">
            <div class={side}>
                <p class="time">{ text::cursor_time(props.time) }</p>
                { for props.tracks.iter().map(|track| values(track, props.time)) }
            </div>
        </div>
    }
}

/// The same in words, for those who move the cursor by keys.
pub fn words(tracks: &[Rc<Track>], time: f64) -> String {
    let value = |track: &Rc<Track>| {
        let value =
            track.at(time).map_or(text::UNKNOWN.to_owned(), |(total, _)| text::value(track.unit, total));
        format!("{} {value}", track.name)
    };
    let values: Vec<String> = tracks.iter().map(value).collect();
    format!("{}: {}", text::cursor_time(time), values.join(", "))
}

fn values(track: &Track, time: f64) -> Html {
    let Some((total, parts)) = track.at(time) else {
        return html! { <p><span>{ track.name }</span><b>{ text::UNKNOWN }</b></p> };
    };
    let part = |(n, value): (usize, &f64)| {
        let band = track.bands.get(n).filter(|_| *value > 0.0)?;
        Some(html! {
            <p class="part">
                <span><i class={swatch(band.ink)} />{ band.name }</span>
                <b>{ text::value(track.unit, *value) }</b>
            </p>
        })
    };
    let parts = if parts.len() > 1 { parts } else { Vec::new() };
    html! {
        <>
            <p><span>{ track.name }</span><b>{ text::value(track.unit, total) }</b></p>
            { for parts.iter().enumerate().filter_map(part) }
        </>
    }
}

/// The class of a small square in a colour.
pub fn swatch(ink: Ink) -> &'static str {
    match ink {
        Ink::Get => "swatch get",
        Ink::Set => "swatch set",
        Ink::Call => "swatch call",
        Ink::Copy => "swatch copy",
        Ink::Memory => "swatch memory",
        Ink::Other | Ink::Grid | Ink::Label => "swatch other",
    }
}
