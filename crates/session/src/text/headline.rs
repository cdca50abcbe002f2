//! The headline.

use super::phase;
use crate::{PhaseName, fmt, fmt::NO_BREAK};

/// Headline before any module was seen.
pub const WAITING: &str = "waiting for a Go program: none has been loaded yet";
/// Headline when the Go module has loaded and nothing has run.
pub const NOT_STARTED: &str = "the Go module is compiled; waiting for go.run";
/// Headline when the agent came late and has seen nothing.
pub const LATE_WAITING: &str = "attached late: waiting for the Go program to run again";
/// Headline when attached late.
pub const LATE: &str = "attached late: figures count from then on";

/// Headline when modules came and none is Go's.
pub fn not_go(module: &str) -> String {
    format!("no Go program yet: {module} was not built by Go")
}

/// What start-up is at.
pub fn starting(phase: PhaseName) -> String {
    format!("starting: {}", doing(phase))
}

fn doing(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Fetch => "waiting for the server to answer",
        PhaseName::Download => "downloading the module",
        PhaseName::Compile => "the browser is compiling the module",
        PhaseName::Instantiate => "the browser is instantiating the module",
        PhaseName::RuntimeInit => "Go's runtime is starting",
        PhaseName::PackageInit => "packages are initialising",
        PhaseName::Main => "main is running",
        PhaseName::Run => "TinyGo's _start is running",
    }
}

/// When main began.
pub fn main_after(ms: f64, exact: bool) -> String {
    format!("main after {}{}", if exact { "" } else { "~" }, fmt::ms(ms))
}

/// When a TinyGo program began to run, and how long it first did.
pub fn ran_after(after_ms: f64, ms: f64) -> String {
    format!("started after {}: {} in TinyGo's _start", fmt::ms(after_ms), fmt::ms(ms))
}

/// The longest part of start-up.
pub fn in_phase(ms: f64, exact: bool, name: PhaseName) -> String {
    format!("{}{} in {}", if exact { "" } else { "~" }, fmt::ms(ms), phase(name))
}

/// How the program ended.
pub fn exited(code: i32, after_ms: Option<f64>) -> String {
    let after = after_ms.map(|ms| format!(" after {}", fmt::ms(ms))).unwrap_or_default();
    match code {
        0 => format!("exited{after}"),
        code => format!("exited with code {code}{after}"),
    }
}

/// The costliest crossing.
pub fn hot(share: &str, crossing: &str, place: &str) -> String {
    at(&format!("{share} of the thread in {crossing}"), place)
}

/// Something and the Go line, package or file it comes from.
pub fn at(what: &str, place: &str) -> String {
    [what, " ← ", place].concat()
}

/// A lower bound.
pub fn at_least(figure: &str) -> String {
    format!("≥{NO_BREAK}{figure}")
}

/// All crossings together, where none stands out.
pub fn quiet(share: &str) -> String {
    format!("all calls into JS together take {share} of the thread")
}

/// What has been called, where nothing was timed yet.
pub fn untimed(calls: &str) -> String {
    format!("{calls} calls into JS, none timed yet")
}

/// The agent's own part could not run.
pub const NO_RECORDER: &str =
    "no Go lines: the page's Content-Security-Policy forbids WebAssembly for the profiler";
