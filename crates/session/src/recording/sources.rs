//! The realms that tell: each numbers its modules and instances itself, and counts its own frames.

use super::check;
use crate::Error;
use protocol::{Dropped, Frame, Status};
use std::collections::BTreeMap;

/// Most realms that tell.
const MAX_SOURCES: usize = 1_000;
/// Ids of a realm's own begin at its number times this.
const SPAN: u32 = 1 << 16;
/// The page's own realm.
pub const PAGE: u32 = 0;

/// What is remembered of one realm's frames.
#[derive(Clone, Debug, Default)]
struct Source {
    /// The frame that is due.
    due: u32,
    status: Status,
}

/// All realms that have told anything.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<u32, Source>);

impl Sources {
    /// Checks that a frame's turn has come. Until [`Self::applied`] it stays due, so that nothing is put on top of a gap.
    pub fn turn(&mut self, frame: &Frame) -> Result<(), Error> {
        let Frame { source, seq, .. } = *frame;
        let begins = frame.hello.is_some() || source == PAGE;
        match self.0.get(&source) {
            Some(known) if frame.hello.is_none() && known.due != seq => {
                return Err(Error::Gap { got: seq, expected: known.due });
            }
            // The others' times count from the page's origin, which its own first frame tells.
            None if !begins || (source != PAGE && !self.0.contains_key(&PAGE)) => {
                return Err(Error::Realm { realm: source });
            }
            _ => {}
        }
        check::index(|| "source".into(), source, SPAN as usize)?;
        let known = self.0.len() + usize::from(!self.0.contains_key(&source));
        check::room(|| "sources".into(), known, MAX_SOURCES)?;
        self.0.entry(source).or_default().due = seq;
        Ok(())
    }

    /// A frame was applied.
    pub fn applied(&mut self, source: u32, seq: u32) {
        self.0.entry(source).or_default().due = seq.wrapping_add(1);
    }

    /// Whether a realm has told anything.
    pub fn has(&self, source: u32) -> bool {
        self.0.contains_key(&source)
    }

    /// What a realm says of itself.
    pub fn tell(&mut self, source: u32, status: Status) {
        self.0.entry(source).or_default().status = status;
    }

    /// What the agents of all realms cost, ms; `None` where one does not know.
    pub fn self_ms(&self) -> Option<f64> {
        check::known(self.0.values().map(|source| source.status.self_ms).sum())
    }

    /// What was thrown away in all realms.
    pub fn dropped(&self) -> Dropped {
        let mut sum = Dropped::default();
        for Source { status, .. } in self.0.values() {
            let Dropped { samples, frames, slices, traces, page } = status.dropped;
            sum.samples = sum.samples.saturating_add(samples);
            sum.frames = sum.frames.saturating_add(frames);
            sum.slices = sum.slices.saturating_add(slices);
            sum.traces = sum.traces.saturating_add(traces);
            sum.page = sum.page.saturating_add(page);
        }
        sum
    }
}

/// The recording's id of what a realm numbers `id`: the same however frames of several realms follow each other.
fn number(at: impl Fn() -> String, source: u32, id: &mut u32) -> Result<(), Error> {
    check::index(at, *id, SPAN as usize)?;
    *id += source * SPAN;
    Ok(())
}

/// Whether a module's or instance's id is of a realm.
pub fn is_of(id: u32, source: u32) -> bool {
    id / SPAN == source
}

/// Gives all that a frame numbers the recording's ids. Of realms, those that are not the page's own tell themselves alone.
pub fn renumber(frame: &mut Frame) -> Result<(), Error> {
    let source = frame.source;
    for module in &mut frame.modules {
        number(|| "modules.id".into(), source, &mut module.id)?;
        if let Some(owner) = &mut module.tables_of {
            number(|| "modules.tablesOf".into(), source, owner)?;
        }
    }
    for tables in &mut frame.tables {
        number(|| "tables.module".into(), source, &mut tables.module)?;
    }
    for instance in &mut frame.instances {
        number(|| "instances.id".into(), source, &mut instance.id)?;
        number(|| "instances.module".into(), source, &mut instance.module)?;
    }
    if source == PAGE {
        return Ok(());
    }
    frame.realms.truncate(1);
    frame.realms.iter_mut().for_each(|realm| realm.id = source);
    frame.instances.iter_mut().for_each(|instance| instance.realm = source);
    frame.page.realm = source;
    Ok(())
}
