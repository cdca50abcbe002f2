//! Findings as they are shown: in an order that stays, and without coming and going at a limit.

use super::view::ViewId;
use session::{Finding, PhaseName, Session, State, window};
use std::rc::Rc;

/// How long one must be there, ms of the recording, before it is shown.
const SURE_MS: f64 = 900.0;
/// How long it stays after it was last there, ms.
const LINGER_MS: f64 = 10e3;
/// What has run so long without a finding may be said to have none, ms.
const ENOUGH_MS: f64 = 5e3;

/// The findings to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Gravest first; equally grave ones in the order they came.
    pub list: Rc<Vec<Finding>>,
    /// Nothing was found in a recording long enough to say so.
    pub none: bool,
}

/// Which one it is, while its figures change.
pub type Key = (String, Option<String>);

/// The key of a finding.
pub fn key(finding: &Finding) -> Key {
    (finding.id.clone(), finding.subject.clone())
}

/// Which view has the figures behind a finding.
pub fn home(id: &str) -> ViewId {
    match id {
        "wrong-mime" | "not-streamed" | "uncompressed" | "uncacheable" | "package-init" => ViewId::Startup,
        "unreleased-funcs" | "growing-references" | "memory-high-water" => ViewId::Memory,
        "gc" => ViewId::Gc,
        "thread-held" | "microtask-flood" => ViewId::Loop,
        _ => ViewId::Bridge,
    }
}

/// What was found so far.
#[derive(Default)]
pub struct Watch {
    found: Vec<Found>,
    wall_ms: f64,
}

struct Found {
    finding: Finding,
    /// When it came and when it was last there, ms of the recording.
    first: f64,
    last: f64,
}

impl Watch {
    /// The findings of a session as it is now.
    pub fn update(&mut self, session: &Session, found: Vec<Finding>) -> Findings {
        let now = session.meta.overhead.wall_ms.unwrap_or(0.0);
        if now < self.wall_ms {
            // Begun anew.
            self.found.clear();
        }
        self.wall_ms = now;
        // Once nothing more can come, they stand as in the report.
        let final_order = found.clone();
        for finding in found {
            match self.found.iter_mut().find(|it| key(&it.finding) == key(&finding)) {
                Some(known) => (known.finding, known.last) = (finding, now),
                None => self.found.push(Found { finding, first: now, last: now }),
            }
        }
        let over = is_over(session);
        self.found.retain(|it| it.last == now || (!over && now - it.last < LINGER_MS));
        let mut list = final_order;
        if !over {
            let sure = self.found.iter().filter(|it| it.last - it.first >= SURE_MS);
            list = sure.map(|it| it.finding.clone()).collect();
            list.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        }
        let enough = over || window(session).is_some_and(|window| window.ms() >= ENOUGH_MS);
        let ran = session
            .instances
            .iter()
            .flat_map(|it| &it.phases)
            .any(|it| matches!(it.name, PhaseName::Main | PhaseName::Run));
        Findings { none: self.found.is_empty() && ran && enough, list: Rc::new(list) }
    }
}

/// Whether nothing more can come.
fn is_over(session: &Session) -> bool {
    let exited = !session.instances.is_empty() && session.instances.iter().all(|it| it.exit_code.is_some());
    exited || session.meta.state == State::Stopped
}

/// The list as it was laid out while the pointer was over it: what has come since stands at the end.
pub fn arranged(list: &[Finding], held: Option<&[Key]>) -> Vec<Finding> {
    let place = |finding: &Finding| held.and_then(|held| held.iter().position(|it| *it == key(finding)));
    let mut list = list.to_vec();
    if held.is_some() {
        list.sort_by_key(|finding| place(finding).unwrap_or(usize::MAX));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Instance, Phase, Severity};

    fn finding(id: &str, severity: Severity) -> Finding {
        Finding { id: id.into(), severity, ..Finding::default() }
    }

    fn at(wall_ms: f64) -> Session {
        let phase = |name| Phase { name, start: 0.0, end: None, exact: true };
        let phases = vec![phase(PhaseName::RuntimeInit), phase(PhaseName::Main)];
        let mut session = Session::default();
        session.instances.push(Instance { phases, ..Instance::default() });
        session.meta.state = State::Recording;
        (session.meta.overhead.wall_ms, session.meta.end) = (Some(wall_ms), Some(wall_ms));
        session
    }

    fn ids(shown: &Findings) -> Vec<&str> {
        shown.list.iter().map(|it| it.id.as_str()).collect()
    }

    #[test]
    fn neither_comes_at_once_nor_goes_at_once() {
        let mut watch = Watch::default();
        let gc = || vec![finding("gc", Severity::Medium)];
        let mut shown = |ms, found| watch.update(&at(ms), found);
        assert_eq!(shown(1e3, gc()), Findings::default());
        assert_eq!(ids(&shown(2e3, gc())), ["gc"]);
        assert_eq!(ids(&shown(3e3, vec![])), ["gc"], "just under its limit");
        assert_eq!(ids(&shown(11.9e3, vec![])), ["gc"]);
        assert_eq!(shown(12.1e3, vec![]), Findings { none: true, ..Findings::default() });
        assert_eq!(shown(13e3, gc()), Findings::default(), "not said to be none, nor sure");
        assert_eq!(ids(&shown(14e3, gc())), ["gc"]);
        assert_eq!(shown(1e3, vec![]), Findings::default(), "begun anew");
    }

    #[test]
    fn the_last_word_is_said_at_once() {
        let mut over = at(700.0);
        over.instances[0].exit_code = Some(0);
        let mut watch = Watch::default();
        assert_eq!(ids(&watch.update(&over, vec![finding("gc", Severity::Low)])), ["gc"]);
        assert!(Watch::default().update(&over, vec![]).none);
        assert!(!Watch::default().update(&Session::default(), vec![]).none, "nothing ran");
    }

    #[test]
    fn grave_ones_first_then_as_they_came() {
        let mut watch = Watch::default();
        let (a, b) = (finding("a", Severity::Medium), finding("b", Severity::Medium));
        watch.update(&at(1e3), vec![a.clone(), b.clone()]);
        let both = watch.update(&at(2e3), vec![b, a.clone()]);
        assert_eq!(ids(&both), ["a", "b"], "though b costs more by now");
        let grave = watch.update(&at(3e3), vec![finding("b", Severity::High), a]);
        assert_eq!(ids(&grave), ["b", "a"]);
        let held: Vec<Key> = both.list.iter().map(key).collect();
        let mut list = grave.list.to_vec();
        list.insert(0, finding("c", Severity::High));
        let ids = |held| arranged(&list, held).into_iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(ids(Some(&held)), ["a", "b", "c"], "while the pointer is over it");
        assert_eq!(ids(None), ["c", "b", "a"]);
    }
}
