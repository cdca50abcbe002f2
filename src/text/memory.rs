//! Words of the view of memory.

use crate::state::facts::memory::{Gauge, Growth, MemoryFacts};
use session::fmt;

use super::moment;

pub const LINEAR: &str = "Linear memory";
pub const LINEAR_ABOUT: &str = "What Go has reserved of the browser. It never shrinks: the Go heap lives in it, and pages once used stay.";
pub const LINEAR_NONE: &str = "Not measured yet.";
pub const HEAP_KIND: &str = "Go heap";
pub const HEAP_KIND_ABOUT: &str =
    "What Go's runtime told when its last cycle ended: alive, and what was allocated during the cycle.";
pub const REFS: &str = "JS values Go holds";
pub const REFS_ABOUT: &str =
    "Each js.Value keeps its JavaScript value alive until Go's collector finds that nobody has it any more.";
pub const REFS_NONE: &str = "Not known: Go's own table of them was not found.";
pub const JS_HEAP: &str = "JS heap";
pub const JS_HEAP_ABOUT: &str =
    "The whole page's, not Go's, rounded by the browser. Linear memory is not in it.";
pub const JS_HEAP_NONE: &str = "This browser does not tell it.";
pub const GROWING: &str = "growing";

pub const STEPS: &str = "Growths of linear memory";
pub const STEPS_ABOUT: &str =
    "Go asks for more when an allocation finds no room: the line is who allocated then.";
pub const STEPS_NONE: &str = "Linear memory did not grow here.";
pub const COL_GROWER: &str = "Asked for by";
pub const COL_GROWER_ABOUT: &str = "The Go line that allocated when linear memory grew";
pub const COL_FROM_TO: &str = "From, to";
pub const COL_FROM_TO_ABOUT: &str = "Linear memory before and after";
pub const COL_MORE: &str = "More";
pub const COL_MORE_ABOUT: &str = "By how much it grew";

pub const MAKERS: &str = "Who made Go hold them";
pub const MAKERS_ABOUT: &str =
    "By Go line, of the whole recording: estimates from sampled crossings whose result was new to Go.";
pub const MAKERS_NONE: &str = "No sampled crossing has made Go hold a JavaScript value yet.";
pub const COL_MAKER: &str = "Go line";
pub const COL_HELD: &str = "Held";
pub const COL_HELD_ABOUT: &str =
    "Those that Go still held when last looked at; ± is half of the 95 % interval";
pub const COL_MADE: &str = "Made";
pub const COL_MADE_ABOUT: &str = "All that were made; ± is half of the 95 % interval";
pub const ALIKE: &str = "What they are";
pub const ALIKE_NONE: &str = "Looking at each takes the page a moment: they are counted when asked, and by gopherscope.snapshot() and stop().";
pub const COUNT_NOW: &str = "Count now";
pub const COUNT_AGAIN: &str = "Count again";
pub const COL_CONSTRUCTOR: &str = "Constructor";
pub const COL_CONSTRUCTOR_ABOUT: &str = "Name of the constructor, or the type of what has none";
pub const COL_HELD_SHARE_ABOUT: &str = "Of all JavaScript values that Go held then";
pub const COL_HELD_COUNT_ABOUT: &str = "How many Go held then";
pub const FUNCS: &str = "js.Func";
pub const FUNCS_ABOUT: &str =
    "Each js.FuncOf needs a Release: until then Go keeps the function, and all that it can reach.";
pub const COL_CALLBACK: &str = "Go function";
pub const COL_CALLBACK_ABOUT: &str = "What js.FuncOf was given";
pub const COL_UNRELEASED: &str = "Live";
pub const COL_UNRELEASED_ABOUT: &str = "Made and not released";

/// The answer: which kinds grow.
pub fn memory_answer(facts: &MemoryFacts) -> String {
    let kinds = [
        (LINEAR, facts.linear, true),
        (HEAP_KIND, facts.heap, true),
        (REFS, facts.refs, false),
        ("live js.Func", facts.live_funcs, false),
        (JS_HEAP, facts.js_heap, true),
    ];
    let known = kinds.iter().filter_map(|(name, gauge, bytes)| Some((*name, (*gauge)?, *bytes)));
    let growing: Vec<String> = known
        .clone()
        .filter_map(|(name, gauge, bytes)| match gauge.growth {
            Growth::Growing(a_minute) => Some(format!(
                "{name}: {} now, {} more a minute",
                much(gauge.now, bytes),
                much(a_minute, bytes)
            )),
            _ => None,
        })
        .collect();
    let early = known.clone().all(|(_, gauge, _)| gauge.growth == Growth::Early);
    match growing.is_empty() {
        false => format!("Growing: {}.{}", growing.join("; "), maker(facts).unwrap_or_default()),
        true if early => {
            "Too early to tell whether anything grows: that takes 4 s, and cycles of the collector.".into()
        }
        true => format!("Nothing keeps growing. {}", high_water(facts)),
    }
}

/// Who makes references, where they grow.
fn maker(facts: &MemoryFacts) -> Option<String> {
    let grows = |it: Option<Gauge>| it.is_some_and(|it| matches!(it.growth, Growth::Growing(_)));
    let first = facts.makers.as_ref()?.first().filter(|_| grows(facts.refs) || grows(facts.live_funcs))?;
    let position =
        if first.line.position.is_empty() { String::new() } else { format!(" {}", first.line.position) };
    Some(format!(" Most of the JS values come from {}{position}.", first.line.func))
}

/// What is reserved beside what is used.
fn high_water(facts: &MemoryFacts) -> String {
    let linear = facts.linear.map(|it| format!("Go has reserved {}", fmt::bytes(it.now)));
    let heap = facts.heap.map(|it| format!("its heap was {} when its last cycle ended", fmt::bytes(it.now)));
    match (linear, heap) {
        (Some(linear), Some(heap)) => format!("{linear}; {heap}."),
        (Some(linear), None) => format!("{linear}."),
        _ => String::new(),
    }
}

/// A value of a kind, in bytes or counted.
pub fn much(value: f64, bytes: bool) -> String {
    if bytes { fmt::bytes(value) } else { fmt::count(value.round().max(0.0) as u64) }
}

/// How it came to that.
pub fn gauge_about(gauge: &Gauge, bytes: bool) -> String {
    let more = match gauge.more {
        more if more > 0.0 => format!("+{} here", much(more, bytes)),
        more if more < 0.0 => format!("−{} here", much(-more, bytes)),
        _ => "as at the begin".to_owned(),
    };
    format!("{more}, at most {}", much(gauge.most, bytes))
}

/// When the heap was told.
pub fn told_at(gauge: &Gauge) -> String {
    format!("at {}", moment(gauge.t))
}

/// `js.Func` in numbers.
pub fn funcs(made: u64, released: Option<u64>, live: Option<u64>) -> String {
    format!(
        "{} made, {} released, {} live.",
        fmt::count(made),
        fmt::or_unknown(released, fmt::count),
        fmt::or_unknown(live, fmt::count)
    )
}

/// When values were counted.
pub fn counted(t: f64, values: u64) -> String {
    format!("{} at {}.", fmt::count(values), moment(t))
}
