//! Finds `runtime.moduledata` in memory that arrives in pieces.
//!
//! Nothing in a wasm module names its address, so it is recognised by its first words: the address of the pcHeader, and
//! the slices of the tables behind it. It lies behind the pclntab in Go 1.21-1.27. One pass over the words, no word twice.

use crate::moduledata::{MODULEDATA_LEN, ModuleData, PC_HEADER_MAGIC, le_u64};
use crate::{Error, Image};

/// The header is 72 bytes (Go 1.26 and later) or 96 (earlier, rounded up to 32); its size leads to `funcnametab`.
const HEADER_LEN: core::ops::RangeInclusive<u64> = 64..=160;

/// Magics grew from `0xfffffffa` (Go 1.16) down to `0xfffffff0` (1.18) and up again: all lie above this.
const OLDEST_MAGIC: u32 = 0xffff_fff0;

/// A resumable search for the moduledata in a growing, contiguous image.
#[derive(Clone, Debug, Default)]
pub struct Locator {
    /// Where to go on.
    next: u64,
}

impl Locator {
    /// A search from the image's lowest address.
    pub fn new() -> Locator {
        Locator::default()
    }

    /// Searches what the image has gained since the last call. `None`: not there yet, bring more.
    ///
    /// # Errors
    /// `Table` where a moduledata is found whose pclntab is of a Go version that is not supported.
    pub fn scan(&mut self, image: &Image) -> Result<Option<ModuleData>, Error> {
        let (lo, _) = image.bounds();
        let from = self.next.max(lo.next_multiple_of(8));
        let Ok(bytes) = image.tail(from) else { return Ok(None) };
        // The moduledata must be whole.
        let usable = bytes.len().saturating_sub(MODULEDATA_LEN as usize) & !7;
        let mut header = 0;
        for (i, word) in bytes[..usable].chunks_exact(8).enumerate() {
            let word = le_u64(word);
            let at = from + 8 * i as u64;
            // `header` holds the last word seen: the pair (pcHeader, funcnametab) is what is rare.
            let gap = word.wrapping_sub(header);
            if HEADER_LEN.contains(&gap)
                && at > from
                && let Some(found) = self.check(image, at - 8, header)?
            {
                return Ok(Some(found));
            }
            header = word;
        }
        // The last word was only seen as the first of a pair.
        self.next = from + (usable as u64).saturating_sub(8);
        Ok(None)
    }

    fn check(&self, image: &Image, addr: u64, header: u64) -> Result<Option<ModuleData>, Error> {
        // A slice that was never grown: `len` equals `cap`. Refuses nearly all other neighbours.
        if header == 0 || header >= addr || image.u64(addr + 16)? != image.u64(addr + 24)? {
            return Ok(None);
        }
        match image.u64(header) {
            Ok(magic) if magic >> 32 == PC_HEADER_MAGIC >> 32 && magic as u32 >= OLDEST_MAGIC => {}
            _ => return Ok(None),
        }
        ModuleData::read(image, addr).map(Some)
    }
}
