//! The bridge within a range, and the trees of callers, against crossings whose truth is known.

use crate::analyses::{Dice, near};
use crate::fixture::{self, frame};
use proptest::prelude::*;
use session::{
    Caller, CostRow, Estimate, GoLineLive, GoLines, Instance, Member, Place, Range, Sample, Series, Session,
    Stack, Subject, fmt,
};

const SET: &str = "syscall/js.valueSet";
const COPY: &str = "syscall/js.copyBytesToGo";
/// Length of a bucket, ms.
const BUCKET: f64 = 100.0;
/// Length of a recording, ms.
const WALL: f64 = 2_000.0;

/// Where the three lines are.
const LINES: [&str; 3] = ["main.main ", "main.(*Grid).Draw", "fetch.Read"];

/// One crossing as it was.
struct Crossing {
    t: f64,
    import: usize,
    line: usize,
    time: f64,
    bytes: f64,
}

/// What is true of some crossings: calls, time and bytes.
type Truth = [f64; 3];

fn truth<'a>(crossings: impl Iterator<Item = &'a Crossing>) -> Truth {
    crossings.fold([0.0; 3], |sum, it| [sum[0] + 1.0, sum[1] + it.time, sum[2] + it.bytes])
}

/// Crossings of two imports from three lines, in bursts; one in `period` is sampled, buckets count them all.
fn simulate(dice: &mut Dice, crossings: u32, period: f64) -> (Session, Vec<Crossing>) {
    let burst = 200.0 + dice.roll() * 1_500.0;
    let crossing = |dice: &mut Dice| {
        let t = if dice.roll() < 0.4 { burst + dice.roll() * 50.0 } else { dice.roll() * WALL };
        let import = usize::from(dice.roll() < 0.3);
        // Who calls changes with time.
        let line = if dice.roll() * WALL < t { 0 } else { 1 + usize::from(dice.roll() < 0.5) };
        let time = 0.001 * (line + 1) as f64 * (0.5 + dice.roll());
        let bytes = if import == 1 { (dice.roll() * 1_000.0).round() } else { 0.0 };
        Crossing { t, import, line, time, bytes }
    };
    let mut all: Vec<Crossing> = (0..crossings).map(|_| crossing(dice)).collect();
    all.sort_by(|a, b| a.t.total_cmp(&b.t));
    let sampled = all.iter().filter(|_| dice.roll() * period < 1.0);
    let samples = sampled.map(|it| Sample {
        t: it.t,
        stack: Some([0, 2, 4][it.line]),
        import: it.import as u32,
        member: (it.import == 0).then_some(u32::from(it.line > 0)),
        weight: period as f32,
        time_ms: Some(it.time as f32),
        bytes: (it.import == 1).then_some(it.bytes),
        goid: None,
    });
    let samples = samples.collect();
    let import = |at: usize, name: &str| {
        let [calls, time, bytes] = truth(all.iter().filter(|it| it.import == at));
        fixture::import(name, calls as u64, Some((time, 0.0)), (at == 1).then_some(bytes as u64))
    };
    let member = |name: &str| Member { import: SET.into(), name: name.into(), ..Member::default() };
    let mut session = fixture::stacks();
    session.meta.end = Some(WALL);
    session.meta.overhead.wall_ms = Some(WALL);
    session.instances = vec![Instance {
        imports: vec![import(0, SET), import(1, COPY)],
        members: vec![member("first"), member("others")],
        series: series(&all),
        samples,
        ..Instance::default()
    }];
    (session, all)
}

fn series(all: &[Crossing]) -> Series {
    let t: Vec<f64> = (1..=(WALL / BUCKET) as u32).map(|at| f64::from(at) * BUCKET).collect();
    let sums = |import: usize, what: usize| -> Vec<f64> {
        let within =
            |end: f64| move |it: &&Crossing| it.import == import && end - BUCKET <= it.t && it.t < end;
        t.iter().map(|&end| truth(all.iter().filter(within(end)))[what]).collect()
    };
    let none = vec![f64::NAN; t.len()];
    Series {
        calls: vec![sums(0, 0), sums(1, 0)],
        time_ms: vec![sums(0, 1), sums(1, 1)],
        bytes_to_go: sums(1, 2),
        bytes_to_js: vec![0.0; t.len()],
        memory_bytes: none.clone(),
        js_refs: none.clone(),
        funcs: none.clone(),
        js_heap_bytes: none.clone(),
        goroutines: none,
        t,
    }
}

