//! Fresh pages: each in a tab of its own, and so in a renderer of its own, in one browser.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::site;
use crate::browser::Browser;
use crate::server::{Server, Site};
use crate::step::say;

/// Asks once the page has begun, and then waits without asking again: questions cost the page time.
const OUTCOME: &str = "(async () => {
    while (globalThis.outcome === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    return globalThis.outcome;
  })()";

/// A browser, a server, and how often to measure.
pub(super) struct Lab {
    browser: Browser,
    server: Server,
    count: usize,
}

impl Lab {
    pub async fn open(count: usize) -> Result<Self> {
        let server = Server::start(Site::new(site::folder()), 0).await?;
        Ok(Self { browser: Browser::start(&[]).await?, server, count })
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
    pub async fn pairs(&self, page: &str) -> Result<(Vec<[f64; 2]>, Vec<Value>)> {
        say(&format!("{page}: {} pairs of fresh pages", self.count));
        let names = [format!("plain-{page}"), page.to_owned()];
        let (mut pairs, mut with) = (Vec::new(), Vec::new());
        for round in 0..self.count {
            let mut pair = [f64::NAN; 2];
            for side in [round % 2, 1 - round % 2] {
                let outcome = self.page(&names[side]).await?;
                pair[side] = outcome["value"].as_f64().with_context(|| format!("{page} gave {outcome}"))?;
                if side == 1 {
                    with.push(outcome);
                }
            }
            pairs.push(pair);
            self.progress(round);
        }
        Ok((pairs, with))
    }

    /// What pages of one kind gave.
    pub async fn pages(&self, page: &str) -> Result<Vec<Value>> {
        say(&format!("{page}: {} fresh pages", self.count));
        let mut outcomes = Vec::new();
        for round in 0..self.count {
            outcomes.push(self.page(page).await?);
            self.progress(round);
        }
        Ok(outcomes)
    }

    /// What a fresh page gave. Browsers drop a request now and then, when a network interface comes or goes: one
    /// failure is said and forgiven.
    async fn page(&self, name: &str) -> Result<Value> {
        match self.once(name).await {
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                say(&format!("{error:#}: once more"));
                self.once(name).await
            }
        }
    }

    async fn once(&self, name: &str) -> Result<Value> {
        let driver = self.browser.driver();
        let home = driver.window().await?;
        let tab = driver.new_tab().await?;
        driver.switch_to_window(tab).await?;
        let measured = async {
            self.browser.open(&self.server.url(&format!("/{name}.html"))).await?;
            self.browser.eval(OUTCOME).await
        };
        let outcome = measured.await.with_context(|| format!("measuring {name}.html"));
        driver.close_window().await?;
        driver.switch_to_window(home).await?;
        outcome
    }

    /// A dot for each round.
    fn progress(&self, round: usize) {
        eprint!(
            "{}{}",
            if round == 0 { "   " } else { "" },
            if round + 1 == self.count { ".\n" } else { "." }
        );
        std::io::stderr().flush().ok();
    }
}
