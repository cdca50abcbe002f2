//! What crossings are used for: JSON, copies by size, elements one by one, timers.

use alloc::vec::Vec;

use protocol::{Copied, Elements, Json, Patterns, Timers};

use crate::estimate::{Clock, Stats, estimate};
use crate::reader::thinned;
use crate::rows::{Rows, set};
use crate::samples::SampleLog;

/// Most sampled calls of JSON and bursts kept of an instance.
pub const CAP: usize = 40_000;
/// Rows of `json` and of `elements`, in the hooks' order.
const OPS: [&str; 2] = ["parse", "stringify"];

/// Counters of an instance as the hooks hold them; totals.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// `parse`, `stringify`: calls, those inside another, characters, timing.
    pub json: [(f64, f64, f64, Stats); 2],
    /// Reads and writes: elements, bursts, longest.
    pub elements: [[f64; 3]; 2],
    /// Timers fired, and runs for missed ones; NaN: not known.
    pub timers: [f64; 2],
    /// Of each import and class with copies: both, copies, bytes.
    pub copies: Vec<[f64; 4]>,
}

/// The patterns of one instance.
#[derive(Default)]
pub struct PatternLog {
    json: Rows<Json>,
    sampled: SampleLog,
    copies: Rows<Copied>,
    elements: Rows<Elements>,
    timers: Option<Timers>,
}

/// Positions of one reader.
#[derive(Clone, Copy, Debug, Default)]
pub struct PatternCursor {
    json: u64,
    sampled: (usize, u32),
    copies: u64,
    elements: u64,
    timers: Option<Timers>,
}

/// Something the hooks looked at closely: a call of JSON, or a burst.
#[derive(Clone, Copy, Debug)]
pub struct Sampled {
    /// Row in `json`, or 2 more than that in `elements`.
    pub row: u32,
    /// When.
    pub t: f64,
    /// Own time, ms; NaN: not timed.
    pub time_ms: f64,
    /// How many it stands for.
    pub weight: f64,
    /// Characters or elements.
    pub amount: f64,
    /// A text of numbers.
    pub numbers: bool,
}

impl PatternLog {
    /// Takes over the hooks' counters.
    pub fn count(&mut self, counted: &Counted, clock: Clock) {
        if counted.json.iter().any(|row| row.0 > 0.0) {
            self.open_json();
        }
        for (at, (calls, within, chars, stats)) in counted.json.iter().enumerate() {
            // A call inside another is part of its time.
            let mut tally = estimate((calls - within) as u64, stats, clock).tally;
            tally.calls = *calls as u64;
            self.json.edit(at, |it| set(&mut it.tally, tally) | set(&mut it.chars, *chars as u64));
        }
        if counted.elements.iter().any(|row| row[0] > 0.0) {
            self.open_elements();
        }
        for (at, row) in counted.elements.iter().enumerate() {
            let [calls, bursts, longest] = row.map(|n| n as u64);
            self.elements.edit(at, |it| set(it, Elements { set: at == 1, calls, bursts, longest }));
        }
        for [import, class, calls, bytes] in counted.copies.iter().map(|row| row.map(|n| n as u64)) {
            let now = Copied { import: import as u32, class: class as u8, calls, bytes };
            let known = self.copies.iter().position(|it| (it.import, it.class) == (now.import, now.class));
            match known {
                Some(at) => self.copies.edit(at, |it| set(it, now)),
                None => {
                    self.copies.push(now);
                }
            }
        }
        let [fired, retries] = counted.timers;
        self.timers = (!retries.is_nan()).then_some(Timers { fired: fired as u64, retries: retries as u64 });
    }

    /// Rows come before what refers to them.
    fn open_json(&mut self) {
        for op in OPS.iter().skip(self.json.len()) {
            self.json.push(Json { op: (*op).into(), ..Json::default() });
        }
    }

    fn open_elements(&mut self) {
        for at in self.elements.len()..2 {
            self.elements.push(Elements { set: at == 1, ..Elements::default() });
        }
    }

    /// Keeps a call of JSON, or a burst.
    pub fn sample(&mut self, it: Sampled, node: u32) {
        if it.row < 2 {
            self.open_json();
        } else {
            self.open_elements();
        }
        let member = if it.numbers { 0 } else { protocol::NO_MEMBER };
        self.sampled.push(it.t, node, it.row, member, it.weight, it.time_ms, it.amount, 0, CAP);
    }

    /// Sampled rows.
    pub fn sampled(&self) -> usize {
        self.sampled.columns.t.len()
    }

    /// Sampled rows that went.
    pub fn dropped(&self) -> u64 {
        self.sampled.dropped
    }

    /// Halves what is sampled.
    pub fn thin(&mut self) {
        self.sampled.thin();
    }

    /// Lets go of what is sampled.
    pub fn free(&mut self) {
        self.sampled.free();
    }

    /// Where a reader is that knows all.
    pub fn cursor(&self) -> PatternCursor {
        PatternCursor {
            json: self.json.changes(),
            sampled: (self.sampled(), self.sampled.thinned),
            copies: self.copies.changes(),
            elements: self.elements.changes(),
            timers: self.timers,
        }
    }

    /// Where a reader is in what is sampled.
    fn at(&self, cursor: &PatternCursor) -> usize {
        thinned(cursor.sampled.0, self.sampled.thinned - cursor.sampled.1)
    }

    /// Whether there is anything new.
    pub fn news(&self, cursor: &PatternCursor) -> bool {
        self.json.changes() != cursor.json
            || self.copies.changes() != cursor.copies
            || self.elements.changes() != cursor.elements
            || self.timers != cursor.timers
            || self.sampled() > self.at(cursor)
    }

    /// What is new.
    pub fn since(&self, cursor: &PatternCursor) -> Patterns {
        Patterns {
            json: self.json.since(cursor.json),
            sampled: self.sampled.since(self.at(cursor)),
            copies: self.copies.since(cursor.copies),
            elements: self.elements.since(cursor.elements),
            timers: self.timers,
        }
    }
}
