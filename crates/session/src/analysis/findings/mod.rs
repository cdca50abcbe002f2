//! What is wrong with a program or its page, each with what it cost, where, why, and what to do. Nothing where nothing is.
//! A file per area; each adds what it finds.
//!
//! Limits are shares of the time observed and of no less than some seconds, so that neither a short recording nor a slow
//! machine makes a finding of a moment.

mod copies;
mod event_loop;
mod gc;
mod held;
mod loading;
mod members;
mod packages;

pub(super) use members::HOT_MEMBER;

use super::{GoLines, Place, go_line::program_line};
use crate::{Finding, Session, Severity, order};
use std::collections::HashMap;

/// So many times over its limit a finding is of high severity.
pub const FAR_OVER: f64 = 4.0;
/// Most lines or packages named.
const NAMED: usize = 3;

/// What is wrong, gravest first.
pub fn findings(session: &Session) -> Vec<Finding> {
    findings_of(session, &GoLines::of(session, None))
}

/// The same, where the table by Go line is there already.
pub fn findings_of(session: &Session, lines: &GoLines) -> Vec<Finding> {
    let mut out = Vec::new();
    loading::add(session, &mut out);
    packages::add(session, &mut out);
    event_loop::add(session, lines, &mut out);
    members::add(session, lines, &mut out);
    copies::add(session, lines, &mut out);
    gc::add(session, lines, &mut out);
    held::add(session, &mut out);
    let cost = |it: &Finding| it.cost_ms.unwrap_or(0.0);
    order::sort(&mut out, |a, b| b.severity.cmp(&a.severity).then(cost(b).total_cmp(&cost(a))));
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

/// How many ms are `share` of the time observed, of which there is at least `least_ms`.
fn part(lines: &GoLines, share: f64, least_ms: f64) -> f64 {
    lines.wall_ms.unwrap_or(0.0).max(least_ms) * share
}

/// The program's own lines of stacks and their weights, most first; what is the runtime's or the standard library's is
/// put down to who called it.
fn culprits(session: &Session, stacks: impl Iterator<Item = (Option<u32>, f64)>) -> Vec<(Place, f64)> {
    let mut by_stack: HashMap<u32, f64> = HashMap::new();
    stacks.for_each(|(stack, weight)| *by_stack.entry(stack.unwrap_or(u32::MAX)).or_default() += weight);
    let mut lines: Vec<(Place, f64)> = Vec::new();
    for (stack, weight) in by_stack {
        let Some(place) = program_line(session, stack).map(Place::of) else { continue };
        match lines.iter_mut().find(|line| line.0 == place) {
            Some(line) => line.1 += weight,
            None => lines.push((place, weight)),
        }
    }
    order::sort(&mut lines, |a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    lines
}

/// The first few, with commas.
fn list(names: impl Iterator<Item = String>) -> String {
    names.take(NAMED).collect::<Vec<_>>().join(", ")
}
