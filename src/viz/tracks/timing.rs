//! The page's own marks and measures.

use crate::{
    text,
    viz::{
        Ink, events,
        track::{Body, Lane, Track, Unit},
    },
};

const MEASURES: Lane = Lane { name: text::LANE_MEASURES, ink: Ink::Timing };

pub static TRACK: Track = Track {
    key: "timing",
    name: text::TRACK_TIMING,
    about: text::TRACK_TIMING_ABOUT,
    unit: Unit::PerSecond,
    height: 60,
    body: Body::Events(
        &[Lane { name: text::LANE_MARKS, ink: Ink::Timing }, MEASURES, MEASURES, MEASURES, MEASURES],
        |history| &history.timing,
    ),
    marks: None,
    latest: |history| events::latest(&history.timing, history),
    present: |history| !history.timing.is_empty(),
};
