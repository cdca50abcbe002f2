//! A browser driven over WebDriver: Chromium, with the DevTools commands that WebDriver lacks, Firefox or WebKitGTK. It knows
//! nothing of Gopherscope: `record` and the end-to-end tests say what to load and what to ask.

mod engine;
mod firefox;
mod process;
mod webkit;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use thirtyfour::error::{WebDriverError, WebDriverErrorInner};
use thirtyfour::{Capabilities, TimeoutConfiguration, WebDriver};

pub use self::engine::Engine;
use self::process::{Display, Group, Profile};
use crate::server::{self, Preload};
use crate::tools::browser;
use crate::{fresh, paths};

/// How long a page may take to answer a question.
const PATIENCE: Duration = Duration::from_secs(60);

/// A color scheme that pages see as the reader's preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `prefers-color-scheme: light`
    Light,
    /// `prefers-color-scheme: dark`
    Dark,
}

/// One line that a page wrote to its console, or an exception it did not catch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleLine {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// As Chromium prints it: URL, position and text.
    pub text: String,
}

/// A running browser with one tab. Dropping it kills the browser and removes its profile.
pub struct Browser {
    // In this order: the processes die before their profile goes, and before the driver, which would wait for a page
    // that does not answer.
    _process: Group,
    _display: Option<Display>,
    driver: WebDriver,
    profile: Profile,
    engine: Engine,
    preload: Preload,
    /// Bytes of Firefox's log that were read.
    read: Mutex<usize>,
}

impl Browser {
    /// Starts the installed Chromium, `flags` added to our own.
    pub async fn start(flags: &[&str]) -> Result<Self> {
        let installed = browser::chromium()?;
        let profile = Profile::new()?;
        let (process, url) = process::chromedriver(&installed).await?;
        let wanted = engine::chromium(&installed, flags, &profile.0)?;
        Self::session(Engine::Chromium, process, None, profile, (&url, wanted)).await
    }

    /// Starts the installed browser of an engine.
    pub async fn of(engine: Engine) -> Result<Self> {
        match engine {
            Engine::Chromium => Self::start(&[]).await,
            Engine::Firefox => {
                let installed = browser::firefox()?;
                let profile = Profile::new()?;
                let log = profile.0.join(LOG);
                let (process, url) = process::geckodriver(&installed, &profile.0, &log).await?;
                let wanted = engine::firefox(&installed)?;
                Self::session(engine, process, None, profile, (&url, wanted)).await
            }
            Engine::WebKit => {
                let installed = browser::webkit()?;
                let profile = Profile::new()?;
                let display = Display::start(&installed.xvfb).await?;
                let (process, url) = process::webkit_driver(&installed, &profile.0, &display).await?;
                let wanted = engine::webkit(&installed)?;
                Self::session(engine, process, Some(display), profile, (&url, wanted)).await
            }
        }
    }

    async fn session(
        engine: Engine,
        process: Group,
        display: Option<Display>,
        profile: Profile,
        (url, wanted): (&str, Capabilities),
    ) -> Result<Self> {
        let driver = WebDriver::new(url, wanted).await;
        let driver = driver.with_context(|| format!("{}'s driver could not start it", engine.name()))?;
        let (preload, read) = (Preload::default(), Mutex::default());
        let times = TimeoutConfiguration::new(Some(PATIENCE), Some(PATIENCE), Some(Duration::ZERO));
        driver.update_timeouts(times).await?;
        Ok(Self { _process: process, _display: display, driver, profile, engine, preload, read })
    }

    /// What it runs pages with.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// What [`Browser::on_new_document`] was told: sites must put it into their pages, where the browser cannot.
    pub fn preload(&self) -> &Preload {
        &self.preload
    }

