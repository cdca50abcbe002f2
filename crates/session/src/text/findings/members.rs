//! Hot members.

use crate::{CostRow, fmt};

pub fn title(label: &str, share: f64) -> String {
    format!("{label} takes {} of the thread", fmt::percent(share))
}

pub fn detail(row: &CostRow) -> String {
    let per_call = fmt::or_unknown(row.per_call_ms, |time| fmt::ms(time.value));
    let time = fmt::or_unknown(row.time_ms, |time| fmt::estimate(time, fmt::ms));
    format!("{} calls of {per_call}, {time} in all", fmt::calls(row.calls))
}

/// What makes it cheaper: what is read can be kept, what is done can be gathered; a call that takes longer than many
/// crossings is dear for what it does.
pub fn fix(import: &str, per_call_ms: f64) -> &'static str {
    match import {
        _ if per_call_ms >= 1.0 => {
            "each call is dear by itself: look at what this JavaScript does, and how often it must"
        }
        "syscall/js.valueGet" => "read it once and keep the js.Value in a Go variable",
        _ => "gather the work in Go and hand it over in fewer calls",
    }
}
