//! The document's theme, remembered where storage is allowed (a frame of another site may be denied it).

use crate::state::theme::Theme;

const KEY: &str = "gopherscope.theme";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// The remembered choice.
pub fn load() -> Theme {
    let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    stored.map(|key| Theme::from_key(&key)).unwrap_or_default()
}

/// Shows the document in a theme and remembers it.
pub fn apply(theme: Theme) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        // Neither can fail for a plain name and value; a full or forbidden storage only forgets.
        let _ = root.set_attribute("data-theme", theme.key());
    }
    let _ = storage().map(|storage| storage.set_item(KEY, theme.key()));
}
