//! Words of what crossings carry: JSON, copies by size, elements one by one.

use session::{CopyTo, ElementOp, fmt};

pub const BY_DATA: &str = "JSON and copies";
pub const JSON: &str = "JSON";
pub const JSON_ABOUT: &str =
    "JavaScript's JSON while Go was on the stack. Go's own encoding/json is none of it.";
pub const JSON_NONE: &str = "JSON.parse and JSON.stringify were not called while Go was on the stack here.";
pub const COL_JSON: &str = "Function";
pub const COL_JSON_ABOUT: &str =
    "JSON.parse or JSON.stringify; open it for the Go lines that crossed into it";
pub const COL_JSON_CALLS_ABOUT: &str =
    "Exact, of a line or a selection an estimate; ± is half of the 95 % interval";
pub const COL_CHARS: &str = "Characters";
pub const COL_CHARS_ABOUT: &str = "Of text in or out, as JavaScript counts them";
pub const COL_NUMBERS: &str = "Numbers";
pub const COL_NUMBERS_ABOUT: &str = "The part of that time that went into numbers and nothing else: CopyBytesToGo and CopyBytesToJS carry those as bytes";
pub const NO_TIME_SEEN: &str = "No timed call was seen";
pub const COPIES: &str = "Copies by size";
pub const COPIES_ABOUT: &str =
    "Each copy is a crossing: many small ones cost more than one that is as large.";
pub const COPIES_NONE: &str = "No bytes or strings were copied between Go and JavaScript here.";
pub const COL_COPY: &str = "Import";
pub const COL_COPY_ABOUT: &str = "What copies, and which way";
pub const COL_SIZE: &str = "Up to";
pub const COL_SIZE_ABOUT: &str = "No copy of this row is larger";
pub const COL_COPY_CALLS_ABOUT: &str = "Copies; exact, of a selection an estimate";
pub const COL_COPY_BYTES_ABOUT: &str = "Their bytes together";
pub const COL_PER_SECOND: &str = "Per second";
pub const COL_PER_SECOND_ABOUT: &str = "Bytes per second of the time recorded, or of the selection";
pub const NO_WINDOW: &str = "No time was recorded yet";
pub const ELEMENTS: &str = "Element by element";
pub const ELEMENTS_ABOUT: &str = "Numbers of an array read by Value.Index or written by Value.SetIndex, 32 or more neighbours in a \
row: each element is a crossing, where one CopyBytesToGo or CopyBytesToJS carries them all.";
pub const ELEMENTS_NONE: &str = "No array was copied element by element here.";
pub const COL_ELEMENTS: &str = "Way";
pub const COL_ELEMENTS_ABOUT: &str = "Read or written; open it for the Go lines";
pub const COL_ELEMENT_CALLS: &str = "Elements";
pub const COL_ELEMENT_CALLS_ABOUT: &str = "Each of them a crossing";
pub const COL_BURSTS: &str = "Bursts";
pub const COL_BURSTS_ABOUT: &str = "Each is a copy that one call would make";
pub const COL_LONGEST: &str = "Longest";
pub const COL_LONGEST_ABOUT: &str = "Elements of the longest burst";

/// Which way a copy goes.
pub fn copy_to(to: CopyTo) -> &'static str {
    match to {
        CopyTo::Go => "→ Go",
        CopyTo::Js => "→ JS",
    }
}

/// How elements go.
pub fn element_op(op: ElementOp) -> &'static str {
    match op {
        ElementOp::Get => "Value.Index, read",
        ElementOp::Set => "Value.SetIndex, written",
    }
}

/// Timers of Go's scheduler.
pub fn timers(timers: &session::TimerCounts) -> String {
    let missed = match timers.retries {
        0 => "none missed".to_owned(),
        n => format!("{} runs for timers it had missed", fmt::count(n)),
    };
    format!(
        "Timers of Go's scheduler: {} set, {} fired, {} cleared, {missed}.",
        fmt::calls(timers.scheduled),
        fmt::count(timers.fired),
        fmt::calls(timers.cleared)
    )
}
