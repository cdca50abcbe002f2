//! One instance's tables: checked against what is there, then appended.

use super::{
    ModuleNames, OpenSlice, StackTable, buckets,
    check::{self, known},
    convert, held,
    patterns::{self, PatternTables},
    thin::{Thinning, join_pairs},
};
use crate::{Error, Grow, Instance, Sample, Session, Slice, order};
use gowasm::Callee;
use protocol::{Instance as Told, NO_MEMBER, NO_PARENT};
use std::collections::HashMap;

/// How much is kept. All even, so that halving leaves no half group.
#[derive(Clone, Copy)]
pub struct Caps {
    /// Samples, over all instances.
    pub samples: usize,
    /// Slices of an instance.
    pub slices: usize,
    /// Buckets of an instance's series.
    pub buckets: usize,
    /// Each of the page's tables.
    pub page: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self { samples: 200_000, slices: 100_000, buckets: 10_000, page: 60_000 }
    }
}

const MAX_GROWS: usize = 100_000;
/// Cycles of the garbage collector, initialisations of packages.
const MAX_TRACES: usize = 100_000;
const MAX_NODES: usize = 1 << 22;
/// Go's own runtime has about 30; every one is a column of the series.
const MAX_IMPORTS: usize = 1 << 10;
const MAX_MEMBERS: usize = 1 << 16;

/// What is needed to continue an instance's tables.
#[derive(Default)]
pub struct Tables {
    pcs: Vec<u64>,
    nodes: Vec<protocol::Node>,
    /// Stack of each node; `None` where all its frames are left out.
    stacks: Vec<Option<u32>>,
    /// Stack of each node's callers. Not always that of its parent: a wrapper is shown where it panics only.
    callers: Vec<Option<u32>>,
    /// Import of each member.
    members: Vec<u32>,
    samples: Thinning,
    slices: Thinning,
    patterns: PatternTables,
    /// Nodes of the callbacks.
    callbacks: Vec<u32>,
    /// The stay in Go that has not ended.
    open: Option<OpenSlice>,
    buckets: Thinning,
    rewritten: bool,
    caps: Caps,
}

impl Tables {
    /// Empty tables.
    pub fn new(caps: Caps) -> Self {
        Self { caps, ..Self::default() }
    }

    /// Samples and slices thrown away here.
    pub fn dropped(&self, instance: &Instance) -> (u64, u64) {
        let lost = |thinning: &Thinning, rows: usize| thinning.seen().saturating_sub(rows as u64);
        let patterns = self.patterns.dropped(instance);
        (lost(&self.samples, instance.samples.len()) + patterns, lost(&self.slices, instance.slices.len()))
    }

    /// The stay in Go that has not ended.
    pub fn open(&self) -> Option<OpenSlice> {
        self.open
    }

    /// Moves the stay that has not ended by `by` ms.
    pub fn shift(&mut self, by: f64) {
        self.open.iter_mut().for_each(|open| open.start += by);
    }

    /// Whether there are stacks to name.
    pub fn has_stacks(&self) -> bool {
        !self.nodes.is_empty()
    }

    /// Whether rows that were there have been thinned since last asked.
    pub fn take_rewritten(&mut self) -> bool {
        std::mem::take(&mut self.rewritten)
    }

    /// Halves the instance's samples.
    pub fn halve_samples(&mut self, instance: &mut Instance) {
        self.samples.halve_drawn(&mut instance.samples);
        instance.samples.iter_mut().for_each(|sample| sample.weight *= 2.0);
        self.rewritten = true;
    }

    /// Checks all an instance tells before any of it is used.
    pub fn check(&self, have: &Instance, told: &Told) -> Result<(), Error> {
        let at = |table: &str| format!("instance {}: {table}", told.id);
        let nodes = self.nodes.len() + told.nodes.len();
        check::room(|| at("nodes"), nodes.max(self.pcs.len() + told.pcs.len()), MAX_NODES)?;
        let names = check::names(have, &self.members, told)?;
        check::room(|| at("imports"), names.imports.len(), MAX_IMPORTS)?;
        check::room(|| at("members"), names.members.len(), MAX_MEMBERS)?;
        self.check_nodes(told)?;
        check::samples(told, &names, nodes)?;
        check::series(told, names.imports.len())?;
        check::slices(told)?;
        check::times(|| at("open"), &told.open.map_or(vec![], |(start, _)| vec![start]))?;
        check::grows(told, nodes)?;
        check::room(|| at("inits"), have.inits.len() + told.inits.len(), MAX_TRACES)?;
        let cycles = check::traces(told, have.gc.len(), nodes)?;
        check::room(|| at("gc"), cycles, MAX_TRACES)?;
        patterns::check(have, told, nodes, names.imports.len())?;
        held::check(told, have.refs.as_ref().map_or(0, |refs| refs.made.len()), nodes)?;
        let phases: Vec<f64> = told.phases.iter().flat_map(|p| [Some(p.start), p.end]).flatten().collect();
        check::times(|| at("phases"), &phases)
    }

