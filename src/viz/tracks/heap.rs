//! Go's heap, as the runtime told it at the end of each cycle of its collector.

use crate::{
    state::history::Heap,
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "heap",
    name: text::TRACK_HEAP,
    about: text::TRACK_HEAP_ABOUT,
    unit: Unit::Bytes,
    height: 32,
    body: Body::Heap(&[
        Band { name: text::BAND_LIVE, ink: Ink::Gc, value: live, bound: false },
        Band {
            name: text::BAND_GARBAGE,
            ink: Ink::Garbage,
            value: |heap| heap.total - live(heap),
            bound: false,
        },
    ]),
    marks: None,
    // Until the next cycle it still stands.
    latest: |history| history.heap.last().map(|heap| heap.total).filter(|bytes| !bytes.is_nan()),
    present: |history| history.heap.from(0).any(|heap| !heap.total.is_nan()),
};

/// Where it was not told what is alive, nothing is known to be.
fn live(heap: &Heap) -> f64 {
    if heap.live.is_nan() { 0.0 } else { heap.live }
}
