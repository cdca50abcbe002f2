//! JSON, copies by size, elements one by one, timers and long runs: worked out by hand from the grid's ten seconds.

use crate::fixture;
use session::{
    Burst, Cause, Copied, CopyTo, ElementOp, Elements, Estimate, Json, JsonCall, JsonOp, Microtask, Place,
    Range, Session, Slice, Timers, copy_sizes, elements, file, json, longest_runs, timers,
};

fn call(t: f64, stack: Option<u32>, weight: f32, ms: f32, numbers: bool) -> JsonCall {
    JsonCall { t, op: JsonOp::Parse, stack, weight, time_ms: Some(ms), chars: Some(1000.0), numbers }
}

fn burst(t: f64, stack: u32, weight: f32, length: f64) -> Burst {
    Burst { t, op: ElementOp::Set, stack: Some(stack), weight, length }
}

/// 100 texts parsed in 200 ms, three quarters of them by Draw; 6,400 elements written in 80 bursts, a fifth of them by Read.
pub fn busy() -> Session {
    let mut session = fixture::grid();
    let instance = &mut session.instances[0];
    instance.json = vec![
        Json {
            op: JsonOp::Parse,
            calls: 100,
            bytes: 100_000,
            time_ms: Some(200.0),
            time_error_ms: Some(4.0),
            timed_calls: 40,
        },
        Json { op: JsonOp::Stringify, ..Json::default() },
    ];
    instance.json_calls = vec![
        call(1000.0, Some(2), 50.0, 2.0, true),
        call(2000.0, Some(2), 25.0, 2.0, true),
        call(9000.0, Some(4), 25.0, 2.0, false),
    ];
    instance.elements = vec![
        Elements { op: ElementOp::Get, ..Elements::default() },
        Elements { op: ElementOp::Set, calls: 6400, bursts: 80, longest: 320 },
    ];
    instance.bursts = vec![burst(1500.0, 2, 64.0, 80.0), burst(8000.0, 4, 16.0, 80.0)];
    instance.imports.push(fixture::import("syscall/js.valueSetIndex", 12_800, Some((64.0, 2.0)), None));
    let copied = |import: &str, to, size_class, calls, bytes| Copied {
        import: format!("syscall/js.{import}"),
        to,
        size_class,
        calls,
        bytes,
    };
    instance.copies = vec![
        copied("stringVal", CopyTo::Js, 64, 3, 30),
        copied("copyBytesToGo", CopyTo::Go, 16_384, 990, 9_990_000),
        copied("copyBytesToGo", CopyTo::Go, 1024, 10, 10_000),
    ];
    instance.timers = Some(Timers { scheduled: 9, fired: 6, cleared: 2, retries: 1 });
    session
}

fn exact(value: f64) -> Estimate {
    Estimate { value, error: 0.0 }
}

fn func(place: &Place) -> &str {
    place.func()
}

#[test]
fn json_by_line() {
    let session = busy();
    let [row] = &json(&session, None)[..] else { panic!("{:?}", json(&session, None)) };
    assert_eq!((row.op, row.calls, row.chars), (JsonOp::Parse, exact(100.0), Some(exact(100_000.0))));
    assert_eq!(row.time_ms, Some(Estimate { value: 200.0, error: 4.0 }));
    assert_eq!(row.share.map(|share| share.value), Some(0.02));
    assert_eq!(row.numbers, Some(0.75));
    let lines: Vec<_> =
        row.lines.iter().map(|it| (func(&it.place), it.calls.value, it.time_ms.unwrap().value)).collect();
    assert_eq!(lines, [("main.(*Grid).Draw", 75.0, 150.0), ("fetch.Read[...]", 25.0, 50.0)]);
    assert!(row.lines.iter().all(|it| it.calls.error > 0.0), "estimates say so");
    // A range takes what began in it.
    let early = json(&session, Some(Range { start: 900.0, end: 2500.0 }));
    assert_eq!((early[0].calls.value, early[0].numbers), (75.0, Some(1.0)));
    assert!(early[0].calls.error > 0.0);
    assert!(json(&session, Some(Range { start: 3000.0, end: 4000.0 })).is_empty());
    assert!(json(&fixture::grid(), None).is_empty());
}

