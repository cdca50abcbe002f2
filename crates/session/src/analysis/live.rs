//! What the tables of the bridge are made from while a session grows: only new samples are looked at.

use super::{
    Estimate, Place, Range,
    costs::Direction,
    estimate::sum,
    go_line::is_own,
    strata::{Stratum, strata},
    tally::Tally,
    threads::ByThread,
    window,
};
use crate::{Sample, Session};
use std::{cmp::Ordering, collections::HashMap, hash::Hash};

/// Cell of the tables: Go line, instance, import, member; positions.
pub type Cell = (u32, u32, u32, Option<u32>);
/// An import of an instance; positions.
pub type StratumId = (u32, u32);

/// Tallies by key. Samples of one stack mostly share theirs, so that is looked at first: hashing costs more than adding.
#[derive(Clone, Debug)]
pub struct Tallies<K> {
    rows: Vec<(K, Tally)>,
    index: HashMap<K, u32>,
    /// By stack: the row of its latest sample.
    recent: Vec<u32>,
}

impl<K> Default for Tallies<K> {
    fn default() -> Self {
        Self { rows: Vec::new(), index: HashMap::new(), recent: Vec::new() }
    }
}

impl<K: Copy + Eq + Hash> Tallies<K> {
    /// Adds a sample.
    pub fn add(&mut self, key: K, sample: &Sample) {
        let stack = sample.stack.map_or(0, |stack| stack as usize + 1);
        if self.recent.len() <= stack {
            self.recent.resize(stack + 1, u32::MAX);
        }
        let recent = self.recent[stack] as usize;
        if let Some((known, tally)) = self.rows.get_mut(recent)
            && *known == key
        {
            return tally.add(sample);
        }
        let at = *self.index.entry(key).or_insert(self.rows.len() as u32);
        if at as usize == self.rows.len() {
            self.rows.push((key, Tally::default()));
        }
        self.recent[stack] = at;
        self.rows[at as usize].1.add(sample);
    }

    /// All keys and tallies, as they came.
    pub fn iter(&self) -> impl Iterator<Item = (K, &Tally)> {
        self.rows.iter().map(|(key, tally)| (*key, tally))
    }
}

/// The bridge of a session that grows, in all or within a range.
#[derive(Clone, Debug)]
pub struct GoLineLive {
    range: Option<Range>,
    revision: u64,
    /// Distinct Go lines; the first two are the runtime and no stack.
    places: Vec<Place>,
    place_ids: HashMap<Place, u32>,
    place_of_frame: Vec<Option<u32>>,
    place_of_stack: Vec<u32>,
    /// Samples in the range by cell.
    pub(super) cells: Tallies<Cell>,
    /// By instance and import: samples in the range of all places.
    pub(super) wholes: Vec<Vec<Tally>>,
    /// By instance: samples looked at.
    seen: Vec<usize>,
}

const RUNTIME: u32 = 0;
const NO_STACK: u32 = 1;

impl Default for GoLineLive {
    /// Of everything.
    fn default() -> Self {
        Self::new(None)
    }
}

impl GoLineLive {
    /// Nothing seen yet; looks at crossings that began in `range` only.
    pub fn new(range: Option<Range>) -> Self {
        Self {
            range,
            revision: 0,
            places: vec![Place::Runtime, Place::NoStack],
            place_ids: HashMap::new(),
            place_of_frame: Vec::new(),
            place_of_stack: Vec::new(),
            cells: Tallies::default(),
            wholes: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// What it looks at.
    pub fn range(&self) -> Option<Range> {
        self.range
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
            self.wholes[at].resize(instance.imports.len(), Tally::default());
            for sample in &instance.samples[self.seen[at]..] {
                if self.holds(sample) && self.wholes[at].len() > sample.import as usize {
                    self.wholes[at][sample.import as usize].add(sample);
                    let place = self.place_of(sample.stack);
                    self.cells.add((place, at as u32, sample.import, sample.member), sample);
                }
            }
            self.seen[at] = instance.samples.len();
        }
    }

    /// Whether a sample began in the range.
    pub(super) fn holds(&self, sample: &Sample) -> bool {
        self.range.is_none_or(|range| range.contains(sample.t))
    }

    /// The Go line of a stack.
    pub(super) fn place_of(&self, stack: Option<u32>) -> u32 {
        stack.and_then(|stack| self.place_of_stack.get(stack as usize).copied()).unwrap_or(NO_STACK)
    }

    /// The Go line that is a frame.
    pub(super) fn place_of_frame(&self, frame: u32) -> Option<u32> {
        self.place_of_frame.get(frame as usize).copied().flatten()
    }

    /// A Go line by position.
    pub(super) fn place(&self, at: u32) -> &Place {
        &self.places[at as usize]
    }

    /// The position of a Go line.
    pub(super) fn place_id(&self, place: &Place) -> Option<u32> {
        match place {
            Place::Runtime => Some(RUNTIME),
            Place::NoStack => Some(NO_STACK),
            place => self.place_ids.get(place).copied(),
        }
    }

    fn place_stacks(&mut self, session: &Session) {
        for frame in &session.frames[self.place_of_frame.len().min(session.frames.len())..] {
            let place = is_own(frame).then(|| {
                *self.place_ids.entry(Place::of(frame)).or_insert_with_key(|place| {
                    self.places.push(place.clone());
                    self.places.len() as u32 - 1
                })
            });
            self.place_of_frame.push(place);
        }
        for node in &session.stacks[self.place_of_stack.len()..] {
            let own = self.place_of_frame(node.frame);
            let callers = || node.parent.and_then(|parent| self.place_of_stack.get(parent as usize).copied());
            let place = own.or_else(callers).unwrap_or(RUNTIME);
            self.place_of_stack.push(place);
        }
    }

    /// The tables so far.
    pub fn read<'a>(&'a self, session: &'a Session) -> Reading<'a> {
        let wall = window(session);
        let wall = match (self.range, wall) {
            (Some(range), Some(wall)) => range.within(&wall),
            (range, wall) => range.or(wall),
        };
        let strata = session.instances.iter().map(|instance| strata(instance, self.range)).collect();
        Reading { live: self, session, strata, wall }
    }
}

/// One look at the bridge: [`Self::lines`], [`Self::imports`], [`Self::members`], [`Self::callers`].
pub struct Reading<'a> {
    pub(super) live: &'a GoLineLive,
    pub(super) session: &'a Session,
    /// By instance and import.
    pub(super) strata: Vec<Vec<Stratum>>,
    /// What shares are shares of.
    pub wall: Option<Range>,
}

