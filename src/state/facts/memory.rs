//! Memory of one program, kind by kind: what Go reserved, what its heap holds, what it holds of JavaScript, and
//! the page's own heap; whether one of them keeps growing, and who made it grow.

use super::{
    Places, Scope, Way,
    gc::{Told, told},
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
use session::{Census, Estimate, Funcs, Grow, Instance, Made, Session, memory};
use std::rc::Rc;

/// Whether something keeps growing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Growth {
    /// Too little is known.
    Early,
    /// It goes up and down, or holds still.
    Steady,
    /// The least there is becomes more and more: by so much a minute. See [`session::memory`].
    Growing(f64),
}

/// One kind of memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gauge {
    /// At the end of the scope.
    pub now: f64,
    /// When that was.
    pub t: f64,
    /// The most there was.
    pub most: f64,
    /// What there is more now than at the begin.
    pub more: f64,
    /// Whether it keeps growing.
    pub growth: Growth,
}

/// A growth of linear memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Id of its program's instance.
    pub program: u32,
    /// The growth.
    pub grow: Grow,
    /// Who asked.
    pub line: Rc<Name>,
    way: Way,
}

/// References that one Go line made.
#[derive(Clone, Debug, PartialEq)]
pub struct Maker {
    /// The line.
    pub line: Rc<Name>,
    /// How many it made.
    pub made: Estimate,
    /// How many of them Go still holds.
    pub live: Estimate,
    ways: Vec<(Way, f64)>,
}

/// Values that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// Their constructor, or type.
    pub name: String,
    /// How many.
    pub count: Estimate,
    /// As a share of all.
    pub share: f64,
}

