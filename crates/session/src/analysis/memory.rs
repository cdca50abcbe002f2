//! What a program takes of memory, each kind for itself, so that they can be told apart: Go's heap, the JS values and
//! functions it holds, linear memory (reserved, never given back), and the page's JS heap, which is none of Go's.

use super::Range;
use crate::{Gc, Instance};

/// Parts of a window, each of which must be above the one before it for a figure to be growing.
const PARTS: usize = 4;
/// Fewest values of which anything is said.
const LEAST_VALUES: usize = 2 * PARTS;
/// Least time over which something grows, ms.
const LEAST_MS: f64 = 4e3;
/// By how much each has to have risen from the second quarter to the last: less is noise.
const LEAST_VALUES_MORE: f64 = 50.0;
const LEAST_FUNCS_MORE: f64 = 10.0;
const LEAST_BYTES_MORE: f64 = 4.0 * MIB;
/// Bytes of the MB that `gctrace` counts in.
const MIB: f64 = 1_048_576.0;
/// Go keeps up to twice what lives; so many times is far above, and by at least so many bytes.
pub const FAR_ABOVE: f64 = 4.0;
/// See [`FAR_ABOVE`].
pub const LEAST_ABOVE: f64 = 32.0 * MIB;
/// Go's heap is given this much before it is collected at all.
const LEAST_HEAP: f64 = 4.0 * MIB;

/// A figure over time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gauge {
    /// At the begin of the range.
    pub first: f64,
    /// At its end.
    pub last: f64,
    /// The most.
    pub peak: f64,
    /// Rise a minute of its lowest values, from the first quarter of the range to the last; below 0 where it falls. `None`
    /// where there are too few values.
    pub per_minute: Option<f64>,
    /// Whether the lowest value of each quarter is above that of the one before it, the first quarter aside, which may be
    /// warm-up, and in all by more than noise. `None` where there are too few values, or in less than four seconds.
    pub grows: Option<bool>,
}

/// What one program takes of memory.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// Linear memory, bytes: what the program has reserved at most so far.
    pub linear: Option<Gauge>,
    /// Go's heap as the collector found it alive at the end of each cycle, bytes, in steps of 1 MiB.
    pub heap: Option<Gauge>,
    /// JS values that Go holds.
    pub refs: Option<Gauge>,
    /// The fewest of them after each collection: what Go's collector had not found yet counts in `refs`, too.
    pub refs_kept: Option<Gauge>,
    /// `js.Func` made and not released.
    pub funcs: Option<Gauge>,
    /// The JS heap of the whole page, bytes: coarse, and nothing of Go's.
    pub js_heap: Option<Gauge>,
    /// Linear memory is reserved further and further. `None`: not known.
    pub linear_grows: Option<bool>,
    /// The heap that lives grows with every look. `None`: not known.
    pub heap_grows: Option<bool>,
    /// JS values are held for good: after each collection there are more. `None`: too few collections to tell.
    pub refs_grow: Option<bool>,
    /// `js.Func` are made and not released, all the time. `None`: not known.
    pub funcs_grow: Option<bool>,
    /// The page's JS heap grows. `None`: not known.
    pub js_heap_grows: Option<bool>,
    /// Linear memory is far above what lives: it was needed once, and cannot be given back. `None`: not known.
    pub far_above_heap: Option<bool>,
}

