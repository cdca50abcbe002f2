//! Which Go line crosses into JS how often, and what it costs.

use super::{
    Estimate, Range,
    costs::{Direction, label},
    estimate::sum,
    go_line::is_own,
    tally::Tally,
    window,
};
use crate::{Session, order, text};
use std::collections::HashMap;

/// Where a crossing comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A line of the program.
    Line {
        /// As Go prints it.
        func: String,
        /// Path as compiled.
        file: Option<String>,
        /// Line.
        line: Option<u32>,
    },
    /// A stack without a frame of the program's own.
    Runtime,
    /// No stack could be read.
    NoStack,
}

impl Place {
    /// `main.(*Grid).Draw`, the package's path cut to its last element.
    pub fn func(&self) -> &str {
        match self {
            Self::Line { func, .. } => {
                let end = func.find('[').unwrap_or(func.len());
                &func[func[..end].rfind('/').map_or(0, |slash| slash + 1)..]
            }
            Self::Runtime => text::IN_RUNTIME,
            Self::NoStack => text::NO_STACK,
        }
    }

    /// `grid.go:88`; empty where it is unknown.
    pub fn position(&self) -> String {
        let Self::Line { file: Some(file), line, .. } = self else { return String::new() };
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        line.map_or_else(|| base.to_owned(), |line| format!("{base}:{line}"))
    }

    /// `main.(*Grid).Draw grid.go:88`.
    pub fn text(&self) -> String {
        let (func, position) = (self.func(), self.position());
        if position.is_empty() { func.to_owned() } else { format!("{func} {position}") }
    }
}

/// What a Go line crosses as: one import and member.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// Import.
    pub import: String,
    /// JS member.
    pub member: Option<String>,
    /// Short: `set textContent`.
    pub label: String,
    /// Crossings, estimated.
    pub calls: Estimate,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time as a share of the window.
    pub share: Option<f64>,
    /// Bytes copied.
    pub bytes: Option<Estimate>,
}

/// A row of the table by Go line.
#[derive(Clone, Debug, PartialEq)]
pub struct GoLine {
    /// The line.
    pub place: Place,
    /// What it crosses as, first what may cost most; never empty.
    pub crossings: Vec<Crossing>,
    /// Samples the row rests on.
    pub samples: u64,
    /// Crossings, estimated.
    pub calls: Estimate,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time as a share of the window.
    pub share: Option<f64>,
    /// Bytes copied.
    pub bytes: Option<Estimate>,
    /// Time of one crossing, ms.
    pub per_call_ms: Option<Estimate>,
}

impl GoLine {
    /// What it mostly crosses as: `set textContent`.
    pub fn crosses_as(&self) -> &str {
        self.crossings.first().map_or("", |crossing| &crossing.label)
    }
}

/// Crossings by Go line, costliest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GoLines {
    /// One per Go line.
    pub rows: Vec<GoLine>,
    /// What shares are shares of, ms.
    pub wall_ms: Option<f64>,
    /// Exact calls of imports no sample fell on: with the rows' calls they make all calls. `None` for a range.
    pub not_sampled: Option<u64>,
}

impl GoLines {
    /// The table of a whole session, or of the crossings that began in a range.
    pub fn of(session: &Session, range: Option<Range>) -> Self {
        let mut live = GoLineLive::new(range);
        live.update(session, 0);
        live.table(session)
    }
}

/// Cell of the table: Go line, instance, import, member; positions.
type Cell = (u32, u32, u32, Option<u32>);

/// The table by Go line of a session that grows: only new samples are looked at.
#[derive(Clone, Debug, Default)]
pub struct GoLineLive {
    range: Option<Range>,
    revision: u64,
    /// Distinct Go lines; the first two are the runtime and no stack.
    places: Vec<Place>,
    place_ids: HashMap<Place, u32>,
    place_of_frame: Vec<Option<u32>>,
    place_of_stack: Vec<u32>,
    cells: HashMap<Cell, Tally>,
    /// By instance and import: samples of all places and times.
    wholes: Vec<Vec<Tally>>,
    /// By instance: samples looked at.
    seen: Vec<usize>,
}

