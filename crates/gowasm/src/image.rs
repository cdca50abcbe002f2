//! A read-only copy of linear memory, or of parts of it. Knows addresses and bytes, nothing of Go.

use alloc::vec;
use alloc::vec::Vec;

use crate::Error;

/// Pieces above this are dropped: no linear memory reaches there, and addresses below can be added to without care.
const MAX_ADDR: u64 = 1 << 48;

/// Longest C string read. Go's longest symbol names (generic instances) stay far below.
const MAX_C_STR: u64 = 1 << 16;

/// Sorted, disjoint pieces of linear memory.
#[derive(Clone, Debug, Default)]
pub struct Image {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug)]
struct Segment {
    addr: u64,
    bytes: Vec<u8>,
}

impl Segment {
    fn end(&self) -> u64 {
        self.addr + self.bytes.len() as u64
    }
}

impl Image {
    /// An image of `(address, bytes)` pieces in any order. Where pieces overlap, the one that starts lower wins.
    pub fn new(pieces: Vec<(u64, Vec<u8>)>) -> Image {
        // Put in its place one by one, which pieces in order are already: a sort is 3 KB of the agent.
        let mut sorted: Vec<(u64, Vec<u8>)> = Vec::with_capacity(pieces.len());
        for (addr, bytes) in pieces {
            if addr.saturating_add(bytes.len() as u64) <= MAX_ADDR {
                sorted.insert(sorted.partition_point(|(before, _)| *before <= addr), (addr, bytes));
            }
        }
        let mut image = Image { segments: Vec::with_capacity(sorted.len()) };
        for (addr, bytes) in sorted {
            image.append(addr, bytes);
        }
        image
    }

    /// An image that starts empty at `addr`, with room for `capacity` bytes: to be grown by [`Image::extend`].
    pub fn growing(addr: u64, capacity: usize) -> Image {
        Image { segments: vec![Segment { addr, bytes: Vec::with_capacity(capacity) }] }
    }

    fn append(&mut self, addr: u64, mut bytes: Vec<u8>) {
        let end = self.segments.last().map_or(0, Segment::end);
        let overlap = end.saturating_sub(addr);
        if overlap >= bytes.len() as u64 {
            if bytes.is_empty() && overlap == 0 {
                self.segments.push(Segment { addr, bytes });
            }
            return;
        }
        bytes.drain(..overlap as usize);
        self.segments.push(Segment { addr: addr + overlap, bytes });
    }

    /// Appends `bytes` right after the last piece (at address 0 in an empty image).
    pub fn push(&mut self, bytes: &[u8]) {
        self.extend(bytes.len()).copy_from_slice(bytes);
    }

    /// Appends `len` zero bytes right after the last piece and returns them, so that they can be filled in place.
    pub fn extend(&mut self, len: usize) -> &mut [u8] {
        if self.segments.is_empty() {
            self.segments.push(Segment { addr: 0, bytes: Vec::new() });
        }
        let Some(last) = self.segments.last_mut() else { return &mut [] };
        let start = last.bytes.len();
        last.bytes.resize(start + len, 0);
        &mut last.bytes[start..]
    }

    /// Drops everything outside `[lo, hi)`.
    pub fn truncate_to(&mut self, lo: u64, hi: u64) {
        for segment in &mut self.segments {
            let keep = hi.saturating_sub(segment.addr).min(segment.bytes.len() as u64);
            segment.bytes.truncate(keep as usize);
            let skip = lo.saturating_sub(segment.addr).min(segment.bytes.len() as u64);
            segment.bytes.drain(..skip as usize);
            segment.addr += skip;
            segment.bytes.shrink_to_fit();
        }
        self.segments.retain(|segment| !segment.bytes.is_empty());
    }

    /// The pieces: address and bytes, by address.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = (u64, &[u8])> {
        self.segments.iter().map(|s| (s.addr, s.bytes.as_slice()))
    }

    /// The pieces themselves, by address.
    pub fn into_segments(self) -> impl ExactSizeIterator<Item = (u64, Vec<u8>)> {
        self.segments.into_iter().map(|s| (s.addr, s.bytes))
    }

    /// Lowest address and end of the image, holes included; `(0, 0)` when empty.
    pub fn bounds(&self) -> (u64, u64) {
        let lo = self.segments.first().map_or(0, |s| s.addr);
        (lo, self.segments.last().map_or(0, Segment::end))
    }

    /// All bytes from `addr` to the end of the piece it lies in.
    #[inline]
    pub fn tail(&self, addr: u64) -> Result<&[u8], Error> {
        let at = match self.segments.as_slice() {
            [_] => 0,
            all => all.partition_point(|s| s.addr <= addr).saturating_sub(1),
        };
        let tail = self.segments.get(at).and_then(|s| {
            let from = usize::try_from(addr.checked_sub(s.addr)?).ok()?;
            s.bytes.get(from..)
        });
        tail.ok_or(Error::OutOfImage { addr, need: 0, have: 0 })
    }

    /// The `len` bytes at `addr`.
    #[inline]
    pub fn slice(&self, addr: u64, len: u64) -> Result<&[u8], Error> {
        let miss = |have| Error::OutOfImage { addr, need: len, have };
        let tail = self.tail(addr).map_err(|_| miss(0))?;
        usize::try_from(len).ok().and_then(|len| tail.get(..len)).ok_or_else(|| miss(tail.len() as u64))
    }

    /// The byte at `addr`.
    #[inline]
    pub fn u8(&self, addr: u64) -> Result<u8, Error> {
        Ok(self.slice(addr, 1)?[0])
    }

    /// The little-endian u32 at `addr`.
    #[inline]
    pub fn u32(&self, addr: u64) -> Result<u32, Error> {
        let mut word = [0; 4];
        word.copy_from_slice(self.slice(addr, 4)?);
        Ok(u32::from_le_bytes(word))
    }

    /// The little-endian u64 at `addr`.
    #[inline]
    pub fn u64(&self, addr: u64) -> Result<u64, Error> {
        let mut word = [0; 8];
        word.copy_from_slice(self.slice(addr, 8)?);
        Ok(u64::from_le_bytes(word))
    }

    /// The NUL-terminated UTF-8 string at `addr`, at most 64 KiB long.
    pub fn c_str(&self, addr: u64) -> Result<&str, Error> {
        let tail = self.tail(addr)?;
        let tail = &tail[..tail.len().min(MAX_C_STR as usize)];
        let miss = Error::OutOfImage { addr, need: tail.len() as u64 + 1, have: tail.len() as u64 };
        let len = tail.iter().position(|&b| b == 0).ok_or(miss)?;
        core::str::from_utf8(&tail[..len]).map_err(|e| Error::Table {
            addr: addr + e.valid_up_to() as u64,
            what: "UTF-8 string",
            found: u64::from(tail[e.valid_up_to()]),
            expected: 0x7f,
        })
    }
}

/// Live linear memory, read a word at a time. An [`Image`] is one too.
pub trait Memory {
    /// The little-endian u64 at `addr`, or `None` where there is no memory.
    fn u64(&mut self, addr: u64) -> Option<u64>;
}

impl Memory for &Image {
    fn u64(&mut self, addr: u64) -> Option<u64> {
        Image::u64(self, addr).ok()
    }
}
