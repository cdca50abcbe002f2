//! Recordings that are over, read from a file, a URL or what this browser kept, and shown in place of the running one.

use super::{Shared, keep, schedule};
use crate::{
    platform::{clock, fetch, store::Store},
    state::{
        history::History,
        past::{Offer, Origin, Past, Recorded},
        readers::{Readers, Wanted},
        route::Source,
        runs::{self, Run},
        snapshot::{Snapshot, Tables},
    },
    text,
};
use session::{Recording, Session};
use std::rc::Rc;
use yew::platform::spawn_local;

/// A file longer than this is not read, bytes: a session as large as may be is about a quarter.
const MAX_FILE: usize = 64 << 20;
/// Frames are replayed for so long at a time, ms.
const SLICE_MS: f64 = 12.0;

/// A recording that is over, and how far it was read.
pub struct Shown {
    recording: Recording,
    history: History,
    readers: Readers,
    /// It was read, and which program was asked for: it does not change.
    read: Option<Option<u32>>,
}

impl Shown {
    fn new(recording: Recording) -> Self {
        Self { recording, history: History::default(), readers: Readers::default(), read: None }
    }

    /// What of it has not been read yet, or not of what is wanted now.
    pub fn read(&mut self, wanted: &Wanted, asked: bool) -> (Option<Rc<Snapshot>>, Option<Rc<Tables>>) {
        let first = self.read.is_none();
        let program = wanted.program;
        let anew = self.read.replace(program) != Some(program);
        let snapshot = anew.then(|| Rc::new(Snapshot::of(&self.recording, &mut self.history, 0.0, program)));
        let tables = (first || asked).then(|| Rc::new(self.readers.read(&self.recording, wanted)));
        (snapshot, tables)
    }
}

/// What there is to open.
pub enum Given {
    /// What the location names.
    Source(Source),
    /// A file's name and bytes.
    File(String, Rc<Vec<u8>>),
    /// A kept run.
    Kept(Rc<Offer>),
}

/// Shows a recording that is over.
pub fn show(channel: &Shared, given: Given) {
    let turn = begin(channel, Past::Reading { name: name(&given) });
    let channel = channel.clone();
    spawn_local(async move {
        // What is being read shows first.
        clock::breathe().await;
        let read = match given {
            Given::Source(Source::Profile(url)) => profile(&url).await,
            Given::Source(Source::Run(id)) => run(&id).await,
            Given::Source(Source::File) => Err(text::NO_FILE.into()),
            Given::File(name, bytes) => file(name, &bytes),
            Given::Kept(offer) => kept(&channel, offer).await,
        };
        // The reader may have gone on meanwhile.
        if channel.borrow().turn == turn {
            finish(&channel, read);
        }
    });
}

/// Shows the running recording again.
pub fn leave(channel: &Shared) {
    begin(channel, Past::None);
    channel.borrow_mut().pace.tables_forgotten();
}

fn begin(channel: &Shared, past: Past) -> u32 {
    let turn = {
        let mut inner = channel.borrow_mut();
        inner.past = past;
        inner.shown = None;
        inner.turn += 1;
        inner.turn
    };
    schedule(channel);
    turn
}

fn finish(channel: &Shared, read: Result<(Recording, Recorded), String>) {
    {
        let mut inner = channel.borrow_mut();
        match read {
            Ok((recording, about)) => {
                inner.shown = Some(Shown::new(recording));
                inner.past = Past::Shown(Rc::new(about));
            }
            Err(message) => inner.past = Past::Unreadable { message },
        }
    }
    schedule(channel);
}

fn name(given: &Given) -> String {
    match given {
        Given::Source(Source::Profile(url)) => file_name(url).into(),
        Given::Source(Source::Run(_)) | Given::Kept(_) => text::PREVIOUS_RUN.into(),
        Given::Source(Source::File) => String::new(),
        Given::File(name, _) => name.clone(),
    }
}

/// The last part of a URL's path.
fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(url)
}

async fn profile(url: &str) -> Result<(Recording, Recorded), String> {
    let bytes = fetch::bytes(url, MAX_FILE).await.map_err(|failure| text::not_fetched(&failure, url))?;
    file(file_name(url).into(), &bytes)
}

fn file(name: String, bytes: &[u8]) -> Result<(Recording, Recorded), String> {
    if bytes.len() > MAX_FILE {
        return Err(text::not_fetched(&fetch::Failure::TooLarge(MAX_FILE), &name));
    }
    let session = session::file::read(bytes).map_err(|error| text::not_a_session(&name, &error))?;
    let about = about(&session, Origin::File(name), None);
    Ok((Recording::of(session), about))
}

async fn run(id: &str) -> Result<(Recording, Recorded), String> {
    let store = Store::open().await.map_err(|why| text::not_kept(&why))?;
    let runs = store.runs().await.map_err(|why| text::not_kept(&why))?;
    let run = runs.iter().filter_map(|json| Run::parse(json)).find(|run| run.id == id);
    let run = run.ok_or(text::NO_RUN)?;
    let ending = keep::ending(&run, None).await;
    replay(&store, Rc::new(run), ending).await
}

async fn kept(channel: &Shared, offer: Rc<Offer>) -> Result<(Recording, Recorded), String> {
    let store = channel.borrow().keeper.store.clone().ok_or(text::NO_RUN)?;
    replay(&store, offer.run.clone(), offer.ending).await
}

/// Frames as they came, up to the first that cannot be read.
async fn replay(store: &Store, run: Rc<Run>, ending: runs::Ending) -> Result<(Recording, Recorded), String> {
    let chunks = store.chunks(&run.id).await.map_err(|why| text::not_kept(&why))?;
    let mut recording = Recording::new();
    let mut damage = None;
    let mut began = clock::now();
    for frame in chunks.iter().flat_map(|chunk| runs::frames(chunk)) {
        if clock::now() - began > SLICE_MS {
            clock::breathe().await;
            began = clock::now();
        }
        if let Err(error) = recording.apply_bytes(frame) {
            damage = Some(error.to_string());
            break;
        }
    }
    if recording.session().meta.end.is_none() {
        return Err(damage.unwrap_or_else(|| text::NO_RUN.into()));
    }
    let about = about(recording.session(), Origin::Kept { run, ending }, damage);
    Ok((recording, about))
}

fn about(session: &Session, origin: Origin, damage: Option<String>) -> Recorded {
    Recorded {
        origin,
        page: session.meta.url.clone(),
        when: clock::date(session.meta.time_origin),
        exit_code: session.current_instance().and_then(|instance| instance.exit_code),
        damage,
    }
}
