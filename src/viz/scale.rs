//! Ranges and the linear map from data to pixels.

/// A half-open stretch of an axis, `start < end` whenever it was built by [`Range::new`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// First value.
    pub start: f64,
    /// One past the last.
    pub end: f64,
}

impl Range {
    /// A range; an empty, reversed or non-finite one is widened to a length of 1 so that no scale divides by 0.
    pub fn new(start: f64, end: f64) -> Self {
        let start = if start.is_finite() { start } else { 0.0 };
        let end = if end.is_finite() && end > start { end } else { start + 1.0 };
        Self { start, end }
    }

    /// Its length.
    pub fn len(self) -> f64 {
        self.end - self.start
    }
}

/// A linear map from `domain` (data) to `[0, pixels]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    domain: Range,
    pixels: f64,
}

impl Scale {
    /// Maps the domain's start to 0 and its end to `pixels`.
    pub fn new(domain: Range, pixels: f64) -> Self {
        Self { domain, pixels: pixels.max(0.0) }
    }

    /// The pixel of a value; outside the domain it lies outside `[0, pixels]`.
    pub fn to_pixel(self, value: f64) -> f64 {
        (value - self.domain.start) / self.domain.len() * self.pixels
    }

    /// The value at a pixel.
    pub fn to_value(self, pixel: f64) -> f64 {
        if self.pixels == 0.0 {
            return self.domain.start;
        }
        self.domain.start + pixel / self.pixels * self.domain.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_map_to_ends_and_back() {
        let scale = Scale::new(Range::new(100.0, 300.0), 50.0);
        assert_eq!(scale.to_pixel(100.0), 0.0);
        assert_eq!(scale.to_pixel(300.0), 50.0);
        assert_eq!(scale.to_pixel(200.0), 25.0);
        assert_eq!(scale.to_value(25.0), 200.0);
    }

    #[test]
    fn degenerate_input_never_divides_by_zero() {
        for range in [Range::new(5.0, 5.0), Range::new(5.0, 1.0), Range::new(f64::NAN, f64::INFINITY)] {
            assert!(range.len() > 0.0);
            assert!(Scale::new(range, 10.0).to_pixel(5.0).is_finite());
        }
        assert_eq!(Scale::new(Range::new(1.0, 2.0), 0.0).to_value(3.0), 1.0);
    }
}