const RUNTIME: u32 = 0;
const NO_STACK: u32 = 1;

impl GoLineLive {
    /// Nothing seen yet; looks at crossings that began in `range` only.
    pub fn new(range: Option<Range>) -> Self {
        Self { range, places: vec![Place::Runtime, Place::NoStack], ..Self::default() }
    }

    /// Takes in what is new. `revision` is the recording's: when it changes, old rows have.
    pub fn update(&mut self, session: &Session, revision: u64) {
        let shrunk = self.seen.len() > session.instances.len()
            || self.seen.iter().zip(&session.instances).any(|(&seen, i)| seen > i.samples.len());
        if revision != self.revision || shrunk || self.place_of_stack.len() > session.stacks.len() {
            *self = Self { revision, ..Self::new(self.range) };
        }
        self.place_stacks(session);
        self.seen.resize(session.instances.len(), 0);
        self.wholes.resize_with(session.instances.len(), Vec::new);
        for (at, instance) in session.instances.iter().enumerate() {
            let wholes = &mut self.wholes[at];
            wholes.resize(instance.imports.len(), Tally::default());
            for sample in &instance.samples[self.seen[at]..] {
                let Some(whole) = wholes.get_mut(sample.import as usize) else { continue };
                whole.add(sample);
                if self.range.is_some_and(|range| !range.contains(sample.t)) {
                    continue;
                }
                let place = sample.stack.map_or(NO_STACK, |stack| {
                    self.place_of_stack.get(stack as usize).copied().unwrap_or(NO_STACK)
                });
                let cell = (place, at as u32, sample.import, sample.member);
                self.cells.entry(cell).or_default().add(sample);
            }
            self.seen[at] = instance.samples.len();
        }
    }

    fn place_stacks(&mut self, session: &Session) {
        for frame in &session.frames[self.place_of_frame.len().min(session.frames.len())..] {
            let place = is_own(frame).then(|| {
                let (func, file, line) = (frame.func.clone(), frame.file.clone(), frame.line);
                let place = Place::Line { func, file, line };
                *self.place_ids.entry(place).or_insert_with_key(|place| {
                    self.places.push(place.clone());
                    self.places.len() as u32 - 1
                })
            });
            self.place_of_frame.push(place);
        }
        for node in &session.stacks[self.place_of_stack.len()..] {
            let own = self.place_of_frame.get(node.frame as usize).copied().flatten();
            let callers = || node.parent.and_then(|parent| self.place_of_stack.get(parent as usize).copied());
            let place = own.or_else(callers).unwrap_or(RUNTIME);
            self.place_of_stack.push(place);
        }
    }

    /// The table so far.
    pub fn table(&self, session: &Session) -> GoLines {
        let wall = window(session);
        let wall = match (self.range, wall) {
            (Some(range), Some(wall)) => range.within(&wall),
            (range, wall) => range.or(wall),
        };
        let wall_ms = wall.map(|wall| wall.ms());
        // The map they come from has no order; sums of floats have.
        let mut cells: Vec<(Cell, &Tally)> = self.cells.iter().map(|(cell, tally)| (*cell, tally)).collect();
        order::sort(&mut cells, |a, b| a.0.cmp(&b.0));
        let by_place = cells.chunk_by(|a, b| a.0.0 == b.0.0);
        let mut rows: Vec<GoLine> = by_place.map(|cells| self.row(session, cells, wall_ms)).collect();
        order::sort(&mut rows, |a, b| {
            costlier(a.time_ms, a.calls, b.time_ms, b.calls).then_with(|| a.place.cmp(&b.place))
        });
        let not_sampled = self.range.is_none().then(|| self.not_sampled(session));
        GoLines { rows, wall_ms, not_sampled }
    }

