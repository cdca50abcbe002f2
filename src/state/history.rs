//! What the tracks are drawn from: one program's counters and stays in Go over time.
//!
//! Kept up with the session row by row, since ten times a second there is no time to read it all; what the views get
//! shares its rows with what we keep.

pub use super::stretch::{Bucket, Heap, Stretch};
use super::{
    column::Column,
    events::{self, Events},
    kind::Kind,
    packages::Packages,
};
use session::{Instance, Microtask, OpenSlice, Recording, Session, Slice};

/// A rate "now" is the mean over this long: at ten figures a second nobody can read them.
pub const LATEST_MS: f64 = 1e3;
/// Older than this, what was told last says nothing about now.
const STALE_MS: f64 = 2e3;
/// The latest cycles may still be told who began them.
const CYCLES_AGAIN: usize = 4;

/// One program over time.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Counters, without gaps.
    pub buckets: Column<Bucket>,
    /// Outermost stays of the thread in Go, by begin.
    pub slices: Column<Slice>,
    /// Cycles of the garbage collector and their pauses.
    pub cycles: Events,
    /// The heap, cycle by cycle.
    pub heap: Column<Heap>,
    /// Whether references to values of JS were ever counted.
    pub has_refs: bool,
    /// Whether the page's JavaScript heap was ever told.
    pub has_js_heap: bool,
    /// Whether goroutines were ever counted.
    pub has_goroutines: bool,
    /// Growths of linear memory.
    pub grows: Events,
    /// Probes of the microtask queue; no two overlap.
    pub probes: Column<Microtask>,
    /// Tasks and frames that held the thread.
    pub tasks: Events,
    /// Marks and measures of the page.
    pub timing: Events,
    /// The one that has not ended: it lasts until `told` at least.
    pub open: Option<OpenSlice>,
    /// Some slices were thrown away, so what is there is a lower bound.
    pub thinned: bool,
    /// Until when all is told, ms.
    pub told: f64,
    /// The recording's time now.
    pub now: f64,
    /// Since when all is told, as far as that is known.
    pub begin: Option<f64>,
    /// What packages cost before `main`.
    pub packages: Packages,
    read: Read,
}

/// How far the session was read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Read {
    revision: u64,
    program: Option<u32>,
    /// When the first bucket began, where that is known.
    began: Option<f64>,
    buckets: usize,
    slices: usize,
    cycles: usize,
    grows: usize,
    page: ReadPage,
}

/// The same of what the page told.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ReadPage {
    probes: usize,
    tasks: usize,
    marks: usize,
    measures: usize,
    rows: events::Rows,
}

impl Default for ReadPage {
    fn default() -> Self {
        Self { probes: 0, tasks: 0, marks: 0, measures: 0, rows: events::NO_ROWS }
    }
}

impl History {
    /// Catches up with a program of a recording, by its id, or else with its current one; `now` is the recording's time.
    pub fn update(&mut self, recording: &Recording, now: f64, program: Option<u32>) {
        let session = recording.session();
        let shown = session.program(program);
        let instance = shown.and_then(|at| session.instances.get(at));
        let end = session.meta.end.unwrap_or(now);
        // After a clear, the recording is younger than the program.
        let recorded = session.meta.overhead.wall_ms.map(|wall| end - wall);
        let read = Read { revision: recording.revision(), program: instance.map(|it| it.id), ..self.read };
        let began = instance.and_then(|instance| began(instance, recorded));
        if read != self.read || began.is_some() != self.read.began.is_some() {
            let Read { revision, program, .. } = read;
            *self = Self { read: Read { revision, program, began, ..Read::default() }, ..Self::default() };
        }
        self.now = now;
        self.thinned = session.meta.dropped.get("slices").is_some_and(|dropped| *dropped > 0);
        self.open = shown.and_then(|at| recording.open_slice(at));
        self.read_page(session);
        let Some(instance) = instance else { return };
        self.read_buckets(instance);
        self.read_slices(instance);
        // A program that is over has told all there is.
        let last = self.buckets.last().map(|bucket| bucket.end);
        self.told = if instance.exit_code.is_none() { end } else { last.unwrap_or(end) };
        self.hold();
        self.read_cycles(session, instance);
        events::add_grows(&mut self.grows, session, new(&instance.grows, &mut self.read.grows));
        let seen = [
            self.buckets.get(0).map(|it| it.start),
            self.slices.get(0).map(|it| it.start),
            self.open.map(|it| it.start),
        ];
        self.begin = seen.into_iter().flatten().min_by(f64::total_cmp);
    }

