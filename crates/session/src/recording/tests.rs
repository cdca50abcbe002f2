//! Recordings against an independent reading of the same raw tables, however they are cut into frames.

mod realms;

use super::{
    Recording,
    names::{Names, unknown},
    tables::Caps,
};
use crate::{Error, Frame, Module, Session, file};
use gowasm::Callee;
use proptest::prelude::*;
use protocol::{
    Copied, Elements, Frame as Told, Gc, Grows, Hello, Import, Init, Instance, Json, LongTask, Maker, Mark,
    Measure, Member, Microtask, ModuleTables, NO_MEMBER, NO_NODE, NO_PARENT, Node, Page, Patterns, Samples,
    Series, Slices, Tally, Timers,
};

/// Names made up from the PC, with all that makes naming hard: inlined frames, wrappers that are left out, and
/// frames that read differently when they panic.
struct Fake;

impl Names for Fake {
    fn frames(&mut self, pc: u64, callee: Callee) -> Vec<Frame> {
        let frame = |func: String, inlined| Frame {
            func,
            file: Some("fake.go".into()),
            line: Some(pc as u32 + u32::from(callee == Callee::Panic)),
            inlined,
            ..Frame::default()
        };
        match pc % 5 {
            0 => vec![],
            1 => vec![frame(format!("main.inner{pc}"), true), frame(format!("main.outer{}", pc % 3), false)],
            _ => vec![frame(format!("main.f{}", pc % 7), false)],
        }
    }

    fn callee(&self, pc: u64) -> Callee {
        if pc.is_multiple_of(4) { Callee::Panic } else { Callee::Other }
    }

    fn describe(&self, module: &mut Module) {
        module.functions = Some(7);
    }
}

fn fake(_: ModuleTables) -> Result<Box<dyn Names>, String> {
    Ok(Box::new(Fake))
}

const SMALL: Caps = Caps { samples: 16, slices: 8, buckets: 4, page: 6 };

fn recording(caps: Caps) -> Recording {
    Recording::with(fake, caps)
}

/// Rows of an instance, before they are cut into frames.
#[derive(Clone, Debug)]
struct Raw {
    nodes: Vec<Node>,
    rows: Vec<Row>,
}

/// One row of every table.
#[derive(Clone, Debug)]
struct Row {
    node: u32,
    import: u32,
    weight: f32,
    time: f32,
    length: f64,
    calls: u32,
}

const PCS: u32 = 23;
/// The runtime's traces end after so many rows.
const TRACES: usize = 100;
const IMPORTS: [&str; 3] = ["syscall/js.valueGet", "syscall/js.valueSet", "syscall/js.copyBytesToGo"];

fn raw() -> impl Strategy<Value = Raw> {
    let nodes = proptest::collection::vec((any::<prop::sample::Index>(), 0..PCS), 1..40);
    let row = (any::<prop::sample::Index>(), 0..3u32, 1..5u8, -1.0..9.0f32, 0.0..50.0f64, 0..1000u32);
    (nodes, proptest::collection::vec(row, 0..80)).prop_map(|(nodes, rows)| {
        let nodes: Vec<Node> = nodes
            .iter()
            .enumerate()
            .map(|(at, (parent, pc))| {
                let parent = parent.index(at + 1) as u32;
                Node { parent: if parent == at as u32 { NO_PARENT } else { parent }, pc: *pc }
            })
            .collect();
        let rows = rows.iter().map(|(node, import, weight, time, length, calls)| {
            let node = node.index(nodes.len() + 1) as u32;
            Row {
                node: if node == nodes.len() as u32 { NO_NODE } else { node },
                import: *import,
                weight: f32::from(*weight),
                time: if *time < 0.0 { f32::NAN } else { *time },
                length: *length,
                calls: *calls,
            }
        });
        let rows = rows.collect();
        Raw { nodes, rows }
    })
}

fn member() -> Member {
    Member { import: 1, name: Some("textContent".into()), tally: Tally::default() }
}

