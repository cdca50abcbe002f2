//! Crossings between Go and JS per second, by kind.

use crate::{
    state::{
        history::{Bucket, History},
        kind::Kind,
    },
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "crossings",
    name: text::TRACK_CROSSINGS,
    about: text::TRACK_CROSSINGS_ABOUT,
    unit: Unit::PerSecond,
    height: 56,
    body: Body::Bands(&[
        Band {
            name: text::kind(Kind::Get),
            ink: Ink::Get,
            value: |bucket| rate(bucket, Kind::Get),
            bound: false,
        },
        Band {
            name: text::kind(Kind::Set),
            ink: Ink::Set,
            value: |bucket| rate(bucket, Kind::Set),
            bound: false,
        },
        Band {
            name: text::kind(Kind::Call),
            ink: Ink::Call,
            value: |bucket| rate(bucket, Kind::Call),
            bound: false,
        },
        Band {
            name: text::kind(Kind::Copy),
            ink: Ink::Copy,
            value: |bucket| rate(bucket, Kind::Copy),
            bound: false,
        },
        Band {
            name: text::kind(Kind::Other),
            ink: Ink::Other,
            value: |bucket| rate(bucket, Kind::Other),
            bound: false,
        },
    ]),
    marks: None,
    latest: History::crossings_per_second,
    present: |_| true,
};

fn rate(bucket: &Bucket, kind: Kind) -> f64 {
    bucket.per_second(bucket.calls[kind as usize])
}
