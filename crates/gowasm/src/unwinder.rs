//! Walks the stack of the goroutine that is calling an import, from the stack pointer alone.
//!
//! Return PCs only: naming them is [`crate::Symbols`]' work, later and elsewhere. The walk runs on the target's hot path,
//! so what it needs of a PC (frame size, whether to stop, whether to change stacks) is looked up once per PC.
//! Rules: `runtime.unwinder` in `traceback.go`, `mcall`, `systemstack` and `morestack` in `asm_wasm.s`, Go 1.21-1.27.

use alloc::vec;
use alloc::vec::Vec;

use crate::functab::{FuncId, Tables, pc_b};
use crate::names::{is_init, is_runtime_package, package};
use crate::{Memory, Scheduler};

/// `main.main` is on the stack.
pub const MARK_MAIN: u8 = 1;
/// A package initialiser of the program is on the stack: what `runtime.doInit1` calls for a package other than
/// `runtime`, `runtime/...` and `internal/...`, whose initialisers belong to the runtime's own start.
pub const MARK_INIT: u8 = 2;
/// `runtime.main` is on the stack.
pub const MARK_RUNTIME_MAIN: u8 = 4;
/// The goroutine is about to wait: `runtime.gopark` is on the stack.
pub const MARK_PARK: u8 = 8;

/// Deepest stack walked.
const MAX_FRAMES: usize = 4096;
/// Size of the cache, in slots, before it first grows; a power of two.
const FIRST_SLOTS: usize = 1024;
/// Slots at which the cache is emptied instead of grown (16 MB).
const MAX_SLOTS: usize = 1 << 20;

/// How a walk went. The PCs are in the vector that was passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// Whether the walk reached the function nothing called: `runtime.goexit`, `rt0_go` or `mstart`.
    pub complete: bool,
    /// `MARK_*` bits of all frames.
    pub marks: u8,
}

/// What a function does to the stack pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Plain,
    /// Nothing called it.
    Top,
    SystemStack,
    MoreStack,
    MCall,
}

/// All a walk needs of a PC.
#[derive(Clone, Copy, Debug)]
struct Site {
    /// 0 marks a free slot.
    pc: u64,
    frame_size: u32,
    class: Class,
    marks: u8,
}

const FREE: Site = Site { pc: 0, frame_size: 0, class: Class::Plain, marks: 0 };

/// Walks stacks over [`Tables`], remembering every PC it meets.
#[derive(Clone, Debug)]
pub struct Unwinder {
    tables: Tables,
    scheduler: Option<Scheduler>,
    /// Open addressing, linear probing, a power of two, at most half full.
    slots: Vec<Site>,
    used: usize,
}

impl Unwinder {
    /// An unwinder that stops (`complete: false`) where it would have to leave the scheduler's stack, until it is given
    /// a [`Scheduler`].
    pub fn new(tables: Tables) -> Unwinder {
        Unwinder { tables, scheduler: None, slots: vec![FREE; FIRST_SLOTS], used: 0 }
    }

    /// Lets walks go on from the scheduler's stack (g0) to the goroutine's.
    pub fn set_scheduler(&mut self, scheduler: Scheduler) {
        self.scheduler = Some(scheduler);
    }

    /// The scheduler, once set.
    pub fn scheduler(&self) -> Option<&Scheduler> {
        self.scheduler.as_ref()
    }

    /// The tables.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Replaces the contents of `pcs` by the return PCs of the stack at `sp`, innermost first. At a `gojs` import `sp` is
    /// the import's argument, and the first PC is that of the Go function that called it.
    ///
    /// On the scheduler's stack the walk goes on where it was entered from: below `systemstack` and `morestack` in the
    /// running goroutine, below `mcall` in the goroutine that parked last.
    pub fn walk<M: Memory>(&mut self, sp: u64, memory: &mut M, pcs: &mut Vec<u64>) -> Walk {
        pcs.clear();
        let mut walk = Walk::default();
        walk.complete = self.walk_frames(sp, memory, pcs, &mut walk.marks).is_some();
        walk
    }

