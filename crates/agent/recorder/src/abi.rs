//! Raw exports for the hooks: numbers in, numbers out, texts and rows through one inbox. No wasm-bindgen.
//!
//! Ids are positions handed out by the recorder. Calls with an id that was never handed out do nothing.
#![allow(unsafe_code, reason = "exports, and buffers that JS fills: each with its proof")]
#![allow(
    clippy::too_many_arguments,
    reason = "a call with ten numbers costs less than a structure in memory"
)]

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{LazyCell, RefCell, UnsafeCell};

use gowasm::{Memory, Scheduler};
use protocol::{
    AgentError, Attach, Cause, Mode, NO_NODE, Network, Phase, PhaseKind, Realm, RealmKind, State,
};

use crate::bare::OneThread;
use crate::instance::{Crossing, InstanceState};
use crate::module::{ModuleState, TablesStep};
use crate::{Recorder, Stats, Totals};

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

static RECORDER: OneThread<LazyCell<RefCell<Recorder>>> = OneThread(LazyCell::new(RefCell::default));
static INBOX: OneThread<RefCell<Vec<u8>>> = OneThread(RefCell::new(Vec::new()));
static FRAME: OneThread<RefCell<Vec<u8>>> = OneThread(RefCell::new(Vec::new()));

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
                // SAFETY: plain imports; `peek` reads the target's memory only.
                return Some(unsafe {
                    u64::from(host::peek(low)) | u64::from(host::peek(low.checked_add(4)?)) << 32
                });
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

fn with<T>(work: impl FnOnce(&mut Recorder) -> T) -> Option<T> {
    RECORDER.0.try_borrow_mut().ok().map(|mut recorder| work(&mut recorder))
}

/// The first `len` bytes of the inbox as text, which a `TextEncoder` wrote; empty if it did not.
fn text(len: u32) -> String {
    let inbox = INBOX.0.borrow();
    core::str::from_utf8(inbox.get(..len as usize).unwrap_or_default()).unwrap_or_default().to_owned()
}

/// Address of the stack window, which takes 16,384 bytes.
#[unsafe(no_mangle)]
pub extern "C" fn window() -> *mut u8 {
    BUFFER.0.get().cast()
}

/// Address of an inbox of at least `len` bytes, 8-aligned enough for `f64` rows to be read bytewise; valid until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn inbox(len: u32) -> *mut u8 {
    let mut inbox = INBOX.0.borrow_mut();
    if inbox.len() < len as usize {
        inbox.resize(len as usize, 0);
    }
    inbox.as_mut_ptr()
}

/// Says who and where we are. Inbox: agent version, URL, user agent, separated by NUL. `flags`: 1 late, 2 isolated,
/// 4 runtime traces, 8 sample mode.
#[unsafe(no_mangle)]
pub extern "C" fn hello(len: u32, time_origin: f64, clock_step_ms: f64, flags: u32) {
    let all = text(len);
    let mut parts = all.split('\0').map(str::to_owned);
    with(|recorder| {
        let hello = &mut recorder.hello;
        hello.agent = parts.next().unwrap_or_default();
        hello.url = parts.next().unwrap_or_default();
        hello.user_agent = parts.next().unwrap_or_default();
        hello.time_origin = time_origin;
        hello.clock_step_ms = clock_step_ms;
        hello.attach = if flags & 1 == 0 { Attach::Early } else { Attach::Late };
        hello.cross_origin_isolated = flags & 2 != 0;
        hello.runtime_traces = flags & 4 != 0;
        hello.mode = if flags & 8 == 0 { Mode::Observe } else { Mode::Sample };
        hello.recorder = true;
        recorder.clock.step_ms = clock_step_ms;
    });
}

/// A new realm; returns its id. Inbox: URL. `kind`: 0 window, 1 worker, 2 iframe.
#[unsafe(no_mangle)]
pub extern "C" fn realm(kind: u32, len: u32) -> u32 {
    let url = text(len);
    with(|recorder| {
        let id = recorder.realms.len() as u32;
        let kind = match kind {
            1 => RealmKind::Worker,
            2 => RealmKind::Iframe,
            _ => RealmKind::Window,
        };
        recorder.realms.push(Realm { id, kind, url, ..Realm::default() });
        id
    })
    .unwrap_or(0)
}

/// A new module; returns its id.
#[unsafe(no_mangle)]
pub extern "C" fn module() -> u32 {
    with(|recorder| {
        let id = recorder.modules.len() as u32;
        recorder.modules.push(ModuleState::new(id));
        id
    })
    .unwrap_or(0)
}

