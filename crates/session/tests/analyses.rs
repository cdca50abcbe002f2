//! Figures against ones worked out independently.

use crate::fixture;
use proptest::prelude::*;
use session::{
    Attach, Compiler, Estimate, GoLineLive, GoLines, HeadlineState, Instance, LoadingKind, Module, Phase,
    PhaseName, Place, Range, Sample, Session, copies, go_line, headline, imports, loading, members, phases,
    status, window,
};

pub fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * b.abs().max(1.0)
}

/// A sequence of numbers in 0..1, the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[test]
fn go_line_is_the_innermost_of_the_program() {
    let session = fixture::stacks();
    let line = |stack| go_line(&session, stack).map(|frame| (&*frame.func, frame.line.unwrap()));
    assert_eq!(line(2), Some(("main.(*Grid).Draw", 88)));
    assert_eq!(line(4), Some(("example.com/net/fetch.Read[...]", 40)));
    assert_eq!(line(0), Some(("main.main", 12)));
    assert_eq!(line(5), None);
    assert_eq!(line(77), None);
}

#[test]
fn grid_by_go_line() {
    let session = fixture::grid();
    // From runtime-init at 700 to the end at 10,700.
    assert_eq!(window(&session), Some(Range { start: 700.0, end: 10_700.0 }));
    let lines = GoLines::of(&session, None);
    let names: Vec<String> = lines.rows.iter().map(|row| row.place.text()).collect();
    assert_eq!(
        names,
        [
            "main.(*Grid).Draw grid.go:88",
            "main.main main.go:12",
            "fetch.Read[...] read.go:40",
            "(no stack)",
            "Go runtime",
        ]
    );
    let draw = &lines.rows[0];
    assert_eq!((draw.crosses_as(), draw.samples, draw.bytes), ("set textContent", 390, None));
    assert!(near(draw.calls.value, 390_000.0));
    // 200 samples of 7 µs and 200 of 9 µs; the 10 elsewhere are all of 9 µs.
    let time = 3_200.0 * (200.0 * 0.007 + 190.0 * 0.009) / (200.0 * 0.007 + 200.0 * 0.009);
    assert!((draw.time_ms.unwrap().value - time).abs() < 0.01);
    assert!((draw.share.unwrap().value - time / 10_000.0).abs() < 1e-5);
    assert!((draw.per_call_ms.unwrap().value - time / 390_000.0).abs() < 1e-6);
    let read = &lines.rows[2];
    assert!(near(read.bytes.unwrap().value, 9_000_000.0));
    assert_eq!(lines.rows[4].time_ms, None, "no sample of it was timed");
    assert_eq!(lines.not_sampled, 7);
}

#[test]
fn a_range_counts_what_began_in_it() {
    let session = fixture::grid();
    // Samples of valueSet every 20 ms from 860: 50 in a second, of 1,000 calls each.
    let lines = GoLines::of(&session, Some(Range { start: 2_860.0, end: 3_860.0 }));
    let sets: f64 = lines
        .rows
        .iter()
        .flat_map(|row| &row.crossings)
        .filter(|c| c.label.starts_with("set"))
        .map(|c| c.calls.value)
        .sum();
    assert!(near(sets, 50_000.0), "{sets}");
    assert_eq!((lines.wall_ms, lines.not_sampled), (Some(1_000.0), 0));
    let share: f64 = lines.rows.iter().filter_map(|row| row.share).map(|share| share.value).sum();
    assert!((0.39..0.42).contains(&share), "50,000 calls of 8 µs in a second: {share}");
}

