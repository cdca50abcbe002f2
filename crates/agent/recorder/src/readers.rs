//! A reader that is told bit by bit knows in the end what one that is told all at once does.

use proptest::prelude::*;
use protocol::{Cause, Census, Frame, Phase, PhaseKind};
use session::{Recording, file};

use crate::instance::Crossing;
use crate::{Clock, Counted, ModuleState, Recorder, Sampled, Stats, Totals};

/// What may happen to a recording between two frames.
#[derive(Clone, Debug)]
enum Event {
    Import,
    Member(usize),
    /// Calls of each import and member, and how long a timed one took.
    Totals(Vec<(u32, f64)>),
    Cross(usize, u8),
    Grow(u8),
    Slice(u8),
    Inside(bool),
    /// A collection, whose stack may be read later.
    Gc(u8, bool),
    Init,
    /// Counters of JSON, copies, elements and timers, and one call or burst looked at.
    Patterns(u8, bool),
    /// A value that Go was made to hold, or a census.
    Held(u8, bool),
    Phase(u8),
    Exit,
    Clear,
    Frame,
}

fn event() -> impl Strategy<Value = Event> {
    let row = (0..4u32, 0.0..2.0f64);
    prop_oneof![
        1 => Just(Event::Import),
        2 => any::<usize>().prop_map(Event::Member),
        6 => proptest::collection::vec(row, 0..6).prop_map(Event::Totals),
        6 => (any::<usize>(), 1..6u8).prop_map(|(import, pc)| Event::Cross(import, pc)),
        1 => (1..6u8).prop_map(Event::Grow),
        3 => (1..9u8).prop_map(Event::Slice),
        2 => any::<bool>().prop_map(Event::Inside),
        2 => (1..6u8, any::<bool>()).prop_map(|(pc, late)| Event::Gc(pc, late)),
        1 => Just(Event::Init),
        3 => (1..6u8, any::<bool>()).prop_map(|(n, json)| Event::Patterns(n, json)),
        3 => (1..6u8, any::<bool>()).prop_map(|(n, census)| Event::Held(n, census)),
        1 => (0..7u8).prop_map(Event::Phase),
        1 => Just(Event::Exit),
        1 => Just(Event::Clear),
        8 => Just(Event::Frame),
    ]
}

/// A recorder of one program, and what the hooks would know of it.
struct Page {
    recorder: Recorder,
    t: f64,
    /// Totals of imports and members.
    counts: Vec<(f64, Stats)>,
    members: Vec<(f64, Stats)>,
}

impl Page {
    fn new() -> Page {
        let mut recorder = Recorder::default();
        recorder.modules.push(ModuleState::new(0));
        recorder.add_instance(0, 0);
        Page { recorder, t: 0.0, counts: vec![], members: vec![] }
    }

