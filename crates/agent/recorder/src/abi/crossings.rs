//! Crossings and what else is told with a Go stack, which lies in the window.

use core::cell::UnsafeCell;

use gowasm::Memory;
use protocol::NO_NODE;

use super::with;
use crate::Recorder;
use crate::bare::OneThread;
use crate::instance::Crossing;

/// Most bytes of a stack that are here at once.
const WINDOW: usize = 16_384;
/// Bytes fetched when a walk leaves the window.
const PIECE: u32 = 4096;
/// How far above the window an address is still taken to belong to the same stack.
const STACK_REACH: u64 = 256 << 10;

mod host {
    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        /// Copies up to `len` bytes of the target's memory at `addr` into the window; returns how many.
        pub fn fill(addr: u32, len: u32) -> u32;
        /// The u32 at `addr` of the target's memory, 0 beyond its end.
        pub fn peek(addr: u32) -> u32;
    }
}

/// No reference into it is ever made: the hooks write here, and so does the import `fill`, in the middle of a walk.
static BUFFER: OneThread<UnsafeCell<[u8; WINDOW]>> = OneThread(UnsafeCell::new([0; WINDOW]));

/// The target's memory: what the window holds, more of the same stack by `fill`, single words by `peek`.
struct Live {
    base: u64,
    len: u64,
}

impl Memory for Live {
    // Always: see `Unwinder::site`.
    #[inline(always)]
    fn u64(&mut self, addr: u64) -> Option<u64> {
        let mut at = addr.wrapping_sub(self.base);
        if at.checked_add(8).is_none_or(|end| end > self.len) {
            let low = u32::try_from(addr).ok()?;
            if at > STACK_REACH {
                return peek(addr);
            }
            // SAFETY: `fill` writes at most PIECE <= WINDOW bytes to BUFFER, into which no reference is held here.
            self.len = u64::from(unsafe { host::fill(low, PIECE) }).min(WINDOW as u64);
            self.base = addr;
            at = 0;
            if self.len < 8 {
                return None;
            }
        }
        // SAFETY: `at + 8 <= self.len <= WINDOW`, and nothing writes to BUFFER during this read.
        Some(u64::from_le(unsafe {
            BUFFER.0.get().cast::<u8>().add(at as usize).cast::<u64>().read_unaligned()
        }))
    }
}

/// The target's memory, of which a copy of one piece is here; the rest by `peek`.
pub(super) struct Beyond<'a>(pub &'a gowasm::Image);

impl Memory for Beyond<'_> {
    fn u64(&mut self, addr: u64) -> Option<u64> {
        self.0.u64(addr).ok().or_else(|| peek(addr))
    }
}

fn peek(addr: u64) -> Option<u64> {
    let low = u32::try_from(addr).ok()?;
    // SAFETY: a plain import; it reads the target's memory only.
    Some(unsafe { u64::from(host::peek(low)) | u64::from(host::peek(low.checked_add(4)?)) << 32 })
}

/// Address of the stack window, which takes 16,384 bytes.
#[unsafe(no_mangle)]
pub extern "C" fn window() -> *mut u8 {
    BUFFER.0.get().cast()
}

/// The node of the stack at `sp`, whose first `len` bytes are in the window.
pub(super) fn read_stack(recorder: &mut Recorder, instance: u32, t: f64, sp: u32, len: u32) -> (u32, u64) {
    let Some((known, module)) = recorder.pair(instance) else { return (NO_NODE, 0) };
    let Some(unwinder) = module.unwinder.as_mut() else { return (NO_NODE, 0) };
    let mut memory = Live { base: u64::from(sp), len: u64::from(len).min(WINDOW as u64) };
    let node = known.stack(unwinder, t, sp, &mut memory);
    let goid = unwinder.scheduler().and_then(|scheduler| {
        let g = scheduler.current_g(u64::from(sp), &mut memory)?;
        scheduler.goid(g, &mut memory)
    });
    (node, goid.unwrap_or(0))
}

/// Keeps a sampled crossing. Times in ms, NaN: not known; `member` -1: none. The window holds `len` bytes from `sp` on.
/// Returns the node of its stack.
#[unsafe(no_mangle)]
pub extern "C" fn cross(
    instance: u32,
    import: u32,
    member: i32,
    t: f64,
    time_ms: f64,
    weight: f64,
    bytes: f64,
    sp: u32,
    len: u32,
) -> u32 {
    let member = u32::try_from(member).unwrap_or(protocol::NO_MEMBER);
    with(|recorder| {
        let cap = recorder.sample_cap();
        let (node, goid) = read_stack(recorder, instance, t, sp, len);
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.cross(Crossing { import, member, t, time_ms, weight, bytes, sp }, node, goid, cap);
        }
        node
    })
    .unwrap_or(NO_NODE)
}

/// Reads a stack for what it tells of start-up only. Returns all `MARK_*` bits seen so far.
#[unsafe(no_mangle)]
pub extern "C" fn marks(instance: u32, t: f64, sp: u32, len: u32) -> u32 {
    with(|recorder| {
        read_stack(recorder, instance, t, sp, len);
        recorder.instances.get(instance as usize).map_or(0, |known| u32::from(known.marks()))
    })
    .unwrap_or(0)
}

/// A cycle of the garbage collector begins, in the stack at `sp`.
#[unsafe(no_mangle)]
pub extern "C" fn gc_trigger(instance: u32, t: f64, sp: u32, len: u32) {
    with(|recorder| {
        let (node, _) = read_stack(recorder, instance, t, sp, len);
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.gc_trigger(t, node);
        }
    });
}

/// A growth of linear memory from `from` to `to` bytes, asked for by the stack at `sp`.
#[unsafe(no_mangle)]
pub extern "C" fn grow(instance: u32, t: f64, from: f64, to: f64, sp: u32, len: u32) {
    with(|recorder| {
        let (node, _) = read_stack(recorder, instance, t, sp, len);
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.grow(t, from, to, node);
        }
    });
}
