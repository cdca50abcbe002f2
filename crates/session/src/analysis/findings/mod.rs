//! What is wrong with a program or its page, each with what it cost, where, why, and what to do. Nothing where nothing is.
//! A file per area; each adds what it finds.

mod event_loop;
mod gc;
mod loading;
mod members;
mod packages;

use super::GoLines;
use crate::{Finding, Session, Severity, order};

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
    gc::add(session, &mut out);
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

/// The first few, with commas.
fn list(names: impl Iterator<Item = String>) -> String {
    names.take(NAMED).collect::<Vec<_>>().join(", ")
}
