//! `.gopherscope.json.gz`: the session's JSON in gzip. Plain JSON is read too.

use crate::{Error, Session};
use flate2::{Compression, bufread::MultiGzDecoder, write::GzEncoder};
use std::io::{Read, Write};

/// Most JSON read, in bytes, inflated. An hour's recording at every cap is about a tenth.
pub const MAX_JSON: usize = 256 << 20;

/// Reads a session from gzip or plain JSON.
///
/// Memory stays within a small multiple of [`MAX_JSON`], whatever the bytes are.
///
/// # Errors
/// [`Error`] with the position of the fault.
pub fn read(bytes: &[u8]) -> Result<Session, Error> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return from_json(&inflate(bytes, MAX_JSON)?);
    }
    from_json(bytes)
}

/// The file's bytes.
///
/// # Errors
/// [`Error::Json`], when memory runs out; in practice never.
pub fn write(session: &Session) -> Result<Vec<u8>, Error> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    // Without the buffer every comma would be a call into the compressor.
    let mut buffered = std::io::BufWriter::with_capacity(1 << 16, &mut gzip);
    write_json(session, &mut buffered)?;
    buffered.flush().map_err(serde_json::Error::io)?;
    drop(buffered);
    Ok(gzip.finish().map_err(serde_json::Error::io)?)
}

/// The session as JSON.
///
/// # Errors
/// [`Error::Json`], when memory runs out; in practice never.
pub fn to_json(session: &Session) -> Result<Vec<u8>, Error> {
    let mut json = Vec::new();
    write_json(session, &mut json)?;
    Ok(json)
}

/// Through `dyn`: the whole model's writing is compiled once, not for each kind of writer.
fn write_json(session: &Session, to: &mut dyn Write) -> Result<(), Error> {
    Ok(serde_json::to_writer(to, session)?)
}

fn from_json(json: &[u8]) -> Result<Session, Error> {
    if json.len() > MAX_JSON {
        return Err(Error::TooBig { cap: MAX_JSON });
    }
    let session: Session = serde_json::from_slice(json)?;
    session.check().map_err(Error::Table)?;
    Ok(session)
}

fn inflate(bytes: &[u8], cap: usize) -> Result<Vec<u8>, Error> {
    let mut json = Vec::new();
    let mut gzip = MultiGzDecoder::new(bytes);
    let done = gzip.by_ref().take(cap as u64 + 1).read_to_end(&mut json);
    let at = bytes.len() - gzip.get_ref().len();
    done.map_err(|source| Error::Gzip { at, len: bytes.len(), source })?;
    if json.len() > cap {
        return Err(Error::TooBig { cap });
    }
    Ok(json)
}
