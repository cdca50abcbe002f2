//! What holds the page's thread: Go itself, and what it leaves to the microtask queue.

use super::{culprits, list, part, severity};
use crate::{
    Finding, LongTask, LongTaskKind, Microtask, PhaseName, RealmKind, Session, Slice,
    analysis::{GoLines, LongTaskRow, backlog, long_tasks::rows},
    text::findings::event_loop as text,
};

/// The thread held in one task, ms: browsers call a task long from here on, as input waits for it.
pub const HELD_MS: f64 = 50.0;
/// How far apart two times are that only rounding tells apart, ms: a coarse clock has steps that make exactly 50 ms.
const ROUNDING_MS: f64 = 1e-3;
/// Once is enough where it is as long as this, ms: then a person notices.
pub const NOTICED_MS: f64 = 200.0;
/// Shorter ones count where together they are this share of the time observed.
pub const HELD_SHARE: f64 = 0.01;
/// The least that is a share of, ms.
const LEAST_MS: f64 = 10e3;
/// Callbacks that Go asked for, for each time the queue was long: fewer make no queue long.
const CALLBACKS: f64 = 10.0;

/// Adds one of each kind.
pub fn add(session: &Session, lines: &GoLines, out: &mut Vec<Finding>) {
    out.extend(held(session, lines));
    out.extend(flood(session, lines));
}

/// Whether the thread was held for longer than it should be.
fn is_long(ms: f64) -> bool {
    ms > HELD_MS + ROUNDING_MS
}

/// Times the thread was held, each for long.
#[derive(Default)]
struct Stalls {
    count: u64,
    longest: f64,
    sum: f64,
}

impl Stalls {
    fn add(&mut self, ms: f64) {
        self.count += 1;
        self.sum += ms;
        self.longest = self.longest.max(ms);
    }

    /// Whether a person notices: once is enough where it is long.
    fn matter(&self, lines: &GoLines) -> bool {
        self.longest >= NOTICED_MS || self.sum > part(lines, HELD_SHARE, LEAST_MS)
    }
}

/// A task in which Go held a thread that draws.
#[derive(Clone, Copy)]
struct Hold {
    start: f64,
    end: f64,
    realm: u32,
    /// Of it in Go, ms.
    go_ms: f64,
}

/// Frames hold the same tasks as tasks; they count where the engine tells nothing else. Where it tells neither, each stay in Go
/// is a task, at least.
fn holds(session: &Session) -> Vec<Hold> {
    let Some(rows) = rows(session, None, false) else { return stays(session) };
    let tasks = rows.iter().any(|row| row.task.kind == LongTaskKind::Task);
    let rows = rows.iter().filter(|row| (row.task.kind == LongTaskKind::Task) == tasks);
    let hold = |row: &LongTaskRow<'_>| {
        let &LongTask { start, duration_ms, realm, .. } = row.task;
        Hold { start, end: start + duration_ms, realm, go_ms: row.go_ms }
    };
    rows.map(hold).collect()
}

fn stays(session: &Session) -> Vec<Hold> {
    let draws = |realm| session.realms.iter().all(|it| it.id != realm || it.kind != RealmKind::Worker);
    let programs = session.instances.iter().filter(|it| draws(it.realm));
    programs
        .flat_map(|it| {
            it.slices.iter().map(|&Slice { start, end, .. }| Hold {
                start,
                end,
                realm: it.realm,
                go_ms: end - start,
            })
        })
        .collect()
}

/// Tasks in which Go held the thread.
fn held(session: &Session, lines: &GoLines) -> Option<Finding> {
    let mut stalls = Stalls::default();
    let mut longest = None;
    for hold in holds(session) {
        let ms = hold.go_ms.min(in_main(session, hold));
        if is_long(ms) {
            stalls.add(ms);
            if ms >= stalls.longest {
                longest = Some(hold);
            }
        }
    }
    let hold = longest.filter(|_| stalls.matter(lines))?;
    let samples = session.instances.iter().filter(|it| it.realm == hold.realm).flat_map(|it| &it.samples);
    let inside = samples.filter(|it| hold.start <= it.t && it.t <= hold.end);
    let by = culprits(session, inside.map(|it| (it.stack, f64::from(it.weight))));
    Some(Finding {
        id: "thread-held".into(),
        severity: severity(stalls.longest / HELD_MS),
        title: text::held_title(stalls.count, stalls.longest),
        detail: text::held_detail(hold.start, &list(by.iter().map(|line| line.0.text()))),
        cost_ms: Some(stalls.sum),
        at: by.first().map(|line| line.0.text()),
        fix: text::HELD_FIX.into(),
        ..Finding::default()
    })
}

/// How much of a task lies after `main.main` began, ms: what is before it is start-up, and told as that.
fn in_main(session: &Session, hold: Hold) -> f64 {
    let programs = session.instances.iter().filter(|it| it.realm == hold.realm);
    let mains = programs.filter_map(|it| it.phases.iter().find(|phase| phase.name == PhaseName::Main));
    let began = mains.map(|main| main.start).min_by(f64::total_cmp);
    hold.end - began.unwrap_or(hold.start).max(hold.start)
}

/// Bounds do not count, as they may be somebody else's tasks. Where nothing was queued for long, the browser may have drawn
/// before the queue was asked again: then Go must have asked for many callbacks. And where Go asked for none, JavaScript
/// that it called did: that must be long enough to be no accident.
fn flood(session: &Session, lines: &GoLines) -> Option<Finding> {
    let backlog = backlog(session, lines, None);
    let asked = backlog.asked.map_or(0.0, |asked| asked.value);
    let mut stalls = Stalls::default();
    let long = |probe: &&Microtask| probe.exact && is_long(probe.drain_ms);
    let least = if asked > 0.0 { HELD_MS } else { NOTICED_MS };
    let queued = |probe: &Microtask| probe.queued_ms > least;
    let probes = || session.page.microtasks.iter().filter(long);
    let many = asked >= CALLBACKS * probes().count() as f64;
    probes().filter(|probe| many || queued(probe)).for_each(|probe| stalls.add(probe.drain_ms));
    if !stalls.matter(lines) {
        return None;
    }
    Some(Finding {
        id: "microtask-flood".into(),
        severity: severity(stalls.longest / HELD_MS),
        title: text::flood_title(stalls.longest),
        detail: text::flood_detail(stalls.count, asked),
        cost_ms: Some(stalls.sum),
        at: backlog.lines.first().map(|line| line.0.text()),
        fix: text::FLOOD_FIX.into(),
        ..Finding::default()
    })
}
