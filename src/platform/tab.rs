//! What a tab remembers for this site across reloads, in this document's own session storage: never in the page's.

const ID: &str = "gopherscope.tab";
const PLACE: &str = "gopherscope.place";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// Tells this tab from others, as long as it is open; empty where nothing is remembered.
pub fn id() -> String {
    let Some(storage) = storage() else { return String::new() };
    if let Some(id) = storage.get_item(ID).ok().flatten() {
        return id;
    }
    let id = format!("{:x}", (js_sys::Math::random() * 1e15) as u64);
    if storage.set_item(ID, &id).is_ok() { id } else { String::new() }
}

/// Remembers where in the view the reader was, of a page.
pub fn save_place(page: &str, hash: &str) {
    let _ = storage().map(|storage| storage.set_item(PLACE, &format!("{page}\n{hash}")));
}

/// Where the reader was, if it was last of this page.
pub fn load_place(page: &str) -> Option<String> {
    let kept = storage()?.get_item(PLACE).ok().flatten()?;
    let (of, hash) = kept.split_once('\n')?;
    (of == page).then(|| hash.to_owned())
}
