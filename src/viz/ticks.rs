//! Round numbers for axes.

use super::Range;

/// Steps a reader of clocks finds round, in ms.
const TIME_STEPS: [f64; 18] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5];

/// The times in `range` (ms) at which a tick stands, at least `apart` pixels from each other on `pixels`.
pub fn time(range: Range, pixels: f64, apart: f64) -> Vec<f64> {
    let least = range.len() * apart / pixels.max(1.0);
    let step = TIME_STEPS.into_iter().find(|step| *step >= least).unwrap_or((least / 6e5).ceil() * 6e5);
    let first = (range.start / step).ceil();
    let count = ((range.end / step).floor() - first + 1.0).clamp(0.0, 1000.0);
    (0..count as usize).map(|i| (first + i as f64) * step).collect()
}

/// The smallest round number (1, 2 or 5 times a power of 10) that is not below `max`: the top of a
/// value axis. Steady while the data's maximum moves within it.
pub fn ceiling(max: f64) -> f64 {
    if !max.is_finite() || max <= 0.0 {
        return 1.0;
    }
    let decade = 10f64.powf(max.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|m| m * decade).find(|top| *top >= max).unwrap_or(10.0 * decade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_ticks_are_round_and_apart() {
        assert_eq!(time(Range::new(0.0, 60e3), 600.0, 100.0), [0.0, 1e4, 2e4, 3e4, 4e4, 5e4, 6e4]);
        assert_eq!(
            time(Range::new(1_250.0, 1_450.0), 500.0, 100.0),
            [1_250.0, 1_300.0, 1_350.0, 1_400.0, 1_450.0]
        );
    }

    #[test]
    fn any_range_gives_few_ticks() {
        for range in [Range::new(0.0, 1e12), Range::new(-5.0, 5.0), Range::new(1e9, 1e9 + 0.001)] {
            assert!(time(range, 800.0, 80.0).len() <= 11, "{range:?}");
        }
        assert!(time(Range::new(0.0, 100.0), 0.0, 80.0).len() <= 1000);
    }

    #[test]
    fn ceilings_hold_the_maximum() {
        for (max, top) in [(0.0, 1.0), (1.0, 1.0), (1.01, 2.0), (3.0, 5.0), (7e5, 1e6), (f64::NAN, 1.0)] {
            assert_eq!(ceiling(max), top, "{max}");
        }
    }
}
