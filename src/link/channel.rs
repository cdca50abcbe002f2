//! What the link holds: the channel's state, the recording that its frames build, and what is read of it for the view.

use crate::{
    platform::{
        clock,
        frames::Job,
        host::{Host, HostKind},
        popout::Popout,
        port::{Incoming, Outgoing, Port},
    },
    state::{
        app::Update,
        connection::{Connection, Event},
        history::History,
        layout::Layout,
        pace::Pace,
        past::Past,
        readers::{Readers, Wanted},
        reload::{Obstacle, Reload},
        runs::Last,
        snapshot::{Snapshot, Tables},
    },
};
use gloo::{
    events::EventListener,
    timers::callback::{Interval, Timeout},
};
use protocol::Frame;
use session::Recording;
use std::rc::Rc;
use yew::Callback;

use super::{keeper::Keeper, past::Shown};

/// How often the agent is told what the viewer cost, ms.
const REPORT_MS: f64 = 1e3;

/// The channel, as far as it goes in this window.
pub struct Channel {
    pub publish: Callback<Update>,
    /// Told of layouts.
    pub arrange: Callback<Layout>,
    pub host: Option<Host>,
    /// The page's origin.
    pub page: String,
    /// A window of ours that shows the recording instead.
    pub popout: Option<Popout>,
    /// No such window could be opened, or none that we can reach.
    pub apart: bool,
    /// How it goes where the page was asked for anew.
    pub reload: Reload,
    pub connection: Connection,
    pub recording: Recording,
    pub history: History,
    pub readers: Readers,
    pub keeper: Keeper,
    /// What is shown in place of the running recording,
    pub past: Past,
    /// and what that reads.
    pub shown: Option<Shown>,
    /// Counts what was asked to be shown: what comes late is told by it.
    pub turn: u32,
    pub wanted: Wanted,
    /// Tables are to be read with the next picture: what is wanted of them has changed.
    pub asked: bool,
    pub port: Option<Port>,
    pub pace: Pace,
    pub badge: bool,
    /// Frames are applied, figures are not read.
    pub paused: bool,
    /// Whether the target may run on this very thread.
    pub shared: bool,
    pub work_ms: f64,
    pub reported: f64,
    pub timers: Timers,
}

/// What runs or waits; each undoes itself when dropped.
#[derive(Default)]
pub struct Timers {
    pub ready: Option<Interval>,
    pub answer: Option<EventListener>,
    pub messages: Option<EventListener>,
    pub heartbeat: Option<Interval>,
    pub keep: Option<Interval>,
    pub unload: Option<EventListener>,
    pub delay: Option<Timeout>,
    pub frame: Option<Job>,
    /// The frame was asked for.
    pub asked: bool,
}

impl Timers {
    /// Asks for the next picture.
    pub fn ask(&mut self) {
        self.asked = true;
        self.frame.iter().for_each(Job::ask);
    }
}

impl Channel {
    /// Before the handshake.
    pub fn new(publish: Callback<Update>, arrange: Callback<Layout>, host: Option<Host>) -> Self {
        let now = clock::now();
        let connection = if host.is_some() { Connection::Waiting { since: now } } else { Connection::Alone };
        Self {
            publish,
            arrange,
            host,
            page: String::new(),
            popout: None,
            apart: false,
            reload: Reload::No,
            connection,
            recording: Recording::new(),
            history: History::default(),
            readers: Readers::default(),
            keeper: Keeper::default(),
            past: Past::None,
            shown: None,
            turn: 0,
            wanted: Wanted::default(),
            asked: false,
            port: None,
            pace: Pace::default(),
            badge: false,
            paused: false,
            shared: false,
            work_ms: 0.0,
            reported: now,
            timers: Timers::default(),
        }
    }

    pub fn is_embedded(&self) -> bool {
        self.host.as_ref().is_some_and(|host| host.kind() == HostKind::Parent)
    }

    pub fn happened(&mut self, event: Event) {
        self.connection = self.connection.after(event, clock::now());
        if matches!(
            self.connection,
            Connection::Ended | Connection::Damaged { .. } | Connection::Mismatch { .. }
        ) {
            // The port stays: a reader may still want the view gone.
            self.timers.messages = None;
            self.timers.answer = None;
        }
    }

