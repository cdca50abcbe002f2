//! `runtime.moduledata` and the `pcHeader` it points at: where Go's tables are, and which layout they have.
//!
//! Layouts: pclntab magic `0xfffffff1` (Go 1.20 and later), `runtime.moduledata` in `symtab.go` of Go 1.21-1.27.
//! The magic has not changed since 1.20 although the layouts have, so each trait is read off the tables themselves.

use crate::{Error, Image};

/// `abi.CurrentPCLnTabMagic` since Go 1.20, two zero bytes, `minLC` 1, `ptrSize` 8.
pub(crate) const PC_HEADER_MAGIC: u64 = 0x0801_0000_ffff_fff1;
/// Bytes of moduledata that are read.
pub(crate) const MODULEDATA_LEN: u64 = 376;
/// Ten times the functions of the largest programs known.
const MAX_FUNCS: u64 = 1 << 20;

/// A run of bytes in linear memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First address.
    pub addr: u64,
    /// Bytes.
    pub len: u64,
}

impl Span {
    /// Address after the last byte.
    pub fn end(&self) -> u64 {
        self.addr.saturating_add(self.len)
    }
}

/// What `functab.entryoff` and `_func.entryOff` count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctabUnit {
    /// Go 1.24 and earlier: the PC, `PC_F << 16`.
    Pc,
    /// Go 1.25 and later: `PC_F`, the function's index in the wasm table.
    PcF,
}

/// The fields of `runtime.moduledata` that are used here. Addresses are linear-memory addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModuleData {
    /// Of the moduledata itself.
    pub addr: u64,
    /// The `pcHeader`.
    pub pc_header: u64,
    /// Function names, NUL-terminated.
    pub funcnametab: Span,
    /// Per compilation unit, file number to offset in `filetab`; u32 each.
    pub cutab: Span,
    /// File names, NUL-terminated.
    pub filetab: Span,
    /// pcvalue tables.
    pub pctab: Span,
    /// `_func` records, and the functab in front of them.
    pub pclntable: Span,
    /// `functab`: `{entryoff, funcoff}` u32 pairs and a closing `entryoff`.
    pub ftab: Span,
    /// PC of the first function.
    pub minpc: u64,
    /// PC after the last function.
    pub maxpc: u64,
    /// Data without pointers.
    pub noptrdata: u64,
    /// Its end.
    pub enoptrdata: u64,
    /// Data with pointers.
    pub data: u64,
    /// Its end.
    pub edata: u64,
    /// Zeroed data with pointers.
    pub bss: u64,
    /// Its end.
    pub ebss: u64,
    /// Zeroed data without pointers.
    pub noptrbss: u64,
    /// Its end.
    pub enoptrbss: u64,
    /// End of all static data; the heap lies above.
    pub end: u64,
    /// Type descriptors.
    pub types: u64,
    /// Their end.
    pub etypes: u64,
    /// Read-only data.
    pub rodata: u64,
    /// The words in which `gofunc` stands, at an offset that depends on the version: see [`crate::Tables::find_gofunc`].
    pub gofunc_words: [u64; 10],
    /// Unit of `entryoff`.
    pub functab_unit: FunctabUnit,
    /// Number of functions.
    pub nfunc: u32,
}

impl ModuleData {
    /// Reads the moduledata at `addr` from an image that holds it and `[rodata, noptrdata)`.
    pub fn read(image: &Image, addr: u64) -> Result<ModuleData, Error> {
        let words = image.slice(addr, MODULEDATA_LEN)?;
        let word = |offset: usize| le_u64(&words[offset..]);
        let span = |offset: usize, size: u64| Span {
            addr: word(offset),
            len: word(offset + 8).saturating_mul(size),
        };
        let nfunc = check_header(image, word(0), |i| word([8, 32, 56, 80, 104][i]))?;
        // Go 1.27 put `typedesclen` between `types` and `etypes`, and moved `rodata` from 312 to 336. A length is
        // below the address of its end; before, `etypes` was above the `rodata` that it lies in.
        let go127 = word(312) > word(304);
        let mut gofunc_words = [0; 10];
        for (i, w) in gofunc_words.iter_mut().enumerate() {
            *w = word(296 + 8 * i);
        }
        let data = ModuleData {
            addr,
            pc_header: word(0),
            funcnametab: span(8, 1),
            cutab: span(32, 4),
            filetab: span(56, 1),
            pctab: span(80, 1),
            pclntable: span(104, 1),
            ftab: span(128, 8),
            minpc: word(160),
            maxpc: word(168),
            noptrdata: word(192),
            enoptrdata: word(200),
            data: word(208),
            edata: word(216),
            bss: word(224),
            ebss: word(232),
            noptrbss: word(240),
            enoptrbss: word(248),
            end: word(272),
            types: word(296),
            etypes: if go127 { word(312) } else { word(304) },
            rodata: if go127 { word(336) } else { word(312) },
            gofunc_words,
            functab_unit: FunctabUnit::Pc,
            nfunc,
        };
        data.with_functab_unit(image)
    }

