//! The `js.Func` of a program: `syscall/js.funcs`, Go's map from the number of each to the Go function it calls. `Release`
//! takes one out and crosses to nothing, so that only the map tells which are left.
//!
//! It has no symbol. It is the pointer in static data to a map whose keys are numbers given out so far, and whose values are
//! all functions. Maps lie in memory as `runtime/map.go` (to Go 1.23) and `internal/runtime/maps` lay them out.

use crate::functab::Tables;
use crate::{FuncId, Memory};

/// Entries that must look like functions before a map is believed.
const PROBED: u64 = 256;
/// Entries of a group or bucket.
const SLOTS: u64 = 8;
/// Where keys begin, behind a control byte of each.
const KEYS: u64 = 8;
/// A map that has held `n` entries has at most `n` groups, directory entries included, and these.
const SPARE_GROUPS: u64 = 16;
/// Most overflow buckets in a row.
const MAX_CHAIN: u64 = 64;

/// How a map lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Buckets with overflow: `runtime.hmap`.
    Buckets,
    /// Groups of slots, key and value side by side.
    Groups,
    /// Groups of keys, then of values.
    Split,
}

/// Go's table of the live `js.Func`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsFuncs {
    /// Address of the variable.
    variable: u64,
    layout: Layout,
}

impl JsFuncs {
    /// Looks for the table in a program that has made `made` of them so far. `None` while it is empty, and where more than one
    /// map could be it. Reads every word of `[bss, end)`: better from a copy, where there is one.
    pub fn find<M: Memory>(tables: &Tables, made: u64, memory: &mut M) -> Option<JsFuncs> {
        let (from, to) = (tables.data().bss.next_multiple_of(8), tables.data().end);
        let mut found = None;
        for variable in (from..to).step_by(8) {
            let Some(header) = memory.u64(variable).filter(|&it| is_heap(it, to)) else { continue };
            if memory.u64(header).is_none_or(|count| count == 0 || count > made) {
                continue;
            }
            let looks = |layout: &Layout| {
                let it = JsFuncs { variable, layout: *layout };
                it.looks_right(tables, made, memory) == Some(true)
            };
            let Some(layout) = [Layout::Groups, Layout::Buckets, Layout::Split].into_iter().find(looks)
            else {
                continue;
            };
            if found.is_some() {
                return None;
            }
            found = Some(JsFuncs { variable, layout });
        }
        found
    }

    fn looks_right<M: Memory>(&self, tables: &Tables, made: u64, memory: &mut M) -> Option<bool> {
        let count = self.count(memory)?;
        let (mut seen, mut right) = (0, true);
        self.entries(memory, made, count.min(PROBED), |key, closure, memory| {
            seen += 1;
            let function = is_heap(closure, 8).then(|| callback(tables, closure, memory)).flatten();
            right &= (1..=made).contains(&key) && function.is_some();
            right
        })?;
        Some(right && seen == count.min(PROBED))
    }

    /// How many `js.Func` were made and not released.
    pub fn count<M: Memory>(&self, memory: &mut M) -> Option<u64> {
        let header = memory.u64(self.variable)?;
        memory.u64(header)
    }

    /// The entry PCs of the Go functions that the first `most` of them call, in a program that has made `made`.
    pub fn callbacks<M: Memory>(
        &self,
        tables: &Tables,
        memory: &mut M,
        made: u64,
        most: u64,
        mut each: impl FnMut(u64),
    ) -> Option<()> {
        self.entries(memory, made, most, |_, closure, memory| {
            if let Some(id) = callback(tables, closure, memory) {
                each(tables.entry(id).unwrap_or_default());
            }
            true
        })
    }

    /// Calls `each` with key and value of the first `most` entries, until it returns false.
    fn entries<M: Memory>(
        &self,
        memory: &mut M,
        made: u64,
        most: u64,
        mut each: impl FnMut(u64, u64, &mut M) -> bool,
    ) -> Option<()> {
        let header = memory.u64(self.variable)?;
        let (mut left, mut groups) = (most, made.saturating_add(SPARE_GROUPS));
        let mut entry = |key: u64, value: u64, memory: &mut M| {
            left = left.saturating_sub(1);
            each(key & 0xffff_ffff, value, memory) && left > 0
        };
        if most == 0 {
            return Some(());
        }
        match self.layout {
            Layout::Buckets => buckets(header, memory, &mut groups, &mut entry),
            _ => self.tables(header, memory, &mut groups, &mut entry),
        }
    }

