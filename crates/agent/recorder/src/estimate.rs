//! From timed calls to an import's time and how far off it may be.
//!
//! Some calls are timed; each stands for `w` calls. A browser's clock moves in steps much longer than a call (100 µs
//! where pages are not isolated), so one reading says little, but the sum of many is unbiased as long as calls are not
//! locked to the tick. The clock's own cost is inside each reading and is taken out of the mean; what that cost may be wrong
//! by is wrong in every reading alike.

use protocol::Tally;

/// What the clock does to readings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// Smallest step, ms.
    pub step_ms: f64,
    /// What a reading of nothing gives on average, ms.
    pub cost_ms: f64,
    /// Half-width of the 95 % interval of `cost_ms`.
    pub cost_error_ms: f64,
}

/// 95 % of a normal distribution.
const Z95: f64 = 1.96;
/// Sums over the timed calls of one import or member; `d` a reading in ms, `w` how many calls it stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stats {
    /// Timed calls.
    pub n: f64,
    /// Σ w.
    pub w: f64,
    /// Σ w·d.
    pub wd: f64,
    /// Σ w² over calls with w > 1.
    pub w2: f64,
    /// Σ w²·d over calls with w > 1.
    pub w2d: f64,
    /// Σ w²·d² over calls with w > 1.
    pub w2d2: f64,
    /// Variance from the clock's step alone, over calls with w = 1: they are all timed, nothing else is uncertain.
    pub step_var: f64,
}

impl Stats {
    /// How many numbers the hooks hand over for one of these.
    pub const LEN: usize = 7;

    /// Reads the hooks' row: n, w, wd, w2, w2d, w2d2, step_var.
    pub fn from_row(row: &[f64; Self::LEN]) -> Stats {
        let [n, w, wd, w2, w2d, w2d2, step_var] = *row;
        Stats { n, w, wd, w2, w2d, w2d2, step_var }
    }
}

/// A tally whose error is still in its two parts, half-widths of 95 % intervals in ms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Calls and time; the error is that of both parts.
    pub tally: Tally,
    /// From timing some calls with a coarse clock: another import's is independent of it.
    pub sampling_ms: f64,
    /// From the clock's cost: all imports' are wrong the same way, so sums add it up.
    pub bias_ms: f64,
}

impl Estimate {
    /// `tally` with the error that its parts amount to.
    pub fn new(tally: Tally, sampling_ms: f64, bias_ms: f64) -> Estimate {
        let time_error_ms = libm::sqrt(sampling_ms * sampling_ms + bias_ms * bias_ms);
        Estimate { tally: Tally { time_error_ms, ..tally }, sampling_ms, bias_ms }
    }
}

/// Estimates all `calls` from those that were timed.
pub fn estimate(calls: u64, stats: &Stats, clock: Clock) -> Estimate {
    if stats.n < 1.0 || stats.w <= 0.0 {
        return Estimate { tally: Tally { calls, ..Tally::default() }, ..Estimate::default() };
    }
    let mean = stats.wd / stats.w;
    let scale = calls as f64 / stats.w;
    let spread = (stats.w2d2 - 2.0 * mean * stats.w2d + mean * mean * stats.w2).max(0.0);
    // Score interval of a count: few ticks seen, or none, say little, and less than their own spread pretends.
    let tick = clock.step_ms * calls as f64 / stats.n;
    let half = Z95 * tick / 2.0;
    let error = Z95 * (half + libm::sqrt(scale * scale * (spread + stats.step_var) + half * half));
    let time_ms = (calls as f64 * (mean - clock.cost_ms)).max(0.0);
    let tally = Tally { calls, time_ms, timed_calls: stats.n as u64, ..Tally::default() };
    Estimate::new(tally, error, clock.cost_error_ms * calls as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Times one in `mean_gap` of `calls` calls of `true_ms` each, as the hooks do: gaps are random, so that no loop in the
    /// program keeps step with them.
    fn simulate(calls: u64, mean_gap: u64, true_ms: f64, clock: Clock, seed: u64) -> Stats {
        let mut stats = Stats::default();
        let mut random = seed | 1;
        let mut draw = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 32) % below
        };
        let (mut t, mut gap, mut left) = (0.0, 0, 0);
        for _ in 0..calls {
            if left == 0 {
                gap = 1 + draw(2 * mean_gap - 1);
                left = gap;
            }
            left -= 1;
            if left == 0 {
                let read = |t: f64| (t / clock.step_ms).floor() * clock.step_ms;
                let (w, d) = (gap as f64, read(t + true_ms + clock.cost_ms) - read(t));
                stats.n += 1.0;
                stats.w += w;
                stats.wd += w * d;
                if gap > 1 {
                    stats.w2 += w * w;
                    stats.w2d += w * w * d;
                    stats.w2d2 += w * w * d * d;
                } else if d > 0.0 {
                    stats.step_var += clock.step_ms * clock.step_ms;
                }
            }
            // What Go does between two calls: calls must not keep step with the clock.
            t += true_ms + draw(1_200) as f64 / 1e6;
        }
        stats
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn truth_lies_within_the_error(
            gap in 1u64..64, ns in 80u64..4_000, step_us in prop::sample::select(vec![5u64, 100]), seed in any::<u64>(),
            off in -1.0..1.0f64,
        ) {
            let clock = Clock { step_ms: step_us as f64 / 1e3, cost_ms: 0.000_06, cost_error_ms: 0.000_03 };
            let (calls, true_ms) = (120_000, ns as f64 / 1e6);
            let stats = simulate(calls, gap, true_ms, clock, seed);
            let calibrated = Clock { cost_ms: clock.cost_ms + off * clock.cost_error_ms, ..clock };
            let got = estimate(calls, &stats, calibrated).tally;
            let truth = calls as f64 * true_ms;
            // 2.5 times the 95 % half-width: a property test over many cases must not fail one time in twenty.
            prop_assert!((got.time_ms - truth).abs() <= 2.5 * got.time_error_ms, "{got:?} against {truth}");
            if gap < 16 && ns >= 1_000 {
                prop_assert!(got.time_error_ms < truth / 2.0, "an error that says nothing: {got:?}");
            }
        }
    }

    #[test]
    fn nothing_timed_says_nothing() {
        let got = estimate(5, &Stats::default(), Clock::default());
        assert_eq!(got, Estimate::new(Tally { calls: 5, ..Tally::default() }, 0.0, 0.0));
    }

    #[test]
    fn no_tick_seen_is_a_bound_not_a_zero() {
        let stats = Stats { n: 10.0, w: 10.0, ..Stats::default() };
        let got = estimate(10, &stats, Clock { step_ms: 0.1, ..Clock::default() }).tally;
        assert_eq!((got.time_ms, got.timed_calls), (0.0, 10));
        assert!((got.time_error_ms - 0.1 * 1.96 * 1.96).abs() < 1e-9, "{got:?}");
    }
}
