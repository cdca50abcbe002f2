//! Medians and how sure they are. No distribution is assumed: timings have long tails.

/// A median and the bounds of its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// The median of `values`; its interval lies between two order statistics.
    pub fn of(values: &[f64]) -> Self {
        let sorted = sorted(values);
        let tail = tail_rank(sorted.len());
        let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
        Self { median: median(&sorted), low: at(tail), high: at(sorted.len().wrapping_sub(1 + tail)) }
    }
}

/// How `compare`, a function of two medians, comes out for paired values; its interval is the middle 95 % of
/// what it gives for pairs drawn with replacement.
pub(super) fn compared(pairs: &[[f64; 2]], compare: fn(f64, f64) -> f64) -> Estimate {
    const DRAWS: usize = 4000;
    let side =
        |pairs: &[[f64; 2]], side: usize| median(&sorted(&pairs.iter().map(|p| p[side]).collect::<Vec<_>>()));
    let value = |pairs: &[[f64; 2]]| compare(side(pairs, 0), side(pairs, 1));
    let mut seed = 1;
    let mut draw = || value(&pairs.iter().map(|_| pairs[below(&mut seed, pairs.len())]).collect::<Vec<_>>());
    let drawn = sorted(&(0..DRAWS).map(|_| draw()).collect::<Vec<_>>());
    Estimate { median: value(pairs), low: drawn[DRAWS / 40], high: drawn[DRAWS - 1 - DRAWS / 40] }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => f64::NAN,
        n => (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0,
    }
}

/// How many values may be left out at each end so that the rest spans the median with at least 95 %: the largest
/// `k` for which `k` or fewer heads in `n` throws of a coin have at most 2.5 %. Below 6 values there is none, and
/// the interval is all there is.
fn tail_rank(n: usize) -> usize {
    let mut term = 0.5f64.powi(n as i32);
    let mut below = term;
    let mut rank = 0;
    while below <= 0.025 && rank < n / 2 {
        term *= (n - rank) as f64 / (rank + 1) as f64;
        below += term;
        rank += 1;
    }
    rank.saturating_sub(1)
}

/// A number below `n`, by SplitMix64: the same run gives the same interval.
fn below(seed: &mut u64, n: usize) -> usize {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) % n as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_median_is_that_of_the_tables() {
        // Ranks 6 and 15 of 20 span the median with 95.9 %, the extremes of 6 with 96.9 %.
        let twenty: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!(Estimate::of(&twenty), Estimate { median: 10.5, low: 6.0, high: 15.0 });
        assert_eq!(
            Estimate::of(&[6.0, 1.0, 5.0, 2.0, 4.0, 3.0]),
            Estimate { median: 3.5, low: 1.0, high: 6.0 }
        );
        assert_eq!(Estimate::of(&[2.0]), Estimate { median: 2.0, low: 2.0, high: 2.0 });
    }

    #[test]
    fn a_ratio_of_pairs_is_found_through_common_noise() {
        let pairs: Vec<[f64; 2]> =
            (0..25).map(|i| f64::from(100 + (i * 7) % 5)).map(|c| [c, c * 1.1]).collect();
        let ratio = compared(&pairs, |control, agent| agent / control);
        for bound in [ratio.low, ratio.median, ratio.high] {
            assert!((bound - 1.1).abs() < 1e-12, "{ratio:?}");
        }
        let unpaired: Vec<[f64; 2]> = (0..25).map(|i| [f64::from(100 + i), f64::from(150 - i)]).collect();
        let difference = compared(&unpaired, |control, agent| agent - control);
        assert!(
            difference.median == 26.0 && difference.low < 22.0 && difference.high > 30.0,
            "{difference:?}"
        );
    }
}
