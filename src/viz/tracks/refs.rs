//! References that Go holds to values of JavaScript.

use crate::{
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "refs",
    name: text::TRACK_REFS,
    about: text::TRACK_REFS_ABOUT,
    unit: Unit::Count,
    height: 32,
    body: Body::Bands(&[Band {
        name: text::BAND_REFS,
        ink: Ink::Refs,
        value: |bucket| bucket.refs,
        bound: false,
    }]),
    marks: None,
    // What was read last still stands.
    latest: |history| history.buckets.last().map(|bucket| bucket.refs).filter(|refs| !refs.is_nan()),
    present: |history| history.has_refs,
};
