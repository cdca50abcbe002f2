//! Rows of a track that hold over a stretch of time.

use session::{Gc, Microtask};

/// The runtime tells what is alive in these.
const MB: f64 = 1024.0 * 1024.0;

/// Counters over a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Begin, ms since the recording's time origin.
    pub start: f64,
    /// End.
    pub end: f64,
    /// Crossings by [`Kind`].
    pub calls: [f64; 5],
    /// Bytes copied into Go.
    pub to_go: f64,
    /// Bytes copied out of Go.
    pub to_js: f64,
    /// Linear memory in bytes at the end; NaN unknown.
    pub memory: f64,
    /// References to values of JS at the end; NaN unknown.
    pub refs: f64,
    /// The page's JavaScript heap in bytes at the end; NaN unknown.
    pub js_heap: f64,
    /// Goroutines at the end; NaN unknown.
    pub goroutines: f64,
}

/// Rows of which each holds over a stretch of time.
pub trait Stretch {
    /// Begin, ms.
    fn start(&self) -> f64;
    /// End.
    fn end(&self) -> f64;
}

impl Stretch for Bucket {
    fn start(&self) -> f64 {
        self.start
    }
    fn end(&self) -> f64 {
        self.end
    }
}

impl Stretch for Microtask {
    fn start(&self) -> f64 {
        self.t
    }
    fn end(&self) -> f64 {
        self.t + self.drain_ms
    }
}

/// Go's heap as a cycle of the collector found it: told then, and no more until the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heap {
    /// Begin of the cycle, ms.
    pub start: f64,
    /// Begin of the next.
    pub end: f64,
    /// What it found alive, bytes, told in whole MB; NaN unknown.
    pub live: f64,
    /// All there was when it ended, bytes; NaN unknown.
    pub total: f64,
}

impl Heap {
    /// What a cycle found; it holds until `end`.
    pub fn of(gc: &Gc, end: f64) -> Self {
        let live = gc.heap_live_mb.map(|mb| mb * MB);
        // None of them may be no more than half of one.
        let least = live.filter(|live| *live > 0.0);
        let total = gc.heap_end_bytes.or(gc.heap_trigger_bytes).or(least).unwrap_or(f64::NAN);
        // Whole MB may be more than there is.
        Self { start: gc.t, end, live: live.map_or(f64::NAN, |live| live.min(total)), total }
    }
}

impl Stretch for Heap {
    fn start(&self) -> f64 {
        self.start
    }
    fn end(&self) -> f64 {
        self.end
    }
}

impl Bucket {
    /// A sum over the bucket as a rate.
    pub fn per_second(&self, sum: f64) -> f64 {
        sum / (self.end - self.start) * 1e3
    }
}