    fn check_nodes(&self, told: &Told) -> Result<(), Error> {
        let pcs = self.pcs.len() + told.pcs.len();
        for (row, node) in told.nodes.iter().enumerate() {
            let row = self.nodes.len() + row;
            let at = |field: &str| format!("instance {}: nodes[{row}].{field}", told.id);
            check::index(|| at("pc"), node.pc, pcs)?;
            if node.parent != NO_PARENT {
                // A parent comes before its children: a tree, and no walk of it is endless.
                check::index(|| at("parent"), node.parent, row)?;
            }
        }
        Ok(())
    }

    /// Adds what was checked.
    pub fn apply(
        &mut self,
        session: &mut Session,
        at: usize,
        told: Told,
        offset: f64,
        stacks: &mut StackTable,
        names: &mut ModuleNames,
    ) {
        self.pcs.extend(told.pcs);
        for node in told.nodes {
            self.nodes.push(node);
            self.name(session, self.nodes.len() - 1, stacks, names);
        }
        let instance = &mut session.instances[at];
        instance.attach = convert::attach(told.attach);
        instance.exit_code = told.exit_code.or(instance.exit_code);
        instance.phases = told.phases.iter().map(|told| convert::phase(told, offset)).collect();
        order::sort(&mut instance.phases, |a, b| a.start.total_cmp(&b.start));
        for (at, import) in told.imports {
            put(&mut instance.imports, at, convert::import(import));
        }
        for (at, member) in told.members {
            put(&mut self.members, at, member.import);
            put(&mut instance.members, at, convert::member(member, &instance.imports));
        }
        self.push_series(instance, told.series, offset);
        self.push_slices(instance, &told.slices, offset);
        self.open =
            told.open.map(|(start, cause)| OpenSlice { start: start + offset, cause: convert::cause(cause) });
        self.push_samples(instance, &told.samples, offset);
        self.push_grows(instance, &told.grows, offset);
        for (at, gc) in told.gc {
            let stack = self.stack(gc.node);
            put(&mut instance.gc, at, convert::gc(&gc, stack, offset));
        }
        instance.inits.extend(told.inits.into_iter().map(|init| convert::init(init, offset)));
        let known = &self.stacks;
        self.patterns
            .apply(instance, told.patterns, offset, |node| known.get(node as usize).copied().flatten());
        let nodes =
            held::apply(instance, told.held, offset, |node| known.get(node as usize).copied().flatten());
        if let Some(nodes) = nodes {
            self.callbacks = nodes;
            self.name_callbacks(session, at, stacks, names);
        }
    }

    /// Gives node `at` its stack. Its parent has one already.
    fn name(&mut self, session: &mut Session, at: usize, stacks: &mut StackTable, names: &mut ModuleNames) {
        let protocol::Node { parent, pc } = self.nodes[at];
        let pc = self.pcs[pc as usize];
        let callers = match names.callee(pc) {
            Callee::Other => self.stack(parent),
            special => self.nodes.get(parent as usize).and_then(|node| {
                let callers = self.callers[parent as usize];
                stacks.push(session, names, callers, self.pcs[node.pc as usize], special)
            }),
        };
        self.callers.push(callers);
        self.stacks.push(stacks.push(session, names, callers, pc, Callee::Other));
    }

    /// Gives every node its stack anew and moves samples and growths over.
    pub fn name_again(
        &mut self,
        session: &mut Session,
        at: usize,
        stacks: &mut StackTable,
        names: &mut ModuleNames,
    ) {
        let before = std::mem::take(&mut self.stacks);
        self.callers.clear();
        for node in 0..self.nodes.len() {
            self.name(session, node, stacks, names);
        }
        let moved: HashMap<Option<u32>, Option<u32>> =
            before.into_iter().zip(self.stacks.iter().copied()).filter(|(old, _)| old.is_some()).collect();
        let instance = &mut session.instances[at];
        let samples = instance.samples.iter_mut().map(|sample| &mut sample.stack);
        let grows = instance.grows.iter_mut().map(|grow| &mut grow.stack);
        let gc = instance.gc.iter_mut().map(|cycle| &mut cycle.stack);
        let json = instance.json_calls.iter_mut().map(|call| &mut call.stack);
        let bursts = instance.bursts.iter_mut().map(|burst| &mut burst.stack);
        let made = instance.refs.iter_mut().flat_map(|refs| &mut refs.made).map(|made| &mut made.stack);
        let sampled = samples.chain(json).chain(bursts);
        for stack in sampled.chain(grows).chain(gc).chain(made) {
            *stack = moved.get(stack).copied().flatten();
        }
        self.name_callbacks(session, at, stacks, names);
    }