/// `js.Func` of one Go function.
#[derive(Clone, Debug, PartialEq)]
pub struct Callbacks {
    /// The function.
    pub line: Rc<Name>,
    /// How many are not released.
    pub count: u64,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryFacts {
    /// What it is of.
    pub scope: Scope,
    /// Linear memory, bytes.
    pub linear: Option<Gauge>,
    /// Go heap when cycles ended, bytes.
    pub heap: Option<Gauge>,
    /// What is known of the collector, which tells the heap.
    pub told: Told,
    /// JS values that Go holds.
    pub refs: Option<Gauge>,
    /// `js.Func` that were made and not released.
    pub live_funcs: Option<Gauge>,
    /// The page's JS heap, bytes.
    pub js_heap: Option<Gauge>,
    /// Growths of linear memory, newest first.
    pub steps: Rc<Vec<Step>>,
    /// Who made the references, of the whole recording; `None` where it is not told.
    pub makers: Option<Rc<Vec<Maker>>>,
    /// When references were counted by what they are, and how many there were.
    pub census: Option<(f64, u64)>,
    /// What they were.
    pub alike: Rc<Vec<Alike>>,
    /// `js.Func`, of the whole recording.
    pub funcs: Option<Funcs>,
    /// Those that are not released, by function; `None` until they were counted.
    pub callbacks: Option<Rc<Vec<Callbacks>>>,
}

impl MemoryFacts {
    /// Of a session.
    pub fn of(session: &Session, scope: Scope, program: Option<u32>) -> Self {
        let mut places = Places::of(session);
        let shown = session.program(program).and_then(|at| session.instances.get(at));
        let memory = shown.map(|instance| memory(instance, scope.range)).unwrap_or_default();
        let gauge = |column: fn(&Instance) -> &Vec<f64>, growth| {
            let instance = shown?;
            gauge(instance.series.t.iter().copied().zip(column(instance).iter().copied()), scope, growth)
        };
        let refs = shown.and_then(|instance| instance.refs.as_ref());
        let census = refs.and_then(|refs| refs.census.as_ref());
        let funcs = shown.and_then(|instance| instance.funcs);
        let by_callback = census.and_then(|census| census.callbacks.as_ref());
        let callbacks = by_callback.map(|rows| {
            let row = |it: &session::Callback| Callbacks { line: places.line(it.stack).0, count: it.count };
            Rc::new(rows.iter().map(row).collect())
        });
        Self {
            scope,
            linear: gauge(|it| &it.series.memory_bytes, growth(memory.linear_grows, memory.linear)),
            heap: shown.and_then(|instance| heap(instance, scope, growth(memory.heap_grows, memory.heap))),
            told: told(session),
            refs: gauge(|it| &it.series.js_refs, growth(memory.refs_grow, memory.refs_kept)),
            live_funcs: gauge(|it| &it.series.funcs, growth(memory.funcs_grow, memory.funcs)),
            js_heap: gauge(|it| &it.series.js_heap_bytes, growth(memory.js_heap_grows, memory.js_heap)),
            steps: Rc::new(steps(session, scope, &mut places)),
            makers: refs.map(|refs| Rc::new(makers(&refs.made, &mut places))),
            census: census.map(|census| (census.t, census.values)),
            alike: Rc::new(census.map(alike).unwrap_or_default()),
            funcs,
            callbacks,
        }
    }
}

/// What the session says of a kind of memory.
fn growth(grows: Option<bool>, gauge: Option<session::Gauge>) -> Growth {
    match grows {
        None => Growth::Early,
        Some(false) => Growth::Steady,
        Some(true) => gauge.and_then(|it| it.per_minute).map_or(Growth::Steady, Growth::Growing),
    }
}

/// Heap when cycles ended.
fn heap(instance: &Instance, scope: Scope, growth: Growth) -> Option<Gauge> {
    let ends = instance.gc.iter().filter_map(|gc| Some((gc.t + gc.duration_ms, gc.heap_end_bytes?)));
    gauge(ends, scope, growth)
}

/// Reads a gauge.
fn gauge(points: impl Iterator<Item = (f64, f64)>, scope: Scope, growth: Growth) -> Option<Gauge> {
    let points: Vec<(f64, f64)> = points
        .filter(|(t, value)| value.is_finite() && scope.range.is_none_or(|it| it.contains(*t)))
        .collect();
    let (&(_, first), &(t, now)) = points.first().zip(points.last())?;
    let most = points.iter().fold(now, |most, point| most.max(point.1));
    Some(Gauge { now, t, most, more: now - first, growth })
}

fn steps(session: &Session, scope: Scope, places: &mut Places<'_>) -> Vec<Step> {
    let mut out = Vec::new();
    for instance in &session.instances {
        for &grow in instance.grows.iter().filter(|grow| scope.contains(grow.t)) {
            let (line, way) = places.line(grow.stack);
            out.push(Step { program: instance.id, grow, line, way });
        }
    }
    out.reverse();
    out
}

fn makers(made: &[Made], places: &mut Places<'_>) -> Vec<Maker> {
    let (mut groups, mut makers) = (Groups::default(), Vec::<Maker>::new());
    for row in made {
        let (line, way) = places.line(row.stack);
        let maker = groups.of(&mut makers, id_of_name(&line), || Maker {
            line,
            made: Estimate::default(),
            live: Estimate::default(),
            ways: Vec::new(),
        });
        maker.made = maker.made + Estimate { value: row.made, error: row.made_error };
        maker.live = maker.live + Estimate { value: row.live, error: row.live_error };
        maker.ways.push((way, row.live));
    }
    sort(makers, usize::MAX, |a, b| b.live.value.total_cmp(&a.live.value))
}

fn alike(census: &Census) -> Vec<Alike> {
    let error = if census.exact { 0.0 } else { f64::INFINITY };
    let row = |it: &session::Named| Alike {
        name: it.name.clone(),
        count: Estimate { value: it.count as f64, error },
        share: it.count as f64 / (census.values.max(1)) as f64,
    };
    census.by_constructor.iter().map(row).collect()
}

impl Item for Step {
    fn id(&self) -> u64 {
        id_of((self.program, self.grow.t.to_bits()))
    }
    fn span(&self) -> Option<Range> {
        Some(Range::new(self.grow.t, self.grow.t))
    }
    fn opens(&self) -> bool {
        !self.way.is_empty()
    }
    fn children(&self) -> Vec<Child> {
        callers(&[(self.way.clone(), 1.0)], Item::id(self), &|_| ("bytes", Cell::Blank))
    }
}

impl Item for Maker {
    fn id(&self) -> u64 {
        id_of_name(&self.line)
    }
    fn opens(&self) -> bool {
        self.ways.iter().any(|(way, _)| !way.is_empty())
    }
    fn children(&self) -> Vec<Child> {
        callers(&self.ways, Item::id(self), &|live| {
            ("held", Cell::estimate(Some(Estimate { value: live, error: f64::INFINITY }), Unit::Count, ""))
        })
    }
}

impl Item for Alike {
    fn id(&self) -> u64 {
        id_of(&self.name)
    }
}

impl Item for Callbacks {
    fn id(&self) -> u64 {
        id_of_name(&self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Frame, Named, Refs, Stack};

    #[test]
    fn growth_is_what_the_session_says() {
        let rises = |a_second: f64| {
            let t: Vec<f64> = (0..60).map(|second| f64::from(second) * 1e3).collect();
            let funcs = (0..60).map(|second| f64::from(second) * a_second).collect();
            let mut session = Session::default();
            session.instances.push(Instance {
                series: session::Series { t, funcs, ..Default::default() },
                ..Instance::default()
            });
            MemoryFacts::of(&session, Scope::default(), None)
        };
        let [leak, still] = [2.0, 0.0].map(|a_second| rises(a_second).live_funcs.unwrap().growth);
        assert!(matches!(leak, Growth::Growing(a_minute) if (a_minute - 120.0).abs() < 5.0), "{leak:?}");
        assert_eq!(still, Growth::Steady);
    }

    #[test]
    fn a_gauge_is_of_the_scope() {
        let points = [(0.0, 1.0), (10.0, 9.0), (20.0, f64::NAN), (30.0, 4.0), (40.0, 99.0)];
        let range = Some(session::Range { start: 5.0, end: 35.0 });
        let read = gauge(points.into_iter(), Scope { range, full: None }, Growth::Early).unwrap();
        assert_eq!((read.now, read.t, read.most, read.more), (4.0, 30.0, 9.0, -5.0));
        assert_eq!(gauge([(1.0, f64::NAN)].into_iter(), Scope::default(), Growth::Early), None);
    }

    #[test]
    fn references_are_put_down_to_lines() {
        let mut session = Session::default();
        let frame = |func: &str| Frame { func: func.into(), ..Frame::default() };
        session.frames = ["main.main", "main.add"].map(frame).to_vec();
        session.stacks = vec![
            Stack { parent: None, frame: 0 },
            Stack { parent: Some(0), frame: 1 },
            Stack { parent: None, frame: 1 },
        ];
        let made = |stack, made, live| Made { stack, made, made_error: 3.0, live, live_error: 4.0 };
        let census = Census {
            t: 5.0,
            values: 200,
            exact: true,
            by_constructor: vec![Named { name: "HTMLElement".into(), count: 150 }],
            callbacks: Some(vec![session::Callback { stack: Some(2), count: 7 }]),
        };
        let refs = Refs {
            census: Some(census),
            made: vec![made(Some(0), 9.0, 1.0), made(Some(1), 40.0, 30.0), made(Some(2), 10.0, 5.0)],
        };
        session.instances.push(Instance { refs: Some(refs), ..Instance::default() });
        let facts = MemoryFacts::of(&session, Scope::default(), None);
        let makers = facts.makers.unwrap();
        assert_eq!(
            (&*makers[0].line.func, makers[0].live.value, makers[0].made.value),
            ("main.add", 35.0, 50.0)
        );
        assert_eq!(makers[0].children().len(), 1, "main.main; the other way has no caller");
        assert_eq!((facts.census, facts.alike[0].share), (Some((5.0, 200)), 0.75));
        let callbacks = facts.callbacks.unwrap();
        assert_eq!((&*callbacks[0].line.func, callbacks[0].count), ("main.add", 7));
        assert_eq!(facts.linear, None);
    }
}
