//! From sampled crossings to all crossings.
//!
//! Calls, time and bytes of an import are known as a whole (`calls` and `bytes` exactly, time with its own error);
//! the samples tell how they spread. So the whole is divided in the samples' proportion: a ratio estimate, one
//! stratum per import of an instance ([`Stratum`]). The shares of an import add up to it exactly.

use super::{Estimate, strata::Stratum};
use crate::Sample;

/// Normal quantile of a 95 % interval.
const Z: f64 = 1.96;

/// Sums over samples: all a share and its error need, so that new samples are added without a look at old ones.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Samples.
    pub samples: u64,
    calls: Moments,
    time: Moments,
    bytes: Moments,
}

/// Weighted sums of one quantity x.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    /// Samples in which x is known.
    n: u64,
    /// Sum of weights.
    w: f64,
    /// Sum of w x.
    wx: f64,
    /// Sum of w x².
    wxx: f64,
    /// Sum of w² x².
    wwxx: f64,
}

impl Moments {
    fn add(&mut self, w: f64, x: f64) {
        self.n += 1;
        self.w += w;
        self.wx += w * x;
        self.wxx += w * x * x;
        self.wwxx += w * w * x * x;
    }

    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.w += other.w;
        self.wx += other.wx;
        self.wxx += other.wxx;
        self.wwxx += other.wwxx;
    }

    /// Sum of v (v - 1) x², v = g w being how many crossings a sample stands for once all `calls` are accounted
    /// for: the variance it adds (Horvitz-Thompson). None where it stands for itself alone.
    fn variance(&self, g: f64) -> f64 {
        (g * g * self.wwxx - g * self.wxx).max(0.0)
    }
}

/// A share r of a stratum, its variance, and 1/n of the stratum's effective sample size.
struct Share {
    r: f64,
    variance: f64,
    per_n: f64,
}

impl Tally {
    /// Adds a sample.
    pub fn add(&mut self, sample: &Sample) {
        let weight = f64::from(sample.weight);
        self.samples += 1;
        self.calls.add(weight, 1.0);
        if let Some(time) = sample.time_ms {
            self.time.add(weight, time.into());
        }
        if let Some(bytes) = sample.bytes {
            self.bytes.add(weight, bytes);
        }
    }

    /// Adds another tally of the same stratum.
    pub fn merge(&mut self, other: &Self) {
        self.samples += other.samples;
        self.calls.merge(&other.calls);
        self.time.merge(&other.time);
        self.bytes.merge(&other.bytes);
    }

    /// Whether no sample fell in.
    pub fn is_empty(&self) -> bool {
        self.calls.w <= 0.0
    }

    /// This part's calls, `whole` being all samples of the stratum.
    pub fn calls(&self, whole: &Self, stratum: &Stratum) -> Estimate {
        let all = stratum.calls;
        let Some(share) = share(&self.calls, &whole.calls, all.value) else { return Estimate::default() };
        // Wilson's interval, so that "all samples were here" does not read as "all calls were here".
        let z = Z * Z * share.per_n;
        let half = Z / (1.0 + z) * (share.variance + z * share.per_n / 4.0).sqrt();
        // Divided last: of all crossings together it is all of them exactly.
        let value = all.value * self.calls.wx / whole.calls.wx;
        Estimate { value, error: (all.value * half).hypot(share.r * all.error) }
    }

    /// This part's time.
    pub fn time(&self, whole: &Self, stratum: &Stratum) -> Option<Estimate> {
        let all = stratum.time?;
        if self.time.n == 0 {
            return None;
        }
        let calls = stratum.calls.value;
        // Times may all drown in the clock's cost; then calls are the better proportion.
        let share =
            share(&self.time, &whole.time, calls).or_else(|| share(&self.calls, &whole.calls, calls))?;
        let value = all.value * share.r.clamp(0.0, 1.0);
        let error = (Z * all.value * share.variance.sqrt()).hypot(share.r * all.error);
        if value > 0.0 || self.calls.wx >= whole.calls.wx {
            return Some(Estimate { value, error });
        }
        // The clock never moved in these calls: they may still have cost what their number allows.
        let by_calls = (self.calls.wx / whole.calls.wx).max(0.0).sqrt();
        Some(Estimate { value, error: error.max(all.error * by_calls) })
    }

    /// This part's bytes.
    pub fn bytes(&self, whole: &Self, stratum: &Stratum) -> Option<Estimate> {
        let all = stratum.bytes?;
        if all.value == 0.0 {
            return Some(Estimate::exact(0.0));
        }
        let share = share(&self.bytes, &whole.bytes, stratum.calls.value)?;
        let error = (Z * all.value * share.variance.sqrt()).hypot(share.r * all.error);
        Some(Estimate { value: all.value * share.r, error })
    }
}

/// The share of `part` in `whole`, whose samples stand for `calls` crossings.
fn share(part: &Moments, whole: &Moments, calls: f64) -> Option<Share> {
    if whole.wx.is_nan() || whole.wx <= 0.0 || whole.w <= 0.0 || calls <= 0.0 {
        return None;
    }
    let g = calls / whole.w;
    let r = part.wx / whole.wx;
    let (in_part, in_whole) = (part.variance(g), whole.variance(g));
    let scale = (g * whole.wx).powi(2);
    // Linearised ratio: each sample's residual is x (inside - r).
    let variance = ((1.0 - 2.0 * r) * in_part + r * r * in_whole).max(0.0) / scale;
    Some(Share { r, variance, per_n: in_whole / scale })
}
