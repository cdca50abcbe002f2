//! What held the thread: stays in Go, long tasks and frames, microtasks after Go, and the page's own marks and measures.

use super::{
    Places, Scope,
    places::{id_of, id_of_name, place},
};
use crate::{
    state::{
        group::{Groups, sort},
        list::{Cell, Child, Item, Unit},
        rows::Name,
    },
    viz::Range,
};
use session::{
    Backlog, Estimate, GoLines, Instance, Lengths, LongTaskKind, Microtask, Run, Sample, Session, Slice,
    TimerCounts, backlog, long_tasks, longest_runs, timers, user_timing,
};
use std::rc::Rc;

/// Most Go lines told of a stay.
const LINES: usize = 5;
/// The longest stays that are told of.
const STAYS: usize = 50;
/// A stay that leaves the browser time for its next frame at 60 Hz is not worth a row, ms.
const FRAME_MS: f64 = 16.7;
/// What asks for a microtask when Go calls it.
const ASKS: [&str; 4] = ["then", "catch", "finally", "queueMicrotask"];

/// Go lines, and how many crossings each stands for, most first.
pub type Lines = Vec<(Rc<Name>, f64)>;

/// A stay of the thread in Go: nothing else runs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stay {
    /// Id of its program's instance.
    pub program: u32,
    /// The stay.
    pub slice: Slice,
    /// Go lines that crossed in it.
    pub lines: Lines,
}

/// A task or frame that held the thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// When.
    pub start: f64,
    /// How long, ms.
    pub duration_ms: f64,
    /// Which.
    pub kind: LongTaskKind,
    /// How long input could not be handled in a frame, ms.
    pub blocking_ms: Option<f64>,
    /// What called its longest script, as the engine puts it.
    pub script: Option<String>,
    /// Time in Go, ms.
    pub go_ms: f64,
    /// Go lines that crossed in it.
    pub lines: Lines,
}

/// The line that crossed most, the program's own before the runtime's.
pub fn foremost(lines: &[(Rc<Name>, f64)]) -> Option<&Rc<Name>> {
    let own = lines.iter().find(|(name, _)| name.own);
    own.or(lines.first()).map(|(name, _)| name)
}

/// What Go registered for later in the same task.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// By which line.
    pub line: Rc<Name>,
    /// `then`, `catch`, `finally` or `queueMicrotask`.
    pub by: String,
    /// How often.
    pub calls: Estimate,
}

/// Marks or measures of one name.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// Its name.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Of them while Go ran.
    pub in_go: u64,
    /// Of measures.
    pub lengths: Option<Lengths>,
}

/// A probe of the microtask queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe(pub Microtask);

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopFacts {
    /// What it is of.
    pub scope: Scope,
    /// Time in Go, ms.
    pub go_ms: f64,
    /// Some stays were thrown away: there was more.
    pub at_least: bool,
    /// Stays too long for a frame, the longest first; the very longest in any case.
    pub stays: Rc<Vec<Stay>>,
    /// How many stays are as long.
    pub long_stays: u64,
    /// The longest stay with the microtasks it left behind.
    pub held: Option<Run>,
    /// Timers of Go's scheduler; `None` where they are not known.
    pub timers: Option<TimerCounts>,
    /// Tasks and frames; `None` where the engine tells none.
    pub tasks: Option<Rc<Vec<Task>>>,
    /// Microtasks after Go.
    pub backlog: Backlog,
    /// The probes.
    pub probes: Rc<Vec<Probe>>,
    /// What Go registered itself.
    pub asked: Rc<Vec<Asked>>,
    /// The page's marks and measures.
    pub timings: Rc<Vec<Timing>>,
}

impl LoopFacts {
    /// Of a session; `lines` are its Go lines in the scope.
    pub fn of(session: &Session, scope: Scope, lines: &GoLines) -> Self {
        let mut places = Places::of(session);
        let (stays, long_stays) = stays(session, scope, &mut places);
        let probes = session.page.microtasks.iter().filter(|it| scope.contains(it.t));
        let timing = |row: session::TimingRow<'_>| Timing {
            name: row.name.to_owned(),
            count: row.count,
            in_go: row.in_go,
            lengths: row.lengths,
        };
        Self {
            scope,
            go_ms: go_ms(session, scope),
            at_least: session.meta.dropped.get("slices").is_some_and(|&dropped| dropped > 0),
            stays: Rc::new(stays),
            long_stays,
            held: longest_runs(session, scope.range).held,
            timers: timers(session, scope.range),
            tasks: tasks(session, scope).map(Rc::new),
            backlog: backlog(session, lines, scope.range),
            probes: Rc::new(probes.copied().map(Probe).collect()),
            asked: Rc::new(asked(lines)),
            timings: Rc::new(user_timing(session, scope.range).into_iter().map(timing).collect()),
        }
    }
}

