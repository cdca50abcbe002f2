//! Many buckets on few pixels, without losing a spike or a dip.

use super::{Range, Scale};

/// What one pixel column shows: the buckets of least and of greatest value in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Index of the bucket of least value.
    pub low: usize,
    /// Index of the bucket of greatest value.
    pub high: usize,
}

/// For each of `columns` pixel columns over `range`, the extreme buckets in it; `None` where nothing was measured.
/// Bucket i spans `edges[i]..edges[i + 1]`; NaN values are unknown and leave a gap.
pub fn columns(edges: &[f64], values: &[f64], range: Range, columns: usize) -> Vec<Option<Column>> {
    let mut out = vec![None; columns];
    let scale = Scale::new(range, columns as f64);
    let first = edges.partition_point(|edge| *edge < range.start).saturating_sub(1);
    for (i, span) in edges.windows(2).enumerate().skip(first) {
        let Some(value) = values.get(i).filter(|value| !value.is_nan()) else { continue };
        if span[0] >= range.end {
            break;
        }
        let (from, to) = covered(scale.to_pixel(span[0]), scale.to_pixel(span[1]));
        let to = to.min(columns);
        for column in out.iter_mut().take(to).skip(from) {
            widen(column, values, i, *value);
        }
    }
    out
}

/// The columns whose centre a bucket covers; where it is too thin for that, the one it lies in.
fn covered(from: f64, to: f64) -> (usize, usize) {
    let (first, past) = ((from - 0.5).ceil().max(0.0) as usize, (to - 0.5).ceil().max(0.0) as usize);
    if past > first { (first, past) } else { (from.max(0.0) as usize, from.max(0.0) as usize + 1) }
}

fn widen(column: &mut Option<Column>, values: &[f64], i: usize, value: f64) {
    match column {
        None => *column = Some(Column { low: i, high: i }),
        Some(Column { low, high }) => {
            if value < values[*low] {
                *low = i;
            }
            if value > values[*high] {
                *high = i;
            }
        }
    }
}

/// The bucket that holds `at`, if one does.
pub fn bucket_at(edges: &[f64], at: f64) -> Option<usize> {
    let after = edges.partition_point(|edge| *edge <= at);
    (after > 0 && after < edges.len()).then(|| after - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_spike_and_a_dip_between_pixels_survive() {
        let edges: Vec<f64> = (0..=6000).map(|i| f64::from(i) * 100.0).collect();
        let mut values = vec![5.0; 6000];
        values[3333] = 900.0;
        values[4444] = 0.0;
        let shown = columns(&edges, &values, Range::new(0.0, 600_000.0), 300);
        assert!(shown.iter().flatten().any(|column| column.high == 3333));
        assert!(shown.iter().flatten().any(|column| column.low == 4444));
    }

    #[test]
    fn a_long_bucket_covers_its_whole_span_and_gaps_stay_empty() {
        let shown = columns(&[0.0, 10.0, 80.0, 90.0], &[1.0, 2.0, f64::NAN], Range::new(0.0, 100.0), 10);
        let high: Vec<_> = shown.iter().map(|c| c.map(|c| c.high)).collect();
        let expected = [Some(0), Some(1), Some(1), Some(1), Some(1), Some(1), Some(1), Some(1), None, None];
        assert_eq!(high, expected);
    }

    #[test]
    fn bucket_under_the_cursor() {
        let edges = [10.0, 20.0, 50.0];
        assert_eq!(bucket_at(&edges, 9.0), None);
        assert_eq!(bucket_at(&edges, 10.0), Some(0));
        assert_eq!(bucket_at(&edges, 20.0), Some(1));
        assert_eq!(bucket_at(&edges, 50.0), None);
        assert_eq!(bucket_at(&[], 1.0), None);
    }

    proptest! {
        #[test]
        fn extremes_equal_the_datas(values in prop::collection::vec(-1e6..1e6f64, 1..400), width in 1usize..200) {
            let edges: Vec<f64> = (0..=values.len()).map(|i| i as f64).collect();
            let shown = columns(&edges, &values, Range::new(0.0, values.len() as f64), width);
            let top = shown.iter().flatten().map(|c| values[c.high]).fold(f64::MIN, f64::max);
            let bottom = shown.iter().flatten().map(|c| values[c.low]).fold(f64::MAX, f64::min);
            prop_assert_eq!(top, values.iter().copied().fold(f64::MIN, f64::max));
            prop_assert_eq!(bottom, values.iter().copied().fold(f64::MAX, f64::min));
        }
    }
}
