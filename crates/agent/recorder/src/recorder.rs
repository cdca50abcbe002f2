//! The whole recording, and the frames cut from it.

use alloc::vec::Vec;

use protocol::{AgentError, Frame, Hello, Instance, Realm, Status};

use crate::instance::InstanceState;
use crate::module::ModuleState;
use crate::reader::{InstanceCursor, Reader, thinned};
use crate::{series, slices};

/// Most of our own faults told.
const MAX_ERRORS: usize = 100;

/// Everything the agent has recorded in this page.
#[derive(Default)]
pub struct Recorder {
    /// Who we are.
    pub hello: Hello,
    /// Clock and cost.
    pub status: Status,
    /// Calibrated clock.
    pub clock: crate::Clock,
    /// Realms.
    pub realms: Vec<Realm>,
    /// Modules; ids are positions.
    pub modules: Vec<ModuleState>,
    /// Instances; ids are positions.
    pub instances: Vec<InstanceState>,
    /// Fewer samples than the default cap, if asked for.
    pub max_samples: Option<usize>,
    errors: Vec<AgentError>,
    readers: Vec<Reader>,
    next_reader: u32,
}

impl Recorder {
    /// Samples each instance may keep.
    pub fn sample_cap(&self) -> usize {
        self.max_samples.unwrap_or(usize::MAX).clamp(2, crate::samples::CAP) / self.instances.len().max(1)
    }

    /// Slices each instance may keep.
    pub fn slice_cap(&self) -> usize {
        slices::CAP / self.instances.len().max(1)
    }

    /// An instance and its module, for reading stacks.
    pub fn pair(&mut self, instance: u32) -> Option<(&mut InstanceState, &mut ModuleState)> {
        let instance = self.instances.get_mut(instance as usize)?;
        let module = self.modules.get_mut(instance.module as usize)?;
        Some((instance, module))
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
        for instance in &mut self.instances {
            instance.clear();
        }
    }

    /// Keeps every instance's buckets within their cap.
    pub fn bound(&mut self) {
        let cap = (series::CAP / self.instances.len().max(1)).max(2);
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
                    cursor.series = cursor.series.saturating_sub(merged);
                }
            }
        }
    }

    /// Everything new for `reader` at `t`; `None` for a reader that was never added.
    pub fn frame(&mut self, reader: u32, t: f64) -> Option<Frame> {
        let reader = self.readers.iter_mut().find(|known| known.id == reader)?;
        reader.seq += 1;
        let mut frame = Frame { seq: reader.seq, t, status: self.status.clone(), ..Frame::default() };
        if !reader.greeted {
            reader.greeted = true;
            frame.hello = Some(self.hello.clone());
        }
        frame.realms = self.realms.get(reader.realms..).unwrap_or_default().to_vec();
        reader.realms = self.realms.len();
        frame.status.errors = self.errors.get(reader.errors..).unwrap_or_default().to_vec();
        reader.errors = self.errors.len();
        for instance in &self.instances {
            frame.status.dropped.samples += instance.samples.dropped;
            frame.status.dropped.slices += instance.slices.dropped;
        }
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
            if !cursor.exited {
                frame.instances.push(part(instance, cursor));
            }
        }
        Some(frame)
    }
}

/// What is new of one instance.
fn part(instance: &InstanceState, cursor: &mut InstanceCursor) -> Instance {
    let samples = &instance.samples;
    let slices = &instance.slices;
    let sample_at = thinned(cursor.samples, samples.thinned - cursor.samples_thinned);
    let slice_at = thinned(cursor.slices, slices.thinned - cursor.slices_thinned);
    let grows = &instance.grows;
    let part = Instance {
        id: instance.id,
        module: instance.module,
        realm: instance.realm,
        exit_code: instance.exit_code,
        phases: instance.phases.clone(),
        imports: instance.imports.clone(),
        members: instance.members.clone(),
        pcs: crate::samples::tail(&instance.stacks.pcs, cursor.pcs),
        nodes: crate::samples::tail(&instance.stacks.nodes, cursor.nodes),
        samples: samples.since(sample_at),
        series: instance.series.since(cursor.series),
        slices: slices.since(slice_at),
        grows: protocol::Grows {
            t: crate::samples::tail(&grows.t, cursor.grows),
            from_bytes: crate::samples::tail(&grows.from_bytes, cursor.grows),
            to_bytes: crate::samples::tail(&grows.to_bytes, cursor.grows),
            node: crate::samples::tail(&grows.node, cursor.grows),
        },
        json: instance.json.clone(),
    };
    *cursor = InstanceCursor {
        pcs: instance.stacks.pcs.len(),
        nodes: instance.stacks.nodes.len(),
        samples: samples.columns.t.len(),
        samples_thinned: samples.thinned,
        series: instance.series.len(),
        slices: slices.columns.start.len(),
        slices_thinned: slices.thinned,
        grows: grows.t.len(),
        exited: instance.exit_code.is_some(),
    };
    part
}