fn edit(module: u32, work: impl FnOnce(&mut protocol::Module)) {
    with(|recorder| {
        if let Some(known) = recorder.modules.get_mut(module as usize) {
            work(&mut known.record);
            known.revision += 1;
        }
    });
}

fn edit_network(module: u32, work: impl FnOnce(&mut Network)) {
    edit(module, |record| work(record.network.get_or_insert_default()));
}

/// Sets a text of a module, from the inbox.
#[unsafe(no_mangle)]
pub extern "C" fn module_text(module: u32, field: u32, len: u32) {
    let value = text(len);
    match field {
        0 => edit(module, |m| m.url = value),
        1 => edit(module, |m| m.compiler = value),
        2 => edit(module, |m| m.failure = Some(value)),
        3 => edit_network(module, |n| n.content_type = Some(value)),
        4 => edit_network(module, |n| n.encoding = Some(value)),
        5 => edit_network(module, |n| n.cache = Some(value)),
        6 => edit_network(module, |n| n.fallback = Some(value)),
        _ => {}
    }
}

/// Sets a number of a module: bytes, ms, or 0 and 1.
#[unsafe(no_mangle)]
pub extern "C" fn module_number(module: u32, field: u32, value: f64) {
    match field {
        0 => edit(module, |m| m.bytes = Some(value as u64)),
        1 => edit(module, |m| m.stripped = Some(value != 0.0)),
        2 => edit_network(module, |n| n.ttfb_ms = Some(value)),
        3 => edit_network(module, |n| n.download_ms = Some(value)),
        4 => edit_network(module, |n| n.wire_bytes = Some(value as u64)),
        5 => edit_network(module, |n| n.status = Some(value as u16)),
        6 => edit_network(module, |n| n.streamed = Some(value != 0.0)),
        _ => {}
    }
}

/// Room for `len` bytes of the target's memory from [`tables_next`] on; fill them, then call [`tables_scan`].
#[unsafe(no_mangle)]
pub extern "C" fn tables_room(module: u32, len: u32) -> *mut u8 {
    with(|recorder| {
        let known = recorder.modules.get_mut(module as usize);
        known.map_or(core::ptr::null_mut(), |known| known.tables_room(len as usize).as_mut_ptr())
    })
    .unwrap_or(core::ptr::null_mut())
}

/// Address in the target's memory that the search for tables wants next.
#[unsafe(no_mangle)]
pub extern "C" fn tables_next(module: u32) -> f64 {
    with(|recorder| recorder.modules.get(module as usize).map_or(0.0, |known| known.tables_next() as f64))
        .unwrap_or(0.0)
}

/// 0: bring more, 1: found (also when an earlier instance found them), 2: not a Go module we know, or no room. `t`: now.
#[unsafe(no_mangle)]
pub extern "C" fn tables_scan(module: u32, t: f64) -> u32 {
    with(|recorder| match recorder.tables_scan(module, t) {
        TablesStep::More => 0,
        TablesStep::Found => 1,
        TablesStep::Failed => 2,
    })
    .unwrap_or(2)
}

/// Whether a module's tables are known already.
#[unsafe(no_mangle)]
pub extern "C" fn tables_known(module: u32) -> u32 {
    with(|recorder| u32::from(recorder.modules.get(module as usize).is_some_and(ModuleState::has_tables)))
        .unwrap_or(0)
}

/// Bounds of the memory that [`scheduler`] wants to see: low in the low half, end in the high half. 0: not wanted.
#[unsafe(no_mangle)]
pub extern "C" fn scheduler_bounds(module: u32) -> u64 {
    with(|recorder| {
        let owner = recorder.tables_owner(module);
        let unwinder = recorder.modules.get(owner as usize)?.unwinder.as_ref()?;
        if unwinder.scheduler().is_some() {
            return None;
        }
        let data = unwinder.tables().data();
        Some((data.noptrdata & 0xffff_ffff) | data.end << 32)
    })
    .flatten()
    .unwrap_or(0)
}

/// Looks for m0 and g0 in the inbox, which holds `len` bytes of memory from `addr` on. 1: found.
#[unsafe(no_mangle)]
pub extern "C" fn scheduler(module: u32, addr: u32, len: u32) -> u32 {
    let bytes = INBOX.0.borrow().get(..len as usize).unwrap_or_default().to_vec();
    with(|recorder| {
        let owner = recorder.tables_owner(module);
        let unwinder = recorder.modules.get_mut(owner as usize)?.unwinder.as_mut()?;
        let image = gowasm::Image::new(vec![(u64::from(addr), bytes)]);
        let found = Scheduler::locate(unwinder.tables(), &mut &image).ok()?;
        unwinder.set_scheduler(found);
        Some(1)
    })
    .flatten()
    .unwrap_or(0)
}

