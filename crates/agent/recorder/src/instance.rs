//! The recording of one Go program: its counters, samples, stacks and phases.

use alloc::string::String;
use alloc::vec::Vec;

use gowasm::{MARK_INIT, MARK_MAIN, MARK_PARK, Memory, Unwinder};
use protocol::{Cause, Grows, Import, Json, Member, Phase, PhaseKind};

use crate::estimate::{Clock, Stats, tally};
use crate::samples::SampleLog;
use crate::series::{Bucket, SeriesLog};
use crate::slices::SliceLog;
use crate::stacks::StackTable;

/// Most growths kept: Go's arenas are 512 KB and more of at most 4 GB.
const MAX_GROWS: usize = 10_000;
/// Most members kept by name.
const MAX_MEMBERS: usize = 8_192;

/// A sampled crossing; times in ms, NaN for what is not known.
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    /// Position in imports.
    pub import: u32,
    /// Position in members, or [`protocol::NO_MEMBER`].
    pub member: u32,
    /// Begin.
    pub t: f64,
    /// Own time.
    pub time_ms: f64,
    /// Crossings it stands for.
    pub weight: f64,
    /// Bytes it copied.
    pub bytes: f64,
    /// Go's stack pointer in the import.
    pub sp: u32,
}

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
    /// Into Go.
    pub bytes_to_go: f64,
    /// Out of Go.
    pub bytes_to_js: f64,
}

/// One instance.
#[derive(Default)]
pub struct InstanceState {
    /// Id, unique in the recording.
    pub id: u32,
    /// Its module's id.
    pub module: u32,
    /// Its realm's id.
    pub realm: u32,
    /// Set once the program has exited.
    pub exit_code: Option<i32>,
    /// By start.
    pub phases: Vec<Phase>,
    /// In the order the engine linked them.
    pub imports: Vec<Import>,
    /// In order of first use.
    pub members: Vec<Member>,
    /// Distinct stacks.
    pub stacks: StackTable,
    /// Sampled crossings.
    pub samples: SampleLog,
    /// Buckets.
    pub series: SeriesLog,
    /// Stays in Go.
    pub slices: SliceLog,
    /// Growths of memory.
    pub grows: Grows,
    /// JSON work, where it is watched.
    pub json: Vec<Json>,
    /// `MARK_*` bits seen on any stack so far.
    marks: u8,
    /// Estimated time in imports so far, ms, from samples: what slices take their share from.
    bridge_ms: f64,
    bridge_at_slice: f64,
    bytes_told: (f64, f64),
    pcs: Vec<u64>,
}

impl InstanceState {
    /// An instance of `module` that has done nothing yet.
    pub fn new(id: u32, module: u32, realm: u32) -> InstanceState {
        InstanceState { id, module, realm, ..InstanceState::default() }
    }

    /// Reads the stack at `sp` and notes what it tells of start-up. Returns its node.
    pub fn stack<M: Memory>(&mut self, unwinder: &mut Unwinder, t: f64, sp: u32, memory: &mut M) -> u32 {
        let walk = unwinder.walk(u64::from(sp), memory, &mut self.pcs);
        let new = walk.marks & !self.marks;
        if new & MARK_INIT != 0 && self.marks & MARK_MAIN == 0 {
            self.begin(PhaseKind::PackageInit, t, true);
        }
        if new & MARK_MAIN != 0 {
            // One that crosses only to wait may have computed before.
            self.begin(PhaseKind::Main, t, walk.marks & MARK_PARK == 0);
        }
        self.marks |= walk.marks;
        if !walk.complete && !self.pcs.is_empty() {
            self.pcs.push(protocol::CALLERS_UNKNOWN);
        }
        self.stacks.intern(&self.pcs)
    }

    /// Whether its `run` has been called.
    pub fn has_run(&self) -> bool {
        self.phases.iter().any(|phase| phase.kind >= PhaseKind::RuntimeInit)
    }

    /// `MARK_*` bits seen on any stack so far.
    pub fn marks(&self) -> u8 {
        self.marks
    }

    /// Keeps a sampled crossing whose stack is `node`.
    pub fn cross(&mut self, crossing: Crossing, node: u32, goid: u64, cap: usize) {
        let Crossing { import, member, t, time_ms, weight, bytes, .. } = crossing;
        if time_ms.is_finite() {
            self.bridge_ms += time_ms * weight;
        }
        self.samples.push(t, node, import, member, weight, time_ms, bytes, goid, cap);
    }

    /// A growth of linear memory, in bytes.
    pub fn grow(&mut self, t: f64, from: f64, to: f64, node: u32) {
        if self.grows.t.len() < MAX_GROWS {
            self.grows.t.push(t);
            self.grows.from_bytes.push(from);
            self.grows.to_bytes.push(to);
            self.grows.node.push(node);
        }
    }

    /// A stay in Go has ended.
    pub fn slice(&mut self, start: f64, end: f64, cause: Cause, calls: u32, cap: usize) {
        let bridge = (self.bridge_ms - self.bridge_at_slice).clamp(0.0, end - start);
        self.bridge_at_slice = self.bridge_ms;
        self.slices.push(start, end, cause, bridge, calls, cap);
    }

    /// Sets a phase that the hooks saw.
    pub fn phase(&mut self, phase: Phase) {
        self.phases.retain(|known| known.kind != phase.kind);
        let at = self
            .phases
            .partition_point(|known| (known.start, known.kind as u8) <= (phase.start, phase.kind as u8));
        self.phases.insert(at, phase);
    }

