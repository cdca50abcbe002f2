//! Start-up of each program: its phases, its module and what was wrong with loading it.

use super::packages::{PackageRow, Packages};
use crate::viz::Range;
use session::{Attach, Instance, LoadingFact, Module, Phase, PhaseName, Session, loading};
use std::rc::Rc;

/// Programs whose start-up can be looked at: the latest.
const MOST: usize = 20;
/// Room on each side of a start-up when it fills the axis, as a part of its length.
const ROOM: f64 = 0.06;
/// A start-up that takes less of the axis cannot be read.
const READABLE: f64 = 0.3;

/// The start of one program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Startup {
    /// Id of the instance.
    pub instance: u32,
    /// It ran before the agent came: only what Resource Timing tells is known.
    pub late: bool,
    /// In order of their begin.
    pub phases: Vec<Phase>,
    /// The code.
    pub module: Option<Module>,
    /// It has exited.
    pub over: bool,
    /// Where it runs, if not in the page itself.
    pub realm: Option<String>,
    /// What was wrong with loading it.
    pub facts: Vec<LoadingFact>,
    /// What packages cost, costliest first.
    pub packages: Rc<Vec<PackageRow>>,
}

/// The latest programs' start-ups, oldest first.
pub fn startups(session: &Session, revision: u64, packages: &mut Packages) -> Vec<Startup> {
    let facts = loading(session);
    let instances = &session.instances;
    let from = instances.len().saturating_sub(MOST);
    let instances = &instances[from..];
    packages.keep(instances);
    let startup = |instance| {
        let packages = packages.of(session, revision, instance);
        Startup { packages, ..Startup::of(instance, session, &facts) }
    };
    instances.iter().map(startup).collect()
}

impl Startup {
    fn of(instance: &Instance, session: &Session, facts: &[LoadingFact]) -> Self {
        let module = session.modules.iter().find(|module| module.id == instance.module);
        let own = facts.iter().filter(|fact| fact.module == instance.module);
        Self {
            instance: instance.id,
            late: instance.attach == Attach::Late,
            phases: instance.phases.clone(),
            module: module.cloned(),
            over: instance.exit_code.is_some(),
            realm: session.other_realm_of(instance).map(session::text::realm),
            facts: own.cloned().collect(),
            packages: Rc::default(),
        }
    }

    /// When its first request began, ms since the time origin.
    pub fn begin(&self) -> Option<f64> {
        self.phases.first().map(|phase| phase.start)
    }

    /// When Go's runtime started, where that was seen.
    pub fn ran(&self) -> Option<f64> {
        self.phases.iter().find(|phase| phase.name.starts_go()).map(|phase| phase.start)
    }

    /// From there to `main.main`, or as far as it got.
    fn stretch(&self) -> Option<Range> {
        let end = |phase: &Phase| match phase.name {
            PhaseName::Main => phase.start,
            _ => phase.end.unwrap_or(phase.start),
        };
        let end = self.phases.iter().map(end).fold(f64::NEG_INFINITY, f64::max);
        self.begin().map(|begin| Range::new(begin, end))
    }

    /// What the axis shows to show it: some room on both sides.
    pub fn range(&self) -> Option<Range> {
        let stretch = self.stretch()?;
        let room = stretch.len() * ROOM;
        Some(Range::new((stretch.start - room).max(0.0), stretch.end + room))
    }

    /// Whether it can be read off an axis that shows `shown`.
    pub fn is_readable_in(&self, shown: Range) -> bool {
        self.stretch().is_some_and(|it| {
            shown.start <= it.start && it.end <= shown.end && it.len() >= shown.len() * READABLE
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn startup(phases: &[(PhaseName, f64, Option<f64>)]) -> Startup {
        let phase = |&(name, start, end): &_| Phase { name, start, end, exact: true };
        Startup { instance: 1, phases: phases.iter().map(phase).collect(), ..Startup::default() }
    }

    #[test]
    fn main_does_not_count_but_for_its_begin() {
        let started = startup(&[(PhaseName::Fetch, 100.0, Some(200.0)), (PhaseName::Main, 300.0, Some(9e5))]);
        assert_eq!(started.range(), Some(Range::new(88.0, 312.0)));
        assert!(started.is_readable_in(Range::new(0.0, 600.0)));
        assert!(!started.is_readable_in(Range::new(0.0, 1e3)), "too small");
        assert!(!started.is_readable_in(Range::new(150.0, 400.0)), "cut off");
    }

    #[test]
    fn one_that_has_not_got_far_has_a_range_too() {
        assert_eq!(startup(&[]).range(), None);
        let range = startup(&[(PhaseName::Fetch, 5.0, None)]).range().unwrap();
        assert!(range.start < 5.0 + 1e-9 && range.len() > 0.0);
    }

    #[test]
    fn the_latest_programs_are_kept_with_their_modules() {
        let module = Module { id: 7, ..Module::default() };
        let instance = |id| Instance { id, module: 7, ..Instance::default() };
        let mut session = Session::default();
        session.modules.push(module);
        session.instances.extend((0..30).map(instance));
        let all = startups(&session, 0, &mut Packages::default());
        assert_eq!((all.len(), all[0].instance, all[19].instance), (MOST, 10, 29));
        assert!(all.iter().all(|it| it.module.as_ref().is_some_and(|module| module.id == 7)));
    }
}
