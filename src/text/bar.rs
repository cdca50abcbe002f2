//! Words of the bar: state, provenance, the view's buttons; and of the badge.

use crate::{
    components::dock_menu::Spot,
    state::{layout::Dock, past::Origin, reload::Obstacle, stage::Stage, theme::Theme},
};
use session::{Lamp, Status, fmt};

pub const COLLAPSE: &str = "Collapse to a badge";
pub const EXPAND: &str = "Open the view";
pub const CLOSE: &str = "Close the view; the page goes on recording";
pub const PAUSE: &str = "Pause the view; recording goes on (space)";
pub const RESUME: &str = "Resume (space)";
pub const PAUSED: &str = "paused";
pub const PAUSED_ABOUT: &str = "The view stands still; recording goes on. Resume shows all of it";
pub const CLEAR: &str = "Clear: forget what was recorded and record on";
pub const DOCK: &str = "Where the view is";
pub const ACTIONS: &str = "View";
pub const FACTS: &str = "How this was recorded";
pub const ELAPSED_ABOUT: &str = "Time since the recording began";
pub const CLOCK: &str = "clock";
pub const COST: &str = "our cost";
pub const VIEWER: &str = "this view";
pub const VIEWER_ABOUT: &str = "This view's own work, which may be on the page's thread, as a part of the time recorded. It keeps under 2 % \
by updating less often, down to twice a second";
pub const PROCESS_OFFER: &str = "Move to a process of its own";
pub const PACE_ABOUT: &str = "How often this view updates: less often where its work is dear, because it may share the \
page's thread";
pub const RELOAD: &str = "Reload with Gopherscope";
pub const RELOADING: &str = "Reloading";
pub const RELOAD_ABOUT: &str = "Opens this page again, as by its address, in a frame over itself, with the agent there before any of its \
scripts: start-up shows, and all is counted. The page as it is now is given up";
pub const NOT_RELOADED_NEXT: &str = "Put this first in the page, before all of its scripts, and reload it:";
pub const DROPPED: &str = "dropped";
pub const FAULTS: &str = "faults";
pub const CLOCK_ABOUT: &str = "Smallest step of the page's clock: a shorter call cannot be timed on its own, \
only as part of many";
pub const OBSERVE_ABOUT: &str = "The module runs as it is; nothing in it was changed";
pub const SAMPLE_ABOUT: &str = "The module was rewritten before compilation, to be sampled";
pub const CROSSINGS: &str = "crossings";

/// What the agent has come upon: a name, and what that means.
pub fn lamp(lamp: Lamp) -> (&'static str, &'static str) {
    match lamp {
        Lamp::NoGo => ("no Go seen", "Nothing of Go's was seen in this page so far"),
        Lamp::Waiting => (
            "waiting",
            "Go is in this page. Its program has not started, or is one that shows only when it next runs: at an event \
             or a timer",
        ),
        Lamp::Early => ("hooked early", "The agent was there before the Go program: everything is counted"),
        Lamp::Late => (
            "hooked late",
            "The agent came after the Go program: calls and bytes count from then on, times are lower bounds (≥), and \
             start-up and garbage collection are not told",
        ),
    }
}

/// Why the page does not come in a frame.
pub fn not_reloaded(why: Obstacle) -> String {
    match why {
        Obstacle::Framed(header) => {
            format!("The page’s {header} keeps it out of frames, the one to reload it in too.")
        }
        Obstacle::Frames(directive) => {
            format!("The page’s Content-Security-Policy ({directive}) keeps out the frame to reload it in.")
        }
        Obstacle::Evaluates => "The page’s Content-Security-Policy (script-src without 'unsafe-eval', or \
            require-trusted-types-for) keeps the agent out of the frame to reload it in."
            .into(),
        Obstacle::Leaves => {
            "A script of the page leads the tab out of frames, the one to reload it in too.".into()
        }
        Obstacle::Status(status) => format!("The server answers {status} when the page is asked for again."),
        Obstacle::Unknown => "The page did not come in the frame to reload it in.".into(),
    }
}

/// A place for the view.
pub fn spot(spot: Spot) -> &'static str {
    match spot {
        Spot::Dock(Dock::Bottom) => "At the bottom",
        Spot::Dock(Dock::Right) => "At the right",
        Spot::Dock(Dock::Float) => "Floating",
        Spot::Window => "In a new window",
        Spot::Tab => "In a new tab",
    }
}

/// What the theme button says.
pub fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    }
}

/// A stage in a word or two, for the status line.
pub fn stage(stage: &Stage) -> &'static str {
    match stage {
        Stage::Alone => "no page",
        Stage::Waiting { .. } => "connecting",
        Stage::Mismatch { .. } => "wrong version",
        Stage::Damaged { .. } => "unreadable",
        Stage::NoProgram => "waiting",
        Stage::Live => "recording",
        Stage::Quiet { .. } => "quiet",
        Stage::Stopped => "stopped",
        Stage::Exited { .. } => "exited",
        Stage::Gone => "page gone",
        Stage::Reading { .. } => "reading",
        Stage::Unreadable { .. } => "not opened",
        Stage::Recorded(about) => match about.origin {
            Origin::File(_) => "recorded session",
            Origin::Kept { .. } => "previous run",
        },
    }
}

/// How often the view updates.
pub fn pace(per_second: f64) -> String {
    format!("{} updates/s", fmt::count(per_second.round().max(0.0) as u64))
}

/// What the agent's cost is.
pub fn cost_about(status: &Status) -> String {
    let cost = fmt::or_unknown(status.self_ms, fmt::ms);
    format!(
        "Estimate: calibrated cost of each wrapped call and the agent's timed own work, {cost} in all, as a part of \
         the time recorded"
    )
}

/// Faults inside the agent.
pub fn faults_about(latest: &[String]) -> String {
    format!("Faults inside the agent, kept from the page. The latest:\n{}", latest.join("\n"))
}

/// What was thrown away, by kind.
pub fn dropped_about(dropped: &[(String, u64)]) -> String {
    let about = "What was thrown away because a cap was reached";
    let kinds: Vec<String> = dropped.iter().map(|(kind, n)| format!("{} {kind}", fmt::count(*n))).collect();
    if kinds.is_empty() { format!("{about}: nothing") } else { format!("{about}: {}", kinds.join(", ")) }
}

/// Time since a beginning, as `00:12` or `1:02:03`.
pub fn elapsed(ms: f64) -> String {
    let s = (ms / 1e3).max(0.0) as u64;
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m:02}:{s:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_show_once_there_are_any() {
        assert_eq!(elapsed(12_900.0), "00:12");
        assert_eq!(elapsed(3_723_000.0), "1:02:03");
    }
}
