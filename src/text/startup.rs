//! Words of start-up.

pub const PHASES: &str = "Start-up";
pub const PHASES_EMPTY: &str = "Fetch, compile and the start of Go appear here as they happen.";
pub const PHASE_BOUND_ABOUT: &str = "A bound: the exact moment could not be seen from outside the module";
pub const PHASE_AFTER: &str = "after ";
pub const RUNNING: &str = "running";
