//! What WebKit's driver does by halves: it goes to a page, and it is for us to see that the page has come.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use thirtyfour::WebDriver;
use thirtyfour::prelude::WebDriverResult;

use super::PATIENCE;

/// A name in the globals of the document that is to go.
const LEAVING: &str = "gopherscopeTestIsLeaving";

/// Opens `url`; returns once there is another document than before, or at once where `url` is a place in the same one.
pub async fn open(driver: &WebDriver, url: &str) -> Result<()> {
    let before = driver.current_url().await?;
    let stays = url.split_once('#').is_some_and(|(page, _)| before.as_str().split('#').next() == Some(page));
    if stays {
        return driver.goto(url).await.with_context(|| format!("cannot open {url}"));
    }
    renewed(driver, async || driver.goto(url).await).await.with_context(|| format!("cannot open {url}"))
}

/// Loads the page again; returns once the new document is there.
pub async fn reload(driver: &WebDriver) -> Result<()> {
    renewed(driver, async || driver.refresh().await).await.context("cannot load the page again")
}

/// Does what brings another document, and waits for that.
async fn renewed(driver: &WebDriver, go: impl AsyncFnOnce() -> WebDriverResult<()>) -> Result<()> {
    driver.enter_default_frame().await?;
    driver.execute(format!("globalThis.{LEAVING} = true"), Vec::new()).await?;
    go().await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        // While one document gives way to the next there is none, which is an error.
        let here = driver.execute(format!("return !globalThis.{LEAVING}"), Vec::new()).await;
        if here.is_ok_and(|is_new| *is_new.json() == true) {
            return Ok(());
        }
        if tokio::time::Instant::now() >= deadline {
            bail!("sent nothing for {} s", PATIENCE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
