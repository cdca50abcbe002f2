//! A headless Chromium driven over WebDriver, with the DevTools commands that WebDriver lacks. It knows
//! nothing of Gopherscope: `record` and the end-to-end tests say what to load and what to ask.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use thirtyfour::{
    CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel,
    PageLoadStrategy, WebDriver,
};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::tools::browser::{self, Installed};
use crate::{fresh, paths};

/// Quiet and alone: no sandbox (tests run as root), no GPU, no traffic of its own.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
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
    _process: Chromedriver,
    driver: WebDriver,
    _profile: Profile,
}

impl Browser {
    /// Starts the installed browser, `flags` added to our own.
    pub async fn start(flags: &[&str]) -> Result<Self> {
        let installed = browser::find()?;
        let profile = Profile::new()?;
        let (process, url) = Chromedriver::start(&installed).await?;
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(&installed.chromium.to_string_lossy())?;
        for flag in FLAGS.iter().chain(flags) {
            wanted.add_arg(flag)?;
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.0.display()))?;
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
        // A page that never finishes loading must not stop us from asking it.
        wanted.set_page_load_strategy(PageLoadStrategy::None)?;
        let driver = WebDriver::new(url, wanted).await.context("chromedriver could not start the browser")?;
        driver.set_script_timeout(PATIENCE).await?;
        Ok(Self { _process: process, driver, _profile: profile })
    }

    /// The WebDriver session, for finding and clicking elements.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens `url`; returns once its document began to arrive, or says why it does not.
    pub async fn open(&self, url: &str) -> Result<()> {
        let navigate = self.devtools("Page.navigate", json!({ "url": url }));
        let answer = tokio::time::timeout(PATIENCE, navigate).await;
        let answer = answer.with_context(|| format!("{url} sent nothing for {} s", PATIENCE.as_secs()))??;
        match answer["errorText"].as_str().filter(|text| !text.is_empty()) {
            Some(text) => Err(anyhow!("cannot open {url}: {text}")),
            None => Ok(()),
        }
    }

    /// A DevTools command, such as `Page.reload`.
    pub async fn devtools(&self, method: &str, params: Value) -> Result<Value> {
        let answer = self.driver.cdp().send_raw(method, params).await;
        answer.with_context(|| format!("DevTools command {method}"))
    }

    /// Runs `source` in every document from now on, frames included, before its own scripts.
    pub async fn on_new_document(&self, source: &str) -> Result<()> {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        Ok(())
    }

    /// The value of a JavaScript expression in the page, awaited when it is a promise. A rejection or an
    /// exception is an error with its text.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => ({expression}))().then(
               (value) => done({{ value: value === undefined ? null : value }}),
               (error) => done({{ error: String((error && error.stack) || error) }}));"
        );
        let answer = self.driver.execute_async(script, Vec::new()).await?.json().clone();
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(anyhow!("{error}")),
            None => Ok(answer.get("value").cloned().unwrap_or(Value::Null)),
        }
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
            if tokio::time::Instant::now() >= deadline {
                bail!("waited {} s for `{expression}`, last answer: {answer:?}", patience.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the page wrote to the console, and its uncaught exceptions, since the last call.
    pub async fn console(&self) -> Result<Vec<ConsoleLine>> {
        let lines = self.driver.browser_log().await?;
        Ok(lines.into_iter().map(|line| ConsoleLine { level: line.level, text: line.message }).collect())
    }

    /// Sets the viewport, in CSS pixels, and the color scheme.
    pub async fn view(&self, width: u32, height: u32, scheme: Scheme) -> Result<()> {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let scheme = if scheme == Scheme::Dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// Saves the viewport as `target/screenshots/<name>.png`, cross-site frames included.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let shot = self.devtools("Page.captureScreenshot", json!({ "format": "png" })).await?;
        let png = STANDARD.decode(shot["data"].as_str().context("a screenshot without data")?)?;
        let path = paths::screenshots().join(format!("{name}.png"));
        fresh::write(&path, &png)?;
        Ok(path)
    }

    /// Ends the session in good order. Dropping ends it too, less politely.
    pub async fn close(self) -> Result<()> {
        tokio::time::timeout(Duration::from_secs(5), self.driver.clone().quit()).await.ok();
        Ok(())
    }
}

/// The WebDriver server, in a process group of its own so that the browser it starts dies with it.
struct Chromedriver(Child);

impl Chromedriver {
    async fn start(installed: &Installed) -> Result<(Self, String)> {
        let mut command = Command::new(&installed.chromedriver);
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.kill_on_drop(true).spawn().context("cannot start chromedriver")?;
        let stdout = child.stdout.take().context("chromedriver without stdout")?;
        let this = Self(child);
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            let port = line.split_once("started successfully on port ");
            if let Some(port) = port.and_then(|(_, rest)| rest.trim_end_matches('.').parse::<u16>().ok()) {
                // Its stdout must be read on, or a full pipe would stop it.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok((this, format!("http://127.0.0.1:{port}")));
            }
        }
        bail!("chromedriver ended without naming its port");
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        if cfg!(unix)
            && let Some(id) = self.0.id()
        {
            let group = format!("-{id}");
            std::process::Command::new("kill").args(["-KILL", "--", &group]).status().ok();
        }
    }
}

/// A fresh user data folder.
struct Profile(PathBuf);

impl Profile {
    fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = paths::in_root("target/browser-profiles").join(name);
        std::fs::create_dir_all(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}
