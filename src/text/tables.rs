//! Words of the tables by Go line, import and member.

use super::UNKNOWN;
use session::{Crossing, Place, fmt};

pub const LINES: &str = "Go lines";
pub const LINES_EMPTY: &str = "Lines appear with the first sampled crossings.";
pub const LINES_NO_STACKS: &str = "No Go lines: the page's content security policy forbids the agent's WebAssembly, \
which reads Go stacks. Add 'wasm-unsafe-eval' to script-src to see them. Imports are counted all the same.";
pub const IMPORTS: &str = "Imports";
pub const IMPORTS_EMPTY: &str = "Imports appear with the first crossing.";
pub const COL_LINE: &str = "Go line";
pub const COL_LINE_ABOUT: &str = "The innermost function outside runtime, internal, reflect and syscall/js";
pub const COL_CROSSES: &str = "Crosses as";
pub const COL_CROSSES_ABOUT: &str = "What it calls in JavaScript most";
pub const COL_CALLS: &str = "Calls";
pub const COL_CALLS_ABOUT: &str = "Crossings. By Go line an estimate from samples, by import exact";
pub const COL_TIME: &str = "Time";
pub const COL_TIME_ABOUT: &str = "Estimated time in JavaScript, clock cost and re-entered Go taken out; \
± is half of the 95 % interval";
pub const COL_SHARE: &str = "Share";
pub const COL_SHARE_ABOUT: &str = "Time as a part of the time recorded";
pub const COL_BYTES: &str = "Bytes";
pub const COL_BYTES_ABOUT: &str = "Bytes copied between Go and JavaScript";
pub const COL_PER_CALL: &str = "Per call";
pub const COL_PER_CALL_ABOUT: &str = "Time divided by calls";
pub const COL_IMPORT: &str = "Import";
pub const COL_IMPORT_ABOUT: &str = "The function of the host that the module calls";
pub const NOT_TIMED_ABOUT: &str = "Not known: none of its calls was timed";
pub const NO_BYTES_ABOUT: &str = "Copies no bytes that can be counted";

/// A Go line in full.
pub fn place_about(place: &Place, samples: u64) -> String {
    let samples = format!("from {} sampled crossings", fmt::count(samples));
    match place {
        Place::Line { func, file, line } => {
            let file = file.as_deref().unwrap_or(UNKNOWN);
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("{func}\n{file}{line}\n{samples}")
        }
        Place::Runtime => {
            format!("The Go runtime or standard library, without a line of the program\n{samples}")
        }
        Place::NoStack => format!("The Go stack could not be read\n{samples}"),
        Place::Start => format!("Nothing called it: a goroutine began here\n{samples}"),
    }
}

/// Everything a Go line crosses as, a line each.
pub fn crossings_about(crossings: &[Crossing]) -> String {
    let word = |it: &Crossing| format!("{}: {} calls", it.label, fmt::calls(it.calls));
    crossings.iter().map(word).collect::<Vec<_>>().join("\n")
}

/// Crossings that are in no row.
pub fn not_sampled(calls: u64) -> String {
    format!("{} calls of imports that no sample fell on are in no row.", fmt::count(calls))
}

/// How many more there are.
pub fn and_more(n: usize) -> String {
    format!(" +{n}")
}

/// Rows left out of a table.
pub fn more_rows(n: usize) -> String {
    format!("{n} more with less")
}
