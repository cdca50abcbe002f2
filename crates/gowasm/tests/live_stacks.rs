//! Stacks of running programs, against `runtime.Callers` at the same point.
//!
//! `fixtures/harness.js` dumps memory inside an import and then calls Go on top of that very stack: everything
//! `runtime.Callers` reports below `runtime.handleEvent` is what the dump holds.

use std::io::Read;
use std::process::Command;

use gowasm::{
    Frame, Image, Locator, MARK_INIT, MARK_MAIN, MARK_PARK, MARK_RUNTIME_MAIN, Memory, Scheduler, Symbols,
    Tables, Unwinder, Walk,
};
use serde::Deserialize;

use crate::toolchain::{BUILDS, Build, fixtures};

const PAGE: usize = 1 << 16;

#[derive(Deserialize)]
struct Capture {
    label: String,
    sp: u64,
    pages: usize,
    memory: usize,
    stack: Option<String>,
}

#[derive(Clone)]
struct Live(Vec<u8>);

impl Live {
    fn set(&mut self, addr: u64, value: u64) {
        self.0[addr as usize..][..8].copy_from_slice(&value.to_le_bytes());
    }
}

impl Memory for Live {
    fn u64(&mut self, addr: u64) -> Option<u64> {
        let bytes = self.0.get(usize::try_from(addr).ok()?..)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }
}

/// One capture, unwound and named.
struct Seen {
    label: String,
    walk: Walk,
    frames: Vec<Frame>,
    goid: Option<u64>,
    goroutines: Option<u32>,
    on_g0: bool,
    go: Option<GoSaid>,
}

/// What Go says of itself.
struct GoSaid {
    goid: u64,
    goroutines: u32,
    /// The frames below `runtime.handleEvent`.
    frames: Vec<Frame>,
}

/// Runs the fixture and unwinds every capture.
fn run(build: Build) -> Vec<Seen> {
    let module = build.stacks();
    let out = module.with_extension("");
    // Slow hooks on its timers crash the scheduler of Go 1.21 and 1.22.
    let timers: &[&str] =
        if build.minor() < 24 { &[] } else { &["runtime.scheduleTimeoutEvent", "runtime.nanotime1"] };
    let mut node = Command::new("node");
    node.arg(fixtures().join("harness.js")).arg(std::path::absolute(build.wasm_exec()).unwrap());
    node.args([&module, &out]).arg("runtime.resetMemoryDataView").args(timers);
    let status = node.status().expect("node 20 or later");
    assert!(status.success(), "{build:?}: {status}");
    let captures: Vec<Capture> =
        serde_json::from_slice(&std::fs::read(out.with_extension(extension(&out, "json"))).unwrap()).unwrap();
    let mut pages =
        std::io::BufReader::new(std::fs::File::open(out.with_extension(extension(&out, "bin"))).unwrap());
    let mut memory = Live(Vec::new());
    let mut reader: Option<(Unwinder, Symbols)> = None;
    let seen = captures.into_iter().map(|capture| {
        memory.0.resize(capture.memory, 0);
        for _ in 0..capture.pages {
            let mut index = [0; 4];
            pages.read_exact(&mut index).unwrap();
            let at = u32::from_le_bytes(index) as usize * PAGE;
            pages.read_exact(&mut memory.0[at..at + PAGE]).unwrap();
        }
        let (unwinder, symbols) = reader.get_or_insert_with(|| attach(&mut memory));
        look(capture, unwinder, symbols, &mut memory)
    });
    seen.collect()
}

/// `a-1.27.3` has an extension to Rust; keep it.
fn extension(out: &std::path::Path, new: &str) -> String {
    out.extension().map_or(new.to_owned(), |old| format!("{}.{new}", old.to_string_lossy()))
}

/// As the recorder does it: find the tables in live memory, keep those, find m0 and g0.
fn attach(memory: &mut Live) -> (Unwinder, Symbols) {
    let mut image = Image::new(vec![(0, memory.0.clone())]);
    let data = Locator::new().scan(&image).unwrap().expect("a moduledata");
    let mut variables = image.clone();
    variables.truncate_to(data.noptrdata, data.end);
    let (lo, hi) = data.tables_range();
    image.truncate_to(lo, hi);
    let tables = Tables::new(image, data);
    let scheduler = Scheduler::locate(&tables, &mut &variables).unwrap();
    let mut unwinder = Unwinder::new(tables.clone());
    unwinder.set_scheduler(scheduler);
    (unwinder, Symbols::new(tables))
}

