//! How many goroutines there are: `runtime.allgs`, a slice of every g there has been.
//!
//! It has no symbol either. It is the slice in static data whose elements are all goroutines, the first of them number 1.

use crate::functab::Tables;
use crate::{Memory, Scheduler};

/// `_Gdead`, under `_Gscan` or not.
const STATUS_DEAD: u64 = 6;
const STATUS_MASK: u64 = 0xfff;
/// More goroutines than fit in 4 GiB with 2 KiB stacks are not counted one by one.
const MAX_GOROUTINES: u64 = 1 << 21;
/// How many elements must look like goroutines before a slice is believed.
const PROBED: u64 = 32;

impl Scheduler {
    /// The address of `runtime.allgs`, for [`Scheduler::goroutines`]; `None` as long as there is no goroutine. Reads
    /// every word of `[bss, end)`: as for [`Scheduler::locate`], better from a copy where there is one.
    pub fn find_allgs<M: Memory>(&self, tables: &Tables, memory: &mut M) -> Option<u64> {
        let (from, to) = (tables.data().bss.next_multiple_of(8), tables.data().end);
        (from..to).step_by(8).find(|&slice| self.is_allgs(slice, memory) == Some(true))
    }

    fn is_allgs<M: Memory>(&self, slice: u64, memory: &mut M) -> Option<bool> {
        let (first, len) = (memory.u64(slice)?, memory.u64(slice + 8)?);
        if !(self.end..=u64::from(u32::MAX)).contains(&first)
            || first % 8 != 0
            || len == 0
            || len > MAX_GOROUTINES
            || len > memory.u64(slice + 16)?
        {
            return Some(false);
        }
        for i in 0..len.min(PROBED) {
            let g = memory.u64(first + 8 * i)?;
            let goid = self.goid(g, memory)?;
            if g < self.end
                || g % 8 != 0
                || (goid == 1) != (i == 0)
                || self.status(g, memory)? > 2 * STATUS_DEAD
            {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The number of goroutines, as `runtime.NumGoroutine` counts: living ones that are not the runtime's own.
    pub fn goroutines<M: Memory>(&self, allgs: u64, tables: &Tables, memory: &mut M) -> Option<u32> {
        let (first, len) = (memory.u64(allgs)?, memory.u64(allgs.checked_add(8)?)?.min(MAX_GOROUTINES));
        let mut count = 0;
        for i in 0..len {
            let g = memory.u64(first.checked_add(8 * i)?)?;
            if self.status(g, memory)? != STATUS_DEAD {
                let start = memory.u64(g.checked_add(self.offsets.g_startpc)?)?;
                count += u32::from(!is_system(tables, start));
            }
        }
        Some(count)
    }

    fn status<M: Memory>(&self, g: u64, memory: &mut M) -> Option<u64> {
        // A u32, and what follows it.
        Some(memory.u64(g.checked_add(self.offsets.g_atomicstatus)?)? & STATUS_MASK)
    }
}

/// `runtime.isSystemGoroutine`, of the function a goroutine began with.
fn is_system(tables: &Tables, start: u64) -> bool {
    let name = tables.func(start).and_then(|id| tables.name(id)).unwrap_or("");
    let users = ["runtime.main", "runtime.handleAsyncEvent", "runtime.corostart"];
    name.starts_with("runtime.") && !users.contains(&name)
}
