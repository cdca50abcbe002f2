//! What is wrong, at the edges: nothing on one side, a finding on the other.

use crate::fixture;
use proptest::prelude::*;
use session::{
    Burst, Cause, ElementOp, Elements, Frame, Gc, GoLines, Init, Instance, Json, JsonCall, JsonOp, LongTask,
    LongTaskKind, Member, Microtask, PhaseName, Realm, RealmKind, Session, Severity, Slice, Stack,
    collections, findings, fmt, headline, packages, report, tell_realm, tell_realms, window,
};

/// The grid's ten seconds, its thread between 700 and 10,700, with nothing wrong: main after 812 ms.
fn well() -> Session {
    let mut session = fixture::grid();
    session.modules[0].network = None;
    session.page.longtasks = Some(Vec::new());
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
        t: 1000.0 + 75.0 * f64::from(number),
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

/// All of it in one stay in Go.
fn collect(session: &mut Session, count: u32) {
    let stay = Slice { start: 900.0, end: 10_600.0, cause: Cause::Run, bridge_ms: None, calls: 1 };
    (session.instances[0].gc, session.instances[0].slices) = (cycles(count, 10.0), vec![stay]);
}

/// Where a developer can change something: what the standard library allocates is put down to its caller.
#[test]
fn the_standard_library_is_not_to_blame() {
    let mut session = well();
    let mut push = |func: &str, file: &str, parent| {
        let frame = u32::try_from(session.frames.len()).unwrap();
        let (func, file) = (func.into(), Some(file.into()));
        session.frames.push(Frame { func, file, line: Some(7), ..Frame::default() });
        session.stacks.push(Stack { parent, frame });
        u32::try_from(session.stacks.len() - 1).unwrap()
    };
    let caller = push("example.com/app/draw.Text", "/home/me/draw/text.go", None);
    let leaf = push("bytes.Clone", "/usr/local/go/src/bytes/bytes.go", Some(caller));
    collect(&mut session, 120);
    for cycle in &mut session.instances[0].gc {
        cycle.stack = Some(leaf);
    }
    assert_eq!(findings(&session)[0].at.as_deref(), Some("draw.Text text.go:7"));
    // A program that never leaves home has a path without a domain.
    session.frames.last_mut().unwrap().func = "tool/draw.Line".into();
    session.modules[0].path = Some("tool".into());
    assert_eq!(findings(&session)[0].at.as_deref(), Some("draw.Line bytes.go:7"));
}

proptest! {
    /// Whatever a file holds: no panic, no figure but finite ones, the gravest first, none twice.
    #[test]
    fn hostile_figures_are_no_findings(
        figures in prop::collection::vec(figure(), 12),
        spans in prop::collection::vec((figure(), figure()), 0..20),
    ) {
        let mut session = well();
        let mut at = figures.iter().copied().cycle();
        let mut next = || at.next().unwrap();
        session.meta.end = Some(next());
        session.meta.overhead.wall_ms = Some(next());
        let instance = &mut session.instances[0];
        for phase in &mut instance.phases {
            (phase.start, phase.end) = (next(), Some(next()));
        }
        for member in &mut instance.members {
            (member.time_ms, member.time_error_ms) = (Some(next()), Some(next()));
        }
        instance.gc = cycles(3, next());
        instance.inits = vec![init("app", next())];
        let stay = |&(start, end): &_| Slice { start, end, cause: Cause::Timer, bridge_ms: None, calls: 1 };
        instance.slices = spans.iter().map(stay).collect();
        let long = |&(start, ms): &_| task(start, ms, LongTaskKind::Task);
        session.page.longtasks = Some(spans.iter().map(long).collect());
        session.page.microtasks = spans.iter().map(|span| probe(span.1)).collect();
        let found = findings(&session);
        prop_assert!(found.is_sorted_by(|a, b| a.severity >= b.severity), "{:?}", found);
        for (place, finding) in found.iter().enumerate() {
            prop_assert!(!finding.title.contains("NaN") && !finding.fix.is_empty(), "{:?}", finding);
            let same = |it: &session::Finding| (&it.id, &it.subject) == (&finding.id, &finding.subject);
            prop_assert!(!found[..place].iter().any(same), "{:?} twice", finding);
        }
        report(&session, 100);
    }
}

fn figure() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(-1.0),
        Just(1e300),
        -1e4..1e5f64
    ]
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

