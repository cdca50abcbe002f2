//! Garbage collection that hardly rests.

use super::{culprits, list, part, severity};
use crate::{
    Finding, Session,
    analysis::{GoLines, collections},
    fmt,
    text::findings::gc as text,
};

/// Garbage collection, as a share of wall. Go's own pacer aims at a quarter of the time while a cycle runs; all the time
/// at a tenth means that cycles hardly ever rest.
pub const GC_SHARE: f64 = 0.1;
/// The least that is a share of, ms.
const LEAST_MS: f64 = 2e3;

/// Adds one for all programs.
pub fn add(session: &Session, lines: &GoLines, out: &mut Vec<Finding>) {
    out.extend(collecting(session, lines));
}

fn collecting(session: &Session, lines: &GoLines) -> Option<Finding> {
    let gc = collections(session, None);
    let share = gc.cycle_share.filter(|_| gc.cycle_ms > part(lines, GC_SHARE, LEAST_MS))?;
    let cycles = session.instances.iter().flat_map(|instance| &instance.gc);
    let by = culprits(session, cycles.map(|cycle| (cycle.stack, 1.0)));
    let named = list(by.iter().map(|(place, n)| format!("{} ({})", place.text(), fmt::count(*n as u64))));
    Some(Finding {
        id: "gc".into(),
        severity: severity(share / GC_SHARE),
        title: text::title(share),
        detail: text::detail(gc.cycles, gc.pause_ms, &named),
        cost_ms: Some(gc.cycle_ms),
        at: by.first().map(|line| line.0.text()),
        fix: text::FIX.into(),
        ..Finding::default()
    })
}
