//! The viewer's clock.

use js_sys::{Date, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Ms since this document began; 0 where there is no clock.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Ms since the Unix epoch.
pub fn since_epoch() -> f64 {
    Date::now()
}

/// A date and time as the reader writes them; empty for what is none.
pub fn date(since_epoch: f64) -> String {
    if !(since_epoch.is_finite() && since_epoch > 0.0) {
        return String::new();
    }
    let options = Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "medium")] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let date = Date::new(&JsValue::from_f64(since_epoch));
    date.to_locale_string("default", &options).into()
}

/// Lets this document do other things for a moment.
pub async fn breathe() {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = web_sys::window().map(|window| window.set_timeout_with_callback(&resolve));
    });
    let _ = JsFuture::from(promise).await;
}
