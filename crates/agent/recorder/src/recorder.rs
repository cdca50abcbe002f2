//! The whole recording, and the frames cut from it.

use alloc::vec::Vec;

use gowasm::{JsFuncs, Memory};
use protocol::{AgentError, Frame, Hello, Instance, Realm, Status};

use crate::instance::{InstanceState, Life};
use crate::module::ModuleState;
use crate::page::PageLog;
use crate::reader::{InstanceCursor, Reader, thinned};
use crate::totals::Totals;
use crate::{patterns, samples, series, slices};

/// Most of our own faults told.
const MAX_ERRORS: usize = 100;

/// Most programs whose samples, slices, buckets and stacks are kept; of older ones that have ended, totals are.
const MAX_KEPT: usize = 64;
/// How often a reader is told that nothing is new, ms.
const QUIET_EVERY_MS: f64 = 500.0;

/// A realm, and how often what is told of it has changed.
#[derive(Debug, Default)]
pub struct RealmState {
    /// As told.
    pub record: Realm,
    /// Counts changes.
    pub revision: u32,
}

/// Everything the agent has recorded in this realm.
#[derive(Default)]
pub struct Recorder {
    /// Who we are.
    pub hello: Hello,
    /// Clock and cost.
    pub status: Status,
    /// Calibrated clock.
    pub clock: crate::Clock,
    /// The realm that we are in: our own number among the page's, 0 in the page itself.
    pub source: u32,
    /// Our own realm, then those that the page has besides; ids are positions.
    pub realms: Vec<RealmState>,
    /// Modules; ids are positions.
    pub modules: Vec<ModuleState>,
    /// Instances; ids are positions.
    pub instances: Vec<InstanceState>,
    /// What the page itself did.
    pub page: PageLog,
    /// Fewer samples than the default cap, if asked for.
    pub max_samples: Option<usize>,
    /// Whether a module went without tables for lack of room, and that was said.
    pub(crate) tables_full: bool,
    errors: Vec<AgentError>,
    readers: Vec<Reader>,
    next_reader: u32,
}

impl Recorder {
    /// Samples each instance may keep.
    pub fn sample_cap(&self) -> usize {
        self.share_of(self.max_samples.unwrap_or(samples::CAP).min(samples::CAP))
    }

    /// Slices each instance may keep.
    pub fn slice_cap(&self) -> usize {
        self.share_of(slices::CAP)
    }

    /// A running instance's share of `cap`, at least 2: a log of one row cannot be halved.
    fn share_of(&self, cap: usize) -> usize {
        let running = self.instances.iter().filter(|known| known.life == Life::Running).count();
        (cap / running.max(1)).max(2)
    }

    /// A new realm; returns its id.
    pub fn add_realm(&mut self, realm: Realm) -> u32 {
        let id = self.realms.len() as u32;
        self.realms.push(RealmState { record: Realm { id, ..realm }, revision: 1 });
        id
    }

    /// Changes what is told of a realm.
    pub fn edit_realm(&mut self, id: u32, edit: impl FnOnce(&mut Realm)) {
        if let Some(known) = self.realms.get_mut(id as usize) {
            edit(&mut known.record);
            known.revision += 1;
        }
    }

    /// A new instance of `module`; returns its id.
    pub fn add_instance(&mut self, module: u32, realm: u32) -> u32 {
        self.bound_ended();
        let id = self.instances.len() as u32;
        self.instances.push(InstanceState::new(id, module, realm));
        id
    }

    /// Makes room for one more instance among those that have ended, the oldest first. Those that stay keep, together, no
    /// more rows than one running instance may.
    fn bound_ended(&mut self) {
        let kept = self.instances.iter().filter(|known| matches!(known.life, Life::Running | Life::Ended));
        let too_many = (kept.count() + 1).saturating_sub(MAX_KEPT);
        let mut ended: Vec<_> = self.instances.iter_mut().filter(|known| known.life == Life::Ended).collect();
        ended.iter_mut().take(too_many).for_each(|known| known.free());
        let rows = |known: &InstanceState| known.samples.columns.t.len();
        while ended.iter().map(|known| rows(known)).sum::<usize>() > samples::CAP {
            let Some(longest) = ended.iter_mut().max_by_key(|known| rows(known)) else { break };
            longest.samples.thin();
        }
        let rows = |known: &InstanceState| known.slices.columns.start.len();
        while ended.iter().map(|known| rows(known)).sum::<usize>() > slices::CAP {
            let Some(longest) = ended.iter_mut().max_by_key(|known| rows(known)) else { break };
            longest.slices.thin();
        }
        let rows = |known: &InstanceState| known.patterns.sampled();
        while ended.iter().map(|known| rows(known)).sum::<usize>() > patterns::CAP {
            let Some(longest) = ended.iter_mut().max_by_key(|known| rows(known)) else { break };
            longest.patterns.thin();
        }
    }

