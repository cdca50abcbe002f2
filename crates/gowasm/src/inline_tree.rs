//! Inline trees: which calls a compiler has inlined at a block, innermost first (`symtabinl.go`).

use alloc::vec::Vec;

use crate::Error;
use crate::functab::{FUNCDATA_INL_TREE, Func, PCDATA_INL_TREE_INDEX, Tables, le_u32};

/// Bytes of `runtime.inlinedCall` (Go 1.20 and later).
const INLINED_CALL_LEN: u64 = 16;
/// Deepest inlining followed. A sound tree ends by itself; this ends a damaged one.
const MAX_DEPTH: usize = 256;
/// Table entries looked at in search of `gofunc`, 50 times what a 14 MB module has. Tables may be shared, so damaged
/// ones could be read again for every function.
const MAX_ENTRIES: u32 = 1 << 23;

/// One inlined call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InlinedCall {
    pub(crate) func_id: u8,
    pub(crate) name_off: u32,
    /// Block whose position is that of the call.
    pub(crate) parent_pc: u32,
    pub(crate) start_line: u32,
}

impl Tables {
    /// The address funcdata offsets count from, found without knowing the version: the only word of the moduledata
    /// from which every inline tree of the program is well-formed. `None` if nothing is inlined anywhere, too.
    ///
    /// This reads all inline tables (milliseconds), hence it is not part of [`crate::ModuleData::read`].
    pub fn find_gofunc(&self) -> Option<u64> {
        let (lo, hi) = self.data().tables_range();
        let words = self.data().gofunc_words;
        words
            .into_iter()
            .find(|&word| word >= lo && word < hi && self.fits(word).is_ok_and(|trees| trees > 0))
    }

    /// Counts the functions with inlined calls; fails at the first tree that is not one.
    fn fits(&self, gofunc: u64) -> Result<u32, Error> {
        let (mut trees, mut left) = (0, MAX_ENTRIES);
        let mut count = |entries: u32| {
            left = left.checked_sub(entries).ok_or(Error::Table {
                addr: gofunc,
                what: "size of inline tables",
                found: u64::from(MAX_ENTRIES) + 1,
                expected: u64::from(MAX_ENTRIES),
            })?;
            Ok::<(), Error>(())
        };
        for func in self.funcs().filter_map(|id| self.record(id)) {
            let (Some(tree), Some(table)) =
                (self.funcdata(&func, FUNCDATA_INL_TREE), self.pcdata(&func, PCDATA_INL_TREE_INDEX))
            else {
                continue;
            };
            let mut last = -1;
            for (index, _) in self.pc_values(table).into_iter().flatten() {
                count(1)?;
                last = last.max(index);
            }
            for index in 0..=last {
                count(1)?;
                self.inlined_call(gofunc, tree, index as u32)?;
            }
            trees += u32::from(last >= 0);
        }
        Ok(trees)
    }

    fn inlined_call(&self, gofunc: u64, tree: u32, index: u32) -> Result<InlinedCall, Error> {
        let addr = gofunc.saturating_add(u64::from(tree)).saturating_add(INLINED_CALL_LEN * u64::from(index));
        let bytes = self.image().slice(addr, INLINED_CALL_LEN)?;
        let word = |offset: usize| le_u32(&bytes[offset..]);
        let names = self.data().funcnametab;
        let call =
            InlinedCall { func_id: bytes[0], name_off: word(4), parent_pc: word(8), start_line: word(12) };
        let wrong =
            |what, found, expected| Err(Error::Table { addr, what, found: u64::from(found), expected });
        if word(0) >> 8 != 0 {
            return wrong("padding of inlinedCall", word(0) >> 8, 0);
        }
        if call.parent_pc > 0xffff {
            return wrong("inlinedCall.parentPc", call.parent_pc, 0xffff);
        }
        if u64::from(call.name_off) >= names.len {
            return wrong("inlinedCall.nameOff", call.name_off, names.len);
        }
        // A name begins where the one before it ended.
        let before = (names.addr + u64::from(call.name_off)).saturating_sub(1);
        if call.name_off > 0 && self.image().u8(before)? != 0 {
            return wrong("inlinedCall.nameOff", call.name_off, 0);
        }
        Ok(call)
    }

    /// The calls inlined at block `pc_b`, innermost first, each with the block that gives its position; and the block
    /// that gives the position in the function itself.
    pub(crate) fn inlined_at(
        &self,
        gofunc: Option<u64>,
        func: &Func,
        pc_b: u32,
    ) -> (Vec<(InlinedCall, u32)>, u32) {
        let (mut calls, mut block) = (Vec::new(), pc_b);
        let tables = (self.funcdata(func, FUNCDATA_INL_TREE), self.pcdata(func, PCDATA_INL_TREE_INDEX));
        let (Some(gofunc), (Some(tree), Some(table))) = (gofunc, tables) else { return (calls, block) };
        while calls.len() < MAX_DEPTH
            && let Ok(index) = u32::try_from(self.pc_value(table, block))
            && let Ok(call) = self.inlined_call(gofunc, tree, index)
        {
            calls.push((call, block));
            block = call.parent_pc;
        }
        (calls, block)
    }
}
