//! The report.

use crate::{Backlog, Collections, Funcs, Run, TimerCounts, fmt};

/// Column heads of the report.
pub mod head {
    #![allow(missing_docs)]
    pub const STARTUP: &str = "Start-up";
    pub const LOADING: &str = "Loading";
    pub const GO_LINES: &str = "Go lines that call into JS";
    pub const IMPORTS: &str = "Imports";
    pub const MEMBERS: &str = "JS members";
    pub const COPIES: &str = "Copied between Go and JS";
    pub const AGENT: &str = "Recording";
    pub const TIME: &str = "time";
    pub const SHARE: &str = "share";
    pub const TIME_AT_LEAST: &str = "≥ time";
    pub const SHARE_AT_LEAST: &str = "≥ share";
    pub const PER_CALL_AT_LEAST: &str = "≥ per call";
    pub const CALLS: &str = "calls";
    pub const PER_CALL: &str = "per call";
    pub const BYTES: &str = "bytes";
    pub const RATE: &str = "rate";
    pub const START: &str = "start";
    pub const PHASE: &str = "phase";
    pub const TOOK: &str = "took";
    pub const IMPORT: &str = "import";
    pub const MEMBER: &str = "member";
    pub const DIRECTION: &str = "direction";
    pub const GO_LINE: &str = "crosses as ← Go line";
    pub const FROM: &str = "mostly from";
    pub const FINDINGS: &str = "Findings";
    pub const PACKAGES: &str = "Packages by init cost";
    pub const OF_STARTUP: &str = "of start-up";
    pub const ALLOCS: &str = "allocs";
    pub const PACKAGE: &str = "package";
    pub const GC: &str = "Garbage collection";
    pub const CYCLES: &str = "cycles";
    pub const TRIGGER: &str = "started by what was allocated in";
    pub const LONG_TASKS: &str = "Long tasks";
    pub const LASTED: &str = "lasted";
    pub const IN_GO: &str = "in Go";
    pub const INSIDE: &str = "Go lines inside that call into JS";
    pub const BACKLOG: &str = "Microtasks after Go";
    pub const CALLBACKS: &str = "callbacks";
    pub const ASKED_BY: &str = "asked for by";
    pub const TIMING: &str = "User timing";
    pub const COUNT: &str = "count";
    pub const MEAN: &str = "mean";
    pub const P50: &str = "P50";
    pub const P95: &str = "P95";
    pub const NAME: &str = "measure or mark";
    pub const JSON: &str = "JavaScript's JSON while Go waits for it";
    pub const CHARS: &str = "characters";
    pub const FUNCTION: &str = "function";
    pub const SIZES: &str = "Copies by size";
    pub const UP_TO: &str = "of up to";
    pub const ELEMENTS: &str = "Numbers of arrays, one by one";
    pub const NUMBERS: &str = "numbers";
    pub const BURSTS: &str = "bursts";
    pub const LONGEST: &str = "longest";
    pub const MEMORY: &str = "Memory";
    pub const LAST: &str = "last";
    pub const MOST: &str = "most";
    pub const A_MINUTE: &str = "growth/min";
    pub const KIND: &str = "of";
    pub const GROWTHS: &str = "Growths of linear memory";
    pub const TIMES: &str = "times";
    pub const GROWN_BY: &str = "for what was allocated in";
    pub const VALUES: &str = "JS values made for Go";
    pub const HELD: &str = "held";
    pub const MADE: &str = "made";
    pub const MADE_BY: &str = "by";
    pub const FUNCS: &str = "js.Func";
    pub const LIVE: &str = "live";
    pub const CALLS_GO: &str = "of the Go function";
    pub const EVENT_LOOP: &str = "Event loop";
}

/// A phase that has not ended.
pub const RUNNING: &str = "running";
/// Beneath tables with `~`.
pub const BOUND: &str = "~ a bound, not exact";
/// Directions of copies.
pub const TO_GO: &str = "to Go";
/// Directions of copies.
pub const TO_JS: &str = "to JS";
/// Numbers that Go read from an array.
pub const READ: &str = "read by Go";
/// Numbers that Go wrote to an array.
pub const WRITTEN: &str = "written by Go";
/// Kinds of memory.
pub const LINEAR: &str = "linear memory, which never shrinks";
/// Kinds of memory.
pub const HEAP: &str = "Go heap alive after each cycle";
/// Kinds of memory.
pub const VALUES: &str = "JS values that Go holds";
/// Kinds of memory.
pub const FUNCS: &str = "js.Func made and not released";
/// Kinds of memory.
pub const JS_HEAP: &str = "JS heap, all of the page's";
/// What does not grow from quarter to quarter.
pub const NOT_GROWING: &str = "steady";
/// A table with nothing in it.
pub const NOTHING: &str = "nothing yet";

/// How many rows a table leaves out.
pub fn more(rows: usize) -> String {
    format!("… {rows} more")
}

/// What was thrown away.
pub fn dropped(kind: &str, count: u64) -> String {
    format!("dropped {} {kind}", fmt::count(count))
}

/// A fault inside the agent.
pub fn fault(at: &str, message: &str) -> String {
    format!("fault in {at}: {message}")
}

/// What garbage collection took, all in all.
pub fn collected(gc: &Collections) -> String {
    let asked = match gc.forced {
        0 => String::new(),
        forced => format!(" ({} by runtime.GC)", fmt::count(forced)),
    };
    format!(
        "{} cycles{asked}; paused for {}, {} of the time; in cycles for {} of it",
        fmt::count(gc.cycles),
        fmt::ms(gc.pause_ms),
        fmt::or_unknown(gc.pause_share, fmt::percent),
        fmt::or_unknown(gc.cycle_share, fmt::percent)
    )
}

/// How long microtasks held the thread after Go.
pub fn drained(backlog: &Backlog) -> String {
    format!(
        "held the thread for {}{}, {} of the time, in {} probes after {} stays in Go; longest {}",
        if backlog.exact { "" } else { "≤ " },
        fmt::ms(backlog.drain_ms),
        fmt::or_unknown(backlog.share, fmt::percent),
        fmt::count(backlog.probes),
        fmt::count(backlog.stays),
        fmt::or_unknown(backlog.longest, |longest| fmt::ms(longest.drain_ms))
    )
}

/// Go's heap, of which its runtime tells whole MiB.
pub fn heap(bytes: f64) -> String {
    if bytes > 0.0 { fmt::bytes(bytes) } else { format!("<{}", fmt::bytes(1_048_576.0)) }
}

/// `js.Func` in numbers.
pub fn funcs(funcs: Funcs) -> String {
    format!(
        "{} made, {} released, {} live",
        fmt::count(funcs.made),
        fmt::or_unknown(funcs.released, fmt::count),
        fmt::or_unknown(funcs.live, fmt::count)
    )
}

/// The longest stay in Go.
pub fn longest_stay(stay: &Run) -> String {
    format!("longest single stay in Go: {}, at {}", fmt::ms(stay.end - stay.start), fmt::ms(stay.start))
}

/// Timers of Go's scheduler.
pub fn timers(counts: &TimerCounts) -> String {
    format!(
        "timers: {} set, {} came due, {} given up; runs of Go for timers that it had missed: {}",
        fmt::calls(counts.scheduled),
        fmt::count(counts.fired),
        fmt::calls(counts.cleared),
        fmt::count(counts.retries)
    )
}
