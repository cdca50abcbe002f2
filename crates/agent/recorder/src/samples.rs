//! Sampled crossings, at most [`CAP`] of them.

use alloc::vec;
use alloc::vec::Vec;

use protocol::Samples;

/// Most samples kept. Beyond, one of each two neighbours stays, with the weight of both.
pub const CAP: usize = 200_000;

/// The samples of one instance.
pub struct SampleLog {
    /// The columns.
    pub columns: Samples,
    /// How many went.
    pub dropped: u64,
    /// How often the log was thinned; readers' positions halve each time.
    pub thinned: u32,
    random: u64,
}

impl Default for SampleLog {
    fn default() -> SampleLog {
        // Any number but 0.
        SampleLog { columns: Samples::default(), dropped: 0, thinned: 0, random: 0x9e37_79b9_7f4a_7c15 }
    }
}

impl SampleLog {
    /// Appends one.
    #[expect(clippy::too_many_arguments, reason = "one per column")]
    pub fn push(
        &mut self,
        t: f64,
        node: u32,
        import: u32,
        member: u32,
        weight: f64,
        time_ms: f64,
        bytes: f64,
        goid: u64,
        cap: usize,
    ) {
        if self.columns.t.len() >= cap {
            self.thin();
        }
        // Samples taken after a thinning stand for as much as those before it: the hooks' weights are per crossing.
        let to = &mut self.columns;
        to.t.push(t);
        to.node.push(node);
        to.import.push(import);
        to.member.push(member);
        to.weight.push(weight as f32);
        to.time_ms.push(time_ms as f32);
        to.bytes.push(bytes);
        to.goid.push(goid);
    }

    /// Keeps one of each two neighbours, drawn by weight: a fixed choice would follow any rhythm in the program.
    pub fn thin(&mut self) {
        let before = self.columns.t.len();
        let mut keep = vec![true; before];
        for at in (0..before.saturating_sub(1)).step_by(2) {
            let [first, second] = [at, at + 1].map(|i| f64::from(self.columns.weight[i]));
            let later = self.draw() * (first + second) >= first;
            keep[at + usize::from(!later)] = false;
            self.columns.weight[at + usize::from(later)] = (first + second) as f32;
        }
        let s = &mut self.columns;
        retain(&mut s.t, &keep);
        retain(&mut s.node, &keep);
        retain(&mut s.import, &keep);
        retain(&mut s.member, &keep);
        retain(&mut s.weight, &keep);
        retain(&mut s.time_ms, &keep);
        retain(&mut s.bytes, &keep);
        retain(&mut s.goid, &keep);
        self.dropped += (before - s.t.len()) as u64;
        self.thinned += 1;
    }

    /// Lets go of all samples, which count as dropped.
    pub fn free(&mut self) {
        self.dropped += self.columns.t.len() as u64;
        self.columns = Samples::default();
    }

    /// A number in [0, 1): xorshift64.
    fn draw(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) as f64 / (1u64 << 53) as f64
    }

    /// The samples from position `from` on.
    pub fn since(&self, from: usize) -> Samples {
        let s = &self.columns;
        Samples {
            t: tail(&s.t, from),
            node: tail(&s.node, from),
            import: tail(&s.import, from),
            member: tail(&s.member, from),
            weight: tail(&s.weight, from),
            time_ms: tail(&s.time_ms, from),
            bytes: tail(&s.bytes, from),
            goid: tail(&s.goid, from),
        }
    }
}

/// Keeps the marked positions.
pub fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut marks = keep.iter();
    column.retain(|_| marks.next().copied().unwrap_or(false));
}

/// Where position `at` of a reader is after one of each two neighbours went.
pub fn halved(at: usize) -> usize {
    at.div_ceil(2)
}

/// A copy of what lies at `from` and after.
pub fn tail<T: Clone>(column: &[T], from: usize) -> Vec<T> {
    column.get(from..).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_weight_and_halves_the_rest() {
        let mut log = SampleLog::default();
        for i in 0..9 {
            log.push(f64::from(i), 0, 0, 0, 3.0, 0.5, f64::NAN, 1, 8);
        }
        let pairs: Vec<f64> = log.columns.t.iter().map(|t| (t / 2.0).floor()).collect();
        assert_eq!(pairs, [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(log.columns.weight, [6.0, 6.0, 6.0, 6.0, 3.0]);
        assert_eq!((log.dropped, log.thinned), (4, 1));
        assert_eq!(log.since(3).t, log.columns.t[3..]);
        assert_eq!((halved(8), halved(7), halved(0)), (4, 4, 0));
        log.thin();
        assert_eq!(log.columns.weight, [12.0, 12.0, 3.0], "the last has no neighbour to stand for");
    }

    #[test]
    fn a_rhythm_of_two_survives_by_weight() {
        let mut log = SampleLog::default();
        for i in 0..80_000u32 {
            log.push(f64::from(i), 0, i % 2, 0, f64::from(1 + 2 * (i % 2)), 0.5, f64::NAN, 1, 10_000);
        }
        let weight = |import: u32| -> f64 {
            let rows = log.columns.import.iter().zip(&log.columns.weight);
            rows.filter(|row| *row.0 == import).map(|row| f64::from(*row.1)).sum()
        };
        assert_eq!(weight(0) + weight(1), 160_000.0);
        assert!((weight(1) / 160_000.0 - 0.75).abs() < 0.03, "{}", weight(1));
    }
}
