//! Words of the tracks and the time axis.

use crate::{
    state::{kind::Kind, span::Span},
    viz::{
        Range,
        track::{Reading, Summary, Unit},
    },
};
use session::fmt;

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
pub const TRACK_NOW_ABOUT: &str = "Mean of the last second";
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
        Reading::Bands(total, _) => value(unit, *total),
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
        _ => self::reading(unit, reading),
    }
}

/// What a track shows over a range, for those who do not see it.
pub fn track_summary(name: &str, unit: Unit, over: Range, latest: Option<f64>, summary: Summary) -> String {
    let now = fmt::or_unknown(latest, |latest| value(unit, latest));
    let figures = match summary {
        Summary::Bands { least, greatest } => {
            format!("least {}, greatest {}", value(unit, least), value(unit, greatest))
        }
        Summary::Slices { busy, longest, count } => reading(unit, &Reading::Slices { busy, longest, count }),
    };
    format!("{name}: now {now}; {}: {figures}", range(over))
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
