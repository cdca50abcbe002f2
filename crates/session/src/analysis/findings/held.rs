//! What a program holds and does not let go of: JS values, `js.Func`, and memory that it needed once.

use super::{culprits, list, severity};
use crate::{
    Finding, Instance, Session, Severity,
    analysis::{Gauge, memory, references},
    fmt,
    text::findings::held as text,
};

/// `js.Func` more at the end than at the begin, and as many a minute.
pub const FUNCS: f64 = 100.0;
/// JS values more, and as many a minute.
pub const VALUES: f64 = 1000.0;
/// The member that makes a `js.Func` callable.
const MAKES_FUNC: &str = "_makeFuncWrapper";

/// Adds what is found of each program that runs; one that has exited holds nothing any more.
pub fn add(session: &Session, out: &mut Vec<Finding>) {
    for instance in session.instances.iter().filter(|instance| instance.exit_code.is_none()) {
        let funcs = funcs(session, instance);
        // Each function is a value, too, and holds others.
        if funcs.is_none() {
            out.extend(values(session, instance));
        }
        out.extend(funcs);
        out.extend(reserved(session, instance));
    }
}

/// By how many times over its limit a figure grew; `None` below it.
fn growth(gauge: Option<Gauge>, limit: f64) -> Option<(Gauge, f64)> {
    let gauge = gauge?;
    let times = (gauge.last - gauge.first).min(gauge.per_minute?) / limit;
    (times >= 1.0).then_some((gauge, times))
}

fn funcs(session: &Session, instance: &Instance) -> Option<Finding> {
    let memory = memory(instance, None);
    let (gauge, times) = growth(memory.funcs, FUNCS).filter(|_| memory.funcs_grow == Some(true))?;
    let makes = |member: u32| instance.members.get(member as usize).is_some_and(|it| it.name == MAKES_FUNC);
    let samples = instance.samples.iter().filter(|sample| sample.member.is_some_and(makes));
    let by = culprits(session, samples.map(|sample| (sample.stack, f64::from(sample.weight))));
    let callbacks = references(session, instance, None).callbacks.unwrap_or_default();
    let called = list(callbacks.iter().map(|(place, n)| format!("{} ({})", place.text(), fmt::count(*n))));
    let at = by.first().map(|line| &line.0).or(callbacks.first().map(|row| &row.0)).map(crate::Place::text);
    Some(Finding {
        id: "unreleased-funcs".into(),
        severity: severity(times),
        title: text::funcs(gauge.last, gauge.per_minute.unwrap_or_default()),
        detail: text::funcs_detail(instance.funcs.unwrap_or_default(), &called),
        at,
        fix: text::FUNCS_FIX.into(),
        ..Finding::default()
    })
}

fn values(session: &Session, instance: &Instance) -> Option<Finding> {
    let memory = memory(instance, None);
    let (gauge, times) = growth(memory.refs_kept, VALUES).filter(|_| memory.refs_grow == Some(true))?;
    let made = instance.refs.iter().flat_map(|refs| &refs.made);
    let by = culprits(session, made.map(|row| (row.stack, row.live)));
    let lines =
        list(by.iter().map(|(place, n)| format!("{} (about {})", place.text(), fmt::count(*n as u64))));
    Some(Finding {
        id: "growing-references".into(),
        severity: severity(times),
        title: text::values(gauge.last, gauge.per_minute.unwrap_or_default()),
        detail: text::values_detail(&lines),
        at: by.first().map(|line| line.0.text()),
        fix: text::VALUES_FIX.into(),
        ..Finding::default()
    })
}

fn reserved(session: &Session, instance: &Instance) -> Option<Finding> {
    let memory = memory(instance, None);
    let (linear, heap) = memory.linear.zip(memory.heap).filter(|_| memory.far_above_heap == Some(true))?;
    let by =
        culprits(session, instance.grows.iter().map(|grow| (grow.stack, grow.to_bytes - grow.from_bytes)));
    let lines = list(by.iter().map(|(place, bytes)| format!("{} ({})", place.text(), fmt::bytes(*bytes))));
    Some(Finding {
        id: "memory-high-water".into(),
        severity: Severity::Medium,
        title: text::reserved(linear.last, heap.last),
        detail: text::reserved_detail(heap.peak, &lines),
        at: by.first().map(|line| line.0.text()),
        fix: text::RESERVED_FIX.into(),
        ..Finding::default()
    })
}
