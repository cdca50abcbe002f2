//! Programs: their imports, members, phases, stays in Go and counters.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use protocol::{Attach, Cause, Phase, PhaseKind};

use super::crossings::Beyond;
use super::{INBOX, edit_instance, text, with};
use crate::instance::InstanceState;
use crate::{Stats, Totals};

/// A new instance of `module`; returns its id.
#[unsafe(no_mangle)]
pub extern "C" fn instance(module: u32, realm: u32) -> u32 {
    with(|recorder| recorder.add_instance(module, realm)).unwrap_or(0)
}

/// The program has been running since before the agent came.
#[unsafe(no_mangle)]
pub extern "C" fn late(instance: u32) {
    edit_instance(instance, |known| known.attach = Attach::Late);
}

/// Which import the code at return address `high << 32 | low` has called, by the function that it lies in; only of those
/// that look at memory. 1 valueGet, 2 valueSet, 3 valueDelete, 4 valueCall, 5 stringVal, 6 valueLoadString,
/// 7 copyBytesToGo, 8 copyBytesToJS; 0 another.
#[unsafe(no_mangle)]
pub extern "C" fn call_site(instance: u32, low: u32, high: u32) -> u32 {
    with(|recorder| {
        let (_, module) = recorder.pair(instance)?;
        let tables = module.unwinder.as_ref()?.tables();
        let name = tables.name(tables.func(u64::from(high) << 32 | u64::from(low))?)?;
        let at = CALLERS.iter().position(|caller| name.strip_prefix("syscall/js.") == Some(*caller))?;
        Some(at as u32 + 1)
    })
    .flatten()
    .unwrap_or(0)
}

/// Go 1.21-1.27, `syscall/js/js.go`.
const CALLERS: [&str; 8] = [
    "Value.Get",
    "Value.Set",
    "Value.Delete",
    "Value.Call",
    "ValueOf",
    "jsString",
    "CopyBytesToGo",
    "CopyBytesToJS",
];

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

/// A member of `import` by its name, which is in the inbox; returns its position, -1 where there is no room or no name.
#[unsafe(no_mangle)]
pub extern "C" fn member_named(instance: u32, import: u32, len: u32) -> i32 {
    let name = text(len);
    edit_instance(instance, |known| known.name_member(import, name)).flatten().map_or(-1, |at| at as i32)
}

/// The member of `import` that stands for all without a constant name; returns its position.
#[unsafe(no_mangle)]
pub extern "C" fn dynamic_member(instance: u32, import: u32) -> i32 {
    edit_instance(instance, |known| known.add_member(import, None)).flatten().map_or(-1, |at| at as i32)
}

/// A stay in Go. `cause`: 0 run, 1 timer, 2 event, 3 export.
#[unsafe(no_mangle)]
pub extern "C" fn slice(instance: u32, start: f64, end: f64, cause: u32, calls: f64) {
    let cause = cause_of(cause);
    with(|recorder| {
        let cap = recorder.slice_cap();
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.slice(start, end.max(start), cause, calls as u32, cap);
        }
    });
}

/// The stay in Go that has not ended; NaN `start`: there is none.
#[unsafe(no_mangle)]
pub extern "C" fn inside(instance: u32, start: f64, cause: u32) {
    let open = (!start.is_nan()).then(|| (start, cause_of(cause)));
    edit_instance(instance, |known| known.open = open);
}

fn cause_of(cause: u32) -> Cause {
    match cause {
        0 => Cause::Run,
        1 => Cause::Timer,
        2 => Cause::Event,
        _ => Cause::Export,
    }
}

/// Sets a phase; `kind` counts from fetch (0) to run (7); NaN `end`: still running.
#[unsafe(no_mangle)]
pub extern "C" fn phase(instance: u32, kind: u32, start: f64, end: f64, exact: u32) {
    let kind = match kind {
        0 => PhaseKind::Fetch,
        1 => PhaseKind::Download,
        2 => PhaseKind::Compile,
        3 => PhaseKind::Instantiate,
        4 => PhaseKind::RuntimeInit,
        5 => PhaseKind::PackageInit,
        6 => PhaseKind::Main,
        _ => PhaseKind::Run,
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

/// A line of the program's stderr, in the inbox without its newline, complete at `t`. `keep` 1: what it tells is wanted.
/// 1: it is one of the runtime's traces.
#[unsafe(no_mangle)]
pub extern "C" fn trace(instance: u32, t: f64, len: u32, keep: u32) -> u32 {
    let line = text(len);
    edit_instance(instance, |known| known.trace(t, &line, keep != 0)).map_or(0, u32::from)
}

/// How many goroutines there are now, NaN unknown.
#[unsafe(no_mangle)]
pub extern "C" fn goroutines(instance: u32) -> f64 {
    let nothing = gowasm::Image::new(Vec::new());
    with(|recorder| recorder.pair(instance)?.1.goroutines(&mut Beyond(&nothing)))
        .flatten()
        .map_or(f64::NAN, f64::from)
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
    js_heap_bytes: f64,
    goroutines: f64,
    bytes_to_go: f64,
    bytes_to_js: f64,
) {
    let mut totals = Totals {
        t,
        memory_bytes,
        js_refs,
        js_heap_bytes,
        funcs: f64::NAN,
        goroutines,
        bytes_to_go,
        bytes_to_js,
        ..Totals::default()
    };
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
        let nothing = gowasm::Image::new(Vec::new());
        totals.funcs = recorder.live_funcs(instance, &totals, &mut Beyond(&nothing));
        let clock = recorder.clock;
        if let Some(known) = recorder.instances.get_mut(instance as usize) {
            known.totals(&totals, clock);
        }
        recorder.bound();
    });
}

/// How many Go programs have begun to run.
#[unsafe(no_mangle)]
pub extern "C" fn programs() -> u32 {
    with(|recorder| recorder.instances.iter().filter(|known| known.has_run()).count() as u32).unwrap_or(0)
}
