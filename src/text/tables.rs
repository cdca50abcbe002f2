//! Words of the tables by Go line, import and member.

use super::UNKNOWN;
use crate::viz;
use session::{Crossing, Place, Range, fmt};

pub const LINES: &str = "Go lines";
pub const LINES_EMPTY: &str = "Lines appear with the first sampled crossings.";
pub const IMPORTS: &str = "Imports";
pub const IMPORTS_EMPTY: &str = "Imports appear with the first crossing.";
pub const MEMBERS: &str = "JS members";
pub const MEMBERS_EMPTY: &str =
    "Members appear with the first get, set, call or delete of a JavaScript value.";
pub const EMPTY_IN_RANGE: &str =
    "No calls into JavaScript in the selected time. Select more of it, or clear the selection.";
pub const BRIDGE: &str = "Calls into JavaScript";
pub const BRIDGE_BY: &str = "Rows";
pub const BY_LINE: &str = "By Go line";
pub const BY_IMPORT: &str = "By import";
pub const BY_MEMBER: &str = "By member";
pub const CALLERS_SHOW: &str = "Show callers";
pub const CALLERS_HIDE: &str = "Hide callers";
pub const INLINED: &str = "inlined";
pub const SEARCH_CLEAR: &str = "Clear the search";
pub const SHOW_MORE: &str = "Show more";
pub const COL_LINE: &str = "Go line";
pub const COL_LINE_ABOUT: &str = "The innermost function outside runtime, internal, reflect and syscall/js";
pub const COL_CROSSES: &str = "Crosses as";
pub const COL_CROSSES_ABOUT: &str = "What it calls in JavaScript most";
pub const COL_CALLS: &str = "Calls";
pub const COL_CALLS_ABOUT: &str = "Crossings. By import and member exact, by Go line an estimate from samples; \
± is half of the 95 % interval";
pub const COL_TIME: &str = "Time";
pub const COL_TIME_ABOUT: &str = "Estimated time in JavaScript, clock cost and re-entered Go taken out; \
± is half of the 95 % interval";
pub const COL_SHARE: &str = "Share";
pub const COL_SHARE_ABOUT: &str = "Time as a part of the time recorded, or of the selection. A window and its frames share a thread, each \
worker has its own: of several, it is the time on the thread that has most of it";
pub const COL_BYTES: &str = "Bytes";
pub const COL_BYTES_ABOUT: &str = "Bytes copied between Go and JavaScript";
pub const COL_PER_CALL: &str = "Per call";
pub const COL_PER_CALL_ABOUT: &str = "Time divided by calls";
pub const COL_IMPORT: &str = "Import";
pub const COL_IMPORT_ABOUT: &str = "The function of the host that the module calls";
pub const COL_MEMBER: &str = "Member";
pub const COL_MEMBER_ABOUT: &str =
    "The property or method of a JavaScript value; (dynamic) where its name is made at run time";
pub const AT_LEAST: &str = "≥ ";
pub const AT_LEAST_ABOUT: &str = "A lower bound: of a program that ran before the agent came, only what the page does of a \
call is timed";
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

/// A caller in full.
pub fn caller_about(place: &Place, samples: u64, inlined: bool) -> String {
    let about = place_about(place, samples);
    if inlined { format!("{about}\ninlined into its caller") } else { about }
}

/// An import or member in full.
pub fn import_about(import: &str, member: Option<&str>) -> String {
    member.map_or_else(|| import.to_owned(), |member| format!("{member}\nthrough {import}"))
}

/// What a table is of, for those who listen.
pub fn caption(of: &str, range: Option<Range>, full: Option<Range>) -> String {
    scope(range, full).map_or_else(|| of.to_owned(), |scope| format!("{of}, {scope}"))
}

/// The selected part of the recording; nothing where all of it counts.
pub fn scope(range: Option<Range>, full: Option<Range>) -> Option<String> {
    let selected = range.map(|it| super::range(viz::Range::new(it.start, it.end)))?;
    Some(match full {
        Some(full) => format!("{selected} of {}", fmt::ms(full.ms())),
        None => selected,
    })
}

/// How many rows have the words looked for, of how many.
pub fn found((found, all): (usize, usize)) -> String {
    format!("{} of {}", fmt::count(found as u64), fmt::count(all as u64))
}

/// Where none has, in few words.
pub const NOTHING_FOUND: &str = "No row has what you search for.";

/// Where none has.
pub fn nothing_found(words: &str) -> String {
    format!("Nothing has “{}” in its function, file:line, import or member. ", words.trim())
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
    format!("{} more with less ", fmt::count(n as u64))
}
