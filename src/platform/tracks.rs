//! Which tracks are hidden, remembered in this document's own storage: never in the page's.

const KEY: &str = "gopherscope.tracks";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Keys of the tracks that are hidden.
pub fn load() -> Vec<String> {
    let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    stored.and_then(|json| serde_json::from_slice(json.as_bytes()).ok()).unwrap_or_default()
}

/// Remembers them.
pub fn save(hidden: &[String]) {
    if let (Some(storage), Ok(json)) = (storage(), serde_json::to_string(hidden)) {
        // A full or denied storage forgets.
        let _ = storage.set_item(KEY, &json);
    }
}
