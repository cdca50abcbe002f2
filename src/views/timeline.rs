//! The tracks: one time axis, one cursor over all of them, one selection.

use crate::{
    canvas,
    components::{
        cursor::{self, Cursor, swatch},
        plot::Plot,
        segmented::Segmented,
        selection::Selection,
    },
    platform::{pointer, screen},
    state::{
        axis::{Axis, AxisAction, Kept, Shown},
        gesture::{Gesture, Input, Plots},
        history::History,
        snapshot::Snapshot,
        span::Span,
        theme::Theme,
    },
    text,
    viz::{
        Ink, Range, Scale,
        track::{Reading, Track, Tracks},
    },
};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Properties of [`Timeline`].
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// The tracks.
    pub tracks: Tracks,
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

/// What pointers are doing: no one else's business, and it changes with every picture.
#[derive(Clone, Copy, Default, PartialEq)]
struct Pointing {
    gesture: Gesture,
    /// Where a pointer hovers, as a part of the plots' width.
    hover: Option<f64>,
    /// The time shown while a pointer is down: what it drags must not move away below it.
    held: Option<Range>,
}

impl Pointing {
    /// What comes of an input, and what it asks of the axis.
    fn after(self, input: Input, plots: &Plots) -> (Self, Option<AxisAction>) {
        let (gesture, action) = self.gesture.after(input, plots);
        let hover = match input {
            Input::Move { at, .. } => Some(at),
            Input::Leave | Input::Cancel => None,
            _ => self.hover,
        };
        let holds = matches!(gesture, Gesture::Pressed { .. } | Gesture::Selecting { .. });
        let held = holds.then(|| self.held.unwrap_or(plots.range));
        (Self { gesture, hover, held }, action)
    }
}

/// The tracks.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let node = use_node_ref();
    let pointing = use_pointing(&node, props);
    let colors = use_colors(props.theme);
    let history = &props.snapshot.history;
    let range = pointing.held.unwrap_or(props.axis.range(props.kept));
    let reach = range.len() / node.cast::<Element>().map_or(1e3, |it| f64::from(it.client_width()).max(1.0));
    let hover = pointing.hover.map(|at| (at, Scale::new(range, 1.0).to_value(at)));
    let by_key = props.axis.cursor.map(|time| (Scale::new(range, 1.0).to_pixel(time), time));
    let cursor = hover.or(by_key).filter(|(at, _)| (0.0..=1.0).contains(at));
    use_published(&node, cursor.map(|(at, _)| at));
    let reading = |track: &Track| cursor.map(|(_, time)| track.at(history, time, reach));
    let summaries = use_summaries(props, range);
    let words = use_memo(props.axis.cursor.map(f64::to_bits), |_| {
        props.axis.cursor.map(|time| cursor::words(props.tracks, history, time, reach))
    });
    let selection = pointing.gesture.draft().or(props.axis.selection);
    let plot = |(track, summary): (&'static Track, &AttrValue)| {
        html! { <Plot {track} history={history.clone()} {range} {summary} {colors} /> }
    };
    html! {
        <section class="timeline" style={format!("--tracks:{}", props.tracks.len())} aria-label={text::TIMELINE}>
            { for props.tracks.iter().enumerate().map(|(row, track)| margin(row + 1, track, history, reading(track))) }
            { choice(props) }
            <div class="plots" ref={node} tabindex="0" role="group" aria-label={text::PLOTS_KEYS}>
                { for props.tracks.iter().copied().zip(summaries.iter()).map(plot) }
                <Plot track={None::<&'static Track>} history={history.clone()} {range} summary="" {colors} />
                if let Some(selection) = selection {
                    <Selection {selection} {range} />
                }
                if let Some((at, time)) = cursor {
                    <Cursor tracks={props.tracks} {at} {time} {reach} history={history.clone()} />
                }
            </div>
            <p class="unseen" role="status">{ (*words).clone() }</p>
        </section>
    }
}

/// Listens to pointers over the plots.
#[hook]
fn use_pointing(node: &NodeRef, props: &TimelineProps) -> Pointing {
    let shown = use_state_eq(Pointing::default);
    let now = use_mut_ref(Pointing::default);
    // What listeners, added once, have to know of the latest properties.
    let latest = use_mut_ref(|| None::<(Range, Option<Range>, Callback<AxisAction>)>);
    *latest.borrow_mut() = Some((props.axis.range(props.kept), props.axis.selection, props.onaxis.clone()));
    {
        let (node, shown) = (node.clone(), shown.setter());
        use_effect_with((), move |()| {
            let listeners = node.cast::<Element>().map(|element| {
                pointer::listen(&element, move |input, width| {
                    let Some((range, selection, onaxis)) = latest.borrow().clone() else { return };
                    let before = *now.borrow();
                    let plots = Plots { range: before.held.unwrap_or(range), width, selection };
                    let (after, action) = before.after(input, &plots);
                    *now.borrow_mut() = after;
                    shown.set(after);
                    if let Some(action) = action {
                        onaxis.emit(action);
                    }
                })
            });
            move || drop(listeners)
        });
    }
    *shown
}

