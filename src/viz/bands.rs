//! Bands: values of buckets, stacked in steps, light up to each column's peak.
//!
//! Where several buckets share a pixel column, the solid part is the bucket of least total, by band, and the faint
//! part above it reaches the greatest total: neither a dip nor a spike is averaged away.

use super::{
    Align, Bar, Fill, Ink, Range, Scale, Shape, Size,
    downsample::{self, Column},
    ticks,
    track::{Band, Reading, Summary},
};
use crate::state::{column, history::Stretch};

type Rows<T> = column::Column<T>;

/// Of the columns that are not nothing so many may be clipped.
const CLIPPED: f64 = 0.1;
/// No spike is clipped that is not so many times as high as the rest.
const SPIKE: f64 = 4.0;
/// Height of the mark on a column that is clipped, CSS pixels.
const CLIP_MARK: f64 = 3.0;
/// A plot lower and narrower than this, CSS pixels, has the track's name where the top would be told.
const NAMED: (f64, f64) = (24.0, 640.0);

/// How values become heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Top {
    /// The greatest fits.
    Greatest,
    /// A few spikes may be cut off, and say so: they would flatten all the rest.
    Robust,
}

fn total<T>(bands: &[Band<T>], row: &T) -> f64 {
    bands.iter().map(|band| (band.value)(row)).sum()
}

/// Position of the first row that reaches into `range`.
fn first<T: Stretch + Clone>(rows: &Rows<T>, range: Range) -> usize {
    rows.partition_point(|row| row.end() <= range.start)
}

fn columns<T: Stretch + Clone>(
    bands: &[Band<T>],
    rows: &Rows<T>,
    range: Range,
    width: usize,
) -> Vec<Option<Column>> {
    let rows = rows.from(first(rows, range));
    downsample::columns(rows.map(|it| (it.start(), it.end(), total(bands, it))), range, width)
}

/// Least and greatest total in `range`, and their mean over its time; `None` where nothing was measured.
pub fn summary<T: Stretch + Clone>(bands: &[Band<T>], rows: &Rows<T>, range: Range) -> Option<Summary> {
    let column = columns(bands, rows, range, 1).pop()??;
    let (mut sum, mut ms) = (0.0, 0.0);
    for row in rows.from(first(rows, range)).take_while(|row| row.start() < range.end) {
        let (value, part) = (total(bands, row), row.end().min(range.end) - row.start().max(range.start));
        if !value.is_nan() {
            (sum, ms) = (sum + value * part, ms + part);
        }
    }
    let mean = if ms > 0.0 { sum / ms } else { column.greatest };
    Some(Summary::Bands { least: column.least, mean, greatest: column.greatest })
}

/// The total and each band's value at a time: of the row that holds then, or else of the greatest within `reach` ms.
pub fn at<T: Stretch + Clone>(bands: &[Band<T>], rows: &Rows<T>, time: f64, reach: f64) -> Reading {
    let at = rows.partition_point(|row| row.end() <= time);
    let holds = rows.get(at).filter(|row| row.start() <= time && reach == 0.0);
    let near = || {
        let from = rows.partition_point(|row| row.end() < time - reach);
        let near = rows.from(from).take_while(|row| row.start() <= time + reach);
        near.filter(|row| !total(bands, row).is_nan())
    };
    let greatest = || near().max_by(|a, b| total(bands, a).total_cmp(&total(bands, b)));
    let Some(row) = holds.or_else(|| greatest().filter(|_| reach > 0.0)) else { return Reading::Unknown };
    let parts = bands.iter().map(|band| (band.name, band.ink, (band.value)(row))).collect();
    let count = if reach > 0.0 { near().count() } else { 1 };
    Some(total(bands, row))
        .filter(|it| !it.is_nan())
        .map_or(Reading::Unknown, |it| Reading::Bands(it, parts, count))
}

/// The top of the axis, and the greatest value where that is above it.
fn top(columns: &[Option<Column>], how: Top) -> (f64, Option<f64>) {
    let mut values: Vec<f64> =
        columns.iter().flatten().map(|column| column.greatest).filter(|it| *it > 0.0).collect();
    let greatest = values.iter().copied().fold(0.0, f64::max);
    if how == Top::Robust && !values.is_empty() {
        let at = ((values.len() as f64 * (1.0 - CLIPPED)).ceil() as usize).clamp(1, values.len()) - 1;
        let (_, rest, _) = values.select_nth_unstable_by(at, f64::total_cmp);
        let top = ticks::ceiling(*rest);
        if greatest > top * SPIKE {
            return (top, Some(greatest));
        }
    }
    (ticks::ceiling(greatest), None)
}