/// A copy's own request tells its content type where the browser knows it; its headers are those of the call that failed.
#[test]
fn a_copy_has_the_headers_of_what_failed() {
    let mut session = fixture::grid();
    session.instances[0].members.clear();
    let mut failed = session.modules[0].clone();
    (failed.id, failed.failure) = (77, Some("Incorrect response MIME type.".into()));
    let refused = failed.network.as_mut().unwrap();
    (refused.content_type, refused.fallback) = (Some("application/octet-stream".into()), None);
    refused.cache = Some("no-store".into());
    session.modules.insert(0, failed);
    let copy = session.modules[1].network.as_mut().unwrap();
    (copy.content_type, copy.cache, copy.encoding) = (None, None, Some("gzip".into()));
    let found = findings(&session);
    assert_eq!(ids(&session), ["wrong-mime", "uncacheable"]);
    assert!(found[0].detail.contains("came as application/octet-stream"), "{found:?}");
    // Words of the engine's will do where nobody tells the type.
    session.modules.remove(0);
    session.modules[0].network.as_mut().unwrap().fallback = Some("Incorrect response MIME type.".into());
    assert_eq!(ids(&session), ["wrong-mime"]);
    session.modules[0].network.as_mut().unwrap().fallback = Some("network error".into());
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
    assert_eq!(found[0].subject.as_deref(), Some("set textContent"));
    // In a quarter of a second a twentieth is nothing.
    (session.meta.end, session.instances[0].exit_code) = (Some(950.0), None);
    for phase in &mut session.instances[0].phases {
        phase.end = phase.end.filter(|&end| end < 900.0);
    }
    let wall = window(&session).unwrap().ms();
    assert!((200.0..300.0).contains(&wall), "{wall}");
    for member in &mut session.instances[0].members {
        (member.time_ms, member.time_error_ms) = (Some(99.0), Some(0.5));
    }
    assert!(ids(&session).is_empty(), "{wall}");
    session.instances[0].members[0].time_ms = Some(101.0);
    assert_eq!(ids(&session), ["hot-member"], "but a tenth of a second is something");
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
    // Where the engine tells no long tasks, the stays themselves are.
    session.page.longtasks = None;
    let stays = findings(&session);
    assert_eq!((stays.len(), stays[0].cost_ms), (1, Some(335.0)));
    assert_eq!(stays[0].at, found[0].at);
    // A worker draws nothing.
    session.realms = vec![Realm { kind: RealmKind::Worker, ..session.realms[0].clone() }];
    assert!(ids(&session).is_empty());
}

#[test]
fn what_starts_up_does_not_hold_the_thread() {
    let mut session = well();
    // Main began at 852.
    session.page.longtasks = Some(vec![task(600.0, 500.0, LongTaskKind::Task)]);
    let stay = |start, end| Slice { start, end, cause: Cause::Run, bridge_ms: None, calls: 1 };
    session.instances[0].slices = vec![stay(660.0, 1000.0)];
    let found = findings(&session);
    assert_eq!((found.len(), found[0].cost_ms), (1, Some(248.0)), "from main on");
    session.page.longtasks = Some(vec![task(600.0, 300.0, LongTaskKind::Task)]);
    assert!(ids(&session).is_empty(), "48 ms, once in ten seconds");
}

#[test]
fn once_is_enough_where_it_is_long() {
    let mut session = well();
    let stay = |start: f64, ms: f64| Slice {
        start,
        end: start + ms,
        cause: Cause::Timer,
        bridge_ms: None,
        calls: 1,
    };
    let mut held = |times: &[f64]| {
        let starts = (0..).map(|at| 2000.0 + 500.0 * f64::from(at));
        let both = || times.iter().zip(starts.clone());
        session.page.longtasks =
            Some(both().map(|(&ms, start)| task(start, ms, LongTaskKind::Task)).collect());
        session.instances[0].slices = both().map(|(&ms, start)| stay(start, ms)).collect();
        findings(&session).first().map(|finding| finding.severity)
    };
    assert_eq!(held(&[90.0]), None);
    assert_eq!(held(&[50.0; 9]), None, "none is longer than browsers call long");
    assert_eq!(held(&[50.0 + 1e-9; 9]), None, "nor is one that only rounding makes longer");
    assert_eq!(held(&[51.0]), None);
    assert_eq!(held(&[51.0, 51.0]), Some(Severity::Medium), "a hundredth of ten seconds");
    assert_eq!(held(&[199.0]), Some(Severity::Medium));
    assert_eq!(held(&[200.0]), Some(Severity::High));
}

