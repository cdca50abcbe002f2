//! How long microtasks held the thread after Go, and who asked for them.

use super::{Estimate, GoLines, Place, Range, threads::only_wall_ms};
use crate::{Microtask, Session, order};

/// What asks for a microtask when Go calls it.
const ASKS: [&str; 4] = ["then", "catch", "finally", "queueMicrotask"];

/// How long microtasks held the thread after Go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backlog {
    /// Probes that came back.
    pub probes: u64,
    /// Stays in Go: after each of them a probe might have been sent.
    pub stays: u64,
    /// Until the queue was empty, all probes together, ms. No two overlap, and not every stay is probed: there was at
    /// least as much.
    pub drain_ms: f64,
    /// That as a share of the window; unknown where several threads ran Go.
    pub share: Option<f64>,
    /// The probe that waited longest.
    pub longest: Option<Microtask>,
    /// `false` where some probes tell upper bounds.
    pub exact: bool,
    /// Callbacks that Go itself asked for by `then`, `catch`, `finally` or `queueMicrotask`.
    pub asked: Option<Estimate>,
    /// The Go lines that did, most first.
    pub lines: Vec<(Place, Estimate)>,
}

/// The backlog after Go, in all or within a range; `lines` of the same.
pub fn backlog(session: &Session, lines: &GoLines, range: Option<Range>) -> Backlog {
    let inside = |t: f64| range.is_none_or(|range| range.contains(t));
    let mut out = Backlog { exact: true, ..Backlog::default() };
    for probe in session.page.microtasks.iter().filter(|probe| inside(probe.t)) {
        out.probes += 1;
        out.drain_ms += probe.drain_ms;
        out.exact &= probe.exact;
        if out.longest.is_none_or(|longest| longest.drain_ms < probe.drain_ms) {
            out.longest = Some(*probe);
        }
    }
    let stays = session.instances.iter().flat_map(|instance| &instance.slices);
    out.stays = stays.filter(|stay| inside(stay.end)).count() as u64;
    let wall = only_wall_ms(session, range);
    out.share = wall.map(|wall| out.drain_ms / wall);
    for row in &lines.rows {
        let asks = row.crossings.iter().filter(|crossing| asks(&crossing.import, crossing.member.as_deref()));
        if let Some(calls) = asks.map(|crossing| crossing.calls).reduce(|a, b| a + b) {
            out.lines.push((row.place.clone(), calls));
        }
    }
    order::sort(&mut out.lines, |a, b| b.1.value.total_cmp(&a.1.value));
    out.asked = match range {
        None => Some(Estimate::exact(asked(session) as f64)),
        Some(_) => out.lines.iter().map(|line| line.1).reduce(|a, b| a + b),
    };
    out
}

/// Exact, of the whole session.
fn asked(session: &Session) -> u64 {
    let members = session.instances.iter().flat_map(|instance| &instance.members);
    members.filter(|member| asks(&member.import, Some(&member.name))).map(|member| member.calls).sum()
}

fn asks(import: &str, member: Option<&str>) -> bool {
    import == "syscall/js.valueCall" && member.is_some_and(|member| ASKS.contains(&member))
}
