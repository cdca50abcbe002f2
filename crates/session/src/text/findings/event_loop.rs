//! What holds the thread.

use super::times;
use crate::fmt;

pub fn held_title(count: u64, longest_ms: f64) -> String {
    format!("Go held the thread for up to {}, {} for over 50 ms", fmt::ms(longest_ms), times(count))
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
