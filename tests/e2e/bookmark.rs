//! Bookmarklets as the launcher hands them out, run as a click on a bookmark would.

use anyhow::{Context, Result};

use crate::harness::Tab;

/// Both bookmarklets of a launcher, as URLs.
pub struct Bookmarks {
    /// Loads the agent from its site.
    pub loader: String,
    /// Carries it.
    pub whole: String,
}

/// Takes them from the launcher at `url`.
pub async fn take(tab: &Tab, url: &str) -> Result<Bookmarks> {
    tab.visit(url, "document.querySelectorAll('.bookmarklet a.drag').length === 2").await?;
    let urls = tab.eval("[...document.querySelectorAll('.bookmarklet a.drag')].map((it) => it.href)").await?;
    let [loader, whole]: [String; 2] = serde_json::from_value(urls)?;
    Ok(Bookmarks { loader, whole })
}

/// Clicks the bookmark while the tab shows a page.
pub async fn click(tab: &Tab, bookmark: &str) -> Result<()> {
    tab.browser.bookmark(bookmark).await.context("running a bookmarklet")
}