#[test]
fn microtasks_after_go() {
    let mut session = well();
    let then = |calls| Member {
        import: "syscall/js.valueCall".into(),
        name: "then".into(),
        calls,
        ..Member::default()
    };
    let queued = |drain_ms| Microtask { queued_ms: 0.9 * drain_ms, ..probe(drain_ms) };
    session.page.microtasks = vec![probe(50.0), Microtask { exact: false, ..probe(400.0) }, queued(90.0)];
    assert!(ids(&session).is_empty());
    // The browser drew, and nobody asked for a callback.
    session.page.microtasks.push(Microtask { queued_ms: 1.0, ..probe(400.0) });
    assert!(ids(&session).is_empty());
    session.page.microtasks.push(queued(60.0));
    assert!(ids(&session).is_empty(), "nor did Go ask for any of these");
    session.instances[0].members.push(then(1));
    let found = findings(&session);
    assert_eq!((found[0].id.as_str(), found[0].cost_ms), ("microtask-flood", Some(150.0)));
    // A chain is never queued for long; Go asked for it.
    session.page.microtasks.truncate(4);
    session.instances[0].members.push(then(2000));
    let found = findings(&session);
    assert_eq!((found[0].id.as_str(), found[0].cost_ms), ("microtask-flood", Some(490.0)));
}

