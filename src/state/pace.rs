//! How often the view does its work, so that watching stays cheap beside a busy target.
//!
//! Beside a target on the same thread all work draws on a budget of 2 % of wall time. Debt is paid by waiting: tables are
//! read again only once there is none, and updates of the rest come up to half a second apart. That is the floor, and
//! the only state in which more than the budget may be spent.

/// Shortest time between two updates of the view, ms.
const UPDATE_MS: f64 = 100.0;
/// Longest it may be put off for being dear, ms.
const SLOWEST_MS: f64 = 500.0;
/// The part of a thread shared with the target that the view may take.
pub const SHARE: f64 = 0.02;
/// Work that may be saved up while there is little, ms.
const CREDIT_MS: f64 = 10.0;
/// Debt that is remembered, ms: ten seconds' worth, so that a dear moment is not paid for ever after.
const DEBT_MS: f64 = 200.0;
/// Shortest time between two readings of the tables, ms: figures that change faster cannot be read.
const TABLES_MS: f64 = 1e3;
/// The same for a badge, which only says what is wrong, ms.
const BADGE_MS: f64 = 4e3;
/// Longest on a shared thread, whatever the debt, ms.
const TABLES_SLOWEST_MS: f64 = 15e3;
/// The part of the time that reading the tables may take.
const TABLES_SHARE: f64 = 0.01;
/// How much the latest interval weighs in the mean of the rate.
const LATEST: f64 = 0.2;

/// When the next update is due and what it includes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// When the last update was.
    updated: Option<f64>,
    /// Mean time between updates, ms.
    apart: Option<f64>,
    shared: bool,
    budget: Budget,
    tables: Option<f64>,
    tables_cost: f64,
}

/// What may be spent at a moment, ms; negative is debt.
#[derive(Clone, Copy, Debug, Default)]
struct Budget {
    left: f64,
    at: Option<f64>,
}

impl Budget {
    fn at(&self, now: f64) -> f64 {
        let since = self.at.map_or(0.0, |at| (now - at).max(0.0));
        (self.left + since * SHARE).min(CREDIT_MS)
    }

    fn spend(&mut self, ms: f64, now: f64) {
        self.left = (self.at(now) - ms.max(0.0)).max(-DEBT_MS);
        self.at = Some(now);
    }
}

impl Pace {
    /// From now on the thread is the target's too, or is not.
    pub fn share(&mut self, shared: bool) {
        self.shared = shared;
    }

    /// How long to wait, ms, before the view may be updated again.
    pub fn wait(&self, now: f64) -> f64 {
        let Some(updated) = self.updated else { return 0.0 };
        let since = (now - updated).max(0.0);
        let debt = if self.shared { (-self.budget.at(now)).max(0.0) } else { 0.0 };
        (debt / SHARE).clamp((UPDATE_MS - since).max(0.0), (SLOWEST_MS - since).max(0.0))
    }

    /// The view is being updated.
    pub fn update(&mut self, now: f64) {
        if let Some(updated) = self.updated {
            let latest = (now - updated).clamp(UPDATE_MS, SLOWEST_MS);
            self.apart = Some(self.apart.map_or(latest, |apart| apart + (latest - apart) * LATEST));
        }
        self.updated = Some(now);
    }

    /// Work of any kind took `ms` up to now.
    pub fn worked(&mut self, ms: f64, now: f64) {
        self.budget.spend(ms, now);
    }

    /// Updates per second of late, on a shared thread.
    pub fn updates_per_second(&self) -> Option<f64> {
        self.apart.filter(|_| self.shared).map(|apart| (1e3 / apart).round())
    }

    /// Whether the tables are due.
    pub fn tables_due(&self, now: f64, badge: bool) -> bool {
        let Some(read) = self.tables else { return true };
        let since = now - read;
        let in_debt = self.shared && self.budget.at(now) < 0.0 && since < TABLES_SLOWEST_MS;
        since >= (if badge { BADGE_MS } else { TABLES_MS }).max(self.tables_cost / TABLES_SHARE) && !in_debt
    }

