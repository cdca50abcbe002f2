//! The focus in a menu.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent};
use yew::NodeRef;

/// Moves the focus to the menu's first item.
pub fn enter(menu: &NodeRef) {
    focus(menu.cast::<Element>().and_then(|menu| menu.first_element_child()));
}

/// Whether the focus goes out of the element that listens.
pub fn left(event: &FocusEvent) -> bool {
    let element = |target: Option<web_sys::EventTarget>| target.and_then(|it| it.dyn_into::<Element>().ok());
    let next = element(event.related_target());
    !element(event.current_target()).is_some_and(|own| next.is_some_and(|next| own.contains(Some(&next))))
}

/// Moves the focus through the menu's items, as a key asks; `true` where the key closes the menu. Its button is the
/// first element beside it.
pub fn key(event: &KeyboardEvent) -> bool {
    let Some(at) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) else { return false };
    let next = match event.key().as_str() {
        "ArrowDown" => at.next_element_sibling().or_else(|| at.parent_element()?.first_element_child()),
        "ArrowUp" => at.previous_element_sibling().or_else(|| at.parent_element()?.last_element_child()),
        "Home" => at.parent_element().and_then(|menu| menu.first_element_child()),
        "End" => at.parent_element().and_then(|menu| menu.last_element_child()),
        "Escape" => {
            focus(
                at.closest("[role=menu]")
                    .ok()
                    .flatten()
                    .and_then(|menu| menu.parent_element()?.first_element_child()),
            );
            event.prevent_default();
            return true;
        }
        _ => return false,
    };
    event.prevent_default();
    focus(next);
    false
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot be focused leaves the focus where it was.
        let _ = element.focus();
    }
}
