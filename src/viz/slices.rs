//! Stays in Go: a box each where there is room; where there is not, the part of each pixel column's time, by cause.
//!
//! A slice however short is at least a pixel high: none vanishes.

use super::{
    Bar, Fill, Ink, Range, Scale, Shape, Size,
    track::{Reading, Summary},
};
use crate::{state::history::History, text};
use session::{Cause, OpenSlice, Slice};

/// Causes from the bottom up.
pub const CAUSES: [(Cause, Ink, &str); 4] = [
    (Cause::Run, Ink::Run, text::CAUSE_RUN),
    (Cause::Timer, Ink::Timer, text::CAUSE_TIMER),
    (Cause::Event, Ink::Event, text::CAUSE_EVENT),
    (Cause::Export, Ink::Export, text::CAUSE_EXPORT),
];

/// A slice as long as this, in device pixels, is a box of its own.
const BOX: f64 = 3.0;

/// Slices that reach into a stretch of time.
fn over(history: &History, from: f64, to: f64) -> impl Iterator<Item = Slice> {
    // Outermost stays do not overlap, so ends are in order too.
    let first = history.slices.partition_point(|slice| slice.end < from);
    let ended = history.slices.from(first).copied();
    ended.chain(running(history)).take_while(move |slice| slice.start <= to).filter(move |it| it.end >= from)
}

/// The slice that has not ended, as far as it is known.
fn running(history: &History) -> Option<Slice> {
    let OpenSlice { start, cause } = history.open?;
    let slice = Slice { start, end: history.told, cause, bridge_ms: None, calls: 0 };
    (slice.end > start).then_some(slice)
}

/// A slice under the cursor.
fn reading(history: &History, slice: Slice) -> Reading {
    match history.open.filter(|_| running(history) == Some(slice)) {
        Some(open) => Reading::Running(open),
        None => Reading::Slice(slice),
    }
}

/// The part of a stretch of time that the thread was in Go; `None` before anything is known.
pub fn busy(history: &History, from: f64, to: f64) -> Option<f64> {
    figures(history, from, to).map(|(busy, ..)| busy)
}

/// The part in Go, the longest stay, and how many.
fn figures(history: &History, from: f64, to: f64) -> Option<(f64, f64, usize)> {
    // What is not yet told is not idle.
    let (from, to) = (from.max(history.begin?), to.min(history.told));
    if from >= to {
        return None;
    }
    let (mut ms, mut longest, mut count) = (0.0, 0.0f64, 0);
    for slice in over(history, from, to) {
        ms += (slice.end.min(to) - slice.start.max(from)).max(0.0);
        longest = longest.max(slice.end - slice.start);
        count += 1;
    }
    Some(((ms / (to - from)).min(1.0), longest, count))
}

/// Figures over a range.
pub fn summary(history: &History, range: Range) -> Option<Summary> {
    let (busy, longest, count) = figures(history, range.start, range.end)?;
    Some(Summary::Slices { busy, longest, count })
}

/// The slice under a cursor that covers `reach` ms, or all of them.
pub fn at(history: &History, time: f64, reach: f64) -> Reading {
    let under = |slice: &Slice| slice.start <= time && time < slice.end;
    let (from, to) = (time - reach / 2.0, time + reach / 2.0);
    let mut near = over(history, from, to);
    match (near.next(), near.next()) {
        (Some(only), None) => reading(history, only),
        (Some(_), Some(_)) => {
            match over(history, time, time).find(under).filter(|it| it.end - it.start > reach) {
                Some(slice) => reading(history, slice),
                None => figures(history, from, to).map_or(Reading::Unknown, |(busy, longest, count)| {
                    Reading::Slices { busy, longest, count }
                }),
            }
        }
        _ if history.begin.is_none_or(|begin| time < begin) || time > history.told => Reading::Unknown,
        _ => Reading::Idle,
    }
}

/// The display list.
pub fn shapes(history: &History, range: Range, size: Size) -> Vec<Shape> {
    let columns = size.columns();
    let scale = Scale::new(range, columns as f64);
    let mut layout = Layout { shares: vec![[0.0; 4]; columns], boxes: vec![None; columns], last: None };
    for slice in over(history, range.start, range.end) {
        let Some(cause) = CAUSES.iter().position(|(cause, ..)| *cause == slice.cause) else { continue };
        layout.add(cause, scale.to_pixel(slice.start), scale.to_pixel(slice.end));
    }
    layout.shapes(size.height - 1.0)
}

