//! A session in the making: frames from the agent go in, the [`Session`] so far can be read at any time.
//!
//! Program counters are named when the stack that holds them arrives, or, where a module's tables come later, as
//! soon as they do. Frames are untrusted: every index is checked before it is followed.
//!
//! Frames come from the agents of one or more realms. Each numbers its modules and instances itself ([`sources`]); its times
//! become the recording's by its realm's offset, and move when that is known better ([`align`]).
//!
//! What is kept is bounded: 200,000 samples over all instances; per instance 100,000 slices, 10,000 buckets of
//! series and 100,000 growths of memory. Beyond, samples and slices are thinned evenly ([`thin`]): of two samples
//! one is drawn and its weight doubles, of two neighbouring slices the longer stays. Of the page's own tables the
//! newest 60,000 rows stay. All that goes is counted in `dropped`. Neighbouring buckets are joined: sums add up, gauges are those at the end.

mod align;
mod apply;
mod buckets;
mod check;
mod convert;
mod held;
mod names;
mod page;
mod patterns;
mod sources;
mod stacks;
mod tables;
#[cfg(test)]
mod tests;
mod thin;

use crate::{Cause, Error, Session, findings};
use names::Open;
use sources::{PAGE, Sources};
use stacks::{ModuleNames, StackTable};
use std::collections::HashMap;
use tables::{Caps, Tables};

/// An outermost stay in Go that has not ended: of the recording while it lasts, and of no file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenSlice {
    /// Begin, ms.
    pub start: f64,
    /// What began it.
    pub cause: Cause,
}

/// Builds a [`Session`] from the agent's frames.
pub struct Recording {
    session: Session,
    /// Beside each of the session's instances.
    tables: Vec<Tables>,
    stacks: StackTable,
    modules: HashMap<u32, ModuleNames>,
    /// Modules named by the tables of another.
    tables_of: HashMap<u32, u32>,
    offsets: HashMap<u32, f64>,
    sources: Sources,
    /// Rows of the page's tables that went.
    page_dropped: u64,
    revision: u64,
    /// Read from a file: its tables cannot be continued.
    ended: bool,
    open: Open,
    caps: Caps,
}

impl Default for Recording {
    fn default() -> Self {
        Self::with(names::open, Caps::default())
    }
}

impl Recording {
    /// Nothing recorded yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A recording that is over, as it was saved. A frame that continues it is refused: only one that begins anew is taken.
    pub fn of(session: Session) -> Self {
        Self { session, ended: true, ..Self::new() }
    }

    fn with(open: Open, caps: Caps) -> Self {
        Self {
            session: Session::default(),
            tables: Vec::new(),
            stacks: StackTable::default(),
            modules: HashMap::new(),
            tables_of: HashMap::new(),
            offsets: HashMap::new(),
            sources: Sources::default(),
            page_dropped: 0,
            revision: 0,
            ended: false,
            open,
            caps,
        }
    }

    /// The session so far.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Puts the findings of what is recorded so far into the session.
    pub fn judge(&mut self) {
        self.session.findings = findings(&self.session);
    }

    /// The session, when no more frames will come.
    pub fn into_session(self) -> Session {
        self.session
    }

    /// The stay in Go in which the session's instance `at` was when it was last told of.
    pub fn open_slice(&self, at: usize) -> Option<OpenSlice> {
        self.tables.get(at)?.open()
    }

    /// Changes whenever rows already in the session's samples, slices, series, stacks or frames have changed, so that
    /// readers who only look at new rows start over. The last slice and the last bucket may change without it: once
    /// thinned, they stand for those that follow, too.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Reads a frame's bytes and applies it.
    ///
    /// # Errors
    /// As [`Self::apply`], and for bytes that are no frame.
    pub fn apply_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.apply(protocol::Frame::decode(bytes)?)
    }

    /// Adds what a frame tells. A frame with a `hello` begins a new recording, or, of a realm other than the page's own,
    /// what that realm tells.
    ///
    /// # Errors
    /// [`Error`], where the frame refers to what is not there. The session then keeps what it had, and later frames of the
    /// same realm are refused until one begins anew: tables continue where the last good frame ended.
    pub fn apply(&mut self, mut frame: protocol::Frame) -> Result<(), Error> {
        let (source, seq, begins) = (frame.source, frame.seq, frame.hello.is_some());
        if begins && source == PAGE {
            let revision = self.revision + 1;
            *self = Self { revision, ..Self::with(self.open, self.caps) };
        } else if self.ended {
            return Err(Error::Ended);
        }
        if begins && source != PAGE && self.sources.has(source) {
            self.forget(source);
        }
        self.sources.turn(&frame)?;
        sources::renumber(&mut frame)?;
        self.apply_parts(frame)?;
        self.sources.applied(source, seq);
        Ok(())
    }
}
