//! Cycles of the garbage collector and the Go lines that triggered them.

use super::{
    Places, Scope, Way,
    places::{callers, id_of, id_of_name},
};
use crate::{
    state::{
        group::{Groups, sort},
        list::{Cell, Child, Item, Unit},
        rows::Name,
    },
    viz::Range,
};
use session::{Attach, Collections, Session, Stackless, collections, old, stackless};
use std::rc::Rc;

/// Why nothing is told of cycles, or that something is.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Something is told.
    Yes,
    /// Go's runtime was not asked.
    NotAsked,
    /// The agent's WebAssembly, which reads what is told, is forbidden in the page.
    NoRecorder,
    /// The program ran before the agent came.
    Late,
    /// Its lines are not read: a release of Go, e.g. `go1.19`.
    TooOld(String),
    /// TinyGo's runtime tells nothing.
    TinyGo,
    /// No cycle has ended yet.
    NotYet,
}

/// A cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// Id of its program's instance.
    pub program: u32,
    /// Counts the program's cycles from 1.
    pub number: u32,
    /// Begin.
    pub t: f64,
    /// From the first pause to the end of the last, ms.
    pub duration_ms: f64,
    /// Sweep termination and mark termination, ms.
    pub pause_ms: [Option<f64>; 2],
    /// Heap when it began and when it ended, bytes.
    pub heap_bytes: [Option<f64>; 2],
    /// What was found alive, and the goal, MiB.
    pub live_mb: [Option<f64>; 2],
    /// Asked for by `runtime.GC`.
    pub forced: bool,
    /// What triggered it.
    pub line: Rc<Name>,
    way: Way,
}

/// A Go line whose allocation triggered cycles.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerLine {
    /// The line.
    pub line: Rc<Name>,
    /// How many.
    pub cycles: u64,
    /// That as a share of all.
    pub share: f64,
    /// Heap when they began, bytes: the mean of those that tell.
    pub heap_bytes: Option<f64>,
    ways: Vec<(Way, f64)>,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct GcFacts {
    /// What it is of.
    pub scope: Scope,
    /// Whether cycles can be known.
    pub told: Told,
    /// The cycles together.
    pub together: Collections,
    /// The longest pause, ms.
    pub longest_pause_ms: Option<f64>,
    /// Lines that triggered cycles.
    pub lines: Rc<Vec<TriggerLine>>,
    /// The cycles, newest first.
    pub cycles: Rc<Vec<Cycle>>,
    /// Cycles that were thrown away.
    pub dropped: u64,
}

impl GcFacts {
    /// Of a session.
    pub fn of(session: &Session, scope: Scope) -> Self {
        let cycles = cycles(session, scope);
        let pauses = cycles.iter().flat_map(|cycle| cycle.pause_ms).flatten();
        Self {
            scope,
            told: told(session),
            together: collections(session, scope.range),
            longest_pause_ms: pauses.max_by(f64::total_cmp),
            lines: Rc::new(lines(&cycles)),
            cycles: Rc::new(cycles),
            dropped: session.meta.dropped.get("traces").copied().unwrap_or(0),
        }
    }
}

pub fn told(session: &Session) -> Told {
    if session.instances.iter().any(|instance| !instance.gc.is_empty()) {
        return Told::Yes;
    }
    match (session.meta.runtime_traces, session.meta.recorder, session.meta.attach) {
        (Some(false), _, _) => Told::NotAsked,
        (_, Some(false), _) => Told::NoRecorder,
        (_, _, Attach::Late) => Told::Late,
        _ => match stackless(session) {
            Some(Stackless::TinyGo(_)) => Told::TinyGo,
            _ => session
                .instances
                .iter()
                .filter_map(|instance| old(session.module_of(instance)?))
                .next_back()
                .map_or(Told::NotYet, Told::TooOld),
        },
    }
}

fn cycles(session: &Session, scope: Scope) -> Vec<Cycle> {
    let mut places = Places::of(session);
    let mut out = Vec::new();
    for instance in &session.instances {
        for gc in instance.gc.iter().filter(|gc| scope.contains(gc.t)) {
            let (line, way) = places.line(gc.stack);
            out.push(Cycle {
                program: instance.id,
                number: gc.number,
                t: gc.t,
                duration_ms: gc.duration_ms,
                pause_ms: [gc.pause_ms.first().copied(), gc.pause_ms.get(1).copied()],
                heap_bytes: [gc.heap_trigger_bytes, gc.heap_end_bytes],
                live_mb: [gc.heap_live_mb, gc.goal_mb],
                forced: gc.forced,
                line,
                way,
            });
        }
    }
    out.reverse();
    out
}

