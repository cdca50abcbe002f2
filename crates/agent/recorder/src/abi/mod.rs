//! Raw exports for the hooks: numbers in, numbers out, texts and rows through one inbox. No wasm-bindgen.
//!
//! Ids are positions handed out by the recorder. Calls with an id that was never handed out do nothing.
#![allow(unsafe_code, reason = "exports, and buffers that JS fills: each with its proof")]
#![allow(
    clippy::too_many_arguments,
    reason = "a call with ten numbers costs less than a structure in memory"
)]

mod crossings;
mod held;
mod modules;
mod page;
mod patterns;
mod programs;
mod recording;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{LazyCell, RefCell};

use crate::Recorder;
use crate::bare::OneThread;
use crate::instance::InstanceState;

static RECORDER: OneThread<LazyCell<RefCell<Recorder>>> = OneThread(LazyCell::new(RefCell::default));
static INBOX: OneThread<RefCell<Vec<u8>>> = OneThread(RefCell::new(Vec::new()));

fn with<T>(work: impl FnOnce(&mut Recorder) -> T) -> Option<T> {
    RECORDER.0.try_borrow_mut().ok().map(|mut recorder| work(&mut recorder))
}

/// The first `len` bytes of the inbox as text, which a `TextEncoder` wrote; empty if it did not.
fn text(len: u32) -> String {
    let inbox = INBOX.0.borrow();
    core::str::from_utf8(inbox.get(..len as usize).unwrap_or_default()).unwrap_or_default().to_owned()
}

fn edit_instance<T>(instance: u32, work: impl FnOnce(&mut InstanceState) -> T) -> Option<T> {
    with(|recorder| recorder.instances.get_mut(instance as usize).map(work)).flatten()
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