/// The display list; `label` words the top of the axis, and what is above it.
pub fn shapes<T: Stretch + Clone>(
    bands: &[Band<T>],
    rows: &Rows<T>,
    range: Range,
    size: Size,
    how: Top,
    label: impl Fn(f64, Option<f64>) -> String,
) -> Vec<Shape> {
    let from = first(rows, range);
    let columns = columns(bands, rows, range, size.columns());
    let (top, clipped) = top(&columns, how);
    // A hair of room above the ceiling, so that a full track does not touch its neighbour.
    let y = Scale::new(Range::new(0.0, top), size.height - 1.0);
    let stack = |faint: bool| {
        let pick = move |column: &Column| from + if faint { column.high } else { column.low };
        stack(bands, rows, &columns, y, pick, faint)
    };
    let mut out = Vec::new();
    if columns.iter().flatten().any(|c| c.low != c.high) {
        out.extend(stack(true));
    }
    out.extend(stack(false));
    if clipped.is_some() {
        let to = size.height as f32;
        let mark = Bar { from: to - CLIP_MARK as f32, to };
        let of = |column: &Option<Column>| {
            column.filter(|it| it.greatest > top).map_or_else(Bar::default, |_| mark)
        };
        let bars = columns.iter().map(of).collect();
        out.push(Shape::Bars { bars, ink: Ink::Clipped, fill: Fill::Solid });
    }
    let named = size.height < NAMED.0 && size.width < NAMED.1;
    if !named && columns.iter().flatten().any(|column| column.greatest > 0.0) {
        out.push(Shape::Text { at: (4.0, 8.0), align: Align::Start, text: label(top, clipped) });
    }
    out
}