#[test]
fn tables_of_the_grid() {
    let session = fixture::grid();
    let rows = imports(&session);
    let named: Vec<_> = rows.iter().map(|row| (&*row.label, row.calls, row.bytes)).collect();
    let exact = Estimate::exact;
    assert_eq!(
        named,
        [
            ("set", exact(400_000.0), None),
            ("copy to Go", exact(1_000.0), Some(exact(10_000_000.0))),
            ("nanotime1", exact(300.0), None),
            ("prepare string", exact(7.0), Some(exact(70.0))),
        ]
    );
    assert_eq!(rows[0].per_call_ms, Some(Estimate { value: 0.008, error: 0.0001 }));
    assert_eq!(rows[0].share, Some(Estimate { value: 0.32, error: 0.004 }));
    let rows = members(&session);
    assert_eq!((&*rows[0].label, rows[0].calls, rows.len()), ("set textContent", exact(390_000.0), 2));
    let copies = copies(&session, &GoLines::of(&session, None));
    // A prepared string is not counted a second time.
    assert_eq!((copies.to_go.bytes, copies.to_go.per_s), (Some(10_000_000), Some(1_000_000.0)));
    assert_eq!(copies.to_go.lines[0].0.text(), "fetch.Read[...] read.go:40");
    assert_eq!((copies.to_js.bytes, copies.to_js.lines.len()), (Some(0), 0));
    let rows = phases(&session);
    assert_eq!((rows[2].name, rows[2].ms, rows[6].ms), (PhaseName::Compile, Some(458.0), None));
    assert_eq!(
        plain(&status(&session).text()),
        "early · observe · clock 5.00 µs · our cost 0.8 % · dropped 0"
    );
}

/// With spaces that break, as they are typed.
#[test]
fn no_thread_spends_more_than_its_time() {
    let mut session = fixture::grid();
    let wall = window(&session).unwrap().ms();
    for import in &mut session.instances[0].imports {
        import.time_ms = import.time_ms.map(|_| wall * 1.14);
        import.time_error_ms = import.time_error_ms.map(|_| wall * 0.9);
    }
    for member in &mut session.instances[0].members {
        (member.time_ms, member.time_error_ms) = (Some(wall * 3.0), Some(wall));
    }
    let lines = GoLines::of(&session, None);
    let of_lines = lines.rows.iter().map(|row| (row.time_ms, row.share));
    let of_imports = imports(&session).into_iter().map(|row| (row.time_ms, row.share));
    let of_members = members(&session).into_iter().map(|row| (row.time_ms, row.share));
    let known: Vec<_> =
        of_lines.chain(of_imports).chain(of_members).filter_map(|(time, share)| time.zip(share)).collect();
    assert!(known.iter().any(|(_, share)| near(share.value, 1.0)));
    for (time, share) in known {
        assert!(time.value <= wall && share.value <= 1.0, "{time:?}, {share:?}");
        assert!(near(time.value / wall, share.value), "{time:?}, {share:?}");
        assert!(time.error <= wall, "{time:?}");
    }
}

fn plain(words: &str) -> String {
    words.replace('\u{a0}', " ")
}

#[test]
fn headlines() {
    let mut session = fixture::grid();
    let said = headline(&session);
    assert_eq!(
        plain(&said.text),
        "main after 812 ms: 458 ms in compile · 31 % of the thread in set textContent ← main.(*Grid).Draw grid.go:88"
    );
    assert_eq!((said.state, said.main_after_ms), (HeadlineState::Running, Some(812.0)));
    let hot = said.hot.unwrap();
    assert!(matches!(&hot.place, Place::Line { line: Some(88), .. }));

    session.instances[0].exit_code = Some(2);
    session.instances[0].phases[6].end = Some(8_700.0);
    session.instances[0].samples.retain(|sample| sample.t < 8_600.0);
    let said = headline(&session);
    assert_eq!(said.state, HeadlineState::Exited(2));
    assert!(
        plain(&said.text).starts_with("exited with code 2 after 8.66 s · main after 812 ms"),
        "{}",
        said.text
    );

    session = fixture::grid();
    session.instances[0].imports[0].time_ms = Some(90.0);
    assert!(
        plain(&headline(&session).text).ends_with(" · all calls into JS together take 1.4 % of the thread")
    );
    session.meta.attach = Attach::Late;
    session.instances[0].phases.clear();
    assert!(headline(&session).text.starts_with("attached late: figures count from then on · "));
}

