//! Buckets of counters over time, at most [`CAP`] of them.

use alloc::vec;
use alloc::vec::Vec;

use protocol::Series;

use crate::samples::tail;

/// Most buckets kept: ten minutes of ten a second. Beyond, neighbours merge, so that buckets get longer.
pub const CAP: usize = 6_000;

/// One bucket: sums since the bucket before, and values at its end `t` (ms).
#[derive(Clone, Debug, Default)]
pub struct Bucket {
    /// End.
    pub t: f64,
    /// Calls per import.
    pub calls: Vec<u32>,
    /// Estimated ms per import.
    pub time_ms: Vec<f32>,
    /// Into Go.
    pub bytes_to_go: f64,
    /// Out of Go.
    pub bytes_to_js: f64,
    /// Linear memory at `t`.
    pub memory_bytes: f64,
    /// JS values Go holds at `t`; NaN unknown.
    pub js_refs: f64,
    /// `js.Func` made and not released at `t`; NaN unknown.
    pub funcs: f64,
    /// The page's JS heap at `t`; NaN unknown. It is hardly ever still: no news by itself.
    pub js_heap_bytes: f64,
    /// Goroutines at `t`; NaN unknown.
    pub goroutines: f64,
}

/// The buckets of one instance.
#[derive(Default)]
pub struct SeriesLog {
    /// The columns.
    pub columns: Series,
    idle_since: Option<f64>,
}

impl SeriesLog {
    /// Appends a bucket. One in which nothing happened is held back: it is told, as one long bucket, before the next
    /// in which something does. Whether the bucket is one that is told.
    pub fn push(&mut self, bucket: Bucket) -> bool {
        let s = &self.columns;
        let still = bucket.calls.iter().all(|&n| n == 0)
            && s.memory_bytes.last() == Some(&bucket.memory_bytes)
            && s.funcs.last().map(|v| v.to_bits()) == Some(bucket.funcs.to_bits())
            && s.js_refs.last().map(|v| v.to_bits()) == Some(bucket.js_refs.to_bits())
            && s.goroutines.last().map(|v| v.to_bits()) == Some(bucket.goroutines.to_bits());
        if still {
            self.idle_since = Some(bucket.t);
            return false;
        }
        if let Some(t) = self.idle_since.take() {
            let s = &self.columns;
            let last = |column: &[f64]| column.last().copied().unwrap_or(f64::NAN);
            self.append(Bucket {
                t,
                memory_bytes: last(&s.memory_bytes),
                js_refs: last(&s.js_refs),
                funcs: last(&s.funcs),
                js_heap_bytes: last(&s.js_heap_bytes),
                goroutines: last(&s.goroutines),
                ..Bucket::default()
            });
        }
        self.append(bucket);
        true
    }

    fn append(&mut self, bucket: Bucket) {
        let s = &mut self.columns;
        let rows = s.t.len();
        let imports = bucket.calls.len().max(s.calls.len());
        s.calls.resize_with(imports, || vec![0; rows]);
        s.time_ms.resize_with(imports, || vec![0.0; rows]);
        for (i, column) in s.calls.iter_mut().enumerate() {
            column.push(bucket.calls.get(i).copied().unwrap_or(0));
        }
        for (i, column) in s.time_ms.iter_mut().enumerate() {
            column.push(bucket.time_ms.get(i).copied().unwrap_or(0.0));
        }
        s.t.push(bucket.t);
        s.bytes_to_go.push(bucket.bytes_to_go);
        s.bytes_to_js.push(bucket.bytes_to_js);
        s.memory_bytes.push(bucket.memory_bytes);
        s.js_refs.push(bucket.js_refs);
        s.funcs.push(bucket.funcs);
        s.js_heap_bytes.push(bucket.js_heap_bytes);
        s.goroutines.push(bucket.goroutines);
    }

    /// How many buckets there are.
    pub fn len(&self) -> usize {
        self.columns.t.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.columns.t.is_empty()
    }

    /// Merges neighbours among the first `read` buckets, which every reader has. Returns how many pairs were merged:
    /// readers' positions move down by as many.
    pub fn merge(&mut self, read: usize) -> usize {
        let pairs = read.min(self.len()) / 2;
        let s = &mut self.columns;
        for column in &mut s.calls {
            sum_pairs(column, pairs, u32::saturating_add);
        }
        for column in &mut s.time_ms {
            sum_pairs(column, pairs, |a, b| a + b);
        }
        sum_pairs(&mut s.bytes_to_go, pairs, |a, b| a + b);
        sum_pairs(&mut s.bytes_to_js, pairs, |a, b| a + b);
        let gauges =
            [&mut s.memory_bytes, &mut s.js_refs, &mut s.funcs, &mut s.js_heap_bytes, &mut s.goroutines];
        for column in core::iter::once(&mut s.t).chain(gauges) {
            sum_pairs(column, pairs, |_, last| last);
        }
        pairs
    }

    /// The buckets from position `from` on.
    pub fn since(&self, from: usize) -> Series {
        let s = &self.columns;
        Series {
            t: tail(&s.t, from),
            calls: s.calls.iter().map(|column| tail(column, from)).collect(),
            time_ms: s.time_ms.iter().map(|column| tail(column, from)).collect(),
            bytes_to_go: tail(&s.bytes_to_go, from),
            bytes_to_js: tail(&s.bytes_to_js, from),
            memory_bytes: tail(&s.memory_bytes, from),
            js_refs: tail(&s.js_refs, from),
            funcs: tail(&s.funcs, from),
            js_heap_bytes: tail(&s.js_heap_bytes, from),
            goroutines: tail(&s.goroutines, from),
        }
    }
}

/// Joins the first `pairs` pairs of a column.
fn sum_pairs<T: Copy>(column: &mut Vec<T>, pairs: usize, join: impl Fn(T, T) -> T) {
    for i in 0..pairs {
        column[i] = join(column[2 * i], column[2 * i + 1]);
    }
    column.drain(pairs..2 * pairs);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(t: f64, calls: u32) -> Bucket {
        Bucket {
            t,
            calls: vec![calls],
            time_ms: vec![0.5],
            memory_bytes: 64.0,
            js_refs: f64::NAN,
            ..Bucket::default()
        }
    }

    #[test]
    fn quiet_times_become_one_bucket() {
        let mut log = SeriesLog::default();
        for (t, calls) in [(1.0, 5), (2.0, 0), (3.0, 0), (4.0, 7)] {
            log.push(bucket(t, calls));
        }
        assert_eq!(log.columns.t, [1.0, 3.0, 4.0]);
        assert_eq!(log.columns.calls, [[5, 0, 7]]);
        assert_eq!(log.columns.memory_bytes, [64.0; 3]);
    }

    #[test]
    fn merging_keeps_sums_and_last_values() {
        let mut log = SeriesLog::default();
        for i in 1..=5u32 {
            log.push(bucket(f64::from(i), i));
        }
        assert_eq!(log.merge(5), 2);
        assert_eq!(log.columns.t, [2.0, 4.0, 5.0]);
        assert_eq!(log.columns.calls, [[3, 7, 5]]);
        assert_eq!(log.columns.time_ms, [[1.0, 1.0, 0.5]]);
    }

    #[test]
    fn an_import_first_called_late_has_zeros_before() {
        let mut log = SeriesLog::default();
        log.push(bucket(1.0, 5));
        log.push(Bucket { calls: vec![1, 2], time_ms: vec![0.0, 0.0], ..bucket(2.0, 0) });
        assert_eq!(log.columns.calls, [vec![5, 1], vec![0, 2]]);
    }
}
