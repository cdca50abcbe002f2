//! Frames of several realms in one recording.

use super::*;
use protocol::{Cause, Phase, Realm, RealmKind, Status};

fn row(length: f64) -> Row {
    Row { node: 0, import: 1, weight: 2.0, time: 1.0, length, calls: 3 }
}

fn some() -> Raw {
    let nodes = vec![Node { parent: NO_PARENT, pc: 1 }, Node { parent: 0, pc: 3 }];
    Raw { nodes, rows: vec![row(4.0), row(6.0), row(8.0)] }
}

/// What a realm tells of rows `from..to`, its first frame with names and all that comes but once.
fn frame(source: u32, seq: u32, raw: &Raw, from: usize, to: usize) -> Told {
    let instance = Instance {
        phases: vec![Phase { start: 1.0, end: Some(2.0), ..Phase::default() }],
        open: Some((to as f64, Cause::Event)),
        ..told(1, raw, from, to)
    };
    let first = seq == 0;
    Told {
        source,
        seq,
        t: to as f64,
        hello: first.then(Hello::default),
        status: Status { self_ms: 1.5, wall_ms: 10.0 + f64::from(source), ..Status::default() },
        realms: if first { vec![realm(0, 0.0, 0.0)] } else { vec![] },
        modules: if first { vec![protocol::Module { id: 1, ..Default::default() }] } else { vec![] },
        tables: if first { vec![tables()] } else { vec![] },
        instances: vec![instance],
        page: page(from, to),
    }
}

fn realm(id: u32, offset_ms: f64, offset_error_ms: f64) -> Realm {
    Realm {
        id,
        url: format!("https://a.example/{id}"),
        watched: true,
        offset_ms,
        offset_error_ms,
        ..Realm::default()
    }
}

/// The page says that there is a worker.
fn announced(seq: u32) -> Told {
    let worker = Realm { kind: RealmKind::Worker, name: "w".into(), ..realm(3, 0.0, f64::NAN) };
    Told { seq, realms: vec![worker], ..Told::default() }
}

fn both() -> Recording {
    let raw = some();
    let mut recording = recording(Caps::default());
    for told in [frame(0, 0, &raw, 0, 1), announced(1), frame(3, 0, &raw, 0, 2)] {
        recording.apply(Told::decode(&told.encode().unwrap()).unwrap()).unwrap();
    }
    recording
}

#[test]
fn each_realm_counts_for_itself() {
    let raw = some();
    let mut recording = both();
    recording.apply(frame(0, 2, &raw, 1, 2)).unwrap();
    recording.apply(frame(3, 1, &raw, 2, 3)).unwrap();
    let session = recording.session();
    let rows = |at: usize| session.instances[at].samples.len();
    assert_eq!((session.instances.len(), rows(0), rows(1)), (2, 2, 3));
    assert_eq!(session.instances.iter().map(|it| it.realm).collect::<Vec<_>>(), [0, 3]);
    for instance in &session.instances {
        assert!(session.module_of(instance).is_some(), "each has its own module");
        assert_eq!(frames(session, instance.samples[0].stack), expected(&raw, 0));
    }
    assert_eq!(session.meta.overhead.self_ms, Some(3.0));
    assert_eq!(session.meta.overhead.wall_ms, Some(10.0), "the page's own");
    let worker = &session.realms[1];
    assert_eq!((worker.kind, worker.name.as_str(), worker.watched), (crate::RealmKind::Worker, "w", true));
    let again = file::read(json(&recording).as_bytes()).unwrap();
    assert_eq!(file::to_json(&again).unwrap(), json(&recording).into_bytes(), "it comes back from its file");
}

#[test]
fn what_is_not_watched_is_named_all_the_same() {
    let mut recording = recording(Caps::default());
    recording.apply(frame(0, 0, &some(), 0, 1)).unwrap();
    let mut unwatched = announced(1);
    unwatched.realms[0].watched = false;
    recording.apply(unwatched).unwrap();
    let worker = &recording.session().realms[1];
    assert_eq!((worker.watched, worker.offset_error_ms, worker.ended), (false, None, None));
    let gone = Realm { ended: Some(5.0), ..announced(2).realms.remove(0) };
    recording.apply(Told { seq: 2, realms: vec![gone], ..Told::default() }).unwrap();
    assert_eq!(recording.session().realms[1].ended, Some(5.0));
}

