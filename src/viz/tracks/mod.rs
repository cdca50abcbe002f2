//! The tracks, one small file each. To add one, write its file and name it in [`ALL`]; what it needs to know of a
//! bucket stands in `state::history`.

mod copied;
mod crossings;
mod go;
mod memory;

use super::track::Track;

/// Every track, from the top down.
pub const ALL: [&Track; 4] = [&go::TRACK, &crossings::TRACK, &copied::TRACK, &memory::TRACK];
