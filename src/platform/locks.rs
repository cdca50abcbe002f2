//! Web locks, by which views of one site know which runs go on. Insecure pages have none, and Firefox gets none: there it
//! goes by when a run was last written.

use super::page;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

fn locks() -> Option<JsValue> {
    if page::is_firefox() {
        return None;
    }
    let navigator = web_sys::window()?.navigator();
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

/// Names of the locks that views of this site hold; `None` where that is not known.
pub async fn held() -> Option<Vec<String>> {
    let answer = JsFuture::from(call("query", &Array::new())?).await.ok()?;
    let held = Reflect::get(&answer, &"held".into()).map(|it| Array::from(&it)).unwrap_or_default();
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Some(held.iter().filter_map(name).collect())
}
