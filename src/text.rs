//! Every string a person reads, in one place; figures are worded by `session::fmt`.

use crate::{
    state::{kind::Kind, span::Span, stage::Stage, theme::Theme},
    viz::plot::Unit,
};
use session::{Crossing, Place, Status, fmt};

/// Our name.
pub const NAME: &str = "gopherscope";
/// Stands for what is not known.
pub const UNKNOWN: &str = fmt::UNKNOWN;

// Launcher
pub const LAUNCHER_LEAD: &str = "See which line of your Go WebAssembly program crosses into JavaScript, how often, \
and what it costs.";
pub const LAUNCHER_HOW: &str =
    "Put this before wasm_exec.js in the page that runs your program, then open the page:";
pub const LAUNCHER_DEMOS: &str = "Or watch a program that is slow on purpose:";
pub const LAUNCHER_DEMOS_LINK: &str = "open the demos";
pub const LAUNCHER_PRIVACY: &str = "Nothing leaves this browser: the recording goes from your page to this viewer \
and nowhere else.";
pub const COPY: &str = "Copy";
pub const COPIED: &str = "Copied";
pub const COPY_FAILED: &str = "Select the text and copy it: the browser keeps the clipboard closed here";

// Bar
pub const COLLAPSE: &str = "Collapse to a badge";
pub const EXPAND: &str = "Open the view";
pub const CLOSE: &str = "Close the view; the page goes on recording";
pub const ACTIONS: &str = "View";
pub const FACTS: &str = "How this was recorded";
pub const ELAPSED_ABOUT: &str = "Time since the recording began";
pub const CLOCK: &str = "clock";
pub const COST: &str = "our cost";
pub const VIEWER: &str = "this view";
pub const VIEWER_ABOUT: &str = "This view's own work on the page's thread, as a part of the time recorded";
pub const DROPPED: &str = "dropped";
pub const FAULTS: &str = "faults";
pub const CLOCK_ABOUT: &str = "Smallest step of the page's clock: a shorter call cannot be timed on its own, \
only as part of many";
pub const EARLY_ABOUT: &str = "The agent was there before the Go program: everything is counted";
pub const LATE_ABOUT: &str =
    "The agent came after the Go program: figures count from then on and are lower bounds";
pub const OBSERVE_ABOUT: &str = "The module runs as it is; nothing in it was changed";
pub const SAMPLE_ABOUT: &str = "The module was rewritten before compilation, to be sampled";
pub const CROSSINGS: &str = "crossings";

// Headline
pub const HEADLINE: &str = "Result";

// Tracks
pub const TIMELINE: &str = "Timeline";
pub const TRACK_CROSSINGS: &str = "Crossings";
pub const TRACK_CROSSINGS_ABOUT: &str = "Calls from Go into JavaScript per second, exact, by what they do";
pub const TRACK_MEMORY: &str = "Linear memory";
pub const TRACK_MEMORY_ABOUT: &str =
    "What the program has reserved; it never shrinks. The Go heap is a part of it";
pub const BAND_LINEAR: &str = "reserved";
pub const TRACK_NOW_ABOUT: &str = "Mean of the last second";
pub const STALE_ABOUT: &str = "Nothing was measured in the last two seconds";
pub const SPAN: &str = "Time shown";
pub const PLOTS_KEYS: &str = "Left and right arrows move the cursor, Escape takes it away";

// Phases
pub const PHASES: &str = "Start-up";
pub const PHASES_EMPTY: &str = "Fetch, compile and the start of Go appear here as they happen.";
pub const PHASE_BOUND_ABOUT: &str = "A bound: the exact moment could not be seen from outside the module";
pub const PHASE_AFTER: &str = "after ";
pub const RUNNING: &str = "running";

// Tables
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

/// The name of a kind of crossing.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Get => "get",
        Kind::Set => "set",
        Kind::Call => "call",
        Kind::Copy => "copy",
        Kind::Other => "other",
    }
}

