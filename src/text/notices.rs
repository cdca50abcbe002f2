//! The headline's words, and what a state means and what to do about it.

use crate::state::stage::Stage;
use session::fmt;

pub const TO_LAUNCHER: &str = "Get the script tag.";
pub const HEADLINE: &str = "Result";

/// What a stage means and what to do about it: a sentence, then advice. `None` where the data speaks.
pub fn notice(stage: &Stage, ours: u32) -> Option<(String, String)> {
    let words = |what: &str, next: &str| Some((what.to_owned(), next.to_owned()));
    match stage {
        Stage::Live => None,
        Stage::Alone => words(
            "No page is connected.",
            "This view opens by itself beside a page that loads agent.js. Put the script tag in your page and open \
             the page instead. If another view opened this window, its page keeps windows apart \
             (Cross-Origin-Opener-Policy): go on there.",
        ),
        Stage::Waiting { overdue: false } => words("Connecting to the page.", "The agent in it answers in a moment."),
        Stage::Waiting { overdue: true } => words(
            "The page has not answered for more than 5 s.",
            "It may be busy in a long stretch of Go, or it does not load agent.js from this site. If it stays so, \
             reload the page.",
        ),
        Stage::Mismatch { protocol, agent } => Some((
            format!(
                "The page's agent ({}) speaks protocol {protocol}; this view speaks {ours}.",
                if agent.is_empty() { "of an unknown release" } else { agent }
            ),
            "Load agent.js and this view from the same release, empty the browser's cache, and reload the page.".into(),
        )),
        Stage::Damaged { message } => Some((
            format!("What the page sent cannot be read: {message}."),
            "Reload the page to record again. If it comes back, agent.js and this view may be of different releases."
                .into(),
        )),
        Stage::NoProgram => words(
            "No Go program seen yet.",
            "It shows here as soon as the page instantiates one. One that already runs shows when it next does: at an \
             event, or a timer. To see its start too, reload here, or put the script tag before wasm_exec.js.",
        ),
        Stage::Quiet { ms } => Some((
            format!("Nothing from the page for {}.", fmt::ms(*ms)),
            "A page in the background sends seldom, and a long stretch of Go without crossings sends nothing until \
             it ends."
                .into(),
        )),
        Stage::Stopped => words("The recording was stopped.", "Call gopherscope.start() in the page to record again."),
        Stage::Exited { code } => {
            let printed = if *code == 0 { "" } else { "What it printed last is in the page's console. " };
            Some((super::exit(*code), format!("{printed}What it did stays here. Reload the page to record again.")))
        }
        Stage::Gone => words(
            "The page went away.",
            "What was recorded stays here until this window closes. Open the page again to record again.",
        ),
        Stage::Reading { name } => words(&format!("Reading {name}."), "It shows in a moment."),
        Stage::Unreadable { message } => words(
            &format!("This session cannot be opened: {message}."),
            "Session files are what gopherscope.export(\"session\") and cargo xtask record write.",
        ),
        Stage::Recorded(about) => Some(super::recorded(about)),
    }
}

/// A frame is longer than we read.
pub fn too_long(bytes: u32) -> String {
    format!("a message of {} is longer than any frame", fmt::bytes(f64::from(bytes)))
}

/// Several programs ran; the tracks show one.
pub fn programs(n: usize) -> String {
    format!(
        "{n} Go programs ran. Tracks, memory and start-up are of the one chosen here, the rest is of all."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_but_live_says_what_to_do() {
        let stages = [
            Stage::Alone,
            Stage::Waiting { overdue: true },
            Stage::Mismatch { protocol: 2, agent: String::new() },
            Stage::Damaged { message: "x".into() },
            Stage::NoProgram,
            Stage::Quiet { ms: 3e3 },
            Stage::Stopped,
            Stage::Exited { code: 2 },
            Stage::Gone,
            Stage::Reading { name: "x".into() },
            Stage::Unreadable { message: "x".into() },
        ];
        for stage in stages {
            let (what, next) = notice(&stage, 1).unwrap();
            assert!(!what.is_empty() && !next.is_empty(), "{stage:?}");
        }
        assert!(notice(&Stage::Live, 1).is_none());
        let (what, _) = notice(&Stage::Mismatch { protocol: 2, agent: "0.3.0".into() }, 1).unwrap();
        assert_eq!(what, "The page's agent (0.3.0) speaks protocol 2; this view speaks 1.");
    }
}
