//! What is wrong with a program or its page, each with what it cost, where, why, and what to do. Nothing where nothing is.

use super::{
    GoLines, LoadingKind, Package, Place, backlog, collections, loading, long_tasks, members, packages,
    packages::startup_ms,
};
use crate::{CostRow, Finding, Instance, LongTaskKind, PhaseName, Session, Severity, fmt, order, text};

/// Initialising packages, as a share of start-up: below it other parts of start-up are worth more.
pub const INIT_SHARE: f64 = 0.1;
/// And ms: what is shorter than a long task nobody notices.
pub const INIT_MS: f64 = 50.0;
/// One JS member, as a share of wall: beside so much, all else that crosses is small.
pub const MEMBER_SHARE: f64 = 0.05;
/// Go on the thread in one task, ms: browsers call a task long from here on, as input waits for it.
pub const HELD_MS: f64 = 50.0;
/// Microtasks after one stay in Go, ms: they hold the thread as a long task does.
pub const FLOOD_MS: f64 = 50.0;
/// Garbage collection, as a share of wall. Go's own pacer aims at a quarter of the time while a cycle runs; all the time
/// at a tenth means that cycles hardly ever rest.
pub const GC_SHARE: f64 = 0.1;
/// So many times over its limit a finding is of high severity.
pub const FAR_OVER: f64 = 4.0;
/// Parts of start-up are worth as much as a long task, ms.
const LOADING_MS: f64 = 50.0;
/// Most lines or packages named.
const NAMED: usize = 3;

/// What is wrong, gravest first.
pub fn findings(session: &Session) -> Vec<Finding> {
    findings_of(session, &GoLines::of(session, None))
}

/// The same, where the table by Go line is there already.
pub fn findings_of(session: &Session, lines: &GoLines) -> Vec<Finding> {
    let mut out = loads(session);
    out.extend(session.instances.iter().filter_map(|instance| init(session, instance)));
    out.extend(held(session));
    out.extend(members(session).iter().filter_map(|row| member(row, lines)));
    out.extend(flood(session, lines));
    out.extend(gc(session));
    let cost = |it: &Finding| it.cost_ms.unwrap_or(0.0);
    order::sort(&mut out, |a, b| {
        (b.severity as u8).cmp(&(a.severity as u8)).then(cost(b).total_cmp(&cost(a)))
    });
    out
}

/// By how many times over its limit it is.
fn severity(times: f64) -> Severity {
    match times {
        _ if times >= FAR_OVER => Severity::High,
        _ if times >= 1.0 => Severity::Medium,
        _ => Severity::Low,
    }
}

/// What came over the network, and how.
fn loads(session: &Session) -> Vec<Finding> {
    let mut out = Vec::new();
    for fact in loading(session) {
        let Some((id, title)) = text::loading_finding(fact.kind) else { continue };
        let Some(fix) = fact.fix else { continue };
        let took = |name: PhaseName| {
            let first = session.instances.iter().find(|instance| instance.module == fact.module)?;
            let phase = first.phases.iter().find(|phase| phase.name == name)?;
            phase.end.map(|end| end - phase.start)
        };
        let network = session.modules.iter().find(|it| it.id == fact.module);
        let download = || network?.network.as_ref()?.download_ms.or_else(|| took(PhaseName::Download));
        let cost_ms = match fact.kind {
            // What streaming would have done at once.
            LoadingKind::NotStreamed | LoadingKind::FellBack => {
                download().zip(took(PhaseName::Compile)).map(|(down, compile)| down.min(compile))
            }
            _ => download(),
        };
        out.push(Finding {
            id: id.into(),
            severity: severity(cost_ms.unwrap_or(0.0) / LOADING_MS),
            title: title.into(),
            detail: text::loading_detail(fact.what(), fact.kind, cost_ms),
            cost_ms,
            at: network.map(|module| module.url.clone()),
            fix: fix.into(),
        });
    }
    out
}

/// Packages' initialisation; where the runtime tells none of it, there are only bounds.
fn init(session: &Session, instance: &Instance) -> Option<Finding> {
    let packages = packages(session, instance);
    let ms: f64 = packages.iter().map(|package| package.ms.value).sum();
    let share = startup_ms(instance).filter(|&startup| startup > 0.0).map(|startup| ms / startup)?;
    if ms < INIT_MS || share <= INIT_SHARE {
        return None;
    }
    let named = |it: &Package| format!("{} {}", it.init.package, fmt::ms(it.init.duration_ms));
    Some(Finding {
        id: "package-init".into(),
        severity: severity(share / INIT_SHARE),
        title: text::init_title(share),
        detail: text::init_detail(ms, &list(packages.iter().map(named))),
        cost_ms: Some(ms),
        at: packages.first().map(|package| package.init.package.clone()),
        fix: text::INIT_FIX.into(),
    })
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

/// A member that surely takes its share.
fn member(row: &CostRow, lines: &GoLines) -> Option<Finding> {
    let share = row.share.filter(|share| share.value - share.error > MEMBER_SHARE)?;
    let time = row.time_ms?;
    let mut best: Option<(f64, &Place)> = None;
    for line in &lines.rows {
        let same = line.crossings.iter().find(|it| it.import == row.import && it.member == row.member);
        let ms = same.and_then(|it| it.time_ms).map_or(0.0, |time| time.value);
        if ms > best.map_or(0.0, |best| best.0) {
            best = Some((ms, &line.place));
        }
    }
    Some(Finding {
        id: "hot-member".into(),
        severity: severity(share.value / MEMBER_SHARE),
        title: text::member_title(&row.label, share.value),
        detail: text::member_detail(row),
        cost_ms: Some(time.value),
        at: best.map(|(_, place)| place.text()),
        fix: text::member_fix(&row.import).into(),
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

fn gc(session: &Session) -> Option<Finding> {
    let gc = collections(session, None);
    let share = gc.cycle_share.filter(|&share| share > GC_SHARE)?;
    let lines = list(gc.lines.iter().map(|(place, n)| format!("{} ({})", place.text(), fmt::count(*n))));
    Some(Finding {
        id: "gc".into(),
        severity: severity(share / GC_SHARE),
        title: text::gc_title(share),
        detail: text::gc_detail(gc.cycles, gc.pause_ms, &lines),
        cost_ms: Some(gc.cycle_ms),
        at: gc.lines.first().map(|line| line.0.text()),
        fix: text::GC_FIX.into(),
    })
}

/// The first few, with commas.
fn list(names: impl Iterator<Item = String>) -> String {
    names.take(NAMED).collect::<Vec<_>>().join(", ")
}
