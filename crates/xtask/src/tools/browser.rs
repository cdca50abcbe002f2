//! The browsers that tests drive, each with the WebDriver server that fits it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{cargo, debian, on_path};
use crate::step::{read, setup};

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_CHROME: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];
const MAC_FIREFOX: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";

/// Chromium and its WebDriver server.
#[derive(Clone, Debug)]
pub struct Chromium {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// The chromedriver of the same major version.
    pub chromedriver: PathBuf,
}

/// Firefox and its WebDriver server.
#[derive(Clone, Debug)]
pub struct Firefox {
    /// Firefox, or its extended support release.
    pub firefox: PathBuf,
    /// Any geckodriver.
    pub geckodriver: PathBuf,
}

/// WebKitGTK's browser, its WebDriver server, and the X server that it needs.
#[derive(Clone, Debug)]
pub struct WebKit {
    /// MiniBrowser.
    pub browser: PathBuf,
    /// The WebKitWebDriver of the same version.
    pub driver: PathBuf,
    /// An X server without a screen.
    pub xvfb: PathBuf,
}

/// Finds both (`CHROMIUM` and `CHROMEDRIVER` first, then `PATH`), or installs them on Debian as root.
pub fn chromium() -> Result<Chromium> {
    let browser = || named_by("CHROMIUM").or_else(|| on_path(&CHROMIUM)).or_else(|| file(MAC_CHROME));
    let driver = || named_by("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"]));
    if browser().is_none() || driver().is_none() {
        let missing = if browser().is_none() { "Chromium" } else { "chromedriver, which drives Chromium," };
        let hint = "Install Chrome, then run: npx @puppeteer/browsers install chromedriver@stable \
                    and set CHROMEDRIVER to what it installed";
        debian::install(missing, &["chromium", "chromium-driver"], hint)?;
    }
    let absent =
        || setup("Chromium or chromedriver is still missing: set CHROMIUM and CHROMEDRIVER to their paths");
    let found =
        Chromium { chromium: browser().ok_or_else(absent)?, chromedriver: driver().ok_or_else(absent)? };
    check_versions(&found)?;
    Ok(found)
}

/// Finds Firefox (`FIREFOX` first, then `PATH`), or installs it on Debian as root; geckodriver (`GECKODRIVER`, `PATH`) is
/// otherwise compiled into `target/tools`.
pub fn firefox() -> Result<Firefox> {
    let browser = || named_by("FIREFOX").or_else(|| on_path(&FIREFOX)).or_else(|| file(MAC_FIREFOX));
    if browser().is_none() {
        debian::install("Firefox", &["firefox-esr"], "Install it, or set FIREFOX to its path")?;
    }
    let firefox = browser().context("Firefox is still missing: set FIREFOX to its path")?;
    let driver = named_by("GECKODRIVER").or_else(|| on_path(&["geckodriver"]));
    Ok(Firefox { firefox, geckodriver: driver.map_or_else(cargo::geckodriver, Ok)? })
}

/// Finds all three (`MINIBROWSER`, `WEBKITDRIVER` and `XVFB` first), or installs them on Debian as root.
pub fn webkit() -> Result<WebKit> {
    let browser = || named_by("MINIBROWSER").or_else(minibrowser);
    let driver = || named_by("WEBKITDRIVER").or_else(|| on_path(&["WebKitWebDriver"]));
    let xvfb = || named_by("XVFB").or_else(|| on_path(&["Xvfb"]));
    if browser().is_none() || driver().is_none() || xvfb().is_none() {
        let hint = "Tests in WebKit need WebKitGTK, with its MiniBrowser and WebKitWebDriver, and Xvfb: they run on Linux";
        debian::install("WebKitGTK, its driver or Xvfb", &["webkit2gtk-driver", "xvfb"], hint)?;
    }
    let absent = "WebKitGTK is still missing: set MINIBROWSER, WEBKITDRIVER and XVFB to their paths";
    let [browser, driver, xvfb] = [browser(), driver(), xvfb()].map(|it| it.context(absent));
    Ok(WebKit { browser: browser?, driver: driver?, xvfb: xvfb? })
}

/// Among the libraries, as it is no program for daily use: `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser`.
fn minibrowser() -> Option<PathBuf> {
    let of_machine = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let libraries = [of_machine.as_str(), "/usr/lib64", "/usr/lib", "/usr/libexec"];
    let versions = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
    let all = libraries.iter().flat_map(|library| versions.map(|it| format!("{library}/{it}/MiniBrowser")));
    all.map(PathBuf::from).find(|path| path.is_file())
}

fn file(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(path);
    path.is_file().then_some(path)
}

fn named_by(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn check_versions(found: &Chromium) -> Result<()> {
    let said = |path: &PathBuf| read(Command::new(path).arg("--version"));
    let (browser, driver) = (said(&found.chromium)?, said(&found.chromedriver)?);
    let (of_browser, of_driver) = (major(&browser), major(&driver));
    let known = of_browser.zip(of_driver).with_context(|| {
        format!(
            "cannot read the versions of the browser ({}) and its driver ({})",
            browser.trim(),
            driver.trim()
        )
    })?;
    if known.0 != known.1 {
        return Err(setup(format!(
            "{} is version {}, but {} is for version {}. Run: npx @puppeteer/browsers install chromedriver@{} \
             and set CHROMEDRIVER to what it installed",
            found.chromium.display(),
            known.0,
            found.chromedriver.display(),
            known.1,
            known.0
        )));
    }
    Ok(())
}

/// The first number that a dot follows: `Chromium 156.0.1 built on ...` gives 156.
fn major(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.split_once('.')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_both_programs() {
        assert_eq!(major("Chromium 156.0.7900.2 built on Debian GNU/Linux 12 (bookworm)"), Some(156));
        assert_eq!(major("ChromeDriver 156.0.7900.2 (abcdef-refs/heads/x@{#1})"), Some(156));
        assert_eq!(major("Google Chrome"), None);
    }
}