/// What an instance tells of rows `from..to`; nodes, PCs, imports and members come all with the first.
fn told(id: u32, raw: &Raw, from: usize, to: usize) -> Instance {
    let rows = &raw.rows[from..to];
    let t: Vec<f64> = (from..to).map(|row| row as f64).collect();
    let first = from == 0;
    let import = |name: &&str| Import { name: (*name).into(), tally: Tally::default(), bytes: None };
    let column = |f: fn(&Row) -> f64| rows.iter().map(f).collect::<Vec<f64>>();
    Instance {
        id,
        module: 1,
        imports: if first { (0..).zip(IMPORTS.iter().map(import)).collect() } else { vec![] },
        members: if first { vec![(0, member())] } else { vec![] },
        pcs: if first { (0..PCS).map(u64::from).collect() } else { vec![] },
        nodes: if first { raw.nodes.clone() } else { vec![] },
        samples: Samples {
            t: t.clone(),
            node: rows.iter().map(|row| row.node).collect(),
            import: rows.iter().map(|row| row.import).collect(),
            member: rows.iter().map(|row| if row.import == 1 { 0 } else { NO_MEMBER }).collect(),
            weight: rows.iter().map(|row| row.weight).collect(),
            time_ms: rows.iter().map(|row| row.time).collect(),
            bytes: vec![f64::NAN; rows.len()],
            goid: rows.iter().map(|row| u64::from(row.calls % 3)).collect(),
        },
        series: Series {
            t: t.clone(),
            calls: vec![rows.iter().map(|row| row.calls).collect()],
            time_ms: vec![],
            bytes_to_go: column(|row| row.length),
            bytes_to_js: column(|_| 1.0),
            memory_bytes: column(|row| f64::from(row.calls)),
            js_refs: column(|_| f64::NAN),
            funcs: column(|_| f64::NAN),
            js_heap_bytes: column(|_| f64::NAN),
            goroutines: column(|_| f64::NAN),
        },
        slices: Slices {
            start: t.clone(),
            end: rows.iter().zip(&t).map(|(row, t)| t + row.length).collect(),
            cause: vec![protocol::Cause::Timer; rows.len()],
            bridge_ms: vec![0.5; rows.len()],
            calls: rows.iter().map(|row| row.calls).collect(),
        },
        grows: Grows {
            t,
            from_bytes: column(|_| 65536.0),
            to_bytes: column(|_| 131_072.0),
            node: rows.iter().map(|row| row.node).collect(),
        },
        gc: (0..)
            .zip(&raw.rows)
            .take(to.min(TRACES))
            .skip(from)
            .map(|(at, row)| (at, gc(at, row.node)))
            .collect(),
        held: protocol::Held {
            makers: (0..)
                .zip(&raw.rows)
                .take(to.min(TRACES))
                .skip(from)
                .map(|(at, row)| {
                    (at, Maker { node: row.node, made: 4.0, made_squares: 8.0, ..Maker::default() })
                })
                .collect(),
            ..Default::default()
        },
        inits: raw.rows[..to.min(TRACES)].iter().skip(from).map(init).collect(),
        patterns: patterns(rows, from),
        ..Instance::default()
    }
}

/// Of every row a copy, and one that was looked at: JSON or a burst.
fn patterns(rows: &[Row], from: usize) -> Patterns {
    let json = |op: &str| Json { op: op.into(), chars: 7, ..Json::default() };
    let elements = |set| Elements { set, calls: 64, bursts: 2, longest: 32 };
    Patterns {
        json: vec![(0, json("parse")), (1, json("stringify"))],
        sampled: Samples {
            t: (from..from + rows.len()).map(|row| row as f64).collect(),
            node: rows.iter().map(|row| row.node).collect(),
            import: rows.iter().map(|row| row.calls % 4).collect(),
            member: rows.iter().map(|row| if row.import == 1 { 0 } else { NO_MEMBER }).collect(),
            weight: rows.iter().map(|row| row.weight).collect(),
            time_ms: rows.iter().map(|row| row.time).collect(),
            bytes: rows.iter().map(|row| row.length).collect(),
            goid: vec![0; rows.len()],
        },
        copies: (0..1)
            .chain(if from == 0 { 1..2 } else { 0..0 })
            .map(|at| (at, Copied { import: 2, class: at as u8, calls: 1, bytes: 9 }))
            .collect(),
        elements: vec![(0, elements(false)), (1, elements(true))],
        timers: Some(Timers { fired: 3, retries: 1 }),
    }
}

