//! Figures that are estimated.

use std::ops::Add;

/// A figure and the half-width of its 95 % interval; 0 where it is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Half-width of its 95 % interval.
    pub error: f64,
}

impl Estimate {
    /// An exact figure.
    pub fn exact(value: f64) -> Self {
        Self { value, error: 0.0 }
    }

    /// A figure of the session, unknown where either part is.
    pub fn known(value: Option<f64>, error: Option<f64>) -> Option<Self> {
        Some(Self { value: value?, error: error? })
    }

    /// A count of which `least` were seen, and that is surely no more than `most`.
    pub fn within(self, least: f64, most: f64) -> Self {
        if self.value + self.error <= most || least > most {
            return self;
        }
        let value = self.value.min(most);
        Self { value, error: self.error.min((value - least).max(most - value)) }
    }

    /// The figure in another unit, or for one of many.
    pub fn scale(self, by: f64) -> Self {
        Self { value: self.value * by, error: self.error * by.abs() }
    }
}

/// The sum of independent estimates.
impl Add for Estimate {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, error: self.error.hypot(other.error) }
    }
}

/// The sum of what is known; unknown where nothing is.
pub fn sum(parts: impl IntoIterator<Item = Option<Estimate>>) -> Option<Estimate> {
    parts.into_iter().flatten().reduce(Estimate::add)
}
