//! The tracks: one time axis, one cursor over all of them, one selection.

use crate::{
    canvas,
    components::{
        cursor::{self, Cursor, swatch},
        plot::Plot,
        segmented::Segmented,
        selection::Selection,
        tracks_menu::TracksMenu,
    },
    platform::{pointer, screen},
    state::{
        axis::{Axis, AxisAction, Kept, Shown},
        gesture::{Gesture, Input, Plots},
        history::History,
        snapshot::Snapshot,
        span::Span,
        theme::Theme,
        track_list::Choice,
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
    /// The tracks shown.
    pub tracks: Tracks,
    /// Every track there can be.
    pub choices: Vec<Choice>,
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
    /// A track is to be hidden, or shown again, by its key.
    pub ontrack: Callback<&'static str>,
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
    let tracks = &props.tracks;
    let range = pointing.held.unwrap_or(props.axis.range(props.kept));
    let reach = range.len() / node.cast::<Element>().map_or(1e3, |it| f64::from(it.client_width()).max(1.0));
    let hover = pointing.hover.map(|at| (at, Scale::new(range, 1.0).to_value(at)));
    let by_key = props.axis.cursor.map(|time| (Scale::new(range, 1.0).to_pixel(time), time));
    let cursor = hover.or(by_key).filter(|(at, _)| (0.0..=1.0).contains(at));
    use_published(&node, cursor.map(|(at, _)| at));
    let reading = |track: &Track| cursor.map(|(_, time)| track.at(history, time, reach));
    let summaries = use_summaries(props, range);
    let words = use_memo(props.axis.cursor.map(f64::to_bits), |_| {
        props.axis.cursor.map(|time| cursor::words(tracks, history, time, reach))
    });
    let selection = pointing.gesture.draft().or(props.axis.selection);
    let plot = |(track, words): (&'static Track, &Words)| {
        let summary = words.summary.clone();
        html! { <Plot {track} history={history.clone()} {range} {summary} {colors} /> }
    };
    let label = |(track, words): (&'static Track, &Words)| margin(track, history, words, reading(track));
    html! {
        <section class="timeline-frame" aria-label={text::TIMELINE}>
            <div class="tracks-box"><div class="timeline">
                <div class="margins">
                    { for tracks.iter().copied().zip(summaries.iter()).map(label) }
                    { choice(props) }
                </div>
                <div class="plots" ref={node} tabindex="0" role="group" aria-label={text::PLOTS_KEYS}>
                    { for tracks.iter().copied().zip(summaries.iter()).map(plot) }
                    <Plot track={None::<&'static Track>} history={history.clone()} {range} summary="" {colors} />
                    if let Some(selection) = selection {
                        <Selection {selection} {range} />
                    }
                    if let Some((at, time)) = cursor {
                        <Cursor tracks={tracks.clone()} {at} {time} {reach} history={history.clone()} />
                    }
                </div>
            </div></div>
            <TracksMenu choices={props.choices.clone()} ontoggle={props.ontrack.clone()} />
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
fn use_summaries(props: &TimelineProps, range: Range) -> Rc<Vec<Words>> {
    let Kept { now, growing, .. } = props.kept;
    let history = &props.snapshot.history;
    let programs = props.snapshot.programs;
    let of = (props.axis.shown, props.axis.selection, props.tracks.clone());
    use_memo(((now / 1e3) as u64, growing, programs, of), |_| {
        let words = |track: &&Track| words(track, history, range, props.axis.selection);
        props.tracks.iter().map(words).collect()
    })
}

/// What is said of a track over what is selected, or else shown.
#[derive(PartialEq)]
struct Words {
    summary: AttrValue,
    /// The figure of the selection, and what it is.
    selected: Option<(AttrValue, &'static str)>,
}

fn words(track: &Track, history: &History, range: Range, selection: Option<Range>) -> Words {
    let over = selection.unwrap_or(range);
    let figures = track.summary(history, over);
    let summary = match figures {
        None => text::track_empty(track.name),
        Some(figures) => text::track_summary(track.name, track.unit, over, (track.latest)(history), figures),
    };
    let selected = || (text::selected(track.unit, figures).into(), text::selected_about(track.unit, figures));
    Words { summary: summary.into(), selected: selection.map(|_| selected()) }
}

/// A track's name, its legend and its latest value, or that of the selection; or its values at the cursor in their
/// place.
fn margin(track: &Track, history: &History, words: &Words, reading: Option<Reading>) -> Html {
    let latest = (track.latest)(history);
    let (value, about): (AttrValue, _) = match (&reading, &words.selected, latest) {
        (Some(reading), ..) => (text::reading_short(track.unit, reading).into(), text::TRACK_CURSOR_ABOUT),
        (None, Some(selected), _) => selected.clone(),
        (None, None, Some(_)) => {
            (text::latest(track.unit, latest, history.thinned).into(), text::latest_about(track.unit))
        }
        (None, None, None) => (text::UNKNOWN.into(), text::STALE_ABOUT),
    };
    html! {
        <div class="margin" style={format!("--height:{}px", track.height)}>
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
        Some(Reading::Bands(_, parts, _)) => {
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
