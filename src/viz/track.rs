//! What a track is: a name, what its values are, and how to read them off the history.

use super::{Ink, Range, bands, slices};
use crate::state::history::{Bucket, History};
use session::{OpenSlice, Slice};

/// What a track's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Events per second.
    PerSecond,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// The part of the time that the thread was in Go.
    Busy,
}

/// One stacked part of a track.
pub struct Band {
    /// What it is called in legends.
    pub name: &'static str,
    /// Its colour.
    pub ink: Ink,
    /// Its value in a bucket; NaN unknown.
    pub value: fn(&Bucket) -> f64,
}

/// What a track shows.
pub enum Body {
    /// Values of buckets, stacked from the bottom up.
    Bands(&'static [Band]),
    /// Stays in Go, by cause.
    Slices,
}

/// A chart over time.
pub struct Track {
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
    /// The value now, where there is one.
    pub latest: fn(&History) -> Option<f64>,
}

// Tracks are few and fixed: identity tells.
impl PartialEq for Track {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Tracks, from the top down.
pub type Tracks = &'static [&'static Track];

/// A track's figures over a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Summary {
    /// Of bands: the least and the greatest total.
    Bands {
        /// Least.
        least: f64,
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
}

/// What a track holds at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Nothing is known.
    Unknown,
    /// The total, and each band's name, colour and value.
    Bands(f64, Vec<(&'static str, Ink, f64)>),
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
}

impl Track {
    /// The names and colours of its parts.
    pub fn legend(&self) -> Vec<(&'static str, Ink)> {
        match self.body {
            Body::Bands(parts) => parts.iter().map(|band| (band.name, band.ink)).collect(),
            Body::Slices => slices::CAUSES.map(|(_, ink, name)| (name, ink)).to_vec(),
        }
    }

    /// Its figures over a range; `None` where nothing was measured.
    pub fn summary(&self, history: &History, range: Range) -> Option<Summary> {
        match self.body {
            Body::Bands(parts) => bands::summary(parts, history, range),
            Body::Slices => slices::summary(history, range),
        }
    }

    /// What it holds at a time; `reach` is how much time a pixel of the cursor covers, ms.
    pub fn at(&self, history: &History, time: f64, reach: f64) -> Reading {
        match self.body {
            Body::Bands(parts) => bands::at(parts, history, time),
            Body::Slices => slices::at(history, time, reach),
        }
    }
}