/// The name of a length of the time axis.
pub fn span(span: Span) -> &'static str {
    match span {
        Span::TenSeconds => "10 s",
        Span::Minute => "1 min",
        Span::TenMinutes => "10 min",
    }
}

/// What the theme button says.
pub fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    }
}

/// A stage in a word or two, for the status line.
pub fn stage(stage: &Stage) -> &'static str {
    match stage {
        Stage::Alone => "no page",
        Stage::Waiting { .. } => "connecting",
        Stage::Mismatch { .. } => "wrong version",
        Stage::Damaged { .. } => "unreadable",
        Stage::NoProgram => "waiting",
        Stage::Live => "recording",
        Stage::Quiet { .. } => "quiet",
        Stage::Stopped => "stopped",
        Stage::Exited { .. } => "exited",
        Stage::Gone => "page gone",
    }
}

/// What a stage means and what to do about it: a sentence, then advice. `None` where the data speaks.
pub fn notice(stage: &Stage, ours: u32) -> Option<(String, String)> {
    let words = |what: &str, next: &str| Some((what.to_owned(), next.to_owned()));
    match stage {
        Stage::Live => None,
        Stage::Alone => words(
            "No page is connected.",
            "This view opens by itself beside a page that loads agent.js. Put the script tag in your page and open \
             the page instead.",
        ),
        Stage::Waiting { overdue: false } => words("Connecting to the page.", "The agent in it answers in a moment."),
        Stage::Waiting { overdue: true } => words(
            "The page has not answered for more than 5 s.",
            "It may be busy in a long stretch of Go, or it does not load agent.js from this site. If it stays so, \
             reload the page.",
        ),
        Stage::Mismatch { protocol, agent } => Some((
            format!(
                "The page's agent ({}) speaks protocol {protocol}; this view speaks {ours}.",
                if agent.is_empty() { "of an unknown release" } else { agent }
            ),
            "Load agent.js and this view from the same release, empty the browser's cache, and reload the page.".into(),
        )),
        Stage::Damaged { message } => Some((
            format!("What the page sent cannot be read: {message}."),
            "Reload the page to record again. If it comes back, agent.js and this view may be of different releases."
                .into(),
        )),
        Stage::NoProgram => words(
            "No Go program has started yet.",
            "It shows here as soon as the page instantiates one. If yours already runs, move the script tag before \
             wasm_exec.js and reload.",
        ),
        Stage::Quiet { ms } => Some((
            format!("Nothing from the page for {}.", fmt::ms(*ms)),
            "A page in the background sends seldom, and a long stretch of Go without crossings sends nothing until \
             it ends."
                .into(),
        )),
        Stage::Stopped => words("The recording was stopped.", "Call gopherscope.start() in the page to record again."),
        Stage::Exited { code } => Some((
            format!("The program exited with code {code}."),
            "What it did stays here. Reload the page to record again.".into(),
        )),
        Stage::Gone => words(
            "The page went away.",
            "What was recorded stays here until this window closes. Open the page again to record again.",
        ),
    }
}

/// The script tag for an agent's URL.
pub fn script_tag(agent: &str) -> String {
    format!("<script src=\"{agent}\"></script>")
}

/// What the agent's cost is.
pub fn cost_about(status: &Status) -> String {
    let cost = fmt::or_unknown(status.self_ms, fmt::ms);
    format!(
        "Estimate: calibrated cost of each wrapped call and the agent's timed own work, {cost} in all, as a part of \
         the time recorded"
    )
}

/// Faults inside the agent.
pub fn faults_about(latest: &[String]) -> String {
    format!("Faults inside the agent, kept from the page. The latest:\n{}", latest.join("\n"))
}

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

/// What was thrown away, by kind.
pub fn dropped_about(dropped: &[(String, u64)]) -> String {
    let about = "What was thrown away because a cap was reached";
    let kinds: Vec<String> = dropped.iter().map(|(kind, n)| format!("{} {kind}", fmt::count(*n))).collect();
    if kinds.is_empty() { format!("{about}: nothing") } else { format!("{about}: {}", kinds.join(", ")) }
}

