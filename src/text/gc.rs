//! Words of the view of garbage collection.

use crate::state::facts::gc::{GcFacts, Told};
use session::fmt;

pub const GC_LINES: &str = "What triggers it";
pub const GC_LINES_ABOUT: &str = "The Go line whose allocation made the heap reach its goal, and so began a cycle. It allocates \
at that moment; over many cycles, who allocates most comes first.";
pub const GC_CYCLES: &str = "Cycles";
pub const COL_TRIGGER: &str = "Triggered by";
pub const COL_TRIGGER_ABOUT: &str = "The Go line that allocated when the cycle began";
pub const COL_CYCLE: &str = "Cycle";
pub const COL_CYCLE_ABOUT: &str = "Its number; the program counts from 1";
pub const COL_CYCLES: &str = "Cycles";
pub const COL_CYCLES_ABOUT: &str = "Cycles that began there";
pub const COL_CYCLES_SHARE: &str = "Share";
pub const COL_CYCLES_SHARE_ABOUT: &str = "Of all cycles";
pub const COL_HEAP_AT: &str = "Heap then";
pub const COL_HEAP_AT_ABOUT: &str = "Go heap when they began, the mean";
pub const COL_CYCLE_TOOK_ABOUT: &str =
    "From its begin to its end by the runtime's clock; the program runs in between";
pub const COL_PAUSES: &str = "Paused";
pub const COL_PAUSES_ABOUT: &str =
    "How long the program was stopped: when the cycle began, and when it ended";
pub const COL_HEAP: &str = "Heap";
pub const COL_HEAP_ABOUT: &str =
    "Go heap when the cycle began, and when it ended: what the program allocated in between is in it";
pub const COL_LIVE: &str = "Live of goal";
pub const COL_LIVE_ABOUT: &str =
    "What the cycle found alive, and the size of the heap it was to end at, in whole MiB";
pub const FORCED: &str = "forced";
pub const NOT_TOLD_BY_GO: &str =
    "Not told: Go's runtime says nothing of it for cycles that runtime.GC asked for";
pub const NOT_TOLD_AT_ALL: &str = "Not told by Go's runtime";
pub const GC_NONE_IN_RANGE: &str =
    "No cycle began in the selected time. Select more of it, or clear the selection.";

/// The answer.
pub fn gc_answer(facts: &GcFacts) -> String {
    let of = &facts.together;
    let wall = facts.scope.wall_ms();
    let at_most = fmt::or_unknown(of.cycle_share, fmt::percent);
    let stopped = format!("{} ({})", fmt::ms(of.pause_ms), fmt::or_unknown(of.pause_share, fmt::percent));
    let longest =
        facts.longest_pause_ms.map(|ms| format!(", {} at most at once", fmt::ms(ms))).unwrap_or_default();
    let cycles =
        if of.cycles == 1 { "1 cycle".to_owned() } else { format!("{} cycles", fmt::count(of.cycles)) };
    let in_time = wall.map(|ms| format!(" in {}", fmt::ms(ms))).unwrap_or_default();
    let forced = match of.forced {
        0 => String::new(),
        forced => format!(", {} of them asked for by runtime.GC", fmt::count(forced)),
    };
    let by = facts.lines.first().map(|line| {
        let position =
            if line.line.position.is_empty() { String::new() } else { format!(" {}", line.line.position) };
        format!(" {} triggered by {}{position}.", fmt::percent(line.share), line.line.func)
    });
    format!(
        "Collecting took at most {at_most} of the time: {cycles}{in_time}{forced}, the program stopped for {stopped}{longest}.{}",
        by.unwrap_or_default()
    )
}

/// How often, and what it means for who waits.
pub fn gc_meaning(facts: &GcFacts) -> Option<String> {
    let of = &facts.together;
    let every = facts.scope.wall_ms().filter(|_| of.cycles > 1).map(|wall| wall / of.cycles as f64)?;
    let each = of.cycle_ms / of.cycles as f64;
    Some(format!(
        "A cycle every {}, {} long on average. Go has one thread here, so that marking takes turns with the program on it.",
        fmt::ms(every),
        fmt::ms(each)
    ))
}

/// Why there is nothing, and how to get it.
pub fn gc_empty(told: &Told) -> String {
    match told {
        Told::Yes => GC_NONE_IN_RANGE.into(),
        Told::NotAsked => "Go's runtime was not asked to tell of its collector: the page's script tag has \
data-runtime-traces=\"off\", or a script began the recording with runtimeTraces: false. Set it on and reload the page."
            .into(),
        Told::NoRecorder => "The page's content security policy forbids the agent's WebAssembly, which reads what Go's \
runtime tells. Add 'wasm-unsafe-eval' to script-src."
            .into(),
        Told::Late => "The program ran before the agent came, so that its runtime could not be asked. Load the agent before \
wasm_exec.js, and reload the page."
            .into(),
        Told::TooOld(version) => {
            format!("This program was built with {version}. What Go's runtime tells is read from Go 1.21 on.")
        }
        Told::TinyGo => "This program was built by TinyGo, whose runtime does not tell of its garbage collector.".into(),
        Told::NotYet => "No garbage collection so far. By default the first cycle begins when the heap reaches 4 MiB. A \
program that sets gctrace in GODEBUG itself keeps those lines for itself."
            .into(),
    }
}

/// Cycles that are not in the table.
pub fn gc_dropped(n: u64) -> String {
    format!("{} lines of the runtime were dropped: cycles may be missing.", fmt::count(n))
}
