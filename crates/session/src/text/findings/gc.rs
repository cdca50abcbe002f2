//! Garbage collection.

use crate::fmt;

pub fn title(share: f64) -> String {
    format!("garbage collection runs for up to {} of the time", fmt::percent(share))
}

pub fn detail(cycles: u64, pause_ms: f64, lines: &str) -> String {
    format!(
        "{} cycles; the program was stopped for {} and shared the thread with the collector for the rest. What was \
allocated when they began, most often: {lines}",
        fmt::count(cycles),
        fmt::ms(pause_ms)
    )
}

pub const FIX: &str = "allocate less there: use buffers again (sync.Pool, a slice cut to [:0]), or let the heap grow with \
debug.SetGCPercent";
