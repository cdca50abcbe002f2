//! Fresh pages: each in a tab of its own, and so in a renderer of its own, in one browser. They are served from one
//! host, and the view from 127.0.0.1: browsers give two sites two processes, two ports of one host share a thread.

use std::io::Write;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::site;
use crate::browser::Browser;
use crate::server::Server;
use crate::step::say;

/// Asks once the page has begun, and then waits without asking again: questions cost the page time. Null after half a
/// minute without an outcome.
const OUTCOME: &str = "(async () => {
    while (globalThis.outcome === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    return Promise.race([globalThis.outcome, new Promise((resolve) => setTimeout(resolve, 30_000, null))]);
  })()";
/// How often a page is asked, and one that takes minutes.
const ASKED: u32 = 2;
const ASKED_LONG: u32 = 30;

/// As large as a laptop's; and pages can tell exactly what memory they use.
const FLAGS: [&str; 3] = ["--window-size=1280,900", "--js-flags=--expose-gc", "--enable-precise-memory-info"];

/// Which process the view's frame gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Process {
    /// Its own: the page is on another host.
    Own,
    /// The page's, with its thread: the page is on another port of the same host.
    Shared,
}

/// A browser, servers of the pages and of the view, and how often to measure.
pub(super) struct Lab {
    browser: Browser,
    pages: Server,
    _viewer: Server,
    count: usize,
}

impl Lab {
    pub async fn open(count: usize) -> Result<Self> {
        let viewer = Server::start(site::viewer()?, 0).await?;
        let pages = Server::start(site::pages(&viewer.url("/agent.js")), 0).await?;
        Ok(Self { browser: Browser::start(&FLAGS).await?, pages, _viewer: viewer, count })
    }

    pub async fn close(self) -> Result<()> {
        self.browser.close().await
    }

    /// The browser's name and version.
    pub async fn browser(&self) -> Result<String> {
        let version = self.browser.devtools("Browser.getVersion", json!({})).await?;
        Ok(version["product"].as_str().unwrap_or("unknown").to_owned())
    }

    /// Values of `plain-<page>` and `<page>`, in turn, the first of a pair alternating; and what the pages with the
    /// agent gave.
    pub async fn pairs(&self, page: &str, process: Process) -> Result<(Vec<[f64; 2]>, Vec<Value>)> {
        let urls = [format!("/plain-{page}.html"), format!("/{page}.html")].map(|it| self.url(&it, process));
        let value =
            |outcome: &Value| outcome["value"].as_f64().with_context(|| format!("{page} gave {outcome}"));
        let (mut pairs, mut with) = (Vec::new(), Vec::new());
        for [control, agent] in self.alternating(self.count, page, &urls).await? {
            pairs.push([value(&control)?, value(&agent)?]);
            with.push(agent);
        }
        Ok((pairs, with))
    }

    /// What two pages on the pages' server gave, in turn as in [`Lab::pairs`].
    pub async fn outcomes(&self, pages: [&str; 2]) -> Result<Vec<[Value; 2]>> {
        self.few(self.count, pages).await
    }

    /// The same, of `most` pairs at most.
    pub async fn few(&self, most: usize, pages: [&str; 2]) -> Result<Vec<[Value; 2]>> {
        let urls = pages.map(|path| self.url(path, Process::Own));
        self.alternating(self.count.min(most), pages[1], &urls).await
    }

    /// The same, once, of pages that take up to a quarter of an hour.
    pub async fn long(&self, pages: [&str; 2]) -> Result<[Value; 2]> {
        say(&format!("{}: a pair of pages that take minutes", pages[1]));
        let [one, other] = pages.map(|path| self.url(path, Process::Own));
        Ok([self.once(&one, ASKED_LONG).await?, self.once(&other, ASKED_LONG).await?])
    }

    async fn alternating(&self, count: usize, page: &str, urls: &[String; 2]) -> Result<Vec<[Value; 2]>> {
        say(&format!("{page}: {count} pairs of fresh pages"));
        let mut pairs = Vec::new();
        for round in 0..count {
            let mut pair = [Value::Null, Value::Null];
            for side in [round % 2, 1 - round % 2] {
                pair[side] = self.page(&urls[side]).await?;
            }
            pairs.push(pair);
            progress(round, count);
        }
        Ok(pairs)
    }

    /// What pages of one kind gave. `path` is on the pages' server.
    pub async fn pages(&self, path: &str) -> Result<Vec<Value>> {
        say(&format!("{path}: {} fresh pages", self.count));
        let url = self.url(path, Process::Own);
        let mut outcomes = Vec::new();
        for round in 0..self.count {
            outcomes.push(self.page(&url).await?);
            progress(round, self.count);
        }
        Ok(outcomes)
    }

    /// What a fresh page gave. Browsers drop a request now and then, when a network interface comes or goes: one
    /// failure is said and forgiven.
    async fn page(&self, url: &str) -> Result<Value> {
        match self.once(url, ASKED).await {
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                say(&format!("{error:#}: once more"));
                self.once(url, ASKED).await
            }
        }
    }

    fn url(&self, path: &str, process: Process) -> String {
        match process {
            Process::Own => self.pages.localhost_url(path),
            Process::Shared => self.pages.url(path),
        }
    }

    async fn once(&self, url: &str, asked: u32) -> Result<Value> {
        let driver = self.browser.driver();
        let home = driver.window().await?;
        let tab = driver.new_tab().await?;
        driver.switch_to_window(tab).await?;
        let measured = async {
            self.browser.open(url).await?;
            let mut outcome = Value::Null;
            for _ in 0..asked {
                outcome = self.browser.eval(OUTCOME).await?;
                if !outcome.is_null() {
                    break;
                }
            }
            ensure!(!outcome.is_null(), "no outcome");
            outcome["processes"] = self.processes().await?.into();
            anyhow::Ok(outcome)
        };
        let outcome = measured.await.with_context(|| format!("measuring {url}"));
        driver.close_window().await?;
        driver.switch_to_window(home).await?;
        outcome
    }

    /// How many processes the page takes: one more for each frame of another site.
    async fn processes(&self) -> Result<usize> {
        let targets = self.browser.devtools("Target.getTargets", json!({})).await?;
        let targets = targets["targetInfos"].as_array().context("no list of targets")?;
        Ok(1 + targets.iter().filter(|target| target["type"] == "iframe").count())
    }
}

/// A dot for each round.
fn progress(round: usize, count: usize) {
    let (before, after) = (if round == 0 { "   " } else { "" }, if round + 1 == count { "\n" } else { "" });
    eprint!("{before}.{after}");
    std::io::stderr().flush().ok();
}
