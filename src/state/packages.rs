//! What packages cost before `main`, of each program whose start-up can be looked at. They are told once: read again
//! only when there are more, or when it is known how long start-up took.

use super::list::Item;
use crate::viz::Range;
use session::{Instance, PhaseName, Session, packages};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};

/// One package.
#[derive(Clone, Debug, PartialEq)]
pub struct PackageRow {
    /// What the session says.
    pub package: session::Package,
    /// When it began, ms after the first request.
    pub began_ms: f64,
}

impl Item for PackageRow {
    fn id(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        // A package stands once, whatever it is called: its begin tells.
        (&self.package.init.package, self.package.init.start.to_bits()).hash(&mut hasher);
        hasher.finish()
    }

    fn span(&self) -> Option<Range> {
        let init = &self.package.init;
        Some(Range::new(init.start, init.start + init.duration_ms.max(f64::MIN_POSITIVE)))
    }
}

/// The rows of one program, and what they were made of.
#[derive(Clone, Debug)]
struct Known {
    of: (u64, usize, bool),
    rows: Rc<Vec<PackageRow>>,
}

/// The rows of each program.
#[derive(Clone, Debug, Default)]
pub struct Packages(HashMap<u32, Known>);

impl Packages {
    /// The packages of a program, costliest first.
    pub fn of(&mut self, session: &Session, revision: u64, instance: &Instance) -> Rc<Vec<PackageRow>> {
        let started = instance.phases.iter().any(|phase| phase.name == PhaseName::Main);
        let of = (revision, instance.inits.len(), started);
        let known = self.0.get(&instance.id).filter(|known| known.of == of);
        if let Some(known) = known {
            return known.rows.clone();
        }
        let begin = instance.phases.first().map_or(0.0, |phase| phase.start);
        let row = |package: session::Package| PackageRow { began_ms: package.init.start - begin, package };
        let rows: Rc<Vec<_>> = Rc::new(packages(session, instance).into_iter().map(row).collect());
        self.0.insert(instance.id, Known { of, rows: rows.clone() });
        rows
    }

    /// Forgets all but these programs.
    pub fn keep(&mut self, instances: &[Instance]) {
        self.0.retain(|id, _| instances.iter().any(|it| it.id == *id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Init, Phase};

    #[test]
    fn rows_are_made_again_only_when_there_is_more_to_say() {
        let init = |package: &str, start, duration_ms| Init {
            package: package.into(),
            start,
            duration_ms,
            bytes: 1_000,
            allocs: 10,
        };
        let phase = |name, start| Phase { name, start, end: None, exact: true };
        let mut instance = Instance {
            id: 3,
            phases: vec![phase(PhaseName::Fetch, 100.0)],
            inits: vec![init("a", 150.0, 1.0), init("b", 151.0, 9.0)],
            ..Instance::default()
        };
        let mut known = Packages::default();
        let session = Session::default();
        let first = known.of(&session, 0, &instance);
        let told: Vec<_> = first.iter().map(|it| (&*it.package.init.package, it.began_ms)).collect();
        assert_eq!(told, [("b", 51.0), ("a", 50.0)]);
        assert_eq!(first[0].package.of_startup, None, "not known yet");
        assert!(Rc::ptr_eq(&first, &known.of(&session, 0, &instance)));
        instance.phases.push(phase(PhaseName::Main, 200.0));
        let then = known.of(&session, 0, &instance);
        assert_eq!(then[0].package.of_startup, Some(0.09));
        instance.inits.push(init("c", 160.0, 20.0));
        assert_eq!(known.of(&session, 0, &instance).len(), 3);
        known.keep(&[]);
        assert!(known.0.is_empty());
        assert_ne!(then[0].id(), then[1].id());
    }
}
