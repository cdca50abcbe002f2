//! What happened at a moment or lasted for a while: cycles of the collector, long tasks, marks and measures, growths of
//! memory. Each row knows what there is to tell of it, since no view reads the session.

use super::column::Column;
use session::{Gc, Grow, Instance, LongTask, LongTaskKind, Place, Session, go_line};
use std::{collections::HashMap, rc::Rc};

/// Rows that measures which overlap are spread over; the last holds all that are left.
pub const MEASURE_ROWS: usize = 4;
/// Go lines told of a task.
const LINES: usize = 3;

/// Something that lasted, or a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Begin, ms since the recording's time origin.
    pub start: f64,
    /// End; at the begin for a moment.
    pub end: f64,
    /// Which lane of its track, from the bottom up.
    pub lane: u8,
    /// What it was.
    pub what: Rc<What>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A cycle of the garbage collector, and the Go line whose allocation began it.
    Cycle(Gc, String),
    /// A pause of the program within a cycle: drawn, and told with its cycle.
    Pause,
    /// A task or frame that held the thread.
    Task(Task),
    /// A moment the page named.
    Mark(String),
    /// A span the page named, and its length as the page puts it, ms.
    Measure(String, f64),
    /// Linear memory grew, and the Go line that asked.
    Grow(Grow, String),
}

/// A task or frame that held the thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What the engine tells.
    pub told: LongTask,
    /// Time in Go inside it, ms.
    pub go_ms: f64,
    /// Go lines that crossed inside it, by sampled crossings, most first.
    pub lines: Vec<String>,
}

/// Events of one track by their ends.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// In order of their ends: that is how they are told, but for a few.
    rows: Column<Event>,
    /// How many lanes are in use.
    pub lanes: u8,
}

impl Events {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// Those that reach into a stretch of time, in order of their ends.
    pub fn over(&self, from: f64, to: f64) -> impl Iterator<Item = &Event> {
        let first = self.rows.partition_point(|event| event.end < from);
        self.rows.from(first).filter(move |event| event.start <= to)
    }

    /// Adds events in any order.
    fn add(&mut self, mut events: Vec<Event>) {
        events.sort_by(|a, b| a.end.total_cmp(&b.end));
        let Some(first) = events.first().map(|event| event.end) else { return };
        let at = self.rows.partition_point(|event| event.end <= first);
        let mut late = self.rows.from(at).cloned().collect::<Vec<_>>().into_iter().peekable();
        self.rows.truncate(at);
        for event in events {
            self.lanes = self.lanes.max(event.lane + 1);
            while let Some(before) = late.next_if(|late| late.end <= event.end) {
                self.rows.push(before);
            }
            self.rows.push(event);
        }
        late.for_each(|event| self.rows.push(event));
    }

    /// Takes away all that a test finds, which are among the last.
    fn take_back(&mut self, from: f64, found: impl Fn(&Event) -> bool) {
        let at = self.rows.partition_point(|event| event.end < from);
        let rest: Vec<Event> = self.rows.from(at).filter(|event| !found(event)).cloned().collect();
        self.rows.truncate(at);
        rest.into_iter().for_each(|event| self.rows.push(event));
    }
}

/// Where a stack's Go line is, in words.
pub fn line(session: &Session, stack: Option<u32>) -> String {
    place(session, stack).text()
}

fn place(session: &Session, stack: Option<u32>) -> Place {
    match stack {
        None => Place::NoStack,
        Some(stack) => go_line(session, stack).map_or(Place::Runtime, Place::of),
    }
}

/// Cycles and their pauses; the first `again` of them were told before, as they were then.
pub fn add_cycles(events: &mut Events, session: &Session, cycles: &[Gc], again: usize) {
    if let Some(first) = cycles.first().filter(|_| again > 0) {
        let since = first.t;
        events.take_back(since, |event| event.start >= since);
    }
    let cycle = |gc: &Gc| {
        let end = gc.t + gc.duration_ms;
        let pause =
            |start: f64, ms: f64| Event { start, end: start + ms, lane: 1, what: Rc::new(What::Pause) };
        // The first pause begins a cycle, the last one ends it.
        let last = gc.pause_ms.len().saturating_sub(1);
        let pauses = gc.pause_ms.iter().enumerate().map(move |(at, ms)| match at {
            0 => pause(gc.t, *ms),
            at if at == last => pause((end - ms).max(gc.t), *ms),
            _ => pause(gc.t + gc.duration_ms * at as f64 / (last + 1) as f64, *ms),
        });
        let what = Rc::new(What::Cycle(gc.clone(), line(session, gc.stack)));
        pauses.chain([Event { start: gc.t, end, lane: 0, what }]).collect::<Vec<_>>()
    };
    events.add(cycles.iter().flat_map(cycle).collect());
}

