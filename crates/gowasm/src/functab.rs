//! The functab: from a PC to the function it is in, and what Go's tables say of that function.

use crate::moduledata::{FunctabUnit, ModuleData, Span};
use crate::pcvalue::PcValues;
use crate::{Error, Image};

/// `funcdata` index of the inline tree (`abi.FUNCDATA_InlTree`).
pub(crate) const FUNCDATA_INL_TREE: u32 = 3;
/// `pcdata` index of the position in the inline tree (`abi.PCDATA_InlTreeIndex`).
pub(crate) const PCDATA_INL_TREE_INDEX: u32 = 2;
/// `abi.FuncFlagTopFrame`: nothing called this function.
const FLAG_TOP_FRAME: u8 = 1;
/// Bytes of `_func` before its pcdata and funcdata offsets (Go 1.20 and later).
const FUNC_LEN: u64 = 44;

/// The table index part (`PC_F`) of a PC: which function.
pub fn pc_f(pc: u64) -> u64 {
    pc >> 16
}

/// The resume-block part (`PC_B`) of a PC: where in the function.
pub fn pc_b(pc: u64) -> u32 {
    (pc & 0xffff) as u32
}

/// A function: its position in the functab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FuncId(pub u32);

/// A `runtime._func` record (`runtime2.go`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Func {
    /// Address of the record.
    addr: u64,
    pub(crate) name_off: u32,
    pub(crate) pcsp: u32,
    pub(crate) pcfile: u32,
    pub(crate) pcln: u32,
    npcdata: u32,
    pub(crate) cu_offset: u32,
    pub(crate) start_line: u32,
    pub(crate) func_id: u8,
    pub(crate) flag: u8,
    nfuncdata: u8,
}

impl Func {
    pub(crate) fn top_frame(&self) -> bool {
        self.flag & FLAG_TOP_FRAME != 0
    }
}

/// Go's read-only tables: an image that holds them, and where they are.
#[derive(Clone, Debug)]
pub struct Tables {
    image: Image,
    data: ModuleData,
    /// `PC_F` of the first function.
    first: u64,
}

impl Tables {
    /// Tables of an image that holds [`ModuleData::tables_range`].
    pub fn new(image: Image, data: ModuleData) -> Tables {
        Tables { image, data, first: pc_f(data.minpc) }
    }

    /// The image.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The moduledata.
    pub fn data(&self) -> &ModuleData {
        &self.data
    }

    /// Number of functions.
    pub fn func_count(&self) -> u32 {
        self.data.nfunc
    }

    /// All functions, by `PC_F`.
    pub fn funcs(&self) -> impl ExactSizeIterator<Item = FuncId> + use<> {
        (0..self.data.nfunc).map(FuncId)
    }

    /// The function that `pc` is in.
    pub fn func(&self, pc: u64) -> Option<FuncId> {
        if pc < self.data.minpc || pc >= self.data.maxpc.checked_next_multiple_of(1 << 16)? {
            return None;
        }
        // Table slots and functab entries go in step in every linker so far; the search is for one that leaves gaps.
        let f = pc_f(pc);
        let guess = u32::try_from(f - self.first).ok()?;
        if guess < self.data.nfunc && self.table_index(FuncId(guess))? == f {
            return Some(FuncId(guess));
        }
        let (mut lo, mut hi) = (0, self.data.nfunc);
        while lo < hi {
            let middle = lo + (hi - lo) / 2;
            if self.table_index(FuncId(middle))? <= f {
                lo = middle + 1;
            } else {
                hi = middle;
            }
        }
        let id = FuncId(lo.checked_sub(1)?);
        (self.table_index(id)? == f).then_some(id)
    }

    /// The first function of this name, as the functab spells it.
    pub fn func_by_name(&self, name: &str) -> Option<FuncId> {
        let mut text = name.as_bytes().to_vec();
        text.push(0);
        let names = self.data.funcnametab.addr;
        self.funcs().find(|&id| {
            let at = self.record(id).map(|func| names + u64::from(func.name_off));
            at.and_then(|at| self.image.slice(at, text.len() as u64).ok()) == Some(&text)
        })
    }

    /// The function's `PC_F`: its index in the wasm table.
    pub fn table_index(&self, id: FuncId) -> Option<u64> {
        let entry = u64::from(self.ftab_entry(id)?.0);
        Some(match self.data.functab_unit {
            FunctabUnit::Pc => pc_f(entry),
            FunctabUnit::PcF => entry,
        })
    }

    /// The PC of the function's first block.
    pub fn entry(&self, id: FuncId) -> Option<u64> {
        Some(self.table_index(id)? << 16)
    }

