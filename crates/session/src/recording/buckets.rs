//! Series in the making.

use super::thin::join_pairs;
use crate::Series;

/// Begins a bucket.
pub fn open(series: &mut Series) {
    series.t.push(f64::NAN);
    let imports = series.calls.iter_mut().chain(&mut series.time_ms);
    for sums in imports.chain([&mut series.bytes_to_go, &mut series.bytes_to_js]) {
        sums.push(0.0);
    }
    for gauge in gauges(series) {
        gauge.push(f64::NAN);
    }
}

/// Adds a bucket told by the agent to the one that is open.
pub fn add(series: &mut Series, told: &protocol::Series, row: usize, offset: f64) {
    set(&mut series.t, told.t[row] + offset);
    for (column, told) in series.calls.iter_mut().zip(&told.calls) {
        plus(column, told[row].into());
    }
    for (column, told) in series.time_ms.iter_mut().zip(&told.time_ms) {
        plus(column, told[row].into());
    }
    plus(&mut series.bytes_to_go, told.bytes_to_go[row]);
    plus(&mut series.bytes_to_js, told.bytes_to_js[row]);
    set(&mut series.memory_bytes, told.memory_bytes[row]);
    set(&mut series.js_refs, told.js_refs[row]);
    set(&mut series.funcs, told.funcs[row]);
    set(&mut series.js_heap_bytes, told.js_heap_bytes[row]);
    set(&mut series.goroutines, told.goroutines[row]);
}

/// Joins neighbouring buckets.
pub fn join(series: &mut Series) {
    let imports = series.calls.iter_mut().chain(&mut series.time_ms);
    for sums in imports.chain([&mut series.bytes_to_go, &mut series.bytes_to_js]) {
        join_pairs(sums, |kept, next| *kept += next);
    }
    join_pairs(&mut series.t, |kept, next| *kept = next);
    for gauge in gauges(series) {
        join_pairs(gauge, |kept, next| *kept = next);
    }
}

fn gauges(series: &mut Series) -> [&mut Vec<f64>; 5] {
    [
        &mut series.memory_bytes,
        &mut series.js_refs,
        &mut series.funcs,
        &mut series.js_heap_bytes,
        &mut series.goroutines,
    ]
}

fn set(column: &mut [f64], value: f64) {
    if let Some(last) = column.last_mut() {
        *last = value;
    }
}

fn plus(column: &mut [f64], value: f64) {
    if let Some(last) = column.last_mut() {
        *last += value;
    }
}
