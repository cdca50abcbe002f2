//! What stands on screen always: how the recording was made and what it cost.

use crate::{Attach, Compiler, Mode, Session, State, fmt};

/// What the agent has come upon in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lamp {
    /// Nothing of Go's.
    NoGo,
    /// Go's glue or module, and no program yet that could be watched.
    Waiting,
    /// A program, before it ran.
    Early,
    /// A program that ran already, alone or beside others.
    Late,
}

impl Lamp {
    fn of(session: &Session) -> Self {
        let mut programs = session.instances.iter();
        let go = session.meta.go_seen || session.modules.iter().any(|it| it.compiler == Compiler::Go);
        match () {
            () if programs.any(|it| it.attach == Attach::Late) => Self::Late,
            () if !session.instances.is_empty() => Self::Early,
            () if go => Self::Waiting,
            () => Self::NoGo,
        }
    }
}

/// How the recording was made and what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// What it is made of.
    pub lamp: Lamp,
    /// When the agent came.
    pub attach: Attach,
    /// How the module is watched.
    pub mode: Mode,
    /// What the agent is doing.
    pub state: State,
    /// Step of the page's clock, ms.
    pub clock_step_ms: Option<f64>,
    /// Estimated cost of the agent as a share of wall time.
    pub overhead: Option<f64>,
    /// The same in ms.
    pub self_ms: Option<f64>,
    /// The viewer's own work on the target's thread, as a share of wall time; `None` where it has its own thread.
    pub viewer: Option<f64>,
    /// What was thrown away, all kinds.
    pub dropped: u64,
    /// The same by kind, without those that are 0.
    pub dropped_by_kind: Vec<(String, u64)>,
    /// Faults inside the agent.
    pub errors: usize,
    /// Whether Go stacks can be read; `None` where unknown.
    pub recorder: Option<bool>,
}

impl Status {
    /// `early · observe · clock 5.00 µs · our cost 0.8 % · dropped 0`.
    pub fn text(&self) -> String {
        let mut parts = vec![
            self.attach.as_str().to_owned(),
            self.mode.as_str().to_owned(),
            format!("clock {}", fmt::or_unknown(self.clock_step_ms, fmt::ms)),
            format!("our cost {}", fmt::or_unknown(self.overhead, fmt::percent)),
            format!("dropped {}", fmt::count(self.dropped)),
        ];
        if self.errors > 0 {
            parts.push(format!("errors {}", fmt::count(self.errors as u64)));
        }
        parts.join(" · ")
    }
}

/// The session's status.
pub fn status(session: &Session) -> Status {
    let meta = &session.meta;
    let wall = meta.overhead.wall_ms.filter(|&wall| wall > 0.0);
    let share = |ms: Option<f64>| ms.zip(wall).map(|(ms, wall)| ms / wall);
    let dropped_by_kind: Vec<(String, u64)> = meta
        .dropped
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(kind, count)| (kind.clone(), *count))
        .collect();
    Status {
        lamp: Lamp::of(session),
        attach: meta.attach,
        mode: meta.mode,
        state: meta.state,
        clock_step_ms: meta.clock_step_ms,
        overhead: share(meta.overhead.self_ms),
        self_ms: meta.overhead.self_ms,
        viewer: share(meta.overhead.viewer_ms).filter(|&share| share > 0.0),
        dropped: dropped_by_kind.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count)),
        dropped_by_kind,
        errors: meta.errors.len(),
        recorder: meta.recorder,
    }
}
