//! What the reader is looking at, in one word: it decides the dot, the notice and what to do next.

use super::{
    connection::Connection,
    past::{Past, Recorded},
    snapshot::Snapshot,
};
use std::rc::Rc;

/// The state of the whole view.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Opened by hand.
    Alone,
    /// Waiting for the page.
    Waiting {
        /// For longer than it should take.
        overdue: bool,
    },
    /// Agent and viewer do not understand each other.
    Mismatch {
        /// The agent's protocol version.
        protocol: u32,
        /// The agent's release.
        agent: String,
    },
    /// What arrived could not be read.
    Damaged {
        /// Why.
        message: String,
    },
    /// Connected; no Go program yet.
    NoProgram,
    /// Recording.
    Live,
    /// Recording, yet silent for some ms.
    Quiet {
        /// For how long.
        ms: f64,
    },
    /// The recording was stopped.
    Stopped,
    /// The program has exited.
    Exited {
        /// Its exit code.
        code: i32,
    },
    /// The page went away.
    Gone,
    /// A recording that is over is being read.
    Reading {
        /// What.
        name: String,
    },
    /// It could not be read.
    Unreadable {
        /// Why.
        message: String,
    },
    /// It is shown.
    Recorded(Rc<Recorded>),
}

impl Stage {
    /// The stage at `now` (viewer's clock).
    pub fn of(connection: &Connection, snapshot: &Snapshot, now: f64) -> Self {
        match connection {
            Connection::Alone => Self::Alone,
            Connection::Waiting { .. } => Self::Waiting { overdue: connection.overdue(now) },
            Connection::Mismatch { protocol, agent } => {
                Self::Mismatch { protocol: *protocol, agent: agent.clone() }
            }
            Connection::Damaged { message } => Self::Damaged { message: message.clone() },
            Connection::Ended => Self::Gone,
            Connection::Open { .. } => Self::of_open(connection, snapshot, now),
        }
    }

    /// The stage of what is shown in place of the running recording, if anything is.
    pub fn of_past(past: &Past) -> Option<Self> {
        match past {
            Past::None => None,
            Past::Reading { name } => Some(Self::Reading { name: name.clone() }),
            Past::Unreadable { message } => Some(Self::Unreadable { message: message.clone() }),
            Past::Shown(about) => Some(Self::Recorded(about.clone())),
        }
    }

    fn of_open(connection: &Connection, snapshot: &Snapshot, now: f64) -> Self {
        if snapshot.is_stopped() {
            return Self::Stopped;
        }
        if snapshot.programs == 0 {
            return Self::NoProgram;
        }
        match (snapshot.exit_code, connection.quiet_for(now)) {
            (Some(code), _) => Self::Exited { code },
            (None, Some(ms)) => Self::Quiet { ms },
            (None, None) => Self::Live,
        }
    }

    /// Whether this is of a recording that is over, in place of a running one.
    pub fn is_past(&self) -> bool {
        matches!(self, Self::Reading { .. } | Self::Unreadable { .. } | Self::Recorded(_))
    }

    /// Whether there is a page that could be opened anew.
    pub fn can_reload(&self) -> bool {
        self.is_running() || matches!(self, Self::Stopped | Self::Exited { .. })
    }

    /// Whether time goes on.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Live | Self::Quiet { .. } | Self::NoProgram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(heard: f64) -> Connection {
        Connection::Open { heard }
    }

    #[test]
    fn an_open_channel_tells_programs_apart() {
        let mut snapshot = Snapshot::default();
        assert_eq!(Stage::of(&open(0.0), &snapshot, 3e3), Stage::NoProgram);
        snapshot.programs = 1;
        assert_eq!(Stage::of(&open(0.0), &snapshot, 1.0), Stage::Live);
        assert_eq!(Stage::of(&open(0.0), &snapshot, 3e3), Stage::Quiet { ms: 3e3 });
        snapshot.exit_code = Some(2);
        assert_eq!(Stage::of(&open(0.0), &snapshot, 3e3), Stage::Exited { code: 2 });
        assert_eq!(Stage::of(&Connection::Ended, &snapshot, 3e3), Stage::Gone);
    }
}
