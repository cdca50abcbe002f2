//! Words around findings; their own are the session's.

use session::{Severity, fmt};

pub const FINDINGS: &str = "Findings";
pub const FINDINGS_SHOW: &str = "What was measured, where, why, and what to do";
pub const FINDINGS_NONE: &str = "Nothing stands out.";
pub const FINDINGS_NONE_ABOUT: &str = "Loading, packages, calls into JavaScript, memory, garbage collection and the \
event loop were looked at; none costs much";
pub const FINDINGS_OF_ALL: &str = "of the whole recording, not of the selection";
pub const FINDING_COST_ABOUT: &str = "What it cost in this recording, measured";
pub const FINDING_WHY: &str = "Why";
pub const FINDING_FIX: &str = "Fix";
/// A tab where findings lead.
pub const FOUND_HERE: &str = "Findings lead here";

/// How grave, in a word.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
    }
}

/// What it cost; nothing where its title tells that in bytes or values.
pub fn finding_cost(ms: Option<f64>) -> String {
    ms.map(fmt::ms).unwrap_or_default()
}

/// Where a link leads.
pub fn finding_place_about(place: &str, view: &str) -> String {
    format!("{place}\nShow it in {view}")
}

/// How many there are; pressed, they show.
pub fn findings(count: usize) -> String {
    if count == 1 { "1 finding".into() } else { format!("{count} findings") }
}