    /// An instance and the module that has its tables, for reading stacks.
    pub fn pair(&mut self, instance: u32) -> Option<(&mut InstanceState, &mut ModuleState)> {
        let owner = self.tables_owner(self.instances.get(instance as usize)?.module);
        let module = self.modules.get_mut(owner as usize)?;
        Some((self.instances.get_mut(instance as usize)?, module))
    }

    /// The live `js.Func` of an instance, NaN where Go's table of them is not found: it is looked for now and then.
    pub fn live_funcs<M: Memory>(&mut self, instance: u32, totals: &Totals, memory: &mut M) -> f64 {
        let Some((known, module)) = self.pair(instance) else { return f64::NAN };
        let made = known.funcs_made(totals);
        if module.js_funcs.is_none()
            && let Some(unwinder) = &module.unwinder
            && let Some(made) = known.held.searches(made)
        {
            module.js_funcs = JsFuncs::find(unwinder.tables(), made, memory);
        }
        module.js_funcs.and_then(|found| found.count(memory)).map_or(f64::NAN, |live| live as f64)
    }

    /// A fault of the agent's own.
    pub fn error(&mut self, error: AgentError) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
    }

    /// A new reader: its first frame holds everything.
    pub fn add_reader(&mut self) -> u32 {
        self.next_reader += 1;
        self.readers.push(Reader { id: self.next_reader, ..Reader::default() });
        self.next_reader
    }

    /// Forgets a reader.
    pub fn drop_reader(&mut self, id: u32) {
        self.readers.retain(|reader| reader.id != id);
    }

    /// Starts over: programs stay known, what they did is forgotten. Readers must start over too.
    pub fn clear(&mut self) {
        self.readers.clear();
        self.errors.clear();
        self.tables_full = false;
        self.page.clear();
        for instance in &mut self.instances {
            instance.clear();
        }
    }

    /// Keeps every instance's buckets within their cap.
    pub fn bound(&mut self) {
        let cap = self.share_of(series::CAP);
        for (i, instance) in self.instances.iter_mut().enumerate() {
            if instance.series.len() <= cap {
                continue;
            }
            let cursors = || self.readers.iter().filter_map(|reader| reader.instances.get(i));
            let read = cursors().map(|cursor| cursor.series).min().unwrap_or(usize::MAX);
            // A reader far behind must not keep the log from being cut: it gets longer buckets.
            let merged = instance.series.merge(if read < cap / 2 { usize::MAX } else { read });
            for reader in &mut self.readers {
                if let Some(cursor) = reader.instances.get_mut(i) {
                    cursor.series = merged_to(cursor.series, merged);
                }
            }
        }
    }

    /// Everything new for `reader` at `t`; `None` for a reader that was never added, and where nothing is new but the
    /// time and what we have cost, which are told at a lower rate.
    pub fn frame(&mut self, reader: u32, t: f64) -> Option<Frame> {
        let reader = self.readers.iter_mut().find(|known| known.id == reader)?;
        let (source, seq) = (self.source, reader.seq + 1);
        let mut frame = Frame { source, seq, t, status: self.status.clone(), ..Frame::default() };
        if !reader.greeted {
            reader.greeted = true;
            frame.hello = Some(self.hello.clone());
        }
        reader.realms.resize(self.realms.len(), 0);
        for (realm, revision) in self.realms.iter().zip(&mut reader.realms) {
            if core::mem::replace(revision, realm.revision) != realm.revision {
                frame.realms.push(realm.record.clone());
            }
        }
        frame.status.errors = self.errors.get(reader.errors..).unwrap_or_default().to_vec();
        reader.errors = self.errors.len();
        for instance in &self.instances {
            frame.status.dropped.samples += instance.samples.dropped + instance.patterns.dropped();
            frame.status.dropped.slices += instance.slices.dropped;
            frame.status.dropped.traces += instance.traces_dropped;
        }
        frame.status.dropped.page = self.page.dropped();
        // Our own realm is the first.
        frame.page = self.page.since(&mut reader.page, 0);
        reader.modules.resize(self.modules.len(), (0, false));
        for (module, (revision, tables)) in self.modules.iter().zip(&mut reader.modules) {
            if *revision != module.revision {
                *revision = module.revision;
                frame.modules.push(module.record.clone());
            }
            if !*tables && let Some(found) = module.tables() {
                *tables = true;
                frame.tables.push(found);
            }
        }
        reader.instances.resize(self.instances.len(), InstanceCursor::default());
        for (instance, cursor) in self.instances.iter().zip(&mut reader.instances) {
            if instance.life != Life::Discarded {
                frame.instances.extend(part(instance, cursor));
            }
        }
        if is_quiet(&frame) && frame.status.state == reader.state && t - reader.told < QUIET_EVERY_MS {
            return None;
        }
        (reader.seq, reader.told, reader.state) = (frame.seq, t, frame.status.state);
        Some(frame)
    }
}

