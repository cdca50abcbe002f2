//! The recording of one Go program: its counters, samples, stacks and phases.

use alloc::string::String;
use alloc::vec::Vec;

use gowasm::{MARK_INIT, MARK_MAIN, MARK_PARK, Memory, Unwinder};
use protocol::{Attach, Cause, Gc, Grows, Import, Init, Member, Phase, PhaseKind, Tally};

use crate::held::{HeldLog, MAKES_FUNC};
use crate::patterns::PatternLog;
use crate::rows::{Rows, set};
use crate::samples::SampleLog;
use crate::series::SeriesLog;
use crate::slices::SliceLog;
use crate::stacks::StackTable;
use crate::traces::OpenCycle;

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

/// How far an instance has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    /// It may do more.
    #[default]
    Running,
    /// It has exited, or the page has dropped it.
    Ended,
    /// Ended, and only totals are left of it.
    Freed,
    /// It never became a program: never told.
    Discarded,
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
    /// How far it has come.
    pub life: Life,
    /// Counts changes of what is told whole: the exit and phases.
    pub revision: u32,
    /// When the agent came to it.
    pub attach: Attach,
    /// Set once the program has exited.
    pub exit_code: Option<i32>,
    /// By start.
    pub phases: Vec<Phase>,
    /// In the order the engine linked them.
    pub imports: Rows<Import>,
    /// In order of first use.
    pub members: Rows<Member>,
    /// Distinct stacks.
    pub stacks: StackTable,
    /// Sampled crossings.
    pub samples: SampleLog,
    /// Buckets.
    pub series: SeriesLog,
    /// Stays in Go.
    pub slices: SliceLog,
    /// Begin and cause of the one that has not ended.
    pub open: Option<(f64, Cause)>,
    /// Growths of memory.
    pub grows: Grows,
    /// Cycles of the garbage collector that have ended.
    pub gc: Rows<Gc>,
    /// The one under way.
    pub(crate) cycle: Option<OpenCycle>,
    /// Initialisations of packages.
    pub inits: Vec<Init>,
    /// Lines of the runtime that found no room.
    pub traces_dropped: u64,
    /// JSON, copies, bursts and timers.
    pub patterns: PatternLog,
    /// JS values and functions that it holds.
    pub held: HeldLog,
    /// `MARK_*` bits seen on any stack so far.
    marks: u8,
    /// Estimated time in imports so far, ms, from samples: what slices take their share from.
    bridge_ms: f64,
    bridge_at_slice: f64,
    pub(crate) bytes_told: (f64, f64),
    /// Per import, ms in the buckets so far.
    pub(crate) told_ms: Vec<f64>,
    pcs: Vec<u64>,
}

impl InstanceState {
    /// An instance of `module` that has done nothing yet.
    pub fn new(id: u32, module: u32, realm: u32) -> InstanceState {
        InstanceState { id, module, realm, ..InstanceState::default() }
    }

    /// Reads the stack at `sp` and notes what it tells of start-up. Returns its node.
    pub fn stack<M: Memory>(&mut self, unwinder: &mut Unwinder, t: f64, sp: u32, memory: &mut M) -> u32 {
        if !self.keeps() {
            return protocol::NO_NODE;
        }
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
        self.attach == Attach::Late || self.phases.iter().any(|phase| phase.kind >= PhaseKind::RuntimeInit)
    }

    /// Whether it takes more samples, slices and buckets.
    pub(crate) fn keeps(&self) -> bool {
        matches!(self.life, Life::Running | Life::Ended)
    }

    /// `MARK_*` bits seen on any stack so far.
    pub fn marks(&self) -> u8 {
        self.marks
    }

    /// Keeps a sampled crossing whose stack is `node`.
    pub fn cross(&mut self, crossing: Crossing, node: u32, goid: u64, cap: usize) {
        if !self.keeps() {
            return;
        }
        let Crossing { import, member, t, time_ms, weight, bytes, .. } = crossing;
        if time_ms.is_finite() {
            self.bridge_ms += time_ms * weight;
        }
        self.samples.push(t, node, import, member, weight, time_ms, bytes, goid, cap);
    }

    /// A growth of linear memory, in bytes.
    pub fn grow(&mut self, t: f64, from: f64, to: f64, node: u32) {
        if self.keeps() && self.grows.t.len() < MAX_GROWS {
            self.grows.t.push(t);
            self.grows.from_bytes.push(from);
            self.grows.to_bytes.push(to);
            self.grows.node.push(node);
        }
    }

    /// A stay in Go has ended. A sample's time stands for calls in many slices: what is too much for this one is left for
    /// those that follow.
    pub fn slice(&mut self, start: f64, end: f64, cause: Cause, calls: u32, cap: usize) {
        if !self.keeps() {
            return;
        }
        let bridge = (self.bridge_ms - self.bridge_at_slice).clamp(0.0, end - start);
        self.bridge_at_slice += bridge;
        self.slices.push(start, end, cause, bridge, calls, cap);
    }

    /// Sets a phase that the hooks saw.
    pub fn phase(&mut self, phase: Phase) {
        self.revision += 1;
        self.phases.retain(|known| known.kind != phase.kind);
        let at = self
            .phases
            .partition_point(|known| (known.start, known.kind as u8) <= (phase.start, phase.kind as u8));
        self.phases.insert(at, phase);
    }

