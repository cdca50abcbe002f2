//! Crossings between Go and JS per second, by kind.

use crate::{
    state::{kind::Kind, timeline::Timeline},
    text,
    viz::{
        Ink,
        plot::{Band, Track, Unit},
    },
};

pub fn track(timeline: &Timeline) -> Track {
    let widths: Vec<f64> = timeline.edges.windows(2).map(|span| span[1] - span[0]).collect();
    let rates = |calls: &[f64]| calls.iter().zip(&widths).map(|(n, ms)| n / ms * 1e3).collect();
    let band = |kind: Kind| Band {
        name: text::kind(kind),
        ink: ink(kind),
        values: rates(&timeline.calls[kind as usize]),
    };
    Track {
        name: text::TRACK_CROSSINGS,
        about: text::TRACK_CROSSINGS_ABOUT,
        unit: Unit::PerSecond,
        height: 44,
        edges: timeline.edges.clone(),
        bands: Kind::ALL.into_iter().map(band).collect(),
        latest: timeline.crossings_per_second(),
    }
}

fn ink(kind: Kind) -> Ink {
    match kind {
        Kind::Get => Ink::Get,
        Kind::Set => Ink::Set,
        Kind::Call => Ink::Call,
        Kind::Copy => Ink::Copy,
        Kind::Other => Ink::Other,
    }
}
