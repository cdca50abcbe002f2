//! Words of the tabs, the search box, and the dialogs: keys, and a process of the view's own.

use crate::state::{axis::AxisAction, keys::Command, view::ViewId};

pub const VIEWS: &str = "Views";
pub const SEARCH: &str = "Search Go lines, imports and members";
pub const SEARCH_SHORT: &str = "Search";
pub const HELP: &str = "Keys";
pub const HELP_BUTTON: &str = "Show the keys (?)";
pub const DIALOG_CLOSE: &str = "Close";
pub const PROCESS: &str = "A process of its own";
pub const PROCESS_WHY: &str = "This view and the page are of one site, so the browser may run both on one thread. The \
view keeps under 2 % of its time by updating less often, at the least twice a second. A window does not change that: \
only another site has a process of its own.";
pub const PROCESS_HOW: &str = "Load the agent from this machine's other name, and the view moves with it:";
pub const PROCESS_LISTENS: &str = "The server has to listen on both names; most do.";
pub const PROCESS_HOST: &str = "Serve agent.js and the files beside it from another domain, and load it from there. \
A subdomain of the page's is not enough.";
pub const HELP_OR: &str = "or";

/// The name of a view.
pub fn view(view: ViewId) -> &'static str {
    match view {
        ViewId::Overview => "Overview",
        ViewId::Startup => "Startup",
        ViewId::Bridge => "Bridge",
        ViewId::Memory => "Memory",
        ViewId::Gc => "GC",
        ViewId::Loop => "Event loop",
        ViewId::Environment => "Environment",
    }
}

/// What a key does.
pub fn command(command: Command) -> String {
    match command {
        Command::Help => "Show the keys".into(),
        Command::Pause => "Pause or resume the view; recording goes on".into(),
        Command::Search => "Search".into(),
        Command::View(id) => format!("{} view", view(id)),
        Command::Time(action) => time(action).into(),
        Command::Out => "Close, leave the search, or clear the selection".into(),
    }
}

/// What a key does to the time axis.
fn time(action: AxisAction) -> &'static str {
    match action {
        AxisAction::Closer | AxisAction::Zoom { .. } => "Zoom in at the cursor",
        AxisAction::Farther => "Zoom out",
        AxisAction::Pan { by } if by < 0.0 => "Earlier",
        AxisAction::Pan { .. } => "Later",
        AxisAction::Full => "Full range",
        AxisAction::Now | AxisAction::Follow(_) => "Go to now and follow it",
        AxisAction::Cursor { by } if by < 0.0 => "Cursor to the left",
        AxisAction::Cursor { .. } => "Cursor to the right",
        AxisAction::SelectFrom | AxisAction::Select(_) | AxisAction::Find(_) => "Select from the cursor",
        AxisAction::SelectTo => "Select up to the cursor",
        AxisAction::ClearSelection => "Clear the selection",
        AxisAction::ZoomToSelection | AxisAction::Show(_) => "Zoom to the selection",
    }
}

/// A key as it is written on a keyboard.
pub fn key(key: &str) -> String {
    match key {
        " " => "space".into(),
        "Escape" => "esc".into(),
        "ArrowLeft" => "←".into(),
        "ArrowRight" => "→".into(),
        "ArrowUp" => "↑".into(),
        "ArrowDown" => "↓".into(),
        "Enter" => "enter".into(),
        key => key.to_owned(),
    }
}
