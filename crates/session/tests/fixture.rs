//! A small session whose every figure can be worked out by hand.

use session::{
    Attach, Callback, Cause, Census, Compiler, Frame, Funcs, Grow, Import, Instance, Made, Member, Mode,
    Module, Named, Network, Phase, PhaseName, Realm, RealmKind, Refs, Sample, Series, Session, Slice, Stack,
    State,
};

pub fn frame(func: &str, file: &str, line: u32, inlined: bool) -> Frame {
    Frame { func: func.into(), file: Some(file.into()), line: Some(line), inlined, ..Frame::default() }
}

pub fn import(name: &str, calls: u64, time: Option<(f64, f64)>, bytes: Option<u64>) -> Import {
    Import {
        name: name.into(),
        calls,
        time_ms: time.map(|time| time.0),
        time_error_ms: time.map(|time| time.1),
        timed_calls: if time.is_some() { calls / 10 } else { 0 },
        bytes,
    }
}

/// A session with frames and stacks only: main.main calls (*Grid).Draw (inlined setText) and http.Get.
pub fn stacks() -> Session {
    let mut session = Session::default();
    session.frames = vec![
        frame("main.main", "/src/app/main.go", 12, false),
        frame("main.(*Grid).Draw", "/src/app/grid.go", 88, false),
        frame("syscall/js.Value.Set", "/go/src/syscall/js/js.go", 305, false),
        frame("example.com/net/fetch.Read[...]", "/src/fetch/read.go", 40, false),
        frame("syscall/js.CopyBytesToGo", "/go/src/syscall/js/js.go", 601, true),
        frame("runtime.mallocgc", "/go/src/runtime/malloc.go", 1000, false),
    ];
    let node = |parent, frame| Stack { parent, frame };
    session.stacks = vec![
        node(None, 0),
        node(Some(0), 1),
        node(Some(1), 2),
        node(Some(0), 3),
        node(Some(3), 4),
        node(None, 5),
    ];
    session
}

/// Ten seconds of a grid that sets textContent too often.
pub fn grid() -> Session {
    let mut session = stacks();
    let meta = &mut session.meta;
    meta.agent = "0.1.0".into();
    meta.url = "http://127.0.0.1:8000/".into();
    meta.user_agent = "Test/1".into();
    meta.time_origin = 1_700_000_000_000.0;
    (meta.attach, meta.mode, meta.state) = (Attach::Early, Mode::Observe, State::Recording);
    meta.clock_step_ms = Some(0.005);
    meta.recorder = Some(true);
    meta.end = Some(10_700.0);
    meta.overhead.self_ms = Some(85.6);
    meta.overhead.wall_ms = Some(10_700.0);
    meta.dropped = ["samples", "frames", "slices", "traces"].map(|kind| (kind.into(), 0)).into();
    session.realms =
        vec![Realm { id: 1, kind: RealmKind::Window, url: meta.url.clone(), ..Realm::default() }];
    session.modules = vec![module()];
    session.instances = vec![instance()];
    session
}

pub fn module() -> Module {
    Module {
        id: 1,
        url: "http://127.0.0.1:8000/static/app.wasm?v=3".into(),
        bytes: Some(14_200_000),
        compiler: Compiler::Go,
        go_version: Some("go1.27.3".into()),
        compiler_version: None,
        path: Some("example.com/app".into()),
        functions: Some(14_000),
        stripped: Some(false),
        settings: [("-ldflags".to_owned(), "-s".to_owned())].into(),
        network: Some(Network {
            ttfb_ms: Some(12.0),
            download_ms: Some(80.0),
            wire_bytes: Some(14_200_300),
            content_type: Some("text/plain".into()),
            status: Some(200),
            streamed: Some(false),
            fallback: Some("TypeError: Incorrect response MIME type".into()),
            ..Network::default()
        }),
        failure: None,
    }
}

