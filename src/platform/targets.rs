//! Pages that were opened in a frame, remembered in this document's own storage.

use crate::state::targets;

const KEY: &str = "gopherscope.targets";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is remembered, the latest first.
pub fn load() -> Vec<String> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    targets::parse(&text.unwrap_or_default())
}

/// Remembers these.
pub fn save(urls: &[String]) {
    let _ = storage().map(|storage| storage.set_item(KEY, &targets::format(urls)));
}