    /// Id of the program it is of.
    pub fn program(&self) -> Option<u32> {
        self.read.program
    }

    /// A first bucket of unknown begin has no rate and is left out. The last may still change, and is read again.
    fn read_buckets(&mut self, instance: &Instance) {
        let series = &instance.series;
        let kinds: Vec<Kind> = instance.imports.iter().map(|import| Kind::of(&import.name)).collect();
        let left_out = usize::from(self.read.began.is_none());
        let from = self.read.buckets.saturating_sub(1).max(left_out);
        self.buckets.truncate(from - left_out);
        let value = |column: &[f64], row: usize| column.get(row).copied().unwrap_or(f64::NAN);
        for (row, end) in series.t.iter().enumerate().skip(from) {
            let before = row.checked_sub(1).and_then(|before| series.t.get(before).copied());
            let Some(start) = before.or(self.read.began) else { continue };
            let mut calls = [0.0; 5];
            for (kind, column) in kinds.iter().zip(&series.calls) {
                calls[*kind as usize] += value(column, row);
            }
            self.has_refs |= series.js_refs.get(row).is_some_and(|refs| !refs.is_nan());
            self.has_js_heap |= series.js_heap_bytes.get(row).is_some_and(|bytes| !bytes.is_nan());
            self.has_goroutines |= series.goroutines.get(row).is_some_and(|count| !count.is_nan());
            self.buckets.push(Bucket {
                start,
                end: *end,
                calls,
                to_go: value(&series.bytes_to_go, row),
                to_js: value(&series.bytes_to_js, row),
                memory: value(&series.memory_bytes, row),
                refs: value(&series.js_refs, row),
                js_heap: value(&series.js_heap_bytes, row),
                goroutines: value(&series.goroutines, row),
            });
        }
        self.read.buckets = series.t.len();
    }

    fn read_slices(&mut self, instance: &Instance) {
        let from = self.read.slices.saturating_sub(1);
        self.slices.truncate(from);
        for slice in instance.slices.get(from..).unwrap_or_default() {
            self.slices.push(*slice);
        }
        self.read.slices = instance.slices.len();
    }

    /// The last row of the heap holds until now.
    fn read_cycles(&mut self, session: &Session, instance: &Instance) {
        let cycles = &instance.gc;
        let from = self.read.cycles.saturating_sub(CYCLES_AGAIN).min(cycles.len());
        let again = self.read.cycles.min(cycles.len()) - from;
        events::add_cycles(&mut self.cycles, session, &cycles[from..], again);
        self.heap.truncate(from);
        for (at, gc) in cycles.iter().enumerate().skip(from) {
            let end = cycles.get(at + 1).map_or(self.told, |next| next.t);
            self.heap.push(Heap::of(gc, end.max(gc.t)));
        }
        self.read.cycles = cycles.len();
    }

    fn read_page(&mut self, session: &Session) {
        let (page, read) = (&session.page, &mut self.read.page);
        for probe in new(&page.microtasks, &mut read.probes) {
            self.probes.push(*probe);
        }
        let tasks = page.longtasks.as_deref().unwrap_or_default();
        events::add_tasks(&mut self.tasks, session, new(tasks, &mut read.tasks));
        let (marks, measures) = (new(&page.marks, &mut read.marks), new(&page.measures, &mut read.measures));
        events::add_timing(&mut self.timing, &mut read.rows, marks, measures);
    }

