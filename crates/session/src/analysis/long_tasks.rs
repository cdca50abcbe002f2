//! What Go did in the tasks and frames that held the thread.

use super::{Place, Range, place_of, threads::thread_of};
use crate::{LongTask, LongTaskKind, Session, order};
use std::collections::HashMap;

/// Most lines told of a task.
const LINES: usize = 5;
/// Engines round the lengths of long tasks.
const ROUNDED_MS: f64 = 2.0;

/// A task or a frame that held the thread.
#[derive(Clone, Debug, PartialEq)]
pub struct LongTaskRow<'a> {
    /// What the engine tells.
    pub task: &'a LongTask,
    /// Time in Go inside it, ms.
    pub go_ms: f64,
    /// Stays in Go that reach into it.
    pub stays: u64,
    /// Go lines that crossed into JavaScript inside it, by sampled crossings, most first: who works without crossing
    /// is not among them.
    pub lines: Vec<(Place, f64)>,
}

/// Long tasks and frames that began in the range, in the engine's order. `None` where the engine tells none.
pub fn long_tasks(session: &Session, range: Option<Range>) -> Option<Vec<LongTaskRow<'_>>> {
    rows(session, range, true)
}

/// The same; the lines, which take a look at every sample, only where they are wanted.
pub(super) fn rows(session: &Session, range: Option<Range>, lines: bool) -> Option<Vec<LongTaskRow<'_>>> {
    let inside = |task: &&LongTask| range.is_none_or(|range| range.contains(task.start));
    let tasks = session.page.longtasks.as_ref()?.iter().filter(inside);
    let mut rows: Vec<_> =
        tasks.map(|task| LongTaskRow { task, go_ms: 0.0, stays: 0, lines: vec![] }).collect();
    let mut twice = vec![false; rows.len()];
    for kind in [LongTaskKind::Task, LongTaskKind::Frame] {
        let mut those: Vec<usize> = (0..rows.len()).filter(|&at| rows[at].task.kind == kind).collect();
        order::sort(&mut those, |&a, &b| rows[a].task.start.total_cmp(&rows[b].task.start));
        once(&rows, &mut those, &mut twice);
        apart(&mut those, |at| (rows[at].task.start, end(rows[at].task)));
        join(session, &mut rows, &those);
        if lines {
            add_lines(session, &mut rows, &those);
        }
    }
    let mut twice = twice.into_iter();
    rows.retain(|_| !twice.next().unwrap_or_default());
    Some(rows)
}

/// A page and each frame on its thread tell the same task, and workers tell none: of those that overlap the first is left.
fn once(rows: &[LongTaskRow<'_>], those: &mut Vec<usize>, again: &mut [bool]) {
    let mut first: Option<&LongTask> = None;
    those.retain(|&at| {
        let task = rows[at].task;
        again[at] = first.is_some_and(|it| it.realm != task.realm && task.start < end(it) - ROUNDED_MS);
        if !again[at] {
            first = Some(task);
        }
        !again[at]
    });
}

/// Leaves out what begins before the one before it ended: no engine tells that, and every pair would be looked at.
fn apart(those: &mut Vec<usize>, span: impl Fn(usize) -> (f64, f64)) {
    let mut free = f64::MIN;
    those.retain(|&at| {
        let (start, end) = span(at);
        let apart = start >= free - ROUNDED_MS;
        if apart {
            free = end;
        }
        apart
    });
}

/// Adds stays to the rows at `those`, which are ordered by start and do not overlap.
fn join(session: &Session, rows: &mut [LongTaskRow<'_>], those: &[usize]) {
    let tasks: Vec<&LongTask> = those.iter().map(|&at| rows[at].task).collect();
    let thread = |realm| thread_of(session, realm);
    for instance in &session.instances {
        let mut stays: Vec<usize> = (0..instance.slices.len()).collect();
        apart(&mut stays, |at| (instance.slices[at].start, instance.slices[at].end));
        for stay in stays.iter().map(|&at| &instance.slices[at]) {
            for at in (first(&tasks, stay.start)..tasks.len()).take_while(|&at| tasks[at].start < stay.end) {
                let common = stay.end.min(end(tasks[at])) - stay.start.max(tasks[at].start);
                if thread(instance.realm) == thread(tasks[at].realm) && common > 0.0 {
                    let row = &mut rows[those[at]];
                    row.go_ms += common;
                    row.stays += 1;
                }
            }
        }
    }
}

/// The first task that has not ended by then.
fn first(tasks: &[&LongTask], t: f64) -> usize {
    tasks.partition_point(|task| end(task) < t)
}

/// Adds lines to the same rows.
fn add_lines(session: &Session, rows: &mut [LongTaskRow<'_>], those: &[usize]) {
    let tasks: Vec<&LongTask> = those.iter().map(|&at| rows[at].task).collect();
    let mut weights: Vec<HashMap<Option<u32>, f64>> = vec![HashMap::new(); those.len()];
    for instance in &session.instances {
        for sample in &instance.samples {
            let at = first(&tasks, sample.t);
            if let Some(task) = tasks.get(at)
                && thread_of(session, instance.realm) == thread_of(session, task.realm)
                && task.start <= sample.t
            {
                *weights[at].entry(sample.stack).or_default() += f64::from(sample.weight);
            }
        }
    }
    for (&at, weights) in those.iter().zip(weights) {
        rows[at].lines = lines(session, weights);
    }
}

fn end(task: &LongTask) -> f64 {
    task.start + task.duration_ms
}

fn lines(session: &Session, weights: HashMap<Option<u32>, f64>) -> Vec<(Place, f64)> {
    let mut by_place: HashMap<Place, f64> = HashMap::new();
    for (stack, weight) in weights {
        *by_place.entry(place_of(session, stack)).or_default() += weight;
    }
    let mut lines: Vec<_> = by_place.into_iter().collect();
    order::sort(&mut lines, |a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    lines.truncate(LINES);
    lines
}