fn look(capture: Capture, unwinder: &mut Unwinder, symbols: &mut Symbols, memory: &mut Live) -> Seen {
    let mut pcs = Vec::new();
    let walk = unwinder.walk(capture.sp, memory, &mut pcs);
    // A warm walk is the same walk.
    let mut again = vec![7];
    assert_eq!(unwinder.walk(capture.sp, memory, &mut again), walk);
    assert_eq!(again, pcs);
    let scheduler = *unwinder.scheduler().unwrap();
    if capture.label == "plain" {
        check_jumps(capture.sp, &pcs, unwinder, &scheduler, memory);
    }
    let g = scheduler.current_g(capture.sp, memory).unwrap();
    let allgs = scheduler.find_allgs(symbols.tables(), memory);
    Seen {
        walk,
        frames: symbols.stack(&pcs),
        goid: scheduler.goid(g, memory),
        goroutines: allgs.and_then(|allgs| scheduler.goroutines(allgs, symbols.tables(), memory)),
        on_g0: g == scheduler.g0,
        go: capture.stack.as_deref().map(parse),
        label: capture.label,
    }
}

/// Puts each function that changes stacks on top of the goroutine's stack at `sp`, as its assembly does.
fn check_jumps(sp: u64, stack: &[u64], unwinder: &mut Unwinder, scheduler: &Scheduler, memory: &Live) {
    let tables = unwinder.tables().clone();
    // The last block of each: behind its call.
    let last = |id| (0..16).rev().find_map(|block| Some((block, tables.frame_size(id, block)?))).unwrap();
    let pc_in = |name: &str| {
        let id = tables.func_by_name(name).unwrap();
        tables.entry(id).unwrap() | u64::from(last(id).0)
    };
    let frame = u64::from(last(tables.func_by_name("runtime.systemstack").unwrap()).1);
    let g = scheduler.current_g(sp, &mut memory.clone()).unwrap();
    let (sched, on_g0) = (g + scheduler.offsets.g_sched, tables.data().end - 64);
    let mut without = Unwinder::new(tables.clone());
    for (name, sched_sp, hidden) in [
        ("runtime.systemstack", sp - frame, false),
        ("runtime.mcall", sp + 8, false),
        ("runtime.morestack", sp + 8, true),
    ] {
        let (mut memory, pc) = (memory.clone(), pc_in(name));
        memory.set(on_g0, pc);
        // mcall's argument.
        memory.set(on_g0 + 8, g);
        memory.set(sched, sched_sp);
        memory.set(sched + 8, stack[0]);
        let expected = if hidden { stack.to_vec() } else { [&[pc], stack].concat() };
        let mut pcs = Vec::new();
        assert!(unwinder.walk(on_g0, &mut memory, &mut pcs).complete, "{name}");
        assert_eq!(pcs, expected, "{name}");
        assert!(!without.walk(on_g0, &mut memory, &mut pcs).complete, "{name}");
        assert_eq!(pcs, expected[..usize::from(!hidden)], "{name}");
    }
}

fn parse(stack: &str) -> GoSaid {
    let mut lines = stack.lines();
    let (goid, goroutines) = lines.next().unwrap().split_once(' ').unwrap();
    let frames = lines.map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        let (func, file) = (fields[0].to_owned(), fields[1].to_owned());
        Frame { func, file, line: fields[2].parse().unwrap(), inlined: fields[3] == "true", start_line: 0 }
    });
    GoSaid {
        goid: goid.parse().unwrap(),
        goroutines: goroutines.parse().unwrap(),
        frames: frames.skip_while(|frame| frame.func != "runtime.handleEvent").skip(1).collect(),
    }
}

fn without_start_lines(frames: &[Frame]) -> Vec<Frame> {
    frames.iter().cloned().map(|frame| Frame { start_line: 0, ..frame }).collect()
}

