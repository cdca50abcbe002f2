//! Keeps the running recording: frames gather here as they come, and about once a second what is new goes to storage, in
//! one piece. What browsers refuse is told, and nothing is tried again: the view goes on without.

use crate::{
    platform::{clock, locks, store::Store, store::Write, tab},
    state::{
        past::Keeping,
        runs::{self, Document, Last, MAX_RUN_BYTES, Run},
    },
};
use session::Session;
use std::future::Future;

/// Frames wait for storage in no more than this, bytes.
const MAX_PENDING: usize = 32 << 20;
/// Looks for the page's previous run, one a second.
const LOOKS: u8 = 10;

/// What is kept, and how that goes.
#[derive(Default)]
pub struct Keeper {
    pub store: Option<Store>,
    pub keeping: Keeping,
    run: Run,
    pending: Vec<u8>,
    /// Of pieces that are stored, none is of the running recording.
    anew: bool,
    /// A lock tells other views that this run goes on.
    locked: String,
    /// The view may be on the page's thread.
    pub shared: bool,
    /// How often the page's previous run is still to be looked for: a document that is slow to go may hold it yet.
    pub looks: u8,
}

impl Keeper {
    /// Where the running recording is of.
    pub fn document(&self) -> Option<Document> {
        let Run { id, page, began, tab, .. } = &self.run;
        let known = !id.is_empty();
        known.then(|| Document { id: id.clone(), page: page.clone(), began: *began, tab: tab.clone() })
    }

    /// A frame came, and was applied; `anew` where it begins the recording anew.
    pub fn frame(&mut self, bytes: &[u8], anew: bool, session: &Session) {
        if anew {
            self.begin(session);
        }
        self.run.heard = clock::since_epoch();
        self.run.wall_ms = session.meta.overhead.wall_ms;
        self.run.programs = session.instances.len();
        self.run.exit_code = session.current_instance().and_then(|instance| instance.exit_code);
        if self.keeping.trouble.is_some() || self.run.full {
            return;
        }
        let all = self.run.bytes + (self.pending.len() + bytes.len()) as u64;
        if all > MAX_RUN_BYTES || self.pending.len() + bytes.len() > MAX_PENDING {
            self.run.full = true;
            return;
        }
        runs::append(&mut self.pending, bytes);
    }

    fn begin(&mut self, session: &Session) {
        let meta = &session.meta;
        // A page that is told anew replaces what was kept of it.
        let id = format!("{} {}", meta.time_origin, meta.url);
        self.keeping.page = Some(meta.url.split('#').next().unwrap_or_default().into());
        self.pending.clear();
        self.anew = true;
        self.run = Run {
            id,
            protocol: protocol::VERSION,
            page: meta.url.clone(),
            began: meta.time_origin,
            tab: tab::id(),
            shared: self.shared,
            ..Run::default()
        };
        if self.locked != self.run.id {
            self.locked.clone_from(&self.run.id);
            self.looks = LOOKS;
            locks::hold(&self.locked);
        }
    }

    /// The view or the page goes away: why. What was known first counts.
    pub fn ends(&mut self, last: Last) {
        if self.run.last == Last::Nothing {
            self.run.last = last;
        }
    }

    /// Nothing more comes, and all was written.
    pub fn has_ended(&self) -> bool {
        self.run.last != Last::Nothing && self.pending.is_empty()
    }

    /// Begins to write what is new; the outcome comes. `None` where there is nothing to write, or nowhere.
    pub fn write(&mut self) -> Option<impl Future<Output = Result<(), String>> + use<>> {
        let store = self.store.as_ref().filter(|_| self.keeping.trouble.is_none())?;
        if self.run.id.is_empty() {
            return None;
        }
        let run = &mut self.run;
        run.seen = clock::since_epoch();
        let chunk = std::mem::take(&mut self.pending);
        let number = run.chunks;
        if !chunk.is_empty() {
            run.chunks += 1;
            run.bytes += chunk.len() as u64;
        }
        let what = Write {
            id: &run.id,
            run: &run.to_json(),
            chunk: (!chunk.is_empty()).then_some((number, chunk.as_slice())),
            anew: std::mem::take(&mut self.anew),
        };
        Some(store.write(&what))
    }

    /// Storage refused: what waits for it goes.
    pub fn failed(&mut self, why: String) {
        self.keeping.trouble = Some(why);
        self.pending = Vec::new();
    }
}
