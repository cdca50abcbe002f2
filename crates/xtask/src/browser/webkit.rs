//! What WebKit's driver does by halves: it goes to a page, and it is for us to see that the page has come; it tells no
//! listeners, so that a page has to note its own.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
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

/// What an answer waits in until it is taken: a name in the page's globals.
const ANSWER: &str = "gopherscopeTestAnswer";

/// The value of a JavaScript expression in the page, awaited: an object with `value` or `error`. Asked for a promise, the
/// driver forgets to answer now and then; so it is asked for none. What is known at once is answered at once, as the
/// expression may end the document. Pages wrap and count what the engine gives: nothing of that is called.
pub async fn eval(driver: &WebDriver, expression: &str) -> Result<Value> {
    let ask = format!(
        "return ((ask) => {{
           const answer = {{}};
           const tell = async (value) => {{
             if (typeof value?.then === 'function') value = await value;
             answer.is = {{ value: value === undefined ? null : value }};
           }};
           (async () => {{
             try {{
               await ask(tell);
             }} catch (error) {{
               answer.is = {{ error: `${{error}}\n${{error?.stack}}` }};
             }}
           }})();
           if (!answer.is) globalThis.{ANSWER} = answer;
           return answer.is ?? null;
         }})(async ({ANSWER}) => {ANSWER}({expression}));"
    );
    let take = format!(
        "const answer = globalThis.{ANSWER};
         if (answer === undefined) return {{ error: 'another document than that which was asked' }};
         if (answer.is) delete globalThis.{ANSWER};
         return answer.is ?? null;"
    );
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let (mut script, mut pause) = (ask.as_str(), Duration::from_millis(1));
    loop {
        let answer = driver.execute(script, Vec::new()).await?.json().clone();
        if !answer.is_null() {
            return Ok(answer);
        }
        if tokio::time::Instant::now() >= deadline {
            bail!("no answer for {} s", PATIENCE.as_secs());
        }
        tokio::time::sleep(pause).await;
        (script, pause) = (&take, (2 * pause).min(Duration::from_millis(20)));
    }
}

/// Run before a page's own scripts, makes [`LISTENERS`] tell what is added to its window and document from then on.
pub const NOTES_LISTENERS: &str = "{
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const all = new Map([[window, []], [document, []]]);
  const captures = (options) => Boolean(Object(options) === options ? options.capture : options);
  const find = (notes, type, listener, options) =>
    notes.findIndex((it) => it[0] === String(type) && it[1] === listener && it[2] === captures(options));
  const drop = (notes, ...what) => {
    const at = find(notes, ...what);
    if (at >= 0) notes.splice(at, 1);
  };
  EventTarget.prototype.addEventListener = function addEventListener(type, listener, options) {
    add.call(this, type, listener, options);
    const notes = all.get(this ?? window);
    if (!notes || listener === null || options?.signal?.aborted || find(notes, type, listener, options) >= 0) return;
    notes.push([String(type), listener, captures(options)]);
    const gone = () => drop(notes, type, listener, options);
    if (options?.once) add.call(this, type, gone, options);
    if (options?.signal) add.call(options.signal, 'abort', gone);
  };
  EventTarget.prototype.removeEventListener = function removeEventListener(type, listener, options) {
    remove.call(this, type, listener, options);
    const notes = all.get(this ?? window);
    if (notes) drop(notes, type, listener, options);
  };
  const handlers = (of) => Object.getOwnPropertyNames(of === window ? window : Document.prototype)
    .filter((key) => key.startsWith('on') && typeof of[key] === 'function').map((key) => key.slice(2));
  const tell = (name, of) => [...all.get(of).map(([type]) => type), ...handlers(of)].map((type) => `${name} ${type}`);
  Object.defineProperty(globalThis, 'notedListeners', {
    value: () => [...tell('window', window), ...tell('document', document)],
  });
}";
/// The listeners noted, as an expression.
pub const LISTENERS: &str = "notedListeners()";
