//! What is wrong, at the edges: nothing on one side, a finding on the other.

use crate::fixture;
use session::{
    Cause, Gc, Init, LongTask, LongTaskKind, Microtask, PhaseName, Session, Severity, Slice, collections,
    findings, packages, report,
};

/// The grid's ten seconds, its thread between 700 and 10,700, with nothing wrong: main after 812 ms.
fn well() -> Session {
    let mut session = fixture::grid();
    session.modules[0].network = None;
    let instance = &mut session.instances[0];
    for member in &mut instance.members {
        member.time_ms = Some(480.0);
    }
    session
}

fn ids(session: &Session) -> Vec<String> {
    findings(session).into_iter().map(|finding| finding.id).collect()
}

fn init(package: &str, duration_ms: f64) -> Init {
    Init { package: package.into(), start: 712.0, duration_ms, bytes: 4096, allocs: 8 }
}

fn cycles(count: u32, duration_ms: f64) -> Vec<Gc> {
    // Stack 2 is in (*Grid).Draw; every fourth has none of the program's.
    let cycle = |number| Gc {
        number,
        t: 1000.0 + f64::from(number),
        duration_ms,
        pause_ms: vec![0.25, 0.25],
        heap_trigger_bytes: None,
        heap_end_bytes: None,
        heap_live_mb: None,
        goal_mb: None,
        forced: number == 1,
        stack: Some(if number % 4 == 0 { 5 } else { 2 }),
    };
    (1..=count).map(cycle).collect()
}

fn probe(drain_ms: f64) -> Microtask {
    Microtask { t: 1005.0, realm: 1, sync_ms: 1.0, queued_ms: drain_ms, drain_ms, exact: true }
}

fn task(start: f64, duration_ms: f64, kind: LongTaskKind) -> LongTask {
    LongTask { start, duration_ms, realm: 1, kind, blocking_ms: None, script: None, script_ms: None }
}

#[test]
fn nothing_where_nothing_is_wrong() {
    assert_eq!(findings(&Session::default()), []);
    assert_eq!(findings(&well()), []);
    assert!(!report(&well(), 100).contains("Findings"));
}

#[test]
fn loading() {
    let mut session = fixture::grid();
    for member in &mut session.instances[0].members {
        member.time_ms = Some(0.0);
    }
    let found = findings(&session);
    assert_eq!(ids(&session), ["wrong-mime", "uncompressed"]);
    // Compiling took 458 ms, the download 80.
    assert_eq!((found[0].cost_ms, found[0].severity), (Some(80.0), Severity::Medium));
    assert_eq!(found[0].fix, "serve it as application/wasm");
    assert!(
        found[0].detail.starts_with("app.wasm came as text/plain, so streaming failed"),
        "{:?}",
        found[0]
    );
    assert_eq!(found[1].at.as_deref(), Some(session.modules[0].url.as_str()));
    let network = session.modules[0].network.as_mut().unwrap();
    (network.fallback, network.encoding) = (None, Some("br".into()));
    (network.cache, network.download_ms) = (Some("no-store".into()), Some(200.0));
    session.modules[0].url = "https://a.example/app.wasm".into();
    let found = findings(&session);
    assert_eq!(ids(&session), ["not-streamed", "uncacheable"]);
    assert_eq!((found[0].cost_ms, found[0].severity), (Some(200.0), Severity::High));
    let network = session.modules[0].network.as_mut().unwrap();
    (network.streamed, network.cache) = (Some(true), Some("max-age=60".into()));
    assert!(ids(&session).is_empty());
}

#[test]
fn initialisation_over_a_tenth_of_start_up() {
    let mut session = well();
    session.instances[0].inits = vec![init("os", 1.0), init("app/tables", 80.0)];
    assert!(ids(&session).is_empty(), "81 of 812 ms");
    session.instances[0].inits.push(init("app/words", 2.0));
    let found = findings(&session);
    assert_eq!((found[0].id.as_str(), found[0].cost_ms), ("package-init", Some(83.0)));
    assert_eq!(found[0].at.as_deref(), Some("app/tables"));
    assert!(found[0].detail.replace('\u{a0}', " ").contains("app/tables 80.0 ms, app/words"), "{found:?}");
    let rows = packages(&session, &session.instances[0]);
    assert_eq!(
        rows.iter().map(|row| row.init.package.as_str()).collect::<Vec<_>>()[..2],
        ["app/tables", "app/words"]
    );
    assert_eq!((rows[0].of_init, rows[0].of_startup), (Some(80.0 / 83.0), Some(80.0 / 812.0)));
    // A start-up that is soon over has nothing to gain, whatever the share.
    for phase in &mut session.instances[0].phases {
        if phase.name == PhaseName::Main {
            phase.start = 200.0;
        }
    }
    session.instances[0].inits = vec![init("app/tables", 49.0)];
    assert!(ids(&session).is_empty());
}

