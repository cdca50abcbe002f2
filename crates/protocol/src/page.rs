//! What the page itself did, whatever Go program ran in it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// What is new of the page. All tables are appended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The realm that tells.
    pub realm: u32,
    /// Probes of the microtask queue.
    pub microtasks: Vec<Microtask>,
    /// Tasks and frames that held the thread; `None` where the engine tells none.
    pub longtasks: Option<Vec<LongTask>>,
    /// `performance.mark`.
    pub marks: Vec<Mark>,
    /// `performance.measure`.
    pub measures: Vec<Measure>,
}

/// One probe of the microtask queue, posted where a stay in Go ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Microtask {
    /// When the stay ended.
    pub t: f64,
    /// Length of that stay, ms.
    pub sync_ms: f64,
    /// Until what had been queued by then had run, ms; the rest of the task that Go was called from counts too.
    pub queued_ms: f64,
    /// Until the queue was empty, ms.
    pub drain_ms: f64,
    /// `false` where other tasks may have run before that was noticed: `drain_ms` is an upper bound.
    pub exact: bool,
}

/// A task or an animation frame of more than 50 ms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LongTask {
    /// Begin.
    pub start: f64,
    /// Length, ms.
    pub duration_ms: f64,
    /// An animation frame with all that led to it, not a single task.
    pub frame: bool,
    /// Of a frame: how long input could not be handled, ms.
    pub blocking_ms: Option<f64>,
    /// Of a frame: what called its longest script, as the engine puts it.
    pub script: Option<String>,
    /// How long that script ran, ms.
    pub script_ms: Option<f64>,
}

/// A moment the page named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub t: f64,
    /// Its name.
    pub name: String,
}

/// A span the page named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Begin.
    pub start: f64,
    /// Length, ms; below 0 where the page says so.
    pub duration_ms: f64,
    /// Its name.
    pub name: String,
}

impl Page {
    /// Whether it tells nothing.
    pub fn is_empty(&self) -> bool {
        let Self { realm: _, microtasks, longtasks, marks, measures } = self;
        microtasks.is_empty()
            && longtasks.as_ref().is_none_or(Vec::is_empty)
            && marks.is_empty()
            && measures.is_empty()
    }
}
