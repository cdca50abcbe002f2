//! The recent past of one program in columns: what the live tracks draw.

use super::kind::Kind;

/// How far back the live tracks reach, ms.
pub const HISTORY_MS: f64 = 600e3;
/// A rate "now" is the mean over this long: at ten figures a second nobody can read them.
const RATE_OVER_MS: f64 = 1e3;
/// Older than this, the last bucket says nothing about now.
const STALE_MS: f64 = 2e3;

/// Counters in buckets. Bucket i spans `edges[i]..edges[i + 1]`; one edge more than there are buckets, or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Bounds of the buckets, ms since the recording's time origin.
    pub edges: Vec<f64>,
    /// Calls in each bucket, by [`Kind`].
    pub calls: [Vec<f64>; 5],
    /// Linear memory in bytes at the end of each bucket; NaN unknown.
    pub memory: Vec<f64>,
    /// The recording's time now.
    pub now: f64,
}

/// The session's columns a timeline is made of.
pub struct Columns<'a> {
    /// Ends of the buckets.
    pub ends: &'a [f64],
    /// Each import's kind and calls.
    pub calls: Vec<(Kind, &'a [f64])>,
    /// Linear memory at the ends.
    pub memory: &'a [f64],
    /// When the first bucket can have begun, where that is known.
    pub begin: Option<f64>,
    /// Until when the agent has told everything: it holds back buckets in which nothing happened. `None` once the
    /// program is over.
    pub told: Option<f64>,
}

impl Timeline {
    /// The last [`HISTORY_MS`] of a session's columns. A first bucket of unknown begin has no rate and is left out,
    /// and so is a column that is shorter than it should be.
    pub fn new(columns: &Columns<'_>, now: f64) -> Self {
        let ends = columns.ends;
        let begin = columns.begin.filter(|begin| ends.first().is_some_and(|first| begin < first));
        let recent = ends.partition_point(|end| *end < now - HISTORY_MS);
        let from = if recent == 0 && begin.is_none() { 1 } else { recent };
        let before = if from == 0 { begin } else { ends.get(from - 1).copied() };
        let (Some(before), Some(kept)) = (before, ends.get(from..)) else {
            return Self { now, ..Self::default() };
        };
        let mut out = Self { now, ..Self::default() };
        if kept.is_empty() {
            return out;
        }
        out.edges = [before].into_iter().chain(kept.iter().copied()).collect();
        out.calls = std::array::from_fn(|_| vec![0.0; kept.len()]);
        for (kind, calls) in &columns.calls {
            let sums = &mut out.calls[*kind as usize];
            for (sum, n) in sums.iter_mut().zip(calls.get(from..).unwrap_or_default()) {
                *sum += n;
            }
        }
        let memory = columns.memory.get(from..).unwrap_or_default();
        out.memory = (0..kept.len()).map(|i| memory.get(i).copied().unwrap_or(f64::NAN)).collect();
        out.extend_to(columns.told);
        out
    }

    /// Nothing happened between the last bucket and `told`.
    fn extend_to(&mut self, told: Option<f64>) {
        let last = self.edges.last().copied();
        if let Some(told) = told.filter(|told| last.is_some_and(|last| last < *told)) {
            self.edges.push(told);
            self.calls.iter_mut().for_each(|calls| calls.push(0.0));
            self.memory.extend(self.memory.last().copied());
        }
    }

    /// Crossings per second over the last second or so; `None` when nothing recent is known.
    pub fn crossings_per_second(&self) -> Option<f64> {
        let end = *self.edges.last()?;
        if self.now - end > STALE_MS {
            return None;
        }
        let buckets = self.edges.len() - 1;
        let from = self.edges.partition_point(|edge| *edge < end - RATE_OVER_MS).min(buckets.checked_sub(1)?);
        let calls: f64 = self.calls.iter().flat_map(|kind| kind.get(from..).unwrap_or_default()).sum();
        Some(calls / (end - self.edges[from]) * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns<'a>(ends: &'a [f64], calls: &'a [f64], begin: Option<f64>) -> Columns<'a> {
        Columns {
            ends,
            calls: vec![(Kind::Get, calls), (Kind::Other, calls)],
            memory: &[],
            begin,
            told: None,
        }
    }

    #[test]
    fn sums_by_kind() {
        let timeline = Timeline::new(&columns(&[100.0, 200.0], &[3.0, 4.0], Some(50.0)), 200.0);
        assert_eq!(timeline.edges, [50.0, 100.0, 200.0]);
        assert_eq!(timeline.calls[Kind::Get as usize], [3.0, 4.0]);
        assert_eq!(timeline.calls[Kind::Other as usize], [3.0, 4.0]);
        assert_eq!(timeline.calls[Kind::Set as usize], [0.0, 0.0]);
        assert!(timeline.memory.iter().all(|bytes| bytes.is_nan()));
    }

    #[test]
    fn a_first_bucket_of_unknown_begin_is_left_out() {
        let timeline = Timeline::new(&columns(&[100.0, 200.0], &[3.0, 4.0], None), 200.0);
        assert_eq!(timeline.edges, [100.0, 200.0]);
        assert_eq!(timeline.calls[0], [4.0]);
        assert!(Timeline::new(&columns(&[100.0], &[3.0], None), 200.0).edges.is_empty());
        assert!(Timeline::new(&columns(&[], &[], Some(1.0)), 200.0).edges.is_empty());
    }

    #[test]
    fn old_buckets_go() {
        let ends: Vec<f64> = (1..=10_000).map(|i| f64::from(i) * 100.0).collect();
        let calls = vec![1.0; ends.len()];
        let timeline = Timeline::new(&columns(&ends, &calls, Some(0.0)), 1e6);
        assert_eq!(timeline.edges.first(), Some(&(1e6 - HISTORY_MS - 100.0)));
        assert_eq!(timeline.calls[0].len() + 1, timeline.edges.len());
    }

    #[test]
    fn held_back_buckets_are_still() {
        let told = Columns { told: Some(900.0), ..columns(&[100.0, 200.0], &[3.0, 4.0], Some(0.0)) };
        let timeline = Timeline::new(&told, 1e3);
        assert_eq!(timeline.edges, [0.0, 100.0, 200.0, 900.0]);
        assert_eq!(timeline.calls[0], [3.0, 4.0, 0.0]);
        assert_eq!(timeline.memory.len(), 3);
        assert_eq!(timeline.crossings_per_second().map(f64::round), Some(16.0));
    }

    #[test]
    fn the_rate_now_is_over_the_last_second() {
        let ends: Vec<f64> = (1..=30).map(|i| f64::from(i) * 100.0).collect();
        let mut calls = vec![0.0; 20];
        calls.extend([50.0; 10]);
        let mut timeline = Timeline::new(&columns(&ends, &calls, Some(0.0)), 3_050.0);
        assert_eq!(timeline.crossings_per_second(), Some(1_000.0));
        timeline.now = 6_000.0;
        assert_eq!(timeline.crossings_per_second(), None);
    }
}
