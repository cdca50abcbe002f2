//! Words of the view of the event loop.

use crate::state::facts::event_loop::{LoopFacts, Stay, foremost};
use session::{Backlog, Run, fmt};

use super::moment;

pub const STAYS: &str = "Longest stays in Go";
pub const STAYS_ABOUT: &str = "From where the thread entered Go to where Go gave it back: in between no event is handled and \
nothing is drawn. A line shows where it crossed into JavaScript; work that never crosses does not.";
pub const COL_STAY: &str = "Go line";
pub const COL_STAY_ABOUT: &str =
    "The line of the program that crossed into JavaScript most in that time, by samples";
pub const COL_STAY_TOOK_ABOUT: &str = "How long Go had the thread, without a yield";
pub const COL_CAUSE: &str = "Entered by";
pub const COL_CAUSE_ABOUT: &str =
    "What called Go: its start, a timer of its scheduler, a JavaScript event, or an export";
pub const COL_IN_JS: &str = "In JS";
pub const COL_IN_JS_ABOUT: &str = "Estimated time in JavaScript that Go called meanwhile";
pub const COL_CROSSINGS: &str = "Crossings";
pub const COL_CROSSINGS_ABOUT: &str = "Calls into JavaScript meanwhile, exact; of a line an estimate";
pub const NO_LINE_ABOUT: &str =
    "No sampled crossing fell into that time: work that does not cross into JavaScript does not show";

pub const TASKS: &str = "Long tasks and frames";
pub const TASKS_ABOUT: &str =
    "What the browser itself calls long: more than 50 ms without a pause, whoever ran.";
pub const TASKS_NOT_TOLD: &str = "This browser tells no long tasks. Stays in Go are measured all the same, and stand in the table beside this one.";
pub const TASKS_NONE: &str =
    "No task or frame of more than 50 ms here. They appear as the browser tells them.";
pub const COL_KIND: &str = "Kind";
pub const COL_KIND_ABOUT: &str = "A task, or an animation frame with all that led to it";
pub const COL_TASK_TOOK_ABOUT: &str = "Its length, as the browser tells it";
pub const COL_IN_GO: &str = "In Go";
pub const COL_IN_GO_ABOUT: &str = "How much of it the thread was in Go";
pub const COL_BLOCKED: &str = "Blocked";
pub const COL_BLOCKED_ABOUT: &str = "How long a frame kept input from being handled";
pub const NOT_OF_TASKS: &str = "The browser tells it of frames only";
pub const NOT_GO: &str = "not in Go";

pub const MICROTASKS: &str = "Microtasks after Go";
pub const MICROTASKS_ABOUT: &str = "Where Go gave the thread back, a probe measured how long microtasks kept it: promises and \
queueMicrotask run before any timer, event or frame.";
pub const MICROTASKS_NONE: &str =
    "No probe has come back here. One is sent where Go gives the thread back, at most 50 a second.";
pub const COL_AFTER: &str = "Stay in Go";
pub const COL_AFTER_ABOUT: &str = "How long the stay was that the probe followed";
pub const COL_QUEUED: &str = "Queued";
pub const COL_QUEUED_ABOUT: &str =
    "Until what had been queued by then had run; the rest of the task that called Go is in it";
pub const COL_DRAIN: &str = "Drained";
pub const COL_DRAIN_ABOUT: &str =
    "Until the queue was empty; ≤ where other tasks may have run before that was noticed";
pub const ASKED: &str = "What Go itself registered";
pub const ASKED_ABOUT: &str = "Callbacks that Go asked for by then, catch, finally or queueMicrotask.";
pub const ASKED_NONE: &str = "Go has called no then, catch, finally or queueMicrotask here.";
pub const COL_ASKED_BY: &str = "By";
pub const COL_ASKED_BY_ABOUT: &str = "What it called";
pub const COL_ASKED_CALLS: &str = "Calls";
pub const COL_ASKED_CALLS_ABOUT: &str = "How often, an estimate from samples; ± is half of the 95 % interval";

