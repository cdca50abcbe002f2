//! What the samples of an import are divided over: all its crossings, or those in a range.
//!
//! In a range the calls are the sum of the buckets of `series` that lie in it, which is exact, and of a bucket that
//! the range's end cuts the part that its samples have in the range, or by its length where no sample fell in it.
//! Time is divided like the buckets' time, bytes like the samples' bytes. Parts of adjacent ranges add up to the whole.

use super::{Estimate, Range, tally::Tally, window::started};
use crate::{Import, Instance};

/// Calls, time and bytes of one import of an instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stratum {
    pub calls: Estimate,
    pub time: Option<Estimate>,
    pub bytes: Option<Estimate>,
}

impl Stratum {
    /// All crossings.
    pub fn whole(import: &Import) -> Self {
        Self {
            calls: Estimate::exact(import.calls as f64),
            time: Estimate::known(import.time_ms, import.time_error_ms),
            bytes: import.bytes.map(|bytes| Estimate::exact(bytes as f64)),
        }
    }
}

/// By position in the instance's imports.
pub fn strata(instance: &Instance, range: Option<Range>) -> Vec<Stratum> {
    let whole = instance.imports.iter().map(Stratum::whole);
    match range.filter(|range| !covers(range, instance)) {
        Some(range) => Cut::of(instance, range).strata(whole),
        None => whole.collect(),
    }
}

/// Where the first bucket begins.
fn begin(instance: &Instance) -> f64 {
    let first = instance.samples.first().map(|sample| sample.t);
    let end = instance.series.t.first().copied();
    started(instance).or(first).into_iter().chain(end).fold(f64::INFINITY, f64::min)
}

/// Whether all that is known of the instance lies in the range.
fn covers(range: &Range, instance: &Instance) -> bool {
    let last = instance.series.t.last().copied().unwrap_or(f64::NEG_INFINITY);
    range.start <= begin(instance)
        && range.end >= last
        && instance.samples.iter().all(|sample| range.contains(sample.t))
}

/// A bucket of which a part lies in the range.
struct Bucket {
    at: usize,
    span: Range,
    part: Range,
}

/// An instance cut by a range. Tallies are by position in its imports.
struct Cut<'a> {
    instance: &'a Instance,
    /// First bucket that lies in the range, and the first after it that does not.
    inner: std::ops::Range<usize>,
    edges: Vec<Bucket>,
    /// Samples of each edge: of the bucket and of its part.
    edge_samples: Vec<Vec<(Tally, Tally)>>,
    /// All samples, and those in the range.
    samples: Vec<(Tally, Tally)>,
}

impl<'a> Cut<'a> {
    fn of(instance: &'a Instance, range: Range) -> Self {
        let t = &instance.series.t;
        let begin = begin(instance);
        let span = |at: usize| Range { start: if at == 0 { begin } else { t[at - 1] }, end: t[at] };
        let from = t.partition_point(|&end| end <= range.start);
        let to = t.partition_point(|&end| end <= range.end);
        let mut inner = from..to.max(from);
        let mut edges = Vec::new();
        let mut cut = |at: usize| {
            let span = span(at);
            edges.extend(range.within(&span).map(|part| Bucket { at, span, part }));
        };
        if from < to && span(from).start < range.start {
            cut(from);
            inner.start += 1;
        }
        if to < t.len() {
            cut(to);
        }
        let none = vec![(Tally::default(), Tally::default()); instance.imports.len()];
        let mut out =
            Self { instance, inner, edge_samples: vec![none.clone(); edges.len()], edges, samples: none };
        out.count(range);
        out
    }

    fn count(&mut self, range: Range) {
        for sample in &self.instance.samples {
            let Some((all, inside)) = self.samples.get_mut(sample.import as usize) else { continue };
            all.add(sample);
            if range.contains(sample.t) {
                inside.add(sample);
            }
            for (edge, tallies) in self.edges.iter().zip(&mut self.edge_samples) {
                if !edge.span.contains(sample.t) {
                    continue;
                }
                let (bucket, part) = &mut tallies[sample.import as usize];
                bucket.add(sample);
                if edge.part.contains(sample.t) {
                    part.add(sample);
                }
            }
        }
    }

