//! Every sentence and word this crate shows to a person. English.

mod finding;

pub(crate) use finding::*;

use crate::{Backlog, Collections, PhaseName, analysis::Longest, fmt};

/// Where no program's own frame is on the stack.
pub const IN_RUNTIME: &str = "Go runtime";
/// Crossings whose stack could not be read.
pub const NO_STACK: &str = "(no stack)";
/// Where a goroutine began.
pub const GOROUTINE_START: &str = "(start of a goroutine)";
/// Root of a stack whose outer callers could not be read.
pub const CALLERS_UNKNOWN: &str = "(callers not recorded)";
/// Calls of imports that no sample fell on.
pub const NOT_SAMPLED: &str = "(not sampled)";

/// Headline before any module was seen.
pub const WAITING: &str = "waiting for a Go program: none has been loaded yet";
/// Headline when the only Go modules are TinyGo's.
pub const TINYGO: &str = "this module was built by TinyGo: only programs of the Go toolchain are recorded";
/// Headline when the Go module has loaded and nothing has run.
pub const NOT_STARTED: &str = "the Go module is compiled; waiting for go.run";
/// Headline when the agent came late and has seen nothing.
pub const LATE_WAITING: &str = "attached late: waiting for the Go program to call into JS";
/// Headline when attached late.
pub const LATE: &str = "attached late: figures count from then on";

/// Headline when modules came and none is Go's.
pub fn not_go(module: &str) -> String {
    format!("no Go program yet: {module} was not built by Go")
}

/// A failure of a module, in the engine's words, and what to do.
pub fn failed(module: &str, words: &str, content_type: Option<&str>) -> String {
    let words = words.trim_end_matches('.');
    match advice(words, content_type) {
        Some(advice) => format!("{module} failed: {words}; {advice}"),
        None => format!("{module} failed: {words}"),
    }
}

/// By what engines say: Chromium, Firefox, Safari.
fn advice(words: &str, content_type: Option<&str>) -> Option<&'static str> {
    const PAGE: &str = "its URL gives something else: open it and see";
    let one_of = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if one_of(&["Failed to fetch", "NetworkError", "Load failed"]) {
        Some("check its URL, and that its server lets this page load it")
    } else if one_of(&["MIME type", "content type"]) {
        let page = content_type.is_some_and(|mime| mime.starts_with("text/html"));
        Some(if page { PAGE } else { "serve it as application/wasm" })
    } else if one_of(&["magic", "doesn't start with"]) {
        Some(PAGE)
    } else if one_of(&["past end", "unexpected end", "expected more"]) {
        Some("it was cut short: build it again, or upload it again")
    } else if one_of(&["Import #", "import object", "import gojs"]) {
        Some("wasm_exec.js must be of the Go release that built it")
    } else {
        None
    }
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
    }
}

/// A phase as a noun: `240 ms in package init`.
pub fn phase(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Fetch => "request",
        PhaseName::Download => "download",
        PhaseName::Compile => "compile",
        PhaseName::Instantiate => "instantiate",
        PhaseName::RuntimeInit => "runtime init",
        PhaseName::PackageInit => "package init",
        PhaseName::Main => "main",
    }
}

/// When main began.
pub fn main_after(ms: f64, exact: bool) -> String {
    format!("main after {}{}", if exact { "" } else { "~" }, fmt::ms(ms))
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
    format!("{share} of the thread in {crossing} ← {place}")
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

/// The module was compiled after it had been downloaded.
pub fn not_streamed(module: &str) -> String {
    format!("{module} was compiled only after all of it had arrived")
}

/// What to do about it.
pub const STREAM: &str = "pass the fetch to WebAssembly.instantiateStreaming";

/// The streaming call failed and the page compiled a copy; what to do, where that is known.
pub fn fell_back(module: &str, content_type: Option<&str>, words: &str) -> (String, Option<&'static str>) {
    match content_type.filter(|mime| !mime.starts_with("application/wasm")) {
        Some(mime) => (
            format!("{module} came as {mime}, so streaming failed and a copy was compiled"),
            Some("serve it as application/wasm"),
        ),
        None => (format!("streaming {module} failed and a copy was compiled: {words}"), None),
    }
}

/// The module came without compression.
pub fn uncompressed(module: &str, bytes: u64) -> String {
    format!("{module} came uncompressed, {}", fmt::bytes(bytes as f64))
}

/// What to do about it.
pub const COMPRESS: &str = "serve it with gzip or brotli";

/// The browser may not keep the module.
pub fn uncacheable(module: &str) -> String {
    format!("{module} is loaded anew at every visit (Cache-Control: no-store)")
}

/// What to do about it.
pub const KEEP: &str = "let browsers keep it, under a name with a hash";

/// `main.main` was reached late; what took longest, and what helps.
pub(crate) fn late_main(module: &str, after_ms: f64, exact: bool, ms: f64, longest: Longest) -> String {
    let after = format!("{}{}", if exact { "" } else { "~" }, fmt::ms(after_ms));
    let (what, fix) = match longest {
        Longest::Phase(name) => (format!("in {}", phase(name)), sooner(name)),
        Longest::WaitBefore(name) => (
            format!("waiting before {}", phase(name)),
            "request the module early, with <link rel=preload>, and call go.run as soon as it is there",
        ),
    };
    format!("{module} reached main {after} after its first request, {} of it {what}: {fix}", fmt::ms(ms))
}

/// What makes a phase shorter.
fn sooner(name: PhaseName) -> &'static str {
    match name {
        PhaseName::Fetch => "have the module served as a plain file, from a cache near its readers",
        PhaseName::Download => "compress it, and make it smaller: -ldflags='-s -w', fewer dependencies",
        PhaseName::Compile => "stream it, so that it compiles while it loads, and make it smaller",
        PhaseName::Instantiate => "make its data smaller: large package variables are copied at once",
        PhaseName::RuntimeInit => {
            "look what else keeps the thread busy at that time: the runtime itself needs little"
        }
        PhaseName::PackageInit => {
            "move work out of init functions and package variables; GODEBUG=inittrace=1 names the packages"
        }
        PhaseName::Main => "",
    }
}

/// The server refused.
pub fn http_status(module: &str, status: u16) -> String {
    format!("{module}: the server answered HTTP {status}; check the URL")
}

/// A module without URL.
pub const UNNAMED_MODULE: &str = "the module";

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
}

/// A phase that has not ended.
pub const RUNNING: &str = "running";
/// Beneath tables with `~`.
pub const BOUND: &str = "~ a bound, not exact";
/// Directions of copies.
pub const TO_GO: &str = "to Go";
/// Directions of copies.
pub const TO_JS: &str = "to JS";
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