pub const TIMINGS: &str = "User timing";
pub const TIMINGS_ABOUT: &str =
    "What the page and the program named with performance.mark and performance.measure.";
pub const TIMINGS_NONE: &str = "No marks or measures here. A program makes them with performance.mark and performance.measure, \
from Go for instance by this package: usertiming.Mark(\"ready\"), and defer usertiming.Measure(\"decode\")().";
pub const TIMINGS_SNIPPET: &str = include_str!("../../demo/timing/usertiming/usertiming.go");
pub const COL_NAME: &str = "Name";
pub const COL_NAME_ABOUT: &str = "As the page or the program named it";
pub const COL_MARK_ABOUT: &str = "A measure has a length; a mark is a moment";
pub const MARK: &str = "mark";
pub const MEASURE: &str = "measure";
pub const COL_COUNT: &str = "Count";
pub const COL_COUNT_ABOUT: &str = "How many";
pub const COL_MEAN: &str = "Mean";
pub const COL_MEAN_ABOUT: &str = "Mean length";
pub const COL_P50: &str = "P50";
pub const COL_P50_ABOUT: &str = "Median length";
pub const COL_P95: &str = "P95";
pub const COL_P95_ABOUT: &str = "95 in 100 were no longer";
pub const COL_TOTAL: &str = "Total";
pub const COL_TOTAL_ABOUT: &str = "All lengths together";
pub const MARKS_HAVE_NONE: &str = "A mark is a moment: it has no length";

/// The answer.
pub fn loop_answer(facts: &LoopFacts) -> String {
    let wall = facts.scope.wall_ms();
    let busy = wall.map(|wall| {
        let least = if facts.at_least { "at least " } else { "" };
        format!(", and {least}{} of the time in all", fmt::percent((facts.go_ms / wall).min(1.0)))
    });
    let held = match facts.stays.first() {
        None => "Go has not had the thread here".to_owned(),
        Some(stay) => format!(
            "Go held the thread for up to {} at once, at {}{}",
            fmt::ms(stay.slice.end - stay.slice.start),
            moment(stay.slice.start),
            stay_line(stay)
        ),
    };
    let until = facts.held.as_ref().and_then(until_the_loop).unwrap_or_default();
    format!("{held}{}. {until}{}", busy.unwrap_or_default(), backlog_answer(&facts.backlog))
}

/// How long the event loop waited for a stay and the microtasks after it, where those made it longer.
fn until_the_loop(run: &Run) -> Option<String> {
    let bound = if run.exact { "" } else { "at most " };
    run.microtasks_ms.filter(|&ms| ms >= 1.0)?;
    Some(format!(
        "With the microtasks it left, the event loop waited {bound}{} at {}. ",
        fmt::ms(run.end - run.start),
        moment(run.start)
    ))
}

fn stay_line(stay: &Stay) -> String {
    let Some(line) = foremost(&stay.lines) else { return String::new() };
    let position = if line.position.is_empty() { String::new() } else { format!(" {}", line.position) };
    format!(" in {}{position}", line.func)
}

/// What microtasks took, and how much of that was looked at.
fn backlog_answer(backlog: &Backlog) -> String {
    if backlog.probes == 0 {
        return "No probe of the microtasks after it has come back.".into();
    }
    let bound = if backlog.exact { "at least" } else { "about" };
    format!(
        "Microtasks after it took {bound} {} of the time ({}): {} of {} stays in Go were probed.",
        fmt::or_unknown(backlog.share, fmt::percent),
        fmt::ms(backlog.drain_ms),
        fmt::count(backlog.probes),
        fmt::count(backlog.stays.max(backlog.probes)),
    )
}

/// How many stays are too long, where the table does not show all.
pub fn stays_too_long(n: u64) -> String {
    match n {
        0 => "None was longer than a frame at 60 Hz, 16.7 ms.".into(),
        1 => "One was longer than a frame at 60 Hz, 16.7 ms.".into(),
        n => format!("{} were longer than a frame at 60 Hz, 16.7 ms.", fmt::count(n)),
    }
}
