//! How often the view does its work, so that watching stays cheap beside a busy target.

/// Shortest time between two updates of the view, ms.
const UPDATE_MS: f64 = 100.0;
/// Shortest time between two readings of the tables, ms.
const TABLES_MS: f64 = 500.0;
/// The tables may take this part of the time at most: what they last cost sets when they are read again.
const TABLES_SHARE: f64 = 0.01;

/// When the next update is due and what it includes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    updated: Option<f64>,
    tables: Option<f64>,
    tables_cost: f64,
}

impl Pace {
    /// How long to wait, ms, before the view may be updated again.
    pub fn wait(&self, now: f64) -> f64 {
        self.updated.map_or(0.0, |at| (at + UPDATE_MS - now).clamp(0.0, UPDATE_MS))
    }

    /// The view is being updated.
    pub fn update(&mut self, now: f64) {
        self.updated = Some(now);
    }

    /// Whether the tables are due.
    pub fn tables_due(&self, now: f64) -> bool {
        self.tables.is_none_or(|at| now - at >= TABLES_MS.max(self.tables_cost / TABLES_SHARE))
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
        pace.update(5.0);
        assert_eq!(pace.wait(45.0), 60.0);
        assert_eq!(pace.wait(200.0), 0.0);
    }

    #[test]
    fn dear_tables_are_read_seldom() {
        let mut pace = Pace::default();
        assert!(pace.tables_due(0.0));
        pace.tables_read(0.0, 1.0);
        assert!(!pace.tables_due(499.0) && pace.tables_due(500.0));
        pace.tables_read(500.0, 40.0);
        assert!(!pace.tables_due(4_000.0) && pace.tables_due(4_500.0));
    }
}