#[test]
fn patterns_that_refer_to_nothing_are_refused() {
    let row = Row { node: NO_NODE, import: 0, weight: 1.0, time: 1.0, length: 1.0, calls: 3 };
    let raw = Raw { nodes: vec![], rows: vec![row] };
    let refused = |change: fn(&mut Patterns)| {
        let mut told = told(1, &raw, 0, 1);
        change(&mut told.patterns);
        recording(SMALL).apply(Told { instances: vec![told], ..Told::default() }).unwrap_err().to_string()
    };
    let begins = |got: String, with: &str| assert!(got.starts_with(with), "{got}");
    begins(refused(|it| it.elements.clear()), "instance 1: sampled.import[0] is 1, ");
    begins(refused(|it| it.sampled.import[0] = 4), "instance 1: sampled.import[0] is 4, ");
    begins(refused(|it| it.sampled.node[0] = 0), "instance 1: sampled.node[0] is 0, ");
    begins(refused(|it| it.sampled.weight[0] = -1.0), "instance 1: sampled.weight[0] is -1");
    begins(refused(|it| it.json[1].0 = 2), "instance 1: json[1] is 2, ");
    begins(refused(|it| it.json.push((2, Json::default()))), "instance 1: json");
    begins(refused(|it| it.copies[0].1.import = 9), "instance 1: copies[0].import is 9, ");
}

#[test]
fn patterns_are_told_with_what_they_belong_to() {
    let rows =
        (0..4).map(|calls| Row { node: NO_NODE, import: 1, weight: 2.0, time: 1.0, length: 5.0, calls });
    let raw = Raw { nodes: vec![], rows: rows.collect() };
    let mut first = told(1, &raw, 0, 4);
    for (at, (name, calls)) in
        (3..).zip([("runtime.scheduleTimeoutEvent", 9), ("runtime.clearTimeoutEvent", 5)])
    {
        let tally = Tally { calls, ..Tally::default() };
        first.imports.push((at, Import { name: name.into(), tally, bytes: None }));
    }
    let mut recording = recording(SMALL);
    recording.apply(Told { instances: vec![first], ..Told::default() }).unwrap();
    let instance = &recording.session().instances[0];
    let json: Vec<_> = instance.json_calls.iter().map(|it| (it.op.as_str(), it.chars, it.numbers)).collect();
    assert_eq!(json, [("parse", Some(5.0), true), ("stringify", Some(5.0), true)]);
    let bursts: Vec<_> = instance.bursts.iter().map(|it| (it.op.as_str(), it.length, it.weight)).collect();
    assert_eq!(bursts, [("get", 5.0, 2.0), ("set", 5.0, 2.0)]);
    let copies: Vec<_> = instance.copies.iter().map(|it| (it.import.as_str(), it.size_class)).collect();
    assert_eq!(copies, [("syscall/js.copyBytesToGo", 64), ("syscall/js.copyBytesToGo", 256)]);
    let timers = instance.timers.unwrap();
    assert_eq!((timers.scheduled, timers.fired, timers.cleared, timers.retries), (9, 3, 2, 1));
}

fn init(row: &Row) -> Init {
    Init { package: "main".into(), start: row.length, ..Init::default() }
}

fn gc(number: u32, node: u32) -> Gc {
    Gc {
        number,
        t: f64::from(number),
        duration_ms: 3.0,
        pause_ms: [0.5, 0.25],
        heap_trigger_bytes: f64::NAN,
        heap_end_bytes: 9.0,
        heap_live_mb: 1.0,
        goal_mb: 4.0,
        forced: false,
        node,
    }
}