#[test]
fn a_clock_known_better_moves_all_that_was_told() {
    let raw = some();
    let mut moved = both();
    let mut straight = recording(Caps::default());
    let offset = |told: &mut Told| told.realms = vec![realm(0, 100.0, 0.25)];
    // Told in the next frame, or with the first.
    let mut next = frame(3, 1, &raw, 2, 3);
    offset(&mut next);
    let revision = moved.revision();
    moved.apply(next).unwrap();
    assert!(moved.revision() > revision, "readers start over");
    let mut first = frame(3, 0, &raw, 0, 2);
    offset(&mut first);
    for told in [frame(0, 0, &raw, 0, 1), announced(1), first, frame(3, 1, &raw, 2, 3)] {
        straight.apply(told).unwrap();
    }
    assert_eq!(json(&moved), json(&straight));
    assert_eq!(moved.open_slice(1), straight.open_slice(1));
    let session = moved.session();
    assert_eq!(session.instances[1].samples[0].t, 100.0);
    assert_eq!(session.instances[0].samples[0].t, 0.0);
    assert_eq!((session.realms[1].offset_ms, session.realms[1].offset_error_ms), (100.0, Some(0.25)));
    assert_eq!(session.meta.end, Some(103.0));
    assert!(session.page.marks.iter().any(|mark| mark.realm == 3 && mark.t >= 100.0));
    // What the page says of it later leaves the clock alone.
    moved.apply(announced(2)).unwrap();
    assert_eq!(moved.session().realms[1].offset_ms, 100.0);
}

#[test]
fn a_realm_that_begins_anew_is_told_once() {
    let raw = some();
    let mut recording = both();
    recording.apply(frame(3, 0, &raw, 0, 2)).unwrap();
    assert_eq!(json(&recording), json(&both()));
    // The page's own beginning forgets all, and a realm that has not begun again is refused.
    recording.apply(frame(0, 0, &raw, 0, 1)).unwrap();
    assert_eq!(recording.session().instances.len(), 1);
    assert!(matches!(recording.apply(frame(3, 1, &raw, 2, 3)), Err(Error::Realm { realm: 3 })));
}

#[test]
fn what_a_realm_may_not_say() {
    let raw = some();
    let mut recording = both();
    assert!(matches!(recording.apply(frame(3, 5, &raw, 2, 3)), Err(Error::Gap { got: 5, expected: 1 })));
    recording.apply(frame(0, 2, &raw, 1, 2)).expect("another realm's gap is its own affair");
    let mut large = frame(3, 1, &raw, 2, 3);
    large.instances[0].id = 1 << 16;
    let refused = recording.apply(large).unwrap_err().to_string();
    assert_eq!(refused, "instances.id is 65536, its table has 65536 rows");
    assert!(recording.apply(frame(1 << 16, 0, &raw, 0, 1)).is_err());
    let early = super::recording(SMALL).apply(frame(3, 0, &raw, 0, 1)).unwrap_err();
    assert_eq!(early.to_string(), "a frame of realm 3 came before its first");
    let mut bad = both();
    let clock = Told { realms: vec![realm(0, f64::INFINITY, 0.0)], ..frame(3, 1, &raw, 2, 3) };
    assert!(bad.apply(clock).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_turns_of_any_realms_are_refused_or_make_a_session(
        turns in proptest::collection::vec((0..4u32, 0..4u32, 0..3usize, any::<bool>()), 0..24),
    ) {
        let raw = some();
        let mut recording = recording(SMALL);
        for (source, seq, from, hello) in turns {
            let mut told = frame(source, seq, &raw, from, from + 1);
            told.hello = hello.then(Hello::default);
            let _ = recording.apply(told);
            prop_assert!(file::read(json(&recording).as_bytes()).is_ok());
        }
    }
}
