//! Files that the reader drops or chooses.

use super::fetch;
use crate::text;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, HtmlInputElement};
use yew::{Callback, platform::spawn_local};

/// Longer files are not read, bytes.
const MOST: usize = 64 << 20;

/// What became of it: its name and bytes, or why not.
pub type Taken = Callback<Result<(String, Vec<u8>), String>>;

/// The first file that was dropped.
pub fn dropped(event: &DragEvent, take: Taken) {
    let files = event.data_transfer().and_then(|data| data.files());
    read(files.and_then(|files| files.get(0)), take);
}

/// The file that was chosen in a field.
pub fn chosen(event: &Event, take: Taken) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    read(field.and_then(|field| field.files()?.get(0)), take);
}

fn read(file: Option<File>, take: Taken) {
    let Some(file) = file else { return };
    spawn_local(async move {
        let name = file.name();
        let bytes = fetch::of_file(&file, MOST).await;
        take.emit(match bytes {
            Ok(bytes) => Ok((name, bytes)),
            Err(failure) => Err(text::not_fetched(&failure, &name)),
        });
    });
}