    fn act(&mut self, event: &Event) {
        self.t += 50.0;
        let t = self.t;
        let cap = self.recorder.sample_cap();
        let instance = &mut self.recorder.instances[0];
        match event {
            Event::Import => {
                instance.add_import(format!("module.f{}", self.counts.len()));
                self.counts.push(<(f64, Stats)>::default());
            }
            Event::Member(import) if !self.counts.is_empty() => {
                let import = (import % self.counts.len()) as u32;
                instance.add_member(import, Some(format!("m{}", self.members.len())));
                self.members.push(<(f64, Stats)>::default());
            }
            Event::Totals(more) => {
                for ((calls, stats), (n, ms)) in self.counts.iter_mut().chain(&mut self.members).zip(more) {
                    *calls += f64::from(*n);
                    if *n > 0 {
                        (stats.n, stats.w, stats.wd) = (stats.n + 1.0, stats.w + 1.0, stats.wd + ms);
                    }
                }
                let imports = self.counts.iter().map(|(calls, stats)| (*calls, f64::NAN, *stats)).collect();
                let totals = Totals { t, imports, members: self.members.clone(), ..Totals::default() };
                instance.totals(&totals, Clock::default());
            }
            Event::Cross(import, pc) if !self.counts.is_empty() => {
                let node = instance.stacks.intern(&[u64::from(*pc), u64::from(pc / 2) + 100]);
                let import = (import % self.counts.len()) as u32;
                let member = protocol::NO_MEMBER;
                let crossing =
                    Crossing { import, member, t, time_ms: 0.1, weight: 1.0, bytes: f64::NAN, sp: 0 };
                instance.cross(crossing, node, 1, cap);
            }
            Event::Grow(pc) => {
                let node = instance.stacks.intern(&[u64::from(*pc)]);
                instance.grow(t, 1.0, 2.0, node);
            }
            Event::Gc(pc, late) => {
                let node = instance.stacks.intern(&[u64::from(*pc)]);
                let last = instance.gc.last().map_or(t, |cycle| cycle.t);
                if *late {
                    instance.gc_trigger(last, node);
                } else {
                    instance.gc_trigger(t, if *pc < 3 { protocol::NO_NODE } else { node });
                    let line = "gc 1 @0s 0%: 1+2+3 ms clock, 1+0/2/0+3 ms cpu, 3->4->2 MB, 4 MB goal, 1 P";
                    assert!(instance.trace(t + 6.0, line, true));
                }
            }
            Event::Init => {
                assert!(instance.trace(t, "init main @1 ms, 2 ms clock, 3 bytes, 4 allocs", true));
            }
            Event::Slice(ms) => instance.slice(t, t + f64::from(*ms), Cause::Timer, 1, 100),
            Event::Inside(is) => instance.open = is.then_some((t, Cause::Event)),
            Event::Phase(kind) => {
                let kind = if *kind < 3 { PhaseKind::Fetch } else { PhaseKind::Main };
                instance.phase(Phase { kind, start: t, end: None, exact: true });
            }
            Event::Patterns(n, json) => {
                let node = instance.stacks.intern(&[u64::from(*n)]);
                let (row, amount) = (u32::from(n % 2), f64::from(*n));
                let it = Sampled { row, t, time_ms: 0.5, weight: 2.0, amount, numbers: *n > 2 };
                let mut counted = Counted { timers: [amount, 0.0], ..Counted::default() };
                if *json {
                    instance.patterns.sample(it, node);
                    counted.json[row as usize] =
                        (amount, 0.0, 9.0, Stats { n: 1.0, w: 1.0, wd: 0.5, ..Stats::default() });
                } else {
                    instance.patterns.sample(Sampled { row: row + 2, ..it }, node);
                    counted.elements[row as usize] = [amount; 3];
                }
                if !self.counts.is_empty() {
                    counted.copies.push([0.0, f64::from(n % 3), amount, 64.0]);
                }
                instance.patterns.count(&counted, Clock::default());
            }
            Event::Held(n, census) => {
                let node = instance.stacks.intern(&[u64::from(*n)]);
                if *census {
                    let names = vec![("Object".into(), u64::from(*n))];
                    let callbacks = (*n > 3).then(|| vec![(node, 2)]);
                    instance.held.count(Census { t, values: 9, counted: 9, names, callbacks });
                } else {
                    instance.held.held(node, f64::from(*n), 0.0, f64::from(n / 2));
                }
            }
            Event::Exit => instance.exit(t, 3),
            Event::Clear => {
                for (calls, stats) in self.counts.iter_mut().chain(&mut self.members) {
                    (*calls, *stats) = <(f64, Stats)>::default();
                }
                self.recorder.clear();
            }
            Event::Frame | Event::Member(_) | Event::Cross(..) => {}
        }
    }
}

fn read(recording: &mut Recording, frame: Option<Frame>) {
    if let Some(frame) = frame {
        recording
            .apply_bytes(&frame.encode().unwrap_or_default())
            .map_err(|error| error.to_string())
            .unwrap();
    }
}

fn json(recording: &Recording) -> String {
    String::from_utf8(file::to_json(recording.session()).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn told_bit_by_bit_or_at_once(events in proptest::collection::vec(event(), 0..80)) {
        let mut page = Page::new();
        let mut reader = page.recorder.add_reader();
        let mut bits = Recording::new();
        for event in &events {
            page.act(event);
            match event {
                // The recording starts over, and so do its readers.
                Event::Clear => reader = page.recorder.add_reader(),
                Event::Frame => read(&mut bits, page.recorder.frame(reader, page.t)),
                _ => {}
            }
        }
        let end = page.t + 1000.0;
        read(&mut bits, page.recorder.frame(reader, end));
        let mut whole = Recording::new();
        let late = page.recorder.add_reader();
        read(&mut whole, page.recorder.frame(late, end));
        prop_assert_eq!(json(&bits), json(&whole));
        prop_assert_eq!(bits.open_slice(0), whole.open_slice(0));
    }
}

#[test]
fn nothing_new_is_told_at_a_lower_rate() {
    let mut page = Page::new();
    let reader = page.recorder.add_reader();
    page.act(&Event::Import);
    let mut told = Vec::new();
    for tick in 1..=20u32 {
        let t = 1000.0 + f64::from(tick) * 100.0;
        if let Some(frame) = page.recorder.frame(reader, t) {
            assert_eq!(frame.instances.len(), usize::from(tick == 1), "at {t}");
            told.push((frame.seq, t));
        }
        if tick == 12 {
            page.recorder.status.state = protocol::State::Stopped;
        }
    }
    assert_eq!(told, [(1, 1100.0), (2, 1600.0), (3, 2100.0), (4, 2300.0), (5, 2800.0)]);
}