/// Cuts the instances' rows at the given places and sends the module's tables with frame `named`.
fn play(raws: &[Raw], cuts: &[usize], named: usize, caps: Caps) -> Recording {
    let mut recording = recording(caps);
    let longest = raws.iter().map(|raw| raw.rows.len()).max().unwrap_or(0);
    let mut ends: Vec<usize> = cuts.iter().copied().filter(|&cut| cut < longest).collect();
    ends.sort_unstable();
    ends.dedup();
    ends.push(longest);
    let mut from = 0;
    for (seq, &to) in ends.iter().enumerate() {
        let instances = raws.iter().zip(1..).map(|(raw, id)| {
            let len = raw.rows.len();
            told(id, raw, from.min(len), to.min(len))
        });
        // An instance whose rows have all been told before is not told again.
        let fresh = |told: &Instance| seq == 0 || !told.samples.t.is_empty();
        let frame = Told {
            seq: seq as u32,
            t: longest as f64,
            hello: (seq == 0).then(Hello::default),
            modules: if seq == 0 { vec![protocol::Module { id: 1, ..Default::default() }] } else { vec![] },
            tables: if seq == named.min(ends.len() - 1) { vec![tables()] } else { vec![] },
            instances: instances.filter(fresh).collect(),
            page: page(from, to),
            ..Told::default()
        };
        recording.apply(Told::decode(&frame.encode().unwrap()).unwrap()).unwrap();
        from = to;
    }
    recording
}

/// What the page tells of times `from..to`.
fn page(from: usize, to: usize) -> Page {
    let times = || (from..to).map(|t| t as f64);
    let name = |t: f64| format!("stage {}", t % 3.0);
    Page {
        realm: 0,
        microtasks: times()
            .map(|t| Microtask { t, sync_ms: 1.0, queued_ms: t, drain_ms: 2.0 * t, exact: t > 3.0 })
            .collect(),
        longtasks: Some(
            times().map(|start| LongTask { start, duration_ms: 60.0, ..Default::default() }).collect(),
        ),
        marks: times().map(|t| Mark { t, name: name(t) }).collect(),
        measures: times().map(|start| Measure { start, duration_ms: -1.0, name: name(start) }).collect(),
    }
}

fn tables() -> ModuleTables {
    ModuleTables { module: 1, segments: vec![], moduledata: 0 }
}

/// The stack of a node as `gowasm::Symbols::stack` reads it: from the leaf to the root.
fn expected(raw: &Raw, leaf: u32) -> Vec<Frame> {
    let (mut out, mut callee, mut at) = (vec![], Callee::Other, leaf);
    while at != NO_PARENT {
        let node = raw.nodes[at as usize];
        out.extend(Fake.frames(node.pc.into(), callee));
        callee = Fake.callee(node.pc.into());
        at = node.parent;
    }
    out
}

fn frames(session: &Session, stack: Option<u32>) -> Vec<Frame> {
    stack.map(|stack| session.frames_of(stack).cloned().collect()).unwrap_or_default()
}

