//! Unpacks the agent's core: it lies in the script as LZMA, a fifth smaller than as gzip, but no engine unpacks that itself.
//! This module lies beside it as gzip; both are touched only when a script asks for the session.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod abi;
#[cfg(target_arch = "wasm32")]
#[path = "../../recorder/src/bare.rs"]
mod bare;

use alloc::vec::Vec;

use lzma_rust2::LzmaReader;
#[cfg(target_arch = "wasm32")]
use lzma_rust2::Read;
#[cfg(not(target_arch = "wasm32"))]
use std::io::Read;

/// Most memory the decoder may take, KiB: dictionary and probabilities.
const MAX_KIB: u32 = 16 << 10;
/// Bytes unpacked at a time.
const PIECE: usize = 1 << 14;

/// What a `.lzma` file holds; `None` for anything else.
pub fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let mut reader = LzmaReader::new_mem_limit(packed, MAX_KIB, None).ok()?;
    let mut unpacked = Vec::new();
    let mut piece = [0; PIECE];
    loop {
        match reader.read(&mut piece).ok()? {
            0 => return Some(unpacked),
            read => unpacked.extend_from_slice(piece.get(..read)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lzma_rust2::{LzmaOptions, LzmaWriter};

    use super::unpack;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let options = LzmaOptions::with_preset(6);
        let mut writer =
            LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64)).expect("options");
        writer.write_all(bytes).expect("a vector");
        writer.finish().expect("a vector")
    }

    #[test]
    fn what_was_packed() {
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(|n| (n.wrapping_mul(n) / 7).to_le_bytes()).collect();
        assert_eq!(unpack(&packed(&bytes)).as_deref(), Some(&*bytes));
    }

    #[test]
    fn anything_else() {
        let whole = packed(b"a core");
        assert_eq!(unpack(&whole[..whole.len() - 3]), None, "cut off");
        assert_eq!(unpack(b"\0asm\x01\0\0\0 and more"), None);
        assert_eq!(unpack(b""), None);
    }
}
