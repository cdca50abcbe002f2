//! The parts of a frame, one by one.

use super::{
    PAGE, Recording, align,
    check::{self, known},
    convert, page,
    sources::is_of,
    tables::Tables,
};
use crate::{
    AgentError, Compiler, Environment, Error, Instance, Mode, Module, Network, Realm, RealmKind, State,
};
use protocol::{Frame, ModuleTables, feature};
use std::collections::HashMap;

/// Most realms, modules and instances of a recording.
const MAX_PARTS: usize = 10_000;
/// Most refusals kept of a realm.
const MAX_REFUSED: usize = 32;
/// Most faults kept.
const MAX_ERRORS: usize = 1_000;

impl Recording {
    pub(super) fn apply_parts(&mut self, frame: Frame) -> Result<(), Error> {
        let source = frame.source;
        check::times(|| "t".into(), &[frame.t])?;
        if let Some(hello) = frame.hello.filter(|_| source == PAGE) {
            self.hello(hello);
        }
        for realm in frame.realms {
            self.realm(source, realm)?;
        }
        let t = frame.t + self.offset(source);
        for module in frame.modules {
            self.module(module)?;
        }
        for tables in frame.tables {
            self.module_tables(tables, t);
        }
        for instance in frame.instances {
            self.instance(instance)?;
        }
        self.page(frame.page)?;
        let end = &mut self.session.meta.end;
        *end = Some(end.map_or(t, |end| end.max(t)));
        self.status(source, frame.status, t);
        Ok(())
    }

    fn hello(&mut self, hello: protocol::Hello) {
        let meta = &mut self.session.meta;
        meta.agent = hello.agent;
        meta.url = hello.url;
        meta.user_agent = hello.user_agent;
        meta.time_origin = known(hello.time_origin).unwrap_or_default();
        meta.attach = convert::attach(hello.attach);
        meta.mode = match hello.mode {
            protocol::Mode::Observe => Mode::Observe,
            protocol::Mode::Sample => Mode::Sample,
        };
        meta.clock_step_ms = known(hello.clock_step_ms).filter(|&step| step > 0.0);
        meta.cross_origin_isolated = Some(hello.cross_origin_isolated);
        meta.runtime_traces = Some(hello.runtime_traces);
        meta.recorder = Some(hello.recorder);
    }

    /// Adds to ms since a realm's origin to get the recording's.
    fn offset(&self, realm: u32) -> f64 {
        self.offsets.get(&realm).copied().unwrap_or_default()
    }

    fn status(&mut self, source: u32, mut status: protocol::Status, t: f64) {
        let errors = std::mem::take(&mut status.errors);
        let offset = self.offset(source);
        let meta = &mut self.session.meta;
        meta.go_seen |= status.go_seen || !self.session.instances.is_empty();
        // A program may be found long after a reader was greeted.
        if let Some(first) = self.session.instances.first() {
            meta.attach = first.attach;
        }
        if source == PAGE {
            meta.state = match status.state {
                protocol::State::Idle => State::Idle,
                protocol::State::Recording => State::Recording,
                protocol::State::Stopped => State::Stopped,
            };
            meta.overhead.wall_ms = known(status.wall_ms).filter(|&wall| wall > 0.0);
            meta.overhead.viewer_ms = known(status.viewer_ms);
        }
        self.sources.tell(source, status);
        meta.overhead.self_ms = self.sources.self_ms();
        let (mut samples, mut slices) = (0, 0);
        for (tables, instance) in self.tables.iter().zip(&self.session.instances) {
            let lost = tables.dropped(instance);
            samples += lost.0;
            slices += lost.1;
        }
        let told = self.sources.dropped();
        for (kind, count) in [
            ("samples", told.samples.saturating_add(samples)),
            ("frames", told.frames),
            ("slices", told.slices.saturating_add(slices)),
            ("traces", told.traces),
            ("page", told.page.saturating_add(self.page_dropped)),
        ] {
            meta.dropped.insert(kind.into(), count);
        }
        let room = MAX_ERRORS.saturating_sub(meta.errors.len());
        let errors = errors.into_iter().take(room);
        meta.errors.extend(errors.map(|error| AgentError {
            t: known(error.t).map_or(t, |t| t + offset),
            at: error.at,
            message: error.message,
        }));
    }