/// A new instance of `module`; returns its id.
#[unsafe(no_mangle)]
pub extern "C" fn instance(module: u32, realm: u32) -> u32 {
    with(|recorder| recorder.add_instance(module, realm)).unwrap_or(0)
}

fn edit_instance<T>(instance: u32, work: impl FnOnce(&mut InstanceState) -> T) -> Option<T> {
    with(|recorder| recorder.instances.get_mut(instance as usize).map(work)).flatten()
}

/// A new import, its name in the inbox; returns its position.
#[unsafe(no_mangle)]
pub extern "C" fn import(instance: u32, len: u32) -> u32 {
    let name = text(len);
    edit_instance(instance, |known| known.add_import(name)).unwrap_or(0)
}

/// A new member of `import` whose name lies at `ptr` in the target's memory; returns its position, or -1 where that is no
/// constant of the program.
#[unsafe(no_mangle)]
pub extern "C" fn member(instance: u32, import: u32, ptr: u32, len: u32) -> i32 {
    with(|recorder| {
        let (known, module) = recorder.pair(instance)?;
        let name = core::str::from_utf8(module.constant(ptr, len)?).ok()?;
        known.add_member(import, Some(name.to_owned()))
    })
    .flatten()
    .map_or(-1, |at| at as i32)
}

/// The member of `import` that stands for all without a constant name; returns its position.
#[unsafe(no_mangle)]
pub extern "C" fn dynamic_member(instance: u32, import: u32) -> i32 {
    edit_instance(instance, |known| known.add_member(import, None)).flatten().map_or(-1, |at| at as i32)
}

/// The node of the stack at `sp`, whose first `len` bytes are in the window.
fn read_stack(recorder: &mut Recorder, instance: u32, t: f64, sp: u32, len: u32) -> (u32, u64) {
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
) {
    let member = u32::try_from(member).unwrap_or(protocol::NO_MEMBER);
    with(|recorder| {
        let cap = recorder.sample_cap();
        let (node, goid) = read_stack(recorder, instance, t, sp, len);
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.cross(Crossing { import, member, t, time_ms, weight, bytes, sp }, node, goid, cap);
        }
    });
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

/// A stay in Go. `cause`: 0 run, 1 timer, 2 event, 3 export.
#[unsafe(no_mangle)]
pub extern "C" fn slice(instance: u32, start: f64, end: f64, cause: u32, calls: f64) {
    let cause = match cause {
        0 => Cause::Run,
        1 => Cause::Timer,
        2 => Cause::Event,
        _ => Cause::Export,
    };
    with(|recorder| {
        let cap = recorder.slice_cap();
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.slice(start, end.max(start), cause, calls as u32, cap);
        }
    });
}

/// Sets a phase; `kind` counts from fetch (0) to main (6); NaN `end`: still running.
#[unsafe(no_mangle)]
pub extern "C" fn phase(instance: u32, kind: u32, start: f64, end: f64, exact: u32) {
    let kind = match kind {
        0 => PhaseKind::Fetch,
        1 => PhaseKind::Download,
        2 => PhaseKind::Compile,
        3 => PhaseKind::Instantiate,
        4 => PhaseKind::RuntimeInit,
        5 => PhaseKind::PackageInit,
        _ => PhaseKind::Main,
    };
    let end = (!end.is_nan()).then_some(end);
    edit_instance(instance, |known| known.phase(Phase { kind, start, end, exact: exact != 0 }));
}

/// `run` has returned for the first time.
#[unsafe(no_mangle)]
pub extern "C" fn run_returned(instance: u32, t: f64) {
    edit_instance(instance, |known| known.run_returned(t));
}

/// The program is over.
#[unsafe(no_mangle)]
pub extern "C" fn exit(instance: u32, t: f64, code: i32) {
    edit_instance(instance, |known| known.exit(t, code));
}

/// The page has dropped the program without an exit: it is told once more, as it is now.
#[unsafe(no_mangle)]
pub extern "C" fn gone(instance: u32, t: f64) {
    edit_instance(instance, |known| known.gone(t));
}

