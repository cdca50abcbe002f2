//! `cargo xtask record URL|DIR`: opens a page in a headless Chromium with the agent in front of the page's own
//! scripts, waits for its first Go program, records, and reports on its session.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use crate::browser::Browser;
use crate::build::agent;
use crate::fresh;
use crate::server::{Rule, Server, Site};
use crate::step::{say, setup};

/// How long a page may take until its first Go program runs.
const FIRST_RUN: Duration = Duration::from_secs(30);
/// How long a page may leave a question unanswered.
const SILENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(250);

/// The format that a report is made of.
const SESSION: &str = "session";
/// Columns of a report.
const WIDTH: usize = 100;

/// What to record.
#[derive(Clone, Debug)]
pub struct Options {
    /// A URL, or a folder with an `index.html`.
    pub target: String,
    /// Seconds to record, from the first `run`.
    pub seconds: f64,
    /// A format of `gopherscope.formats` to export besides the report.
    pub export: Option<String>,
}

/// A finished recording.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The session's full report; `gopherscope.report()` is briefer.
    pub report: String,
    /// As `gopherscope.export(format)` gives it, where a format was asked for.
    pub exported: Option<Vec<u8>>,
}

/// The page was reached, but not recorded.
#[derive(Debug)]
pub enum Failure {
    /// No Go program ran; the agent's report says what was seen instead.
    NoProgram {
        /// The agent's report.
        report: String,
        /// The page's console.
        console: String,
    },
    /// The page left a question unanswered, or closed.
    Silent(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram { report, console } => {
                write!(f, "{report}\nno Go program ran within {} s{console}", FIRST_RUN.as_secs())
            }
            Self::Silent(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// The command's exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::NoProgram { .. } => 3,
            Self::Silent(_) => 4,
        }
    }
}

/// The command: records, prints the report on stdout, and writes the export to `out`.
pub async fn run(options: &Options, out: Option<&Path>) -> Result<()> {
    let recorded = record(options).await?;
    println!("{}", recorded.report.trim_end());
    if let (Some(bytes), Some(format)) = (recorded.exported, &options.export) {
        let out = out.map_or_else(|| default_name(format), Path::to_path_buf);
        fresh::write(&out, &bytes)?;
        say(&format!("Wrote {} ({} kB)", out.display(), bytes.len().div_ceil(1000)));
    }
    Ok(())
}

fn default_name(format: &str) -> PathBuf {
    match format {
        "session" => "recording.gopherscope.json.gz".into(),
        other => format!("recording.{other}").into(),
    }
}

/// Records one page with the agent that was built last.
pub async fn record(options: &Options) -> Result<Recorded> {
    let (url, _server) = locate(&options.target).await?;
    let source = std::fs::read_to_string(agent::script()).context("reading the built agent")?;
    let browser = Browser::start(&[]).await?;
    browser.on_new_document(&source).await?;
    say(&format!("Opening {url}"));
    browser.open(&url).await.map_err(|error| setup(format!("{error:#}")))?;
    let recorded = Page(&browser).record(options).await;
    browser.close().await?;
    recorded
}

/// The URL to open, and the server that a folder needs.
async fn locate(target: &str) -> Result<(String, Option<Server>)> {
    if target.starts_with("http://") || target.starts_with("https://") {
        return Ok((target.to_owned(), None));
    }
    let folder = Path::new(target);
    if !folder.is_dir() {
        return Err(setup(format!("{target} is neither an http(s) URL nor a folder")));
    }
    if !folder.join("index.html").is_file() {
        return Err(setup(format!("{target} has no index.html to open")));
    }
    let server = Server::start(Site::new(folder).rule("/*", Rule::hosted()), 0).await?;
    Ok((server.url("/"), Some(server)))
}

/// The page under recording.
struct Page<'a>(&'a Browser);