    /// A realm as `source` tells it: its clock is its own affair, the rest the page's.
    fn realm(&mut self, source: u32, told: protocol::Realm) -> Result<(), Error> {
        let at = |field| format!("realms[{}].{field}", told.id);
        check::times(|| at("offsetMs"), &[told.offset_ms])?;
        check::times(|| at("ended"), &told.ended.map_or(vec![], |t| vec![t]))?;
        check::amounts(|| at("offsetErrorMs"), &[told.offset_error_ms], true)?;
        check::room(|| "realms".into(), self.session.realms.len() + 1, MAX_PARTS)?;
        let of_page = realm(&told);
        let realms = &mut self.session.realms;
        let at = realms.iter().position(|known| known.id == told.id).unwrap_or_else(|| {
            realms.push(of_page.clone());
            realms.len() - 1
        });
        let known = &mut realms[at];
        let own = source == told.id || (source == PAGE && !self.sources.has(told.id));
        if own {
            known.offset_ms = told.offset_ms;
            known.offset_error_ms = of_page.offset_error_ms;
            self.move_clock(told.id, told.offset_ms);
        }
        let known = &mut self.session.realms[at];
        if source == told.id {
            known.environment = of_page.environment.clone();
        }
        if source == PAGE {
            let Realm { offset_ms, offset_error_ms, .. } = *known;
            let environment = known.environment.take();
            *known = Realm { offset_ms, offset_error_ms, environment, ..of_page };
        }
        Ok(())
    }

    /// Times of a realm count from elsewhere than thought.
    fn move_clock(&mut self, realm: u32, offset: f64) {
        let by = offset - self.offsets.insert(realm, offset).unwrap_or_default();
        let of_it = |instance: &Instance| instance.realm == realm;
        if by == 0.0 || !self.sources.has(realm) {
            return;
        }
        for (instance, tables) in self.session.instances.iter_mut().zip(&mut self.tables) {
            if of_it(instance) {
                align::shift(instance, tables, by);
            }
        }
        align::shift_page(&mut self.session.page, realm, by);
        self.revision += 1;
    }

    /// Forgets what a realm has told: it begins anew.
    pub(super) fn forget(&mut self, source: u32) {
        let mut tables = std::mem::take(&mut self.tables).into_iter();
        let kept = self.session.instances.iter().map(|instance| !is_of(instance.id, source));
        self.tables = kept.zip(tables.by_ref()).filter_map(|(kept, tables)| kept.then_some(tables)).collect();
        self.session.instances.retain(|instance| !is_of(instance.id, source));
        self.session.modules.retain(|module| !is_of(module.id, source));
        self.modules.retain(|&id, _| !is_of(id, source));
        self.tables_of.retain(|&id, _| !is_of(id, source));
        let page = &mut self.session.page;
        page.microtasks.retain(|row| row.realm != source);
        page.longtasks.iter_mut().for_each(|rows| rows.retain(|row| row.realm != source));
        page.marks.retain(|row| row.realm != source);
        page.measures.retain(|row| row.realm != source);
        self.name_again();
    }

    fn module(&mut self, told: protocol::Module) -> Result<(), Error> {
        check::room(|| "modules".into(), self.session.modules.len() + 1, MAX_PARTS)?;
        let modules = &mut self.session.modules;
        let at = modules.iter().position(|module| module.id == told.id).unwrap_or_else(|| {
            modules.push(Module { id: told.id, ..Module::default() });
            modules.len() - 1
        });
        let module = &mut modules[at];
        module.url = told.url;
        module.bytes = told.bytes;
        module.compiler = match told.compiler.as_str() {
            "go" => Compiler::Go,
            "tinygo" => Compiler::Tinygo,
            _ => Compiler::Other,
        };
        module.go_version = told.go_version.or(module.go_version.take());
        module.compiler_version = told.compiler_version;
        module.stripped = told.stripped;
        module.network = told.network.map(network);
        module.failure = told.failure;
        if let Some(owner) = told.tables_of
            && self.tables_of.insert(told.id, owner) != Some(owner)
        {
            self.named(|id| id == told.id);
        }
        Ok(())
    }

    /// Describes those modules whose names are known now, and names the stacks that came before.
    fn named(&mut self, those: impl Fn(u32) -> bool) {
        for at in 0..self.session.modules.len() {
            let id = self.session.modules[at].id;
            let names =
                self.modules.get(&owner(&self.tables_of, id)).and_then(|module| module.names.as_ref());
            if let Some(names) = names.filter(|_| those(id)) {
                names.describe(&mut self.session.modules[at]);
            }
        }
        let mut instances = self.session.instances.iter().zip(&self.tables);
        if instances.any(|(instance, tables)| tables.has_stacks() && those(instance.module)) {
            self.name_again();
        }
    }

    /// Opens a module's names and names the stacks that came before them.
    fn module_tables(&mut self, tables: ModuleTables, t: f64) {
        let id = tables.module;
        let names = &mut self.modules.entry(id).or_default().names;
        if names.is_some() {
            return;
        }
        match (self.open)(tables) {
            Ok(opened) => {
                *names = Some(opened);
                let shared = self.tables_of.clone();
                self.named(|module| owner(&shared, module) == id);
            }
            Err(message) => {
                let error = AgentError { t, at: "symbols".into(), message };
                self.session.meta.errors.push(error);
            }
        }
    }