#[test]
fn a_member_that_surely_takes_its_share() {
    let mut session = well();
    let member = &mut session.instances[0].members[0];
    // A twentieth of ten seconds, and its error.
    (member.time_ms, member.time_error_ms) = (Some(520.0), Some(20.0));
    assert!(ids(&session).is_empty());
    session.instances[0].members[0].time_ms = Some(521.0);
    let found = findings(&session);
    assert_eq!((found[0].id.as_str(), found[0].severity), ("hot-member", Severity::Medium));
    assert_eq!(found[0].at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
    session.instances[0].members[0].time_ms = Some(2000.0);
    assert_eq!(findings(&session)[0].severity, Severity::High);
}

#[test]
fn go_holds_the_thread() {
    let mut session = well();
    session.page.longtasks = Some(vec![
        task(2000.0, 300.0, LongTaskKind::Task),
        task(3000.0, 60.0, LongTaskKind::Task),
        task(2000.0, 310.0, LongTaskKind::Frame),
    ]);
    let stay = |start, end| Slice { start, end, cause: Cause::Timer, bridge_ms: None, calls: 1 };
    // The page itself is long, Go is not.
    session.instances[0].slices = vec![stay(2000.0, 2050.0), stay(3000.0, 3050.0)];
    assert!(ids(&session).is_empty());
    session.instances[0].slices = vec![stay(2000.0, 2280.0), stay(3000.0, 3055.0)];
    let found = findings(&session);
    assert_eq!((found.len(), found[0].id.as_str(), found[0].cost_ms), (1, "thread-held", Some(335.0)));
    assert_eq!(found[0].severity, Severity::High);
    assert_eq!(found[0].at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
}

#[test]
fn microtasks_after_go() {
    let mut session = well();
    session.page.microtasks = vec![probe(50.0), Microtask { exact: false, ..probe(400.0) }];
    assert!(ids(&session).is_empty());
    session.page.microtasks.push(probe(51.0));
    let found = findings(&session);
    assert_eq!((found[0].id.as_str(), found[0].cost_ms), ("microtask-flood", Some(51.0)));
}

#[test]
fn collecting_over_a_tenth_of_the_time() {
    let mut session = well();
    session.instances[0].gc = cycles(100, 10.0);
    assert!(ids(&session).is_empty(), "a second of ten");
    session.instances[0].gc = cycles(101, 10.0);
    let found = findings(&session);
    assert_eq!((found[0].id.as_str(), found[0].cost_ms), ("gc", Some(1010.0)));
    assert_eq!(found[0].at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
    let all = collections(&session, None);
    assert_eq!((all.cycles, all.forced, all.pause_ms, all.cycle_share), (101, 1, 50.5, Some(0.101)));
    let lines: Vec<_> = all.lines.iter().map(|(place, n)| (place.func(), *n)).collect();
    assert_eq!(lines, [("main.(*Grid).Draw", 76), ("Go runtime", 25)]);
}

/// With everything that the Go runtime and the page tell.
pub fn ill() -> Session {
    let mut session = fixture::grid();
    let instance = &mut session.instances[0];
    instance.inits = vec![init("os", 0.0), init("example.com/app/tables", 120.5), init("app/words", 15.0)];
    instance.gc = cycles(120, 10.0);
    let stay = |start, end| Slice { start, end, cause: Cause::Timer, bridge_ms: None, calls: 1 };
    instance.slices = vec![stay(2000.0, 2280.0), stay(3000.0, 3010.0)];
    session.page.longtasks =
        Some(vec![task(3000.0, 60.0, LongTaskKind::Task), task(2000.0, 300.0, LongTaskKind::Task)]);
    session.page.microtasks = vec![probe(30.0), probe(80.0)];
    session.page.measures =
        vec![session::Measure { start: 1.0, duration_ms: 12.5, realm: 1, name: "draw".into() }; 3];
    session.page.marks = vec![session::Mark { t: 5.0, realm: 1, name: "ready".into() }];
    session
}
