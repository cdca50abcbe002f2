//! The page's JavaScript heap, where the browser tells it: not Go's.

use crate::{
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "js-heap",
    name: text::TRACK_JS_HEAP,
    about: text::TRACK_JS_HEAP_ABOUT,
    unit: Unit::Bytes,
    height: 32,
    body: Body::Bands(&[Band {
        name: text::BAND_JS_HEAP,
        ink: Ink::Refs,
        value: |bucket| bucket.js_heap,
        bound: false,
    }]),
    marks: None,
    // What was read last still stands.
    latest: |history| history.buckets.last().map(|bucket| bucket.js_heap).filter(|bytes| !bytes.is_nan()),
    present: |history| history.has_js_heap,
};
