//! Changes of the window that ask for charts to be painted anew.

use gloo::events::EventListener;

/// Calls back when the window's size, its pixel ratio or the system's colours change, until dropped.
#[must_use = "dropping it stops listening"]
pub fn on_change(callback: impl Fn() + Clone + 'static) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let mut listeners = Vec::new();
    let called = callback.clone();
    listeners.push(EventListener::new(&window, "resize", move |_| called()));
    for query in ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"] {
        if let Ok(Some(list)) = window.match_media(query) {
            let called = callback.clone();
            listeners.push(EventListener::new(&list, "change", move |_| called()));
        }
    }
    listeners
}
