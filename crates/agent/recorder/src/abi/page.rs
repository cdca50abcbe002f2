//! What the page itself did: probes of the microtask queue, long tasks, user timing.

use protocol::{LongTask, Microtask};

use super::{text, with};

/// A probe: see [`Microtask`].
#[unsafe(no_mangle)]
pub extern "C" fn microtasks(t: f64, sync_ms: f64, queued_ms: f64, drain_ms: f64, exact: u32) {
    let probe = Microtask { t, sync_ms, queued_ms, drain_ms, exact: exact != 0 };
    with(|recorder| recorder.page.microtask(probe));
}

/// The engine tells long tasks.
#[unsafe(no_mangle)]
pub extern "C" fn sees_longtasks() {
    with(|recorder| recorder.page.sees_longtasks = true);
}

/// A long task.
#[unsafe(no_mangle)]
pub extern "C" fn longtask(start: f64, duration_ms: f64) {
    let long = LongTask { start, duration_ms, ..LongTask::default() };
    with(|recorder| recorder.page.longtask(long));
}

/// A long animation frame; inbox: what called its longest script. `script_ms`: NaN for no script.
#[unsafe(no_mangle)]
pub extern "C" fn longframe(start: f64, duration_ms: f64, blocking_ms: f64, script_ms: f64, len: u32) {
    let script_ms = (!script_ms.is_nan()).then_some(script_ms);
    let script = script_ms.map(|_| text(len));
    let blocking_ms = Some(blocking_ms);
    let long = LongTask { start, duration_ms, frame: true, blocking_ms, script, script_ms };
    with(|recorder| recorder.page.longtask(long));
}

/// A mark; inbox: its name.
#[unsafe(no_mangle)]
pub extern "C" fn mark(t: f64, len: u32) {
    let name = text(len);
    with(|recorder| recorder.page.mark(t, name));
}

/// A measure; inbox: its name.
#[unsafe(no_mangle)]
pub extern "C" fn measure(start: f64, duration_ms: f64, len: u32) {
    let name = text(len);
    with(|recorder| recorder.page.measure(start, duration_ms, name));
}
