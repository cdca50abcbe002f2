//! Bytes that copies between Go and JS move per second, each way.

use crate::{
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "copied",
    name: text::TRACK_COPIED,
    about: text::TRACK_COPIED_ABOUT,
    unit: Unit::BytesPerSecond,
    height: 40,
    body: Body::Bands(&[
        Band {
            name: text::BAND_TO_GO,
            ink: Ink::ToGo,
            value: |bucket| bucket.per_second(bucket.to_go),
            bound: false,
        },
        Band {
            name: text::BAND_TO_JS,
            ink: Ink::ToJs,
            value: |bucket| bucket.per_second(bucket.to_js),
            bound: false,
        },
    ]),
    marks: None,
    latest: |history| history.latest(|bucket| bucket.per_second(bucket.to_go + bucket.to_js)),
    present: |_| true,
};