    fn with_functab_unit(mut self, image: &Image) -> Result<ModuleData, Error> {
        self.check_order()?;
        let wrong = |what, found, expected| Error::Table { addr: self.addr, what, found, expected };
        let entries = u64::from(self.nfunc) + 1;
        if self.ftab.len != entries * 8 {
            return Err(wrong("len(ftab)", self.ftab.len / 8, entries));
        }
        let first = u64::from(image.u32(self.ftab.addr)?);
        self.functab_unit = match self.minpc.checked_sub(first) {
            Some(0) => FunctabUnit::Pc,
            _ if first << 16 == self.minpc => FunctabUnit::PcF,
            _ => return Err(wrong("ftab[0].entryoff", first, self.minpc)),
        };
        Ok(self)
    }

    /// Sections lie in this order in every Go release; anything else is not a moduledata.
    fn check_order(&self) -> Result<(), Error> {
        let order = [
            ("rodata", self.rodata),
            ("noptrdata", self.noptrdata),
            ("enoptrdata", self.enoptrdata),
            ("data", self.data),
            ("edata", self.edata),
            ("bss", self.bss),
            ("end", self.end),
        ];
        let (mut below, tables) =
            (1, [self.funcnametab, self.cutab, self.filetab, self.pctab, self.pclntable, self.ftab]);
        for (what, found) in order {
            if found < below || found > u64::from(u32::MAX) {
                return Err(Error::Table { addr: self.addr, what, found, expected: below });
            }
            below = found;
        }
        for span in tables {
            if span.addr < self.rodata || span.end() > self.noptrdata {
                let (what, found) = ("end of a pclntab table", span.end());
                return Err(Error::Table { addr: self.addr, what, found, expected: self.noptrdata });
            }
        }
        Ok(())
    }

    /// `[rodata, noptrdata)`: all read-only tables. With [`ModuleData::own_range`] it is all that symbols and stacks need.
    pub fn tables_range(&self) -> (u64, u64) {
        (self.rodata, self.noptrdata)
    }

    /// The bytes of the moduledata that [`ModuleData::read`] reads.
    pub fn own_range(&self) -> (u64, u64) {
        (self.addr, self.addr + MODULEDATA_LEN)
    }
}

/// Checks a `pcHeader` against the five table addresses of its moduledata; returns `nfunc`.
fn check_header(image: &Image, header: u64, table: impl Fn(usize) -> u64) -> Result<u32, Error> {
    let magic = image.u64(header)?;
    if magic != PC_HEADER_MAGIC {
        return Err(Error::Table {
            addr: header,
            what: "pcHeader magic",
            found: magic,
            expected: PC_HEADER_MAGIC,
        });
    }
    let nfunc = image.u64(header + 8)?;
    if nfunc == 0 || nfunc > MAX_FUNCS {
        return Err(Error::Table { addr: header + 8, what: "nfunc", found: nfunc, expected: MAX_FUNCS });
    }
    for i in 0..5 {
        let addr = header + 32 + 8 * i as u64;
        let found = header.wrapping_add(image.u64(addr)?);
        if found != table(i) {
            return Err(Error::Table { addr, what: "pcHeader table offset", found, expected: table(i) });
        }
    }
    Ok(nfunc as u32)
}

/// The first 8 bytes as a little-endian u64; 0 if there are fewer.
#[inline]
pub(crate) fn le_u64(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}
