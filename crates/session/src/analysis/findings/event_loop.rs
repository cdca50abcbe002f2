//! What holds the page's thread: Go itself, and what it leaves to the microtask queue.

use super::{list, severity};
use crate::{
    Finding, LongTaskKind, Session,
    analysis::{GoLines, backlog, long_tasks},
    text::findings::event_loop as text,
};

/// Go on the thread in one task, ms: browsers call a task long from here on, as input waits for it.
pub const HELD_MS: f64 = 50.0;
/// Microtasks after one stay in Go, ms: they hold the thread as a long task does.
pub const FLOOD_MS: f64 = 50.0;

/// Adds one of each kind.
pub fn add(session: &Session, lines: &GoLines, out: &mut Vec<Finding>) {
    out.extend(held(session));
    out.extend(flood(session, lines));
}

/// Tasks in which Go held the thread. Frames hold the same tasks; they count where the engine tells nothing else.
fn held(session: &Session) -> Option<Finding> {
    let mut rows = long_tasks(session, None)?;
    let tasks = rows.iter().any(|row| row.task.kind == LongTaskKind::Task);
    rows.retain(|row| row.go_ms > HELD_MS && (row.task.kind == LongTaskKind::Task) == tasks);
    let longest = rows.iter().max_by(|a, b| a.go_ms.total_cmp(&b.go_ms))?;
    let cost = rows.iter().map(|row| row.go_ms).sum();
    let lines = list(longest.lines.iter().map(|line| line.0.text()));
    Some(Finding {
        id: "thread-held".into(),
        severity: severity(longest.go_ms / HELD_MS),
        title: text::held_title(rows.len() as u64, longest.go_ms),
        detail: text::held_detail(longest.task.start, &lines),
        cost_ms: Some(cost),
        at: longest.lines.first().map(|line| line.0.text()),
        fix: text::HELD_FIX.into(),
    })
}

/// Bounds do not count: they may be somebody else's tasks.
fn flood(session: &Session, lines: &GoLines) -> Option<Finding> {
    let probes = session.page.microtasks.iter().filter(|probe| probe.exact && probe.drain_ms > FLOOD_MS);
    let (mut count, mut cost, mut longest) = (0, 0.0, 0.0_f64);
    for probe in probes {
        (count, cost, longest) = (count + 1, cost + probe.drain_ms, longest.max(probe.drain_ms));
    }
    if count == 0 {
        return None;
    }
    let backlog = backlog(session, lines, None);
    Some(Finding {
        id: "microtask-flood".into(),
        severity: severity(longest / FLOOD_MS),
        title: text::flood_title(longest),
        detail: text::flood_detail(count, backlog.asked.map_or(0.0, |asked| asked.value)),
        cost_ms: Some(cost),
        at: backlog.lines.first().map(|line| line.0.text()),
        fix: text::FLOOD_FIX.into(),
    })
}