#[test]
fn collecting_over_a_tenth_of_the_time() {
    let mut session = well();
    collect(&mut session, 100);
    assert!(ids(&session).is_empty(), "a second of ten");
    collect(&mut session, 101);
    let found = findings(&session);
    assert_eq!((found[0].id.as_str(), found[0].cost_ms), ("gc", Some(1010.0)));
    assert_eq!(found[0].at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
    let all = collections(&session, None);
    assert_eq!((all.cycles, all.forced, all.pause_ms, all.cycle_share), (101, 1, 50.5, Some(0.101)));
    collect(&mut session, 9);
    session.instances[0].gc.iter_mut().for_each(|cycle| cycle.duration_ms = 75.0 * 9.0);
    assert!(ids(&session).is_empty(), "a few cycles, however long");
    collect(&mut session, 101);
    // A cycle that waits while the program does takes no time.
    let stay = |at| Slice {
        start: 1074.0 + 75.0 * f64::from(at),
        end: 1076.0 + 75.0 * f64::from(at),
        cause: Cause::Timer,
        bridge_ms: None,
        calls: 1,
    };
    session.instances[0].slices = (0..101).map(stay).collect();
    assert!(ids(&session).is_empty(), "a millisecond of each cycle");
    session.instances[0].slices.clear();
    assert_eq!(ids(&session), ["gc"], "nobody knows");
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
    instance.slices =
        vec![stay(900.0, 1990.0), stay(2000.0, 2280.0), stay(3000.0, 3010.0), stay(3100.0, 10_600.0)];
    session.page.longtasks =
        Some(vec![task(3000.0, 60.0, LongTaskKind::Task), task(2000.0, 300.0, LongTaskKind::Task)]);
    session.page.microtasks = vec![probe(30.0), probe(80.0), probe(240.0)];
    session.page.measures =
        vec![session::Measure { start: 1.0, duration_ms: 12.5, realm: 1, name: "draw".into() }; 3];
    session.page.marks = vec![session::Mark { t: 5.0, realm: 1, name: "ready".into() }];
    session
}

/// Ten seconds in which JSON of numbers took `ms` of ±4, and `elements` crossings with one element each 10 µs of ±0.1.
fn copying(ms: f64, numbers: bool, elements: u64) -> Session {
    let mut session = well();
    let instance = &mut session.instances[0];
    let text = |op, time_ms| Json {
        op,
        calls: 100,
        bytes: 50_000,
        time_ms,
        time_error_ms: Some(4.0),
        timed_calls: 9,
    };
    instance.json = vec![text(JsonOp::Parse, Some(ms))];
    let call = |stack, weight| JsonCall {
        t: 2000.0,
        op: JsonOp::Parse,
        stack: Some(stack),
        weight,
        time_ms: Some(1.0),
        chars: Some(500.0),
        numbers,
    };
    instance.json_calls = vec![call(2, 60.0), call(4, 40.0)];
    instance.elements = vec![Elements { op: ElementOp::Get, calls: elements, bursts: 10, longest: 4000 }];
    let burst =
        |stack, weight| Burst { t: 2000.0, op: ElementOp::Get, stack: Some(stack), weight, length: 100.0 };
    instance.bursts = vec![burst(4, 7.0), burst(2, 3.0)];
    let time = Some((elements as f64 * 0.01, elements as f64 * 1e-4));
    instance.imports.push(fixture::import("syscall/js.valueIndex", elements, time, None));
    session
}

#[test]
fn json_of_numbers_over_a_fiftieth_of_the_thread() {
    assert!(ids(&copying(203.9, true, 0)).is_empty());
    assert!(ids(&copying(900.0, false, 0)).is_empty(), "bytes would not do for other texts");
    let found = findings(&copying(210.0, true, 0));
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        (finding.id.as_str(), finding.severity, finding.cost_ms),
        ("json-copy", Severity::Medium, Some(210.0))
    );
    assert_eq!(finding.at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
    assert!(finding.detail.contains(&format!("{} characters", fmt::short(50_000.0))), "{}", finding.detail);
    assert!(finding.fix.contains("CopyBytesToGo"), "{}", finding.fix);
}

#[test]
fn elements_one_by_one_over_a_twentieth_of_the_thread() {
    assert!(ids(&copying(0.0, true, 50_000)).is_empty());
    let found = findings(&copying(0.0, true, 51_000));
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!((finding.id.as_str(), finding.cost_ms), ("element-copies", Some(510.0)));
    assert_eq!(finding.at.as_deref(), Some("fetch.Read[...] read.go:40"));
    assert!(finding.detail.contains("51.0") && finding.detail.contains("up to 4,000"), "{}", finding.detail);
    assert!(
        finding.fix.contains("CopyBytesToGo") && !finding.fix.contains("CopyBytesToJS"),
        "{}",
        finding.fix
    );
}

/// Of programs in several realms each sentence says which it is of; of one in a worker alone the headline does, once.
#[test]
fn sentences_name_their_realm() {
    let mut session = fixture::grid();
    let realm =
        |id, kind, name: &str| Realm { id, kind, name: name.into(), watched: true, ..Realm::default() };
    session.realms = vec![realm(0, RealmKind::Window, ""), realm(2, RealmKind::Worker, "grid")];
    session.instances[0].realm = 2;
    session.instances[0].inits = vec![init("app/tables", 121.0)];
    session.instances[0].samples.retain(|it| it.stack.is_some());
    let told = |session: &Session| {
        let lines = GoLines::of(session, None);
        let (mut headline, mut findings) = (headline(session), findings(session));
        tell_realm(session, &mut headline);
        tell_realms(session, &lines, &mut findings);
        (headline.text, findings)
    };
    let (alone, found) = told(&session);
    assert_eq!(alone.matches("in worker grid").count(), 1, "{alone}");
    assert!(found.iter().all(|it| !it.title.contains("worker")));

    session.instances.push(Instance { id: 9, ..Instance::default() });
    let (both, found) = told(&session);
    for id in ["hot-member", "package-init"] {
        let it = found.iter().find(|it| it.id == id).unwrap();
        assert!(it.title.ends_with(", in worker grid"), "{}", it.title);
    }
    assert!(both.ends_with("set textContent ← main.(*Grid).Draw grid.go:88, in worker grid"), "{both}");
    // The headline is of the worker's program: it names the worker once.
    session.instances.swap(0, 1);
    let (first, _) = told(&session);
    assert!(first.starts_with("in worker grid · ") && first.ends_with("grid.go:88"), "{first}");
    session.instances.swap(0, 1);
    // The same lines in both: of neither alone.
    let samples = session.instances[0].samples.clone();
    let imports = session.instances[0].imports.clone();
    (session.instances[1].samples, session.instances[1].imports) = (samples, imports);
    let (both, _) = told(&session);
    assert!(both.ends_with("grid.go:88"), "{both}");
}