    fn strata(&self, whole: impl Iterator<Item = Stratum>) -> Vec<Stratum> {
        whole.enumerate().map(|(import, whole)| self.stratum(import, &whole)).collect()
    }

    fn stratum(&self, import: usize, whole: &Stratum) -> Stratum {
        let (all, inside) = &self.samples[import];
        let series = &self.instance.series;
        let (calls, time) = match (series.calls.get(import), series.time_ms.get(import)) {
            (Some(calls), Some(times)) if self.tells(calls, times, whole.calls.value) => {
                let calls_in = self.calls(import, calls);
                (calls_in, whole.time.map(|time| self.time(import, calls_in, calls, times, whole, time)))
            }
            _ => (inside.calls(all, whole), inside.time(all, whole)),
        };
        let bytes = whole.bytes.map(|bytes| match inside.bytes(all, whole) {
            _ if calls.value <= 0.0 || bytes.value == 0.0 => Estimate::exact(0.0),
            // By calls, where no sample tells: it may be nothing, or twice that.
            Some(estimate) if estimate.value > 0.0 => estimate,
            _ => {
                let value = bytes.value * calls.value / whole.calls.value;
                Estimate { value, error: value }
            }
        });
        Stratum { calls, time, bytes }
    }

    /// Whether an import's columns of the series account for all its calls.
    fn tells(&self, calls: &[f64], times: &[f64], all: f64) -> bool {
        let rows = self.instance.series.t.len();
        let sum: f64 = calls.iter().sum();
        (calls.len(), times.len()) == (rows, rows) && (sum - all).abs() <= 0.5 + all * 1e-3
    }

    fn calls(&self, import: usize, calls: &[f64]) -> Estimate {
        let inner = Estimate::exact(calls[self.inner.clone()].iter().sum());
        self.edges.iter().zip(&self.edge_samples).fold(inner, |sum, (edge, samples)| {
            let all = Stratum { calls: Estimate::exact(calls[edge.at]), ..Stratum::default() };
            let (bucket, part) = &samples[import];
            let known = (!bucket.is_empty()).then(|| part.calls(bucket, &all));
            sum + known.unwrap_or_else(|| by_length(edge, calls[edge.at]))
        })
    }

    /// Time in the range: the whole divided as the buckets' time is.
    fn time(
        &self,
        import: usize,
        calls_in: Estimate,
        calls: &[f64],
        times: &[f64],
        whole: &Stratum,
        time: Estimate,
    ) -> Estimate {
        let of_calls =
            if whole.calls.value > 0.0 { calls_in.scale(1.0 / whole.calls.value) } else { calls_in };
        let total: f64 = times.iter().sum();
        let share = if total > 0.0 {
            let inner = Estimate::exact(times[self.inner.clone()].iter().sum());
            let edges = self.edges.iter().zip(&self.edge_samples);
            let sum = edges.fold(inner, |sum, (edge, samples)| {
                let all = Stratum {
                    calls: Estimate::exact(calls[edge.at]),
                    time: Some(Estimate::exact(times[edge.at])),
                    bytes: None,
                };
                let (bucket, part) = &samples[import];
                if bucket.time(bucket, &all).is_none() {
                    return sum + by_length(edge, times[edge.at]);
                }
                let time = part.time(bucket, &all).unwrap_or_default();
                // Few samples, or none in this part, leave at least as much open as they do of the calls.
                let of_calls = part.calls(bucket, &all).error / calls[edge.at].max(1.0);
                sum + Estimate { error: time.error.max(times[edge.at] * of_calls), ..time }
            });
            sum.scale(1.0 / total)
        } else {
            of_calls
        };
        // Readings of different moments are independent: the error grows as the square root of their part.
        let part = share.value.max(of_calls.value).clamp(0.0, 1.0).sqrt();
        Estimate {
            value: time.value * share.value,
            error: (time.error * part).hypot(time.value * share.error),
        }
    }
}

/// The part of a bucket that no sample tells of: as if spread evenly, and it may be all or nothing.
fn by_length(edge: &Bucket, of: f64) -> Estimate {
    let part = edge.part.ms() / edge.span.ms();
    Estimate { value: of * part, error: of * part.max(1.0 - part) }
}