    fn name_again(&mut self) {
        self.stacks.clear(&mut self.session);
        self.modules.values_mut().for_each(super::ModuleNames::forget);
        for (at, tables) in self.tables.iter_mut().enumerate() {
            let module = self.session.instances[at].module;
            let owner = owner(&self.tables_of, module);
            let names = self.modules.entry(owner).or_default();
            tables.name_again(&mut self.session, at, &mut self.stacks, names);
        }
        self.revision += 1;
    }

    fn page(&mut self, told: protocol::Page) -> Result<(), Error> {
        page::check(&told)?;
        let offset = self.offsets.get(&told.realm).copied().unwrap_or_default();
        let dropped = page::append(&mut self.session.page, told, offset, self.caps.page);
        self.page_dropped += dropped;
        self.revision += u64::from(dropped > 0);
        Ok(())
    }

    fn instance(&mut self, told: protocol::Instance) -> Result<(), Error> {
        let instances = &mut self.session.instances;
        let at = match instances.iter().position(|instance| instance.id == told.id) {
            Some(at) => at,
            None => {
                check::room(|| "instances".into(), instances.len() + 1, MAX_PARTS)?;
                let (id, module, realm) = (told.id, told.module, told.realm);
                instances.push(Instance { id, module, realm, ..Instance::default() });
                self.tables.push(Tables::new(self.caps));
                instances.len() - 1
            }
        };
        let offset = self.offsets.get(&instances[at].realm).copied().unwrap_or_default();
        let module = instances[at].module;
        let owner = owner(&self.tables_of, module);
        let names = self.modules.entry(owner).or_default();
        let tables = &mut self.tables[at];
        tables.check(&instances[at], &told)?;
        tables.apply(&mut self.session, at, told, offset, &mut self.stacks, names);
        self.keep_samples_bounded();
        Ok(())
    }

    /// Halves the longest samples until all fit. A lone instance never gets here with too many: see `Tables`.
    fn keep_samples_bounded(&mut self) {
        let instances = &mut self.session.instances;
        while instances.iter().map(|instance| instance.samples.len()).sum::<usize>() > self.caps.samples {
            let longest = instances.iter_mut().zip(&mut self.tables).max_by_key(|(i, _)| i.samples.len());
            let Some((instance, tables)) = longest else { return };
            tables.halve_samples(instance);
        }
        self.revision += u64::from(self.tables.iter_mut().any(Tables::take_rewritten));
    }
}

fn realm(told: &protocol::Realm) -> Realm {
    Realm {
        id: told.id,
        kind: match told.kind {
            protocol::RealmKind::Window => RealmKind::Window,
            protocol::RealmKind::Worker => RealmKind::Worker,
            protocol::RealmKind::Iframe => RealmKind::Iframe,
            protocol::RealmKind::SharedWorker => RealmKind::SharedWorker,
            protocol::RealmKind::ServiceWorker => RealmKind::ServiceWorker,
        },
        url: told.url.clone(),
        name: told.name.clone(),
        watched: told.watched,
        offset_ms: told.offset_ms,
        offset_error_ms: known(told.offset_error_ms),
        ended: told.ended,
        environment: told.environment.as_ref().map(environment),
    }
}

fn environment(told: &protocol::Environment) -> Environment {
    let has = |bit: u32| told.features & bit != 0;
    Environment {
        cross_origin_isolated: has(feature::ISOLATED),
        shared_array_buffer: has(feature::SHARED_BUFFER),
        shared_memory: has(feature::SHARED_MEMORY),
        wait_async: has(feature::WAIT_ASYNC),
        secure_context: has(feature::SECURE),
        origin_agent_cluster: has(feature::TELLS_ORIGIN_KEYED).then(|| has(feature::ORIGIN_KEYED)),
        workers: has(feature::WORKERS),
        isolation_allowed: has(feature::TELLS_ALLOWED).then(|| has(feature::ALLOWED)),
        hardware_concurrency: Some(told.cores).filter(|&cores| cores > 0),
        refused: told.refused.iter().take(MAX_REFUSED).cloned().collect(),
    }
}

/// The module whose tables name the PCs of `module`.
fn owner(tables_of: &HashMap<u32, u32>, module: u32) -> u32 {
    tables_of.get(&module).copied().unwrap_or(module)
}

fn network(told: protocol::Network) -> Network {
    Network {
        ttfb_ms: told.ttfb_ms.and_then(known),
        download_ms: told.download_ms.and_then(known),
        wire_bytes: told.wire_bytes,
        content_type: told.content_type,
        encoding: told.encoding,
        cache: told.cache,
        status: told.status,
        streamed: told.streamed,
        fallback: told.fallback,
    }
}