    /// A phase inside `run` begins, and ends the one before it.
    pub fn begin(&mut self, kind: PhaseKind, t: f64, exact: bool) {
        for open in &mut self.phases {
            if open.kind >= PhaseKind::RuntimeInit && open.end.is_none() {
                open.end = Some(t);
                open.exact &= exact;
            }
        }
        self.phase(Phase { kind, start: t, end: None, exact });
    }

    /// `run` has returned for the first time: whatever was not seen to begin has begun by now.
    pub fn run_returned(&mut self, t: f64) {
        if self.marks & MARK_MAIN == 0 {
            self.begin(PhaseKind::Main, t, false);
        }
    }

    /// The program is over.
    pub fn exit(&mut self, t: f64, code: i32) {
        self.exit_code = Some(code);
        for open in self.phases.iter_mut().filter(|phase| phase.end.is_none()) {
            open.end = Some(t);
        }
    }

    /// A new import; returns its position.
    pub fn add_import(&mut self, name: String) -> u32 {
        self.imports.push(Import { name, ..Import::default() });
        (self.imports.len() - 1) as u32
    }

    /// A new member (`None`: all that have no constant name); `None` when there are too many.
    pub fn add_member(&mut self, import: u32, name: Option<String>) -> Option<u32> {
        if name.is_some() && self.members.len() >= MAX_MEMBERS {
            return None;
        }
        self.members.push(Member { import, name, ..Member::default() });
        Some((self.members.len() - 1) as u32)
    }

    /// Takes over the hooks' counters, and what they moved by as a bucket.
    pub fn totals(&mut self, totals: &Totals, clock: Clock) {
        for (member, (calls, stats)) in self.members.iter_mut().zip(&totals.members) {
            member.tally = tally(*calls as u64, stats, clock);
        }
        let mut bucket = Bucket {
            t: totals.t,
            bytes_to_go: totals.bytes_to_go - self.bytes_told.0,
            bytes_to_js: totals.bytes_to_js - self.bytes_told.1,
            memory_bytes: totals.memory_bytes,
            js_refs: totals.js_refs,
            ..Bucket::default()
        };
        self.bytes_told = (totals.bytes_to_go, totals.bytes_to_js);
        for (i, (calls, bytes, stats)) in totals.imports.iter().enumerate() {
            let (calls, own) = (*calls as u64, tally(*calls as u64, stats, clock));
            let members = self.members.iter().filter(|member| member.import as usize == i);
            let now = sum_of_members(calls, members).unwrap_or(own);
            let Some(import) = self.imports.get_mut(i) else { continue };
            bucket.calls.push(calls.saturating_sub(import.tally.calls).min(u64::from(u32::MAX)) as u32);
            bucket.time_ms.push((now.time_ms - import.tally.time_ms).max(0.0) as f32);
            import.tally = now;
            import.bytes = bytes.is_finite().then_some(*bytes as u64);
        }
        self.series.push(bucket);
    }

    /// Forgets what was counted and sampled, keeps what the program is.
    pub fn clear(&mut self) {
        for tally in
            self.imports.iter_mut().map(|i| &mut i.tally).chain(self.members.iter_mut().map(|m| &mut m.tally))
        {
            *tally = protocol::Tally::default();
        }
        self.samples = SampleLog::default();
        self.series = SeriesLog::default();
        self.slices = SliceLog::default();
        self.grows = Grows::default();
        self.bytes_told = (0.0, 0.0);
    }
}

/// An import's tally from those of its members, each its own stratum. `None` for imports without members.
fn sum_of_members<'a>(calls: u64, members: impl Iterator<Item = &'a Member>) -> Option<protocol::Tally> {
    let mut sum = protocol::Tally { calls, ..protocol::Tally::default() };
    let (mut seen, mut timed, mut variance) = (false, 0u64, 0.0);
    for member in members {
        seen = true;
        let one = member.tally;
        if one.timed_calls > 0 {
            timed += one.calls;
            sum.time_ms += one.time_ms;
            sum.timed_calls += one.timed_calls;
            variance += one.time_error_ms * one.time_error_ms;
        }
    }
    if timed > 0 {
        // Members too rare to have been timed are taken to cost what the others do.
        let scale = calls as f64 / timed as f64;
        sum.time_ms *= scale;
        sum.time_error_ms = libm::sqrt(variance) * scale;
    }
    seen.then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_end_where_the_next_begins() {
        let mut instance = InstanceState::default();
        instance.phase(Phase { kind: PhaseKind::Compile, start: 1.0, end: Some(5.0), exact: true });
        instance.phase(Phase { kind: PhaseKind::Fetch, start: 0.0, end: Some(1.0), exact: true });
        instance.begin(PhaseKind::RuntimeInit, 6.0, true);
        instance.begin(PhaseKind::PackageInit, 8.0, true);
        instance.run_returned(20.0);
        let got: Vec<_> = instance.phases.iter().map(|p| (p.kind, p.start, p.end, p.exact)).collect();
        assert_eq!(
            got,
            [
                (PhaseKind::Fetch, 0.0, Some(1.0), true),
                (PhaseKind::Compile, 1.0, Some(5.0), true),
                (PhaseKind::RuntimeInit, 6.0, Some(8.0), true),
                (PhaseKind::PackageInit, 8.0, Some(20.0), false),
                (PhaseKind::Main, 20.0, None, false),
            ]
        );
    }

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
}
