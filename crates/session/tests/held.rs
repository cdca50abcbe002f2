//! What is held: figures over time, the three kinds of leak told apart, and what is found wrong with them.

use session::{
    Callback, Census, Funcs, Gc, Grow, Made, Member, Named, Place, Refs, Sample, Series, Session, Severity,
    findings, memory, references,
};

use crate::fixture;

const MIB: f64 = 1_048_576.0;

/// Ten seconds, a bucket every 100 ms.
fn times() -> impl Iterator<Item = f64> {
    (1..=100).map(|i| 700.0 + 100.0 * f64::from(i))
}

/// A session whose gauges are these functions of the seconds since its begin.
fn session(refs: fn(f64) -> f64, funcs: fn(f64) -> f64, bytes: fn(f64) -> f64) -> Session {
    let mut session = fixture::grid();
    session.modules[0].network = None;
    let instance = &mut session.instances[0];
    let column =
        |value: fn(f64) -> f64| -> Vec<f64> { times().map(|t| value((t - 700.0) / 1e3).floor()).collect() };
    let none = vec![f64::NAN; 100];
    instance.series = Series {
        t: times().collect(),
        calls: vec![vec![]; 5],
        time_ms: vec![vec![]; 5],
        bytes_to_go: none.clone(),
        bytes_to_js: none.clone(),
        memory_bytes: column(bytes),
        js_refs: column(refs),
        funcs: column(funcs),
        js_heap_bytes: none.clone(),
        goroutines: none,
    };
    (instance.refs, instance.funcs) = (None, None);
    instance.members.clear();
    instance.samples.clear();
    instance.grows = vec![Grow { t: 900.0, from_bytes: 4.0 * MIB, to_bytes: 200.0 * MIB, stack: Some(2) }];
    instance.gc.clear();
    session
}

fn flat(_: f64) -> f64 {
    30.0
}

fn small(_: f64) -> f64 {
    16.0 * MIB
}

/// A collection every half second, after which so many MB live.
fn collect(session: &mut Session, live: fn(f64) -> f64) {
    let cycle = |i: u32| Gc {
        number: i,
        t: 700.0 + 500.0 * f64::from(i),
        duration_ms: 1.0,
        pause_ms: vec![0.1, 0.1],
        heap_trigger_bytes: None,
        heap_end_bytes: None,
        heap_live_mb: Some(live(0.5 * f64::from(i)).floor()),
        goal_mb: None,
        forced: false,
        stack: None,
    };
    session.instances[0].gc = (1..=19).map(cycle).collect();
}

fn ids(session: &Session) -> Vec<String> {
    let held = ["unreleased-funcs", "growing-references", "memory-high-water"];
    findings(session).into_iter().map(|it| it.id).filter(|id| held.contains(&id.as_str())).collect()
}

/// Rises between collections, every half second, and falls back.
fn saw(s: f64) -> f64 {
    100.0 + 4000.0 * (2.0 * s).fract()
}

#[test]
fn a_healthy_program_holds_what_it_held() {
    let mut session = session(saw, flat, small);
    assert_eq!(ids(&session), [""; 0]);
    collect(&mut session, |_| 2.0);
    assert_eq!(ids(&session), [""; 0]);
    let found = memory(&session.instances[0], None);
    assert_eq!((found.refs_grow, found.funcs_grow), (Some(false), Some(false)));
    assert_eq!((found.heap_grows, found.far_above_heap), (Some(false), Some(false)));
}

#[test]
fn warm_up_is_no_leak() {
    let warm = |s: f64| 5000.0 * s.min(2.0);
    let mut session = session(warm, warm, |s| if s < 2.0 { 8.0 * MIB } else { 24.0 * MIB });
    collect(&mut session, |s| 1.0 + s.min(2.0));
    assert_eq!(ids(&session), [""; 0]);
}

