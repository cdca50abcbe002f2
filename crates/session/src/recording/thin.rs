//! Keeping a growing table under a cap by halving it, evenly over the whole recording.
//!
//! A table that is full keeps one row in two, and from then on one of every two that come, then one of four, and
//! so on: old and new rows stay equally dense. Which row stays depends on its place in the whole sequence alone,
//! so however a recording is cut into frames, the same rows stay.

/// Where a table is in its thinning.
#[derive(Clone, Debug)]
pub struct Thinning {
    seen: u64,
    stride: u64,
}

impl Default for Thinning {
    fn default() -> Self {
        Self { seen: 0, stride: 1 }
    }
}

impl Thinning {
    /// Rows seen so far.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// How many rows one kept row stands for.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// Whether the next row stays, where one of each group is drawn.
    pub fn draw(&mut self) -> bool {
        let (group, offset) = (self.seen / self.stride, self.seen % self.stride);
        self.seen += 1;
        offset == drawn(group, self.stride)
    }

    /// Whether the next row begins a group, where the rows of a group become one.
    pub fn begins(&mut self) -> bool {
        let begins = self.seen.is_multiple_of(self.stride);
        self.seen += 1;
        begins
    }

    /// Halves a table filled by [`Self::draw`].
    pub fn halve_drawn<T>(&mut self, rows: &mut Vec<T>) {
        self.stride *= 2;
        let mut at = 0;
        rows.retain(|_| {
            let keep = at % 2 == later_half(at / 2, self.stride);
            at += 1;
            keep
        });
    }

    /// Makes groups twice as long; the rows of a table filled by [`Self::begins`] are then for [`join_pairs`].
    pub fn coarsen(&mut self) {
        self.stride *= 2;
    }
}

/// Joins every second row into the one before it.
pub fn join_pairs<T: Copy>(rows: &mut Vec<T>, join: impl Fn(&mut T, T)) {
    for at in 0..rows.len() {
        let row = rows[at];
        if at % 2 == 0 {
            rows[at / 2] = row;
        } else {
            join(&mut rows[at / 2], row);
        }
    }
    rows.truncate(rows.len().div_ceil(2));
}

/// Offset of the row drawn from a group: the draw of one of its two halves, so that halving keeps earlier draws.
fn drawn(group: u64, stride: u64) -> u64 {
    let (mut group, mut half, mut offset) = (group, stride / 2, 0);
    while half > 0 {
        let later = later_half(group, half * 2);
        offset += later * half;
        group = group * 2 + later;
        half /= 2;
    }
    offset
}

/// 1 when the later half of a group wins. A fixed choice would follow any rhythm in the program; this has none.
fn later_half(group: u64, stride: u64) -> u64 {
    // The finalizer of SplitMix64.
    let mut x = group.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stride;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) >> 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_early_or_late_keeps_the_same_rows() {
        for len in [1, 2, 7, 64, 1000] {
            let mut late = Thinning::default();
            let mut rows: Vec<u64> = (0..len).filter(|_| late.draw()).collect();
            late.halve_drawn(&mut rows);
            late.halve_drawn(&mut rows);
            let mut early = Thinning { seen: 0, stride: 4 };
            let direct: Vec<u64> = (0..len).filter(|_| early.draw()).collect();
            assert_eq!(rows.iter().filter(|&&row| row / 4 < len / 4).count() as u64, len / 4);
            assert_eq!(rows, direct, "{len} rows");
        }
    }

    #[test]
    fn a_rhythm_of_two_survives() {
        let mut thin = Thinning { seen: 0, stride: 2 };
        let even = (0..20_000).filter(|_| thin.draw()).filter(|row| row % 2 == 0).count();
        assert!((4_600..5_400).contains(&even), "{even} of 10,000 kept rows are even");
    }
}