/// What a program takes of memory in a range, or in all.
pub fn memory(instance: &Instance, range: Option<Range>) -> Memory {
    let of = |column: &[f64]| points(instance, column, range);
    let cycles: Vec<&Gc> =
        instance.gc.iter().filter(|cycle| range.is_none_or(|range| range.contains(cycle.t))).collect();
    let heap: Vec<(f64, f64)> =
        cycles.iter().filter_map(|cycle| Some((cycle.t, cycle.heap_live_mb? * MIB))).collect();
    let refs = of(&instance.series.js_refs);
    let heap_gauge = gauge(&heap, LEAST_BYTES_MORE);
    let linear = gauge(&of(&instance.series.memory_bytes), LEAST_BYTES_MORE);
    let funcs = gauge(&of(&instance.series.funcs), LEAST_FUNCS_MORE);
    let js_heap = gauge(&of(&instance.series.js_heap_bytes), LEAST_BYTES_MORE);
    let refs_kept = after_cycles(&refs, &cycles);
    Memory {
        linear,
        heap: heap_gauge,
        refs: gauge(&refs, LEAST_VALUES_MORE),
        refs_kept,
        funcs,
        js_heap,
        linear_grows: linear.and_then(|linear| linear.grows),
        heap_grows: heap_gauge
            .and_then(|heap| Some(heap.grows? && heap.last >= 1.5 * heap.first + LEAST_HEAP)),
        refs_grow: refs_kept.and_then(|refs| refs.grows),
        funcs_grow: funcs.and_then(|funcs| funcs.grows),
        js_heap_grows: js_heap.and_then(|heap| heap.grows),
        far_above_heap: linear.zip(lowest_heap(instance, &heap)).map(|(linear, heap)| {
            linear.last >= FAR_ABOVE * heap.max(LEAST_HEAP) && linear.last - heap >= LEAST_ABOVE
        }),
    }
}

/// Known values of a column; that of an exit, where all is let go of, is left out.
fn points(instance: &Instance, column: &[f64], range: Option<Range>) -> Vec<(f64, f64)> {
    let rows = column.len() - usize::from(instance.exit_code.is_some() && !column.is_empty());
    let rows = instance.series.t.iter().zip(column).take(rows).map(|(t, value)| (*t, *value));
    rows.filter(|(t, value)| !value.is_nan() && range.is_none_or(|range| range.contains(*t))).collect()
}

/// A figure that grows where it rises by `least`, and more, from the second quarter on.
fn gauge(points: &[(f64, f64)], least: f64) -> Option<Gauge> {
    let (&(begin, first), &(end, last)) = points.first().zip(points.last())?;
    let peak = points.iter().map(|point| point.1).fold(first, f64::max);
    let mut low = [f64::INFINITY; PARTS];
    for &(t, value) in points {
        let part = (t - begin) / (end - begin) * PARTS as f64;
        let part = &mut low[(part.max(0.0) as usize).min(PARTS - 1)];
        *part = part.min(value);
    }
    let enough = points.len() >= LEAST_VALUES && low.iter().all(|low| low.is_finite());
    let minutes = (end - begin) / 60_000.0 * (PARTS - 1) as f64 / PARTS as f64;
    Some(Gauge {
        first,
        last,
        peak,
        per_minute: enough.then(|| (low[PARTS - 1] - low[0]) / minutes),
        grows: (enough && end - begin >= LEAST_MS).then(|| {
            let rises = low[1..].is_sorted_by(|a, b| a < b) && low[1] >= low[0];
            rises && low[PARTS - 1] - low[1] >= least
        }),
    })
}

/// The lowest values between collections; both are in order of time.
fn after_cycles(points: &[(f64, f64)], cycles: &[&Gc]) -> Option<Gauge> {
    let until = |t: f64| points.partition_point(|point| point.0 <= t);
    let ends = cycles.iter().skip(1).map(|next| next.t).chain([f64::INFINITY]);
    let low: Vec<(f64, f64)> = cycles
        .iter()
        .zip(ends)
        .filter_map(|(cycle, next)| {
            let after = points.get(until(cycle.t + cycle.duration_ms)..until(next))?;
            let low = after.iter().map(|point| point.1).min_by(f64::total_cmp)?;
            Some((cycle.t, low))
        })
        .collect();
    gauge(&low, LEAST_VALUES_MORE)
}

/// The least that lived since memory last grew, bytes.
fn lowest_heap(instance: &Instance, heap: &[(f64, f64)]) -> Option<f64> {
    let grew = instance.grows.last().map_or(f64::MIN, |grow| grow.t);
    heap.iter().filter(|point| point.0 >= grew).map(|point| point.1).min_by(f64::total_cmp)
}
