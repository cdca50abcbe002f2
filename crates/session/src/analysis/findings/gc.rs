//! Garbage collection that hardly rests.

use super::{culprits, list, part, severity};
use crate::{
    Finding, Instance, Session,
    analysis::{GoLines, collections},
    fmt,
    text::findings::gc as text,
};

/// Garbage collection, as a share of wall. Go's own pacer aims at a quarter of the time while a cycle runs; all the time
/// at a tenth means that cycles hardly ever rest.
pub const GC_SHARE: f64 = 0.1;
/// The least that is a share of, ms.
const LEAST_MS: f64 = 2e3;
/// Fewer cycles are no habit: one may last as long as the start of a program that builds large tables.
const LEAST_CYCLES: u64 = 10;

/// Adds one for all programs.
pub fn add(session: &Session, lines: &GoLines, out: &mut Vec<Finding>) {
    out.extend(collecting(session, lines));
}

/// Go's time within cycles, ms: collecting took at most as long. A cycle that is not done when the program waits goes on
/// when it runs again.
fn collecting_ms(instance: &Instance) -> f64 {
    let mut stays = instance.slices.iter().peekable();
    let mut sum = 0.0;
    for cycle in &instance.gc {
        let end = cycle.t + cycle.duration_ms;
        // Who is told nothing of stays must take all of it.
        if instance.slices.is_empty() {
            sum += cycle.duration_ms;
        }
        while let Some(stay) = stays.peek().filter(|stay| stay.start < end) {
            sum += (stay.end.min(end) - stay.start.max(cycle.t)).max(0.0);
            if stay.end > end {
                break;
            }
            stays.next();
        }
    }
    sum
}

fn collecting(session: &Session, lines: &GoLines) -> Option<Finding> {
    let gc = collections(session, None);
    let cost: f64 = session.instances.iter().map(collecting_ms).sum();
    if gc.cycles < LEAST_CYCLES || cost.is_nan() || cost <= part(lines, GC_SHARE, LEAST_MS) {
        return None;
    }
    let share = lines.wall_ms.map_or(1.0, |wall| (cost / wall).min(1.0));
    let cycles = session.instances.iter().flat_map(|instance| &instance.gc);
    let by = culprits(session, cycles.map(|cycle| (cycle.stack, 1.0)));
    let named = list(by.iter().map(|(place, n)| format!("{} ({})", place.text(), fmt::count(*n as u64))));
    Some(Finding {
        id: "gc".into(),
        severity: severity(share / GC_SHARE),
        title: text::title(share),
        detail: text::detail(gc.cycles, gc.pause_ms, &named),
        cost_ms: Some(cost),
        at: by.first().map(|line| line.0.text()),
        fix: text::FIX.into(),
        ..Finding::default()
    })
}