fn check_all(build: Build) {
    let seen = run(build);
    let mut compared = 0;
    for Seen { label, walk, frames, goid, goroutines, on_g0, go } in &seen {
        let names: Vec<_> = frames.iter().map(|frame| frame.func.as_str()).collect();
        assert!(walk.complete, "{build:?} {label}: {names:?}");
        assert_eq!(
            names.last().map(|last| last.starts_with("runtime.")),
            Some(true),
            "{build:?} {label}: {names:?}"
        );
        let Some(go) = go else { continue };
        compared += 1;
        assert_eq!(without_start_lines(frames), go.frames, "{build:?} {label}");
        assert_eq!((*goid, *on_g0), (Some(go.goid), false), "{build:?} {label}");
        assert_eq!(*goroutines, Some(go.goroutines), "{build:?} {label}");
        let has = |name: &str| go.frames.iter().any(|frame| frame.func == name);
        let init = has("main.init") || has("main.init.0");
        let mark = |on: bool, mark: u8| if on { mark } else { 0 };
        let marks = mark(has("main.main"), MARK_MAIN)
            | mark(init, MARK_INIT)
            | mark(has("runtime.main"), MARK_RUNTIME_MAIN)
            | mark(has("runtime.gopark"), MARK_PARK);
        assert_eq!(walk.marks, marks, "{build:?} {label}");
    }
    assert_eq!(compared, if build.minor() < 24 { 53 } else { 54 }, "{build:?}");
    check_situations(build, &seen);
    check_system_stacks(build, &seen);
}

/// That the situations are what their labels say.
fn check_situations(build: Build, seen: &[Seen]) {
    let find = |label: &str| {
        let found = seen.iter().find(|seen| seen.label == label);
        found.unwrap_or_else(|| panic!("{build:?}: no capture {label}"))
    };
    let calls =
        |label: &str, name: &str| find(label).frames.iter().filter(|frame| frame.func == name).count();
    assert_eq!(find("inlined 4 deep").frames.iter().filter(|frame| frame.inlined).count(), 5);
    assert_eq!(calls("nil dereference", "runtime.sigpanic"), 1);
    assert_eq!(calls("nil receiver of a wrapper", "runtime.panicwrap"), 1);
    assert_eq!(calls("recursion with stack growth", "main.recursion"), 301);
    assert_eq!(calls("generic method", "main.(*list[...]).each"), 1);
    assert!(calls("synchronous callback", "syscall/js.handleEvent") > 0);
    assert_eq!(calls("synchronous callback", "main.main"), 1);
    assert_eq!(find("variable initialiser").walk.marks, MARK_INIT | MARK_RUNTIME_MAIN);
    assert_eq!(find("init function").walk.marks, MARK_INIT | MARK_RUNTIME_MAIN);
    assert_eq!(find("new goroutine").walk.marks, 0);
}

/// Imports called on the scheduler's stack: no Go code can run there to be the oracle, so the goroutine's part of the
/// stack is compared with what it was just before.
fn check_system_stacks(build: Build, seen: &[Seen]) {
    let names = |seen: &Seen| seen.frames.iter().map(|frame| frame.func.clone()).collect::<Vec<_>>();
    let has = |seen: &Seen, name: &str| seen.frames.iter().any(|frame| frame.func == name);
    let before = seen.iter().position(|seen| seen.label == "before growth").unwrap();
    let growth =
        seen[before..].iter().find(|seen| has(seen, "main.grow") && seen.on_g0).expect("a growth of memory");
    assert_eq!(growth.label, "runtime.resetMemoryDataView");
    assert!(has(growth, "runtime.systemstack"), "{build:?}: {:?}", names(growth));
    let below = |seen: &Seen| {
        let at = seen.frames.iter().position(|frame| frame.func == "main.grow").unwrap();
        without_start_lines(&seen.frames[at + 1..])
    };
    assert_eq!(below(growth), below(&seen[before]), "{build:?}");
    if build.minor() >= 24 {
        // The goroutine that parked last, through mcall.
        let slept = seen.iter().position(|seen| seen.label == "after Sleep").unwrap();
        let parked = seen[..slept].iter().rfind(|seen| seen.label == "runtime.scheduleTimeoutEvent").unwrap();
        assert!(
            parked.on_g0 && has(parked, "runtime.mcall") && has(parked, "time.Sleep"),
            "{:?}",
            names(parked)
        );
        assert_eq!(parked.walk.marks, MARK_MAIN | MARK_RUNTIME_MAIN | MARK_PARK);
    }
}

#[test]
fn go_1_21() {
    check_all(BUILDS[0]);
    check_all(BUILDS[1]);
}

#[test]
fn go_1_24() {
    check_all(BUILDS[2]);
    check_all(BUILDS[3]);
}

#[test]
fn go_1_27() {
    check_all(BUILDS[4]);
    check_all(BUILDS[5]);
}