struct Layout {
    /// The part of each column's time, by cause.
    shares: Vec<[f32; 4]>,
    /// The cause of the box that covers a column.
    boxes: Vec<Option<usize>>,
    /// Where the last box ended, and how wide it is.
    last: Option<(usize, usize)>,
}

impl Layout {
    fn add(&mut self, cause: usize, from: f64, to: f64) {
        let end = self.shares.len();
        if to - from >= BOX {
            let (first, past) = (from.round().max(0.0) as usize, (to.round().max(0.0) as usize).min(end));
            // A hairline parts it from one that touches it.
            if let Some((before, _)) = self.last.filter(|(past, width)| *past == first && *width > 1) {
                self.boxes[before - 1] = None;
                self.shares[before - 1] = [0.0; 4];
            }
            if first < past {
                self.boxes[first..past].fill(Some(cause));
                self.last = Some((past, past - first));
            }
            return;
        }
        let first = from.max(0.0) as usize;
        let past = (to.max(0.0).ceil() as usize).max(first + 1);
        for (x, shares) in self.shares.iter_mut().enumerate().take(past).skip(first) {
            let part = (to.min(x as f64 + 1.0) - from.max(x as f64)).max(0.0) as f32;
            // A slice that the clock saw no length of was there all the same.
            shares[cause] += part.max(f32::MIN_POSITIVE);
        }
    }