/// A track's value.
pub fn value(unit: Unit, value: f64) -> String {
    match unit {
        Unit::PerSecond => fmt::rate(value),
        Unit::Bytes => fmt::bytes(value),
    }
}

/// A frame is longer than we read.
pub fn too_long(bytes: u32) -> String {
    format!("a message of {} is longer than any frame", fmt::bytes(f64::from(bytes)))
}

/// Time since a beginning, as `00:12` or `1:02:03`.
pub fn elapsed(ms: f64) -> String {
    let s = (ms / 1e3).max(0.0) as u64;
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m:02}:{s:02}") }
}

/// A time on the axis: `400 ms`, `1.5 s`, `12 s`, `1:30`.
pub fn axis_time(ms: f64) -> String {
    // Ticks are round: what is left of a division is not worth a digit.
    let tenths_of_ms = (ms * 10.0).round() / 10.0;
    match tenths_of_ms / 1e3 {
        s if s.abs() < 1.0 && s != 0.0 => format!("{tenths_of_ms} ms"),
        s if s < 60.0 => format!("{s} s"),
        s => format!("{}:{:02}", (s / 60.0).floor(), s % 60.0),
    }
}

/// A time under the cursor: `12.34 s`, `6:26.13`.
pub fn cursor_time(ms: f64) -> String {
    let hundredths = (ms / 10.0).round().max(0.0) as u64;
    let (m, s, rest) = (hundredths / 6000, hundredths / 100 % 60, hundredths % 100);
    if m > 0 { format!("{m}:{s:02}.{rest:02}") } else { format!("{s}.{rest:02} s") }
}

/// What a track shows, for those who do not see it.
pub fn track_summary(name: &str, seconds: f64, latest: &str, least: &str, greatest: &str) -> String {
    format!("{name} over {seconds:.0} s: now {latest}, least {least}, greatest {greatest}")
}

/// A track without data.
pub fn track_empty(name: &str) -> String {
    format!("{name}: nothing measured yet")
}

/// Rows left out of a table.
pub fn more_rows(n: usize) -> String {
    format!("{n} more with less")
}

/// Several programs ran; the tracks show one.
pub fn programs(n: usize) -> String {
    format!("{n} Go programs ran; tracks and start-up are of the latest.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(elapsed(12_900.0), "00:12");
        assert_eq!(elapsed(3_723_000.0), "1:02:03");
        let axis = [0.0, 400.0, 1_500.0, 12e3, 60e3, 90e3].map(axis_time);
        assert_eq!(axis, ["0 s", "400 ms", "1.5 s", "12 s", "1:00", "1:30"]);
        assert_eq!(cursor_time(12_340.0), "12.34 s");
        assert_eq!(cursor_time(386_130.0), "6:26.13");
        assert_eq!(cursor_time(59_999.0), "1:00.00");
    }

    #[test]
    fn every_stage_but_live_says_what_to_do() {
        let stages = [
            Stage::Alone,
            Stage::Waiting { overdue: true },
            Stage::Mismatch { protocol: 2, agent: String::new() },
            Stage::Damaged { message: "x".into() },
            Stage::NoProgram,
            Stage::Quiet { ms: 3e3 },
            Stage::Stopped,
            Stage::Exited { code: 2 },
            Stage::Gone,
        ];
        for stage in stages {
            let (what, next) = notice(&stage, 1).unwrap();
            assert!(!what.is_empty() && !next.is_empty(), "{stage:?}");
        }
        assert!(notice(&Stage::Live, 1).is_none());
        let (what, _) = notice(&Stage::Mismatch { protocol: 2, agent: "0.3.0".into() }, 1).unwrap();
        assert_eq!(what, "The page's agent (0.3.0) speaks protocol 2; this view speaks 1.");
    }
}
