//! Tasks and animation frames that held the thread for more than 50 ms, Go's or not.

use crate::{
    text,
    viz::{
        Ink, events,
        track::{Body, Lane, Track, Unit},
    },
};

pub static TRACK: Track = Track {
    key: "tasks",
    name: text::TRACK_TASKS,
    about: text::TRACK_TASKS_ABOUT,
    unit: Unit::PerSecond,
    height: 32,
    body: Body::Events(
        &[Lane { name: text::LANE_TASKS, ink: Ink::Task }, Lane { name: text::LANE_FRAMES, ink: Ink::Frame }],
        |history| &history.tasks,
    ),
    marks: None,
    latest: |history| events::latest(&history.tasks, history),
    present: |history| !history.tasks.is_empty(),
};
