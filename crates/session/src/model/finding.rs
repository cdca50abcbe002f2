//! What is wrong, as the session tells it.

use super::words;
use crate::text;
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
    /// What it is of, where one kind can be found several times: a module's URL or a JS member.
    pub subject: Option<String>,
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

impl Finding {
    /// What is wrong and where, in one sentence.
    pub fn sentence(&self) -> String {
        match &self.at {
            // Its title names the module already.
            Some(at) if Some(at) != self.subject.as_ref() => text::at(&self.title, at),
            _ => self.title.clone(),
        }
    }
}
