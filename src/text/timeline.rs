//! Words of the tracks and the time axis.

use crate::{
    state::{
        events::{Task, What},
        kind::Kind,
        span::Span,
    },
    viz::{
        Range,
        track::{Reading, Summary, Unit},
    },
};
use session::{Gc, LongTask, fmt};

pub const TIMELINE: &str = "Timeline";
pub const TRACK_GO: &str = "Go";
pub const TRACK_GO_ABOUT: &str = "When the thread was in Go, by what called it; nothing else runs on it then";
pub const CAUSE_RUN: &str = "run";
pub const CAUSE_TIMER: &str = "timer";
pub const CAUSE_EVENT: &str = "event";
pub const CAUSE_EXPORT: &str = "export";
pub const TRACK_COPIED: &str = "Copied";
pub const TRACK_COPIED_ABOUT: &str = "Bytes and strings copied between Go and JavaScript per second, exact";
pub const BAND_TO_GO: &str = "→ Go";
pub const BAND_TO_JS: &str = "→ JS";
pub const TRACK_CROSSINGS: &str = "Crossings";
pub const TRACK_CROSSINGS_ABOUT: &str = "Calls from Go into JavaScript per second, exact, by what they do";
pub const TRACK_MEMORY: &str = "Linear memory";
pub const TRACK_MEMORY_ABOUT: &str =
    "What the program has reserved; it never shrinks. The Go heap is a part of it";
pub const BAND_LINEAR: &str = "reserved";
pub const TRACK_BACKLOG: &str = "Microtasks";
pub const TRACK_BACKLOG_ABOUT: &str =
    "How long microtasks held the thread where Go was left, by probes; where none was sent, nothing is known";
pub const BAND_QUEUED: &str = "queued";
pub const BAND_CHAINED: &str = "chained";
pub const BAND_AT_MOST: &str = "at most";
pub const TRACK_TASKS: &str = "Long tasks";
pub const TRACK_TASKS_ABOUT: &str = "Tasks and animation frames of more than 50 ms, as the browser tells them: the page could not answer input";
pub const LANE_TASKS: &str = "tasks";
pub const LANE_FRAMES: &str = "frames";
pub const TRACK_GC: &str = "GC";
pub const TRACK_GC_ABOUT: &str = "Cycles of Go's garbage collector, as the runtime tells them; the program runs in between, but for the pauses";
pub const LANE_CYCLES: &str = "cycles";
pub const LANE_PAUSES: &str = "pauses";
pub const TRACK_HEAP: &str = "Go heap";
pub const TRACK_HEAP_ABOUT: &str = "As the runtime told it at the end of each cycle of its collector, and no more in between; what is alive in whole MiB";
pub const BAND_LIVE: &str = "live";
pub const BAND_GARBAGE: &str = "garbage";
pub const TRACK_REFS: &str = "JS references";
pub const TRACK_REFS_ABOUT: &str = "Values of JavaScript that Go holds on to";
pub const BAND_REFS: &str = "held";
pub const TRACK_JS_HEAP: &str = "JS heap, page";
pub const TRACK_JS_HEAP_ABOUT: &str = "What JavaScript of the whole page and of what shares its process has on its heap, coarse, as Chromium tells it: not Go's";
pub const BAND_JS_HEAP: &str = "used";
pub const TRACK_GOROUTINES: &str = "Goroutines";
pub const TRACK_GOROUTINES_ABOUT: &str = "How many there are, as runtime.NumGoroutine counts them";
pub const BAND_GOROUTINES: &str = "goroutines";
pub const TRACK_TIMING: &str = "User timing";
pub const TRACK_TIMING_ABOUT: &str = "The page's own performance.mark and performance.measure";
pub const LANE_MARKS: &str = "marks";
pub const LANE_MEASURES: &str = "measures";
pub const TRACKS_MENU: &str = "Tracks shown";
pub const NOTHING_YET: &str = "nothing told yet";
pub const TRACK_CURSOR_ABOUT: &str = "At the cursor";
pub const STALE_ABOUT: &str = "Nothing was measured in the last two seconds";
pub const SPAN: &str = "Time shown";
pub const NOW: &str = "Now";
pub const NOW_ABOUT: &str = "Go to now and follow it (n)";
pub const FULL_RANGE: &str = "Full range";
pub const RANGE_CHIP: &str = "Selected time";
pub const RANGE_ZOOM: &str = "Zoom to the selection";
pub const RANGE_CLEAR: &str = "Clear the selection";
pub const PLOTS_KEYS: &str =
    "Tracks: comma and point move the cursor, w and s zoom, a and d pan, 0 shows the full range";

