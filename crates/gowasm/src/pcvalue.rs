//! pcvalue tables: `(zigzag varint value delta, varint PC delta)*` over the blocks of one function.
//!
//! `runtime.pcvalue` and `runtime.step` (`symtab.go`); on wasm `PCQuantum` is 1 and a PC delta counts `PC_B`.

/// A function has at most 65,536 blocks, and few blocks have two values.
const MAX_RUNS: u32 = 1 << 17;

/// A pcvalue table, read as `(value, end)` runs: `value` holds below block `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PcValues<'a> {
    bytes: &'a [u8],
    value: i32,
    end: u32,
    runs: u32,
}

impl<'a> PcValues<'a> {
    /// The table that begins at the first of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> PcValues<'a> {
        PcValues { bytes, value: -1, end: 0, runs: 0 }
    }

    /// The value at `block`; -1 where the table says nothing, as Go does.
    pub(crate) fn at(self, block: u32) -> i32 {
        for (value, end) in self {
            if block < end {
                return value;
            }
        }
        -1
    }

    fn varint(&mut self) -> Option<u32> {
        let (mut value, mut shift) = (0u32, 0);
        loop {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            shift += 7;
        }
    }
}

impl Iterator for PcValues<'_> {
    type Item = (i32, u32);

    fn next(&mut self) -> Option<(i32, u32)> {
        let delta = self.varint()?;
        if (delta == 0 && self.runs > 0) || self.runs == MAX_RUNS {
            self.bytes = &[];
            return None;
        }
        self.runs += 1;
        self.value = self.value.wrapping_add((delta >> 1) as i32 ^ -((delta & 1) as i32));
        self.end = self.end.checked_add(self.varint()?)?;
        Some((self.value, self.end))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::PcValues;

    #[test]
    fn reads_runs_as_runtime_step_does() {
        // -1 +1 = 0 below 2, 0 +8 = 8 below 2 + 0x80, then back to 0 below 131.
        let table = [2, 2, 16, 0x80, 1, 15, 1, 0, 99];
        assert_eq!(PcValues::new(&table).collect::<Vec<_>>(), [(0, 2), (8, 130), (0, 131)]);
        assert_eq!(PcValues::new(&table).at(1), 0);
        assert_eq!(PcValues::new(&table).at(129), 8);
        assert_eq!(PcValues::new(&table).at(131), -1);
    }

    #[test]
    fn first_delta_may_be_zero() {
        assert_eq!(PcValues::new(&[0, 5, 2, 1, 0]).collect::<Vec<_>>(), [(-1, 5), (0, 6)]);
    }

    #[test]
    fn endless_varints_end() {
        assert_eq!(PcValues::new(&[0x80; 64]).at(0), -1);
    }
}
