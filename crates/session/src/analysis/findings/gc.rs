//! Garbage collection that hardly rests.

use super::{list, severity};
use crate::{Finding, Session, analysis::collections, fmt, text::findings::gc as text};

/// Garbage collection, as a share of wall. Go's own pacer aims at a quarter of the time while a cycle runs; all the time
/// at a tenth means that cycles hardly ever rest.
pub const GC_SHARE: f64 = 0.1;

/// Adds one for all programs.
pub fn add(session: &Session, out: &mut Vec<Finding>) {
    out.extend(collecting(session));
}

fn collecting(session: &Session) -> Option<Finding> {
    let gc = collections(session, None);
    let share = gc.cycle_share.filter(|&share| share > GC_SHARE)?;
    let lines = list(gc.lines.iter().map(|(place, n)| format!("{} ({})", place.text(), fmt::count(*n))));
    Some(Finding {
        id: "gc".into(),
        severity: severity(share / GC_SHARE),
        title: text::title(share),
        detail: text::detail(gc.cycles, gc.pause_ms, &lines),
        cost_ms: Some(gc.cycle_ms),
        at: gc.lines.first().map(|line| line.0.text()),
        fix: text::FIX.into(),
    })
}
