//! One track on the shared time axis: bands stacked in steps, light up to each column's peak.
//!
//! Where several buckets share a pixel column, the solid part is the bucket of least total, by band, and the faint
//! part above it reaches the greatest total: neither a dip nor a spike is averaged away.

use super::{
    Align, Ink, Range, Scale, Shape,
    downsample::{self, Column},
    ticks,
};

/// Space between two time ticks, in pixels, at least.
const TICKS_APART: f64 = 90.0;

/// What a track's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Events per second.
    PerSecond,
    /// Bytes.
    Bytes,
}

/// One stacked part of a track.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// What it is called in legends.
    pub name: &'static str,
    /// Its colour.
    pub ink: Ink,
    /// Its value in each bucket.
    pub values: Vec<f64>,
}

/// A chart over time.
#[derive(Clone, Debug)]
pub struct Track {
    /// Its name in the margin.
    pub name: &'static str,
    /// What the name leaves unsaid.
    pub about: &'static str,
    /// What its values are.
    pub unit: Unit,
    /// Its height in CSS pixels.
    pub height: u32,
    /// Bucket i spans `edges[i]..edges[i + 1]`, ms; one edge more than there are values.
    pub edges: Vec<f64>,
    /// From the bottom up.
    pub bands: Vec<Band>,
    /// The value now, where there is one.
    pub latest: Option<f64>,
}

/// A track's figures over a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Least total.
    pub least: f64,
    /// Greatest total.
    pub greatest: f64,
}

// Made anew with every reading, so identity tells; comparing thousands of numbers would not pay.
impl PartialEq for Track {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Track {
    /// The sum of all bands in each bucket; NaN where a band is unknown.
    pub fn totals(&self) -> Vec<f64> {
        let buckets = self.edges.len().saturating_sub(1);
        let value = |band: &Band, i: usize| band.values.get(i).copied().unwrap_or(f64::NAN);
        (0..buckets).map(|i| self.bands.iter().map(|band| value(band, i)).sum()).collect()
    }

    /// Least and greatest total in `range`; `None` where nothing was measured.
    pub fn summary(&self, range: Range) -> Option<Summary> {
        let totals = self.totals();
        let column = downsample::columns(&self.edges, &totals, range, 1).pop()??;
        Some(Summary { least: totals[column.low], greatest: totals[column.high] })
    }

