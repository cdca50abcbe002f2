//! Modules: what is known of them, and their tables.

use alloc::vec;

use gowasm::Scheduler;
use protocol::Network;

use super::crossings::Beyond;
use super::{INBOX, text, with};
use crate::module::{ModuleState, TablesStep};

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
        7 => edit(module, |m| match m.compiler.as_str() {
            // Its own tables say it better, and are read later.
            "go" => m.go_version = Some(value),
            _ => m.compiler_version = Some(value),
        }),
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

/// Looks for m0, g0 and the list of goroutines in the inbox, which holds `len` bytes of memory from `addr` on. 1: found.
#[unsafe(no_mangle)]
pub extern "C" fn scheduler(module: u32, addr: u32, len: u32) -> u32 {
    let bytes = INBOX.0.borrow().get(..len as usize).unwrap_or_default().to_vec();
    with(|recorder| {
        let owner = recorder.tables_owner(module);
        let known = recorder.modules.get_mut(owner as usize)?;
        let unwinder = known.unwinder.as_mut()?;
        let image = gowasm::Image::new(vec![(u64::from(addr), bytes)]);
        let found = Scheduler::locate(unwinder.tables(), &mut &image).ok()?;
        known.allgs = found.find_allgs(unwinder.tables(), &mut Beyond(&image));
        unwinder.set_scheduler(found);
        Some(1)
    })
    .flatten()
    .unwrap_or(0)
}
