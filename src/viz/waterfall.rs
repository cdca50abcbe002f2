//! The phases of a start as bars on an axis of their own: it ends where start-up does, not now.

use super::{Range, Scale};

/// A stretch of time that may still be running.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Begin, ms.
    pub start: f64,
    /// End, ms; `None` while it runs.
    pub end: Option<f64>,
}

/// A bar, in parts of the axis (0 to 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Where it begins.
    pub from: f64,
    /// How much of the axis it takes.
    pub length: f64,
    /// It goes on beyond the axis.
    pub open: bool,
}

/// One bar for each span. A span named by `last` (`main`) may outlast start-up by far: the axis goes on past its
/// start by a tenth only, and the bar stays open.
pub fn bars(spans: &[Span], last: Option<usize>) -> Vec<Bar> {
    let start = spans.iter().map(|span| span.start).fold(f64::INFINITY, f64::min);
    let known = |(i, span): (usize, &Span)| match span.end {
        Some(end) if Some(i) != last => end,
        _ => span.start,
    };
    let end = spans.iter().enumerate().map(known).fold(f64::NEG_INFINITY, f64::max);
    let beyond = spans.iter().enumerate().any(|(i, span)| Some(i) == last || span.end.is_none());
    let room = if beyond { (end - start).max(1.0) * 0.1 } else { 0.0 };
    let axis = Scale::new(Range::new(start, end + room), 1.0);
    spans.iter().map(|span| bar(*span, axis)).collect()
}

/// Where a span lies on an axis that does not care about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lane {
    /// All of it before what is shown.
    Before,
    /// Some of it is shown.
    Shown(Bar),
    /// All of it after what is shown.
    After,
}

/// One lane for each span, on the time axis that is shown.
pub fn lanes(spans: &[Span], shown: Range) -> Vec<Lane> {
    let axis = Scale::new(shown, 1.0);
    let lane = |span: &Span| {
        let end = span.end.unwrap_or(f64::INFINITY).max(span.start);
        if end < shown.start {
            Lane::Before
        } else if span.start > shown.end {
            Lane::After
        } else {
            Lane::Shown(bar(*span, axis))
        }
    };
    spans.iter().map(lane).collect()
}

fn bar(span: Span, axis: Scale) -> Bar {
    let from = axis.to_pixel(span.start).clamp(0.0, 1.0);
    let end = span.end.map_or(f64::INFINITY, |end| axis.to_pixel(end));
    Bar { from, length: (end.min(1.0) - from).max(0.0), open: end > 1.0 + 1e-9 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(start: f64, end: Option<f64>) -> Span {
        Span { start, end }
    }

    #[test]
    fn a_running_main_does_not_squeeze_the_start() {
        let bars = bars(&[span(0.0, Some(400.0)), span(400.0, Some(1000.0)), span(1000.0, None)], Some(2));
        assert!((bars[0].length - 400.0 / 1100.0).abs() < 1e-9);
        assert!(bars[2].open && (bars[2].from - 1000.0 / 1100.0).abs() < 1e-9);
        assert!((bars[2].from + bars[2].length - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_main_that_ended_long_after_is_open_too() {
        let bars = bars(&[span(0.0, Some(10.0)), span(10.0, Some(1e6))], Some(1));
        assert!(bars[1].open && bars[0].length > 0.8);
    }

    proptest! {
        #[test]
        fn lanes_lie_on_the_axis(
            start in 0.0..1e6f64, len in 0.0..1e6f64, running: bool, from in 0.0..1e6f64, shown in 1.0..1e6f64,
        ) {
            let shown = Range::new(from, from + shown);
            let span = span(start, (!running).then_some(start + len));
            match lanes(&[span], shown)[0] {
                Lane::Before => prop_assert!(!running && start + len < shown.start),
                Lane::After => prop_assert!(start > shown.end),
                Lane::Shown(bar) => {
                    prop_assert!(bar.from >= 0.0 && bar.length >= 0.0 && bar.from + bar.length <= 1.0 + 1e-9);
                    let goes_on = running || start + len > shown.end + shown.len() * 1e-9;
                    prop_assert_eq!(bar.open, goes_on);
                    // Its ends are those of the span where these are shown.
                    if start >= shown.start {
                        prop_assert!((shown.start + bar.from * shown.len() - start).abs() < 1e-3);
                    }
                }
            }
        }
    }

    #[test]
    fn no_spans_no_bars_and_no_length_no_trouble() {
        assert!(bars(&[], None).is_empty());
        let only = bars(&[span(5.0, Some(5.0))], None);
        assert!(only[0].from.is_finite() && only[0].length.is_finite());
    }
}
