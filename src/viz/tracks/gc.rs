//! Cycles of Go's garbage collector, and when they stopped the program.

use crate::{
    text,
    viz::{
        Ink, events,
        track::{Body, Lane, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "gc",
    name: text::TRACK_GC,
    about: text::TRACK_GC_ABOUT,
    unit: Unit::PerSecond,
    height: 32,
    body: Body::Events(
        &[Lane { name: text::LANE_CYCLES, ink: Ink::Gc }, Lane { name: text::LANE_PAUSES, ink: Ink::Pause }],
        |history| &history.cycles,
    ),
    marks: None,
    latest: |history| events::latest(&history.cycles, history),
    present: |history| !history.cycles.is_empty(),
};