#[test]
fn elements_by_line() {
    let session = busy();
    let [row] = &elements(&session, None)[..] else { panic!("{:?}", elements(&session, None)) };
    assert_eq!(
        (row.op, row.calls, row.bursts, row.longest),
        (ElementOp::Set, exact(6400.0), exact(80.0), 320)
    );
    // Half of the import's crossings, and so half of its time.
    assert_eq!(row.time_ms.map(|time| time.value), Some(32.0));
    assert_eq!(row.share.map(|share| share.value), Some(0.0032));
    let lines: Vec<_> =
        row.lines.iter().map(|it| (func(&it.place), it.calls.value, it.bursts.value)).collect();
    assert_eq!(lines, [("main.(*Grid).Draw", 5120.0, 64.0), ("fetch.Read[...]", 1280.0, 16.0)]);
    let late = elements(&session, Some(Range { start: 7000.0, end: 9000.0 }));
    assert_eq!((late[0].calls.value, late[0].longest), (1280.0, 80));
}

#[test]
fn copies_by_size() {
    let session = busy();
    let rows = copy_sizes(&session, None);
    let told: Vec<_> = rows.iter().map(|row| (row.to, row.size_class, row.calls, row.bytes.value)).collect();
    assert_eq!(
        told,
        [
            (CopyTo::Go, 1024, exact(10.0), 10_000.0),
            (CopyTo::Go, 16_384, exact(990.0), 9_990_000.0),
            (CopyTo::Js, 64, exact(3.0), 30.0)
        ]
    );
    assert_eq!(rows[1].per_s, Some(exact(999_000.0)));
    // The samples in the range are all of 10 kB: so are its copies.
    let range = Range { start: 1400.0, end: 2600.0 };
    let rows = copy_sizes(&session, Some(range));
    let total: f64 = rows.iter().map(|row| row.bytes.value).sum();
    assert!(rows.iter().all(|row| row.size_class == 16_384 && row.to == CopyTo::Go), "{rows:?}");
    assert!(total > 0.0 && total < 10_000_000.0, "{rows:?}");
}

#[test]
fn timers_of_a_program_and_of_a_range() {
    let session = busy();
    let all = timers(&session, None).unwrap();
    assert_eq!((all.scheduled, all.fired, all.cleared, all.retries), (exact(9.0), 6, exact(2.0), 1));
    assert_eq!(timers(&fixture::grid(), None), None);
    let mut session = busy();
    session.instances[0].slices.push(Slice {
        start: 1500.0,
        end: 1501.0,
        cause: Cause::Timer,
        bridge_ms: None,
        calls: 1,
    });
    assert_eq!(timers(&session, Some(Range { start: 1400.0, end: 1600.0 })).unwrap().fired, 1);
}

#[test]
fn the_longest_runs() {
    let mut session = busy();
    let slice = |start, end, cause| Slice { start, end, cause, bridge_ms: None, calls: 1 };
    // A callback leaves 300 ms of microtasks, in which Go runs twice more.
    session.instances[0].slices.extend([
        slice(2000.0, 2020.0, Cause::Event),
        slice(2100.0, 2110.0, Cause::Event),
        slice(2200.0, 2205.0, Cause::Event),
    ]);
    let probe =
        |t, sync_ms, drain_ms, exact| Microtask { t, realm: 1, sync_ms, queued_ms: 1.0, drain_ms, exact };
    session.page.microtasks = vec![
        probe(1010.01, 10.0, 0.0, true),
        probe(2020.02, 20.0, 300.0, true),
        probe(2400.0, 1.0, 900.0, true),
    ];
    let runs = longest_runs(&session, Some(Range { start: 0.0, end: 2300.0 }));
    let stay = runs.stay.unwrap();
    assert_eq!(
        (stay.start, stay.end, stay.cause, stay.go_ms, stay.microtasks_ms),
        (700.0, 900.5, Cause::Run, 200.5, None)
    );
    assert_eq!(stay.lines.first().map(|line| func(&line.0)), Some("main.(*Grid).Draw"));
    let held = runs.held.unwrap();
    assert_eq!(
        (held.start, held.end, held.go_ms, held.microtasks_ms, held.exact),
        (2000.0, 2320.0, 35.0, Some(300.0), true)
    );
    // Bounds are told where nothing better is, and say so.
    for probe in &mut session.page.microtasks {
        probe.exact = false;
    }
    let held = longest_runs(&session, Some(Range { start: 0.0, end: 2300.0 })).held.unwrap();
    assert!(!held.exact && held.microtasks_ms == Some(300.0));
    assert_eq!(longest_runs(&Session::default(), None).stay, None);
}

#[test]
fn what_is_read_back_is_what_was_written() {
    let session = busy();
    let text = file::to_json(&session).unwrap();
    // Unknown figures are equal to nothing: the texts are.
    assert!(file::to_json(&file::read(&text).unwrap()).unwrap() == text);
    let mut bad = session;
    bad.instances[0].bursts[1].stack = Some(99);
    let bad = String::from_utf8(file::to_json(&bad).unwrap()).unwrap();
    let error = file::read(bad.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("bursts[1].stack is 99, there are 6 stacks"), "{error}");
}
