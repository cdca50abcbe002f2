//! What crossings are used for: JSON, copies by size, elements one by one, timers.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{Samples, Tally};

/// What is new of one instance's patterns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Patterns {
    /// New or changed rows, each with its position.
    pub json: Vec<(u32, Json)>,
    /// Appended: calls of JSON and bursts of elements that were looked at. `import` is a position in `json`, or 2 more than one
    /// in `elements`; `bytes` are characters, or the burst's elements; `member` is 0 for a text of numbers and
    /// [`crate::NO_MEMBER`] for all else. Bursts are not timed; no `goid`.
    pub sampled: Samples,
    /// New or changed rows, each with its position; `import` and `class` never change.
    pub copies: Vec<(u32, Copied)>,
    /// New or changed rows, each with its position.
    pub elements: Vec<(u32, Elements)>,
    /// Whole; `None` where it is not known.
    pub timers: Option<Timers>,
}

/// `JSON.parse` or `JSON.stringify` while Go was on the stack; totals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Json {
    /// `parse` or `stringify`.
    pub op: String,
    /// Calls, exact, and time.
    pub tally: Tally,
    /// Characters in or out (UTF-16 code units), exact.
    pub chars: u64,
}

/// Copies of one size by one import; totals, exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Position in the instance's imports.
    pub import: u32,
    /// Class of size: see [`size_class`].
    pub class: u8,
    /// Copies.
    pub calls: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Largest copy of a class, in bytes: 64 for class 0, four times as much for each next, up to 4 GB.
pub fn size_class(class: u8) -> u64 {
    64 << (2 * u64::from(class.min(13)))
}

/// Numbers that Go read from arrays, or wrote to them, one by one: 32 or more neighbours of one array in a row; totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elements {
    /// Whether they were written.
    pub set: bool,
    /// Elements in such bursts, exact.
    pub calls: u64,
    /// Bursts, exact.
    pub bursts: u64,
    /// Elements of the longest.
    pub longest: u64,
}

/// Timers that Go's scheduler set; totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timers {
    /// Timers that came due and ran Go.
    pub fired: u64,
    /// Further runs of Go for a timer that it had missed.
    pub retries: u64,
}
