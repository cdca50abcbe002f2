//! How bytes may get from a Go program to another thread, and what stands in the way of a better one.

use crate::{Environment, Realm, RealmKind};

/// A way for bytes to get to a worker; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// A `SharedArrayBuffer`: both threads see the same bytes.
    Shared,
    /// An `ArrayBuffer` changes hands: nothing is copied, one side has it at a time.
    Transfer,
    /// `postMessage` copies.
    Clone,
}

impl Rung {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shared, Self::Transfer, Self::Clone];
}

/// What keeps a realm from the next better rung, in the order to remove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The engine has no shared memory at all.
    Engine,
    /// There are no workers in such a realm.
    NoWorkers,
    /// The page came over plain HTTP.
    Insecure,
    /// The page around the frame does not allow it.
    Embedder,
    /// The page that started the worker must be isolated.
    Owner,
    /// The document must come with COOP and COEP.
    Headers,
}

/// What a realm can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// The best rung that it is on; `None` where it may not even start workers.
    pub rung: Option<Rung>,
    /// What keeps it from the next better one.
    pub obstacles: Vec<Obstacle>,
}

/// What a realm can do; `None` where nothing in it has told.
pub fn sharing(realm: &Realm) -> Option<Sharing> {
    let told = realm.environment.as_ref()?;
    let isolated = told.cross_origin_isolated && told.shared_array_buffer && told.shared_memory;
    // A worker has its page's messages even where it may start no workers of its own.
    let threads = told.workers || realm.kind == RealmKind::Worker;
    let rung = threads.then_some(if isolated { Rung::Shared } else { Rung::Transfer });
    let obstacles = if rung == Some(Rung::Shared) { Vec::new() } else { obstacles(realm, told, threads) };
    Some(Sharing { rung, obstacles })
}

fn obstacles(realm: &Realm, told: &Environment, threads: bool) -> Vec<Obstacle> {
    if !threads {
        return vec![Obstacle::NoWorkers];
    }
    // Isolated, and yet no memory can be shared.
    if told.cross_origin_isolated {
        return vec![Obstacle::Engine];
    }
    let insecure = (!told.secure_context).then_some(Obstacle::Insecure);
    let around = match realm.kind {
        RealmKind::Window => None,
        RealmKind::Iframe => Some(Obstacle::Embedder),
        RealmKind::Worker | RealmKind::SharedWorker | RealmKind::ServiceWorker => Some(Obstacle::Owner),
    };
    insecure.into_iter().chain(around).chain([Obstacle::Headers]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn realm(kind: RealmKind, told: Environment) -> Realm {
        Realm { kind, environment: Some(told), ..Realm::default() }
    }

    fn secure() -> Environment {
        Environment { secure_context: true, workers: true, shared_memory: true, ..Environment::default() }
    }

    #[test]
    fn an_isolated_page_shares() {
        let told = Environment { cross_origin_isolated: true, shared_array_buffer: true, ..secure() };
        let got = sharing(&realm(RealmKind::Window, told.clone()));
        assert_eq!(got, Some(Sharing { rung: Some(Rung::Shared), obstacles: vec![] }));
        let without = Environment { shared_memory: false, ..told };
        let got = sharing(&realm(RealmKind::Window, without)).unwrap();
        assert_eq!((got.rung, got.obstacles), (Some(Rung::Transfer), vec![Obstacle::Engine]));
    }

    #[test]
    fn what_is_in_the_way_comes_in_the_order_to_remove_it() {
        let of = |kind, told| sharing(&realm(kind, told)).map(|it| (it.rung, it.obstacles));
        let transfer = Some(Rung::Transfer);
        assert_eq!(of(RealmKind::Window, secure()), Some((transfer, vec![Obstacle::Headers])));
        let plain = Environment { secure_context: false, ..secure() };
        assert_eq!(
            of(RealmKind::Window, plain),
            Some((transfer, vec![Obstacle::Insecure, Obstacle::Headers]))
        );
        assert_eq!(
            of(RealmKind::Iframe, secure()),
            Some((transfer, vec![Obstacle::Embedder, Obstacle::Headers]))
        );
        let worker = Environment { workers: false, ..secure() };
        assert_eq!(
            of(RealmKind::Worker, worker.clone()),
            Some((transfer, vec![Obstacle::Owner, Obstacle::Headers]))
        );
        assert_eq!(of(RealmKind::Window, worker), Some((None, vec![Obstacle::NoWorkers])));
        assert_eq!(sharing(&Realm::default()), None);
    }
}
