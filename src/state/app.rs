//! The live view's state: the latest snapshot and how the reader wants to see it.

use super::{
    connection::Connection,
    snapshot::{Snapshot, Tables},
    span::Span,
    stage::Stage,
    theme::Theme,
};
use std::rc::Rc;

/// What `link` has to say: at most ten times a second.
#[derive(Clone)]
pub struct Update {
    /// Where the channel stands.
    pub connection: Connection,
    /// Now, on the viewer's clock.
    pub now: f64,
    /// The session's figures, when there are any.
    pub snapshot: Rc<Snapshot>,
    /// The session's tables, when they were read again.
    pub tables: Option<Rc<Tables>>,
}

/// What can happen to the view.
pub enum Action {
    /// The recording went on.
    Update(Update),
    /// Small or large.
    Collapse(bool),
    /// Another length of the time axis.
    Show(Span),
    /// Another theme.
    Theme(Theme),
}

/// The live view's state.
#[derive(Clone)]
pub struct LiveState {
    /// What the reader is looking at.
    pub stage: Stage,
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// Tables.
    pub tables: Rc<Tables>,
    /// Shown as a badge.
    pub collapsed: bool,
    /// Length of the time axis.
    pub span: Span,
    /// Theme.
    pub theme: Theme,
}

impl LiveState {
    /// Before anything arrived.
    pub fn new(theme: Theme) -> Self {
        Self {
            stage: Stage::Waiting { overdue: false },
            snapshot: Rc::default(),
            tables: Rc::default(),
            collapsed: false,
            span: Span::default(),
            theme,
        }
    }

    /// The state after an action.
    pub fn after(&self, action: Action) -> Self {
        let mut next = self.clone();
        match action {
            Action::Update(update) => {
                next.stage = Stage::of(&update.connection, &update.snapshot, update.now);
                next.snapshot = update.snapshot;
                if let Some(tables) = update.tables {
                    next.tables = tables;
                }
            }
            Action::Collapse(collapsed) => next.collapsed = collapsed,
            Action::Show(span) => next.span = span,
            Action::Theme(theme) => next.theme = theme,
        }
        next
    }
}

impl yew::Reducible for LiveState {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_stay_until_read_again() {
        let tables = Rc::new(Tables::default());
        let update = |tables| {
            let connection = Connection::Open { heard: 0.0 };
            Action::Update(Update { connection, now: 1.0, snapshot: Rc::default(), tables })
        };
        let state = LiveState::new(Theme::System).after(update(Some(tables.clone())));
        assert_eq!(state.stage, Stage::NoProgram);
        let state =
            state.after(update(None)).after(Action::Collapse(true)).after(Action::Show(Span::TenSeconds));
        assert!(Rc::ptr_eq(&state.tables, &tables) && state.collapsed && state.span == Span::TenSeconds);
    }
}
