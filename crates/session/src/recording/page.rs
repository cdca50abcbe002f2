//! The page's part of a frame: checked, then appended. The newest rows stay.

use super::check;
use crate::{Error, LongTask, LongTaskKind, Mark, Measure, Microtask, Page};
use protocol::Page as Told;

/// Checks all numbers: times are finite, lengths not below 0, but for a measure's, which is the page's own word.
pub fn check(told: &Told) -> Result<(), Error> {
    for (row, probe) in told.microtasks.iter().enumerate() {
        let at = || format!("page.microtasks[{row}]");
        check::times(at, &[probe.t])?;
        check::amounts(at, &[probe.sync_ms, probe.queued_ms, probe.drain_ms], false)?;
    }
    for (row, long) in told.longtasks.iter().flatten().enumerate() {
        let at = || format!("page.longtasks[{row}]");
        check::times(at, &[long.start])?;
        let spans = [Some(long.duration_ms), long.blocking_ms, long.script_ms];
        check::amounts(at, &spans.into_iter().flatten().collect::<Vec<_>>(), false)?;
    }
    for (row, mark) in told.marks.iter().enumerate() {
        check::times(|| format!("page.marks[{row}]"), &[mark.t])?;
    }
    for (row, measure) in told.measures.iter().enumerate() {
        check::times(|| format!("page.measures[{row}]"), &[measure.start, measure.duration_ms])?;
    }
    Ok(())
}

/// Appends the rows. Returns how many old ones went, of tables of at most `cap` rows.
pub fn append(page: &mut Page, told: Told, offset: f64, cap: usize) -> u64 {
    let realm = told.realm;
    let microtasks = told.microtasks.into_iter().map(|told| Microtask {
        t: told.t + offset,
        realm,
        sync_ms: told.sync_ms,
        queued_ms: told.queued_ms,
        drain_ms: told.drain_ms,
        exact: told.exact,
    });
    let longtasks = told.longtasks.map(|told| {
        told.into_iter().map(|told| LongTask {
            start: told.start + offset,
            duration_ms: told.duration_ms,
            realm,
            kind: if told.frame { LongTaskKind::Frame } else { LongTaskKind::Task },
            blocking_ms: told.blocking_ms,
            script: told.script,
            script_ms: told.script_ms,
        })
    });
    let marks = told.marks.into_iter().map(|told| Mark { t: told.t + offset, realm, name: told.name });
    let measures = told.measures.into_iter().map(|told| Measure {
        start: told.start + offset,
        duration_ms: told.duration_ms,
        realm,
        name: told.name,
    });
    push(&mut page.microtasks, microtasks, cap)
        + longtasks.map_or(0, |rows| push(page.longtasks.get_or_insert_default(), rows, cap))
        + push(&mut page.marks, marks, cap)
        + push(&mut page.measures, measures, cap)
}

/// Appends rows one by one; the older half of a full table goes. However the rows come, the same stay.
fn push<T>(table: &mut Vec<T>, rows: impl Iterator<Item = T>, cap: usize) -> u64 {
    let mut gone = 0;
    for row in rows {
        if table.len() >= cap {
            table.drain(..cap / 2);
            gone += cap / 2;
        }
        table.push(row);
    }
    gone as u64
}
