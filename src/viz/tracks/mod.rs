//! The live tracks, one small file each: a track is made from the timeline and says everything a view needs.
//! To add one, write its file and name it in [`ALL`].

mod crossings;
mod memory;

use super::plot::Track;
use crate::state::timeline::Timeline;

/// Every live track, from the top down.
pub const ALL: [fn(&Timeline) -> Track; 2] = [crossings::track, memory::track];