    /// The function's linker symbol name, type arguments in full. See [`crate::Symbols`] for the name Go prints.
    pub fn name(&self, id: FuncId) -> Option<&str> {
        self.name_at(self.record(id)?.name_off)
    }

    /// Bytes of the function's frame while it is in block `pc_b`, its return address not counted.
    pub fn frame_size(&self, id: FuncId, pc_b: u32) -> Option<u32> {
        let record = self.record(id)?;
        u32::try_from(self.pc_value(record.pcsp, pc_b)).ok()
    }

    /// `abi.FuncID` of the function. The numbers change with the Go version.
    pub fn func_id(&self, id: FuncId) -> Option<u8> {
        Some(self.record(id)?.func_id)
    }

    fn ftab_entry(&self, id: FuncId) -> Option<(u32, u32)> {
        if id.0 >= self.data.nfunc {
            return None;
        }
        let entry = self.image.slice(self.data.ftab.addr + 8 * u64::from(id.0), 8).ok()?;
        Some((le_u32(entry), le_u32(&entry[4..])))
    }

    pub(crate) fn record(&self, id: FuncId) -> Option<Func> {
        let offset = u64::from(self.ftab_entry(id)?.1);
        let bytes = slice_of(&self.image, self.data.pclntable, offset, FUNC_LEN).ok()?;
        let word = |offset: usize| le_u32(&bytes[offset..]);
        Some(Func {
            addr: self.data.pclntable.addr + offset,
            name_off: word(4),
            pcsp: word(16),
            pcfile: word(20),
            pcln: word(24),
            npcdata: word(28),
            cu_offset: word(32),
            start_line: word(36),
            func_id: bytes[40],
            flag: bytes[41],
            nfuncdata: bytes[43],
        })
    }

    /// The name at `name_off` in `funcnametab`.
    pub(crate) fn name_at(&self, name_off: u32) -> Option<&str> {
        let names = self.data.funcnametab;
        if u64::from(name_off) >= names.len {
            return None;
        }
        self.image.c_str(names.addr + u64::from(name_off)).ok()
    }

    /// The value of the pcvalue table at `offset` in `pctab`, at block `pc_b`; -1 none.
    pub(crate) fn pc_value(&self, offset: u32, pc_b: u32) -> i32 {
        self.pc_values(offset).map_or(-1, |values| values.at(pc_b))
    }

    pub(crate) fn pc_values(&self, offset: u32) -> Option<PcValues<'_>> {
        // Offset 0 is "no table".
        let len = self.data.pctab.len.checked_sub(u64::from(offset)).filter(|_| offset != 0)?;
        Some(PcValues::new(slice_of(&self.image, self.data.pctab, u64::from(offset), len).ok()?))
    }

    /// The pcvalue table `index` of the function.
    pub(crate) fn pcdata(&self, func: &Func, index: u32) -> Option<u32> {
        if index >= func.npcdata {
            return None;
        }
        self.image.u32(func.addr + FUNC_LEN + 4 * u64::from(index)).ok()
    }

    /// The offset from `gofunc` of the function's data `index`.
    pub(crate) fn funcdata(&self, func: &Func, index: u32) -> Option<u32> {
        if index >= u32::from(func.nfuncdata) {
            return None;
        }
        let at = func.addr + FUNC_LEN + 4 * (u64::from(func.npcdata) + u64::from(index));
        self.image.u32(at).ok().filter(|&offset| offset != u32::MAX)
    }

    /// File and line of block `pc_b`, as `runtime.funcline1`.
    pub(crate) fn file_line(&self, func: &Func, pc_b: u32) -> Option<(&str, u32)> {
        let file = u32::try_from(self.pc_value(func.pcfile, pc_b)).ok()?;
        let line = u32::try_from(self.pc_value(func.pcln, pc_b)).ok()?;
        let slot = 4 * (u64::from(func.cu_offset) + u64::from(file));
        let offset = u64::from(le_u32(slice_of(&self.image, self.data.cutab, slot, 4).ok()?));
        if offset >= self.data.filetab.len {
            return None;
        }
        Some((self.image.c_str(self.data.filetab.addr + offset).ok()?, line))
    }
}

fn slice_of(image: &Image, span: Span, offset: u64, len: u64) -> Result<&[u8], Error> {
    let (need, have) = (len, span.len.saturating_sub(offset));
    if need > have {
        return Err(Error::OutOfImage { addr: span.addr.saturating_add(offset), need, have });
    }
    image.slice(span.addr + offset, len)
}

#[inline]
pub(crate) fn le_u32(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |word| u32::from_le_bytes(*word))
}