/// Where position `at` of a reader is after the first `pairs` pairs of buckets were merged. A bucket of which it has half
/// is not told again.
fn merged_to(at: usize, pairs: usize) -> usize {
    if at >= 2 * pairs { at - pairs } else { at.div_ceil(2) }
}

/// Whether a frame tells nothing but the time and what we have cost.
fn is_quiet(frame: &Frame) -> bool {
    let Frame { source: _, seq: _, t: _, hello, status, realms, modules, tables, instances, page } = frame;
    hello.is_none()
        && status.errors.is_empty()
        && realms.is_empty()
        && modules.is_empty()
        && tables.is_empty()
        && instances.is_empty()
        && page.is_empty()
}

/// What is new of one instance, if anything is.
fn part(instance: &InstanceState, cursor: &mut InstanceCursor) -> Option<Instance> {
    let samples = &instance.samples;
    let slices = &instance.slices;
    let sample_at = thinned(cursor.samples, samples.thinned - cursor.samples_thinned);
    let slice_at = thinned(cursor.slices, slices.thinned - cursor.slices_thinned);
    let grows = &instance.grows;
    let part = Instance {
        id: instance.id,
        module: instance.module,
        realm: instance.realm,
        attach: instance.attach,
        exit_code: instance.exit_code,
        phases: instance.phases.clone(),
        imports: instance.imports.since(cursor.imports),
        members: instance.members.since(cursor.members),
        pcs: samples::tail(&instance.stacks.pcs, cursor.pcs),
        nodes: samples::tail(&instance.stacks.nodes, cursor.nodes),
        samples: samples.since(sample_at),
        series: instance.series.since(cursor.series),
        slices: slices.since(slice_at),
        open: instance.open,
        grows: protocol::Grows {
            t: samples::tail(&grows.t, cursor.grows),
            from_bytes: samples::tail(&grows.from_bytes, cursor.grows),
            to_bytes: samples::tail(&grows.to_bytes, cursor.grows),
            node: samples::tail(&grows.node, cursor.grows),
        },
        gc: instance.gc.since(cursor.gc),
        inits: samples::tail(&instance.inits, cursor.inits),
        patterns: instance.patterns.since(&cursor.patterns),
        held: instance.held.since(&cursor.held),
    };
    let news = cursor.revision != Some(instance.revision)
        || !(part.imports.is_empty()
            && part.members.is_empty()
            && part.pcs.is_empty()
            && part.nodes.is_empty())
        || !(part.samples.t.is_empty() && part.series.t.is_empty())
        || !(part.slices.start.is_empty() && part.grows.t.is_empty())
        || cursor.open != instance.open
        || !(part.gc.is_empty() && part.inits.is_empty())
        || instance.patterns.news(&cursor.patterns)
        || instance.held.news(&cursor.held);
    *cursor = InstanceCursor {
        pcs: instance.stacks.pcs.len(),
        nodes: instance.stacks.nodes.len(),
        samples: samples.columns.t.len(),
        samples_thinned: samples.thinned,
        series: instance.series.len(),
        slices: slices.columns.start.len(),
        slices_thinned: slices.thinned,
        open: instance.open,
        grows: grows.t.len(),
        gc: instance.gc.changes(),
        inits: instance.inits.len(),
        patterns: instance.patterns.cursor(),
        held: instance.held.cursor(),
        imports: instance.imports.changes(),
        members: instance.members.changes(),
        revision: Some(instance.revision),
    };
    news.then_some(part)
}