    /// The agent holds back buckets in which nothing happened: until what is told, all stayed as it was.
    fn hold(&mut self) {
        if let Some(last) = self.buckets.last().filter(|last| last.end < self.told).copied() {
            let (start, end) = (last.end, self.told);
            self.buckets.push(Bucket { start, end, calls: [0.0; 5], to_go: 0.0, to_js: 0.0, ..last });
        }
    }

    /// The mean of a rate over the last second or so; `None` when nothing recent is known.
    pub fn latest(&self, rate: impl Fn(&Bucket) -> f64) -> Option<f64> {
        let end = self.fresh(self.buckets.last()?.end)?;
        let from = self.buckets.partition_point(|bucket| bucket.start < end - LATEST_MS);
        let from = from.min(self.buckets.len() - 1);
        let start = self.buckets.get(from)?.start;
        let sum: f64 = self.buckets.from(from).map(|it| rate(it) * (it.end - it.start)).sum();
        Some(sum / (end - start)).filter(|mean| mean.is_finite())
    }

    /// Crossings per second now.
    pub fn crossings_per_second(&self) -> Option<f64> {
        self.latest(|bucket| bucket.per_second(bucket.calls.iter().sum()))
    }

    /// `told`, unless it is too long ago to say anything about now.
    pub fn fresh(&self, told: f64) -> Option<f64> {
        (self.now - told <= STALE_MS).then_some(told)
    }
}

/// The rows of a table that were not read yet.
fn new<'a, T>(table: &'a [T], read: &mut usize) -> &'a [T] {
    let from = std::mem::replace(read, table.len());
    table.get(from..).unwrap_or_default()
}

/// When Go's runtime started, as far as it was seen.
fn run(instance: &Instance) -> Option<f64> {
    Some(instance.phases.iter().find(|phase| phase.name.starts_go())?.start)
}