    /// The WebDriver session, for finding and clicking elements.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens `url`; returns once its document began to arrive, or says why it does not.
    pub async fn open(&self, url: &str) -> Result<()> {
        match self.engine {
            Engine::Chromium => {}
            Engine::Firefox => {
                return self.driver.goto(url).await.with_context(|| format!("cannot open {url}"));
            }
            Engine::WebKit => return webkit::open(&self.driver, url).await,
        }
        let navigate = self.devtools("Page.navigate", json!({ "url": url }));
        let answer = tokio::time::timeout(PATIENCE, navigate).await;
        let answer = answer.with_context(|| format!("{url} sent nothing for {} s", PATIENCE.as_secs()))??;
        match answer["errorText"].as_str().filter(|text| !text.is_empty()) {
            Some(text) => Err(anyhow!("cannot open {url}: {text}")),
            None => Ok(()),
        }
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Result<()> {
        match self.engine {
            Engine::Chromium => self.devtools("Page.reload", json!({})).await.map(drop),
            Engine::Firefox => Ok(self.driver.refresh().await?),
            Engine::WebKit => webkit::reload(&self.driver).await,
        }
    }

    /// A DevTools command, such as `Page.crash`. Chromium's only.
    pub async fn devtools(&self, method: &str, params: Value) -> Result<Value> {
        if self.engine != Engine::Chromium {
            bail!("{} knows no DevTools command {method}", self.engine.name());
        }
        let answer = self.driver.cdp().send_raw(method, params).await;
        answer.with_context(|| format!("DevTools command {method}"))
    }

    /// Runs a `javascript:` URL in the page as a click on a bookmark does: no policy of the page has a say in whether the code
    /// runs, and all say in what it may do.
    pub async fn bookmark(&self, url: &str) -> Result<()> {
        match self.engine {
            Engine::Chromium => self.devtools("Page.navigate", json!({ "url": url })).await.map(drop),
            Engine::Firefox => firefox::bookmark(&self.driver, url).await,
            // No command of its driver reaches its bookmarks; what it is given to run, it runs as they do.
            Engine::WebKit => {
                let code = url.strip_prefix("javascript:").context("no bookmarklet")?;
                let code = server::decode(code).context("a URL badly escaped")?;
                self.driver.execute(code, Vec::new()).await.map(drop).context("running a bookmarklet")
            }
        }
    }

    /// Runs `source` in every document from now on, frames included, before its own scripts. WebDriver has no such command:
    /// but for Chromium, only the pages of sites that are served with [`Browser::preload`] run it.
    pub async fn on_new_document(&self, source: &str) -> Result<()> {
        if self.engine == Engine::Chromium {
            self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        } else {
            self.preload.add(source);
        }
        Ok(())
    }

    /// The value of a JavaScript expression in the page, awaited when it is a promise. A rejection or an
    /// exception is an error with its text.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let answer = match self.engine {
            Engine::Chromium => self.awaited(format!("(async () => ({expression}))()")).await?,
            Engine::Firefox => self.awaited(firefox::in_page(expression)).await?,
            Engine::WebKit => webkit::eval(&self.driver, expression).await?,
        };
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(anyhow!("{error}")),
            None => Ok(answer.get("value").cloned().unwrap_or(Value::Null)),
        }
    }

    /// What a promise comes to: an object with `value` or `error`.
    async fn awaited(&self, promise: String) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             {promise}.then(
               (value) => done({{ value: value === undefined ? null : value }}),
               (error) => done({{ error: `${{error}}\n${{error?.stack}}` }}));"
        );
        Ok(self.driver.execute_async(script, Vec::new()).await?.json().clone())
    }

    /// Asks until `expression` is truthy, and returns its value.
    pub async fn wait_for(&self, expression: &str, patience: Duration) -> Result<Value> {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            // A document on its way out rejects questions: that is not an answer yet.
            let answer = self.eval(expression).await;
            if let Ok(value) = &answer
                && !matches!(value, Value::Null | Value::Bool(false))
                && *value != json!(0)
                && *value != json!("")
            {
                return answer;
            }
            if tokio::time::Instant::now() >= deadline || answer.as_ref().is_err_and(is_gone) {
                bail!("waited up to {} s for `{expression}`, last answer: {answer:?}", patience.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the page wrote to the console, and its uncaught exceptions, since the last call; of WebKit nothing is known.
    pub async fn console(&self) -> Result<Vec<ConsoleLine>> {
        match self.engine {
            Engine::Chromium => {
                let lines = self.driver.browser_log().await?;
                Ok(lines
                    .into_iter()
                    .map(|line| ConsoleLine { level: line.level, text: line.message })
                    .collect())
            }
            Engine::Firefox => self.firefox_log(),
            Engine::WebKit => Ok(Vec::new()),
        }
    }

    fn firefox_log(&self) -> Result<Vec<ConsoleLine>> {
        let log = std::fs::read(self.profile.0.join(LOG))?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = String::from_utf8_lossy(log.get(*read..).unwrap_or_default()).into_owned();
        *read = log.len();
        Ok(fresh.lines().filter_map(firefox_line).collect())
    }

    /// Saves what pages offer for download in `folder`, which exists. WebKit's driver has no such command.
    pub async fn save_in(&self, folder: &Path) -> Result<()> {
        match self.engine {
            Engine::Chromium => {
                let to = json!({ "behavior": "allow", "downloadPath": folder });
                self.devtools("Browser.setDownloadBehavior", to).await.map(drop)
            }
            Engine::Firefox => firefox::save_in(&self.driver, folder).await,
            Engine::WebKit => bail!("WebKit cannot be told where to save"),
        }
    }

    /// Sets the viewport, in CSS pixels, and the color scheme, which is always light in WebKit.
    pub async fn view(&self, width: u32, height: u32, scheme: Scheme) -> Result<()> {
        if self.engine != Engine::Chromium {
            return self.resize(width, height, scheme).await;
        }
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let scheme = if scheme == Scheme::Dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Sets the window's size so that the page in it has this one.
    async fn resize(&self, width: u32, height: u32, scheme: Scheme) -> Result<()> {
        let dark = scheme == Scheme::Dark;
        if self.engine == Engine::Firefox {
            firefox::view(&self.driver, (width, height), dark).await?;
        } else if dark {
            bail!("{} cannot be told to prefer dark", self.engine.name());
        } else {
            let around = self.eval("[outerWidth - innerWidth, outerHeight - innerHeight]").await?;
            let [beside, above]: [u32; 2] = serde_json::from_value(around)?;
            self.driver.set_window_rect(0, 0, width + beside, height + above).await?;
        }
        let size = format!("innerWidth === {width} && innerHeight === {height}");
        self.wait_for(&size, Duration::from_secs(10)).await.map(drop)
    }

    /// Forgets what sites have stored, where a browser is used again: in Firefox. Chromium's is cleared site by site.
    pub async fn forget(&self) -> Result<()> {
        if self.engine == Engine::Firefox { firefox::forget(&self.driver).await } else { Ok(()) }
    }

    /// Has [`Browser::listeners`] told of pages that open from now on: WebKit's driver cannot tell, so that there the pages of
    /// sites that are served with [`Browser::preload`] note them.
    pub async fn watch_listeners(&self) -> Result<()> {
        match self.engine {
            Engine::WebKit => self.on_new_document(webkit::NOTES_LISTENERS).await,
            Engine::Chromium | Engine::Firefox => Ok(()),
        }
    }

    /// The kinds of the listeners that the page's window and document have, sorted: `window click`. Only where they are
    /// watched, by [`Browser::watch_listeners`].
    pub async fn listeners(&self) -> Result<Vec<String>> {
        let mut all = match self.engine {
            Engine::Chromium => self.devtools_listeners().await?,
            Engine::Firefox => serde_json::from_value(firefox::listeners(&self.driver).await?)?,
            Engine::WebKit => serde_json::from_value(self.eval(webkit::LISTENERS).await?)?,
        };
        all.sort();
        Ok(all)
    }

    async fn devtools_listeners(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for what in ["window", "document"] {
            let object = self.devtools("Runtime.evaluate", json!({ "expression": what })).await?;
            let of = json!({ "objectId": object["result"]["objectId"] });
            let found = self.devtools("DOMDebugger.getEventListeners", of).await?;
            let found = found["listeners"].as_array().context("no listeners")?;
            let kind = |it: &Value| format!("{what} {}", it["type"].as_str().unwrap_or_default());
            all.extend(found.iter().map(kind));
        }
        Ok(all)
    }

    /// Saves the viewport as `target/screenshots/<name>.png`, of another engine than Chromium in a folder of its name;
    /// cross-site frames included.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let png = match self.engine {
            Engine::Chromium => {
                let shot = self.devtools("Page.captureScreenshot", json!({ "format": "png" })).await?;
                STANDARD.decode(shot["data"].as_str().context("a screenshot without data")?)?
            }
            Engine::Firefox => {
                let shot = firefox::screenshot(&self.driver).await?;
                STANDARD.decode(shot.as_str().context("a screenshot without data")?)?
            }
            Engine::WebKit => self.driver.screenshot_as_png().await?,
        };
        let mut folder = paths::screenshots();
        if self.engine != Engine::Chromium {
            folder.push(self.engine.name());
        }
        let path = folder.join(format!("{name}.png"));
        fresh::write(&path, &png)?;
        Ok(path)
    }

    /// Ends the session in good order. Dropping ends it too, less politely.
    pub async fn close(self) -> Result<()> {
        tokio::time::timeout(Duration::from_secs(5), self.driver.clone().quit()).await.ok();
        Ok(())
    }
}

/// Whether the browser has crashed, or was closed: it will never answer.
fn is_gone(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<WebDriverError>().map(WebDriverError::as_inner);
    matches!(error, Some(WebDriverErrorInner::InvalidSessionId(_)))
}

/// Firefox's stdout, in its profile.
const LOG: &str = "stdout.log";

/// `console.error: "text"` and `JavaScript error: http://..., line 2: Error: text`, of pages and not of Firefox itself.
fn firefox_line(line: &str) -> Option<ConsoleLine> {
    // What Firefox's own modules say begins with their name, or tells it.
    let ours =
        |said: &str| said.contains("resource://") || said.starts_with(|it: char| it.is_ascii_uppercase());
    let level = match line.split_once(": ")? {
        (console, said) if console.starts_with("console.") && ours(said) => return None,
        ("JavaScript error", text) if text.starts_with("http") || text.starts_with("blob:") => "SEVERE",
        ("console.error", _) => "SEVERE",
        ("console.warn", _) => "WARNING",
        ("console.log" | "console.info", _) => "INFO",
        ("console.debug", _) => "DEBUG",
        _ => return None,
    };
    Some(ConsoleLine { level: level.to_owned(), text: line.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_pages_are_told_from_firefox_s_own() {
        let level = |line: &str| firefox_line(line).map(|it| it.level);
        assert_eq!(
            level("JavaScript error: http://localhost:1/a.js, line 2: Error: x").as_deref(),
            Some("SEVERE")
        );
        assert_eq!(level("JavaScript error: resource://gre/modules/X.sys.mjs, line 5: NS_ERROR"), None);
        assert_eq!(level("console.warn: \"slow\"").as_deref(), Some("WARNING"));
        assert_eq!(level("console.warn: BackupService: \"no folder\""), None);
        assert_eq!(
            level("console.error: (new Error(\"Polling\", \"resource://services-settings/x.sys.mjs\", 490))"),
            None
        );
        assert_eq!(level("1795382675818\twebdriver::server\tINFO\tListening"), None);
    }
}
