//! Outermost stays of the thread in Go, at most [`CAP`] of them.

use alloc::vec::Vec;

use protocol::{Cause, Slices};

use crate::samples::{retain, tail};

/// Most slices kept. Beyond, the shorter of each two neighbours goes: long ones are what people look for.
pub const CAP: usize = 60_000;

/// The slices of one instance.
#[derive(Default)]
pub struct SliceLog {
    /// The columns.
    pub columns: Slices,
    /// How many went.
    pub dropped: u64,
    /// How often the log was thinned; readers' positions halve each time.
    pub thinned: u32,
}

impl SliceLog {
    /// Appends one; times in ms.
    pub fn push(&mut self, start: f64, end: f64, cause: Cause, bridge_ms: f64, calls: u32, cap: usize) {
        if self.columns.start.len() >= cap {
            self.thin();
        }
        let to = &mut self.columns;
        to.start.push(start);
        to.end.push(end);
        to.cause.push(cause);
        to.bridge_ms.push(bridge_ms as f32);
        to.calls.push(calls);
    }

    /// Keeps the longer of each two neighbours.
    pub fn thin(&mut self) {
        let s = &mut self.columns;
        let before = s.start.len();
        let long = |i: usize| s.end[i] - s.start[i];
        let keep: Vec<bool> = (0..before)
            .map(|i| match i ^ 1 {
                other if other >= before => true,
                other if other > i => long(i) >= long(other),
                other => long(i) > long(other),
            })
            .collect();
        retain(&mut s.start, &keep);
        retain(&mut s.end, &keep);
        retain(&mut s.cause, &keep);
        retain(&mut s.bridge_ms, &keep);
        retain(&mut s.calls, &keep);
        self.dropped += (before - s.start.len()) as u64;
        self.thinned += 1;
    }

    /// Lets go of all slices, which count as dropped.
    pub fn free(&mut self) {
        self.dropped += self.columns.start.len() as u64;
        self.columns = Slices::default();
    }

    /// The slices from position `from` on.
    pub fn since(&self, from: usize) -> Slices {
        let s = &self.columns;
        Slices {
            start: tail(&s.start, from),
            end: tail(&s.end, from),
            cause: tail(&s.cause, from),
            bridge_ms: tail(&s.bridge_ms, from),
            calls: tail(&s.calls, from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_of_two_neighbours_stays() {
        let mut log = SliceLog::default();
        for (start, end) in [(0.0, 9.0), (10.0, 11.0), (20.0, 21.0), (30.0, 39.0), (40.0, 41.0)] {
            log.push(start, end, Cause::Timer, 0.0, 1, 4);
        }
        assert_eq!(log.columns.start, [0.0, 30.0, 40.0]);
        assert_eq!((log.dropped, log.thinned), (2, 1));
    }
}