/// Growths of linear memory.
pub fn add_grows(events: &mut Events, session: &Session, grows: &[Grow]) {
    let event = |grow: &Grow| {
        let what = Rc::new(What::Grow(*grow, line(session, grow.stack)));
        Event { start: grow.t, end: grow.t, lane: 0, what }
    };
    events.add(grows.iter().map(event).collect());
}

/// Long tasks below, frames above them.
pub fn add_tasks(events: &mut Events, session: &Session, tasks: &[LongTask]) {
    let event = |told: &LongTask| {
        let (start, end) = (told.start, told.start + told.duration_ms);
        let (go_ms, lines) = inside(session, told);
        let what = Rc::new(What::Task(Task { told: told.clone(), go_ms, lines }));
        Event { start, end, lane: u8::from(told.kind == LongTaskKind::Frame), what }
    };
    events.add(tasks.iter().map(event).collect());
}

/// Time in Go inside a task, and the lines that crossed there.
fn inside(session: &Session, task: &LongTask) -> (f64, Vec<String>) {
    let (start, end) = (task.start, task.start + task.duration_ms);
    let (mut go_ms, mut weights) = (0.0, HashMap::<Option<u32>, f64>::new());
    for instance in session.instances.iter().filter(|instance| instance.realm == task.realm) {
        go_ms += in_go(instance, start, end);
        let first = instance.samples.partition_point(|sample| sample.t < start);
        for sample in instance.samples[first..].iter().take_while(|sample| sample.t <= end) {
            *weights.entry(sample.stack).or_default() += f64::from(sample.weight);
        }
    }
    let mut lines = HashMap::<Place, f64>::new();
    for (stack, weight) in weights {
        *lines.entry(place(session, stack)).or_default() += weight;
    }
    let mut lines: Vec<_> = lines.into_iter().collect();
    // Lines first: what is in none of them says least.
    let own = |place: &Place| matches!(place, Place::Line { .. });
    lines.sort_by(|a, b| {
        let most = own(&b.0).cmp(&own(&a.0)).then(b.1.total_cmp(&a.1));
        most.then_with(|| a.0.cmp(&b.0))
    });
    (go_ms, lines.iter().take(LINES).map(|(place, _)| place.text()).collect())
}

fn in_go(instance: &Instance, start: f64, end: f64) -> f64 {
    let first = instance.slices.partition_point(|slice| slice.end <= start);
    let stays = instance.slices[first..].iter().take_while(|slice| slice.start < end);
    stays.map(|slice| (slice.end.min(end) - slice.start.max(start)).max(0.0)).sum()
}

/// Where the next measure of each row may begin.
pub type Rows = [f64; MEASURE_ROWS];

/// No measure yet.
pub const NO_ROWS: Rows = [f64::NEG_INFINITY; MEASURE_ROWS];