    /// `None` where the walk ends before the outermost frame.
    fn walk_frames<M: Memory>(
        &mut self,
        sp: u64,
        memory: &mut M,
        pcs: &mut Vec<u64>,
        marks: &mut u8,
    ) -> Option<()> {
        let (mut pc, mut sp, mut on_g0) = (memory.u64(sp)?, sp.checked_add(8)?, sp < self.tables.data().end);
        while pcs.len() < MAX_FRAMES {
            let mut site = self.site(pc)?;
            if on_g0 && site.class == Class::MoreStack {
                // Go hides it: newstack never returns to it.
                (pc, sp) = self.sched(self.curg(memory)?, memory)?;
                on_g0 = false;
                site = self.site(pc)?;
            }
            pcs.push(pc);
            *marks |= site.marks;
            match site.class {
                Class::Top => return Some(()),
                Class::MCall if on_g0 => {
                    // Not a return address but mcall's argument: the g that has been parked.
                    let g = memory.u64(sp)?;
                    (pc, sp) = self.sched(g, memory)?;
                    on_g0 = false;
                    continue;
                }
                Class::SystemStack if on_g0 => {
                    (_, sp) = self.sched(self.curg(memory)?, memory)?;
                    on_g0 = false;
                }
                _ => {}
            }
            // Stacks grow down, so sp only rises; the three jumps happen at most once. The walk ends.
            let lr = sp.checked_add(u64::from(site.frame_size))?;
            pc = memory.u64(lr)?;
            sp = lr.checked_add(8)?;
        }
        None
    }

    fn curg<M: Memory>(&self, memory: &mut M) -> Option<u64> {
        self.scheduler.as_ref()?.curg(memory)
    }

    /// Where goroutine `g` has left off.
    fn sched<M: Memory>(&self, g: u64, memory: &mut M) -> Option<(u64, u64)> {
        let (pc, sp) = self.scheduler.as_ref()?.sched(g, memory)?;
        (sp >= self.tables.data().end).then_some((pc, sp))
    }

    // Always: the agent is built for size, where a hint is not taken; a walk's time is this and `slot`.
    #[inline(always)]
    fn site(&mut self, pc: u64) -> Option<Site> {
        let mask = self.slots.len() - 1;
        let mut at = slot(pc, mask);
        loop {
            let site = *self.slots.get(at)?;
            if site.pc == pc && pc != 0 {
                return Some(site);
            }
            if site.pc == 0 {
                return self.learn(pc);
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn learn(&mut self, pc: u64) -> Option<Site> {
        let id = self.tables.func(pc)?;
        let site = self.resolve(id, pc)?;
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        self.insert(site);
        self.used += 1;
        Some(site)
    }

    fn resolve(&self, id: FuncId, pc: u64) -> Option<Site> {
        let name = self.tables.name(id)?;
        let top = self.tables.record(id)?.top_frame();
        let class = match name {
            _ if top => Class::Top,
            "runtime.systemstack" => Class::SystemStack,
            "runtime.morestack" => Class::MoreStack,
            "runtime.mcall" => Class::MCall,
            _ => Class::Plain,
        };
        let frame_size = match class {
            // Nothing is read below these.
            Class::Top | Class::MCall | Class::MoreStack => 0,
            _ => self.tables.frame_size(id, pc_b(pc))?,
        };
        let marks = match name {
            "main.main" => MARK_MAIN,
            "runtime.main" => MARK_RUNTIME_MAIN,
            "runtime.gopark" => MARK_PARK,
            _ if is_init(name) && !is_runtime_package(package(name)) => MARK_INIT,
            _ => 0,
        };
        Some(Site { pc, frame_size, class, marks })
    }

    fn grow(&mut self) {
        let len = self.slots.len();
        if len >= MAX_SLOTS {
            self.slots.fill(FREE);
            self.used = 0;
            return;
        }
        let old = core::mem::replace(&mut self.slots, vec![FREE; len * 2]);
        for site in old {
            if site.pc != 0 {
                self.insert(site);
            }
        }
    }

    fn insert(&mut self, site: Site) {
        let mask = self.slots.len() - 1;
        let mut at = slot(site.pc, mask);
        while self.slots[at].pc != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = site;
    }
}

/// Multiplicative (Fibonacci) hashing: `PC_F` and `PC_B` both reach the high bits, which are taken.
#[inline(always)]
fn slot(pc: u64, mask: usize) -> usize {
    (pc.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize & mask
}
