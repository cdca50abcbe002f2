//! Time by thread. A window and its frames have one thread, each worker has its own; of what several did together the time
//! on the thread that it took most of is a share of the time recorded.

use super::{Estimate, Range, window};
use crate::{RealmKind, Session};

/// The page's own thread.
const PAGE: u32 = 0;

/// Which thread a realm's programs run on.
pub(super) fn thread_of(session: &Session, realm: u32) -> u32 {
    let on_page = |kind| matches!(kind, RealmKind::Window | RealmKind::Iframe);
    let known = session.realms.iter().find(|it| it.id == realm);
    if known.is_none_or(|it| on_page(it.kind)) { PAGE } else { realm }
}

/// What all that a session tells is a share of, ms; there is no such time where several threads have run Go.
pub fn only_wall_ms(session: &Session, range: Option<Range>) -> Option<f64> {
    let mut threads = session.instances.iter().map(|it| thread_of(session, it.realm));
    let first = threads.next()?;
    let wall = range.or_else(|| window(session)).filter(|_| threads.all(|it| it == first));
    wall.map(|wall| wall.ms()).filter(|&wall| wall > 0.0)
}

/// Threads told apart. Of more, those that took most are kept.
const MOST: usize = 4;

/// Time by thread, as that of programs is added.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByThread {
    spent: [Option<(u32, Estimate)>; MOST],
}

impl ByThread {
    /// Time of an instance, by its position.
    pub fn of(session: &Session, instance: usize, time: Option<Estimate>) -> Self {
        let realm = session.instances.get(instance).map_or(PAGE, |it| it.realm);
        let mut one = Self::default();
        one.spent[0] = time.map(|time| (thread_of(session, realm), time));
        one
    }

    /// Both together.
    pub fn join(mut self, other: Self) -> Self {
        for (thread, time) in other.spent.into_iter().flatten() {
            self.add(thread, time);
        }
        self
    }

    fn add(&mut self, thread: u32, time: Estimate) {
        let value = |it: &Option<(u32, Estimate)>| it.map_or(f64::NEG_INFINITY, |(_, time)| time.value);
        let known = self.spent.iter_mut().flatten().find(|it| it.0 == thread);
        if let Some((_, before)) = known {
            *before = *before + time;
        } else if let Some(least) = self.spent.iter_mut().min_by(|a, b| value(a).total_cmp(&value(b)))
            && value(least) < time.value
        {
            *least = Some((thread, time));
        }
    }

    /// How many threads are told apart here.
    pub fn count(&self) -> usize {
        self.spent.iter().flatten().count()
    }

    /// On the thread that has most of it.
    pub fn most(self) -> Option<Estimate> {
        let spent = self.spent.into_iter().flatten().map(|(_, time)| time);
        spent.max_by(|a, b| a.value.total_cmp(&b.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instance, Realm};

    #[test]
    fn workers_have_threads_of_their_own() {
        let realm = |id, kind| Realm { id, kind, ..Realm::default() };
        let mut session = Session::default();
        session.realms =
            vec![realm(0, RealmKind::Window), realm(1, RealmKind::Iframe), realm(2, RealmKind::Worker)];
        session.instances = [0, 2, 1, 2].map(|realm| Instance { realm, ..Instance::default() }).into();
        let spent = |at, ms| ByThread::of(&session, at, Some(Estimate::exact(ms)));
        let most = |all: ByThread| all.most().map(|it| it.value);
        // Two programs of the page's thread, one of a worker between them.
        assert_eq!(most(spent(0, 5.0).join(spent(1, 6.0)).join(spent(2, 2.0))), Some(7.0));
        assert_eq!(most(spent(0, 5.0).join(spent(1, 4.0)).join(spent(3, 2.0))), Some(6.0));
        assert_eq!(most(ByThread::of(&session, 0, None)), None);
        assert_eq!(only_wall_ms(&session, Some(Range { start: 0.0, end: 9.0 })), None);
        session.instances.remove(3);
        session.instances.remove(1);
        assert_eq!(only_wall_ms(&session, Some(Range { start: 0.0, end: 9.0 })), Some(9.0));
    }
}
