//! What crossings are used for: JSON, copies by size, elements one by one, timers.

use super::{
    table::{self, table},
    words,
};
use serde::{Deserialize, Serialize};

words! {
    /// Which function of JSON.
    JsonOp {
        /// `JSON.parse`.
        #[default]
        Parse = "parse",
        /// `JSON.stringify`.
        Stringify = "stringify",
    }
}
table::word!(JsonOp);

/// JavaScript's JSON while Go was on the stack; Go's own `encoding/json` is none of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Json {
    /// Which function.
    pub op: JsonOp,
    /// Exact.
    pub calls: u64,
    /// Characters (UTF-16 code units) of text in or out, exact.
    pub bytes: u64,
    /// Estimated time of all calls, ms; a call inside another (`toJSON`, a reviver) is part of that.
    pub time_ms: Option<f64>,
    /// Half-width of its 95 % interval.
    #[serde(default)]
    pub time_error_ms: Option<f64>,
    /// How many calls were timed.
    #[serde(default)]
    pub timed_calls: u64,
}

table! {
    /// One sampled call of JSON.
    #[derive(Copy)]
    JsonCall {
        /// When it began.
        t: f64 = "t",
        /// Which function.
        op: JsonOp = "op",
        /// Position in the session's stacks; the leaf is the Go function that crossed into what called it.
        stack: Option<u32> = "stack",
        /// How many calls it stands for.
        weight: f32 = "weight",
        /// Its own time, ms; may be below 0 by the clock's cost.
        time_ms: Option<f32> = "timeMs",
        /// Characters of text in or out.
        chars: Option<f64> = "chars",
        /// Whether the text's middle is nothing but numbers: bytes would hold the same.
        numbers: bool = "numbers",
    }
}

words! {
    /// Which way a copy goes.
    CopyTo {
        /// Into Go's memory.
        #[default]
        Go = "go",
        /// Out of it.
        Js = "js",
    }
}

/// Copies of one size by one import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// `syscall/js.copyBytesToGo`, `copyBytesToJS`, `valueLoadString` or `stringVal`.
    pub import: String,
    /// Which way.
    pub to: CopyTo,
    /// No copy of the class is larger than this, in bytes: a power of 4 from 64 on.
    pub size_class: u64,
    /// Copies, exact.
    pub calls: u64,
    /// Their bytes, exact.
    pub bytes: u64,
}

words! {
    /// Which way elements go.
    ElementOp {
        /// Read, by `Value.Index`.
        #[default]
        Get = "get",
        /// Written, by `Value.SetIndex`.
        Set = "set",
    }
}
table::word!(ElementOp);

/// Numbers that Go read from arrays, or wrote to them, one by one: 32 or more neighbours of one array in a row are a burst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Elements {
    /// Which way.
    pub op: ElementOp,
    /// Elements in bursts, exact.
    pub calls: u64,
    /// Bursts, exact.
    pub bursts: u64,
    /// Elements of the longest.
    pub longest: u64,
}

table! {
    /// One sampled burst.
    #[derive(Copy)]
    Burst {
        /// When it had become one.
        t: f64 = "t",
        /// Which way.
        op: ElementOp = "op",
        /// Position in the session's stacks.
        stack: Option<u32> = "stack",
        /// How many bursts it stands for.
        weight: f32 = "weight",
        /// Its elements.
        length: f64 = "length",
    }
}

/// Timers that Go's scheduler set, exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timers {
    /// Set.
    pub scheduled: u64,
    /// Came due and ran Go.
    pub fired: u64,
    /// Given up before they came due.
    pub cleared: u64,
    /// Further runs of Go for a timer it had missed: `scheduleTimeoutEvent: missed timeout event` in the console.
    pub retries: u64,
}
