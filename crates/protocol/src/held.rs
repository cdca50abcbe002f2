//! What a Go program holds of JS: values, and functions that JS may call.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// What is new of the JS values one instance holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// New or changed rows, each with its position; `node` never changes.
    pub makers: Vec<(u32, Maker)>,
    /// Whole, where it was taken since the reader's last frame.
    pub census: Option<Census>,
    /// Whole; `None` where nothing is known.
    pub funcs: Option<Funcs>,
}

/// Values that one stack made Go hold, from sampled crossings whose result was new to it. Weights are crossings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Maker {
    /// The stack: position in the instance's `nodes`, or [`crate::NO_NODE`].
    pub node: u32,
    /// Sum of the weights of all sampled values.
    pub made: f64,
    /// Sum of the squares of those weights.
    pub made_squares: f64,
    /// Sum of the weights of those that Go still held when last looked at.
    pub live: f64,
    /// Sum of the squares of those weights.
    pub live_squares: f64,
}

/// What the values are, counted when somebody asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Census {
    /// When.
    pub t: f64,
    /// Values held, exact.
    pub values: u64,
    /// How many of them were looked at, evenly over all.
    pub counted: u64,
    /// Of those, how many by name of the constructor or by type; the rest is of names that found no room.
    pub names: Vec<(String, u64)>,
    /// The live `js.Func` by the Go function they call: a node of its entry PC alone, or [`crate::NO_NODE`], and how many.
    /// `None` where they cannot be read.
    pub callbacks: Option<Vec<(u32, u64)>>,
}

/// `js.Func`; totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funcs {
    /// Made since the recording began, exact.
    pub made: u64,
    /// Released since then, exact; `None` where Go's own table of them is not found.
    pub released: Option<u64>,
    /// Made and not released, exact; those made before the recording count, too.
    pub live: Option<u64>,
}
