//! What the bridge view shows: the table chosen, and which rows are open.

use session::{Caller, Subject};
use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

/// A table of the bridge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// By Go line.
    #[default]
    Line,
    /// By import.
    Import,
    /// By JS member.
    Member,
    /// What crossings carry.
    Data,
}

/// Open rows and nodes of their trees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opened(HashMap<Subject, BTreeMap<u64, bool>>);

impl Opened {
    /// The rows that are open.
    pub fn rows(&self) -> impl Iterator<Item = &Subject> {
        self.0.keys()
    }

    /// Whether a node is open: as was said last; else where it is the only one of its level.
    pub fn is_open(&self, row: &Subject, node: u64, only: bool) -> bool {
        self.0.get(row).and_then(|nodes| nodes.get(&node).copied()).unwrap_or(only)
    }

    fn set(&mut self, row: Subject, node: Option<u64>, open: bool) {
        match node {
            Some(node) => {
                self.0.entry(row).or_default().insert(node, open);
            }
            None if open => {
                self.0.entry(row).or_default();
            }
            None => {
                self.0.remove(&row);
            }
        }
    }

    /// Nodes that are open stay so, even where they are no longer the only ones.
    fn hold(&mut self, row: &Subject, level: &[Caller]) {
        let Some(nodes) = self.0.get_mut(row) else { return };
        let mut levels = vec![level];
        while let Some(level) = levels.pop() {
            for node in level {
                if let Some(callers) = &node.callers {
                    nodes.entry(node.key).or_insert(true);
                    levels.push(callers);
                }
            }
        }
    }
}

/// The trees of open rows.
pub type Trees = HashMap<Subject, Vec<Caller>>;

/// Which table, and what is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BridgeState {
    /// The table.
    pub by: By,
    /// What is open in it and in the others.
    pub opened: Rc<Opened>,
}

/// What can happen to the view.
#[derive(Clone, Debug)]
pub enum BridgeAction {
    /// Another table.
    By(By),
    /// A row, or a node of its tree, opens or closes.
    Open {
        /// The row.
        row: Subject,
        /// The node.
        node: Option<u64>,
        /// Or closes.
        open: bool,
    },
}

impl BridgeState {
    /// After an action.
    pub fn act(&mut self, action: BridgeAction) {
        match action {
            BridgeAction::By(by) => self.by = by,
            BridgeAction::Open { row, node, open } => Rc::make_mut(&mut self.opened).set(row, node, open),
        }
    }

    /// Trees were read: what they show open stays open.
    pub fn read(&mut self, trees: &Trees) {
        let mut opened = (*self.opened).clone();
        trees.iter().for_each(|(row, level)| opened.hold(row, level));
        if opened != *self.opened {
            self.opened = Rc::new(opened);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::{Estimate, Place};

    fn node(key: u64, callers: Option<Vec<Caller>>) -> Caller {
        Caller {
            key,
            place: Place::Start,
            own: true,
            inlined: false,
            samples: 1,
            calls: Estimate::exact(1.0),
            time_ms: None,
            share: None,
            bytes: None,
            per_call_ms: None,
            has_callers: true,
            callers,
        }
    }

    #[test]
    fn lone_callers_open_at_once_and_stay_when_others_come() {
        let row = Subject::Import("a".into());
        let open = |node, open| BridgeAction::Open { row: row.clone(), node, open };
        let mut state = BridgeState::default();
        assert!(state.opened.is_open(&row, 1, true) && !state.opened.is_open(&row, 1, false));
        state.act(open(None, true));
        assert_eq!(state.opened.rows().count(), 1);
        state.read(&HashMap::from([(row.clone(), vec![node(1, Some(vec![node(2, None)]))])]));
        assert!(state.opened.is_open(&row, 1, false) && !state.opened.is_open(&row, 2, false));
        let before = state.opened.clone();
        state.read(&Trees::new());
        assert!(Rc::ptr_eq(&before, &state.opened), "nothing to hold");
        state.act(open(Some(1), false));
        assert!(!state.opened.is_open(&row, 1, true), "closed is closed");
        state.act(open(None, false));
        assert_eq!(state.opened.rows().count(), 0);
    }
}