/// Marks below; over them measures, in rows where they overlap.
pub fn add_timing(
    events: &mut Events,
    rows: &mut Rows,
    marks: &[session::Mark],
    measures: &[session::Measure],
) {
    let mark = |mark: &session::Mark| {
        let what = Rc::new(What::Mark(mark.name.clone()));
        Event { start: mark.t, end: mark.t, lane: 0, what }
    };
    let mut added: Vec<Event> = marks.iter().map(mark).collect();
    for measure in measures {
        let other = measure.start + measure.duration_ms;
        let (start, end) = (measure.start.min(other), measure.start.max(other));
        let row = rows.iter().position(|free| *free <= start).unwrap_or(MEASURE_ROWS - 1);
        rows[row] = rows[row].max(end);
        let what = Rc::new(What::Measure(measure.name.clone(), measure.duration_ms));
        added.push(Event { start, end, lane: row as u8 + 1, what });
    }
    events.add(added);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use session::{Cause, Frame, FrameKind, Measure, Sample, Slice, Stack};

    fn measure(start: f64, ms: f64) -> Measure {
        Measure { start, duration_ms: ms, realm: 0, name: "m".into() }
    }

    fn lanes(measures: &[Measure]) -> Vec<(f64, f64, u8)> {
        let (mut events, mut rows) = (Events::default(), NO_ROWS);
        add_timing(&mut events, &mut rows, &[], measures);
        events.over(f64::MIN, f64::MAX).map(|it| (it.start, it.end, it.lane)).collect()
    }

    #[test]
    fn measures_that_overlap_lie_in_rows() {
        let nested = [measure(2.0, 1.0), measure(4.0, 1.0), measure(1.0, 5.0), measure(6.0, 1.0)];
        assert_eq!(lanes(&nested), [(2.0, 3.0, 1), (4.0, 5.0, 1), (1.0, 6.0, 2), (6.0, 7.0, 1)]);
        let many: Vec<Measure> = (0..9).map(|i| measure(0.0, f64::from(10 + i))).collect();
        assert_eq!(lanes(&many).iter().map(|it| it.2).max(), Some(MEASURE_ROWS as u8));
        assert_eq!(lanes(&[measure(5.0, -2.0)]), [(3.0, 5.0, 1)], "what the page puts backwards");
    }

    #[test]
    fn a_cycle_that_was_told_again_stands_once() {
        let session = Session::default();
        let gc = |number, t, ms| Gc {
            number,
            t,
            duration_ms: ms,
            pause_ms: vec![0.5, 0.25],
            heap_trigger_bytes: None,
            heap_end_bytes: None,
            heap_live_mb: None,
            goal_mb: None,
            forced: false,
            stack: None,
        };
        let mut events = Events::default();
        add_cycles(&mut events, &session, &[gc(1, 10.0, 4.0), gc(2, 20.0, 0.0)], 0);
        add_cycles(&mut events, &session, &[gc(2, 20.0, 5.0), gc(3, 30.0, 1.0)], 1);
        let shown: Vec<_> = events.over(0.0, 99.0).map(|it| (it.start, it.end, it.lane)).collect();
        let cycles: Vec<_> = shown.iter().filter(|it| it.2 == 0).collect();
        assert_eq!(cycles, [&(10.0, 14.0, 0), &(20.0, 25.0, 0), &(30.0, 31.0, 0)]);
        let pauses: Vec<_> = shown.iter().filter(|it| it.2 == 1).map(|it| (it.0, it.1)).collect();
        let expected =
            [(10.0, 10.5), (13.75, 14.0), (20.0, 20.5), (24.75, 25.0), (30.0, 30.5), (30.75, 31.0)];
        assert_eq!(pauses, expected);
    }

    #[test]
    fn a_task_knows_its_time_in_go_and_the_lines_that_crossed() {
        let frame = |func: &str, line| Frame {
            kind: FrameKind::Go,
            func: func.into(),
            file: Some("a.go".into()),
            line: Some(line),
            inlined: false,
        };
        let slice = |start, end| Slice { start, end, cause: Cause::Timer, bridge_ms: None, calls: 1 };
        let sample = |t, stack, weight| Sample { t, stack, weight, ..Sample::default() };
        let instance = Instance {
            slices: vec![slice(0.0, 10.0), slice(90.0, 120.0), slice(140.0, 150.0), slice(190.0, 220.0)],
            samples: vec![
                sample(5.0, Some(0), 9.0),
                sample(110.0, Some(0), 1.0),
                sample(145.0, Some(1), 3.0),
                sample(146.0, None, 99.0),
                sample(210.0, Some(0), 9.0),
            ],
            ..Instance::default()
        };
        let mut session = Session::default();
        session.frames = vec![frame("main.few", 1), frame("main.many", 2)];
        session.stacks = vec![Stack { parent: None, frame: 0 }, Stack { parent: None, frame: 1 }];
        session.instances = vec![instance];
        let told = LongTask {
            start: 100.0,
            duration_ms: 100.0,
            realm: 0,
            kind: LongTaskKind::Task,
            blocking_ms: None,
            script: None,
            script_ms: None,
        };
        let (go_ms, lines) = inside(&session, &told);
        assert_eq!(go_ms, 20.0 + 10.0 + 10.0);
        assert_eq!(lines[..2], ["main.many a.go:2", "main.few a.go:1"]);
        assert_eq!(lines[2], Place::NoStack.text());
    }

    proptest! {
        #[test]
        fn events_are_found_however_they_came(
            batches in prop::collection::vec(prop::collection::vec((0.0..1e3f64, 0.0..200.0f64), 0..60), 0..9),
            from in 0.0..1e3f64, len in 0.0..300.0f64,
        ) {
            let mut events = Events::default();
            let event = |(start, ms): &(f64, f64)| {
                Event { start: *start, end: start + ms, lane: 0, what: Rc::new(What::Pause) }
            };
            for batch in &batches {
                events.add(batch.iter().map(event).collect());
            }
            let spans = batches.iter().flatten().map(|(start, ms)| (*start, start + ms));
            let mut expected: Vec<_> = spans.filter(|it| it.1 >= from && it.0 <= from + len).collect();
            let mut found: Vec<_> = events.over(from, from + len).map(|it| (it.start, it.end)).collect();
            prop_assert!(found.is_sorted_by(|a, b| a.1 <= b.1));
            let by = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
            expected.sort_by(by);
            found.sort_by(by);
            prop_assert_eq!(found, expected);
        }
    }
}