#[test]
fn a_program_that_has_exited_gives_way_to_one_that_runs() {
    let mut session = fixture::grid();
    let first = session.instances[0].id;
    let short = Instance { id: first + 1, exit_code: Some(0), ..Instance::default() };
    session.instances.push(short);
    assert_eq!((session.current(), headline(&session).state), (Some(0), HeadlineState::Running));
    assert_eq!(session.program(Some(first + 1)), Some(1), "who asks for it gets it");
    assert_eq!(session.program(Some(99)), Some(0), "there is none such");
    session.instances[0].exit_code = Some(1);
    assert_eq!((session.current(), headline(&session).state), (Some(1), HeadlineState::Exited(0)));
    session.instances[1].exit_code = None;
    assert_eq!(session.current(), Some(1));
    assert_eq!(Session::default().current(), None);
}

#[test]
fn headlines_before_anything_runs() {
    let mut session = Session::default();
    assert_eq!(headline(&session).text, "waiting for a Go program: none has been loaded yet");
    let module = |compiler, failure: Option<&str>| Module {
        url: "https://x.test/a/b.wasm".into(),
        compiler,
        failure: failure.map(str::to_owned),
        ..Module::default()
    };
    session.modules = vec![module(Compiler::Other, None)];
    assert_eq!(headline(&session).state, HeadlineState::NotGo);
    assert_eq!(headline(&session).text, "no Go program yet: b.wasm was not built by Go");
    session.modules.push(module(Compiler::Go, None));
    assert_eq!(headline(&session).text, "the Go module is compiled; waiting for go.run");
    session.modules = vec![module(Compiler::Go, Some("CompileError: bad magic"))];
    let failed = "b.wasm failed: CompileError: bad magic; its URL gives something else: open it and see";
    assert_eq!(headline(&session).text, failed);
    let phase = Phase { name: PhaseName::PackageInit, start: 1.0, end: None, exact: true };
    session.instances = vec![Instance { phases: vec![phase], ..Instance::default() }];
    assert_eq!(headline(&session).text, "starting: packages are initialising");
}

#[test]
fn loading_says_what_to_do() {
    let mut session = fixture::grid();
    let kinds = |session: &Session| loading(session).iter().map(|fact| fact.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&session), [LoadingKind::FellBack, LoadingKind::Uncompressed]);
    assert_eq!(
        loading(&session)[0].text,
        "app.wasm came as text/plain, so streaming failed and a copy was compiled: serve it as application/wasm"
    );
    assert_eq!(
        plain(&loading(&session)[1].text),
        "app.wasm came uncompressed, 14.2 MB: serve it with gzip or brotli"
    );
    let mut streamed = session.modules[0].clone();
    (streamed.id, streamed.failure) = (9, Some("Incorrect response MIME type".into()));
    streamed.network.as_mut().unwrap().fallback = None;
    session.modules.insert(0, streamed);
    assert_eq!(kinds(&session), [LoadingKind::FellBack, LoadingKind::Uncompressed], "the copy runs");
    session.modules.remove(0);
    let network = session.modules[0].network.as_mut().unwrap();
    (network.fallback, network.encoding) = (None, Some("gzip".into()));
    assert_eq!(kinds(&session), [LoadingKind::NotStreamed]);
    session.modules[0].network.as_mut().unwrap().status = Some(404);
    assert_eq!(kinds(&session), [LoadingKind::HttpStatus]);
}

#[test]
fn what_may_not_be_kept_is_told() {
    let mut session = fixture::grid();
    let kinds = |session: &Session| loading(session).iter().map(|fact| fact.kind).collect::<Vec<_>>();
    let network = session.modules[0].network.as_mut().unwrap();
    (network.fallback, network.streamed, network.encoding) = (None, Some(true), Some("br".into()));
    network.cache = Some("private, No-Store".into());
    assert_eq!(kinds(&session), [LoadingKind::Uncacheable]);
    session.modules[0].network.as_mut().unwrap().cache = Some("no-cache, max-age=60".into());
    assert_eq!(kinds(&session), []);
}