fn lines(cycles: &[Cycle]) -> Vec<TriggerLine> {
    let (mut groups, mut by_line) = (Groups::default(), Vec::<Vec<&Cycle>>::new());
    for cycle in cycles {
        groups.of(&mut by_line, id_of_name(&cycle.line), Vec::new).push(cycle);
    }
    let lines = by_line.iter().map(|of| trigger_line(of, cycles.len())).collect();
    sort(lines, usize::MAX, |a: &TriggerLine, b| {
        b.cycles.cmp(&a.cycles).then_with(|| a.line.about.cmp(&b.line.about))
    })
}

fn trigger_line(of: &[&Cycle], all: usize) -> TriggerLine {
    let (mut groups, mut ways) = (Groups::default(), Vec::new());
    for cycle in of {
        groups.of(&mut ways, cycle.way.as_ptr() as u64, || (cycle.way.clone(), 0.0)).1 += 1.0;
    }
    let heaps: Vec<f64> = of.iter().filter_map(|cycle| cycle.heap_bytes[0]).collect();
    let mean = heaps.iter().sum::<f64>() / heaps.len() as f64;
    TriggerLine {
        line: of[0].line.clone(),
        cycles: of.len() as u64,
        share: of.len() as f64 / all as f64,
        heap_bytes: Some(mean).filter(|it| it.is_finite()),
        ways,
    }
}

impl Item for Cycle {
    fn id(&self) -> u64 {
        id_of((self.program, self.number))
    }

    fn span(&self) -> Option<Range> {
        Some(Range::new(self.t, self.t + self.duration_ms))
    }

    fn opens(&self) -> bool {
        !self.way.is_empty()
    }

    fn children(&self) -> Vec<Child> {
        let frame = |(at, name): (usize, &Rc<Name>)| Child {
            id: id_of((Item::id(self), at)),
            cells: vec![("name", Cell::Name(name.clone()))],
            children: Vec::new(),
        };
        self.way.iter().enumerate().map(frame).collect()
    }
}

impl Item for TriggerLine {
    fn id(&self) -> u64 {
        id_of_name(&self.line)
    }

    fn opens(&self) -> bool {
        self.ways.iter().any(|(way, _)| !way.is_empty())
    }

    fn children(&self) -> Vec<Child> {
        callers(&self.ways, Item::id(self), &|cycles| ("cycles", Cell::exact(cycles, Unit::Count, "")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Frame, Gc, Instance, Module, Stack};

    fn gc(number: u32, t: f64, stack: Option<u32>, heap: Option<f64>) -> Gc {
        Gc {
            number,
            t,
            duration_ms: 2.0,
            pause_ms: vec![0.1, 0.3],
            heap_trigger_bytes: heap,
            heap_end_bytes: heap.map(|it| it + 1e5),
            heap_live_mb: Some(2.0),
            goal_mb: Some(4.0),
            forced: false,
            stack,
        }
    }

    fn session() -> Session {
        let mut session = Session::default();
        let frame = |func: &str| Frame { func: func.into(), ..Frame::default() };
        session.frames = ["main.main", "main.churn"].map(frame).to_vec();
        session.stacks = vec![Stack { parent: None, frame: 0 }, Stack { parent: Some(0), frame: 1 }];
        let gc = vec![
            gc(1, 100.0, Some(1), Some(4e6)),
            gc(2, 200.0, Some(0), None),
            gc(3, 300.0, Some(1), Some(5e6)),
            gc(4, 400.0, None, None),
        ];
        session.instances.push(Instance { id: 3, gc, ..Instance::default() });
        session
    }

    #[test]
    fn cycles_are_told_by_the_lines_that_triggered_them() {
        let facts = GcFacts::of(&session(), Scope::default());
        let lines: Vec<_> =
            facts.lines.iter().map(|it| (&*it.line.func, it.cycles, it.share, it.heap_bytes)).collect();
        assert_eq!(lines[0], ("main.churn", 2, 0.5, Some(4.5e6)));
        assert_eq!(lines.len(), 3);
        assert_eq!(facts.cycles.iter().map(|it| it.number).collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert_eq!(facts.longest_pause_ms, Some(0.3));
        assert_eq!(facts.lines[0].children()[0].cells[1].1, Cell::exact(2.0, Unit::Count, ""));
        assert!(!facts.lines[1].opens() && facts.told == Told::Yes);
        let part = GcFacts::of(
            &session(),
            Scope { range: Some(session::Range { start: 150.0, end: 300.0 }), full: None },
        );
        assert_eq!((part.cycles.len(), part.together.cycles), (1, 1));
    }

    #[test]
    fn where_nothing_is_told_it_is_known_why() {
        let mut session = Session::default();
        session.instances.push(Instance { module: 1, ..Instance::default() });
        assert_eq!(told(&session), Told::NotYet);
        session.modules.push(Module { id: 1, go_version: Some("go1.19.3".into()), ..Module::default() });
        assert_eq!(told(&session), Told::TooOld("go1.19.3".into()));
        session.meta.attach = Attach::Late;
        assert_eq!(told(&session), Told::Late);
        session.meta.runtime_traces = Some(false);
        assert_eq!(told(&session), Told::NotAsked);
    }
}