fn json(recording: &Recording) -> String {
    String::from_utf8(file::to_json(recording.session()).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn however_cut_the_session_is_the_same(
        raw in raw(),
        cuts in proptest::collection::vec(1..80usize, 0..6),
        named in 0..7usize,
    ) {
        let raws = [raw];
        let whole = play(&raws, &[], 0, SMALL);
        prop_assert_eq!(json(&play(&raws, &cuts, named, SMALL)), json(&whole));
        whole.session().check().unwrap();
    }

    #[test]
    fn stacks_read_as_go_reads_them(
        raws in proptest::collection::vec(raw(), 1..3),
        cuts in proptest::collection::vec(1..80usize, 0..4),
        named in 0..5usize,
    ) {
        let recording = play(&raws, &cuts, named, Caps::default());
        let session = recording.session();
        session.check().unwrap();
        for (raw, instance) in raws.iter().zip(&session.instances) {
            prop_assert_eq!(instance.samples.len(), raw.rows.len());
            prop_assert_eq!((instance.gc.len(), instance.inits.len()), (raw.rows.len(), raw.rows.len()));
            for (row, gc) in raw.rows.iter().zip(&instance.gc) {
                let want = if row.node == NO_NODE { vec![] } else { expected(raw, row.node) };
                prop_assert_eq!(&frames(session, gc.stack), &want);
            }
            for ((row, sample), grow) in raw.rows.iter().zip(&instance.samples).zip(&instance.grows) {
                let want = if row.node == NO_NODE { vec![] } else { expected(raw, row.node) };
                prop_assert_eq!(&frames(session, sample.stack), &want);
                prop_assert_eq!(&frames(session, grow.stack), &want);
                prop_assert_eq!(sample.weight, row.weight);
            }
        }
    }

    #[test]
    fn caps_hold_and_sums_stay(raw in raw(), cuts in proptest::collection::vec(1..80usize, 0..4)) {
        let raws = [raw.clone(), raw];
        let recording = play(&raws, &cuts, 0, SMALL);
        let session = recording.session();
        let samples: usize = session.instances.iter().map(|i| i.samples.len()).sum();
        prop_assert!(samples <= SMALL.samples);
        let rows: usize = raws.iter().map(|raw| raw.rows.len()).sum();
        prop_assert_eq!(session.meta.dropped["samples"], (rows - samples) as u64);
        let Page { microtasks, longtasks, marks, measures, .. } = page(0, raws[0].rows.len());
        let kept = &session.page;
        prop_assert!(kept.microtasks.len() <= SMALL.page && kept.marks.len() <= SMALL.page);
        prop_assert_eq!(kept.microtasks.last().map(|row| row.t), microtasks.last().map(|row| row.t));
        prop_assert_eq!(kept.measures.last().map(|row| &row.name), measures.last().map(|row| &row.name));
        let told = microtasks.len() + longtasks.unwrap().len() + marks.len() + measures.len();
        let long = kept.longtasks.as_ref().map_or(0, Vec::len);
        let there = kept.microtasks.len() + long + kept.marks.len() + kept.measures.len();
        prop_assert_eq!(session.meta.dropped["page"], (told - there) as u64);
        for (raw, instance) in raws.iter().zip(&session.instances) {
            prop_assert!(instance.slices.len() <= SMALL.slices && instance.series.t.len() <= SMALL.buckets);
            let calls: f64 = (0..instance.series.t.len()).map(|bucket| instance.series.calls_at(bucket)).sum();
            prop_assert_eq!(calls, raw.rows.iter().map(|row| f64::from(row.calls)).sum::<f64>());
            prop_assert_eq!(instance.series.t.last().copied(), (raw.rows.len() as f64 - 1.0).into_option());
            let longest = |rows: &mut dyn Iterator<Item = f64>| rows.fold(0.0, f64::max);
            prop_assert!((longest(&mut instance.slices.iter().map(|s| s.end - s.start))
                - longest(&mut raw.rows.iter().map(|row| row.length))).abs() < 1e-9);
        }
    }

    #[test]
    fn damaged_frames_are_refused_or_harmless(raw in raw(), at in any::<prop::sample::Index>(), bit in 0..8u32) {
        let frame = Told { tables: vec![tables()], instances: vec![told(1, &raw, 0, raw.rows.len())], ..Told::default() };
        let mut bytes = frame.encode().unwrap();
        let at = 4 + at.index(bytes.len() - 4);
        bytes[at] ^= 1 << bit;
        let mut recording = recording(SMALL);
        let _ = recording.apply_bytes(&bytes);
        recording.session().check().unwrap();
        let _ = crate::report(recording.session(), 80);
        file::read(&file::write(recording.session()).unwrap()).unwrap();
    }
}

trait IntoOption {
    fn into_option(self) -> Option<f64>;
}

impl IntoOption for f64 {
    /// The last row's time, where there is one.
    fn into_option(self) -> Option<f64> {
        (self >= 0.0).then_some(self)
    }
}

#[test]
fn full_samples_stay_even_and_unbiased() {
    let rows = 450_000u32;
    let raw = Raw {
        nodes: vec![Node { parent: NO_PARENT, pc: 2 }],
        rows: (0..rows)
            .map(|row| Row { node: 0, import: row % 2, weight: 3.0, time: 1.0, length: 1.0, calls: 1 })
            .collect(),
    };
    let recording = play(&[raw], &[100_000, 250_001], 0, Caps::default());
    let samples = &recording.session().instances[0].samples;
    assert!((100_000..=200_000).contains(&samples.len()));
    let weight: f64 = samples.iter().map(|sample| f64::from(sample.weight)).sum();
    assert!((weight / (3.0 * f64::from(rows)) - 1.0).abs() < 0.001, "{weight}");
    let odd: f64 = samples.iter().filter(|s| s.import == 1).map(|s| f64::from(s.weight)).sum();
    assert!((odd / weight - 0.5).abs() < 0.01, "every second crossing was odd, {} of the kept", odd / weight);
    let early = samples.iter().filter(|sample| sample.t < f64::from(rows / 2)).count();
    assert!((early as f64 / samples.len() as f64 - 0.5).abs() < 0.01, "old and new rows are equally dense");
}

#[test]
fn without_tables_frames_are_the_pc() {
    let mut recording = recording(SMALL);
    let raw = Raw { nodes: vec![Node { parent: NO_PARENT, pc: 22 }], rows: vec![] };
    recording.apply(Told { instances: vec![told(1, &raw, 0, 0)], ..Told::default() }).unwrap();
    assert_eq!(recording.session().frames, [unknown(22)]);
    assert_eq!(recording.session().frames[0].func, "unknown 0x16");
    let before = recording.revision();
    recording.apply(Told { seq: 1, tables: vec![tables()], ..Told::default() }).unwrap();
    assert_eq!(recording.session().frames[0].func, "main.f1");
    assert_ne!(recording.revision(), before);
}

#[test]
fn modules_with_the_same_tables_share_their_names() {
    let raw = Raw { nodes: vec![Node { parent: NO_PARENT, pc: 22 }], rows: vec![] };
    let module = |id, tables_of| protocol::Module { id, tables_of, ..Default::default() };
    for late in [false, true] {
        let mut recording = recording(SMALL);
        let again = Instance { module: 2, ..told(2, &raw, 0, 0) };
        let second = module(2, (!late).then_some(1));
        let first =
            Told { modules: vec![module(1, None), second], instances: vec![again], ..Told::default() };
        recording.apply(first).unwrap();
        assert_eq!(recording.session().frames, [unknown(22)]);
        let modules = if late { vec![module(2, Some(1))] } else { vec![] };
        recording.apply(Told { seq: 1, tables: vec![tables()], modules, ..Told::default() }).unwrap();
        assert_eq!(recording.session().frames[0].func, "main.f1");
        assert_eq!(recording.session().modules[1].functions, Some(7));
        let before = recording.revision();
        let third = Instance { module: 3, ..told(3, &raw, 0, 0) };
        let modules = vec![module(3, Some(1))];
        recording.apply(Told { seq: 2, modules, instances: vec![third], ..Told::default() }).unwrap();
        assert_eq!(recording.session().frames.len(), 1);
        assert_eq!(recording.session().modules[2].functions, Some(7));
        assert_eq!(recording.revision(), before, "nothing told before has changed");
    }
}

#[test]
fn a_gap_is_refused_until_a_new_beginning() {
    let mut recording = recording(SMALL);
    let frame = |seq| Told { seq, ..Told::default() };
    recording.apply(frame(3)).unwrap();
    recording.apply(frame(4)).unwrap();
    assert!(matches!(recording.apply(frame(6)), Err(Error::Gap { got: 6, expected: 5 })));
    let bad = Instance { nodes: vec![Node { parent: 0, pc: 0 }], pcs: vec![1], ..Instance::default() };
    let refused = recording.apply(Told { instances: vec![bad], ..frame(5) }).unwrap_err();
    assert_eq!(refused.to_string(), "instance 0: nodes[0].parent is 0, its table has 0 rows");
    assert!(recording.apply(frame(6)).is_err());
    recording
        .apply(Told { hello: Some(Hello { agent: "2".into(), ..Hello::default() }), ..frame(0) })
        .unwrap();
    assert_eq!(recording.session().meta.agent, "2");
    recording.apply(frame(1)).unwrap();
}

#[test]
fn rows_told_again_replace_what_was_told() {
    let raw = Raw { nodes: vec![], rows: vec![] };
    let mut recording = recording(SMALL);
    recording.apply(Told { instances: vec![told(1, &raw, 0, 0)], ..Told::default() }).unwrap();
    let tally = Tally { calls: 7, timed_calls: 1, time_ms: 0.5, time_error_ms: 0.25 };
    let again = Instance {
        id: 1,
        imports: vec![
            (3, Import { name: "runtime.walltime".into(), ..Import::default() }),
            (1, Import { name: IMPORTS[1].into(), tally, bytes: Some(9) }),
        ],
        members: vec![(0, Member { tally, ..member() })],
        ..Instance::default()
    };
    recording.apply(Told { seq: 1, instances: vec![again], ..Told::default() }).unwrap();
    let instance = &recording.session().instances[0];
    let calls: Vec<_> = instance.imports.iter().map(|it| (it.name.as_str(), it.calls, it.bytes)).collect();
    assert_eq!(
        calls,
        [
            (IMPORTS[0], 0, None),
            (IMPORTS[1], 7, Some(9)),
            (IMPORTS[2], 0, None),
            ("runtime.walltime", 0, None)
        ]
    );
    let member = &instance.members[0];
    assert_eq!((member.import.as_str(), member.calls, member.time_ms), (IMPORTS[1], 7, Some(0.5)));
}

#[test]
fn rows_out_of_turn_or_with_other_names_are_refused() {
    let raw = Raw { nodes: vec![], rows: vec![] };
    let import = |at, name: &str| (at, Import { name: name.into(), ..Import::default() });
    let refused = |imports, members| {
        let mut recording = recording(SMALL);
        recording.apply(Told { instances: vec![told(1, &raw, 0, 0)], ..Told::default() }).unwrap();
        let again = Instance { id: 1, imports, members, ..Instance::default() };
        recording.apply(Told { seq: 1, instances: vec![again], ..Told::default() }).unwrap_err().to_string()
    };
    let twice = "import \"other\" stands twice in instance 1";
    assert_eq!(
        refused(vec![import(4, "other")], vec![]),
        "instance 1: imports[0] is 4, its table has 4 rows"
    );
    assert_eq!(refused(vec![import(2, "other")], vec![]), twice);
    assert_eq!(refused(vec![import(3, "other"), import(4, "other")], vec![]), twice);
    assert_eq!(
        refused(vec![], vec![(0, Member { import: 2, ..member() })]),
        "instance 1: members[0] belongs to import 2, it was told of import 1"
    );
    assert_eq!(
        refused(vec![], vec![(1, Member { import: 3, ..member() })]),
        "instance 1: members[0].import is 3, its table has 3 rows"
    );
}

#[test]
fn a_realms_times_become_the_recordings() {
    let row = Row { node: NO_NODE, import: 0, weight: 1.0, time: 1.0, length: 5.0, calls: 1 };
    let mut told = told(1, &Raw { nodes: vec![], rows: vec![row] }, 0, 1);
    told.realm = 7;
    told.open = Some((3.0, protocol::Cause::Event));
    told.phases = vec![protocol::Phase { start: 1.0, end: Some(2.0), ..Default::default() }];
    let realm = protocol::Realm { id: 7, offset_ms: 100.0, ..Default::default() };
    let mut recording = recording(SMALL);
    recording.apply(Told { realms: vec![realm], instances: vec![told], ..Told::default() }).unwrap();
    let instance = &recording.session().instances[0];
    assert_eq!((instance.samples[0].t, instance.series.t[0], instance.grows[0].t), (100.0, 100.0, 100.0));
    assert_eq!((instance.slices[0].start, instance.slices[0].end), (100.0, 105.0));
    assert_eq!((instance.phases[0].start, instance.phases[0].end), (101.0, Some(102.0)));
    assert_eq!(recording.open_slice(0), Some(crate::OpenSlice { start: 103.0, cause: crate::Cause::Event }));
}

#[test]
fn a_stay_in_go_is_open_until_it_is_told_as_ended() {
    let mut recording = recording(SMALL);
    let mut apply = |seq, open| {
        let told = Instance { id: 1, open, ..Instance::default() };
        recording
            .apply(Told { seq, instances: vec![told], ..Told::default() })
            .map(|()| recording.open_slice(0))
    };
    let (start, cause) = (3.0, crate::Cause::Run);
    let open = Some(crate::OpenSlice { start, cause });
    assert_eq!(apply(0, Some((start, protocol::Cause::Run))).unwrap(), open);
    assert_eq!(apply(1, None).unwrap(), None);
    let refused = apply(2, Some((f64::NAN, protocol::Cause::Run))).unwrap_err().to_string();
    assert!(refused.starts_with("instance 1: open[0] is NaN"), "{refused}");
}

#[test]
fn a_member_of_another_import_is_refused() {
    let row = Row { node: NO_NODE, import: 0, weight: 1.0, time: 1.0, length: 1.0, calls: 1 };
    let mut told = told(1, &Raw { nodes: vec![], rows: vec![row] }, 0, 1);
    told.samples.member = vec![0];
    let refused = recording(SMALL).apply(Told { instances: vec![told], ..Told::default() }).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "instance 1: samples.member[0] belongs to import 1, the sample is of import \"syscall/js.valueGet\""
    );
}

