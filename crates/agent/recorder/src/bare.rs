//! What std would bring, cut down to the page's needs: memory, the end of a panic, statics.
#![allow(unsafe_code, reason = "the static's proof stands beside it")]

use core::panic::PanicInfo;

/// The allocator that std has inside on wasm.
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// A bug of ours ends in a trap, which the hooks catch. The message is not looked at, so that link-time optimisation drops
/// texts of panics and what formats them, floats included.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// A static of a module that has one thread.
pub struct OneThread<T>(pub T);

#[cfg(target_feature = "atomics")]
compile_error!("OneThread needs a module with one thread");

// SAFETY: without atomics wasm memory cannot be shared, so no other thread ever sees the value.
unsafe impl<T> Sync for OneThread<T> {}