/// Time of all stays in Go, as far as it lies in the scope, ms.
fn go_ms(session: &Session, scope: Scope) -> f64 {
    let stays = session.instances.iter().flat_map(|instance| &instance.slices);
    let inside = |stay: &Slice| match scope.range {
        Some(range) => (stay.end.min(range.end) - stay.start.max(range.start)).max(0.0),
        None => stay.end - stay.start,
    };
    stays.map(inside).sum()
}

/// The longest stays that began in the scope, with their lines; and how many are too long for a frame.
fn stays(session: &Session, scope: Scope, places: &mut Places<'_>) -> (Vec<Stay>, u64) {
    let mut all: Vec<(&Instance, Slice)> = Vec::new();
    let mut longest: Option<(&Instance, Slice)> = None;
    for instance in &session.instances {
        for &slice in instance.slices.iter().filter(|slice| scope.contains(slice.start)) {
            if length(&slice) >= FRAME_MS {
                all.push((instance, slice));
            } else if longest.is_none_or(|(_, longest)| length(&slice) > length(&longest)) {
                longest = Some((instance, slice));
            }
        }
    }
    let long = all.len() as u64;
    if all.is_empty() {
        all.extend(longest);
    }
    let all = sort(all, STAYS, |a, b| length(&b.1).total_cmp(&length(&a.1)));
    let stay = |(instance, slice): (&Instance, Slice)| Stay {
        program: instance.id,
        slice,
        lines: lines_of(instance, &slice, places),
    };
    (all.into_iter().map(stay).collect(), long)
}

fn length(slice: &Slice) -> f64 {
    slice.end - slice.start
}

/// Go lines that crossed in a stay. Samples come in order, or nearly so.
fn lines_of(instance: &Instance, slice: &Slice, places: &mut Places<'_>) -> Lines {
    let from = instance.samples.partition_point(|sample| sample.t < slice.start);
    let inside = instance.samples[from..].iter().take_while(|sample| sample.t <= slice.end);
    let (mut groups, mut lines) = (Groups::default(), Lines::new());
    for Sample { stack, weight, .. } in inside {
        let (name, _) = places.line(*stack);
        groups.of(&mut lines, id_of_name(&name), || (name, 0.0)).1 += f64::from(*weight);
    }
    // What is the program's can be mended.
    sort(lines, LINES, |a, b| {
        b.0.own.cmp(&a.0.own).then(b.1.total_cmp(&a.1)).then_with(|| a.0.about.cmp(&b.0.about))
    })
}

fn tasks(session: &Session, scope: Scope) -> Option<Vec<Task>> {
    let task = |row: session::LongTaskRow<'_>| Task {
        start: row.task.start,
        duration_ms: row.task.duration_ms,
        kind: row.task.kind,
        blocking_ms: row.task.blocking_ms,
        script: row.task.script.clone(),
        go_ms: row.go_ms,
        lines: row.lines.iter().map(|(of, weight)| (Rc::new(place(of)), *weight)).collect(),
    };
    Some(long_tasks(session, scope.range)?.into_iter().map(task).collect())
}

fn asked(lines: &GoLines) -> Vec<Asked> {
    let mut out = Vec::new();
    for row in &lines.rows {
        let asks = row.crossings.iter().filter(|it| it.import == "syscall/js.valueCall");
        for crossing in asks {
            if let Some(by) = crossing.member.as_ref().filter(|by| ASKS.contains(&by.as_str())) {
                out.push(Asked { line: Rc::new(place(&row.place)), by: by.clone(), calls: crossing.calls });
            }
        }
    }
    out
}

/// The Go lines of something, as what hangs from its row.
fn under(id: u64, lines: &Lines) -> Vec<Child> {
    let child = |(name, weight): &(Rc<Name>, f64)| Child {
        id: id_of((id, id_of_name(name))),
        cells: vec![
            ("name", Cell::Name(name.clone())),
            (
                "crossings",
                Cell::estimate(Some(Estimate { value: *weight, error: f64::INFINITY }), Unit::Count, ""),
            ),
        ],
        children: Vec::new(),
    };
    lines.iter().map(child).collect()
}

