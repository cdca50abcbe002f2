//! Words of recordings that are over: previous runs, session files, what was kept and what could not be.

use crate::{
    platform::fetch::Failure,
    state::{
        past::{Offer, Origin, Recorded},
        runs::{Ending, MAX_RUN_BYTES, Run},
    },
};
use session::fmt;

pub const PREVIOUS_RUN: &str = "Previous run";
pub const BACK_TO_LIVE: &str = "Back to the running one";
pub const DELETE_RUN: &str = "Delete it";
pub const OPEN_LAUNCHER: &str = "Launcher";
pub const NOT_KEPT: &str = "not kept";
pub const NO_FILE: &str = "a link holds no file from your disk. Drop it here, or on the launcher, again";
pub const NO_RUN: &str = "this browser does not keep that run any more";
pub const APART: &str = "No window that this view can reach could be opened: this page keeps its windows apart \
(Cross-Origin-Opener-Policy), or the browser blocks pop-ups. Stay in the page, or allow pop-ups and try again.";
pub const DISMISS: &str = "Dismiss";

/// How a run ended, as a clause: "it ended when ...".
pub fn ending(ending: Ending) -> String {
    match ending {
        Ending::Reload => "ended when the page was reloaded".into(),
        Ending::Left => "ended when the page was left or closed".into(),
        Ending::ViewClosed => "was kept until the view was closed".into(),
        Ending::Silent { ms } => format!("stopped answering {} before it was gone", fmt::ms(ms)),
        Ending::Lost => "ended without a word: the page crashed or was killed, the browser ended, or its last word was lost".into(),
        Ending::Running => "still running".into(),
    }
}

/// How a Go program ended.
pub fn exit(code: i32) -> String {
    let meaning = if code == 2 { ", Go's for a panic or a fatal error" } else { "" };
    format!("The Go program exited with code {code}{meaning}.")
}

/// What the button of a previous run says to those who wait.
pub fn previous_about(offer: &Offer) -> String {
    format!("{}\nKept in this browser only", line(offer))
}

/// A run in a line.
pub fn line(offer: &Offer) -> String {
    let length = offer.run.wall_ms.map(|ms| format!(" · {}", super::elapsed(ms))).unwrap_or_default();
    let exit = offer.run.exit_code.map(|code| format!(" · exit code {code}")).unwrap_or_default();
    format!("{}{length} · {}{exit}", offer.when, ending(offer.ending))
}

/// What is shown, and what to know of it.
pub fn recorded(about: &Recorded) -> (String, String) {
    let page = if about.page.is_empty() { "an unknown page" } else { &about.page };
    let when = if about.when.is_empty() { String::new() } else { format!(", {}", about.when) };
    let mut next = Vec::new();
    let what = match &about.origin {
        Origin::File(name) => format!("Recorded session {name}, of {page}{when}."),
        Origin::Kept { run, ending } => {
            next.extend(kept(run, *ending));
            format!("Previous run of {page}{when}.")
        }
    };
    next.extend(about.exit_code.map(exit));
    next.extend(about.damage.as_ref().map(|why| format!("It breaks off where it cannot be read: {why}.")));
    (what, next.join(" "))
}

fn kept(run: &Run, how: Ending) -> Vec<String> {
    let mut said = vec![format!("It {}.", ending(how))];
    if how == Ending::Running {
        said = vec!["It is still running in another tab; this is what was kept of it so far.".into()];
    }
    if run.full {
        said.push(format!("Only its first {} were kept.", fmt::bytes(MAX_RUN_BYTES as f64)));
    }
    said
}

/// Storage is denied.
pub fn not_kept(why: &str) -> String {
    format!("this browser keeps nothing here ({why})")
}

/// What "not kept" means.
pub fn not_kept_about(why: &str) -> String {
    format!(
        "A reload will lose this recording: the browser gives this view no storage ({why}). Private windows and \
         blocked third-party storage do that"
    )
}

/// A file did not come.
pub fn not_fetched(failure: &Failure, what: &str) -> String {
    match failure {
        Failure::Unreachable => format!(
            "{what} cannot be fetched: there is no such host, or its server does not let other sites read it \
             (Access-Control-Allow-Origin)"
        ),
        Failure::Status(status) => format!("{what}: the server answered {status}"),
        Failure::Broken(bytes) => format!("{what} broke off after {}", fmt::bytes(*bytes as f64)),
        Failure::TooLarge(most) => {
            format!("{what} is larger than the {} that are read", fmt::bytes(*most as f64))
        }
    }
}

/// A file is no session.
pub fn not_a_session(name: &str, error: &session::Error) -> String {
    format!("{name}: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn a_previous_run_says_how_it_ended_and_what_go_said() {
        let about = |ending, exit_code| Recorded {
            origin: Origin::Kept { run: Rc::default(), ending },
            page: "https://a.example/".into(),
            when: "today".into(),
            exit_code,
            damage: None,
        };
        let (what, next) = recorded(&about(Ending::Reload, Some(2)));
        assert_eq!(what, "Previous run of https://a.example/, today.");
        assert_eq!(
            next,
            "It ended when the page was reloaded. The Go program exited with code 2, Go's for a panic or a fatal error."
        );
        let (_, next) = recorded(&about(Ending::Silent { ms: 8e3 }, None));
        assert_eq!(next, format!("It stopped answering {} before it was gone.", fmt::ms(8e3)));
    }
}
