//! What a Go program holds of JS: values (references), and functions that JS may call (`js.Func`).

use super::table::{self, table};
use serde::{Deserialize, Serialize};

/// JS values that Go holds. How many at what time is in the series' `jsRefs`, exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Refs {
    /// What the values are; `None` until somebody asked: a viewer, `snapshot()` or `stop()`.
    pub census: Option<Census>,
    /// Which stacks made Go hold them, from sampled crossings whose result was new to Go.
    #[serde(deserialize_with = "table::either", serialize_with = "table::columns::serialize")]
    pub made: Vec<Made>,
}

/// The values by what they are, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Census {
    /// When.
    pub t: f64,
    /// Values held then, exact.
    pub values: u64,
    /// `false` where not all of them were looked at: the counts are then estimates, scaled up from those that were.
    pub exact: bool,
    /// Most first. All together are `values`, save for rounding.
    pub by_constructor: Vec<Named>,
    /// The live `js.Func` by the Go function they call, most first; `None` where Go's own table of them was not found.
    pub callbacks: Option<Vec<Callback>>,
}

/// How many values are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Name of the constructor, or the type of what has none (`string`, `function`, `symbol`, `object`); `(others)` for
    /// the many names that found no room.
    pub name: String,
    /// How many.
    pub count: u64,
}

table! {
    /// Values that one stack made Go hold: estimates from sampled crossings.
    #[derive(Copy, Default)]
    Made {
        /// Position in the session's stacks; `None` where it could not be read.
        stack: Option<u32> = "stack",
        /// All that were made.
        made: f64 = "made",
        /// Half-width of the 95 % interval of `made`.
        made_error: f64 = "madeError",
        /// Those that Go still held when last looked at. What its collector has not found yet counts as held.
        live: f64 = "live",
        /// Half-width of the 95 % interval of `live`.
        live_error: f64 = "liveError",
    }
}

/// `js.Func`: made, and released by `Release`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Funcs {
    /// Made since the recording began, exact.
    pub made: u64,
    /// Released since then, exact: read off Go's own table. `None` where that was not found.
    pub released: Option<u64>,
    /// Made and not released now, exact; those made before the recording count, too.
    pub live: Option<u64>,
}

/// Live `js.Func` that call one Go function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// A stack of one frame, the function: position in the session's stacks.
    pub stack: Option<u32>,
    /// How many.
    pub count: u64,
}