/// It never became a program: it is not told any more, and its memory is free.
#[unsafe(no_mangle)]
pub extern "C" fn discard(instance: u32) {
    edit_instance(instance, InstanceState::discard);
}

/// The hooks' counters at `t`. Inbox, all f64: per import calls, bytes and a row of [`Stats`]; per member calls and a row.
#[unsafe(no_mangle)]
pub extern "C" fn totals(
    instance: u32,
    t: f64,
    imports: u32,
    members: u32,
    memory_bytes: f64,
    js_refs: f64,
    bytes_to_go: f64,
    bytes_to_js: f64,
) {
    let mut totals = Totals { t, memory_bytes, js_refs, bytes_to_go, bytes_to_js, ..Totals::default() };
    let inbox = INBOX.0.borrow();
    let mut numbers = inbox.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes));
    let mut next = || numbers.next().unwrap_or(0.0);
    for _ in 0..imports {
        let (calls, bytes) = (next(), next());
        totals.imports.push((calls, bytes, Stats::from_row(&core::array::from_fn(|_| next()))));
    }
    for _ in 0..members {
        let calls = next();
        totals.members.push((calls, Stats::from_row(&core::array::from_fn(|_| next()))));
    }
    with(|recorder| {
        let clock = recorder.clock;
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.totals(&totals, clock);
        }
        recorder.bound();
    });
}

/// State (0 idle, 1 recording, 2 stopped) and own cost in ms; `clock_cost_ms` as calibrated last, and the half-width of
/// its 95 % interval.
#[unsafe(no_mangle)]
pub extern "C" fn status(
    state: u32,
    self_ms: f64,
    wall_ms: f64,
    viewer_ms: f64,
    dropped_frames: f64,
    clock_cost_ms: f64,
    clock_cost_error_ms: f64,
) {
    with(|recorder| {
        let status = &mut recorder.status;
        status.state = match state {
            0 => State::Idle,
            1 => State::Recording,
            _ => State::Stopped,
        };
        (status.self_ms, status.wall_ms, status.viewer_ms) = (self_ms, wall_ms, viewer_ms);
        status.dropped.frames = dropped_frames as u64;
        recorder.clock.cost_ms = clock_cost_ms;
        recorder.clock.cost_error_ms = clock_cost_error_ms;
    });
}

/// A fault of the hooks' own; inbox: where, NUL, message.
#[unsafe(no_mangle)]
pub extern "C" fn error(t: f64, len: u32) {
    let all = text(len);
    let (at, message) = all.split_once('\0').unwrap_or(("", &all));
    with(|recorder| recorder.error(AgentError { t, at: at.to_owned(), message: message.to_owned() }));
}

/// A new reader; returns its id.
#[unsafe(no_mangle)]
pub extern "C" fn reader() -> u32 {
    with(Recorder::add_reader).unwrap_or(0)
}

/// Forgets a reader.
#[unsafe(no_mangle)]
pub extern "C" fn reader_drop(id: u32) {
    with(|recorder| recorder.drop_reader(id));
}

/// Cuts a frame of everything new for a reader; returns its length in bytes, 0 where there is none. It lies at
/// [`frame_ptr`] until [`frame_drop`].
#[unsafe(no_mangle)]
pub extern "C" fn frame(reader: u32, t: f64) -> u32 {
    let bytes = with(|recorder| recorder.frame(reader, t)?.encode().ok()).flatten().unwrap_or_default();
    let len = bytes.len() as u32;
    FRAME.0.replace(bytes);
    len
}

/// Where the last frame lies.
#[unsafe(no_mangle)]
pub extern "C" fn frame_ptr() -> *const u8 {
    FRAME.0.borrow().as_ptr()
}

/// Lets go of the last frame.
#[unsafe(no_mangle)]
pub extern "C" fn frame_drop() {
    FRAME.0.replace(Vec::new());
}

/// Most samples kept; at most the default.
#[unsafe(no_mangle)]
pub extern "C" fn max_samples(most: f64) {
    with(|recorder| recorder.max_samples = Some(most as usize));
}

/// How many Go programs have begun to run.
#[unsafe(no_mangle)]
pub extern "C" fn programs() -> u32 {
    with(|recorder| recorder.instances.iter().filter(|known| known.has_run()).count() as u32).unwrap_or(0)
}

/// Version of the frames.
#[unsafe(no_mangle)]
pub extern "C" fn protocol() -> u32 {
    protocol::VERSION
}

/// Starts over.
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    with(Recorder::clear);
}