#[test]
fn tables_that_are_not_go_leave_a_fault_not_an_error() {
    let mut recording = Recording::new();
    let segment = protocol::Segment { addr: 4096, bytes: vec![0xf1; 4096] };
    let tables = ModuleTables { module: 1, segments: vec![segment], moduledata: 4096 };
    recording.apply(Told { tables: vec![tables], ..Told::default() }).unwrap();
    assert_eq!(recording.session().meta.errors[0].at, "symbols");
}

#[test]
fn what_a_page_may_not_say() {
    let refused = |page: Page| {
        let mut recording = recording(SMALL);
        recording.apply(Told { page, ..Told::default() }).map(|()| recording.session().page.clone())
    };
    let probe = Microtask { drain_ms: f64::NAN, ..Default::default() };
    let error = refused(Page { microtasks: vec![probe], ..Page::default() }).unwrap_err().to_string();
    assert_eq!(error, "page.microtasks[0][2] is NaN, expected a finite number of at least 0");
    let mark = Mark { t: f64::INFINITY, name: "m".into() };
    assert!(refused(Page { marks: vec![mark], ..Page::default() }).is_err());
    let back = Measure { start: 5.0, duration_ms: -3.0, name: "m".into() };
    let page = refused(Page { measures: vec![back], ..Page::default() }).unwrap();
    assert_eq!((page.measures[0].duration_ms, page.longtasks), (-3.0, None));
}

#[test]
fn an_engine_without_long_tasks_is_not_one_that_saw_none() {
    for longtasks in [None, Some(vec![])] {
        let mut recording = recording(SMALL);
        let page = Page { longtasks: longtasks.clone(), ..Page::default() };
        recording.apply(Told { page, ..Told::default() }).unwrap();
        let session = recording.session();
        assert_eq!(session.page.longtasks.is_some(), longtasks.is_some());
        assert_eq!(file::read(&file::write(session).unwrap()).unwrap(), *session);
    }
}
