//! The core of the profiling agent: session and report for scripts in the page, loaded on the first call of `stop()`,
//! `snapshot()`, `export()` or `report()`. It is a reader of frames like the app, with no UI. What `export()` gives is
//! compressed by the engine.
//!
//! Raw exports, no bindings: the caller is the agent's own JavaScript. Input goes into a buffer from
//! [`core_alloc`]; every call leaves its result, or on a nonzero return the error's text, at [`core_result_ptr`],
//! [`core_result_len`] until the next call.
//!
//! ```js
//! const ptr = core_alloc(frame.length);
//! new Uint8Array(memory.buffer, ptr, frame.length).set(frame);
//! const failed = core_apply(ptr, frame.length);
//! core_free(ptr, frame.length);
//! ```

// Fixed export names need `#[unsafe(no_mangle)]`. Proof: all begin with `core_`, which no other crate here and no
// symbol of libc or compiler-rt does. There is no unsafe block: pointers given to the caller are those of buffers
// kept here, and pointers that come back are looked up, never followed.
#![allow(unsafe_code)]

use session::{Error, Recording};
use std::cell::RefCell;

/// Most bytes of one input. The read-only tables of the largest Go modules are tens of MB.
const MAX_INPUT: usize = 512 << 20;

#[derive(Default)]
struct Core {
    recording: Recording,
    inputs: Vec<Vec<u8>>,
    result: Vec<u8>,
}

impl Core {
    fn leave(&mut self, result: Result<Vec<u8>, String>) -> i32 {
        let failed = result.is_err();
        self.result = result.unwrap_or_else(String::into_bytes);
        i32::from(failed)
    }
}

thread_local! {
    static CORE: RefCell<Core> = RefCell::default();
}

fn with<T>(act: impl FnOnce(&mut Core) -> T) -> T {
    CORE.with_borrow_mut(act)
}

fn input(inputs: &[Vec<u8>], ptr: usize, len: usize) -> Option<&[u8]> {
    inputs.iter().find(|input| input.as_ptr().addr() == ptr)?.get(..len)
}

fn no_buffer(ptr: usize, len: usize) -> String {
    format!("no buffer of {len} bytes at {ptr:#x}")
}

fn words(error: Error) -> String {
    error.to_string()
}

/// A buffer of `len` bytes for the caller to fill, or 0 where that is too much.
#[unsafe(no_mangle)]
pub extern "C" fn core_alloc(len: usize) -> usize {
    let mut input = Vec::new();
    if len > MAX_INPUT || input.try_reserve_exact(len.max(1)).is_err() {
        return 0;
    }
    input.resize(len.max(1), 0);
    let ptr = input.as_mut_ptr().expose_provenance();
    with(|core| core.inputs.push(input));
    ptr
}

/// Gives a buffer back.
#[unsafe(no_mangle)]
pub extern "C" fn core_free(ptr: usize, _len: usize) {
    with(|core| core.inputs.retain(|input| input.as_ptr().addr() != ptr));
}

/// Applies the frame in a buffer.
#[unsafe(no_mangle)]
pub extern "C" fn core_apply(ptr: usize, len: usize) -> i32 {
    with(|core| {
        let applied = match input(&core.inputs, ptr, len) {
            Some(frame) => core.recording.apply_bytes(frame).map_err(words),
            None => Err(no_buffer(ptr, len)),
        };
        core.leave(applied.map(|()| Vec::new()))
    })
}

/// The session as JSON, findings included.
#[unsafe(no_mangle)]
pub extern "C" fn core_session_json() -> i32 {
    with(|core| {
        core.recording.judge();
        let json = session::file::to_json(core.recording.session()).map_err(words);
        core.leave(json)
    })
}

/// The report, in lines of at most `width` columns where the words allow.
#[unsafe(no_mangle)]
pub extern "C" fn core_report(width: usize) -> i32 {
    with(|core| {
        let report = session::brief_report(core.recording.session(), width);
        core.leave(Ok(report.into_bytes()))
    })
}

/// Where the result of the last call is.
#[unsafe(no_mangle)]
pub extern "C" fn core_result_ptr() -> usize {
    with(|core| core.result.as_ptr().expose_provenance())
}

/// How many bytes it has.
#[unsafe(no_mangle)]
pub extern "C" fn core_result_len() -> usize {
    with(|core| core.result.len())
}
