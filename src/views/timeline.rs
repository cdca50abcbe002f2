//! The live tracks: one time axis, one cursor over all of them.

use crate::{
    components::{
        cursor_tip::{self, CursorTip, swatch},
        plot::Plot,
        segmented::Segmented,
    },
    platform::{pointer, screen},
    state::{
        axis::{Axis, AxisAction, Kept, Shown},
        snapshot::Snapshot,
        span::Span,
        theme::Theme,
    },
    text,
    viz::{
        Range, Scale,
        plot::{Band, Track},
    },
};
use std::rc::Rc;
use yew::prelude::*;

/// How far a key moves the cursor, as a part of the width.
const KEY_STEP: f64 = 0.01;

/// Properties of [`Timeline`].
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// What the axis can show.
    pub kept: Kept,
    /// The axis.
    pub axis: Axis,
    /// Theme.
    pub theme: Theme,
    /// The reader wants something else of the axis.
    pub onaxis: Callback<AxisAction>,
}

/// Where the cursor is, as a part of the plots' width, and whether keys put it there.
#[derive(Clone, Copy, PartialEq)]
struct Cursor {
    at: f64,
    by_key: bool,
}

/// The tracks.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let cursor = use_state_eq(|| None::<Cursor>);
    let epoch = use_epoch(props.theme);
    let range = props.axis.range(props.kept);
    let tracks = &props.snapshot.tracks;
    let shown = cursor.map(|cursor| (cursor, Scale::new(range, 1.0).to_value(cursor.at)));
    let by_key = shown.filter(|(cursor, _)| cursor.by_key);
    let choices: Vec<_> = Span::ALL
        .into_iter()
        .map(|span| (Shown::Follow(span), text::span(span)))
        .chain([(Shown::Full, text::FULL_RANGE)])
        .collect();
    let onchoose = props.onaxis.reform(|shown| match shown {
        Shown::Follow(span) => AxisAction::Follow(span),
        _ => AxisAction::Full,
    });
    html! {
        <section class="timeline" style={format!("--tracks:{}", tracks.len())} aria-label={text::TIMELINE}>
            { for tracks.iter().enumerate().map(|(row, track)| margin(row + 1, track)) }
            <div class="span-choice">
                <Segmented<Shown> label={text::SPAN} {choices} chosen={props.axis.shown} {onchoose} />
            </div>
            <div
                class="plots"
                tabindex="0"
                role="group"
                aria-label={text::PLOTS_KEYS}
                onpointermove={on_pointer(&cursor)}
                onpointerleave={let cursor = cursor.clone(); move |_| cursor.set(None)}
                onkeydown={on_key(&cursor)}
            >
                { for tracks.iter().map(|track| plot(track, range, epoch)) }
                <Plot track={None::<Rc<Track>>} {range} summary="" {epoch} />
                if let Some((cursor, time)) = shown {
                    <CursorTip at={cursor.at} {time} tracks={tracks.clone()} />
                }
            </div>
            <p class="unseen" role="status">{ for by_key.map(|(_, time)| cursor_tip::words(tracks, time)) }</p>
        </section>
    }
}

/// Counts what asks for charts to be painted anew though their data has not changed.
#[hook]
fn use_epoch(theme: Theme) -> u32 {
    let epoch = use_state(|| 0u32);
    let count = use_mut_ref(|| 0u32);
    {
        let epoch = epoch.setter();
        use_effect_with(theme, move |_| {
            let bump = move || {
                *count.borrow_mut() += 1;
                epoch.set(*count.borrow());
            };
            bump();
            let listeners = screen::on_change(bump);
            move || drop(listeners)
        });
    }
    *epoch
}

fn margin(row: usize, track: &Track) -> Html {
    let about = if track.latest.is_some() { text::TRACK_NOW_ABOUT } else { text::STALE_ABOUT };
    let legend = |band: &Band| html! { <li><i class={swatch(band.ink)} />{ band.name }</li> };
    html! {
        <div class="margin" style={format!("--row:{row};--height:{}px", track.height)}>
            <h3 title={track.about}>{ track.name }</h3>
            // A band alone needs no name beside the track's.
            if track.bands.len() > 1 {
                <ul>{ for track.bands.iter().map(legend) }</ul>
            }
            <b class="latest" title={about}>
                { track.latest.map_or(text::UNKNOWN.to_owned(), |latest| text::value(track.unit, latest)) }
            </b>
        </div>
    }
}

fn plot(track: &Rc<Track>, range: Range, epoch: u32) -> Html {
    html! { <Plot track={Some(track.clone())} {range} summary={summary(track, range)} {epoch} /> }
}

fn summary(track: &Track, range: Range) -> String {
    let word = |value| text::value(track.unit, value);
    match track.summary(range) {
        None => text::track_empty(track.name),
        Some(figures) => {
            let latest = track.latest.map_or(text::UNKNOWN.to_owned(), word);
            text::track_summary(
                track.name,
                range.len() / 1e3,
                &latest,
                &word(figures.least),
                &word(figures.greatest),
            )
        }
    }
}

fn on_pointer(cursor: &UseStateHandle<Option<Cursor>>) -> Callback<PointerEvent> {
    let cursor = cursor.setter();
    Callback::from(move |event: PointerEvent| {
        cursor.set(pointer::fraction(&event).map(|at| Cursor { at, by_key: false }));
    })
}

fn on_key(cursor: &UseStateHandle<Option<Cursor>>) -> Callback<KeyboardEvent> {
    let cursor = cursor.clone();
    Callback::from(move |event: KeyboardEvent| {
        let at = cursor.map_or(1.0, |cursor| cursor.at);
        let at = match event.key().as_str() {
            "ArrowLeft" => Some(at - KEY_STEP),
            "ArrowRight" => Some(at + KEY_STEP),
            "Escape" => None,
            _ => return,
        };
        event.prevent_default();
        cursor.set(at.map(|at| Cursor { at: at.clamp(0.0, 1.0 - KEY_STEP / 2.0), by_key: true }));
    })
}