/// The name of a kind of crossing.
pub const fn kind(kind: Kind) -> &'static str {
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

/// A track's value.
pub fn value(unit: Unit, value: f64) -> String {
    match unit {
        Unit::PerSecond => fmt::rate(value),
        Unit::Count => fmt::count(value.max(0.0).round() as u64),
        Unit::Ms => fmt::ms(value),
        Unit::Bytes => fmt::bytes(value),
        Unit::BytesPerSecond => fmt::bytes_rate(value),
        Unit::Busy => format!("{} busy", fmt::percent(value)),
    }
}

/// A track's value now; `bound` where some of what it is made of was thrown away.
pub fn latest(unit: Unit, latest: Option<f64>, bound: bool) -> String {
    let mark = if bound && unit == Unit::Busy { "≥ " } else { "" };
    fmt::or_unknown(latest, |latest| format!("{mark}{}", value(unit, latest)))
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

/// A time under the cursor, precise to the pixel of `reach` ms: `812.4 ms`, `12.34 s`, `6:26.13`.
pub fn cursor_time(ms: f64, reach: f64) -> String {
    if ms < 1e3 {
        return format!("{ms:.*}\u{a0}ms", decimals_of_ms(reach));
    }
    let clock = clock(ms, decimals(reach));
    if clock.contains(':') { clock } else { format!("{clock}\u{a0}s") }
}

/// A time in seconds with so many decimals, `2.10`, or from a minute on `1:02.10`.
fn clock(ms: f64, decimals: u32) -> String {
    let unit = 10u64.pow(decimals);
    let parts = (ms / 1e3 * unit as f64).round().max(0.0) as u64;
    let (seconds, rest) = (parts / unit, parts % unit);
    let rest =
        if decimals == 0 { String::new() } else { format!(".{rest:0width$}", width = decimals as usize) };
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s}{rest}"),
        (m, s) => format!("{m}:{s:02}{rest}"),
    }
}

/// How many decimals of a second tell apart times that are `ms` from each other.
fn decimals(ms: f64) -> u32 {
    (3.0 - ms.max(1e-3).log10().floor()).clamp(0.0, 6.0) as u32
}

/// The same of a millisecond.
fn decimals_of_ms(ms: f64) -> usize {
    decimals(ms).saturating_sub(3) as usize
}

/// A stretch of time, as precise as a hundredth of its length: `88.0–91.5 ms`, `2.10–3.40 s`, `1:02.1–1:14.8`.
pub fn range(range: Range) -> String {
    let reach = range.len() / 100.0;
    if range.end < 1e3 {
        let digits = decimals_of_ms(reach);
        return format!("{:.digits$}–{:.digits$}\u{a0}ms", range.start, range.end);
    }
    let digits = decimals(reach);
    let (start, end) = (clock(range.start, digits), clock(range.end, digits));
    let unit = if end.contains(':') { "" } else { "\u{a0}s" };
    format!("{start}–{end}{unit}")
}

/// How long a stretch is.
pub fn length(range: Range) -> String {
    fmt::ms(range.len())
}

/// How precisely the begin of what still runs is told, ms.
const RUNNING_MS: f64 = 10.0;

/// What a track holds at the cursor, in one line.
pub fn reading(unit: Unit, reading: &Reading) -> String {
    match reading {
        Reading::Unknown => super::UNKNOWN.into(),
        Reading::Idle => "not in Go".into(),
        Reading::Bands(total, parts, count) => {
            let bound = parts.iter().any(|(name, _, value)| *name == BAND_AT_MOST && *value > 0.0);
            let total = format!("{}{}", if bound { "≤\u{a0}" } else { "" }, value(unit, *total));
            if *count > 1 { format!("{total}, the most of {count}") } else { total }
        }
        Reading::Nothing => "none".into(),
        Reading::Events { first, count } => {
            let told: Vec<String> = first.iter().map(|what| event(what)).collect();
            let rest = count - first.len();
            let more = if rest > 0 { format!("; {} more", fmt::count(rest as u64)) } else { String::new() };
            format!("{}{more}", told.join("; "))
        }
        Reading::Slice(slice) => {
            let bridge =
                slice.bridge_ms.map(|ms| format!(", {} in JS", fmt::ms(ms.into()))).unwrap_or_default();
            let crossings = if slice.calls == 1 { "crossing" } else { "crossings" };
            format!(
                "{} {}, {} {crossings}{bridge}",
                slice.cause.as_str(),
                fmt::ms(slice.end - slice.start),
                fmt::count(slice.calls.into()),
            )
        }
        Reading::Running(open) => {
            format!("{} running since {}", open.cause.as_str(), cursor_time(open.start, RUNNING_MS))
        }
        Reading::Slices { busy, longest, count } => format!(
            "{}, {} stays, longest {}",
            value(Unit::Busy, *busy),
            fmt::count(*count as u64),
            fmt::ms(*longest)
        ),
    }
}

