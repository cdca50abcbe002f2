//! The data section: memory as a module's initialisation leaves it.

use alloc::vec;
use alloc::vec::Vec;

use crate::wasm_reader::Reader;
use crate::{Error, Image};

/// Address and bytes of each active segment of memory 0.
pub(crate) fn data_segments<'a>(section: &mut Reader<'a>) -> Result<Vec<(u64, &'a [u8])>, Error> {
    let mut segments = Vec::new();
    for _ in 0..section.u32("data segment count")? {
        let flags = section.u32("data segment flags")?;
        if flags > 2 {
            return Err(section.error("data segment flags", u64::from(flags), 2));
        }
        let memory = if flags == 2 { section.u32("memory index")? } else { 0 };
        let start = if flags == 1 { None } else { section.constant()? };
        let bytes = section.sized("data segment size")?.rest();
        if let Some(start) = start
            && memory == 0
        {
            segments.push((start, bytes));
        }
    }
    Ok(segments)
}

/// Joins the segments: the linker leaves out runs of 8 zero bytes and more, so tables lie across thousands of segments.
/// At most `zeros` bytes are filled in; gaps beyond that stay gaps.
pub(crate) fn initial_memory(mut segments: Vec<(u64, &[u8])>, mut zeros: u64) -> Image {
    segments.retain(|(start, _)| *start <= u64::from(u32::MAX));
    segments.sort_by_key(|(start, _)| *start);
    let mut pieces: Vec<(u64, Vec<u8>)> = vec![(0, Vec::new())];
    for (start, bytes) in segments {
        match pieces.last_mut() {
            Some((addr, piece))
                if let Some(gap) = start.checked_sub(*addr + piece.len() as u64)
                    && gap <= zeros =>
            {
                zeros -= gap;
                piece.resize(piece.len() + gap as usize, 0);
                piece.extend_from_slice(bytes);
            }
            _ => pieces.push((start, bytes.to_vec())),
        }
    }
    Image::new(pieces)
}