    /// The total and each band's value in the bucket at a time.
    pub fn at(&self, time: f64) -> Option<(f64, Vec<f64>)> {
        let i = downsample::bucket_at(&self.edges, time)?;
        let parts: Vec<f64> = self.bands.iter().filter_map(|band| band.values.get(i).copied()).collect();
        let total: f64 = parts.iter().sum();
        (!total.is_nan()).then_some((total, parts))
    }
}

/// The display list of a track of `width` by `track.height`; `label` words a value for the axis.
pub fn shapes(track: &Track, range: Range, width: f64, label: impl Fn(f64) -> String) -> Vec<Shape> {
    let height = f64::from(track.height);
    let mut out = grid(range, width, height);
    let totals = track.totals();
    let columns = downsample::columns(&track.edges, &totals, range, width.max(0.0) as usize);
    let greatest = columns.iter().flatten().map(|c| totals[c.high]).fold(0.0, f64::max);
    let top = ticks::ceiling(greatest);
    // A hair of room above the ceiling, so that a full track does not touch its neighbour.
    let y = Scale::new(Range::new(0.0, top), height - 1.0);

    if columns.iter().flatten().any(|c| c.low != c.high) {
        out.extend(stack(track, &columns, y, |c| c.high, true));
    }
    out.extend(stack(track, &columns, y, |c| c.low, false));
    if greatest > 0.0 {
        out.push(Shape::Text { at: (4.0, 8.0), align: Align::Start, text: label(top) });
    }
    out
}

/// The time axis: ticks and their names, `name` wording a time.
pub fn axis(range: Range, width: f64, height: f64, name: impl Fn(f64) -> String) -> Vec<Shape> {
    let scale = Scale::new(range, width);
    let mut out = Vec::new();
    for time in ticks::time(range, width, TICKS_APART) {
        let x = scale.to_pixel(time);
        out.push(Shape::Hairline { from: (x, height - 4.0), to: (x, height) });
        // A name that would be cut by an edge is left out: its tick still stands.
        if x > 16.0 && x < width - 16.0 {
            out.push(Shape::Text { at: (x, height / 2.0 - 1.0), align: Align::Middle, text: name(time) });
        }
    }
    out
}

fn grid(range: Range, width: f64, height: f64) -> Vec<Shape> {
    let scale = Scale::new(range, width);
    let upright = |time: f64| {
        let x = scale.to_pixel(time);
        Shape::Hairline { from: (x, 0.0), to: (x, height) }
    };
    let ends = ticks::time(range, width, TICKS_APART).into_iter().map(upright);
    ends.chain([Shape::Hairline { from: (0.0, height / 2.0), to: (width, height / 2.0) }]).collect()
}

/// The bands of one bucket in each column, each painted with all below it and covered by the next lower.
fn stack(
    track: &Track,
    columns: &[Option<Column>],
    y: Scale,
    bucket: fn(&Column) -> usize,
    faint: bool,
) -> Vec<Shape> {
    let mut out = Vec::new();
    for (n, band) in track.bands.iter().enumerate().rev() {
        if !band.values.iter().any(|value| *value > 0.0) {
            continue;
        }
        let below = &track.bands[..=n];
        let sum = |c: &Column| below.iter().filter_map(|b| b.values.get(bucket(c))).sum::<f64>();
        let areas = steps(columns, f64::from(track.height), y, sum);
        out.extend(areas.into_iter().map(|points| Shape::Area { points, ink: band.ink, faint }));
    }
    out
}

/// Polygons under a stepped line, one for each stretch without a gap.
fn steps(
    columns: &[Option<Column>],
    height: f64,
    y: Scale,
    value: impl Fn(&Column) -> f64,
) -> Vec<Vec<(f64, f64)>> {
    let mut out: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut open: Option<Vec<(f64, f64)>> = None;
    for (x, column) in columns.iter().enumerate() {
        let x = x as f64;
        let Some(column) = column else {
            out.extend(open.take().map(|points| closed(points, x, height)));
            continue;
        };
        let value = value(column);
        // What is not nothing is at least a pixel high.
        let top = height - if value > 0.0 { y.to_pixel(value).max(1.0) } else { 0.0 };
        let points = open.get_or_insert_with(|| vec![(x, height)]);
        if points.last().is_none_or(|(_, last)| *last != top) {
            let last = points.last().map_or(height, |(_, last)| *last);
            points.extend([(x, last), (x, top)]);
        }
    }
    out.extend(open.take().map(|points| closed(points, columns.len() as f64, height)));
    out
}

fn closed(mut points: Vec<(f64, f64)>, x: f64, height: f64) -> Vec<(f64, f64)> {
    let last = points.last().map_or(height, |(_, last)| *last);
    points.extend([(x, last), (x, height)]);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(edges: Vec<f64>, bands: Vec<(Ink, Vec<f64>)>) -> Track {
        let bands = bands.into_iter().map(|(ink, values)| Band { name: "", ink, values }).collect();
        Track { name: "", about: "", unit: Unit::PerSecond, height: 100, edges, bands, latest: None }
    }

    fn areas(shapes: &[Shape]) -> Vec<(Ink, bool, f64)> {
        let top = |points: &[(f64, f64)]| points.iter().map(|p| p.1).fold(f64::MAX, f64::min);
        shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Area { points, ink, faint } => Some((*ink, *faint, top(points))),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn bands_stack_and_the_lowest_is_painted_last() {
        let track = track(vec![0.0, 1.0], vec![(Ink::Get, vec![20.0]), (Ink::Set, vec![30.0])]);
        let shapes = shapes(&track, Range::new(0.0, 1.0), 10.0, |v| v.to_string());
        // Ceiling 50 over 99 px.
        assert_eq!(areas(&shapes), [(Ink::Set, false, 1.0), (Ink::Get, false, 100.0 - 20.0 / 50.0 * 99.0)]);
        assert!(matches!(shapes.last(), Some(Shape::Text { text, .. }) if text == "50"));
    }

    #[test]
    fn crowded_columns_keep_dip_and_spike() {
        let track = track(vec![0.0, 1.0, 2.0, 3.0], vec![(Ink::Call, vec![10.0, 100.0, 40.0])]);
        let shapes = shapes(&track, Range::new(0.0, 3.0), 1.0, |v| v.to_string());
        assert_eq!(areas(&shapes), [(Ink::Call, true, 1.0), (Ink::Call, false, 100.0 - 9.9)]);
    }

    #[test]
    fn gaps_part_the_area_and_little_is_still_seen() {
        let track = track(vec![0.0, 1.0, 2.0, 3.0], vec![(Ink::Call, vec![1e6, f64::NAN, 1.0])]);
        let drawn = areas(&shapes(&track, Range::new(0.0, 3.0), 30.0, |v| v.to_string()));
        assert_eq!(drawn, [(Ink::Call, false, 1.0), (Ink::Call, false, 99.0)]);
    }

    #[test]
    fn figures_at_a_time_and_over_a_range() {
        let track = track(vec![0.0, 1.0, 2.0], vec![(Ink::Get, vec![1.0, 4.0]), (Ink::Set, vec![2.0, 3.0])]);
        assert_eq!(track.at(1.5), Some((7.0, vec![4.0, 3.0])));
        assert_eq!(track.at(2.5), None);
        assert_eq!(track.summary(Range::new(0.0, 2.0)), Some(Summary { least: 3.0, greatest: 7.0 }));
        assert_eq!(track.summary(Range::new(5.0, 6.0)), None);
    }

    #[test]
    fn empty_tracks_draw_only_the_grid() {
        let track = track(Vec::new(), vec![(Ink::Get, Vec::new())]);
        assert!(areas(&shapes(&track, Range::new(0.0, 1.0), 100.0, |v| v.to_string())).is_empty());
        assert!(shapes(&track, Range::new(0.0, 1.0), 0.0, |v| v.to_string()).len() < 5);
    }
}
