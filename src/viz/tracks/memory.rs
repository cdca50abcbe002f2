//! Linear memory: what the program has reserved. It never shrinks.

use crate::{
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "memory",
    name: text::TRACK_MEMORY,
    about: text::TRACK_MEMORY_ABOUT,
    unit: Unit::Bytes,
    height: 32,
    body: Body::Bands(&[Band {
        name: text::BAND_LINEAR,
        ink: Ink::Memory,
        value: |bucket| bucket.memory,
        bound: false,
    }]),
    marks: Some((Ink::Grow, |history| &history.grows)),
    // It only ever grows: what was read last still stands.
    latest: |history| history.buckets.last().map(|bucket| bucket.memory).filter(|bytes| !bytes.is_nan()),
    present: |_| true,
};