fn instance() -> Instance {
    let phase = |name, start: f64, end: Option<f64>| Phase { name, start, end, exact: true };
    Instance {
        id: 1,
        module: 1,
        realm: 1,
        phases: vec![
            phase(PhaseName::Fetch, 40.0, Some(52.0)),
            phase(PhaseName::Download, 52.0, Some(132.0)),
            phase(PhaseName::Compile, 132.0, Some(590.0)),
            phase(PhaseName::Instantiate, 590.0, Some(600.0)),
            phase(PhaseName::RuntimeInit, 700.0, Some(712.0)),
            Phase { exact: false, ..phase(PhaseName::PackageInit, 712.0, Some(852.0)) },
            phase(PhaseName::Main, 852.0, None),
        ],
        imports: vec![
            import("syscall/js.valueSet", 400_000, Some((3_200.0, 40.0)), None),
            import("syscall/js.copyBytesToGo", 1_000, Some((50.0, 5.0)), Some(10_000_000)),
            import("runtime.nanotime1", 300, Some((0.01, 0.05)), None),
            import("syscall/js.valuePrepareString", 7, None, Some(70)),
            import("syscall/js.stringVal", 0, None, Some(0)),
        ],
        members: vec![member("textContent", 390_000, 3_150.0), member("(dynamic)", 10_000, 50.0)],
        series: series(),
        samples: samples(),
        slices: vec![
            Slice { start: 700.0, end: 900.5, cause: Cause::Run, bridge_ms: Some(20.0), calls: 1200 },
            Slice { start: 1000.0, end: 1010.0, cause: Cause::Event, bridge_ms: None, calls: 3 },
        ],
        refs: Some(Refs {
            census: Some(Census {
                t: 900.0,
                values: 12,
                exact: true,
                by_constructor: vec![Named { name: "Object".into(), count: 12 }],
                callbacks: Some(vec![Callback { stack: Some(1), count: 3 }]),
            }),
            made: vec![Made { stack: Some(2), made: 40.0, made_error: 3.5, live: 10.0, live_error: 2.0 }],
        }),
        funcs: Some(Funcs { made: 5, released: Some(2), live: Some(3) }),
        grows: vec![Grow { t: 720.0, from_bytes: 1_048_576.0, to_bytes: 4_194_304.0, stack: Some(5) }],
        ..Instance::default()
    }
}

fn member(name: &str, calls: u64, time: f64) -> Member {
    Member {
        import: "syscall/js.valueSet".into(),
        name: name.into(),
        calls,
        time_ms: Some(time),
        time_error_ms: Some(20.0),
        timed_calls: calls / 10,
    }
}

fn series() -> Series {
    Series {
        t: vec![1_000.0, 2_000.5],
        calls: vec![vec![4.0, 7.0], vec![1.0, 0.0], vec![0.0, 0.0], vec![0.0, 7.0], vec![0.0, 0.0]],
        time_ms: vec![vec![0.25, 0.5], vec![0.0, 0.0], vec![0.0, 0.0], vec![0.0, 0.0], vec![0.0, 0.0]],
        bytes_to_go: vec![10_000.0, 0.0],
        bytes_to_js: vec![0.0, 0.0],
        memory_bytes: vec![4_194_304.0, 4_194_304.0],
        js_refs: vec![12.0, f64::NAN],
        funcs: vec![f64::NAN, 3.0],
        js_heap_bytes: vec![1e7, f64::NAN],
        goroutines: vec![f64::NAN, f64::NAN],
    }
}

/// 400 samples of valueSet, 390 of them textContent from Draw, and 10 copies from Read.
fn samples() -> Vec<Sample> {
    let set = (0..400u32).map(|at| Sample {
        t: 860.0 + f64::from(at) * 20.0,
        stack: if at % 40 == 7 { Some(0) } else { Some(2) },
        import: 0,
        member: Some(u32::from(at % 40 == 7)),
        weight: 1_000.0,
        time_ms: Some(if at % 2 == 0 { 0.007 } else { 0.009 }),
        bytes: None,
        goid: Some(1),
    });
    let copy = (0..10u32).map(|at| Sample {
        t: 1_000.0 + f64::from(at) * 500.0,
        stack: if at == 9 { None } else { Some(4) },
        import: 1,
        member: None,
        weight: 100.0,
        time_ms: Some(0.05),
        bytes: Some(10_000.0),
        goid: (at % 2 == 0).then_some(6),
    });
    let clock = Sample { t: 990.0, stack: Some(5), import: 2, weight: 300.0, ..Sample::default() };
    set.chain(copy).chain([clock]).collect()
}