    /// The tables that were read say nothing any more.
    pub fn tables_forgotten(&mut self) {
        self.tables = None;
    }

    /// Whether the tables may be read between two updates.
    pub fn tables_cheap(&self) -> bool {
        self.tables_cost < CREDIT_MS
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
    use proptest::prelude::*;

    #[test]
    fn ten_updates_a_second_at_most() {
        let mut pace = Pace::default();
        assert_eq!(pace.wait(5.0), 0.0);
        pace.update(5.0);
        pace.worked(80.0, 5.0);
        assert_eq!(pace.wait(45.0), 60.0);
        assert_eq!(pace.wait(200.0), 0.0);
    }

    #[test]
    fn dear_tables_are_read_seldom() {
        let mut pace = Pace::default();
        assert!(pace.tables_due(0.0, false));
        pace.tables_read(0.0, 1.0);
        assert!(!pace.tables_due(999.0, false) && pace.tables_due(1_000.0, false));
        assert!(!pace.tables_due(3_999.0, true) && pace.tables_due(4_000.0, true));
        pace.tables_read(1_000.0, 40.0);
        assert!(!pace.tables_due(4_900.0, false) && pace.tables_due(5_000.0, false));
    }

    #[test]
    fn in_debt_tables_wait_first() {
        let mut pace = Pace::default();
        pace.share(true);
        pace.tables_read(0.0, 1.0);
        pace.worked(100.0, 0.0);
        assert!(!pace.tables_due(4_000.0, false) && pace.tables_due(5_001.0, false));
        pace.worked(1e6, 5_001.0);
        assert!(!pace.tables_due(14_900.0, false) && pace.tables_due(15_000.0, false));
    }

    /// Updates of these costs, one after the other: when each began, and whether it came as late as may be.
    fn run(costs: &[f64]) -> Vec<(f64, f64, bool)> {
        let mut pace = Pace::default();
        pace.share(true);
        let mut now = 0.0;
        let step = |&cost: &f64| {
            let wait = pace.wait(now);
            let slowest = pace.updated.is_some_and(|at| now + wait - at >= SLOWEST_MS - 1e-9);
            now += wait;
            pace.update(now);
            let began = now;
            now += cost;
            pace.worked(cost, now);
            (began, cost, slowest)
        };
        costs.iter().map(step).collect()
    }

    proptest! {
        /// Over any stretch without an update at the floor, work stays within the budget and what may be saved up.
        #[test]
        fn the_share_holds_above_the_floor(costs in prop::collection::vec(0.0..30.0f64, 2..300)) {
            let updates = run(&costs);
            for from in 0..updates.len() {
                let mut spent = 0.0;
                for (began, cost, slowest) in &updates[from + 1..] {
                    if *slowest {
                        break;
                    }
                    // All work before this update, and the first's, is paid for by now.
                    let before = spent + updates[from].1;
                    prop_assert!(before <= SHARE * (began - updates[from].0) + CREDIT_MS + 1e-6);
                    spent += cost;
                }
            }
        }

        #[test]
        fn updates_are_100_to_500_ms_apart(costs in prop::collection::vec(0.0..90.0f64, 2..100)) {
            for pair in run(&costs).windows(2) {
                let apart = pair[1].0 - pair[0].0;
                prop_assert!((UPDATE_MS - 1e-9..=SLOWEST_MS + 1e-9).contains(&apart), "{}", apart);
            }
        }
    }

    #[test]
    fn steady_costs_settle_at_the_share_or_the_floor() {
        for (cost, apart) in [(1.0, 100.0), (4.0, 200.0), (8.0, 400.0), (25.0, 500.0)] {
            let updates = run(&vec![cost; 400]);
            let settled = (updates[399].0 - updates[199].0) / 200.0;
            assert!((settled - apart).abs() < 1.0, "{cost} ms: {settled} ms apart");
        }
    }
}
