//! Changes of the window that ask for charts to be painted anew.

use gloo::events::EventListener;

/// Calls back when the window's size, its pixel ratio or the system's colours change, until dropped.
#[must_use = "dropping it stops listening"]
pub fn on_change(callback: impl Fn() + Clone + 'static) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let mut listeners = Vec::new();
    let called = callback.clone();
    listeners.push(EventListener::new(&window, "resize", move |_| called()));
    if let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") {
        listeners.push(EventListener::new(&dark, "change", move |_| callback()));
    }
    listeners
}
