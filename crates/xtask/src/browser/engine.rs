//! The browser engines that tests drive, and how each is asked for.

use std::path::Path;

use anyhow::Result;
use serde_json::json;
use thirtyfour::Capabilities;

use crate::tools::browser::{Chromium, Firefox, WebKit};

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium or Chrome, headless.
    Chromium,
    /// Firefox, headless.
    Firefox,
    /// WebKitGTK's MiniBrowser, on an X server without a screen.
    WebKit,
}

impl Engine {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// As `ENGINE` and the names of tests say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The engine of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name)
    }
}

/// Quiet and alone: no sandbox (tests run as root), no GPU, no traffic of its own.
const CHROMIUM_FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// `flags` are added to our own.
pub(super) fn chromium(installed: &Chromium, flags: &[&str], profile: &Path) -> Result<Capabilities> {
    let mut wanted = Capabilities::new();
    let profile = format!("--user-data-dir={}", profile.display());
    let flags: Vec<&str> = CHROMIUM_FLAGS.iter().chain(flags).copied().chain([profile.as_str()]).collect();
    wanted.set("browserName", "chrome")?;
    wanted.set("goog:chromeOptions", json!({ "binary": installed.chromium, "args": flags }))?;
    wanted.set("goog:loggingPrefs", json!({ "browser": "ALL" }))?;
    // A page that never finishes loading must not stop us from asking it.
    wanted.set("pageLoadStrategy", "none")?;
    Ok(wanted)
}

pub(super) fn firefox(installed: &Firefox) -> Result<Capabilities> {
    let mut wanted = Capabilities::new();
    // The console on stdout; light, whatever the desktop is; no traffic and no errors of its own.
    let prefs = json!({
        "devtools.console.stdout.content": true,
        "layout.css.prefers-color-scheme.content-override": 1,
        "app.normandy.enabled": false,
        "nimbus.rollouts.enabled": false,
        "browser.chrome.site_icons": false,
        "browser.shell.checkDefaultBrowser": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "dom.disable_open_during_load": false,
        "dom.max_script_run_time": 0,
        "dom.max_chrome_script_run_time": 0,
    });
    let options = json!({ "binary": installed.firefox, "args": ["-headless"], "prefs": prefs });
    wanted.set("browserName", "firefox")?;
    wanted.set("moz:firefoxOptions", options)?;
    // Returns when there is a new document: until then the old one would answer.
    wanted.set("pageLoadStrategy", "eager")?;
    Ok(wanted)
}

pub(super) fn webkit(installed: &WebKit) -> Result<Capabilities> {
    let mut wanted = Capabilities::new();
    let options = json!({ "binary": installed.browser, "args": ["--automation"] });
    wanted.set("webkitgtk:browserOptions", options)?;
    // Its driver misses the end of a navigation now and then, and waits for it before it answers anything else.
    wanted.set("pageLoadStrategy", "none")?;
    Ok(wanted)
}
