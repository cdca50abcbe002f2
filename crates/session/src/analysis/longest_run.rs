//! The longest times without a way back to the event loop, and timers.

use super::{Place, Range, place_of};
use crate::{Cause, Microtask, Session, Slice, order};
use std::collections::HashMap;

/// Most lines told.
const LINES: usize = 5;
/// A probe is sent so soon after its stay in Go, ms.
const SENT_WITHIN_MS: f64 = 1.0;

/// A time in which nothing else could run on the thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Begin, ms.
    pub start: f64,
    /// End, ms.
    pub end: f64,
    /// What entered Go.
    pub cause: Cause,
    /// Time in Go, ms.
    pub go_ms: f64,
    /// From the end of that until the microtask queue was empty, ms; `None` where no probe was sent.
    pub microtasks_ms: Option<f64>,
    /// `false` where `microtasks_ms` and `end` are upper bounds.
    pub exact: bool,
    /// Go lines that crossed into JavaScript inside it, by sampled crossings, most first: who works without crossing is
    /// not among them.
    pub lines: Vec<(Place, f64)>,
}

/// The longest runs that began in the range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LongestRuns {
    /// The longest stay in Go without a yield.
    pub stay: Option<Run>,
    /// The longest stay with the microtasks it left behind, among those that were probed: until the thread got back to
    /// the event loop.
    pub held: Option<Run>,
}

/// The longest stays of the thread in Go, of all programs.
pub fn longest_runs(session: &Session, range: Option<Range>) -> LongestRuns {
    let inside = |stay: &&(u32, &Slice)| range.is_none_or(|range| range.contains(stay.1.start));
    let of = |instance: &'_ crate::Instance| instance.realm;
    let stays: Vec<(u32, &Slice)> =
        session.instances.iter().flat_map(|it| it.slices.iter().map(move |stay| (of(it), stay))).collect();
    let longest = stays.iter().filter(inside).max_by(|a, b| length(a.1).total_cmp(&length(b.1)));
    let stay = longest.map(|&(realm, stay)| run(session, realm, stay, probe_of(session, realm, stay)));
    LongestRuns { stay, held: held(session, &stays, range) }
}

fn length(stay: &Slice) -> f64 {
    stay.end - stay.start
}

fn is_of(probe: &Microtask, stay: &Slice) -> bool {
    (stay.end..stay.end + SENT_WITHIN_MS).contains(&probe.t) && probe.sync_ms <= length(stay) + SENT_WITHIN_MS
}

fn probe_of<'a>(session: &'a Session, realm: u32, stay: &Slice) -> Option<&'a Microtask> {
    session.page.microtasks.iter().find(|probe| probe.realm == realm && is_of(probe, stay))
}

/// Bounds are of those that are known exactly only where there is nothing else: they may be another's tasks.
fn held(session: &Session, stays: &[(u32, &Slice)], range: Option<Range>) -> Option<Run> {
    let mut ordered: Vec<&(u32, &Slice)> = stays.iter().collect();
    order::sort(&mut ordered, |a, b| a.1.end.total_cmp(&b.1.end));
    let began = |probe: &&Microtask| range.is_none_or(|range| range.contains(probe.t - probe.sync_ms));
    let probes: Vec<&Microtask> = session.page.microtasks.iter().filter(began).collect();
    let any_exact = probes.iter().any(|probe| probe.exact);
    let usable = probes.into_iter().filter(|probe| probe.exact == any_exact);
    let probe = usable.max_by(|a, b| (a.sync_ms + a.drain_ms).total_cmp(&(b.sync_ms + b.drain_ms)))?;
    let last = ordered.partition_point(|stay| stay.1.end <= probe.t);
    let before = ordered[..last].iter().rev().take_while(|stay| stay.1.end > probe.t - SENT_WITHIN_MS);
    let (realm, stay) = **before.into_iter().find(|stay| stay.0 == probe.realm && is_of(probe, stay.1))?;
    Some(run(session, realm, stay, Some(probe)))
}

fn run(session: &Session, realm: u32, stay: &Slice, probe: Option<&Microtask>) -> Run {
    let drain = probe.map(|probe| probe.drain_ms);
    let end = stay.end + drain.unwrap_or_default();
    let here = || session.instances.iter().filter(|it| it.realm == realm);
    let common = |other: &Slice| (other.end.min(end) - other.start.max(stay.start)).max(0.0);
    let go_ms = here().flat_map(|it| &it.slices).map(common).sum();
    let mut by_place: HashMap<Place, f64> = HashMap::new();
    for sample in here().flat_map(|it| &it.samples) {
        if stay.start <= sample.t && sample.t < end {
            *by_place.entry(place_of(session, sample.stack)).or_default() += f64::from(sample.weight);
        }
    }
    let mut lines: Vec<_> = by_place.into_iter().collect();
    order::sort(&mut lines, |a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    lines.truncate(LINES);
    Run {
        start: stay.start,
        end,
        cause: stay.cause,
        go_ms,
        microtasks_ms: drain,
        exact: probe.is_none_or(|probe| probe.exact),
        lines,
    }
}
