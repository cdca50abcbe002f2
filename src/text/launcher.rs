//! Words of the launcher, and of a page in a frame.

use crate::state::{
    framed::{Framed, Why},
    past::Offer,
};
use session::fmt;

pub const LAUNCHER_LEAD: &str = "See which line of your Go WebAssembly program crosses into JavaScript, how often, \
and what it costs.";
pub const LAUNCHER_TAG: &str = "A script tag, on any page";
pub const LAUNCHER_HOW: &str =
    "Put this before wasm_exec.js in the page that runs your program, then open the page:";
pub const LAUNCHER_BOOKMARKLETS: &str = "A bookmarklet, on any page as it is";
pub const LAUNCHER_BOOKMARKLETS_HOW: &str = "Drag one to the bookmarks bar, or copy it and make it the address of a new \
bookmark. Click the bookmark on a page with a Go program: the view opens there. A second click hides it, a third shows it.";
pub const BOOKMARKLET: &str = "Gopherscope";
pub const BOOKMARKLET_WHOLE: &str = "Gopherscope, self-contained";
pub const BOOKMARKLET_DRAG: &str =
    "Drag this to the bookmarks bar; it works on the page that you click it on.";
pub const BOOKMARKLET_LOADS: &str = "Loads the agent from this site, so it is always this site’s release.";
pub const BOOKMARKLET_BUILDS: &str = "Building the self-contained bookmarklet.";
pub const COPY_BOOKMARKLET: &str = "Copy its address";
pub const COPY_FOR_CONSOLE: &str = "Copy for the console";
pub const COPY_CLOSED: &str = "The browser keeps the clipboard closed here: drag the link, or open this page by https or \
from localhost.";
pub const NO_TEXT: &str = "the site’s agent.js is no text";
pub const LOADER_POLICY: &str = "This page’s Content-Security-Policy (DIRECTIVE) refuses scripts from Gopherscope’s site: \
use the self-contained bookmarklet instead.";
pub const LOADER_TRUSTED: &str = "This page’s Content-Security-Policy (require-trusted-types-for) refuses scripts that are \
added by their URL: use the self-contained bookmarklet instead.";
pub const LOADER_CLOSE: &str = "Close";
pub const LAUNCHER_FRAME: &str = "A page of this site, unchanged";
pub const OPEN: &str = "Open";
pub const FORGET: &str = "Forget";
pub const RECENT: &str = "Opened before";
pub const LAUNCHER_RECORDED: &str = "A recorded session";
pub const LAUNCHER_RECORDED_LINK: &str = "Look at one of the chatty bridge";
pub const LAUNCHER_FILE: &str = ", or drop a .gopherscope.json.gz of yours anywhere here: ";
pub const LAUNCHER_CHOOSE: &str = "Choose a file";
pub const RUNS: &str = "Previous runs";
pub const RUNS_ABOUT: &str = "What this browser kept of pages that were reloaded, left, or crashed. Runs that were watched \
inside pages of other sites are kept with those pages, and offered there.";
pub const DELETE: &str = "Delete";
pub const DELETE_ALL: &str = "Delete all of them";
pub const LAUNCHER_DEMOS: &str = "A program that misbehaves on purpose";
pub const LAUNCHER_DEMOS_HOW: &str = "Each has a healthy twin that does the same work.";
pub const LAUNCHER_DEMOS_LINK: &str = "All on one page";
pub const LAUNCHER_PRIVACY: &str = "Nothing leaves this browser: the recording goes from your page to this viewer, is kept \
in this browser until you delete it, and goes nowhere else.";
pub const COPY: &str = "Copy";
pub const COPIED: &str = "Copied";
pub const COPY_FAILED: &str = "Select the text and copy it: the browser keeps the clipboard closed here";
pub const FRAME_RELOAD: &str = "Load the page again";

/// The script tag for an agent's URL.
pub fn script_tag(agent: &str) -> String {
    format!("<script src=\"{agent}\"></script>")
}

/// What can be opened in a frame.
pub fn launcher_frame_how(origin: &str) -> String {
    format!(
        "Opens a page of {origin} in a frame, the agent in place before its scripts. Browsers allow that only here: pages \
         elsewhere need the script tag, or Gopherscope served beside them."
    )
}

/// The button that forgets a page.
pub fn forget_target(url: &str) -> String {
    format!("Forget {url}")
}

/// The button that deletes a run.
pub fn delete_run(offer: &Offer) -> String {
    format!("Delete the run of {}, {}", offer.run.page, offer.when)
}

/// Runs cannot be listed.
pub fn no_runs(why: &str) -> String {
    format!("Runs are not kept: the browser gives this site no storage ({why}).")
}

/// How a page in a frame goes, in a word or two.
pub fn framed(how: &Framed) -> &'static str {
    match how {
        Framed::Loading => "loading",
        Framed::Watched => "watched from its first script on",
        Framed::Not(_) => "not watched",
    }
}

/// Why a page cannot be watched in a frame.
pub fn not_framed(why: &Why) -> String {
    match why {
        Why::NoUrl => "This is no URL of a page.".into(),
        Why::Elsewhere => "This page is of another origin, and browsers let nobody reach into those.".into(),
        Why::Redirects => "This page redirects, to where it cannot be followed.".into(),
        Why::Forbidden(header) => format!("This page forbids to be framed ({header})."),
        Why::Status(status) => format!("The server answered {status}."),
        Why::Unreachable => "Nothing answers there.".into(),
        Why::Left => "The page went to another origin, where it cannot be followed.".into(),
        Why::Lost => "The browser dropped the hooks before the page's scripts ran.".into(),
    }
}

/// What to do about it.
pub fn not_framed_next(why: &Why) -> &'static str {
    match why {
        Why::NoUrl => "Give one that begins with http:// or https://, or a path on this site.",
        Why::Status(_) | Why::Unreachable => "Check the URL. In a page of yours the script tag always works:",
        Why::Redirects => "Open the URL that it leads to, or put the script tag into the page:",
        _ => "Put the script tag into the page instead, before wasm_exec.js:",
    }
}

/// What the self-contained bookmarklet is for, and where its `length` in characters is too much.
pub fn bookmarklet_carries(length: usize, firefox: usize) -> String {
    format!(
        "Carries the whole agent, {} characters, for pages whose policy refuses scripts of other sites. Chromium keeps \
         bookmarks of that length. Firefox keeps {} characters: there copy the code and paste it into the page’s console \
         (F12); so, too, where another browser cuts it off.",
        fmt::count(length as u64),
        fmt::count(firefox as u64),
    )
}

/// The self-contained bookmarklet cannot be built.
pub fn no_bookmarklet(why: &str) -> String {
    format!("The self-contained bookmarklet cannot be built here: {why}.")
}

/// The loader's script does not come.
pub fn loader_unreachable(site: &str) -> String {
    format!(
        "agent.js does not load from {site}: its server is not running, or this page’s Cross-Origin-Embedder-Policy refuses \
         it; use the self-contained bookmarklet instead."
    )
}

/// The loader's script takes its time.
pub fn loader_slow(site: &str) -> String {
    format!("agent.js has not come from {site} for 2 s: wait, or use the self-contained bookmarklet instead.")
}
