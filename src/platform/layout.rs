//! The layout, remembered in this document's own storage: never in the page's. A browser that denies a frame of another
//! site its storage makes it forget.

use crate::state::layout::Layout;

const KEY: &str = "gopherscope.layout";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is remembered.
pub fn load() -> Option<Layout> {
    Layout::parse(&storage()?.get_item(KEY).ok().flatten()?)
}

/// Remembers it.
pub fn save(layout: Layout) {
    let _ = storage().map(|storage| storage.set_item(KEY, &layout.to_json()));
}
