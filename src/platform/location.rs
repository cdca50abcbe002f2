//! Where this document is, and leaving it.

use gloo::events::EventListener;
use wasm_bindgen::JsValue;

/// The location's hash, with its `#`.
pub fn hash() -> String {
    web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Shows another hash, as if this had been it all along: nothing is loaded and nothing goes into the history.
pub fn replace_hash(hash: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    // A browser that is asked too often refuses for a while; the next change tries again.
    let _ = history.map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(hash)));
}

/// Goes to another hash, as a link would.
pub fn go(hash: &str) {
    let _ = web_sys::window().map(|window| window.location().set_hash(hash));
}

/// A URL as seen from this document; `None` for what is none.
pub fn absolute(url: &str) -> Option<web_sys::Url> {
    let here = web_sys::window()?.location().href().ok()?;
    web_sys::Url::new_with_base(url, &here).ok()
}

/// This document's origin.
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Calls back whenever the hash changes, until dropped.
#[must_use = "dropping it stops listening"]
pub fn on_hash_change(callback: impl Fn() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "hashchange", move |_| callback()))
}

/// The URL of a file that lies beside this document.
pub fn beside(file: &str) -> String {
    let here = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let directory = here.split(['?', '#']).next().unwrap_or_default();
    let directory = directory.rsplit_once('/').map_or("", |(directory, _)| directory);
    format!("{directory}/{file}")
}

/// Closes this window; a browser allows it only to a popup.
pub fn close_window() {
    if let Some(window) = web_sys::window() {
        // A window that may not close stays, which is what its reader sees.
        let _ = window.close();
    }
}

/// Makes the style and layout that pending changes ask for happen now, so that they can be timed.
pub fn settle_layout() {
    let body = web_sys::window().and_then(|window| window.document()).and_then(|document| document.body());
    let _ = body.map(|body| body.offset_height());
}
