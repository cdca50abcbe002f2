//! Bands: values of buckets, stacked in steps, light up to each column's peak.
//!
//! Where several buckets share a pixel column, the solid part is the bucket of least total, by band, and the faint
//! part above it reaches the greatest total: neither a dip nor a spike is averaged away.

use super::{
    Align, Bar, Range, Scale, Shape, Size,
    downsample::{self, Column},
    ticks,
    track::{Band, Reading, Summary},
};
use crate::state::history::{Bucket, History};

fn total(bands: &[Band], bucket: &Bucket) -> f64 {
    bands.iter().map(|band| (band.value)(bucket)).sum()
}

/// Position of the first bucket that reaches into `range`.
fn first(history: &History, range: Range) -> usize {
    history.buckets.partition_point(|bucket| bucket.end <= range.start)
}

fn columns(bands: &[Band], history: &History, range: Range, width: usize) -> Vec<Option<Column>> {
    let buckets = history.buckets.from(first(history, range));
    downsample::columns(buckets.map(|it| (it.start, it.end, total(bands, it))), range, width)
}

/// Least and greatest total in `range`; `None` where nothing was measured.
pub fn summary(bands: &[Band], history: &History, range: Range) -> Option<Summary> {
    let column = columns(bands, history, range, 1).pop()??;
    Some(Summary::Bands { least: column.least, greatest: column.greatest })
}

/// The total and each band's value in the bucket at a time.
pub fn at(bands: &[Band], history: &History, time: f64) -> Reading {
    let at = history.buckets.partition_point(|bucket| bucket.end <= time);
    let Some(bucket) = history.buckets.get(at).filter(|bucket| bucket.start <= time) else {
        return Reading::Unknown;
    };
    let parts = bands.iter().map(|band| (band.name, band.ink, (band.value)(bucket))).collect();
    Some(total(bands, bucket))
        .filter(|it| !it.is_nan())
        .map_or(Reading::Unknown, |it| Reading::Bands(it, parts))
}

/// The display list; `label` words a value for the axis.
pub fn shapes(
    bands: &[Band],
    history: &History,
    range: Range,
    size: Size,
    label: impl Fn(f64) -> String,
) -> Vec<Shape> {
    let from = first(history, range);
    let columns = columns(bands, history, range, size.columns());
    let greatest = columns.iter().flatten().map(|c| c.greatest).fold(0.0, f64::max);
    let top = ticks::ceiling(greatest);
    // A hair of room above the ceiling, so that a full track does not touch its neighbour.
    let y = Scale::new(Range::new(0.0, top), size.height - 1.0);
    let stack = |faint: bool| {
        let pick = move |column: &Column| from + if faint { column.high } else { column.low };
        stack(bands, history, &columns, y, pick, faint)
    };
    let mut out = Vec::new();
    if columns.iter().flatten().any(|c| c.low != c.high) {
        out.extend(stack(true));
    }
    out.extend(stack(false));
    if greatest > 0.0 {
        out.push(Shape::Text { at: (4.0, 8.0), align: Align::Start, text: label(top) });
    }
    out
}

/// The bands of one bucket in each column, each from the top of those below it.
fn stack(
    bands: &[Band],
    history: &History,
    columns: &[Option<Column>],
    y: Scale,
    pick: impl Fn(&Column) -> usize,
    faint: bool,
) -> Vec<Shape> {
    let mut bars = vec![vec![Bar::default(); columns.len()]; bands.len()];
    let mut seen = vec![false; bands.len()];
    for (x, column) in columns.iter().enumerate() {
        let Some(bucket) = column.as_ref().and_then(|column| history.buckets.get(pick(column))) else {
            continue;
        };
        let (mut sum, mut from) = (0.0, 0.0f64);
        // What is not nothing is at least a pixel high.
        let scale = if total(bands, bucket) > 0.0 { y } else { continue };
        for (n, band) in bands.iter().enumerate() {
            sum += (band.value)(bucket);
            let to = scale.to_pixel(sum);
            let to = if sum > 0.0 { to.max(1.0) } else { to };
            if to > from {
                bars[n][x] = Bar { from: from as f32, to: to as f32 };
                seen[n] = true;
                from = to;
            }
        }
    }
    let of = |(band, bars): (&Band, Vec<Bar>)| Shape::Bars { bars, ink: band.ink, faint };
    bands.iter().zip(bars).zip(seen).filter(|(_, seen)| *seen).map(|(it, _)| of(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::Ink, *};

    const TWO: &[Band] = &[
        Band { name: "a", ink: Ink::Get, value: |bucket| bucket.calls[0] },
        Band { name: "b", ink: Ink::Set, value: |bucket| bucket.calls[1] },
    ];

    /// Colour, faintness, and from where to where in each column.
    type Drawn = (Ink, bool, Vec<(f32, f32)>);

    fn history(values: &[(f64, f64)]) -> History {
        let mut history = History::default();
        for (i, (a, b)) in values.iter().enumerate() {
            let (start, calls) = (i as f64, [*a, *b, 0.0, 0.0, 0.0]);
            history.buckets.push(Bucket {
                start,
                end: start + 1.0,
                calls,
                to_go: 0.0,
                to_js: 0.0,
                memory: 0.0,
            });
        }
        history
    }

    fn drawn(values: &[(f64, f64)], range: Range, width: f64) -> Vec<Drawn> {
        let size = Size { width, height: 100.0, ratio: 1.0 };
        let shapes = shapes(TWO, &history(values), range, size, |value| value.to_string());
        let bars = |shape| match shape {
            Shape::Bars { bars, ink, faint } => {
                Some((ink, faint, bars.iter().map(|bar| (bar.from, bar.to)).collect()))
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
            at(TWO, &history, 1.5),
            Reading::Bands(7.0, vec![("a", Ink::Get, 4.0), ("b", Ink::Set, 3.0)])
        );
        assert_eq!(at(TWO, &history, 2.5), Reading::Unknown);
        let all = summary(TWO, &history, Range::new(0.0, 2.0));
        assert_eq!(all, Some(Summary::Bands { least: 3.0, greatest: 7.0 }));
        assert_eq!(summary(TWO, &history, Range::new(5.0, 6.0)), None);
    }
}
