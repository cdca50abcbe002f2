//! Which goroutine runs: `runtime.g` and `runtime.m` in live memory.
//!
//! Neither has a symbol, and their layouts change between releases. The field offsets come from the type descriptors the
//! runtime itself allocates with (`abi.StructType`, `internal/abi/type.go`); m0 and g0 are the one pair of static words that
//! point at each other as `m.g0` and `g.m` do.

use alloc::vec::Vec;

use crate::build_info::find;
use crate::functab::{Tables, le_u32};
use crate::{Error, Memory};

/// `abi.Struct`.
const KIND_STRUCT: u8 = 25;
/// The bits of `abi.Type.Kind_` that are the kind.
const KIND_MASK: u8 = 31;
/// Bytes of `abi.StructType`.
const STRUCT_TYPE_LEN: usize = 80;
/// Bytes of `abi.StructField`.
const STRUCT_FIELD_LEN: u64 = 24;
/// The bytes of a type's name may occur elsewhere; a few times, not more.
const MAX_NAMES: usize = 16;
/// `runtime.g` and `runtime.m` have about 70 fields.
const MAX_FIELDS: u64 = 1024;
/// `runtime.gobuf.pc` comes after `sp`.
const GOBUF_PC: u64 = 8;

/// Byte offsets of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// `g.m`.
    pub g_m: u64,
    /// `g.sched`.
    pub g_sched: u64,
    /// `g.goid`.
    pub g_goid: u64,
    /// `g.atomicstatus`, a u32.
    pub g_atomicstatus: u64,
    /// `g.startpc`.
    pub g_startpc: u64,
    /// `m.g0`.
    pub m_g0: u64,
    /// `m.curg`.
    pub m_curg: u64,
}

/// The one thread of a Go wasm program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduler {
    /// Address of `runtime.m0`.
    pub m0: u64,
    /// Address of `runtime.g0`, the goroutine that schedules.
    pub g0: u64,
    /// Where their fields are.
    pub offsets: Offsets,
    /// Stacks below this address are g0's.
    pub(crate) end: u64,
}

impl Scheduler {
    /// Finds m0 and g0. `memory` is read at every word of `[noptrdata, end)`: better a copy of it ([`crate::Image`]) than
    /// calls into the page. Succeeds from the program's first import call on; before `run` the two are still blank.
    pub fn locate<M: Memory>(tables: &Tables, memory: &mut M) -> Result<Scheduler, Error> {
        let offsets = Offsets::find(tables)?;
        let (from, to) = (tables.data().noptrdata, tables.data().end);
        let end = to;
        let mut m = from.next_multiple_of(8);
        while m < to {
            let g = memory.u64(m.saturating_add(offsets.m_g0)).unwrap_or(0);
            if g >= from
                && g < to
                && g % 8 == 0
                && memory.u64(g.saturating_add(offsets.g_m)) == Some(m)
                && memory.u64(g.saturating_add(offsets.g_goid)) == Some(0)
            {
                return Ok(Scheduler { m0: m, g0: g, offsets, end });
            }
            m += 8;
        }
        Err(Error::NotFound { what: "m0 and g0", from, to })
    }

    /// The goroutine that runs with stack pointer `sp`: g0 on the scheduler's stack, else m0's current one.
    pub fn current_g<M: Memory>(&self, sp: u64, memory: &mut M) -> Option<u64> {
        if sp < self.end { Some(self.g0) } else { self.curg(memory) }
    }

    /// `g.goid`; 0 for g0.
    pub fn goid<M: Memory>(&self, g: u64, memory: &mut M) -> Option<u64> {
        memory.u64(g.checked_add(self.offsets.g_goid)?)
    }

    /// `m0.curg`, unless it is nil.
    pub(crate) fn curg<M: Memory>(&self, memory: &mut M) -> Option<u64> {
        memory.u64(self.m0.checked_add(self.offsets.m_curg)?).filter(|&g| g != 0)
    }

    /// `g.sched.pc` and `g.sched.sp`.
    pub(crate) fn sched<M: Memory>(&self, g: u64, memory: &mut M) -> Option<(u64, u64)> {
        let sched = g.checked_add(self.offsets.g_sched)?;
        Some((memory.u64(sched.checked_add(GOBUF_PC)?)?, memory.u64(sched)?))
    }
}

impl Offsets {
    fn find(tables: &Tables) -> Result<Offsets, Error> {
        let wanted = ["m", "sched", "goid", "atomicstatus", "startpc"];
        let [g_m, g_sched, g_goid, g_atomicstatus, g_startpc] = fields(tables, "*runtime.g", wanted)?;
        let [m_g0, m_curg] = fields(tables, "*runtime.m", ["g0", "curg"])?;
        Ok(Offsets { g_m, g_sched, g_goid, g_atomicstatus, g_startpc, m_g0, m_curg })
    }
}

/// Offsets of the named fields of the struct whose pointer type is called `pointer`.
fn fields<const N: usize>(
    tables: &Tables,
    pointer: &'static str,
    names: [&str; N],
) -> Result<[u64; N], Error> {
    let (from, to) = (tables.data().types, tables.data().etypes);
    let types = tables.image().slice(from, to.saturating_sub(from))?;
    // abi.Name: flags, length, bytes. A struct shares the name of its pointer type (TFlagExtraStar).
    let needle: Vec<u8> = core::iter::once(pointer.len() as u8).chain(pointer.bytes()).collect();
    let mut at = 0;
    for _ in 0..MAX_NAMES {
        let Some(found) = find(&types[at..], &needle) else { break };
        at += found + 1;
        // `at - 2` is the flags byte before the length.
        if let Some(name_off) = at.checked_sub(2)
            && let Some(addr) = struct_named(types, from, name_off as u32)
            && let Some(offsets) = field_offsets(tables, addr, names)
        {
            return Ok(offsets);
        }
    }
    Err(Error::NotFound { what: pointer, from, to })
}

/// Address of the `abi.StructType` whose `Str` is `name_off`.
fn struct_named(types: &[u8], from: u64, name_off: u32) -> Option<u64> {
    let mut at = (from.next_multiple_of(8) - from) as usize;
    while let Some(rtype) = types.get(at..at + STRUCT_TYPE_LEN) {
        if le_u32(&rtype[40..]) == name_off && rtype[23] & KIND_MASK == KIND_STRUCT {
            return Some(from + at as u64);
        }
        at += 8;
    }
    None
}

fn field_offsets<const N: usize>(tables: &Tables, addr: u64, names: [&str; N]) -> Option<[u64; N]> {
    let image = tables.image();
    let (first, len) = (image.u64(addr + 56).ok()?, image.u64(addr + 64).ok()?);
    let mut offsets = [None; N];
    for i in 0..len.min(MAX_FIELDS) {
        let field = first.checked_add(STRUCT_FIELD_LEN * i)?;
        let name = image.u64(field).ok()?;
        // Field names here are far below 128 bytes: one byte of length.
        let len = u64::from(image.u8(name.checked_add(1)?).ok()?);
        let name = image.slice(name.checked_add(2)?, len).ok()?;
        if let Some(i) = names.iter().position(|wanted| wanted.as_bytes() == name) {
            offsets[i] = image.u64(field + 16).ok();
        }
    }
    let mut all = [0; N];
    for (to, offset) in all.iter_mut().zip(offsets) {
        *to = offset.filter(|&offset| offset < 1 << 16)?;
    }
    Some(all)
}
