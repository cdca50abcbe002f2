//! Pointers over an element, as inputs of `state::gesture`.

use crate::state::gesture::Input;
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, PointerEvent, WheelEvent};

/// A line of a wheel that counts lines, CSS pixels.
const LINE_PX: f64 = 16.0;

/// Calls back with each input and the element's width, until dropped. The wheel is ours: nothing scrolls.
#[must_use = "dropping it stops listening"]
pub fn listen(element: &Element, callback: impl Fn(Input, f64) + Clone + 'static) -> Vec<EventListener> {
    let names =
        ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "dblclick", "wheel"];
    let on = |name: &'static str| {
        let (own, callback) = (element.clone(), callback.clone());
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(element, name, options, move |event| {
            let bounds = own.get_bounding_client_rect();
            let at =
                |event: &MouseEvent| (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
            if let Some(input) = read(event, &own, at) {
                callback(input, bounds.width());
            }
        })
    };
    names.map(on).into()
}

fn read(event: &Event, own: &Element, at: impl Fn(&MouseEvent) -> f64) -> Option<Input> {
    if let Some(wheel) = event.dyn_ref::<WheelEvent>() {
        wheel.prevent_default();
        let px = if wheel.delta_mode() == WheelEvent::DOM_DELTA_LINE { LINE_PX } else { 1.0 };
        let (x, y) = (wheel.delta_x() * px, wheel.delta_y() * px);
        return Some(Input::Wheel { at: at(wheel), x, y, shift: wheel.shift_key(), ctrl: wheel.ctrl_key() });
    }
    let Some(pointer) = event.dyn_ref::<PointerEvent>() else {
        return event.dyn_ref::<MouseEvent>().map(|mouse| Input::Twice { at: at(mouse) });
    };
    let (id, at) = (pointer.pointer_id(), at(pointer).clamp(0.0, 1.0));
    match event.type_().as_str() {
        // Other buttons are the browser's.
        "pointerdown" if pointer.button() != 0 => None,
        "pointerdown" => {
            // A drag goes on beyond the element; a browser that refuses only ends it there.
            let _ = own.set_pointer_capture(id);
            Some(Input::Down { id, at, touch: pointer.pointer_type() == "touch" })
        }
        "pointermove" => Some(Input::Move { id, at }),
        "pointerup" => Some(Input::Up { id }),
        "pointercancel" => Some(Input::Cancel),
        _ => Some(Input::Leave),
    }
}

/// Publishes where the cursor is, in percent of the plots' width, to all views; `None` takes it away.
pub fn publish_cursor(within: &Element, at: Option<f64>) {
    let view = within.closest(".live").ok().flatten();
    let Some(style) = view.and_then(|view| view.dyn_into::<web_sys::HtmlElement>().ok()).map(|it| it.style())
    else {
        return;
    };
    // Neither fails for a plain name and value.
    let _ = match at {
        Some(at) => style.set_property("--cursor", &format!("{:.3}%", at * 100.0)),
        None => style.remove_property("--cursor").map(drop),
    };
}
