//! This document's own life.

use gloo::events::EventListener;
use js_sys::Reflect;

/// Calls back when the document goes away, until dropped; true where it may be kept for Back and Forward.
#[must_use = "dropping it stops listening"]
pub fn on_hide(callback: impl Fn(bool) + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    let kept = |event: &web_sys::Event| Reflect::get(event, &"persisted".into()).ok()?.as_bool();
    Some(EventListener::new(&window, "pagehide", move |event| callback(kept(event).unwrap_or_default())))
}

/// Whether this is Firefox, which keeps no page for Back and Forward of which anything holds a web lock, or gets a message.
pub fn is_firefox() -> bool {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    agent.is_some_and(|agent| agent.contains("Firefox/"))
}
