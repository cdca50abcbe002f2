//! Keys, as the whole document hears them, and where the focus is.

use crate::state::keys::{Focus, Press};
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, InputEvent, KeyboardEvent};

/// Calls back with each key that no widget took, until dropped; the default goes where the answer is `true`.
#[must_use = "dropping it stops listening"]
pub fn on_key(callback: impl Fn(Press<'_>) -> bool + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&window, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>().filter(|event| !event.default_prevented()) else {
            return;
        };
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let focus = target.as_ref().map_or(Focus::Elsewhere, focus_of);
        if callback(Press { key: &event.key(), modified, focus }) {
            event.prevent_default();
        }
    }))
}

fn focus_of(element: &Element) -> Focus {
    let kind = element.get_attribute("type").unwrap_or_default();
    match element.tag_name().as_str() {
        "INPUT" if !matches!(kind.as_str(), "checkbox" | "radio" | "button") => Focus::Text,
        "TEXTAREA" => Focus::Text,
        "BUTTON" | "A" | "SELECT" | "INPUT" | "SUMMARY" => Focus::Control,
        _ => Focus::Elsewhere,
    }
}

/// Moves the focus to the element of this id.
pub fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        // An element that cannot have it leaves it where it is.
        let _ = element.focus();
    }
}

/// Takes the focus from the element of this id.
pub fn blur(id: &str) {
    if let Some(element) = by_id(id) {
        let _ = element.blur();
    }
}

fn by_id(id: &str) -> Option<HtmlElement> {
    web_sys::window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// What stands in the field that an event is of.
pub fn value(event: &InputEvent) -> String {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}