    /// A phase inside `run` begins, and ends the one before it.
    pub fn begin(&mut self, kind: PhaseKind, t: f64, exact: bool) {
        // What runs already has begun who knows when.
        if self.attach == Attach::Late {
            return;
        }
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
        if let Some(run) = self.phases.iter_mut().find(|phase| phase.kind == PhaseKind::Run) {
            run.end = Some(t);
            self.revision += 1;
            return;
        }
        if self.marks & MARK_MAIN == 0 {
            self.begin(PhaseKind::Main, t, false);
        }
    }

    /// The program is over.
    pub fn exit(&mut self, t: f64, code: i32) {
        self.exit_code = Some(code);
        self.held.exit();
        self.end(t);
    }

    /// The page has dropped the program without an exit.
    pub fn gone(&mut self, t: f64) {
        if self.life == Life::Running {
            self.end(t);
        }
    }

    fn end(&mut self, t: f64) {
        if self.life == Life::Running {
            self.life = Life::Ended;
        }
        self.revision += 1;
        self.open = None;
        for open in self.phases.iter_mut().filter(|phase| phase.end.is_none()) {
            open.end = Some(t);
        }
    }

    /// It never became a program: nothing of it stays.
    pub fn discard(&mut self) {
        let life = Life::Discarded;
        *self = InstanceState { life, ..InstanceState::new(self.id, self.module, self.realm) };
    }

    /// Lets go of an ended program's samples, slices, buckets and stacks; its totals stay.
    pub fn free(&mut self) {
        self.life = Life::Freed;
        self.samples.free();
        self.slices.free();
        self.patterns.free();
        self.held.free();
        self.series = SeriesLog::default();
        self.stacks = StackTable::default();
        self.pcs = Vec::new();
        self.grows.node.fill(protocol::NO_NODE);
        self.gc.amend(|cycle| cycle.node = protocol::NO_NODE);
    }

    /// A new import; returns its position.
    pub fn add_import(&mut self, name: String) -> u32 {
        self.imports.push(Import { name, ..Import::default() })
    }

    /// A new member (`None`: all that have no constant name); `None` when there are too many.
    pub fn add_member(&mut self, import: u32, name: Option<String>) -> Option<u32> {
        if name.is_some() && self.members.len() >= MAX_MEMBERS {
            return None;
        }
        let makes_func = name.as_deref() == Some(MAKES_FUNC);
        let at = self.members.push(Member { import, name, ..Member::default() });
        if makes_func {
            self.held.func_member = Some(at as usize);
        }
        Some(at)
    }

    /// The member of `import` with this name, a new one where there is none yet. Constants of the same text may lie at
    /// several addresses.
    pub fn name_member(&mut self, import: u32, name: String) -> Option<u32> {
        let same = |it: &Member| it.import == import && it.name.as_ref() == Some(&name);
        match self.members.iter().position(same) {
            Some(at) => Some(at as u32),
            None if name.is_empty() => None,
            None => self.add_member(import, Some(name)),
        }
    }

    /// Forgets what was counted and sampled, keeps what the program is.
    pub fn clear(&mut self) {
        for at in 0..self.imports.len() {
            self.imports.edit(at, |it| set(&mut it.tally, Tally::default()) | set(&mut it.bytes, None));
        }
        for at in 0..self.members.len() {
            self.members.edit(at, |it| set(&mut it.tally, Tally::default()));
        }
        self.samples = SampleLog::default();
        self.series = SeriesLog::default();
        self.slices = SliceLog::default();
        self.patterns = PatternLog::default();
        self.held.clear();
        self.open = None;
        self.grows = Grows::default();
        (self.gc, self.cycle, self.traces_dropped) = (Rows::default(), None, 0);
        self.bytes_told = (0.0, 0.0);
        self.told_ms.clear();
        (self.bridge_ms, self.bridge_at_slice) = (0.0, 0.0);
    }
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
    fn tinygos_start_is_one_phase_that_ends_where_it_first_returns() {
        let mut instance = InstanceState::default();
        instance.phase(Phase { kind: PhaseKind::Run, start: 6.0, end: None, exact: true });
        assert!(instance.has_run());
        instance.run_returned(20.0);
        let run = Phase { kind: PhaseKind::Run, start: 6.0, end: Some(20.0), exact: true };
        assert_eq!(instance.phases, [run]);
    }

    #[test]
    fn a_name_at_several_addresses_is_one_member() {
        let mut instance = InstanceState::default();
        assert_eq!(instance.name_member(0, "log".into()), Some(0));
        assert_eq!(instance.name_member(1, "log".into()), Some(1));
        assert_eq!(instance.name_member(0, "log".into()), Some(0));
        assert_eq!(instance.name_member(0, String::new()), None);
    }

    #[test]
    fn a_samples_time_is_spread_over_the_slices_it_stands_for() {
        let mut instance = InstanceState::default();
        let crossing =
            Crossing { import: 0, member: 0, t: 0.0, time_ms: 0.5, weight: 5.0, bytes: f64::NAN, sp: 0 };
        instance.cross(crossing, 0, 0, 8);
        for start in [0.0, 10.0, 20.0, 30.0] {
            instance.slice(start, start + 1.0, Cause::Timer, 1, 8);
        }
        assert_eq!(instance.slices.columns.bridge_ms, [1.0, 1.0, 0.5, 0.0]);
    }
}
