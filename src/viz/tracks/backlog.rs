//! How long microtasks held the thread where Go was left. Where no probe was sent, nothing is known.

use crate::{
    text,
    viz::{
        Ink,
        track::{Band, Body, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "backlog",
    name: text::TRACK_BACKLOG,
    about: text::TRACK_BACKLOG_ABOUT,
    unit: Unit::Ms,
    height: 32,
    body: Body::Probes(&[
        Band {
            name: text::BAND_QUEUED,
            ink: Ink::Queued,
            value: |probe| if probe.exact { probe.queued_ms } else { 0.0 },
            bound: false,
        },
        Band {
            name: text::BAND_CHAINED,
            ink: Ink::Chained,
            value: |probe| if probe.exact { (probe.drain_ms - probe.queued_ms).max(0.0) } else { 0.0 },
            bound: false,
        },
        Band {
            name: text::BAND_AT_MOST,
            ink: Ink::Chained,
            value: |probe| if probe.exact { 0.0 } else { probe.drain_ms },
            bound: true,
        },
    ]),
    marks: None,
    latest: |history| {
        let last = history.probes.last()?;
        history.fresh(last.t + last.drain_ms).map(|_| last.drain_ms)
    },
    present: |history| history.probes.len() > 0,
};
