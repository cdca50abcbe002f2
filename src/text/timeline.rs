//! Words of the tracks and the time axis.

use crate::{
    state::{kind::Kind, span::Span},
    viz::{Range, plot::Unit},
};
use session::fmt;

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
pub const FULL_RANGE: &str = "Full range";
pub const RANGE_CHIP: &str = "Selected time";
pub const RANGE_ZOOM: &str = "Zoom to the selection";
pub const RANGE_CLEAR: &str = "Clear the selection";
pub const PLOTS_KEYS: &str = "Left and right arrows move the cursor, Escape takes it away";

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

/// A track's value.
pub fn value(unit: Unit, value: f64) -> String {
    match unit {
        Unit::PerSecond => fmt::rate(value),
        Unit::Bytes => fmt::bytes(value),
    }
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

/// A stretch of time, as precise as a hundredth of its length: `2.10–3.40 s`, `1:02.1–1:14.8`.
pub fn range(range: Range) -> String {
    let digits = decimals(range.len() / 100.0);
    let (start, end) = (clock(range.start, digits), clock(range.end, digits));
    let unit = if end.contains(':') { "" } else { "\u{a0}s" };
    format!("{start}–{end}{unit}")
}

/// What a track shows, for those who do not see it.
pub fn track_summary(name: &str, seconds: f64, latest: &str, least: &str, greatest: &str) -> String {
    format!("{name} over {seconds:.0} s: now {latest}, least {least}, greatest {greatest}")
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
        assert_eq!(cursor_time(12_340.0), "12.34 s");
        assert_eq!(cursor_time(386_130.0), "6:26.13");
        assert_eq!(cursor_time(59_999.0), "1:00.00");
    }

    #[test]
    fn ranges_are_as_precise_as_they_are_short() {
        let words = |start, end| range(Range::new(start, end));
        assert_eq!(words(2_100.0, 3_400.0), "2.10–3.40\u{a0}s");
        assert_eq!(words(62_140.0, 74_790.0), "1:02.1–1:14.8");
        assert_eq!(words(58_000.0, 74_790.0), "58.0–1:14.8");
        assert_eq!(words(2_000.0, 2_012.5), "2.0000–2.0125\u{a0}s");
        assert_eq!(words(0.0, 600e3), "0–10:00");
        assert_eq!(words(5.0, 6.0), "0.00500–0.00600\u{a0}s");
    }
}