    fn tables<M: Memory>(
        &self,
        map: u64,
        memory: &mut M,
        groups: &mut u64,
        entry: &mut Entry<'_, M>,
    ) -> Option<()> {
        let (dir, len) = (memory.u64(map.checked_add(16)?)?, memory.u64(map.checked_add(24)?)?);
        if len == 0 {
            self.group(dir, memory, entry)?;
            return Some(());
        }
        for i in 0..len {
            *groups = groups.checked_sub(1)?;
            let table = memory.u64(dir.checked_add(8 * i)?)?;
            // A table that stands several times belongs where it stands first.
            if memory.u64(table.checked_add(8)?)? != i {
                continue;
            }
            let (data, mask) = (memory.u64(table.checked_add(16)?)?, memory.u64(table.checked_add(24)?)?);
            for group in 0..=mask {
                *groups = groups.checked_sub(1)?;
                if !self.group(data.checked_add(group.checked_mul(self.group_len())?)?, memory, entry)? {
                    return Some(());
                }
            }
        }
        Some(())
    }

    fn group_len(&self) -> u64 {
        KEYS + SLOTS * if self.layout == Layout::Groups { 16 } else { 12 }
    }

    /// Whether to go on.
    fn group<M: Memory>(&self, at: u64, memory: &mut M, entry: &mut Entry<'_, M>) -> Option<bool> {
        let controls = memory.u64(at)?.to_le_bytes();
        for (slot, control) in (0..).zip(controls) {
            // Empty and deleted slots have the top bit set.
            if control & 0x80 != 0 {
                continue;
            }
            let (key, value) = match self.layout {
                Layout::Groups => (KEYS + 16 * slot, KEYS + 16 * slot + 8),
                _ => (KEYS + 4 * slot, KEYS + 4 * SLOTS + 8 * slot),
            };
            let (key, value) = (memory.u64(at.checked_add(key)?)?, memory.u64(at.checked_add(value)?)?);
            if !entry(key, value, memory) {
                return Some(false);
            }
        }
        Some(true)
    }
}

type Entry<'a, M> = dyn FnMut(u64, u64, &mut M) -> bool + 'a;

/// All buckets of a map, and those of before it grew whose entries have not moved yet.
fn buckets<M: Memory>(map: u64, memory: &mut M, groups: &mut u64, entry: &mut Entry<'_, M>) -> Option<()> {
    let word = memory.u64(map.checked_add(8)?)?.to_le_bytes();
    let (flags, log2) = (word[0], u32::from(word[1]));
    let count = 1u64.checked_shl(log2).filter(|&n| n <= 2 * *groups)?;
    let now = memory.u64(map.checked_add(16)?)?;
    let before = memory.u64(map.checked_add(24)?)?;
    // A map that only tidies up keeps its size.
    let before_count = if flags & 8 != 0 { count } else { count / 2 };
    for (first, count) in [(now, count), (before, if before == 0 { 0 } else { before_count })] {
        for i in 0..count {
            *groups = groups.checked_sub(1)?;
            if !chain(first.checked_add(i.checked_mul(BUCKET)?)?, memory, entry)? {
                return Some(());
            }
        }
    }
    Some(())
}

/// Top hashes, keys, values, overflow.
const BUCKET: u64 = KEYS + 12 * SLOTS + 8;

/// A bucket and its overflow. Whether to go on.
fn chain<M: Memory>(first: u64, memory: &mut M, entry: &mut Entry<'_, M>) -> Option<bool> {
    let mut at = first;
    for _ in 0..MAX_CHAIN {
        let hashes = memory.u64(at)?.to_le_bytes();
        // 2 to 4: the entries have moved.
        if matches!(hashes[0], 2..=4) {
            return Some(true);
        }
        for (slot, hash) in (0..).zip(hashes) {
            if hash < 5 {
                continue;
            }
            let key = memory.u64(at.checked_add(KEYS + 4 * slot)?)?;
            let value = memory.u64(at.checked_add(KEYS + 4 * SLOTS + 8 * slot)?)?;
            if !entry(key, value, memory) {
                return Some(false);
            }
        }
        at = memory.u64(at.checked_add(BUCKET - 8)?)?;
        if at == 0 {
            break;
        }
    }
    Some(true)
}

fn is_heap(addr: u64, from: u64) -> bool {
    (from..=u64::from(u32::MAX)).contains(&addr) && addr.is_multiple_of(8)
}

/// The function that a closure at `closure` is of.
fn callback<M: Memory>(tables: &Tables, closure: u64, memory: &mut M) -> Option<FuncId> {
    let pc = memory.u64(closure)?;
    tables.func(pc).filter(|&id| tables.entry(id) == Some(pc))
}
