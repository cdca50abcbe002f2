//! What Firefox's driver can do beyond WebDriver: scripts with the browser's own rights, in the browser's own window. Nothing
//! of a page's policy or preferences stands in their way.

use std::path::Path;

use anyhow::{Context, Result, bail};
use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId, WebDriver};

/// Says whose scripts are run from now on: `chrome`, the browser's, or `content`, the page's.
#[derive(Debug)]
struct Rights(&'static str);

impl FormatRequestData for Rights {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let path = format!("/session/{session}/moz/context");
        RequestData::new(Method::POST, path).add_body(json!({ "context": self.0 }))
    }
}

/// Runs the body of a function in the browser's window.
async fn privileged(driver: &WebDriver, body: &str, arguments: Vec<Value>) -> Result<Value> {
    let body =
        format!("arguments[arguments.length - 1]((function () {{ {body} }}).apply(null, arguments) ?? null)");
    privileged_async(driver, &body, arguments).await
}

/// The same, of one whose last argument is to be called with its answer.
async fn privileged_async(driver: &WebDriver, body: &str, arguments: Vec<Value>) -> Result<Value> {
    driver.cmd(Rights("chrome")).await.context("the browser's own rights")?;
    let answer = driver.execute_async(body, arguments).await;
    driver.cmd(Rights("content")).await?;
    Ok(answer?.json().clone())
}

/// The promise of an expression's value. Firefox runs a script in a sandbox with globals of its own, and in the page only what
/// the page's eval is given. Where a policy forbids that, its names are looked up in the page's.
pub(super) fn in_page(expression: &str) -> String {
    format!(
        "(() => {{
           const source = {};
           try {{ window.eval('0') }} catch {{ with (window) return (async () => ({expression}))() }}
           return window.eval(source);
         }})()",
        Value::from(format!("(async () => ({expression}))()"))
    )
}

/// Opens a `javascript:` URL as Firefox's bookmarks bar does.
pub(super) async fn bookmark(driver: &WebDriver, url: &str) -> Result<()> {
    if !url.starts_with("javascript:") {
        bail!("no bookmarklet: {url}");
    }
    let open =
        "void openTrustedLinkIn(arguments[0], 'current', { allowInheritPrincipal: true, allowPopups: true })";
    privileged(driver, open, vec![Value::from(url)]).await.map(drop)
}

/// Saves downloads in a folder, without asking.
pub(super) async fn save_in(driver: &WebDriver, folder: &Path) -> Result<()> {
    let set = "Services.prefs.setIntPref('browser.download.folderList', 2);
               Services.prefs.setStringPref('browser.download.dir', arguments[0]);";
    privileged(driver, set, vec![json!(folder)]).await.map(drop)
}

/// Gives the tab that is shown a size of its own, which its window may not be able to have, and prefers dark, or light. The
/// window is larger: frames that lie outside of it are not in sight, and paint nothing.
pub(super) async fn view(driver: &WebDriver, (width, height): (u32, u32), dark: bool) -> Result<()> {
    let set = "const [width, height, scheme] = arguments;
        Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', scheme);
        window.resizeTo(Math.max(outerWidth, width + 100), Math.max(outerHeight, height + 200));
        const { style } = gBrowser.selectedBrowser;
        for (const [name, size] of [['width', width], ['height', height]]) {
          style.setProperty(`min-${name}`, `${size}px`);
          style.setProperty(`max-${name}`, `${size}px`);
        }";
    privileged(driver, set, vec![json!(width), json!(height), json!(u8::from(!dark))]).await.map(drop)
}

/// All that sites have stored is gone.
pub(super) async fn forget(driver: &WebDriver) -> Result<()> {
    let clear = "const done = arguments[arguments.length - 1];
        Services.clearData.deleteData(Ci.nsIClearDataService.CLEAR_DOM_STORAGES, { onDataDeleted: () => done(null) })";
    privileged_async(driver, clear, Vec::new()).await.map(drop)
}

/// The tab's viewport as a PNG, base64: the driver's own command fails from within frames of another site.
pub(super) async fn screenshot(driver: &WebDriver) -> Result<Value> {
    let draw = "const done = arguments[arguments.length - 1];
        const encode = (bitmap) => {
          const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
          [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
          canvas.getContext('2d').drawImage(bitmap, 0, 0);
          done(canvas.toDataURL('image/png').split(',')[1]);
        };
        gBrowser.selectedBrowser.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, 'white')
          .then(encode).catch(() => done(null))";
    privileged_async(driver, draw, Vec::new()).await
}

/// The kinds of the listeners that the tab's window and document have: `window click`.
pub(super) async fn listeners(driver: &WebDriver) -> Result<Value> {
    let ask = "const done = arguments[arguments.length - 1];
        const { messageManager } = gBrowser.selectedBrowser;
        messageManager.addMessageListener('listeners', function heard({ data }) {
          messageManager.removeMessageListener('listeners', heard);
          done(data);
        });
        const tell = () => sendAsyncMessage('listeners',
          [['window', content], ['document', content.document]].flatMap(([name, target]) =>
            Services.els.getListenerInfoFor(target)
              .filter((it) => !it.inSystemEventGroup).map((it) => `${name} ${it.type}`)));
        messageManager.loadFrameScript(`data:,(${encodeURIComponent(tell)})()`, false)";
    privileged_async(driver, ask, Vec::new()).await
}
