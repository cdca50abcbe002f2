//! The channel to the agent as a state machine: handshake, frames, silence, end. Effects live in `link`.

use protocol::VERSION;

/// No answer to the handshake for this long deserves an explanation, ms.
const PATIENCE_MS: f64 = 5e3;
/// No frame for this long while recording is worth saying, ms.
const QUIET_MS: f64 = 2e3;

/// Where the channel stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Connection {
    /// Opened by hand: there is no page to listen to.
    Alone,
    /// The page has been told that we are ready.
    Waiting {
        /// Since when, on the viewer's clock.
        since: f64,
    },
    /// Agent and viewer speak different versions.
    Mismatch {
        /// The agent's protocol version.
        protocol: u32,
        /// The agent's release.
        agent: String,
    },
    /// Frames arrive.
    Open {
        /// When the last one came, on the viewer's clock.
        heard: f64,
    },
    /// The page went away; what was recorded stays.
    Ended,
    /// What arrived could not be read.
    Damaged {
        /// Why.
        message: String,
    },
}

/// What happens to the channel.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The agent handed over a port, or refused to.
    Answer {
        /// The agent's protocol version.
        protocol: u32,
        /// The agent's release.
        agent: String,
        /// It gave a port.
        port: bool,
    },
    /// A frame was read.
    Heard,
    /// The page said that it goes away.
    Ended,
    /// A frame could not be read.
    Damaged(String),
}

impl Connection {
    /// The state after an event at `now` (viewer's clock). An end is an end: nothing follows it.
    pub fn after(&self, event: Event, now: f64) -> Self {
        match (self, event) {
            (Self::Waiting { .. } | Self::Open { .. }, Event::Answer { protocol, port: true, .. })
                if protocol == VERSION =>
            {
                Self::Open { heard: now }
            }
            (Self::Waiting { .. }, Event::Answer { protocol, agent, .. }) => {
                Self::Mismatch { protocol, agent }
            }
            (Self::Open { .. }, Event::Heard) => Self::Open { heard: now },
            (Self::Open { .. }, Event::Ended) => Self::Ended,
            (Self::Open { .. }, Event::Damaged(message)) => Self::Damaged { message },
            _ => self.clone(),
        }
    }

    /// Whether the handshake has taken longer than it should.
    pub fn overdue(&self, now: f64) -> bool {
        matches!(self, Self::Waiting { since } if now - since > PATIENCE_MS)
    }

    /// For how long nothing has been heard, ms, once that is worth saying.
    pub fn quiet_for(&self, now: f64) -> Option<f64> {
        match self {
            Self::Open { heard } if now - heard > QUIET_MS => Some(now - heard),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(protocol: u32, port: bool) -> Event {
        Event::Answer { protocol, agent: "0.1.0".into(), port }
    }

    #[test]
    fn a_port_of_our_version_opens() {
        let waiting = Connection::Waiting { since: 0.0 };
        let open = waiting.after(answer(VERSION, true), 7.0);
        assert_eq!(open, Connection::Open { heard: 7.0 });
        assert_eq!(open.after(Event::Heard, 9.0), Connection::Open { heard: 9.0 });
    }

    #[test]
    fn refusal_and_other_versions_are_a_mismatch() {
        let waiting = Connection::Waiting { since: 0.0 };
        for event in [answer(VERSION, false), answer(VERSION + 1, true), answer(VERSION + 1, false)] {
            assert!(matches!(waiting.after(event, 1.0), Connection::Mismatch { .. }));
        }
    }

    #[test]
    fn a_later_port_counts_and_ends_are_final() {
        let open = Connection::Open { heard: 1.0 };
        assert_eq!(open.after(answer(VERSION, true), 2.0), Connection::Open { heard: 2.0 });
        for useless in [answer(VERSION + 1, true), answer(VERSION, false)] {
            assert_eq!(open.after(useless, 2.0), open);
        }
        let ended = open.after(Event::Ended, 2.0);
        assert_eq!(ended.after(Event::Heard, 3.0), Connection::Ended);
        assert_eq!(ended.after(answer(VERSION, true), 3.0), Connection::Ended);
        let damaged = open.after(Event::Damaged("x".into()), 2.0);
        assert_eq!(damaged.after(Event::Ended, 3.0), damaged);
        assert_eq!(Connection::Alone.after(answer(VERSION, true), 1.0), Connection::Alone);
    }

    #[test]
    fn silence_is_noticed() {
        let open = Connection::Open { heard: 100.0 };
        assert_eq!(open.quiet_for(2_000.0), None);
        assert_eq!(open.quiet_for(2_200.0), Some(2_100.0));
        assert_eq!(Connection::Ended.quiet_for(1e9), None);
        assert!(Connection::Waiting { since: 0.0 }.overdue(5_001.0));
    }
}
