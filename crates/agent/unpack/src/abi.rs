//! What the hooks call.
//!
//! ```js
//! new Uint8Array(memory.buffer).set(packed, unpack_input(packed.length));
//! const ptr = unpack_run(); // 0: not LZMA
//! const module = new Uint8Array(memory.buffer, ptr, unpack_len());
//! ```

// Fixed export names need `#[unsafe(no_mangle)]`. Proof: all begin with `unpack_`, which no other crate here and no symbol
// of libc or compiler-rt does. There is no unsafe block: pointers are given out, never taken.
#![allow(unsafe_code, reason = "the proof stands above")]

use alloc::{vec, vec::Vec};
use core::cell::RefCell;

use crate::bare::OneThread;

static PACKED: OneThread<RefCell<Vec<u8>>> = OneThread(RefCell::new(Vec::new()));
static UNPACKED: OneThread<RefCell<Vec<u8>>> = OneThread(RefCell::new(Vec::new()));

/// Room for `len` bytes of a `.lzma` file; gives its address.
#[unsafe(no_mangle)]
pub extern "C" fn unpack_input(len: usize) -> usize {
    let mut packed = PACKED.0.borrow_mut();
    *packed = vec![0; len];
    packed.as_ptr().addr()
}

/// Unpacks the input; gives the address of what was in it, 0 if it is no `.lzma` file.
#[unsafe(no_mangle)]
pub extern "C" fn unpack_run() -> usize {
    let Some(unpacked) = crate::unpack(&PACKED.0.borrow()) else { return 0 };
    let at = unpacked.as_ptr().addr();
    UNPACKED.0.replace(unpacked);
    at
}

/// Its length, bytes.
#[unsafe(no_mangle)]
pub extern "C" fn unpack_len() -> usize {
    UNPACKED.0.borrow().len()
}
