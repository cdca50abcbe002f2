//! Linear memory: what the program has reserved. It never shrinks.

use crate::{
    state::timeline::Timeline,
    text,
    viz::{
        Ink,
        plot::{Band, Track, Unit},
    },
};

pub fn track(timeline: &Timeline) -> Track {
    // A gauge is read at the end of its bucket; the last one holds until now.
    let mut edges = timeline.edges.clone();
    if let Some(last) = edges.last_mut() {
        *last = timeline.now.max(*last);
    }
    Track {
        name: text::TRACK_MEMORY,
        about: text::TRACK_MEMORY_ABOUT,
        unit: Unit::Bytes,
        height: 28,
        latest: timeline.memory.last().copied().filter(|bytes| !bytes.is_nan()),
        bands: vec![Band { name: text::BAND_LINEAR, ink: Ink::Memory, values: timeline.memory.clone() }],
        edges,
    }
}