/// The same beside a track's name, where there is room for a word or two.
pub fn reading_short(unit: Unit, reading: &Reading) -> String {
    match reading {
        Reading::Slice(slice) => format!("{} {}", slice.cause.as_str(), fmt::ms(slice.end - slice.start)),
        Reading::Running(open) => format!("{} running", open.cause.as_str()),
        Reading::Slices { busy, .. } => value(unit, *busy),
        Reading::Bands(total, parts, _) => self::reading(unit, &Reading::Bands(*total, parts.clone(), 1)),
        Reading::Events { first, count } => match first.as_slice() {
            [only] if *count == 1 => event_short(only),
            _ => fmt::count(*count as u64),
        },
        _ => self::reading(unit, reading),
    }
}

/// What a track shows over a range, for those who do not see it.
pub fn track_summary(name: &str, unit: Unit, over: Range, latest: Option<f64>, summary: Summary) -> String {
    let now = fmt::or_unknown(latest, |latest| value(unit, latest));
    let figures = match summary {
        Summary::Bands { least, greatest, .. } => {
            format!("least {}, greatest {}", value(unit, least), value(unit, greatest))
        }
        Summary::Events { count: 0, .. } => "none".into(),
        Summary::Events { count, longest } => {
            format!("{}, longest {}", fmt::count(count as u64), fmt::ms(longest))
        }
        Summary::Slices { busy, longest, count } => reading(unit, &Reading::Slices { busy, longest, count }),
    };
    format!("{name}: now {now}; {}: {figures}", range(over))
}

/// What a track's value now is.
pub fn latest_about(unit: Unit) -> &'static str {
    match unit {
        Unit::PerSecond | Unit::BytesPerSecond | Unit::Busy => "Mean of the last second",
        Unit::Bytes | Unit::Count | Unit::Ms => "As told last",
    }
}

/// A track's figure over the selection, in the place of the latest: of rates their mean, else the greatest.
pub fn selected(unit: Unit, summary: Option<Summary>) -> String {
    match summary {
        None => super::UNKNOWN.into(),
        Some(Summary::Bands { mean, .. }) if unit.is_rate() => value(unit, mean),
        Some(Summary::Bands { greatest, .. }) => value(unit, greatest),
        Some(Summary::Slices { busy, .. }) => value(Unit::Busy, busy),
        Some(Summary::Events { count, .. }) => fmt::count(count as u64),
    }
}

/// What that figure is.
pub fn selected_about(unit: Unit, summary: Option<Summary>) -> &'static str {
    match summary {
        None => "Nothing was measured in the selection",
        Some(Summary::Bands { .. }) if unit.is_rate() => "Mean of the selection",
        Some(Summary::Bands { .. }) => "Greatest in the selection",
        Some(Summary::Slices { .. }) => "In the selection",
        Some(Summary::Events { .. }) => "How many in the selection",
    }
}

/// The top of a track's axis, and the greatest value where that is cut off.
pub fn axis_top(unit: Unit, top: f64, clipped: Option<f64>) -> String {
    match clipped {
        None => value(unit, top),
        Some(greatest) => format!("{} · spikes to {}", value(unit, top), value(unit, greatest)),
    }
}

/// What is written into an event's box.
pub fn event_name(what: &What) -> Option<&str> {
    match what {
        What::Measure(name, _) => Some(name),
        _ => None,
    }
}

