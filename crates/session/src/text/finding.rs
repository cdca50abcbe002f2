//! Words of findings.

use crate::{CostRow, LoadingKind, fmt};

/// Id and title of what is wrong with loading; what makes a module fail or late is told elsewhere.
pub fn loading_finding(kind: LoadingKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        LoadingKind::FellBack => ("wrong-mime", "streaming failed for the content type"),
        LoadingKind::NotStreamed => ("not-streamed", "the module is not streamed"),
        LoadingKind::Uncompressed => ("uncompressed", "the module is not compressed"),
        LoadingKind::Uncacheable => ("uncacheable", "browsers may not keep the module"),
        LoadingKind::Failed | LoadingKind::HttpStatus | LoadingKind::LateMain => return None,
    })
}

/// The ids of these.
pub const LOADING_IDS: [&str; 4] = ["wrong-mime", "not-streamed", "uncompressed", "uncacheable"];

/// What was seen, and what it cost.
pub fn loading_detail(what: &str, kind: LoadingKind, cost_ms: Option<f64>) -> String {
    let Some(ms) = cost_ms.map(fmt::ms) else { return what.to_owned() };
    match kind {
        LoadingKind::FellBack | LoadingKind::NotStreamed => {
            format!("{what}; streamed, {ms} of compiling would have passed while it loaded")
        }
        _ => format!("{what}; its download took {ms}"),
    }
}

pub fn init_title(share: f64) -> String {
    format!("{} of start-up initialises packages", fmt::percent(share))
}

pub fn init_detail(ms: f64, packages: &str) -> String {
    format!("package variables and init functions run before main, {} in all: {packages}", fmt::ms(ms))
}

pub const INIT_FIX: &str =
    "build tables when they are first asked for (sync.OnceValue), or leave the package out";

pub fn held_title(count: u64, longest_ms: f64) -> String {
    format!("Go held the thread for up to {}, {} for over 50 ms", fmt::ms(longest_ms), times(count))
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{} times", fmt::count(count)) }
}

pub fn held_detail(start: f64, lines: &str) -> String {
    let inside = match lines {
        "" => "made no call into JS".to_owned(),
        lines => format!("called into JS from {lines}"),
    };
    format!("the page neither draws nor answers meanwhile; the longest, at {}, {inside}", fmt::ms(start))
}

pub const HELD_FIX: &str = "split the work and give the thread back in between: time.Sleep(time.Millisecond) lets the page draw; \
runtime.Gosched does not";

pub fn member_title(label: &str, share: f64) -> String {
    format!("{label} takes {} of the thread", fmt::percent(share))
}

pub fn member_detail(row: &CostRow) -> String {
    let per_call = fmt::or_unknown(row.per_call_ms, |time| fmt::ms(time.value));
    let time = fmt::or_unknown(row.time_ms, |time| fmt::estimate(time, fmt::ms));
    format!("{} calls of {per_call}, {time} in all", fmt::calls(row.calls))
}

/// What makes it cheaper: what is read can be kept, what is done can be gathered.
pub fn member_fix(import: &str) -> &'static str {
    match import {
        "syscall/js.valueGet" => "read it once and keep the js.Value in a Go variable",
        _ => "gather the work in Go and hand it over in fewer calls",
    }
}

pub fn flood_title(longest_ms: f64) -> String {
    format!("microtasks held the thread for up to {} after Go", fmt::ms(longest_ms))
}

pub fn flood_detail(count: u64, asked: f64) -> String {
    format!(
        "{} it took over 50 ms until the queue was empty; the page neither draws nor answers meanwhile. Go asked for \
{} callbacks by then, catch, finally or queueMicrotask",
        times(count),
        fmt::short(asked)
    )
}

pub const FLOOD_FIX: &str =
    "wait for a batch with one promise (Promise.all), or spread the work over tasks with time.Sleep";

pub fn gc_title(share: f64) -> String {
    format!("garbage collection runs for up to {} of the time", fmt::percent(share))
}

pub fn gc_detail(cycles: u64, pause_ms: f64, lines: &str) -> String {
    format!(
        "{} cycles; the program was stopped for {} and shared the thread with the collector for the rest. What was \
allocated when they began, most often: {lines}",
        fmt::count(cycles),
        fmt::ms(pause_ms)
    )
}

pub const GC_FIX: &str = "allocate less there: use buffers again (sync.Pool, a slice cut to [:0]), or let the heap grow with \
debug.SetGCPercent";

/// Before a finding's parts in the report.
pub const WHERE: &str = "    where ";
pub const WHY: &str = "    why   ";
pub const FIX: &str = "    fix   ";
