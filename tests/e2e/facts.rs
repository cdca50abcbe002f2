//! The views of memory, collection and the event loop as a reader meets them: gone to, read, sorted, opened.

use anyhow::{Result, ensure};
use session::Session;

use crate::harness::Tab;
use crate::viewer;

pub const RIGHT: &str = "\u{e014}";
pub const ENTER: &str = "\u{e007}";

/// To a view, by its link.
pub async fn go(tab: &Tab, view: &str) -> Result<()> {
    tab.until("document.querySelector('[role=tab]') && true").await?;
    tab.eval(&format!("void (location.hash = '#/live?view={view}')")).await?;
    tab.until(&format!("document.querySelector('.view[aria-labelledby=tab-{view}]') && true")).await
}

/// Ends the recording, from the page, and comes back into the viewer, which knows.
pub async fn stop(tab: &Tab) -> Result<Session> {
    let session = tab.session("gopherscope.stop()").await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]').innerText === 'stopped'").await?;
    Ok(session)
}

pub fn plain(text: &str) -> String {
    text.replace(char::is_whitespace, "")
}

/// Rows of a table without spaces.
pub async fn rows(tab: &Tab, table: &str) -> Result<Vec<Vec<String>>> {
    let rows = viewer::rows(tab, table).await?;
    Ok(rows.into_iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect())
}

/// Sorts a table by the head that says so.
pub async fn press_head(tab: &Tab, table: &str, head: &str) -> Result<()> {
    let button = format!(
        "[...document.querySelectorAll('.{table} th button')].find((it) => it.innerText === '{head}')"
    );
    viewer::click(tab, &button).await?;
    tab.until(&format!("{button}.closest('th').ariaSort && true")).await
}

/// Keys, wherever the focus is.
pub async fn press(tab: &Tab, keys: &str) -> Result<()> {
    tab.browser.driver().action_chain().send_keys(keys).perform().await?;
    Ok(())
}

/// A table of `all` rows that shows the first `shown` shows more of them when it is asked to.
pub async fn more(tab: &Tab, table: &str, shown: usize, all: usize) -> Result<()> {
    let count = format!("document.querySelectorAll('.{table} tbody tr[aria-level=\"1\"]').length");
    let said = format!("document.querySelector('.{table} + .note')");
    if all > shown {
        let left = session::fmt::count((all - shown) as u64);
        tab.until(&format!("{said}.innerText.startsWith('{left} more')")).await?;
        viewer::click(tab, &format!("{said}.querySelector('button')")).await?;
    }
    tab.until(&format!("{count} === {}", all.min(shown + 100))).await
}

/// At 420 px no table scrolls sideways, and a row has a name and at most two lines of figures.
pub async fn fits(tab: &Tab, view: &str) -> Result<()> {
    viewer::leave(tab).await?;
    tab.browser.view(420, 900, xtask::browser::Scheme::Light).await?;
    viewer::enter(tab).await?;
    tab.until("innerWidth <= 420").await?;
    let wide = tab.eval("document.querySelector('.live > main').scrollWidth > innerWidth").await?;
    ensure!(wide == false, "{view} scrolls sideways");
    let tall = format!(
        "Math.max(...[...document.querySelectorAll('.{view} tbody tr')].map((row) => row.getBoundingClientRect().height))"
    );
    let tall = tab.eval(&tall).await?.as_f64().unwrap_or_default();
    ensure!(tall > 0.0 && tall <= 64.0, "{view}: a row of {tall} px");
    Ok(())
}