/// An event, in a line.
fn event(what: &What) -> String {
    match what {
        What::Cycle(gc, line) => cycle(gc, line),
        What::Pause => LANE_PAUSES.into(),
        What::Task(task) => long_task(task),
        What::Mark(name) => format!("mark {name}"),
        What::Measure(name, ms) => format!("{name} {}", fmt::ms(*ms)),
        What::Grow(grow, line) => {
            format!("grew from {} to {} by {line}", fmt::bytes(grow.from_bytes), fmt::bytes(grow.to_bytes))
        }
    }
}

/// The same where there is room for a word or two.
fn event_short(what: &What) -> String {
    match what {
        What::Cycle(gc, _) => format!("cycle {}", gc.number),
        What::Task(task) => fmt::ms(task.told.duration_ms),
        _ => event(what),
    }
}

fn cycle(gc: &Gc, line: &str) -> String {
    let pause: f64 = gc.pause_ms.iter().sum();
    // Whole MiB are all that the runtime tells.
    let rough = |mib: f64| format!("~\u{a0}{}", fmt::bytes(mib * 1024.0 * 1024.0));
    let mut words = vec![
        format!("cycle {}: {}", gc.number, fmt::ms(gc.duration_ms)),
        format!("paused {}", fmt::ms(pause)),
    ];
    let heap = [gc.heap_trigger_bytes, gc.heap_end_bytes].map(|bytes| fmt::or_unknown(bytes, fmt::bytes));
    words.push(format!("heap {} at the begin, {} at the end", heap[0], heap[1]));
    words.extend(gc.heap_live_mb.map(|live| format!("{} live", rough(live))));
    words.extend(gc.goal_mb.map(|goal| format!("goal {}", rough(goal))));
    words.extend(gc.forced.then(|| "forced".to_owned()));
    words.push(format!("begun by {line}"));
    words.join(", ")
}

fn long_task(task: &Task) -> String {
    let LongTask { duration_ms, kind, blocking_ms, script, script_ms, .. } = &task.told;
    let share = if *duration_ms > 0.0 { (task.go_ms / duration_ms).min(1.0) } else { 0.0 };
    let mut words = vec![format!("{} {}", kind.as_str(), fmt::ms(*duration_ms))];
    words.push(format!("{} in Go", fmt::percent(share)));
    words.extend(blocking_ms.map(|ms| format!("{} blocking", fmt::ms(ms))));
    words.extend(script.as_ref().map(|script| match script_ms {
        Some(ms) => format!("{} in {script}", fmt::ms(*ms)),
        None => script.clone(),
    }));
    if !task.lines.is_empty() {
        words.push(format!("crossings of {}", task.lines.join(", ")));
    }
    words.join(", ")
}

/// A track without data.
pub fn track_empty(name: &str) -> String {
    format!("{name}: nothing measured yet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let axis = [0.0, 400.0, 1_500.0, 12e3, 60e3, 90e3].map(axis_time);
        assert_eq!(axis, ["0 s", "400 ms", "1.5 s", "12 s", "1:00", "1:30"]);
        assert_eq!(cursor_time(12_340.0, 10.0), "12.34\u{a0}s");
        assert_eq!(cursor_time(167.86, 0.1), "167.9\u{a0}ms");
        assert_eq!(cursor_time(12_340.0, 600.0), "12.3\u{a0}s");
        assert_eq!(cursor_time(386_130.0, 60.0), "6:26.13");
        assert_eq!(cursor_time(59_999.0, 20.0), "1:00.00");
        assert_eq!(cursor_time(1_234.567_8, 0.01), "1.23457\u{a0}s");
    }

    #[test]
    fn ranges_are_as_precise_as_they_are_short() {
        let words = |start, end| range(Range::new(start, end));
        assert_eq!(words(2_100.0, 3_400.0), "2.10–3.40\u{a0}s");
        assert_eq!(words(62_140.0, 74_790.0), "1:02.1–1:14.8");
        assert_eq!(words(58_000.0, 74_790.0), "58.0–1:14.8");
        assert_eq!(words(2_000.0, 2_012.5), "2.0000–2.0125\u{a0}s");
        assert_eq!(words(0.0, 600e3), "0–10:00");
        assert_eq!(words(5.0, 6.0), "5.00–6.00\u{a0}ms");
        assert_eq!(words(88.0, 438.0), "88–438\u{a0}ms");
        assert_eq!(words(900.0, 1_400.0), "0.900–1.400\u{a0}s");
    }
}
