//! Bytes of a frame: `u32` protocol version, little endian, then the frame in postcard.

use alloc::vec::Vec;

use crate::Frame;

/// Version of the frame layout. Agent and app refuse each other when it differs.
pub const VERSION: u32 = 6;

/// Why bytes are not a frame.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Fewer bytes than the version word.
    #[error("a frame has at least 4 bytes, this one has {0}")]
    Short(usize),
    /// Written by another release.
    #[error("frame of protocol version {got}, this reader speaks version {expected}")]
    Version {
        /// The frame's version.
        got: u32,
        /// Ours.
        expected: u32,
    },
    /// The body is not what the version promises.
    #[error("frame of {len} bytes is damaged: {source}")]
    Body {
        /// Length of the whole frame in bytes.
        len: usize,
        /// What postcard stumbled over.
        source: postcard::Error,
    },
}

impl Frame {
    /// The frame's bytes.
    ///
    /// # Errors
    /// [`Error::Body`] when the frame cannot be written; it needs only memory, so in practice never.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        let head = VERSION.to_le_bytes().to_vec();
        postcard::to_extend(self, head).map_err(|source| Error::Body { len: 0, source })
    }

    /// Reads a frame back.
    ///
    /// # Errors
    /// [`Error`], for bytes that are too short, of another version, or damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let (head, body) = bytes.split_first_chunk::<4>().ok_or(Error::Short(bytes.len()))?;
        let got = u32::from_le_bytes(*head);
        if got != VERSION {
            return Err(Error::Version { got, expected: VERSION });
        }
        postcard::from_bytes(body).map_err(|source| Error::Body { len: bytes.len(), source })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;
    use crate::{Hello, Instance, Node, Phase, PhaseKind};

    fn frame() -> Frame {
        Frame {
            seq: 7,
            t: 12.5,
            hello: Some(Hello { agent: "0.1.0".into(), url: "http://127.0.0.1/".into(), ..Hello::default() }),
            instances: vec![Instance {
                id: 1,
                pcs: vec![0x1_0000_0003],
                nodes: vec![Node { parent: crate::NO_PARENT, pc: 0 }],
                phases: vec![Phase { kind: PhaseKind::Main, start: 3.25, end: None, exact: true }],
                ..Instance::default()
            }],
            ..Frame::default()
        }
    }

    #[test]
    fn round_trip() {
        let bytes = frame().encode().unwrap();
        assert_eq!(Frame::decode(&bytes).unwrap(), frame());
    }

    #[test]
    fn another_version_is_named() {
        let mut bytes = frame().encode().unwrap();
        bytes[0] = 9;
        assert_eq!(
            Frame::decode(&bytes).unwrap_err().to_string(),
            "frame of protocol version 9, this reader speaks version 6"
        );
    }

    #[test]
    fn cut_or_flipped_bytes_never_panic() {
        let bytes = frame().encode().unwrap();
        for end in 0..bytes.len() {
            assert!(Frame::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
        for at in 4..bytes.len() {
            for bit in 0..8 {
                let mut bad = bytes.clone();
                bad[at] ^= 1 << bit;
                let _ = Frame::decode(&bad);
            }
        }
    }
}