#[test]
fn a_late_main_names_what_took_longest() {
    let mut session = fixture::grid();
    let mut late = |phases: &[(PhaseName, f64, Option<f64>)]| {
        let phase =
            |&(name, start, end): &(PhaseName, f64, Option<f64>)| Phase { name, start, end, exact: true };
        session.instances[0].phases = phases.iter().map(phase).collect();
        let fact = loading(&session).into_iter().find(|fact| fact.kind == LoadingKind::LateMain);
        fact.map(|fact| plain(&fact.text))
    };
    use PhaseName::{Compile, Download, Fetch, Main, PackageInit};
    let quick = [(Fetch, 500.0, Some(600.0)), (Main, 1_499.0, None)];
    assert_eq!(late(&quick), None, "the page began before it asked");
    // Compilation began with the first byte: both ran at once.
    let compiling =
        [(Fetch, 0.0, Some(100.0)), (Download, 100.0, Some(400.0)), (Compile, 100.0, Some(1_300.0))];
    let mut starting = compiling.to_vec();
    starting.extend([(PackageInit, 1_300.0, Some(1_500.0)), (Main, 1_500.0, None)]);
    assert_eq!(
        late(&starting).unwrap(),
        "app.wasm reached main 1.50 s after its first request, 1.20 s of it in compile: \
         stream it, so that it compiles while it loads, and make it smaller"
    );
    let waiting = [(Fetch, 0.0, Some(100.0)), (Compile, 100.0, Some(200.0)), (Main, 5_000.0, None)];
    let said = late(&waiting).unwrap();
    assert!(said.contains("4.80 s of it waiting before main: "), "{said}");
    assert_eq!(late(&[(Fetch, 0.0, Some(9_000.0))]), None, "main has not begun");
}

#[test]
fn failures_say_what_to_do() {
    let advice = |words: &str, content_type: &str| {
        let mut session = fixture::grid();
        session.modules[0].failure = Some(words.into());
        session.modules[0].network.as_mut().unwrap().content_type = Some(content_type.into());
        let facts = loading(&session);
        assert_eq!(facts.len(), 1, "{facts:?}");
        facts[0].text.split_once("; ").map(|(_, advice)| advice.to_owned()).unwrap_or_default()
    };
    let mime = "Incorrect response MIME type. Expected 'application/wasm'.";
    assert_eq!(advice(mime, "text/plain"), "serve it as application/wasm");
    assert_eq!(advice(mime, "text/html; charset=utf-8"), "its URL gives something else: open it and see");
    let cut = "section (code 10, \"Code\") extends past end of the module (length 9, remaining bytes 7) @+12";
    assert_eq!(advice(cut, "application/wasm"), "it was cut short: build it again, or upload it again");
    let import = "WebAssembly.instantiate(): Import #1 \"gojs\" \"a\": function import requires a callable";
    assert_eq!(advice(import, "application/wasm"), "wasm_exec.js must be of the Go release that built it");
    assert_eq!(advice("something new", "application/wasm"), "");
}

