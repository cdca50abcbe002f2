//! JS values, functions and memory that a program holds.

use crate::{Funcs, fmt, text};

pub fn funcs(live: f64, per_minute: f64) -> String {
    format!(
        "{} js.Func are not released, {} more each minute",
        fmt::count(live as u64),
        fmt::count(per_minute.round() as u64)
    )
}

pub fn funcs_detail(funcs: Funcs, called: &str) -> String {
    let released = fmt::or_unknown(funcs.released, fmt::count);
    let called = if called.is_empty() { String::new() } else { format!(" The live ones call {called}.") };
    format!(
        "{} were made and {released} released. Each keeps its Go function and all that this uses, until Release: neither \
Go's collector nor the page's can.{called}",
        fmt::count(funcs.made)
    )
}

pub const FUNCS_FIX: &str = "call Release when the function is needed no more, or make one js.Func before the loop and use it \
again";

pub fn values(live: f64, per_minute: f64) -> String {
    format!(
        "Go holds {} JS values, {} more each minute",
        fmt::count(live as u64),
        fmt::count(per_minute.round() as u64)
    )
}

pub fn values_detail(lines: &str) -> String {
    let lines = if lines.is_empty() { String::new() } else { format!(" Made and held still by {lines}.") };
    format!(
        "After each collection of Go's there were more than after the one before. What a js.Value stands for stays in the \
page as long as Go can reach that js.Value.{lines}"
    )
}

pub const VALUES_FIX: &str = "let go of js.Values that are needed no more: delete them from maps, cut them off slices, end the \
goroutines and closures that hold them";

pub fn reserved(linear: f64, heap: f64) -> String {
    format!("linear memory is {}, of which {} live", fmt::bytes(linear), text::heap(heap))
}

pub fn reserved_detail(peak: f64, lines: &str) -> String {
    let lines = if lines.is_empty() { String::new() } else { format!(" It grew for {lines}.") };
    format!(
        "It was needed once, and a WebAssembly memory cannot shrink: the page keeps all of it until the program is gone. At \
most {} were found alive by the collector.{lines}",
        text::heap(peak)
    )
}

pub const RESERVED_FIX: &str = "work in parts instead of gathering all first, give slices their final capacity at once \
(make with a capacity: append doubles beside what is there), or set debug.SetMemoryLimit";
