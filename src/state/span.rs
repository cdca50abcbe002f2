//! How much of the past the time axis shows while it follows now.

use crate::viz::Range;

/// While the program is young, the axis is at least this long, ms.
pub const YOUNG_MS: f64 = 5e3;

/// A length of the time axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// Ten seconds.
    TenSeconds,
    /// One minute.
    #[default]
    Minute,
    /// Ten minutes.
    TenMinutes,
}

impl Span {
    /// All lengths, shortest first.
    pub const ALL: [Self; 3] = [Self::TenSeconds, Self::Minute, Self::TenMinutes];

    /// Its length in ms.
    pub fn ms(self) -> f64 {
        match self {
            Self::TenSeconds => 10e3,
            Self::Minute => 60e3,
            Self::TenMinutes => 600e3,
        }
    }

    /// The stretch shown at `now` of a recording that goes back to `begin`: it grows until it is as long as it may
    /// be, then moves along. A program that has ended needs no room to grow.
    pub fn range(self, begin: f64, now: f64, growing: bool) -> Range {
        let start = begin.max(now - self.ms());
        let end = if growing { now.max(start + YOUNG_MS.min(self.ms())) } else { now };
        Range::new(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_then_follows() {
        assert_eq!(Span::Minute.range(1e3, 2e3, true), Range::new(1e3, 6e3));
        assert_eq!(Span::Minute.range(1e3, 31e3, true), Range::new(1e3, 31e3));
        assert_eq!(Span::Minute.range(1e3, 100e3, true), Range::new(40e3, 100e3));
        assert_eq!(Span::Minute.range(1e3, 1.5e3, false), Range::new(1e3, 1.5e3));
    }
}
