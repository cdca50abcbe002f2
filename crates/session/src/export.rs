//! What a session can be saved as.

use crate::{Error, Session, file};

/// Names that [`export`] knows.
pub fn formats() -> &'static [&'static str] {
    &["session"]
}

/// The session in a format: `session` is the bytes of a `.gopherscope.json.gz`.
///
/// # Errors
/// [`Error::Unsupported`] for a format that is not in [`formats`].
pub fn export(session: &Session, format: &str) -> Result<Vec<u8>, Error> {
    match format {
        "session" => file::write(session),
        _ => Err(Error::Unsupported { format: format.chars().take(40).collect() }),
    }
}
