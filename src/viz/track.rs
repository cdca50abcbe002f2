//! What a track is: a name, what its values are, and how to read them off the history.

use super::{
    Ink, Range, Shape, Size,
    bands::{self, Top},
    events, slices,
};
use crate::state::{
    events::{Events, What},
    history::{Bucket, Heap, History},
};
use session::{Microtask, OpenSlice, Slice};
use std::rc::Rc;

/// What a track's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Events per second.
    PerSecond,
    /// A number of things.
    Count,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// The part of the time that the thread was in Go.
    Busy,
    /// Time.
    Ms,
}

impl Unit {
    /// Whether values add up over time, so that their mean says more than their greatest.
    pub fn is_rate(self) -> bool {
        matches!(self, Self::PerSecond | Self::BytesPerSecond)
    }

    /// How such values become heights: a rate has spikes, of anything else the greatest matters.
    pub fn top(self) -> Top {
        if self.is_rate() { Top::Robust } else { Top::Greatest }
    }
}

/// One stacked part of a track.
pub struct Band<T> {
    /// What it is called in legends.
    pub name: &'static str,
    /// Its colour.
    pub ink: Ink,
    /// Its value in a row; NaN unknown.
    pub value: fn(&T) -> f64,
    /// Its values are upper bounds.
    pub bound: bool,
}

/// One lane of a track of events.
pub struct Lane {
    /// What it is called in legends; lanes of one name are told once.
    pub name: &'static str,
    /// Its colour.
    pub ink: Ink,
}

/// Which events of a program.
pub type EventsOf = fn(&History) -> &Events;

/// What a track shows.
pub enum Body {
    /// Values of buckets, stacked from the bottom up.
    Bands(&'static [Band<Bucket>]),
    /// The same of the heap, cycle by cycle.
    Heap(&'static [Band<Heap>]),
    /// The same of probes of the microtask queue.
    Probes(&'static [Band<Microtask>]),
    /// Stays in Go, by cause.
    Slices,
    /// Events, in lanes from the bottom up.
    Events(&'static [Lane], EventsOf),
}

/// A chart over time.
pub struct Track {
    /// What it is remembered by.
    pub key: &'static str,
    /// Its name in the margin.
    pub name: &'static str,
    /// What the name leaves unsaid.
    pub about: &'static str,
    /// What its values are.
    pub unit: Unit,
    /// Its height in CSS pixels, where there is room.
    pub height: u32,
    /// What it shows.
    pub body: Body,
    /// Marks over it, and their colour.
    pub marks: Option<(Ink, EventsOf)>,
    /// The value now, where there is one.
    pub latest: fn(&History) -> Option<f64>,
    /// Whether there is anything to show.
    pub present: fn(&History) -> bool,
}

// Tracks are few and fixed: identity tells.
impl PartialEq for Track {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Tracks, from the top down.
pub type Tracks = Rc<[&'static Track]>;

/// A track's figures over a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Summary {
    /// Of bands: the least and the greatest total.
    Bands {
        /// Least.
        least: f64,
        /// Mean over the time that is known.
        mean: f64,
        /// Greatest.
        greatest: f64,
    },
    /// Of slices.
    Slices {
        /// The part of the time in Go.
        busy: f64,
        /// The longest stay, ms.
        longest: f64,
        /// How many there were.
        count: usize,
    },
    /// Of events.
    Events {
        /// How many there were.
        count: usize,
        /// The longest, ms.
        longest: f64,
    },
}

/// What a track holds at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Nothing is known.
    Unknown,
    /// The total, each band's name, colour and value, and how many rows lie under the cursor: this is the greatest.
    Bands(f64, Vec<(&'static str, Ink, f64)>, usize),
    /// The thread was not in Go.
    Idle,
    /// It was, in this slice.
    Slice(Slice),
    /// It is, in this slice, which has not ended.
    Running(OpenSlice),
    /// More than one slice lies under the cursor.
    Slices {
        /// The part of the time in Go.
        busy: f64,
        /// The longest stay, ms.
        longest: f64,
        /// How many there are.
        count: usize,
    },
    /// Nothing happened.
    Nothing,
    /// Events under the cursor.
    Events {
        /// The longest of them, longest first.
        first: Vec<Rc<What>>,
        /// How many there are.
        count: usize,
    },
}

impl Track {
    /// The names and colours of its parts.
    pub fn legend(&self) -> Vec<(&'static str, Ink)> {
        fn named<T>(parts: &[Band<T>]) -> Vec<(&'static str, Ink)> {
            parts.iter().map(|band| (band.name, band.ink)).collect()
        }
        match self.body {
            Body::Bands(parts) => named(parts),
            Body::Heap(parts) => named(parts),
            Body::Probes(parts) => named(parts),
            Body::Slices => slices::CAUSES.map(|(_, ink, name)| (name, ink)).to_vec(),
            Body::Events(lanes, _) => {
                let mut names: Vec<_> = lanes.iter().map(|lane| (lane.name, lane.ink)).collect();
                names.dedup();
                names
            }
        }
    }

    /// Its figures over a range; `None` where nothing was measured.
    pub fn summary(&self, history: &History, range: Range) -> Option<Summary> {
        match self.body {
            Body::Bands(parts) => bands::summary(parts, &history.buckets, range),
            Body::Heap(parts) => bands::summary(parts, &history.heap, range),
            Body::Probes(parts) => bands::summary(parts, &history.probes, range),
            Body::Slices => slices::summary(history, range),
            Body::Events(_, of) => events::summary(of(history), history, range),
        }
    }

    /// What it holds at a time; `reach` is how much time a pixel of the cursor covers, ms.
    pub fn at(&self, history: &History, time: f64, reach: f64) -> Reading {
        match self.body {
            Body::Bands(parts) => bands::at(parts, &history.buckets, time, 0.0),
            Body::Heap(parts) => bands::at(parts, &history.heap, time, 0.0),
            Body::Probes(parts) => bands::at(parts, &history.probes, time, events::REACH * reach),
            Body::Slices => slices::at(history, time, reach),
            Body::Events(_, of) => events::at(of(history), history, time, reach),
        }
    }

    /// The marks at a time, where there are any.
    pub fn marks_at(&self, history: &History, time: f64, reach: f64) -> Option<Reading> {
        let (_, of) = self.marks?;
        let reading = events::at(of(history), history, time, reach);
        matches!(reading, Reading::Events { .. }).then_some(reading)
    }

    /// The display list; `label` words the top of an axis and what is above it, `name` what is written into a box.
    pub fn shapes(
        &self,
        history: &History,
        range: Range,
        size: Size,
        label: impl Fn(f64, Option<f64>) -> String,
        name: fn(&What) -> Option<&str>,
    ) -> Vec<Shape> {
        let top = self.unit.top();
        let mut out = match self.body {
            Body::Bands(parts) => bands::shapes(parts, &history.buckets, range, size, top, label),
            Body::Heap(parts) => bands::shapes(parts, &history.heap, range, size, top, label),
            Body::Probes(parts) => bands::shapes(parts, &history.probes, range, size, top, label),
            Body::Slices => slices::shapes(history, range, size),
            Body::Events(lanes, of) => events::shapes(lanes, of(history), range, size, name),
        };
        if let Some((ink, of)) = self.marks {
            out.extend(events::marks(of(history), ink, range, size));
        }
        out
    }
}