/// Crossings of two imports from three lines, each with its own cost; a sampler looks at one in `period`.
fn simulate(dice: &mut Dice, crossings: u32, period: f64) -> (Session, [f64; 3], [f64; 3]) {
    let mut session = fixture::stacks();
    let (mut calls, mut times) = ([0.0; 3], [0.0; 3]);
    let mut by_import = [(0u64, 0.0); 2];
    let mut samples = vec![];
    for at in 0..crossings {
        let line = if dice.roll() < 0.7 {
            0
        } else if dice.roll() < 0.9 {
            1
        } else {
            2
        };
        let import = u32::from(dice.roll() < 0.3);
        let time = 0.001 * f64::from(line as u32 + 1) * (0.5 + dice.roll());
        calls[line] += 1.0;
        times[line] += time;
        by_import[import as usize].0 += 1;
        by_import[import as usize].1 += time;
        if dice.roll() * period < 1.0 {
            let stack = Some([0, 2, 4][line]);
            let (weight, time_ms) = (period as f32, Some(time as f32));
            samples.push(Sample { t: f64::from(at), stack, import, weight, time_ms, ..Sample::default() });
        }
    }
    let import = |at: usize, name| fixture::import(name, by_import[at].0, Some((by_import[at].1, 0.0)), None);
    session.instances = vec![Instance {
        imports: vec![import(0, "syscall/js.valueGet"), import(1, "syscall/js.valueSet")],
        samples,
        ..Instance::default()
    }];
    (session, calls, times)
}

#[test]
fn intervals_hold_the_truth_19_times_in_20() {
    let mut dice = Dice(42);
    let (mut tried, mut held) = ([0; 2], [0; 2]);
    for _ in 0..200 {
        let (session, calls, times) = simulate(&mut dice, 20_000, 50.0);
        let lines = GoLines::of(&session, None);
        for (at, func) in ["main.main", "main.(*Grid).Draw", "fetch.Read[...]"].iter().enumerate() {
            let row = lines.rows.iter().find(|row| row.place.func() == *func).unwrap();
            for (kind, estimate, truth) in [(0, row.calls, calls[at]), (1, row.time_ms.unwrap(), times[at])] {
                tried[kind] += 1;
                held[kind] += i32::from((estimate.value - truth).abs() <= estimate.error);
            }
        }
    }
    for kind in 0..2 {
        let share = f64::from(held[kind]) / f64::from(tried[kind]);
        assert!((0.92..=0.99).contains(&share), "kind {kind}: {share}");
    }
}

#[test]
fn all_sampled_is_exact() {
    let (session, calls, times) = simulate(&mut Dice(7), 500, 1.0);
    for row in GoLines::of(&session, None).rows {
        let at =
            ["main.main", "main.(*Grid).Draw", "fetch.Read[...]"].iter().position(|f| *f == row.place.func());
        assert_eq!((row.calls, row.calls.error), (Estimate::exact(calls[at.unwrap()]), 0.0));
        let time = row.time_ms.unwrap();
        assert!((time.value - times[at.unwrap()]).abs() < 1e-4 && time.error < 1e-9, "{time:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_add_up_to_the_exact_counts(seed: u64, crossings in 0..3_000u32, period in 1..60u8) {
        let (session, ..) = simulate(&mut Dice(seed), crossings, f64::from(period));
        let lines = GoLines::of(&session, None);
        let calls: f64 = lines.rows.iter().map(|row| row.calls.value).sum();
        let exact: u64 = session.instances[0].imports.iter().map(|import| import.calls).sum();
        prop_assert!(near(calls + lines.not_sampled as f64, exact as f64), "{calls} of {exact}");
        for row in &lines.rows {
            let parts: f64 = row.crossings.iter().map(|crossing| crossing.calls.value).sum();
            prop_assert!(near(parts, row.calls.value));
        }
    }

    #[test]
    fn live_is_what_it_is_at_once(seed: u64, cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..4)) {
        let (session, ..) = simulate(&mut Dice(seed), 800, 3.0);
        let all = session.instances[0].samples.clone();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(all.len() + 1)).collect();
        ends.sort_unstable();
        ends.push(all.len());
        let mut live = GoLineLive::new(None);
        for end in ends {
            let mut part = session.clone();
            part.instances[0].samples.truncate(end);
            live.update(&part, 0);
        }
        let (live, once) = (live.read(&session).lines(), GoLines::of(&session, None));
        prop_assert_eq!(live.rows.len(), once.rows.len());
        for (a, b) in live.rows.iter().zip(&once.rows) {
            prop_assert_eq!(&a.place, &b.place);
            prop_assert!(near(a.calls.value, b.calls.value));
        }
    }
}
