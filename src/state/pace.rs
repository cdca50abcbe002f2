//! How often the view does its work, so that watching stays cheap beside a busy target.

/// Shortest time between two updates of the view, ms.
const UPDATE_MS: f64 = 100.0;
/// Longest it may be put off for being dear, ms.
const SLOWEST_MS: f64 = 500.0;
/// The part of a thread shared with the target that updates may take.
const SHARE: f64 = 0.02;
/// Shortest time between two readings of the tables, ms: figures that change faster cannot be read.
const TABLES_MS: f64 = 1e3;
/// The part of the time that reading the tables may take.
const TABLES_SHARE: f64 = 0.01;
/// How much the latest update weighs in the mean cost.
const LATEST: f64 = 0.2;

/// When the next update is due and what it includes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    updated: Option<f64>,
    cost: f64,
    shared: bool,
    tables: Option<f64>,
    tables_cost: f64,
}

impl Pace {
    /// How long to wait, ms, before the view may be updated again.
    pub fn wait(&self, now: f64) -> f64 {
        let apart = if self.shared { (self.cost / SHARE).clamp(UPDATE_MS, SLOWEST_MS) } else { UPDATE_MS };
        self.updated.map_or(0.0, |at| (at + apart - now).clamp(0.0, apart))
    }

    /// The view is being updated; `shared` says whether on the target's thread.
    pub fn update(&mut self, now: f64, shared: bool) {
        self.updated = Some(now);
        self.shared = shared;
    }

    /// An update took `ms`.
    pub fn updated(&mut self, ms: f64) {
        self.cost += (ms.max(0.0) - self.cost) * LATEST;
    }

    /// Whether the tables are due.
    pub fn tables_due(&self, now: f64) -> bool {
        self.tables.is_none_or(|at| now - at >= TABLES_MS.max(self.tables_cost / TABLES_SHARE))
    }

    /// The tables that were read say nothing any more.
    pub fn tables_forgotten(&mut self) {
        self.tables = None;
    }

    /// The tables were read, which took `cost` ms.
    pub fn tables_read(&mut self, now: f64, cost: f64) {
        self.tables = Some(now);
        self.tables_cost = cost.max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_updates_a_second_at_most() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(5.0), 0.0);
        pace.update(5.0, false);
        pace.updated(80.0);
        assert_eq!(pace.wait(45.0), 60.0);
        assert_eq!(pace.wait(200.0), 0.0);
    }

    #[test]
    fn on_a_shared_thread_dear_updates_are_seldom_but_never_less_than_two_a_second() {
        let mut pace = Pace::default();
        pace.update(0.0, true);
        (0..100).for_each(|_| pace.updated(4.0));
        assert!((pace.wait(0.0) - 200.0).abs() < 1e-3);
        (0..100).for_each(|_| pace.updated(400.0));
        assert_eq!(pace.wait(0.0), 500.0);
    }

    #[test]
    fn dear_tables_are_read_seldom() {
        let mut pace = Pace::default();
        assert!(pace.tables_due(0.0));
        pace.tables_read(0.0, 1.0);
        assert!(!pace.tables_due(999.0) && pace.tables_due(1_000.0));
        pace.tables_read(1_000.0, 40.0);
        assert!(!pace.tables_due(4_900.0) && pace.tables_due(5_000.0));
    }
}
