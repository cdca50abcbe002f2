//! Words of findings, a file per area.

pub mod copies;
pub mod event_loop;
pub mod gc;
pub mod held;
pub mod loading;
pub mod members;
pub mod packages;

use crate::fmt;

pub fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{} times", fmt::count(count)) }
}

/// Before a finding's parts in the report.
pub const WHERE: &str = "    where ";
pub const WHY: &str = "    why   ";
pub const FIX: &str = "    fix   ";