fn live(session: &Session, range: Option<Range>) -> GoLineLive {
    let mut live = GoLineLive::new(range);
    live.update(session, 0);
    live
}

fn imports(session: &Session, range: Option<Range>) -> Vec<CostRow> {
    live(session, range).read(session).imports()
}

fn of<'a>(rows: &'a [CostRow], import: &str) -> Option<&'a CostRow> {
    rows.iter().find(|row| row.import == import)
}

#[test]
fn whole_buckets_are_exact() {
    let (session, all) = simulate(&mut Dice(3), 5_000, 40.0);
    let range = Range { start: 300.0, end: 1_100.0 };
    let rows = imports(&session, Some(range));
    for (at, name) in [SET, COPY].into_iter().enumerate() {
        let [calls, time, _] = truth(all.iter().filter(|it| it.import == at && range.contains(it.t)));
        let row = of(&rows, name).unwrap();
        assert_eq!(row.calls, Estimate::exact(calls));
        assert!(near(row.time_ms.unwrap().value, time));
    }
    let all = Some(Range { start: -10.0, end: WALL + 10.0 });
    assert_eq!(imports(&session, all), session::imports(&session));
    let (lines, whole) = (GoLines::of(&session, all), GoLines::of(&session, None));
    assert_eq!(lines.rows, whole.rows);
}

