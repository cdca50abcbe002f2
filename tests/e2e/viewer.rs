//! The viewer as a reader meets it: its frame in a page, entered and left, pressed and pointed at.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use xtask::browser::Engine;

use crate::harness::Tab;

/// Lets a test reach what the overlay keeps to itself: its root is closed.
pub const KEEP_ROOT: &str = "{
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    if (this.localName === 'gopherscope-overlay') globalThis.overlayRoot = root;
    return root;
  };
}";
/// The overlay's frame or button, from the page.
const IN_OVERLAY: &str = "overlayRoot.querySelector('iframe, button')";

/// Opens a page so that its overlay can be reached, and waits until it is there.
pub async fn visit(tab: &Tab, url: &str) -> Result<()> {
    tab.browser.on_new_document(KEEP_ROOT).await?;
    tab.visit(url, "document.querySelector('gopherscope-overlay') && overlayRoot.querySelector('iframe, button') && true")
        .await
}

/// From the page into the overlay's frame. What is asked of the tab is then asked of the document in it.
pub async fn enter_frame(tab: &Tab) -> Result<()> {
    into_frame(tab).await?;
    // Its first document, which is empty, is complete as well.
    loaded(tab, "location.href !== 'about:blank' && document.readyState === 'complete'").await
}

/// A frame that has just been led to another site is another one to drivers, which for a moment have neither.
async fn into_frame(tab: &Tab) -> Result<()> {
    let script = format!("return {IN_OVERLAY}");
    let began = Instant::now();
    loop {
        let frame = tab.browser.driver().execute(script.clone(), Vec::new()).await?.element()?;
        match frame.enter_frame().await {
            Err(error) if is_moving(&format!("{error:#}")) && began.elapsed() < tab.patience() => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            entered => return Ok(entered?),
        }
    }
}

fn is_moving(error: &str) -> bool {
    error.contains("Frame not found") || error.contains("Element is stale")
}

/// Waits in the overlay's frame. What moves the overlay in the page loads its frame anew, and then WebKit's driver is in none.
async fn loaded(tab: &Tab, ready: &str) -> Result<()> {
    let began = Instant::now();
    while tab.browser.engine() == Engine::WebKit && began.elapsed() < tab.patience() {
        match tab.eval(ready).await {
            Ok(value) if value == true => return Ok(()),
            Err(error) if format!("{error:#}").contains("no such window") => {
                leave(tab).await?;
                into_frame(tab).await?;
            }
            Ok(_) | Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tab.until(ready).await
}

/// The same, where the viewer is in it.
pub async fn enter(tab: &Tab) -> Result<()> {
    enter_frame(tab).await?;
    loaded(tab, "document.querySelector('.live, .badge') && true").await
}

/// Back to the page.
pub async fn leave(tab: &Tab) -> Result<()> {
    Ok(tab.browser.driver().enter_default_frame().await?)
}

/// Presses the button for the popup, and goes to the window it opens.
pub async fn open_popup(tab: &Tab) -> Result<()> {
    let driver = tab.browser.driver();
    let before = driver.windows().await?;
    click(tab, IN_OVERLAY).await?;
    loop {
        if let Some(popup) = driver.windows().await?.into_iter().find(|window| !before.contains(window)) {
            driver.switch_to_window(popup).await?;
            return tab.until("document.querySelector('.live') && true").await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Clicks an element with the mouse. `element` is an expression.
pub async fn click(tab: &Tab, element: &str) -> Result<()> {
    let script = format!("return {element}");
    tab.browser.driver().execute(script, Vec::new()).await?.element()?.click().await?;
    Ok(())
}

/// Opens the view again: over the badge lies a grip of the page's side, so that it can be dragged.
pub async fn press_badge(tab: &Tab) -> Result<()> {
    click(tab, "overlayRoot.querySelector('.badge')").await
}

/// What the mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    Move,
    Press,
    /// Moves, its button held.
    Drag,
    Release,
}

/// One event of the browser's own, at a point of the document that is asked.
pub async fn mouse(tab: &Tab, what: Mouse, (x, y): (f64, f64)) -> Result<()> {
    if tab.browser.engine() != Engine::Chromium {
        let at = tab
            .browser
            .driver()
            .action_chain_with_delay(None, Some(Duration::ZERO))
            .move_to(x as i64, y as i64);
        let chain = match what {
            Mouse::Move | Mouse::Drag => at,
            Mouse::Press => at.click_and_hold(),
            Mouse::Release => at.release(),
        };
        return Ok(chain.perform().await?);
    }
    let (kind, button, buttons) = match what {
        Mouse::Move => ("mouseMoved", "none", 0),
        Mouse::Press => ("mousePressed", "left", 1),
        Mouse::Drag => ("mouseMoved", "left", 1),
        Mouse::Release => ("mouseReleased", "left", 0),
    };
    let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1,
        "pointerType": "mouse" });
    tab.browser.devtools("Input.dispatchMouseEvent", event).await?;
    Ok(())
}

/// Keys for the element that has the focus, which WebKit's driver does not find in a frame.
pub async fn press(tab: &Tab, keys: &str) -> Result<()> {
    let driver = tab.browser.driver();
    if tab.browser.engine() == Engine::WebKit {
        return Ok(driver.action_chain().send_keys(keys).perform().await?);
    }
    Ok(driver.active_element().await?.send_keys(keys).await?)
}

/// Presses a key by its name in `KeyboardEvent.key`, and lets go.
pub async fn key(tab: &Tab, name: &str, shift: bool) -> Result<()> {
    let driver = tab.browser.driver();
    if tab.browser.engine() != Engine::Chromium {
        let code = match name {
            "Enter" => '\u{e007}',
            "ArrowLeft" => '\u{e012}',
            "ArrowUp" => '\u{e013}',
            "ArrowRight" => '\u{e014}',
            "ArrowDown" => '\u{e015}',
            _ => name.chars().next().context("no key")?,
        };
        let keys = driver.action_chain_with_delay(Some(Duration::ZERO), None);
        let keys = if shift { keys.key_down('\u{e008}') } else { keys };
        let keys = keys.key_down(code).key_up(code);
        return Ok(if shift { keys.key_up('\u{e008}') } else { keys }.perform().await?);
    }
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({ "type": kind, "key": name, "modifiers": u8::from(shift) * 8 });
        if name == "Enter" {
            event =
                json!({ "type": kind, "key": name, "code": name, "text": "\r", "windowsVirtualKeyCode": 13 });
        }
        tab.browser.devtools("Input.dispatchKeyEvent", event).await?;
    }
    Ok(())
}

/// Puts the mouse over an element.
pub async fn point_at(tab: &Tab, element: &str) -> Result<()> {
    let driver = tab.browser.driver();
    let element = driver.execute(format!("return {element}"), Vec::new()).await?.element()?;
    driver.action_chain().move_to_element_center(&element).perform().await?;
    Ok(())
}

/// The rows of a table, a text for each cell. `section` is the class of its panel.
pub async fn rows(tab: &Tab, section: &str) -> Result<Vec<Vec<String>>> {
    let cells = "[...row.cells].map((cell) => cell.textContent.trim())";
    let rows = format!("[...document.querySelectorAll('.{section} tbody tr')].map((row) => {cells})");
    Ok(serde_json::from_value(tab.eval(&rows).await?)?)
}

/// The text of the first element that a selector finds, as it is read; null where there is none.
pub async fn text(tab: &Tab, selector: &str) -> Result<Value> {
    tab.eval(&format!(
        "document.querySelector({})?.innerText.replace(/\\s+/g, ' ') ?? null",
        Value::from(selector)
    ))
    .await
}