/// The bands of one row in each column, each from the top of those below it.
fn stack<T: Clone>(
    bands: &[Band<T>],
    rows: &Rows<T>,
    columns: &[Option<Column>],
    y: Scale,
    pick: impl Fn(&Column) -> usize,
    faint: bool,
) -> Vec<Shape> {
    let mut bars = vec![vec![Bar::default(); columns.len()]; bands.len()];
    let mut seen = vec![false; bands.len()];
    for (x, column) in columns.iter().enumerate() {
        let Some(row) = column.as_ref().and_then(|column| rows.get(pick(column))) else { continue };
        let (mut sum, mut from) = (0.0, 0.0f64);
        // What is not nothing is at least a pixel high.
        let scale = if total(bands, row) > 0.0 { y } else { continue };
        for (n, band) in bands.iter().enumerate() {
            sum += (band.value)(row);
            let to = scale.to_pixel(sum);
            let to = if sum > 0.0 { to.max(1.0) } else { to };
            if to > from {
                bars[n][x] = Bar { from: from as f32, to: to as f32 };
                seen[n] = true;
                from = to;
            }
        }
    }
    let fill = |band: &Band<T>| match (faint, band.bound) {
        (_, true) => Fill::Hatched,
        (true, false) => Fill::Faint,
        (false, false) => Fill::Solid,
    };
    let of = |(band, bars): (&Band<T>, Vec<Bar>)| Shape::Bars { bars, ink: band.ink, fill: fill(band) };
    bands.iter().zip(bars).zip(seen).filter(|(_, seen)| *seen).map(|(it, _)| of(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::history::Bucket;

    const TWO: &[Band<Bucket>] = &[
        Band { name: "a", ink: Ink::Get, value: |bucket| bucket.calls[0], bound: false },
        Band { name: "b", ink: Ink::Set, value: |bucket| bucket.calls[1], bound: false },
    ];

    /// Colour, faintness, and from where to where in each column.
    type Drawn = (Ink, bool, Vec<(f32, f32)>);

    fn history(values: &[(f64, f64)]) -> Rows<Bucket> {
        let mut history = Rows::default();
        for (i, (a, b)) in values.iter().enumerate() {
            let (start, calls) = (i as f64, [*a, *b, 0.0, 0.0, 0.0]);
            history.push(Bucket {
                start,
                end: start + 1.0,
                calls,
                to_go: 0.0,
                to_js: 0.0,
                memory: 0.0,
                refs: f64::NAN,
                js_heap: 0.0,
                goroutines: 0.0,
            });
        }
        history
    }

    fn drawn(values: &[(f64, f64)], range: Range, width: f64) -> Vec<Drawn> {
        let size = Size { width, height: 100.0, ratio: 1.0 };
        let label = |value: f64, _| value.to_string();
        let shapes = shapes(TWO, &history(values), range, size, Top::Greatest, label);
        let bars = |shape| match shape {
            Shape::Bars { bars, ink, fill } => {
                Some((ink, fill == Fill::Faint, bars.iter().map(|bar| (bar.from, bar.to)).collect()))
            }
            _ => None,
        };
        shapes.into_iter().filter_map(bars).collect()
    }

    #[test]
    fn bands_stack() {
        // Ceiling 50 over 99 px.
        let (a, b) = (49.5, 99.0);
        let expected = [(Ink::Get, false, vec![(0.0, a); 2]), (Ink::Set, false, vec![(a, b); 2])];
        assert_eq!(drawn(&[(25.0, 25.0)], Range::new(0.0, 1.0), 2.0), expected);
    }

    #[test]
    fn crowded_columns_keep_dip_and_spike() {
        let values = [(10.0, 0.0), (100.0, 0.0), (40.0, 0.0)];
        let expected = [(Ink::Get, true, vec![(0.0, 99.0)]), (Ink::Get, false, vec![(0.0, 9.9)])];
        assert_eq!(drawn(&values, Range::new(0.0, 3.0), 1.0), expected);
    }

    #[test]
    fn gaps_stay_empty_and_little_is_still_seen() {
        let values = [(1e6, 0.0), (f64::NAN, 0.0), (1.0, 0.0), (0.0, 0.0)];
        let expected = [(Ink::Get, false, vec![(0.0, 99.0), (0.0, 0.0), (0.0, 1.0), (0.0, 0.0)])];
        assert_eq!(drawn(&values, Range::new(0.0, 4.0), 4.0), expected);
    }

    #[test]
    fn zoomed_in_the_right_bucket_is_shown() {
        let values: Vec<(f64, f64)> = (0..1000).map(|i| (f64::from(i), 0.0)).collect();
        let shown = drawn(&values, Range::new(500.0, 502.0), 2.0);
        let top = |value: f32| value / 1000.0 * 99.0;
        assert_eq!(shown, [(Ink::Get, false, vec![(0.0, top(500.0)), (0.0, top(501.0))])]);
    }

    #[test]
    fn figures_at_a_time_and_over_a_range() {
        let history = history(&[(1.0, 2.0), (4.0, 3.0)]);
        assert_eq!(
            at(TWO, &history, 1.5, 0.0),
            Reading::Bands(7.0, vec![("a", Ink::Get, 4.0), ("b", Ink::Set, 3.0)], 1)
        );
        assert_eq!(at(TWO, &history, 2.5, 0.0), Reading::Unknown);
        let all = summary(TWO, &history, Range::new(0.0, 2.0));
        assert_eq!(all, Some(Summary::Bands { least: 3.0, mean: 5.0, greatest: 7.0 }));
        assert_eq!(summary(TWO, &history, Range::new(5.0, 6.0)), None);
    }

    #[test]
    fn a_few_spikes_do_not_flatten_the_rest() {
        let clipped = |values: &[(f64, f64)]| {
            let all = Range::new(0.0, values.len() as f64);
            top(&columns(TWO, &history(values), all, values.len()), Top::Robust)
        };
        let mut values = vec![(90.0, 0.0); 100];
        values[7] = (900.0, 0.0);
        assert_eq!(clipped(&values), (100.0, Some(900.0)));
        values[7] = (400.0, 0.0);
        assert_eq!(clipped(&values), (500.0, None), "not so high");
        let often: Vec<_> = (0..100).map(|i| if i % 5 == 0 { (900.0, 0.0) } else { (9.0, 0.0) }).collect();
        assert_eq!(clipped(&often), (1000.0, None), "not few");
        let mut idle = vec![(0.0, 0.0); 100];
        idle[7] = (900.0, 0.0);
        assert_eq!(clipped(&idle), (1000.0, None), "nothing to flatten");
    }

    #[test]
    fn a_column_that_is_clipped_is_marked_and_the_label_tells() {
        let mut values = vec![(90.0, 0.0); 40];
        values[3] = (900.0, 0.0);
        let size = Size { width: 40.0, height: 100.0, ratio: 1.0 };
        let label = |top: f64, above: Option<f64>| format!("{top} {above:?}");
        let shapes = shapes(TWO, &history(&values), Range::new(0.0, 40.0), size, Top::Robust, label);
        let marked = |shape: &Shape| match shape {
            Shape::Bars { bars, ink: Ink::Clipped, .. } => {
                Some(bars.iter().enumerate().filter(|(_, bar)| bar.to > bar.from).map(|it| it.0).collect())
            }
            _ => None,
        };
        let marked: Vec<Vec<usize>> = shapes.iter().filter_map(marked).collect();
        assert_eq!(marked, [[3]]);
        let texts: Vec<_> = shapes
            .iter()
            .filter_map(|it| match it {
                Shape::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(texts, ["100 Some(900.0)"]);
    }

    #[test]
    fn rows_apart_are_found_from_near_and_counted() {
        let mut rows = Rows::default();
        for (start, calls) in [(10.0, 3.0), (20.0, 9.0), (40.0, 1.0)] {
            rows.push(Bucket {
                start,
                end: start + 1.0,
                calls: [calls, 0.0, 0.0, 0.0, 0.0],
                to_go: 0.0,
                to_js: 0.0,
                memory: 0.0,
                refs: 0.0,
                js_heap: 0.0,
                goroutines: 0.0,
            });
        }
        let value = |time, reach| match at(TWO, &rows, time, reach) {
            Reading::Bands(total, _, count) => Some((total, count)),
            _ => None,
        };
        assert_eq!(value(15.0, 6.0), Some((9.0, 2)));
        assert_eq!(value(10.5, 1.0), Some((3.0, 1)));
        assert_eq!(value(30.0, 5.0), None);
        assert_eq!(value(30.0, 0.0), None);
    }
}
