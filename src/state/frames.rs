//! What is to be done in the next frame, first come first served, within a budget: what does not fit waits for the
//! one after.

use std::collections::VecDeque;

/// Frame work at most, ms: the rest of a frame of 16 ms is the browser's.
pub const BUDGET_MS: f64 = 12.0;

/// Jobs that wait for a frame, each once.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: VecDeque<u32>,
}

impl Queue {
    /// Adds a job, unless it waits already.
    pub fn ask(&mut self, job: u32) {
        if !self.waiting.contains(&job) {
            self.waiting.push_back(job);
        }
    }

    /// Takes a job out.
    pub fn forget(&mut self, job: u32) {
        self.waiting.retain(|waiting| *waiting != job);
    }

    /// The next job of a frame that has taken `spent` ms so far. A frame's first always fits.
    pub fn next(&mut self, spent: Option<f64>) -> Option<u32> {
        if spent.is_some_and(|spent| spent >= BUDGET_MS) { None } else { self.waiting.pop_front() }
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_job_once_in_turn_until_the_budget_is_spent() {
        let mut queue = Queue::default();
        for job in [1, 2, 1, 3, 4] {
            queue.ask(job);
        }
        queue.forget(3);
        assert_eq!(queue.next(None), Some(1));
        // A job that asks again waits behind the others.
        queue.ask(1);
        assert_eq!(queue.next(Some(11.9)), Some(2));
        assert_eq!(queue.next(Some(12.0)), None);
        assert!(!queue.is_empty());
        assert_eq!(
            [queue.next(None), queue.next(Some(0.1)), queue.next(Some(0.2))],
            [Some(4), Some(1), None]
        );
    }
}
