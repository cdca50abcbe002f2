//! What the analyses make of the page's own tables.

use crate::fixture;
use proptest::prelude::*;
use session::{
    Cause, Estimate, GoLines, LongTask, LongTaskKind, Mark, Measure, Microtask, Place, Range, Realm,
    RealmKind, Sample, Session, Slice, backlog, long_tasks, user_timing,
};

fn stay(start: f64, end: f64) -> Slice {
    Slice { start, end, cause: Cause::Timer, bridge_ms: None, calls: 1 }
}

fn probe(t: f64, drain_ms: f64) -> Microtask {
    Microtask { t, realm: 1, sync_ms: 1.0, queued_ms: 0.5 * drain_ms, drain_ms, exact: true }
}

fn task(start: f64, duration_ms: f64) -> LongTask {
    let kind = LongTaskKind::Task;
    LongTask { start, duration_ms, realm: 1, kind, blocking_ms: None, script: None, script_ms: None }
}

/// The grid's ten seconds from 700 to 10,700, with stays in Go of our own.
fn session(stays: Vec<Slice>) -> Session {
    let mut session = fixture::grid();
    session.instances[0].slices = stays;
    session
}

#[test]
fn the_backlog_is_a_share_of_wall_and_of_stays() {
    let mut session =
        session((0..8).map(|i| stay(f64::from(i) * 1000.0, f64::from(i) * 1000.0 + 5.0)).collect());
    session.page.microtasks = vec![probe(1005.0, 100.0), probe(3005.0, 400.0), probe(5005.0, 0.0)];
    let lines = GoLines::of(&session, None);
    let all = backlog(&session, &lines, None);
    assert_eq!((all.probes, all.stays, all.drain_ms, all.share), (3, 8, 500.0, Some(0.05)));
    assert_eq!((all.longest.map(|probe| probe.t), all.exact), (Some(3005.0), true));
    assert_eq!((all.asked, &all.lines[..]), (Some(Estimate::exact(0.0)), &[][..]));
    let range = Some(Range { start: 3000.0, end: 5000.0 });
    let part = backlog(&session, &GoLines::of(&session, range), range);
    assert_eq!((part.probes, part.stays, part.share, part.asked), (1, 2, Some(0.2), None));
    session.page.microtasks[0].exact = false;
    assert!(!backlog(&session, &lines, None).exact);
    let nothing = backlog(&Session::default(), &GoLines::default(), None);
    assert_eq!((nothing.probes, nothing.share), (0, None));
}

#[test]
fn who_asked_for_microtasks() {
    let mut session = session(vec![]);
    let instance = &mut session.instances[0];
    instance.imports[3].name = "syscall/js.valueCall".into();
    instance.imports[3].calls = 900;
    for (name, calls) in [("then", 600), ("queueMicrotask", 200), ("appendChild", 100)] {
        let mut member = instance.members[0].clone();
        (member.import, member.name, member.calls) = ("syscall/js.valueCall".into(), name.into(), calls);
        instance.members.push(member);
    }
    // Stack 2 is in (*Grid).Draw, stack 4 in fetch.Read.
    let sample = |stack, member, weight| Sample {
        t: 1000.0,
        stack: Some(stack),
        import: 3,
        member: Some(member),
        weight,
        ..Sample::default()
    };
    instance.samples = vec![sample(2, 2, 600.0), sample(4, 3, 200.0), sample(4, 4, 100.0)];
    let found = backlog(&session, &GoLines::of(&session, None), None);
    assert_eq!(found.asked, Some(Estimate::exact(800.0)));
    let lines: Vec<_> =
        found.lines.iter().map(|(place, calls)| (place.func(), calls.value.round())).collect();
    assert_eq!(lines, [("main.(*Grid).Draw", 600.0), ("fetch.Read[...]", 200.0)]);
}

