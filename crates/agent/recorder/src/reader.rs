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
    pub open: Option<(f64, protocol::Cause)>,
    pub grows: usize,
    pub gc: u64,
    pub inits: usize,
    pub patterns: crate::patterns::PatternCursor,
    pub held: crate::held::HeldCursor,
    pub imports: u64,
    pub members: u64,
    /// Revision of what is told whole; `None` before the first part.
    pub revision: Option<u32>,
}

/// Positions of one reader.
#[derive(Debug, Default)]
pub struct Reader {
    pub id: u32,
    pub seq: u32,
    pub greeted: bool,
    /// When its last frame was cut, and what was said of us in it.
    pub told: f64,
    pub state: protocol::State,
    /// Per realm: last revision told.
    pub realms: Vec<u32>,
    pub errors: usize,
    /// Per module: last revision told, and whether its tables were.
    pub modules: Vec<(u32, bool)>,
    pub instances: Vec<InstanceCursor>,
    pub page: crate::page::PageCursor,
}

/// Moves `at` for `times` thinnings of the log it points into.
pub fn thinned(at: usize, times: u32) -> usize {
    (0..times).fold(at, |at, _| crate::samples::halved(at))
}
