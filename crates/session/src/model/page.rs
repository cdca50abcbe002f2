//! What the page itself did, whatever Go program ran in it.

use super::{
    table::{self, table},
    words,
};
use serde::{Deserialize, Serialize};

/// What the page itself did. Of each table the newest rows are kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Probes of the microtask queue, posted where stays in Go ended; at most one at a time, so that none overlap.
    #[serde(default, with = "table::columns")]
    pub microtasks: Vec<Microtask>,
    /// Tasks and frames of more than 50 ms; `None` where the engine tells none.
    #[serde(default, with = "table::maybe", skip_serializing_if = "Option::is_none")]
    pub longtasks: Option<Vec<LongTask>>,
    /// `performance.mark`.
    #[serde(default, with = "table::columns")]
    pub marks: Vec<Mark>,
    /// `performance.measure`.
    #[serde(default, with = "table::columns")]
    pub measures: Vec<Measure>,
}

impl Page {
    /// Whether nothing is known of it.
    pub(super) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

words! {
    /// What was long.
    LongTaskKind {
        /// A task.
        #[default]
        Task = "task",
        /// An animation frame, with all that led to it.
        Frame = "frame",
    }
}
table::word!(LongTaskKind);

table! {
    /// One probe of the microtask queue.
    #[derive(Copy)]
    Microtask {
        /// When a stay in Go ended.
        t: f64 = "t",
        /// Realm.
        realm: u32 = "realm",
        /// Length of that stay, ms.
        sync_ms: f64 = "syncMs",
        /// Until what had been queued by then had run, ms; the rest of the task that Go was called from counts too.
        queued_ms: f64 = "queuedMs",
        /// Until the queue was empty, ms.
        drain_ms: f64 = "drainMs",
        /// `false` where other tasks may have run before that was noticed: `drainMs` is an upper bound.
        exact: bool = "exact",
    }
}

table! {
    /// A task or an animation frame of more than 50 ms.
    LongTask {
        /// Begin.
        start: f64 = "start",
        /// Length, ms.
        duration_ms: f64 = "durationMs",
        /// Realm.
        realm: u32 = "realm",
        /// Which.
        kind: LongTaskKind = "kind",
        /// Of a frame: how long input could not be handled, ms.
        blocking_ms: Option<f64> = "blockingMs",
        /// Of a frame: what called its longest script, as the engine puts it.
        script: Option<String> = "script",
        /// How long that script ran, ms.
        script_ms: Option<f64> = "scriptMs",
    }
}

table! {
    /// A moment the page named.
    Mark {
        /// When.
        t: f64 = "t",
        /// Realm.
        realm: u32 = "realm",
        /// Its name.
        name: String = "name",
    }
}

table! {
    /// A span the page named.
    Measure {
        /// Begin.
        start: f64 = "start",
        /// Length, ms; below 0 where the page says so.
        duration_ms: f64 = "durationMs",
        /// Realm.
        realm: u32 = "realm",
        /// Its name.
        name: String = "name",
    }
}