    pub fn take(&mut self, incoming: Incoming) {
        let began = clock::now();
        match incoming {
            Incoming::Frame(bytes) => match self.apply(&bytes) {
                Ok((seq, source)) => {
                    self.happened(Event::Heard);
                    self.send(Outgoing::Ack(seq, source));
                }
                Err(message) => self.happened(Event::Damaged(message)),
            },
            Incoming::TooLong(bytes) => self.happened(Event::Damaged(crate::text::too_long(bytes))),
            Incoming::Ended => {
                self.keeper.ends(Last::Goodbye);
                self.happened(Event::Ended);
            }
            Incoming::Popout(passed) => {
                if let Some(popout) = &self.popout {
                    popout.pass_on(&passed, &self.page);
                }
            }
            Incoming::Refused(said) => self.reload = Reload::Refused(Obstacle::of(&said, &self.page)),
            Incoming::Layout(_) => {}
        }
        self.worked(began);
    }

    fn apply(&mut self, bytes: &[u8]) -> Result<(u32, u32), String> {
        let frame = Frame::decode(bytes).map_err(|error| error.to_string())?;
        let (seq, source) = (frame.seq, frame.source);
        // The page's own: other realms add theirs.
        let anew = frame.hello.is_some() && source == 0;
        let before = self.outline();
        self.recording.apply(frame).map_err(|error| error.to_string())?;
        self.keeper.frame(bytes, anew, self.recording.session());
        if anew {
            // Shares are shares of the new recording.
            self.work_ms = 0.0;
        }
        if anew || before != self.outline() {
            self.pace.tables_forgotten();
        }
        Ok((seq, source))
    }

    /// What no table may be older than: how many programs there are, which is shown, and whether that is over.
    fn outline(&self) -> (usize, Option<usize>, bool) {
        let session = self.recording.session();
        let over = session.current_instance().is_some_and(|instance| instance.exit_code.is_some());
        (session.instances.len(), session.current(), over)
    }

    pub fn read(&mut self, now: f64) -> Update {
        let connection = self.connection.clone();
        let pace = self.pace.updates_per_second();
        let over = !matches!(connection, Connection::Waiting { .. } | Connection::Open { .. });
        let asked = std::mem::take(&mut self.asked);
        let (past, keeping, apart) = (self.past.clone(), self.keeper.keeping.clone(), self.apart);
        let reload = self.reload.clone();
        let update =
            Update { connection, now, pace, past, keeping, apart, reload, snapshot: None, tables: None };
        if let Some(shown) = &mut self.shown {
            let (snapshot, tables) = shown.read(&self.wanted, asked);
            return Update { snapshot, tables, ..update };
        }
        // Nobody sees this view while a window of its own shows the recording.
        if self.paused || self.popout.is_some() {
            let tables = asked.then(|| self.tables(now));
            let other = self.wanted.program.is_some() && self.wanted.program != self.history.program();
            let snapshot = other.then(|| self.snapshot(now));
            return Update { snapshot, tables, ..update };
        }
        let snapshot = self.snapshot(now);
        // The last reading is of everything.
        let due = over || self.pace.tables_due(now, self.badge);
        let tables = due.then(|| self.tables(now));
        Update { snapshot: Some(snapshot), tables, ..update }
    }

    fn snapshot(&mut self, now: f64) -> Rc<Snapshot> {
        let since_heard = match self.connection {
            Connection::Open { heard } => now - heard,
            _ => 0.0,
        };
        Rc::new(Snapshot::of(&self.recording, &mut self.history, since_heard, self.wanted.program))
    }

    fn tables(&mut self, now: f64) -> Rc<Tables> {
        let tables = Rc::new(self.readers.read(&self.recording, &self.wanted));
        self.pace.tables_read(now, clock::now() - now);
        if tables.lines.is_empty() {
            // There is nothing to hold still yet: the first rows show as soon as they are there.
            self.pace.tables_forgotten();
        }
        tables
    }

    pub fn worked(&mut self, began: f64) {
        let now = clock::now();
        self.work_ms += now - began;
        self.pace.worked(now - began, now);
        if self.shared && now - self.reported >= REPORT_MS {
            self.reported = now;
            self.send(Outgoing::ViewerMs(self.work_ms));
        }
    }

    pub fn send(&self, outgoing: Outgoing) {
        if let Some(port) = &self.port {
            port.send(outgoing);
        }
    }
}