    /// The row of a place, from its cells ordered by instance and import.
    fn row(&self, session: &Session, cells: &[(Cell, &Tally)], wall_ms: Option<f64>) -> GoLine {
        let strata = cells.chunk_by(|a, b| (a.0.1, a.0.2) == (b.0.1, b.0.2)).map(|cells| {
            let mut all = Tally::default();
            cells.iter().for_each(|(_, tally)| all.merge(tally));
            self.part(session, cells[0].0, &all)
        });
        let whole = strata.fold(Part::default(), Part::join);
        let mut crossings: Vec<(&str, Option<&str>, Part)> = Vec::new();
        for &(cell, tally) in cells {
            let instance = &session.instances[cell.1 as usize];
            let import = instance.imports[cell.2 as usize].name.as_str();
            let member = cell.3.and_then(|m| instance.members.get(m as usize)).map(|m| m.name.as_str());
            let part = self.part(session, cell, tally);
            // Few per line; the same one may come from several instances.
            match crossings.iter_mut().find(|c| (c.0, c.1) == (import, member)) {
                Some(crossing) => crossing.2 = crossing.2.join(part),
                None => crossings.push((import, member, part)),
            }
        }
        let crossings = crossings.into_iter();
        let mut crossings: Vec<Crossing> =
            crossings.map(|(import, member, part)| crossing(import, member, part, wall_ms)).collect();
        // By what they may cost at most: a handful of calls that were timed well must not hide many that were not.
        let most = |c: &Crossing| c.time_ms.map(|time| Estimate::exact(time.value + time.error));
        order::sort(&mut crossings, |a, b| costlier(most(a), a.calls, most(b), b.calls));
        let per_call_ms = whole.time.filter(|_| whole.calls.value > 0.0);
        GoLine {
            place: self.places[cells[0].0.0 as usize].clone(),
            crossings,
            samples: cells.iter().map(|(_, tally)| tally.samples).sum(),
            calls: whole.calls,
            time_ms: whole.time,
            share: share(whole.time, wall_ms),
            bytes: whole.bytes,
            per_call_ms: per_call_ms.map(|time| time.scale(1.0 / whole.calls.value)),
        }
    }

    fn part(&self, session: &Session, (_, instance, import, _): Cell, tally: &Tally) -> Part {
        let whole = &self.wholes[instance as usize][import as usize];
        let import = &session.instances[instance as usize].imports[import as usize];
        // A string is counted once, where it is loaded, not where it is prepared.
        let bytes = Direction::of(&import.name).and_then(|_| tally.bytes(whole, import));
        Part { calls: tally.calls(whole, import), time: tally.time(whole, import), bytes }
    }

    fn not_sampled(&self, session: &Session) -> u64 {
        let imports =
            session.instances.iter().zip(&self.wholes).flat_map(|(i, wholes)| i.imports.iter().zip(wholes));
        imports.filter(|(_, whole)| whole.is_empty()).map(|(import, _)| import.calls).sum()
    }
}

/// Calls, time and bytes of some samples.
#[derive(Clone, Copy, Default)]
struct Part {
    calls: Estimate,
    time: Option<Estimate>,
    bytes: Option<Estimate>,
}

impl Part {
    /// Both together, being of different imports and so independent.
    fn join(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            time: sum([self.time, other.time]),
            bytes: sum([self.bytes, other.bytes]),
        }
    }
}

fn crossing(import: &str, member: Option<&str>, part: Part, wall_ms: Option<f64>) -> Crossing {
    Crossing {
        import: import.to_owned(),
        member: member.map(str::to_owned),
        label: label(import, member),
        calls: part.calls,
        time_ms: part.time,
        share: share(part.time, wall_ms),
        bytes: part.bytes,
    }
}

fn share(time: Option<Estimate>, wall_ms: Option<f64>) -> Option<f64> {
    let wall = wall_ms.filter(|&wall| wall > 0.0)?;
    Some(time?.value / wall)
}

fn costlier(
    a_time: Option<Estimate>,
    a_calls: Estimate,
    b_time: Option<Estimate>,
    b_calls: Estimate,
) -> std::cmp::Ordering {
    let time = |time: Option<Estimate>| time.map_or(0.0, |time| time.value);
    time(b_time).total_cmp(&time(a_time)).then(b_calls.value.total_cmp(&a_calls.value))
}
