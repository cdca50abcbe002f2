//! Goroutines that there are.

use crate::{
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "goroutines",
    name: text::TRACK_GOROUTINES,
    about: text::TRACK_GOROUTINES_ABOUT,
    unit: Unit::Count,
    height: 32,
    body: Body::Bands(&[Band {
        name: text::BAND_GOROUTINES,
        ink: Ink::Run,
        value: |bucket| bucket.goroutines,
        bound: false,
    }]),
    marks: None,
    // What was read last still stands.
    latest: |history| history.buckets.last().map(|bucket| bucket.goroutines).filter(|count| !count.is_nan()),
    present: |history| history.has_goroutines,
};
