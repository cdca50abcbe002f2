//! Chromium and the chromedriver that fits it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{debian, on_path};
use crate::step::{read, setup};

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_CHROME: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// An installed browser and its WebDriver server.
#[derive(Clone, Debug)]
pub struct Installed {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// The chromedriver of the same major version.
    pub chromedriver: PathBuf,
}

/// Finds both (`CHROMIUM` and `CHROMEDRIVER` first, then `PATH`), or installs them on Debian as root.
pub fn find() -> Result<Installed> {
    if chromium().is_none() || chromedriver().is_none() {
        let missing = if chromium().is_none() { "Chromium" } else { "chromedriver, which drives Chromium," };
        let hint = "Install Chrome, then run: npx @puppeteer/browsers install chromedriver@stable \
                    and set CHROMEDRIVER to what it installed";
        debian::install(missing, &["chromium", "chromium-driver"], hint)?;
    }
    let absent =
        || setup("Chromium or chromedriver is still missing: set CHROMIUM and CHROMEDRIVER to their paths");
    let found = Installed {
        chromium: chromium().ok_or_else(absent)?,
        chromedriver: chromedriver().ok_or_else(absent)?,
    };
    check_versions(&found)?;
    Ok(found)
}

fn chromium() -> Option<PathBuf> {
    let mac = PathBuf::from(MAC_CHROME);
    named_by("CHROMIUM").or_else(|| on_path(&BROWSERS)).or_else(|| mac.is_file().then_some(mac))
}

fn chromedriver() -> Option<PathBuf> {
    named_by("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"]))
}

fn named_by(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn check_versions(found: &Installed) -> Result<()> {
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