/// Of adjacent ranges: all figures of an import or of all lines, summed.
fn summed(parts: &[Vec<CostRow>], import: &str) -> (f64, f64, f64) {
    let rows = parts.iter().filter_map(|rows| of(rows, import));
    rows.fold((0.0, 0.0, 0.0), |sum, row| {
        let figure = |it: Option<Estimate>| it.map_or(0.0, |it| it.value);
        (sum.0 + row.calls.value, sum.1 + figure(row.time_ms), sum.2 + figure(row.bytes))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adjacent_ranges_add_up_to_the_whole(seed: u64, crossings in 0..3_000u32, period in 1..60u8,
                                           cuts in proptest::collection::vec(0.0..WALL, 1..5)) {
        let (session, _) = simulate(&mut Dice(seed), crossings, f64::from(period));
        let mut ends = cuts;
        ends.sort_by(f64::total_cmp);
        let starts = std::iter::once(-1.0).chain(ends.iter().copied());
        let ranges: Vec<Range> =
            starts.zip(ends.iter().copied().chain([WALL])).map(|(start, end)| Range { start, end }).collect();
        let parts: Vec<Vec<CostRow>> = ranges.iter().map(|&range| imports(&session, Some(range))).collect();
        for whole in &session.instances[0].imports {
            let (calls, time, bytes) = summed(&parts, &whole.name);
            prop_assert!(near(calls, whole.calls as f64), "{} of {}", calls, whole.calls);
            prop_assert!((time - whole.time_ms.unwrap()).abs() <= 1e-4 * (1.0 + time), "{time} of {whole:?}");
            // Bytes are divided by samples only: the sum is off by what is said.
            let error = parts.iter().filter_map(|rows| of(rows, &whole.name)?.bytes).map(|it| it.error).sum::<f64>();
            let exact = whole.bytes.unwrap_or(0) as f64;
            prop_assert!((bytes - exact).abs() <= error + 1e-6 * exact, "{bytes} ± {error} of {exact}");
        }
        for (range, parts) in ranges.iter().zip(&parts) {
            let lines = GoLines::of(&session, Some(*range));
            let calls: f64 = lines.rows.iter().map(|row| row.calls.value).sum();
            let of_imports: f64 = parts.iter().map(|row| row.calls.value).sum();
            let missed = lines.not_sampled as f64;
            prop_assert!((calls + missed - of_imports).abs() <= 1.0, "{calls} + {missed} of {of_imports}");
        }
    }

    #[test]
    fn no_line_calls_a_member_more_often_than_is_counted(seed: u64, crossings in 1..2_000u32, period in 2..80u8) {
        let (mut session, all) = simulate(&mut Dice(seed), crossings, f64::from(period));
        let set = |line: usize| all.iter().filter(|it| it.import == 0 && it.line == line).count() as u64;
        let truth = [set(0), set(1), set(2)];
        session.instances[0].members[0].calls = truth[0];
        session.instances[0].members[1].calls = truth[1] + truth[2];
        for row in GoLines::of(&session, None).rows {
            let line = LINES.iter().position(|it| row.place.text().contains(it));
            for it in row.crossings.iter().filter(|it| it.import == SET) {
                let (calls, line) = (it.calls, line.unwrap());
                let counted = if line == 0 { truth[0] } else { truth[1] + truth[2] };
                let (told, counted) = (fmt::calls(calls), counted as f64);
                prop_assert!(calls.value <= counted, "{told} of {counted}");
                prop_assert!(!told.starts_with('≤') || calls.value + calls.error <= counted, "{told} of {counted}");
                // Seen as often as it is counted: nothing is left open.
                prop_assert!(counted > 1.0 || calls == Estimate::exact(1.0), "{calls:?} of one");
                prop_assert!(row.crossings.len() > 1 || row.calls == calls, "{row:?}");
            }
        }
    }

    #[test]
    fn no_range_and_no_tree_panics(start in any::<f64>(), end in any::<f64>(), seed: u64, empty: bool) {
        let (mut session, _) = simulate(&mut Dice(seed), 300, 3.0);
        let instance = &mut session.instances[0];
        if empty {
            instance.series = Series::default();
        } else {
            instance.series.t.reverse();
            instance.series.calls[1].clear();
        }
        let live = live(&session, Some(Range { start, end }));
        let reading = live.read(&session);
        let (lines, imports, members) = (reading.lines(), reading.imports(), reading.members());
        prop_assert!(lines.rows.len() <= 3 && imports.len() <= 2 && members.len() <= 2);
        for row in lines.rows {
            reading.callers(&Subject::Line(row.place), &|_, _| true);
        }
    }

    #[test]
    fn callers_add_up_to_their_row(seed: u64, crossings in 1..400u32) {
        let (session, _) = deep(&mut Dice(seed), crossings);
        let live = live(&session, None);
        let reading = live.read(&session);
        for row in reading.lines().rows {
            let tree = reading.callers(&Subject::Line(row.place.clone()), &|_, _| true);
            prop_assert!(tree.is_empty() || near(calls(&tree), row.calls.value), "{:?}", row.place);
            adds_up(&tree)?;
        }
        for row in reading.imports() {
            let tree = reading.callers(&Subject::Import(row.import), &|_, _| true);
            prop_assert!(near(calls(&tree), row.calls.value));
            adds_up(&tree)?;
        }
    }
}

fn calls(level: &[Caller]) -> f64 {
    level.iter().map(|node| node.calls.value).sum()
}

fn adds_up(level: &[Caller]) -> Result<(), TestCaseError> {
    let mut keys: Vec<u64> = level.iter().map(|node| node.key).collect();
    keys.sort_unstable();
    keys.dedup();
    prop_assert_eq!(keys.len(), level.len(), "keys tell rows of a level apart");
    for node in level {
        prop_assert_eq!(node.callers.is_some(), node.has_callers);
        if let Some(callers) = &node.callers {
            prop_assert!(near(calls(callers), node.calls.value), "{:?}", node.place);
            let times =
                |level: &[Caller]| level.iter().filter_map(|it| it.time_ms).map(|it| it.value).sum::<f64>();
            prop_assert!(near(times(callers), node.time_ms.map_or(0.0, |it| it.value)));
            adds_up(callers)?;
        }
    }
    Ok(())
}

/// Stacks of five functions that call each other and themselves, each sampled crossing one of its own.
fn deep(dice: &mut Dice, crossings: u32) -> (Session, Vec<Vec<u32>>) {
    let mut session = Session::default();
    let funcs = ["main.a", "main.b", "example.com/x.C", "runtime.goexit", "syscall/js.Value.Set"];
    session.frames =
        (0..10).map(|at: u32| frame(funcs[at as usize % 5], "/src/a.go", at / 5, at == 6)).collect();
    // The same line, once inlined.
    session.frames.push(frame("main.b", "/src/a.go", 1, false));
    let mut samples = Vec::new();
    let mut truth = Vec::new();
    for at in 0..crossings {
        let frames: Vec<u32> =
            (0..1 + (dice.roll() * 6.0) as u32).map(|_| (dice.roll() * 11.0) as u32).collect();
        let mut stack = None;
        for &frame in &frames {
            let node = Stack { parent: stack, frame };
            let known = session.stacks.iter().position(|it| *it == node);
            stack = Some(known.unwrap_or_else(|| {
                session.stacks.push(node);
                session.stacks.len() - 1
            }) as u32);
        }
        let (time_ms, weight) = (Some(dice.roll() as f32), 1.0);
        samples.push(Sample { t: f64::from(at), stack, weight, time_ms, ..Sample::default() });
        truth.push(frames);
    }
    let time = samples.iter().filter_map(|it| it.time_ms).map(f64::from).sum();
    let imports = vec![fixture::import(SET, u64::from(crossings), Some((time, 0.0)), None)];
    session.instances = vec![Instance { imports, samples, ..Instance::default() }];
    (session, truth)
}

/// A tree as text: a node a line, indented.
fn text(level: &[Caller], indent: usize, out: &mut String) {
    for node in level {
        let mark = match (&node.callers, node.has_callers) {
            (Some(_), _) => "▾",
            (None, true) => "▸",
            (None, false) => "·",
        };
        let whose = if node.own { "" } else { " (not the program's)" };
        let (place, calls) = (node.place.text(), node.calls.value);
        out.push_str(&format!("{:indent$}{mark} {place}: {calls}{whose}\n", ""));
        text(node.callers.as_deref().unwrap_or_default(), indent + 2, out);
    }
}

fn tree(session: &Session, of: &Subject, is_open: &dyn Fn(u64, bool) -> bool) -> String {
    let mut out = String::new();
    text(&live(session, None).read(session).callers(of, is_open), 0, &mut out);
    out
}

/// main.main calls Draw directly and from a handler; Draw calls itself; `go Draw` starts with it.
fn drawn() -> Session {
    let mut session = fixture::stacks();
    session.frames.push(frame("syscall/js.handleEvent", "/go/src/syscall/js/func.go", 90, false));
    session.frames.push(frame("main.main.func1", "/src/app/main.go", 20, false));
    let node = |parent, frame| Stack { parent, frame };
    session.stacks = vec![
        node(None, 0),
        node(Some(0), 1), // main → Draw
        node(Some(1), 2), // and Set
        node(Some(1), 1), // Draw in Draw
        node(Some(3), 2), // and Set
        node(Some(0), 6), // main → handleEvent
        node(Some(5), 7), // → func1
        node(Some(6), 1), // → Draw
        node(Some(7), 2), // and Set
        node(None, 1),    // go Draw
        node(Some(9), 2), // and Set
    ];
    let sample =
        |stack, weight| Sample { stack: Some(stack), weight, time_ms: Some(0.001), ..Sample::default() };
    let samples = vec![sample(2, 10.0), sample(4, 20.0), sample(8, 40.0), sample(10, 5.0)];
    let imports = vec![fixture::import(SET, 75, Some((0.075, 0.0)), None)];
    session.instances = vec![Instance { imports, samples, ..Instance::default() }];
    session
}

#[test]
fn callers_of_a_line() {
    let session = drawn();
    let draw = Subject::Line(Place::Line {
        func: "main.(*Grid).Draw".into(),
        file: Some("/src/app/grid.go".into()),
        line: Some(88),
    });
    let all = tree(&session, &draw, &|_, _| true);
    assert_eq!(
        all,
        "\
▾ main.main.func1 main.go:20: 40
  ▾ js.handleEvent func.go:90: 40 (not the program's)
    · main.main main.go:12: 40
▾ main.(*Grid).Draw grid.go:88: 20
  · main.main main.go:12: 20
· main.main main.go:12: 10
· (start of a goroutine): 5 (not the program's)
"
    );
    // Nothing is open at first, but what leads nowhere else.
    let closed = tree(&session, &draw, &|_, only| only);
    assert_eq!(closed.lines().next(), Some("▸ main.main.func1 main.go:20: 40"));
    assert_eq!(closed.lines().count(), 4);
    let reading_key = |place: &str| {
        let live = live(&session, None);
        let level = live.read(&session).callers(&draw, &|_, _| false);
        level.iter().find(|node| node.place.text().starts_with(place)).unwrap().key
    };
    let func1 = reading_key("main.main.func1");
    let chain = tree(&session, &draw, &|key, only| only || key == func1);
    assert_eq!(chain.lines().take(3).collect::<Vec<_>>(), all.lines().take(3).collect::<Vec<_>>());
    assert_eq!(tree(&session, &Subject::Line(Place::Runtime), &|_, _| true), "");
    let unknown = Place::Line { func: "main.gone".into(), file: None, line: None };
    assert_eq!(tree(&session, &Subject::Line(unknown), &|_, _| true), "");
}

#[test]
fn lines_of_an_import_and_of_a_member() {
    let session = fixture::grid();
    let import = |name: &str| Subject::Import(name.into());
    let open = |_: u64, only: bool| only;
    assert_eq!(
        tree(&session, &import(SET), &open),
        "▸ main.(*Grid).Draw grid.go:88: 390000\n· main.main main.go:12: 10000\n"
    );
    assert_eq!(
        tree(&session, &import(COPY), &|_, _| true),
        "▾ fetch.Read[...] read.go:40: 900\n  · main.main main.go:12: 900\n· (no stack): 100 (not the program's)\n"
    );
    assert_eq!(
        tree(&session, &import("runtime.nanotime1"), &open),
        "▾ Go runtime: 300 (not the program's)\n  · runtime.mallocgc malloc.go:1000: 300 (not the program's)\n"
    );
    let member = Subject::Member { import: SET.into(), member: "textContent".into() };
    assert_eq!(
        tree(&session, &member, &open),
        "▾ main.(*Grid).Draw grid.go:88: 390000\n  · main.main main.go:12: 390000\n"
    );
    assert_eq!(tree(&session, &import("syscall/js.gone"), &open), "");
}

#[test]
fn keys_outlive_late_names() {
    let mut session = drawn();
    let keys = |session: &Session| -> Vec<u64> {
        let live = live(session, None);
        live.read(session)
            .callers(&Subject::Import(SET.into()), &|_, _| false)
            .iter()
            .map(|it| it.key)
            .collect()
    };
    let before = keys(&session);
    // Frames in another order, as when they are named anew.
    session.frames.reverse();
    let last = session.frames.len() as u32 - 1;
    session.stacks.iter_mut().for_each(|node| node.frame = last - node.frame);
    assert_eq!(keys(&session), before);
}

#[test]
fn a_program_that_calls_itself_has_an_end() {
    let mut session = drawn();
    session.stacks = (0..100_000u32).map(|at| Stack { parent: at.checked_sub(1), frame: 1 }).collect();
    session.instances[0].samples.truncate(1);
    session.instances[0].samples[0].stack = Some(99_999);
    let tree = tree(&session, &Subject::Import(SET.into()), &|_, _| true);
    assert!((100..1_000).contains(&tree.lines().count()));
}

#[test]
fn intervals_of_a_range_hold_the_truth() {
    let mut dice = Dice(11);
    let (mut tried, mut held) = ([0.0; 4], [0.0; 4]);
    for _ in 0..100 {
        let (session, all) = simulate(&mut dice, 20_000, 20.0);
        let start = dice.roll() * WALL * 0.8;
        let range = Range { start, end: start + 50.0 + dice.roll() * (WALL - start - 50.0) };
        let mut check = |kind: usize, estimate: Estimate, truth: f64| {
            tried[kind] += 1.0;
            held[kind] += f64::from((estimate.value - truth).abs() <= estimate.error + 1e-6);
        };
        let within = || all.iter().filter(|it| range.contains(it.t));
        let rows = imports(&session, Some(range));
        for (at, name) in [SET, COPY].into_iter().enumerate() {
            let [calls, time, bytes] = truth(within().filter(|it| it.import == at));
            let row = of(&rows, name).unwrap();
            check(0, row.calls, calls);
            check(1, row.time_ms.unwrap(), time);
            if at == 1 {
                check(2, row.bytes.unwrap(), bytes);
            }
        }
        for row in GoLines::of(&session, Some(range)).rows {
            let funcs = ["main.main", "main.(*Grid).Draw", "fetch.Read[...]"];
            let line = funcs.iter().position(|func| *func == row.place.func()).unwrap();
            check(3, row.calls, truth(within().filter(|it| it.line == line))[0]);
        }
        let live = live(&session, Some(range));
        for row in live.read(&session).members() {
            let first = row.member.as_deref() == Some("first");
            let own = within().filter(|it| it.import == 0 && (it.line == 0) == first);
            check(3, row.calls, truth(own)[0]);
        }
    }
    for kind in 0..4 {
        let share = held[kind] / tried[kind];
        assert!((0.91..=1.0).contains(&share), "kind {kind}: {share}");
    }
}
