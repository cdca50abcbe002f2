//! This document's own life.

use gloo::events::EventListener;

/// Calls back when the document goes away, until dropped.
#[must_use = "dropping it stops listening"]
pub fn on_hide(callback: impl Fn() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "pagehide", move |_| callback()))
}