#[test]
fn what_go_did_in_a_long_task() {
    let mut session = session(vec![stay(900.0, 1010.0), stay(1040.0, 1060.0), stay(1200.0, 1300.0)]);
    assert_eq!(long_tasks(&session, None), None);
    let frame = LongTask { kind: LongTaskKind::Frame, ..task(1000.0, 250.0) };
    session.page.longtasks = Some(vec![task(1000.0, 100.0), frame, task(5000.0, 60.0)]);
    let sample = |t, stack| Sample { t, stack, weight: 2.0, ..Sample::default() };
    session.instances[0].samples =
        vec![sample(1005.0, Some(2)), sample(1050.0, Some(4)), sample(1055.0, Some(4)), sample(1250.0, None)];
    let rows = long_tasks(&session, None).unwrap();
    let funcs = |at: usize| rows[at].lines.iter().map(|(place, n)| (place.func(), *n)).collect::<Vec<_>>();
    assert_eq!((rows[0].go_ms, rows[0].stays), (30.0, 2));
    assert_eq!(funcs(0), [("fetch.Read[...]", 4.0), ("main.(*Grid).Draw", 2.0)]);
    assert_eq!((rows[1].go_ms, rows[1].stays), (80.0, 3));
    assert_eq!(rows[1].lines.last(), Some(&(Place::NoStack, 2.0)));
    assert_eq!((rows[2].go_ms, rows[2].stays, funcs(2)), (0.0, 0, vec![]));
    let later = long_tasks(&session, Some(Range { start: 2000.0, end: 9000.0 })).unwrap();
    assert_eq!(later.iter().map(|row| row.task.start).collect::<Vec<_>>(), [5000.0]);
    // What overlaps, in tables that nobody recorded, is not looked at over and over.
    let mut many = session.clone();
    many.page.longtasks = Some((0..20_000).map(|i| task(f64::from(i), 1e9)).collect());
    many.instances[0].slices = (0..20_000).map(|i| stay(f64::from(i), 1e9)).collect();
    assert_eq!(long_tasks(&many, None).unwrap()[0].stays, 1);
    // A frame is on the page's thread: the task that both tell is one, whoever's Go it held.
    let other = |id, kind| Realm { id, kind, ..Realm::default() };
    session.realms.extend([other(7, RealmKind::Worker), other(8, RealmKind::Iframe)]);
    session.instances[0].realm = 8;
    let again = LongTask { realm: 8, ..task(1000.3, 99.0) };
    session.page.longtasks.as_mut().unwrap().push(again);
    let rows = long_tasks(&session, None).unwrap();
    assert_eq!(rows.iter().map(|row| row.task.start).collect::<Vec<_>>(), [1000.0, 1000.0, 5000.0]);
    assert_eq!((rows[0].go_ms, rows[0].stays, rows[0].lines.len()), (30.0, 2, 2));
    // A worker has a thread of its own.
    session.instances[0].realm = 7;
    assert!(long_tasks(&session, None).unwrap().iter().all(|row| row.stays == 0 && row.lines.is_empty()));
}

#[test]
fn user_timing_by_name() {
    let mut session = session(vec![stay(1000.0, 1010.0)]);
    let measure =
        |name: &str, start, duration_ms| Measure { start, duration_ms, realm: 1, name: name.into() };
    session.page.measures = (1..=20).map(|ms| measure("draw", 1000.0, f64::from(ms))).collect();
    session.page.measures.push(measure("load", 0.0, 500.0));
    let mark = |t| Mark { t, realm: 1, name: "tick".into() };
    session.page.marks = vec![mark(1000.0), mark(1010.5)];
    let rows = user_timing(&session, None);
    assert_eq!(rows.iter().map(|row| row.name).collect::<Vec<_>>(), ["load", "draw", "tick"]);
    let draw = rows[1].lengths.unwrap();
    assert_eq!((rows[1].count, rows[1].in_go, draw.total_ms), (20, 10, 210.0));
    assert_eq!((draw.mean_ms, draw.p50_ms, draw.p95_ms, draw.longest_ms), (10.5, 10.0, 19.0, 20.0));
    assert_eq!((rows[2].count, rows[2].in_go, rows[2].lengths), (2, 1, None));
    let late = user_timing(&session, Some(Range { start: 1005.0, end: 2000.0 }));
    assert_eq!(late.iter().map(|row| (row.name, row.count)).collect::<Vec<_>>(), [("tick", 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Against a look at every stay and sample for every task.
    #[test]
    fn long_tasks_join_what_lies_inside(
        gaps in proptest::collection::vec((0.0..90.0f64, 50.0..200.0f64), 0..12),
        stays in proptest::collection::vec((0.0..60.0f64, 0.0..120.0f64), 0..30),
        samples in proptest::collection::vec((0.0..3000.0f64, 0..6u32), 0..60),
    ) {
        let spread = |gaps: &[(f64, f64)]| -> Vec<(f64, f64)> {
            let mut t = 0.0;
            let next = |(gap, length): &(f64, f64)| {
                let start = t + gap;
                t = start + length;
                (start, t)
            };
            gaps.iter().map(next).collect()
        };
        let (tasks, stays) = (spread(&gaps), spread(&stays));
        let mut session = session(stays.iter().map(|(start, end)| stay(*start, *end)).collect());
        session.page.longtasks = Some(tasks.iter().map(|(start, end)| task(*start, end - start)).collect());
        let sample = |(t, stack): &(f64, u32)| {
            Sample { t: *t, stack: Some(*stack), weight: 1.0, ..Sample::default() }
        };
        session.instances[0].samples = samples.iter().map(sample).collect();
        let rows = long_tasks(&session, None).unwrap();
        for (row, (start, end)) in rows.iter().zip(&tasks) {
            let common = |(from, to): &(f64, f64)| (to.min(*end) - from.max(*start)).max(0.0);
            let go: f64 = stays.iter().map(common).sum();
            prop_assert!((row.go_ms - go).abs() < 1e-6, "{} {go}", row.go_ms);
            let inside = samples.iter().filter(|(t, _)| (start..=end).contains(&t)).count();
            let told: f64 = row.lines.iter().map(|line| line.1).sum();
            prop_assert!((told - inside as f64).abs() <= 1e-9, "{told} of {inside}");
        }
    }
}