impl Page<'_> {
    async fn record(&self, options: &Options) -> Result<Recorded> {
        self.check_reached().await?;
        if let Some(format) = &options.export {
            self.check_format(format).await?;
        }
        let start = self.wait_for_run().await?;
        say(&format!("Recording for {} s", options.seconds));
        self.wait_until(start + Duration::from_secs_f64(options.seconds)).await?;
        self.ask("gopherscope.stop().then(() => true)").await?;
        let file = self.export(SESSION).await?;
        let session = session::file::read(&file).context("reading the session that the agent exported")?;
        let exported = match options.export.as_deref() {
            Some(SESSION) => Some(file),
            Some(format) => Some(self.export(format).await?),
            None => None,
        };
        Ok(Recorded { report: session::report(&session, WIDTH), exported })
    }

    /// A question that the page must answer in time.
    async fn ask(&self, expression: &str) -> Result<Value> {
        match timeout(SILENCE, self.0.eval(expression)).await {
            Ok(answer) => answer.with_context(|| format!("asking the page for {expression}")),
            Err(_) => {
                let why = format!("the page left a question unanswered for {} s", SILENCE.as_secs());
                Err(Failure::Silent(why).into())
            }
        }
    }

    /// A server's refusal, or a browser's error page, is a set-up that failed.
    async fn check_reached(&self) -> Result<()> {
        let seen = "[location.href, performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0,
                    typeof gopherscope]";
        let seen = self.ask(seen).await?;
        let (url, status) = (seen[0].as_str().unwrap_or_default(), seen[1].as_u64().unwrap_or_default());
        if url.starts_with("chrome-error:") {
            return Err(setup("the browser could not load the page"));
        }
        if status >= 400 {
            return Err(setup(format!("{url} answered with status {status}")));
        }
        if seen[2] != "object" {
            return Err(anyhow!("the agent did not install itself in {url}"));
        }
        Ok(())
    }

    async fn check_format(&self, format: &str) -> Result<()> {
        let formats = self.ask("gopherscope.formats").await?;
        let known: Vec<&str> = formats.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if known.contains(&format) {
            return Ok(());
        }
        Err(setup(format!("unknown export format {format}; there is: {}", known.join(", "))))
    }

    /// Waits until a Go program's `run` was called; returns the last moment at which none was known. A program
    /// that keeps the thread busy at first leaves the next question waiting, so the answer's own time is too late.
    async fn wait_for_run(&self) -> Result<Instant> {
        say("Waiting for a Go program to run");
        let opened = Instant::now();
        let mut before = opened;
        while self.ask("gopherscope.programs").await? == 0 {
            before = Instant::now();
            if before >= opened + FIRST_RUN {
                let report = self.ask("gopherscope.report()").await?;
                let report = report.as_str().unwrap_or_default().trim_end().to_owned();
                return Err(Failure::NoProgram { report, console: self.console().await }.into());
            }
            sleep(POLL).await;
        }
        Ok(before)
    }

    /// Lets the page run until `deadline`; a page that leaves takes its recording with it.
    async fn wait_until(&self, deadline: Instant) -> Result<()> {
        let document = self.ask("performance.timeOrigin").await?;
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            sleep(left.min(POLL)).await;
            let now = self.ask("[performance.timeOrigin, location.href]").await.map_err(closed)?;
            if now[0] != document {
                let to = now[1].as_str().unwrap_or("another page");
                let why =
                    format!("the page went to {to} while it was recorded, and its recording went with it");
                return Err(Failure::Silent(why).into());
            }
        }
        Ok(())
    }

    async fn export(&self, format: &str) -> Result<Vec<u8>> {
        let expression = format!(
            "gopherscope.export({}).then((bytes) => {{
               let text = '';
               for (let i = 0; i < bytes.length; i += 8192) {{
                 text += String.fromCharCode(...bytes.subarray(i, i + 8192));
               }}
               return btoa(text);
             }})",
            Value::from(format)
        );
        let base64 = self.ask(&expression).await?;
        Ok(STANDARD.decode(base64.as_str().context("the export is no base64")?)?)
    }

    /// The console's first lines, for a page that did not do what was expected.
    async fn console(&self) -> String {
        let lines = self.0.console().await.unwrap_or_default();
        let lines =
            lines.iter().take(10).map(|line| format!("\n  {}: {}", line.level.to_lowercase(), line.text));
        let lines: String = lines.collect();
        if lines.is_empty() { lines } else { format!("; its console:{lines}") }
    }
}

fn closed(error: anyhow::Error) -> anyhow::Error {
    if error.is::<Failure>() {
        return error;
    }
    Failure::Silent(format!("the page closed or crashed while it was recorded: {error:#}")).into()
}
