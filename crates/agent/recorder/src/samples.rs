//! Sampled crossings, at most [`CAP`] of them.

use alloc::vec::Vec;

use protocol::Samples;

/// Most samples kept. Beyond, every second one goes and weights double.
pub const CAP: usize = 200_000;

/// The samples of one instance.
#[derive(Default)]
pub struct SampleLog {
    /// The columns.
    pub columns: Samples,
    /// How many went.
    pub dropped: u64,
    /// How often the log was thinned; readers' positions halve each time.
    pub thinned: u32,
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

    fn thin(&mut self) {
        let s = &mut self.columns;
        let before = s.t.len();
        every_second(&mut s.t);
        every_second(&mut s.node);
        every_second(&mut s.import);
        every_second(&mut s.member);
        every_second(&mut s.weight);
        every_second(&mut s.time_ms);
        every_second(&mut s.bytes);
        every_second(&mut s.goid);
        for weight in &mut s.weight {
            *weight *= 2.0;
        }
        self.dropped += (before - s.t.len()) as u64;
        self.thinned += 1;
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

/// Keeps positions 0, 2, 4, …
pub fn every_second<T>(column: &mut Vec<T>) {
    let mut at = 0usize;
    column.retain(|_| {
        at += 1;
        at % 2 == 1
    });
}

/// Where position `at` of a reader is after one [`every_second`].
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
        assert_eq!(log.columns.t, [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(log.columns.weight, [6.0, 6.0, 6.0, 6.0, 3.0]);
        assert_eq!((log.dropped, log.thinned), (4, 1));
        assert_eq!(log.since(3).t, [6.0, 8.0]);
        assert_eq!((halved(8), halved(7), halved(0)), (4, 4, 0));
    }
}