    fn shapes(&self, height: f64) -> Vec<Shape> {
        let height = height as f32;
        let mut bars = vec![vec![Bar::default(); self.shares.len()]; CAUSES.len()];
        for (x, shares) in self.shares.iter().enumerate() {
            if let Some(cause) = self.boxes[x] {
                bars[cause][x] = Bar { from: 0.0, to: height };
                continue;
            }
            let (mut sum, mut from) = (0.0f32, 0.0f32);
            for (cause, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                sum += share;
                let to = (sum.min(1.0) * height).max(1.0);
                if to > from {
                    bars[cause][x] = Bar { from, to };
                    from = to;
                }
            }
        }
        let of = |((_, ink, _), bars): (&(Cause, Ink, &str), Vec<Bar>)| Shape::Bars {
            bars,
            ink: *ink,
            fill: Fill::Solid,
        };
        let seen = |bars: &[Bar]| bars.iter().any(|bar| bar.to > bar.from);
        CAUSES.iter().zip(bars).filter(|(_, bars)| seen(bars)).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn history(slices: &[(f64, f64, Cause)]) -> History {
        let mut history = History::default();
        (history.begin, history.told, history.now) = (Some(0.0), 1e3, 1e3);
        for (start, end, cause) in slices {
            let (start, end, cause) = (*start, *end, *cause);
            history.slices.push(Slice { start, end, cause, bridge_ms: Some(0.5), calls: 7 });
        }
        history
    }

    fn heights(history: &History, range: Range, width: f64) -> Vec<(Ink, Vec<f32>)> {
        let shapes = shapes(history, range, Size { width, height: 11.0, ratio: 1.0 });
        let bars = |shape| match shape {
            Shape::Bars { bars, ink, .. } => Some((ink, bars.iter().map(|bar| bar.to - bar.from).collect())),
            _ => None,
        };
        shapes.into_iter().filter_map(bars).collect()
    }

    #[test]
    fn from_afar_a_column_is_as_high_as_its_time_in_go() {
        let history =
            history(&[(0.0, 5.0, Cause::Timer), (10.0, 12.0, Cause::Event), (19.999, 20.0, Cause::Timer)]);
        let shown = heights(&history, Range::new(0.0, 30.0), 3.0);
        assert_eq!(shown[0], (Ink::Timer, vec![5.0, 1.0, 0.0]));
        assert_eq!(shown[1].0, Ink::Event);
        assert!((shown[1].1[1] - 1.0).abs() < 0.01 || (shown[1].1[1] - 2.0).abs() < 0.01, "{shown:?}");
    }

    #[test]
    fn close_by_each_is_a_box_and_neighbours_are_parted() {
        let history = history(&[(0.0, 4.0, Cause::Run), (4.0, 9.0, Cause::Timer)]);
        let shown = heights(&history, Range::new(0.0, 10.0), 10.0);
        let (full, none) = (10.0, 0.0);
        assert_eq!(shown[0], (Ink::Run, vec![full, full, full, none, none, none, none, none, none, none]));
        assert_eq!(shown[1], (Ink::Timer, vec![none, none, none, none, full, full, full, full, full, none]));
    }

    #[test]
    fn no_slice_vanishes() {
        let history = history(&[(500.0, 500.0, Cause::Export)]);
        assert_eq!(
            heights(&history, Range::new(0.0, 600e3), 10.0),
            [(Ink::Export, vec![1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])]
        );
    }

    #[test]
    fn the_cursor_finds_the_slice_under_it() {
        let slices = [(0.0, 5.0, Cause::Timer), (6.0, 7.0, Cause::Event), (7.5, 8.0, Cause::Timer)];
        let history = history(&slices);
        let found = |time, reach| at(&history, time, reach);
        assert!(matches!(found(2.0, 0.1), Reading::Slice(slice) if slice.end == 5.0 && slice.calls == 7));
        assert!(matches!(found(5.5, 1.2), Reading::Slices { count: 2, .. }));
        assert_eq!(found(5.5, 0.1), Reading::Idle);
        assert!(matches!(found(5.9, 0.4), Reading::Slice(slice) if slice.cause == Cause::Event));
        assert!(matches!(found(7.0, 2.0), Reading::Slices { count: 2, longest, .. } if longest == 1.0));
        assert_eq!(found(2e3, 0.1), Reading::Unknown);
    }

    #[test]
    fn what_has_not_ended_lasts_until_all_is_told() {
        let mut history = history(&[(0.0, 5.0, Cause::Timer)]);
        let open = OpenSlice { start: 600.0, cause: Cause::Event };
        history.open = Some(open);
        let shown = heights(&history, Range::new(0.0, 2e3), 20.0);
        let painted = |(at, height): (usize, &f32)| (*height > 0.0).then_some(at);
        let columns: Vec<usize> = shown[1].1.iter().enumerate().filter_map(painted).collect();
        assert_eq!((shown[1].0, columns), (Ink::Event, vec![6, 7, 8, 9]));
        assert_eq!(at(&history, 900.0, 1.0), Reading::Running(open));
        assert_eq!(at(&history, 500.0, 1.0), Reading::Idle);
        assert_eq!(at(&history, 1_200.0, 1.0), Reading::Unknown);
        assert_eq!(busy(&history, 500.0, 1_000.0), Some(0.8));
        let all = summary(&history, Range::new(500.0, 2e3));
        assert_eq!(all, Some(Summary::Slices { busy: 0.8, longest: 400.0, count: 1 }));
    }

    #[test]
    fn figures_over_a_range() {
        let history = history(&[(0.0, 50.0, Cause::Run), (100.0, 150.0, Cause::Timer)]);
        let all = summary(&history, Range::new(0.0, 200.0));
        assert_eq!(all, Some(Summary::Slices { busy: 0.5, longest: 50.0, count: 2 }));
        assert_eq!(busy(&history, 25.0, 75.0), Some(0.5));
        assert_eq!(busy(&history, 2e3, 3e3), None);
        assert_eq!(summary(&History::default(), Range::new(0.0, 1.0)), None);
    }

    proptest! {
        /// From afar, what is painted is the time in Go, give or take the pixel each column has at least.
        #[test]
        fn painted_is_the_time_in_go(lengths in prop::collection::vec((0.0..2.0f64, 0.01..2.0f64), 1..200)) {
            let mut at = 0.0;
            let slices: Vec<_> = lengths.iter().map(|(idle, go)| {
                let start = at + idle;
                at = start + go;
                (start, at, Cause::Timer)
            }).collect();
            let mut history = history(&slices);
            history.told = at;
            // One column is longer than any slice: no boxes.
            let columns = (at / 4.0).floor().max(1.0);
            let shown = heights(&history, Range::new(0.0, at), columns);
            let painted: f64 = shown[0].1.iter().map(|height| f64::from(*height) / 10.0 / columns).sum();
            let busy = busy(&history, 0.0, at).unwrap();
            prop_assert!(painted >= busy - 1e-3 && painted <= busy + 0.1, "{} of {}", painted, busy);
        }
    }
}
