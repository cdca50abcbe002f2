//! The hooks' exact counters, taken over as totals and as buckets of what they moved by.

use alloc::vec::Vec;

use crate::estimate::{Clock, Estimate, Stats, estimate};
use crate::instance::InstanceState;
use crate::rows::set;
use crate::series::Bucket;

/// Counters of an instance as the hooks hold them; totals.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// When they were read.
    pub t: f64,
    /// Per import: calls, bytes (NaN: none we can know), timing.
    pub imports: Vec<(f64, f64, Stats)>,
    /// Per member: calls, timing.
    pub members: Vec<(f64, Stats)>,
    /// Linear memory now.
    pub memory_bytes: f64,
    /// JS values Go holds now; NaN unknown.
    pub js_refs: f64,
    /// `js.Func` made and not released; NaN unknown.
    pub funcs: f64,
    /// The page's JS heap; NaN unknown.
    pub js_heap_bytes: f64,
    /// Goroutines now; NaN unknown.
    pub goroutines: f64,
    /// Into Go.
    pub bytes_to_go: f64,
    /// Out of Go.
    pub bytes_to_js: f64,
}

impl InstanceState {
    /// `js.Func` made since the recording began, by these counters.
    pub(crate) fn funcs_made(&self, totals: &Totals) -> u64 {
        self.held.func_member.and_then(|at| totals.members.get(at)).map_or(0, |(calls, _)| *calls as u64)
    }

    /// Takes over the hooks' counters, and what they moved by as a bucket.
    pub fn totals(&mut self, totals: &Totals, clock: Clock) {
        if !self.keeps() {
            return;
        }
        let members = totals.members.iter().map(|(calls, stats)| estimate(*calls as u64, stats, clock));
        let mut members: Vec<Estimate> = members.collect();
        members.resize(self.members.len(), Estimate::default());
        for (at, now) in members.iter().enumerate() {
            self.members.edit(at, |member| set(&mut member.tally, now.tally));
        }
        let made = self.funcs_made(totals);
        // What has exited calls none any more.
        let live = if self.exit_code.is_some() { 0.0 } else { totals.funcs };
        let funcs = self.held.count_funcs(made, live);
        let mut bucket = Bucket {
            t: totals.t,
            bytes_to_go: totals.bytes_to_go - self.bytes_told.0,
            bytes_to_js: totals.bytes_to_js - self.bytes_told.1,
            memory_bytes: totals.memory_bytes,
            js_refs: totals.js_refs,
            funcs,
            js_heap_bytes: totals.js_heap_bytes,
            goroutines: totals.goroutines,
            ..Bucket::default()
        };
        self.bytes_told = (totals.bytes_to_go, totals.bytes_to_js);
        self.told_ms.resize(self.imports.len(), 0.0);
        for (i, (calls, bytes, stats)) in totals.imports.iter().enumerate() {
            let calls = *calls as u64;
            let own = self.members.iter().zip(&members).filter(|(member, _)| member.import as usize == i);
            let sum = sum_of_members(calls, own.map(|(_, now)| now));
            let now = sum.unwrap_or_else(|| estimate(calls, stats, clock)).tally;
            let (Some(import), Some(told)) = (self.imports.get(i), self.told_ms.get(i)) else { continue };
            bucket.calls.push(calls.saturating_sub(import.tally.calls).min(u64::from(u32::MAX)) as u32);
            bucket.time_ms.push((now.time_ms - told).max(0.0) as f32);
            let bytes = bytes.is_finite().then_some(*bytes as u64);
            self.imports.edit(i, |import| set(&mut import.tally, now) | set(&mut import.bytes, bytes));
        }
        let time_ms = bucket.time_ms.clone();
        if self.series.push(bucket) {
            // An estimate that falls is told by buckets that stay at 0 until it has caught up.
            for (told, more) in self.told_ms.iter_mut().zip(time_ms) {
                *told += f64::from(more);
            }
        }
    }
}

