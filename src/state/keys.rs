//! The keys of the view: one table that both the keyboard and its help read.
//!
//! Widgets handle their own keys first (a tab its arrows, a table its headers) and prevent the default; what they
//! leave is looked up here. A part of the view adds rows for its commands, and words for them in `text::help`.

use super::{axis::AxisAction, view::ViewId};

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Show the keys.
    Help,
    /// Pause, or resume.
    Pause,
    /// To the search box.
    Search,
    /// To a view.
    View(ViewId),
    /// Something of the time axis.
    Time(AxisAction),
    /// Out of what is open: help, search, selection.
    Out,
}

/// Where the focus is when a key comes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// On nothing that wants keys of its own.
    Elsewhere,
    /// On a button, link, tab or choice: Enter, the space bar and the arrows are its own.
    Control,
    /// In a field: all keys but Escape are text.
    Text,
}

/// A key coming down.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// `KeyboardEvent.key`.
    pub key: &'a str,
    /// With Ctrl, Alt or Meta: the browser's.
    pub modified: bool,
    /// Where the focus is.
    pub focus: Focus,
}

/// Keys that ask for the same thing: a row of the help.
#[derive(Debug)]
pub struct Binding {
    /// `KeyboardEvent.key` of each, letters in lower case.
    pub keys: &'static [&'static str],
    /// What they ask for.
    pub command: Command,
}

/// How far a key pans, as a part of what is shown.
const STEP: f64 = 0.15;
/// How far a key moves the cursor, as a part of what is shown.
const CURSOR_STEP: f64 = 0.01;

const fn row(keys: &'static [&'static str], command: Command) -> Binding {
    Binding { keys, command }
}

/// Every key, in the order of the help.
pub const BINDINGS: &[Binding] = &[
    row(&["?"], Command::Help),
    row(&[" "], Command::Pause),
    row(&["/"], Command::Search),
    row(&["1"], Command::View(ViewId::Overview)),
    row(&["2"], Command::View(ViewId::Startup)),
    row(&["3"], Command::View(ViewId::Bridge)),
    row(&["4"], Command::View(ViewId::Memory)),
    row(&["5"], Command::View(ViewId::Gc)),
    row(&["6"], Command::View(ViewId::Loop)),
    row(&["7"], Command::View(ViewId::Environment)),
    row(&["w", "ArrowUp"], Command::Time(AxisAction::Closer)),
    row(&["s", "ArrowDown"], Command::Time(AxisAction::Farther)),
    row(&["a", "ArrowLeft"], Command::Time(AxisAction::Pan { by: -STEP })),
    row(&["d", "ArrowRight"], Command::Time(AxisAction::Pan { by: STEP })),
    row(&["0"], Command::Time(AxisAction::Full)),
    row(&["n"], Command::Time(AxisAction::Now)),
    row(&[","], Command::Time(AxisAction::Cursor { by: -CURSOR_STEP })),
    row(&["."], Command::Time(AxisAction::Cursor { by: CURSOR_STEP })),
    row(&["["], Command::Time(AxisAction::SelectFrom)),
    row(&["]"], Command::Time(AxisAction::SelectTo)),
    row(&["Enter"], Command::Time(AxisAction::ZoomToSelection)),
    row(&["Escape"], Command::Out),
];

/// What a key asks for, if anything. Letters count in both cases, so that Caps Lock is no trap.
pub fn command(press: Press<'_>) -> Option<Command> {
    let own = match press.focus {
        Focus::Elsewhere => false,
        Focus::Control => matches!(press.key, " " | "Enter") || press.key.starts_with("Arrow"),
        Focus::Text => press.key != "Escape",
    };
    if press.modified || own {
        return None;
    }
    let asked = |binding: &&Binding| binding.keys.iter().any(|key| key.eq_ignore_ascii_case(press.key));
    BINDINGS.iter().find(asked).map(|binding| binding.command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn press(key: &str, focus: Focus) -> Option<Command> {
        command(Press { key, modified: false, focus })
    }

    #[test]
    fn no_key_asks_for_two_things() {
        let keys: Vec<String> =
            BINDINGS.iter().flat_map(|it| it.keys).map(|key| key.to_ascii_lowercase()).collect();
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "{keys:?}");
        for binding in BINDINGS {
            for key in binding.keys {
                assert_eq!(press(key, Focus::Elsewhere), Some(binding.command), "{key}");
                assert_eq!(command(Press { key, modified: true, focus: Focus::Elsewhere }), None);
            }
        }
    }

    #[test]
    fn every_view_has_its_digit() {
        for (at, view) in ViewId::ALL.into_iter().enumerate() {
            assert_eq!(press(&(at + 1).to_string(), Focus::Elsewhere), Some(Command::View(view)));
        }
    }

    #[test]
    fn fields_and_controls_keep_their_keys() {
        assert_eq!(press("/", Focus::Text), None);
        assert_eq!(press("Escape", Focus::Text), Some(Command::Out));
        assert_eq!(press(" ", Focus::Control), None);
        assert_eq!(press("?", Focus::Control), Some(Command::Help));
        assert_eq!(press("Enter", Focus::Control), None);
        assert_eq!(press("ArrowLeft", Focus::Control), None);
        assert_eq!(press("Tab", Focus::Elsewhere), None);
    }
}
