//! Web locks, by which views of one site know which runs go on. Without them (insecure pages) nothing is known.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

fn locks() -> Option<JsValue> {
    let navigator: JsValue = web_sys::window()?.navigator().into();
    Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)
}

fn call(method: &str, arguments: &Array) -> Option<Promise> {
    let locks = locks()?;
    let method: Function = Reflect::get(&locks, &method.into()).ok()?.dyn_into().ok()?;
    method.apply(&locks, arguments).ok()?.dyn_into().ok()
}

/// Holds a lock for as long as this document lives.
pub fn hold(name: &str) {
    let for_ever = Closure::once_into_js(|| JsValue::from(Promise::new(&mut |_, _| {})));
    let _ = call("request", &Array::of2(&name.into(), &for_ever));
}

/// Names of the locks that views of this site hold.
pub async fn held() -> Vec<String> {
    let Some(asked) = call("query", &Array::new()) else { return Vec::new() };
    let Ok(answer) = JsFuture::from(asked).await else { return Vec::new() };
    let held = Reflect::get(&answer, &"held".into()).map(|it| Array::from(&it)).unwrap_or_default();
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    held.iter().filter_map(name).collect()
}
