//! Whether an element can be seen, and when its size changes.

use js_sys::Array;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, ResizeObserver};

/// Watches an element until dropped.
pub struct Watch {
    visible: Rc<Cell<bool>>,
    intersections: Option<IntersectionObserver>,
    sizes: Option<ResizeObserver>,
    _seen: Closure<dyn FnMut(Array)>,
    _resized: Closure<dyn FnMut()>,
}

impl Watch {
    /// Calls back when the element comes into sight or its size changes.
    pub fn new(element: &Element, changed: impl Fn() + Clone + 'static) -> Self {
        // Until told otherwise, and in browsers that do not tell, it can be seen.
        let visible = Rc::new(Cell::new(true));
        let (seen, again) = (visible.clone(), changed.clone());
        let seen = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let last = entries.pop().dyn_into::<IntersectionObserverEntry>();
            let now = last.map_or(true, |entry| entry.is_intersecting());
            if now && !seen.replace(now) {
                again();
            }
            seen.set(now);
        });
        let resized = Closure::<dyn FnMut()>::new(changed);
        let intersections = IntersectionObserver::new(seen.as_ref().unchecked_ref()).ok();
        let sizes = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &intersections {
            observer.observe(element);
        }
        if let Some(observer) = &sizes {
            observer.observe(element);
        }
        Self { visible, intersections, sizes, _seen: seen, _resized: resized }
    }

    /// Whether any of it can be seen.
    pub fn is_visible(&self) -> bool {
        self.visible.get()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.intersections {
            observer.disconnect();
            // What it has seen by now it would still tell, to a closure that is gone.
            observer.take_records();
        }
        if let Some(observer) = &self.sizes {
            observer.disconnect();
        }
    }
}