/// Lets all views draw their line at the cursor.
#[hook]
fn use_published(node: &NodeRef, at: Option<f64>) {
    let node = node.clone();
    use_effect_with(at, move |at| {
        if let Some(element) = node.cast::<Element>() {
            pointer::publish_cursor(&element, *at);
        }
    });
}

/// Counts changes of colours and forgets the old ones.
#[hook]
fn use_colors(theme: Theme) -> u32 {
    let shown = use_state(|| 0u32);
    let count = use_mut_ref(|| 0u32);
    {
        let shown = shown.setter();
        use_effect_with(theme, move |_| {
            let changed = move || {
                canvas::forget_colors();
                *count.borrow_mut() += 1;
                shown.set(*count.borrow());
            };
            changed();
            let listeners = screen::on_change(changed);
            move || drop(listeners)
        });
    }
    *shown
}

/// What the tracks show, in words. No more than once a second while time goes on: nobody can listen faster.
#[hook]
fn use_summaries(props: &TimelineProps, range: Range) -> Rc<Vec<AttrValue>> {
    let Kept { now, growing, .. } = props.kept;
    let history = &props.snapshot.history;
    let programs = props.snapshot.programs;
    use_memo(((now / 1e3) as u64, growing, programs, props.axis.shown, props.axis.selection), |_| {
        let summary = |track: &Track| summary(track, history, range, props.axis.selection).into();
        props.tracks.iter().copied().map(summary).collect()
    })
}

fn summary(track: &Track, history: &History, range: Range, selection: Option<Range>) -> String {
    let over = selection.unwrap_or(range);
    match track.summary(history, over) {
        None => text::track_empty(track.name),
        Some(figures) => text::track_summary(track.name, track.unit, over, (track.latest)(history), figures),
    }
}

/// A track's name, its latest value and its legend; or its values at the cursor in their place.
fn margin(row: usize, track: &Track, history: &History, reading: Option<Reading>) -> Html {
    let latest = (track.latest)(history);
    let about = match (&reading, latest) {
        (Some(_), _) => text::TRACK_CURSOR_ABOUT,
        (None, Some(_)) => text::TRACK_NOW_ABOUT,
        (None, None) => text::STALE_ABOUT,
    };
    let value = match &reading {
        Some(reading) => text::reading_short(track.unit, reading),
        None => text::latest(track.unit, latest, history.thinned),
    };
    html! {
        <div class="margin" style={format!("--row:{row};--height:{}px", track.height)}>
            <h3 title={track.about}>{ track.name }</h3>
            { legend(track, reading.as_ref()) }
            <b class="latest" title={about}>{ value }</b>
        </div>
    }
}

/// A band alone needs no name beside the track's.
fn legend(track: &Track, reading: Option<&Reading>) -> Html {
    let names = track.legend();
    if names.len() < 2 {
        return Html::default();
    }
    let name = |(name, ink): &(&'static str, Ink)| html! { <li><i class={swatch(*ink)} />{ *name }</li> };
    let value = |(name, ink, value): &(&'static str, Ink, f64)| {
        html! {
            <li>
                <i class={swatch(*ink)} /><span>{ *name }{ " " }</span>
                { text::value(track.unit, *value) }
            </li>
        }
    };
    match reading {
        Some(Reading::Bands(_, parts)) => {
            html! { <ul class="values">{ for parts.iter().filter(|(.., value)| *value > 0.0).map(value) }</ul> }
        }
        _ => html! { <ul>{ for names.iter().map(name) }</ul> },
    }
}

/// How much is shown; and the way back to now.
fn choice(props: &TimelineProps) -> Html {
    let follow = |span| (Shown::Follow(span), text::span(span));
    let choices: Vec<_> =
        Span::ALL.into_iter().map(follow).chain([(Shown::Full, text::FULL_RANGE)]).collect();
    let onchoose = props.onaxis.reform(|shown| match shown {
        Shown::Follow(span) => AxisAction::Follow(span),
        _ => AxisAction::Full,
    });
    let onnow = props.onaxis.reform(|_: MouseEvent| AxisAction::Now);
    let away = matches!(props.axis.shown, Shown::Fixed(_));
    html! {
        <div class="span-choice">
            <Segmented<Shown> label={text::SPAN} {choices} chosen={props.axis.shown} {onchoose} />
            if away && props.kept.growing {
                <button type="button" class="now" title={text::NOW_ABOUT} onclick={onnow}>{ text::NOW }</button>
            }
        </div>
    }
}
