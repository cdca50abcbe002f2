//! The thread's stays in Go, by what began them.

use crate::{
    state::history::{History, LATEST_MS},
    text,
    viz::{
        slices,
        track::{Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "go",
    name: text::TRACK_GO,
    about: text::TRACK_GO_ABOUT,
    unit: Unit::Busy,
    height: 44,
    body: Body::Slices,
    marks: None,
    latest,
    present: |_| true,
};

fn latest(history: &History) -> Option<f64> {
    let end = history.fresh(history.told)?;
    slices::busy(history, end - LATEST_MS, end)
}