#[test]
fn values_that_stay_after_each_collection_are_held() {
    let mut session = session(|s| saw(s) + 300.0 * s, flat, small);
    let unknown = memory(&session.instances[0], None);
    assert_eq!(unknown.refs_grow, None, "without collections there is no telling what is garbage");
    assert_eq!(ids(&session), [""; 0]);
    collect(&mut session, |_| 2.0);
    let row = |stack, live| Made { stack: Some(stack), made: 9000.0, made_error: 3.0, live, live_error: 4.0 };
    session.instances[0].refs =
        Some(Refs { census: None, made: vec![row(4, 10.0), row(2, 2000.0), row(1, 500.0)] });
    assert_eq!(ids(&session), ["growing-references"]);
    let found = findings(&session).into_iter().find(|it| it.id == "growing-references").unwrap();
    assert_eq!(found.at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
    assert!(found.detail.contains("main.(*Grid).Draw grid.go:88 (about 2,500)"), "{}", found.detail);
    let lines = references(&session, &session.instances[0], None).lines;
    assert!(matches!(&lines[0].place, Place::Line { func, .. } if func == "main.(*Grid).Draw"));
    assert_eq!(
        (lines[0].live.value, lines[0].live.error, lines[0].made.value),
        (2500.0, 4f64.hypot(4.0), 18_000.0)
    );
    let kept = memory(&session.instances[0], None).refs_kept.unwrap().per_minute.unwrap();
    assert!((kept - 300.0 * 60.0).abs() < 1500.0, "{kept} a minute");
    session.instances[0].exit_code = Some(0);
    assert_eq!(ids(&session), [""; 0], "an exit frees all of it");
}

/// A thousand `js.Func`, of which none is released.
pub fn unreleased() -> Session {
    let mut session = session(flat, |s| 100.0 * s, small);
    let instance = &mut session.instances[0];
    instance.funcs = Some(Funcs { made: 1000, released: Some(0), live: Some(1000) });
    instance.members = vec![Member {
        import: "syscall/js.valueSet".into(),
        name: "_makeFuncWrapper".into(),
        ..Member::default()
    }];
    instance.samples =
        vec![Sample { t: 2000.0, stack: Some(2), member: Some(0), weight: 100.0, ..Sample::default() }];
    let census = Census {
        callbacks: Some(vec![Callback { stack: Some(0), count: 1000 }]),
        by_constructor: vec![Named { name: "Object".into(), count: 3 }],
        ..Census::default()
    };
    instance.refs = Some(Refs { census: Some(census), made: vec![] });
    session
}

#[test]
fn functions_need_no_collection_to_be_seen() {
    let mut session = unreleased();
    assert_eq!(ids(&session), ["unreleased-funcs"]);
    let found = findings(&session).into_iter().find(|it| it.id == "unreleased-funcs").unwrap();
    assert_eq!(found.at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
    assert_eq!(found.severity, Severity::High);
    assert!(found.detail.starts_with("1,000 were made and 0 released."), "{}", found.detail);
    assert!(found.detail.ends_with("The live ones call main.main main.go:12 (1,000)."), "{}", found.detail);
    // As many in too short a time.
    session.instances[0].series.t.iter_mut().for_each(|t| *t = 700.0 + (*t - 700.0) / 4.0);
    assert_eq!(ids(&session), [""; 0]);
}

#[test]
fn memory_that_was_needed_once_is_told_beside_what_lives() {
    let mut session = session(flat, flat, |s| if s < 1.0 { 16.0 * MIB } else { 200.0 * MIB });
    assert_eq!(memory(&session.instances[0], None).far_above_heap, None, "no collection, no heap");
    collect(&mut session, |s| if s < 4.0 { 90.0 } else { 3.0 });
    assert_eq!(ids(&session), ["memory-high-water"]);
    let found = findings(&session).into_iter().find(|it| it.id == "memory-high-water").unwrap();
    assert_eq!(found.at.as_deref(), Some("main.(*Grid).Draw grid.go:88"));
    let by = format!("main.(*Grid).Draw grid.go:88 ({})", session::fmt::bytes(196.0 * MIB));
    assert!(found.detail.contains(&by), "{}", found.detail);
    // What lives needs it.
    collect(&mut session, |_| 60.0);
    assert_eq!(ids(&session), [""; 0]);
}

#[test]
fn a_heap_that_grows_is_neither_of_the_others() {
    let mut session = session(flat, flat, |s| (16.0 + 12.0 * s) * MIB);
    collect(&mut session, |s| 2.0 + 6.0 * s);
    let grow = Grow { t: 9000.0, from_bytes: 100.0 * MIB, to_bytes: 136.0 * MIB, stack: None };
    session.instances[0].grows.push(grow);
    let found = memory(&session.instances[0], None);
    assert_eq!((found.heap_grows, found.refs_grow), (Some(true), Some(false)));
    assert_eq!((found.funcs_grow, found.far_above_heap), (Some(false), Some(false)));
    let heap = found.heap.unwrap();
    assert_eq!((heap.first, heap.peak), (5.0 * MIB, heap.last));
}
