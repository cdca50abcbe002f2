//! What each reader has already been told.

use alloc::vec::Vec;

/// Positions of one reader in one instance's logs.
#[derive(Clone, Copy, Debug, Default)]
pub struct InstanceCursor {
    pub pcs: usize,
    pub nodes: usize,
    pub samples: usize,
    pub samples_thinned: u32,
    pub series: usize,
    pub slices: usize,
    pub slices_thinned: u32,
    pub grows: usize,
    /// Revision at which the reader was told of an ended program: nothing more comes until it changes.
    pub ended: Option<u32>,
}

/// Positions of one reader.
#[derive(Debug, Default)]
pub struct Reader {
    pub id: u32,
    pub seq: u32,
    pub greeted: bool,
    pub realms: usize,
    pub errors: usize,
    /// Per module: last revision told, and whether its tables were.
    pub modules: Vec<(u32, bool)>,
    pub instances: Vec<InstanceCursor>,
}

/// Moves `at` for `times` thinnings of the log it points into.
pub fn thinned(at: usize, times: u32) -> usize {
    (0..times).fold(at, |at, _| crate::samples::halved(at))
}
