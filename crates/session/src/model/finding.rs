//! What is wrong, as the session tells it.

use super::words;
use serde::{Deserialize, Serialize};

words! {
    /// How much it matters.
    Severity {
        /// Its cost is not known, or small.
        #[default]
        Low = "low",
        /// Over the limit from which it is told.
        Medium = "medium",
        /// Far over it.
        High = "high",
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which kind, for scripts: `not-streamed`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// In a few words.
    pub title: String,
    /// What was measured, and why it costs.
    pub detail: String,
    /// What it cost in this recording, ms; `None` where that is not known.
    pub cost_ms: Option<f64>,
    /// A Go line, a package or a module's URL.
    #[serde(rename = "where")]
    pub at: Option<String>,
    /// What to do.
    pub fix: String,
}