    /// Gives each callback a stack of its function alone; a method's value is a wrapper, which is shown here.
    fn name_callbacks(
        &self,
        session: &mut Session,
        at: usize,
        stacks: &mut StackTable,
        names: &mut ModuleNames,
    ) {
        let mut name = |&node: &u32| {
            let pc = self.nodes.get(node as usize).map(|node| self.pcs[node.pc as usize]);
            let wrapper = || stacks.push(session, names, None, pc?, Callee::Panic);
            self.stack(node).or_else(wrapper)
        };
        let named: Vec<Option<u32>> = self.callbacks.iter().map(&mut name).collect();
        let census = session.instances[at].refs.iter_mut().filter_map(|refs| refs.census.as_mut());
        let rows = census.flat_map(|census| census.callbacks.iter_mut().flatten());
        for (row, stack) in rows.zip(named) {
            row.stack = stack;
        }
    }

    fn stack(&self, node: u32) -> Option<u32> {
        self.stacks.get(node as usize).copied().flatten()
    }

    fn push_samples(&mut self, instance: &mut Instance, told: &protocol::Samples, offset: f64) {
        for row in 0..told.t.len() {
            if !self.samples.draw() {
                continue;
            }
            let (time, bytes) = (told.time_ms[row], told.bytes[row]);
            instance.samples.push(Sample {
                t: told.t[row] + offset,
                stack: self.stack(told.node[row]),
                import: told.import[row],
                member: Some(told.member[row]).filter(|&member| member != NO_MEMBER),
                weight: told.weight[row] * self.samples.stride() as f32,
                time_ms: time.is_finite().then_some(time),
                bytes: known(bytes),
                goid: Some(told.goid[row]).filter(|&goid| goid != 0),
            });
            if instance.samples.len() > self.caps.samples {
                self.halve_samples(instance);
            }
        }
    }

    fn push_slices(&mut self, instance: &mut Instance, told: &protocol::Slices, offset: f64) {
        for row in 0..told.start.len() {
            let bridge = told.bridge_ms[row];
            let slice = Slice {
                start: told.start[row] + offset,
                end: told.end[row] + offset,
                cause: convert::cause(told.cause[row]),
                bridge_ms: bridge.is_finite().then_some(bridge),
                calls: told.calls[row],
            };
            if self.slices.begins() {
                instance.slices.push(slice);
            } else if let Some(last) = instance.slices.last_mut() {
                keep_longer(last, slice);
            }
            if instance.slices.len() > self.caps.slices {
                self.rewritten = true;
                self.slices.coarsen();
                join_pairs(&mut instance.slices, keep_longer);
            }
        }
    }

    fn push_series(&mut self, instance: &mut Instance, told: protocol::Series, offset: f64) {
        let series = &mut instance.series;
        let had = series.t.len();
        for columns in [&mut series.calls, &mut series.time_ms] {
            // An import that was not there was not called.
            columns.resize_with(instance.imports.len(), || vec![0.0; had]);
        }
        for row in 0..told.t.len() {
            if self.buckets.begins() {
                buckets::open(series);
            }
            buckets::add(series, &told, row, offset);
            if series.t.len() > self.caps.buckets {
                self.rewritten = true;
                self.buckets.coarsen();
                buckets::join(series);
            }
        }
    }

    fn push_grows(&mut self, instance: &mut Instance, told: &protocol::Grows, offset: f64) {
        let room = MAX_GROWS.saturating_sub(instance.grows.len());
        let rows = (0..told.t.len()).take(room);
        instance.grows.extend(rows.map(|row| Grow {
            t: told.t[row] + offset,
            from_bytes: told.from_bytes[row],
            to_bytes: told.to_bytes[row],
            stack: self.stack(told.node[row]),
        }));
    }
}

/// Changes row `at` or, where it is the next, appends it.
pub(super) fn put<T>(rows: &mut Vec<T>, at: u32, row: T) {
    match rows.get_mut(at as usize) {
        Some(known) => *known = row,
        None => rows.push(row),
    }
}

/// Of neighbouring slices the longer stays: long ones are what people look for.
fn keep_longer(kept: &mut Slice, next: Slice) {
    if next.end - next.start > kept.end - kept.start {
        *kept = next;
    }
}
