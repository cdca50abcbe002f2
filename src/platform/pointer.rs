//! Where a pointer is.

use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// How far from left to right an event lies in the element that listens for it, 0 to 1.
pub fn fraction(event: &PointerEvent) -> Option<f64> {
    let bounds = event.current_target()?.dyn_into::<Element>().ok()?.get_bounding_client_rect();
    let at = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
    Some(at.clamp(0.0, 1.0))
}
