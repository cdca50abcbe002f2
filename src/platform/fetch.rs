//! Files from the network or from the reader's disk, whole, up to a size.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStreamDefaultReader, Response};

/// What went wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// Nothing came: no such host, or its server does not let other sites read the file.
    Unreachable,
    /// The server answered with this status.
    Status(u16),
    /// It broke off after this many bytes.
    Broken(usize),
    /// There are more bytes than we read.
    TooLarge(usize),
}

/// The bytes at a URL, `most` at most.
///
/// # Errors
/// [`Failure`].
pub async fn bytes(url: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let window = web_sys::window().ok_or(Failure::Unreachable)?;
    let response = JsFuture::from(window.fetch_with_str(url)).await.map_err(|_| Failure::Unreachable)?;
    let response: Response = response.dyn_into().map_err(|_| Failure::Unreachable)?;
    if !response.ok() {
        return Err(Failure::Status(response.status()));
    }
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut all = Vec::new();
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(|_| Failure::Broken(all.len()))?;
        let field = |name: &str| Reflect::get(&piece, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if field("done").is_truthy() {
            return Ok(all);
        }
        let piece: Uint8Array = field("value").dyn_into().map_err(|_| Failure::Broken(all.len()))?;
        if all.len() + piece.length() as usize > most {
            // Whether the server hears of it does not matter.
            let _ = reader.cancel();
            return Err(Failure::TooLarge(most));
        }
        all.extend_from_slice(&piece.to_vec());
    }
}

/// The bytes of a file, `most` at most.
///
/// # Errors
/// [`Failure`].
pub async fn of_file(file: &File, most: usize) -> Result<Vec<u8>, Failure> {
    if file.size() > most as f64 {
        return Err(Failure::TooLarge(most));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Failure::Broken(0))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
