//! Many buckets on few pixels, without losing a spike or a dip.

use super::{Range, Scale};

/// What one pixel column shows: the buckets of least and of greatest value in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Position of the bucket of least value.
    pub low: usize,
    /// Its value.
    pub least: f64,
    /// Position of the bucket of greatest value.
    pub high: usize,
    /// Its value.
    pub greatest: f64,
}

/// A bucket: its begin, its end and its value; NaN is unknown and leaves a gap.
pub type Valued = (f64, f64, f64);

/// For each of `columns` pixel columns over `range`, the extreme buckets in it; `None` where nothing was measured.
/// Buckets are in order of time.
pub fn columns(buckets: impl Iterator<Item = Valued>, range: Range, columns: usize) -> Vec<Option<Column>> {
    let mut out = vec![None; columns];
    let scale = Scale::new(range, columns as f64);
    for (i, (start, end, value)) in buckets.enumerate() {
        if start >= range.end {
            break;
        }
        if value.is_nan() || end <= range.start {
            continue;
        }
        let (from, to) = covered(scale.to_pixel(start), scale.to_pixel(end));
        for column in out.get_mut(from..to.min(columns)).unwrap_or_default() {
            widen(column, i, value);
        }
    }
    out
}

/// The columns whose centre a bucket covers; where it is too thin for that, the one it lies in.
fn covered(from: f64, to: f64) -> (usize, usize) {
    let (first, past) = ((from - 0.5).ceil().max(0.0) as usize, (to - 0.5).ceil().max(0.0) as usize);
    if past > first { (first, past) } else { (from.max(0.0) as usize, from.max(0.0) as usize + 1) }
}

fn widen(column: &mut Option<Column>, i: usize, value: f64) {
    match column {
        None => *column = Some(Column { low: i, least: value, high: i, greatest: value }),
        Some(Column { low, least, high, greatest }) => {
            if value < *least {
                (*low, *least) = (i, value);
            }
            if value > *greatest {
                (*high, *greatest) = (i, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn buckets<'a>(edges: &'a [f64], values: &'a [f64]) -> impl Iterator<Item = Valued> + 'a {
        edges.windows(2).zip(values).map(|(edge, value)| (edge[0], edge[1], *value))
    }

    #[test]
    fn a_spike_and_a_dip_between_pixels_survive() {
        let edges: Vec<f64> = (0..=6000).map(|i| f64::from(i) * 100.0).collect();
        let mut values = vec![5.0; 6000];
        values[3333] = 900.0;
        values[4444] = 0.0;
        let shown = columns(buckets(&edges, &values), Range::new(0.0, 600_000.0), 300);
        assert!(shown.iter().flatten().any(|column| column.high == 3333 && column.greatest == 900.0));
        assert!(shown.iter().flatten().any(|column| column.low == 4444 && column.least == 0.0));
    }

    #[test]
    fn a_long_bucket_covers_its_whole_span_and_gaps_stay_empty() {
        let (edges, values) = ([0.0, 10.0, 80.0, 90.0], [1.0, 2.0, f64::NAN]);
        let shown = columns(buckets(&edges, &values), Range::new(0.0, 100.0), 10);
        let high: Vec<_> = shown.iter().map(|c| c.map(|c| c.high)).collect();
        let expected = [Some(0), Some(1), Some(1), Some(1), Some(1), Some(1), Some(1), Some(1), None, None];
        assert_eq!(high, expected);
    }

    proptest! {
        #[test]
        fn extremes_equal_the_datas(values in prop::collection::vec(-1e6..1e6f64, 1..400), width in 1usize..200) {
            let edges: Vec<f64> = (0..=values.len()).map(|i| i as f64).collect();
            let shown = columns(buckets(&edges, &values), Range::new(0.0, values.len() as f64), width);
            let top = shown.iter().flatten().map(|c| values[c.high]).fold(f64::MIN, f64::max);
            let bottom = shown.iter().flatten().map(|c| values[c.low]).fold(f64::MAX, f64::min);
            prop_assert_eq!(top, values.iter().copied().fold(f64::MIN, f64::max));
            prop_assert_eq!(bottom, values.iter().copied().fold(f64::MAX, f64::min));
        }
    }
}