/// When the first bucket began: no crossing comes before `run`, or before the recording.
fn began(instance: &Instance, recorded: Option<f64>) -> Option<f64> {
    let began = run(instance)?.max(recorded.unwrap_or(f64::MIN));
    instance.series.t.first().is_none_or(|first| began < *first).then_some(began)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;
    use protocol::{
        Cause, Frame, Gc, Hello, Import, LongTask, Mark, Measure, Microtask, Page, Phase, PhaseKind, Series,
        Slices,
    };

    /// A frame at `t` with buckets that end at `ends`, each of 3 gets, and a slice of 2 ms at each begin.
    pub fn frame(seq: u32, t: f64, ends: &[f64], run: Option<f64>) -> Frame {
        let rows = ends.len();
        let start = |kind, start| Phase { kind, start, end: None, exact: true };
        let instance = protocol::Instance {
            id: 1,
            phases: run.map(|at| start(PhaseKind::RuntimeInit, at)).into_iter().collect(),
            imports: vec![(0, Import { name: "syscall/js.valueGet".into(), ..Import::default() })],
            series: Series {
                t: ends.to_vec(),
                calls: vec![vec![3; rows]],
                time_ms: vec![vec![0.1; rows]],
                bytes_to_go: vec![10.0; rows],
                bytes_to_js: vec![20.0; rows],
                memory_bytes: vec![65_536.0; rows],
                js_refs: vec![7.0; rows],
                funcs: vec![f64::NAN; rows],
                js_heap_bytes: vec![9e6; rows],
                goroutines: vec![3.0; rows],
            },
            slices: Slices {
                start: ends.to_vec(),
                end: ends.iter().map(|end| end + 2.0).collect(),
                cause: vec![Cause::Timer; rows],
                bridge_ms: vec![1.0; rows],
                calls: vec![3; rows],
            },
            ..protocol::Instance::default()
        };
        let hello = (seq == 0).then(Hello::default);
        Frame { seq, t, hello, instances: vec![instance], ..Frame::default() }
    }

    fn ends(history: &History) -> Vec<(f64, f64)> {
        history.buckets.from(0).map(|bucket| (bucket.start, bucket.end)).collect()
    }

    #[test]
    fn buckets_are_without_gaps_and_the_still_end_counts() {
        let mut recording = Recording::new();
        let mut history = History::default();
        recording.apply(frame(0, 900.0, &[100.0, 200.0], Some(50.0))).unwrap();
        history.update(&recording, 950.0, None);
        assert_eq!(ends(&history), [(50.0, 100.0), (100.0, 200.0), (200.0, 900.0)]);
        assert_eq!(history.buckets.last().map(|it| (it.calls[0], it.memory)), Some((0.0, 65_536.0)));
        assert_eq!((history.begin, history.told, history.slices.len()), (Some(50.0), 900.0, 2));
        recording.apply(frame(1, 1e3, &[1e3], Some(50.0))).unwrap();
        history.update(&recording, 1e3, None);
        assert_eq!(ends(&history), [(50.0, 100.0), (100.0, 200.0), (200.0, 1e3)]);
        assert!(history.crossings_per_second().is_some_and(|rate| (rate - 9.0 / 0.95).abs() < 1e-9));
    }

    #[test]
    fn the_program_asked_for_is_shown_else_the_latest_that_runs() {
        let mut recording = Recording::new();
        let mut first = frame(0, 300.0, &[100.0, 200.0, 300.0], Some(0.0));
        let mut second = frame(0, 300.0, &[250.0], Some(200.0)).instances.remove(0);
        second.id = 8;
        second.exit_code = Some(0);
        let id = first.instances[0].id;
        first.instances.push(second);
        recording.apply(first).unwrap();
        let mut history = History::default();
        history.update(&recording, 300.0, None);
        assert_eq!((history.program(), history.buckets.len()), (Some(id), 3));
        history.update(&recording, 300.0, Some(8));
        assert_eq!((history.program(), history.buckets.len()), (Some(8), 1));
        history.update(&recording, 300.0, None);
        assert_eq!((history.program(), history.buckets.len()), (Some(id), 3));
    }

    #[test]
    fn a_first_bucket_of_unknown_begin_is_left_out() {
        let mut recording = Recording::new();
        let mut history = History::default();
        recording.apply(frame(0, 200.0, &[100.0, 200.0], None)).unwrap();
        history.update(&recording, 200.0, None);
        assert_eq!(ends(&history), [(100.0, 200.0)]);
        recording.apply(frame(1, 300.0, &[300.0], None)).unwrap();
        history.update(&recording, 300.0, None);
        assert_eq!(ends(&history), [(100.0, 200.0), (200.0, 300.0)]);
    }

    #[test]
    fn what_is_old_is_not_now() {
        let mut recording = Recording::new();
        let mut history = History::default();
        recording.apply(frame(0, 200.0, &[100.0, 200.0], Some(0.0))).unwrap();
        history.update(&recording, 2_200.0, None);
        assert!(history.crossings_per_second().is_some());
        history.update(&recording, 2_201.0, None);
        assert_eq!(history.crossings_per_second(), None);
    }

    /// A frame at `t` with a cycle of 2 ms at each begin, as rows `first` on, and what the page tells then.
    fn eventful(seq: u32, t: f64, first: u32, begins: &[f64]) -> Frame {
        let cycle = |t: &f64| Gc {
            number: first + 1,
            t: *t,
            duration_ms: 2.0,
            pause_ms: [0.5, 0.5],
            heap_trigger_bytes: 4e6,
            heap_end_bytes: 5e6,
            heap_live_mb: 2.0,
            goal_mb: 8.0,
            forced: false,
            node: protocol::NO_NODE,
        };
        let page = Page {
            realm: 0,
            microtasks: begins
                .iter()
                .map(|t| Microtask { t: *t, sync_ms: 1.0, queued_ms: 2.0, drain_ms: 3.0, exact: true })
                .collect(),
            longtasks: Some(
                begins
                    .iter()
                    .map(|start| LongTask {
                        start: *start,
                        duration_ms: 60.0,
                        frame: false,
                        blocking_ms: None,
                        script: None,
                        script_ms: None,
                    })
                    .collect(),
            ),
            marks: begins.iter().map(|t| Mark { t: *t, name: "mark".into() }).collect(),
            measures: begins
                .iter()
                .map(|t| Measure { start: t - 30.0, duration_ms: 30.0, name: "measure".into() })
                .collect(),
        };
        let mut frame = frame(seq, t, begins, Some(0.0));
        frame.instances[0].gc = (first..).zip(begins.iter().map(cycle)).collect();
        frame.page = page;
        frame
    }

    #[test]
    fn cycles_and_what_the_page_tells_become_rows() {
        let mut recording = Recording::new();
        let mut history = History::default();
        recording.apply(eventful(0, 200.0, 0, &[100.0, 200.0])).unwrap();
        history.update(&recording, 200.0, None);
        recording.apply(eventful(1, 900.0, 2, &[800.0])).unwrap();
        history.update(&recording, 900.0, None);
        let spans = |events: &Events| -> Vec<(f64, f64, u8)> {
            events.over(0.0, 1e3).map(|it| (it.start, it.end, it.lane)).collect()
        };
        let cycles: Vec<_> = spans(&history.cycles).into_iter().filter(|it| it.2 == 0).collect();
        assert_eq!(cycles, [(100.0, 102.0, 0), (200.0, 202.0, 0), (800.0, 802.0, 0)]);
        let heap: Vec<_> = history.heap.from(0).map(|it| (it.start, it.end, it.total)).collect();
        assert_eq!(heap, [(100.0, 200.0, 5e6), (200.0, 800.0, 5e6), (800.0, 900.0, 5e6)]);
        assert_eq!(history.heap.last().map(|it| it.live), Some(2.0 * 1024.0 * 1024.0));
        assert_eq!(history.probes.from(0).map(|it| it.t).collect::<Vec<_>>(), [100.0, 200.0, 800.0]);
        let tasks = [(100.0, 160.0, 0), (200.0, 260.0, 0), (800.0, 860.0, 0)];
        assert_eq!(spans(&history.tasks), tasks);
        let timing: Vec<_> = spans(&history.timing).into_iter().filter(|it| it.2 == 1).collect();
        assert_eq!(timing, [(70.0, 100.0, 1), (170.0, 200.0, 1), (770.0, 800.0, 1)]);
        assert!(history.has_refs && history.has_js_heap);
        assert_eq!(history.buckets.last().map(|it| (it.refs, it.js_heap)), Some((7.0, 9e6)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// However often it was read on the way, it is what reading once gives.
        #[test]
        fn reading_on_the_way_changes_nothing(frames in prop::collection::vec((0usize..2_500, any::<bool>()), 1..12)) {
            let mut recording = Recording::new();
            let mut often = History::default();
            let mut at = 0;
            for (seq, (rows, read)) in frames.into_iter().enumerate() {
                let times: Vec<f64> = (0..rows).map(|row| ((at + row + 1) * 100) as f64).collect();
                at += rows;
                let first = (at - rows) as u32;
                recording.apply(eventful(seq as u32, (at * 100) as f64, first, &times)).unwrap();
                if read {
                    often.update(&recording, (at * 100) as f64, None);
                }
            }
            often.update(&recording, 1e9, None);
            let mut once = History::default();
            once.update(&recording, 1e9, None);
            prop_assert!(often.buckets.from(0).eq(once.buckets.from(0)));
            prop_assert!(often.slices.from(0).eq(once.slices.from(0)));
            prop_assert!(often.heap.from(0).eq(once.heap.from(0)));
            prop_assert!(often.probes.from(0).eq(once.probes.from(0)));
            let events = |it: &History| [it.cycles.clone(), it.tasks.clone(), it.timing.clone()];
            for (often, once) in events(&often).iter().zip(&events(&once)) {
                prop_assert!(often.over(0.0, 1e9).eq(once.over(0.0, 1e9)));
            }
        }
    }
}
