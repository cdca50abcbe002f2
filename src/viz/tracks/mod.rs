//! The tracks, one small file each. To add one, write its file and name it in [`ALL`]; what it needs to know of a
//! bucket or an event stands in `state::history`.

mod backlog;
mod copied;
mod crossings;
mod gc;
mod go;
mod goroutines;
mod heap;
mod js_heap;
mod memory;
mod refs;
mod tasks;
mod timing;

use super::track::Track;

/// Every track, from the top down.
pub const ALL: [&Track; 12] = [
    &go::TRACK,
    &crossings::TRACK,
    &copied::TRACK,
    &backlog::TRACK,
    &tasks::TRACK,
    &gc::TRACK,
    &heap::TRACK,
    &memory::TRACK,
    &refs::TRACK,
    &js_heap::TRACK,
    &goroutines::TRACK,
    &timing::TRACK,
];

/// Those that the bench draws again and again: bands over buckets.
#[cfg(feature = "lab")]
pub const BENCHED: [&Track; 3] = [&crossings::TRACK, &copied::TRACK, &memory::TRACK];