impl Item for Stay {
    fn id(&self) -> u64 {
        id_of((self.program, self.slice.start.to_bits()))
    }
    fn span(&self) -> Option<Range> {
        Some(Range::new(self.slice.start, self.slice.end))
    }
    fn opens(&self) -> bool {
        self.lines.len() > 1
    }
    fn children(&self) -> Vec<Child> {
        under(Item::id(self), &self.lines)
    }
}

impl Item for Task {
    fn id(&self) -> u64 {
        id_of((self.start.to_bits(), self.kind))
    }
    fn span(&self) -> Option<Range> {
        Some(Range::new(self.start, self.start + self.duration_ms))
    }
    fn opens(&self) -> bool {
        self.lines.len() > 1
    }
    fn children(&self) -> Vec<Child> {
        under(Item::id(self), &self.lines)
    }
}

impl Item for Probe {
    fn id(&self) -> u64 {
        id_of((self.0.t.to_bits(), self.0.realm))
    }
    fn span(&self) -> Option<Range> {
        Some(Range::new(self.0.t, self.0.t + self.0.drain_ms))
    }
}

impl Item for Asked {
    fn id(&self) -> u64 {
        id_of((id_of_name(&self.line), &self.by))
    }
}

impl Item for Timing {
    fn id(&self) -> u64 {
        id_of((&self.name, self.lengths.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Cause, Frame, LongTask, Measure, Stack};

    fn slice(start: f64, end: f64) -> Slice {
        Slice { start, end, cause: Cause::Timer, bridge_ms: None, calls: 1 }
    }

    fn session() -> Session {
        let mut session = Session::default();
        let frame = |func: &str| Frame { func: func.into(), ..Frame::default() };
        session.frames = ["main.main", "main.draw"].map(frame).to_vec();
        session.stacks = vec![Stack { parent: None, frame: 0 }, Stack { parent: Some(0), frame: 1 }];
        let sample = |t, stack, weight| Sample { t, stack, weight, ..Sample::default() };
        session.instances.push(Instance {
            slices: vec![slice(0.0, 10.0), slice(100.0, 180.0), slice(200.0, 230.0)],
            samples: vec![
                sample(5.0, None, 1.0),
                sample(110.0, Some(0), 2.0),
                sample(120.0, Some(1), 9.0),
                sample(205.0, Some(1), 1.0),
            ],
            ..Instance::default()
        });
        session
    }

    fn read(session: &Session, range: Option<(f64, f64)>) -> LoopFacts {
        let range = range.map(|(start, end)| session::Range { start, end });
        LoopFacts::of(session, Scope { range, full: None }, &GoLines::of(session, range))
    }

    #[test]
    fn the_longest_stay_comes_first_with_its_lines() {
        let facts = read(&session(), None);
        assert_eq!((facts.go_ms, facts.stays.len(), facts.long_stays), (120.0, 2, 2));
        let lines: Vec<_> = facts.stays[0].lines.iter().map(|it| (&*it.0.func, it.1)).collect();
        assert_eq!(lines, [("main.draw", 9.0), ("main.main", 2.0)]);
        assert_eq!((facts.stays[0].children().len(), facts.stays[1].opens()), (2, false));
        assert_eq!((facts.tasks, facts.at_least), (None, false));
    }

    #[test]
    fn a_selection_cuts_what_reaches_out_of_it() {
        let facts = read(&session(), Some((170.0, 210.0)));
        assert_eq!((facts.go_ms, facts.stays.len()), (20.0, 1));
        let short = read(&session(), Some((0.0, 50.0)));
        assert_eq!((short.stays.len(), short.long_stays), (1, 0), "the longest in any case");
    }

    #[test]
    fn tasks_and_timings_are_the_sessions_own() {
        let mut session = session();
        session.page.longtasks = Some(vec![LongTask {
            start: 99.0,
            duration_ms: 90.0,
            realm: 0,
            kind: LongTaskKind::Task,
            blocking_ms: None,
            script: None,
            script_ms: None,
        }]);
        let name = String::from("draw");
        session.page.measures = vec![Measure { start: 100.0, duration_ms: 7.0, realm: 0, name }];
        let facts = read(&session, None);
        let task = &facts.tasks.unwrap()[0];
        assert_eq!((task.go_ms, &*task.lines[0].0.func), (80.0, "main.draw"));
        assert_eq!((facts.timings[0].count, facts.timings[0].lengths.unwrap().p95_ms), (1, 7.0));
    }
}