/// An import's estimate from those of its members, each its own stratum. `None` for imports without members.
fn sum_of_members<'a>(calls: u64, members: impl Iterator<Item = &'a Estimate>) -> Option<Estimate> {
    let mut sum = protocol::Tally { calls, ..protocol::Tally::default() };
    let (mut seen, mut timed, mut variance, mut bias) = (false, 0u64, 0.0, 0.0);
    for one in members {
        seen = true;
        if one.tally.timed_calls > 0 {
            timed += one.tally.calls;
            sum.time_ms += one.tally.time_ms;
            sum.timed_calls += one.tally.timed_calls;
            variance += one.sampling_ms * one.sampling_ms;
            bias += one.bias_ms;
        }
    }
    // Members too rare to have been timed are taken to cost what the others do.
    let scale = if timed > 0 { calls as f64 / timed as f64 } else { 0.0 };
    sum.time_ms *= scale;
    seen.then(|| Estimate::new(sum, libm::sqrt(variance) * scale, bias * scale))
}

#[cfg(test)]
mod tests {
    use protocol::Import;

    use super::*;

    #[test]
    fn an_import_is_the_sum_of_its_members() {
        let stats = |d: f64| Stats { n: 10.0, w: 10.0, wd: 10.0 * d, ..Stats::default() };
        let mut instance = InstanceState::default();
        instance.add_import("syscall/js.valueGet".into());
        instance.add_member(0, Some("a".into()));
        instance.add_member(0, Some("b".into()));
        let totals = Totals {
            imports: vec![(30.0, f64::NAN, Stats::default())],
            members: vec![(10.0, stats(2.0)), (20.0, stats(1.0))],
            ..Totals::default()
        };
        instance.totals(&totals, Clock::default());
        assert_eq!(instance.imports[0].tally.time_ms, 40.0);
        assert_eq!((instance.imports[0].tally.timed_calls, instance.imports[0].bytes), (20, None));
        assert_eq!(instance.series.columns.calls, [[30]]);
    }

    fn recorded(calls: &[(f64, f64)]) -> InstanceState {
        let mut instance = InstanceState::default();
        instance.add_import("syscall/js.valueGet".into());
        for (at, &(calls, mean)) in calls.iter().enumerate() {
            let stats = Stats { n: 10.0, w: 10.0, wd: 10.0 * mean, ..Stats::default() };
            let imports = vec![(calls, 8.0 * calls, stats)];
            instance.totals(&Totals { t: at as f64, imports, ..Totals::default() }, Clock::default());
        }
        instance
    }

    #[test]
    fn buckets_add_up_to_an_estimate_that_falls_and_rises() {
        let instance = recorded(&[(10.0, 2.0), (20.0, 0.5), (30.0, 0.5), (40.0, 1.0)]);
        assert_eq!(instance.imports[0].tally.time_ms, 40.0);
        assert_eq!(instance.series.columns.time_ms, [[20.0, 0.0, 0.0, 20.0]]);
    }

    #[test]
    fn time_held_back_with_a_quiet_bucket_is_told_with_the_next() {
        let instance = recorded(&[(10.0, 2.0), (10.0, 3.0), (20.0, 2.0)]);
        assert_eq!(instance.series.columns.time_ms, [[20.0, 0.0, 20.0]]);
    }

    #[test]
    fn clearing_forgets_bytes_too() {
        let mut instance = recorded(&[(10.0, 2.0)]);
        assert_eq!(instance.imports[0].bytes, Some(80));
        instance.clear();
        assert_eq!(instance.imports[0], Import { name: "syscall/js.valueGet".into(), ..Import::default() });
    }

    #[test]
    fn what_is_wrong_with_the_clock_adds_up_over_members() {
        let clock = Clock { cost_error_ms: 0.5, ..Clock::default() };
        // One call in ten timed, no spread but the clock's step.
        let stats = Stats { n: 10.0, w: 10.0, wd: 100.0, step_var: 1.0, ..Stats::default() };
        let one = estimate(100, &stats, clock);
        assert_eq!((one.sampling_ms, one.bias_ms), (19.6, 50.0));
        let sum = sum_of_members(400, [one; 4].iter()).unwrap_or_default();
        assert!((sum.sampling_ms - 2.0 * 19.6).abs() < 1e-9 && sum.bias_ms == 200.0, "{sum:?}");
        assert!((sum.tally.time_error_ms - (39.2f64 * 39.2 + 200.0 * 200.0).sqrt()).abs() < 1e-9);
    }
}