impl Reading<'_> {
    /// Length of the stretch that shares are shares of, ms.
    pub fn wall_ms(&self) -> Option<f64> {
        self.wall.map(|wall| wall.ms())
    }

    /// What some samples of an import stand for.
    pub(super) fn part(&self, (instance, import): StratumId, tally: &Tally) -> Part {
        let whole = &self.live.wholes[instance as usize][import as usize];
        let stratum = &self.strata[instance as usize][import as usize];
        let import = &self.session.instances[instance as usize].imports[import as usize];
        // A string is counted once, where it is loaded, not where it is prepared.
        let bytes = Direction::of(&import.name).and_then(|_| tally.bytes(whole, stratum));
        let time = tally.time(whole, stratum);
        let thread = ByThread::of(self.session, instance as usize, time);
        Part { calls: tally.calls(whole, stratum), time, bytes, thread }
    }

    /// What some samples stand for, those of an import side by side.
    pub(super) fn join<'a>(&self, tallies: impl Iterator<Item = (StratumId, &'a Tally)>) -> Part {
        let mut strata: Vec<(StratumId, Tally)> = Vec::new();
        for (id, tally) in tallies {
            match strata.iter_mut().find(|(known, _)| *known == id) {
                Some((_, all)) => all.merge(tally),
                None => strata.push((id, *tally)),
            }
        }
        strata.iter().map(|(id, tally)| self.part(*id, tally)).fold(Part::default(), Part::join)
    }
}

/// Calls, time and bytes of some samples.
#[derive(Clone, Copy, Default)]
pub struct Part {
    pub calls: Estimate,
    pub time: Option<Estimate>,
    pub bytes: Option<Estimate>,
    /// Of the time.
    pub thread: ByThread,
}

impl Part {
    /// Both together, being of different imports and so independent.
    pub fn join(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            time: sum([self.time, other.time]),
            bytes: sum([self.bytes, other.bytes]),
            thread: self.thread.join(other.thread),
        }
    }

    /// No thread spends more than all of its time: what few samples say of much may be more.
    pub fn bounded(mut self, wall_ms: Option<f64>) -> Self {
        if let Some((time, wall)) = self.time.as_mut().zip(wall_ms) {
            *time = time.within(0.0, wall * self.thread.count() as f64);
        }
        self
    }

    /// Time of one crossing.
    pub fn per_call(&self) -> Option<Estimate> {
        let time = self.time.filter(|_| self.calls.value > 0.0)?;
        Some(time.scale(1.0 / self.calls.value))
    }
}

/// Time of one thread as a part of the window.
pub fn share(time: Option<Estimate>, wall_ms: Option<f64>) -> Option<Estimate> {
    let wall = wall_ms.filter(|&wall| wall > 0.0)?;
    Some(time?.within(0.0, wall).scale(1.0 / wall))
}

/// First what takes more time, then what calls more.
pub fn costlier(
    a_time: Option<Estimate>,
    a_calls: Estimate,
    b_time: Option<Estimate>,
    b_calls: Estimate,
) -> Ordering {
    let time = |time: Option<Estimate>| time.map_or(0.0, |time| time.value);
    time(b_time).total_cmp(&time(a_time)).then(b_calls.value.total_cmp(&a_calls.value))
}
