//! What the page itself did: probes of the microtask queue, long tasks, user timing. Each log keeps the newest rows.

use alloc::string::String;
use alloc::vec::Vec;

use protocol::{LongTask, Mark, Measure, Microtask, Page};

use crate::samples::tail;

/// Most rows of each log: twenty minutes of the fifty probes a second there may be.
const CAP: usize = 60_000;
/// Most bytes of a name.
const NAME: usize = 200;

/// Rows in order of arrival. Where there are too many, the older half goes.
#[derive(Debug)]
struct Log<T> {
    rows: Vec<T>,
    /// How many went.
    dropped: usize,
}

impl<T> Default for Log<T> {
    fn default() -> Log<T> {
        Log { rows: Vec::new(), dropped: 0 }
    }
}

impl<T: Clone> Log<T> {
    /// Appends a row.
    fn push(&mut self, row: T, cap: usize) {
        if self.rows.len() >= cap {
            self.rows.drain(..cap / 2);
            self.dropped += cap / 2;
        }
        self.rows.push(row);
    }

    /// The rows from position `from` on, counted from the first that ever was, and where the next will be.
    fn since(&self, from: usize) -> (Vec<T>, usize) {
        (tail(&self.rows, from.saturating_sub(self.dropped)), self.dropped + self.rows.len())
    }
}

/// The page's logs.
#[derive(Debug, Default)]
pub struct PageLog {
    microtasks: Log<Microtask>,
    longtasks: Log<LongTask>,
    marks: Log<Mark>,
    measures: Log<Measure>,
    /// Whether the engine tells long tasks.
    pub sees_longtasks: bool,
}

/// Positions of one reader.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageCursor {
    microtasks: usize,
    longtasks: usize,
    marks: usize,
    measures: usize,
}

impl PageLog {
    /// Notes a probe of the microtask queue.
    pub fn microtask(&mut self, probe: Microtask) {
        self.microtasks.push(probe, CAP);
    }

    /// Notes a task or a frame that held the thread.
    pub fn longtask(&mut self, mut long: LongTask) {
        long.script = long.script.map(short);
        self.longtasks.push(long, CAP);
    }

    /// Notes a mark.
    pub fn mark(&mut self, t: f64, name: String) {
        self.marks.push(Mark { t, name: short(name) }, CAP);
    }

    /// Notes a measure.
    pub fn measure(&mut self, start: f64, duration_ms: f64, name: String) {
        self.measures.push(Measure { start, duration_ms, name: short(name) }, CAP);
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        *self = PageLog { sees_longtasks: self.sees_longtasks, ..PageLog::default() };
    }

    /// How many rows went.
    pub fn dropped(&self) -> u64 {
        let Self { microtasks, longtasks, marks, measures, .. } = self;
        (microtasks.dropped + longtasks.dropped + marks.dropped + measures.dropped) as u64
    }

    /// What is new to a reader.
    pub fn since(&self, cursor: &mut PageCursor, realm: u32) -> Page {
        let (microtasks, probes) = self.microtasks.since(cursor.microtasks);
        let (longtasks, long) = self.longtasks.since(cursor.longtasks);
        let (marks, marked) = self.marks.since(cursor.marks);
        let (measures, measured) = self.measures.since(cursor.measures);
        *cursor = PageCursor { microtasks: probes, longtasks: long, marks: marked, measures: measured };
        Page { realm, microtasks, longtasks: self.sees_longtasks.then_some(longtasks), marks, measures }
    }
}

/// A name, cut to [`NAME`] bytes.
fn short(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(NAME));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_and_each_is_told_once() {
        let mut log = PageLog::default();
        let mut cursor = PageCursor::default();
        let mark = |i: u32| Mark { t: f64::from(i), name: "m".into() };
        (0..3).for_each(|i| log.marks.push(mark(i), 4));
        assert_eq!(log.since(&mut cursor, 0).marks.len(), 3);
        assert!(log.since(&mut cursor, 0).is_empty());
        (3..9).for_each(|i| log.marks.push(mark(i), 4));
        let told: Vec<f64> = log.since(&mut cursor, 0).marks.iter().map(|mark| mark.t).collect();
        assert_eq!(told, [6.0, 7.0, 8.0], "those that went before they were told are counted");
        assert_eq!(log.dropped(), 6);
        log.clear();
        assert_eq!(log.dropped(), 0);
    }

    #[test]
    fn an_engine_without_long_tasks_tells_none() {
        let mut log = PageLog::default();
        assert_eq!(log.since(&mut PageCursor::default(), 0).longtasks, None);
        log.sees_longtasks = true;
        log.clear();
        assert_eq!(log.since(&mut PageCursor::default(), 0).longtasks, Some(Vec::new()));
    }

    #[test]
    fn names_are_cut_between_characters() {
        assert_eq!(short("é".repeat(150)).chars().count(), 100);
        assert_eq!(short("draw".into()), "draw");
    }
}
