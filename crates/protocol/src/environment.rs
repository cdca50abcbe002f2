//! What a realm may share with workers.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// What a realm may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Bits of [`feature`].
    pub features: u32,
    /// `navigator.hardwareConcurrency`; 0: not told.
    pub cores: u32,
    /// Directives of its Content-Security-Policy that have refused something of the profiler's, each once.
    pub refused: Vec<String>,
}

/// Bits of [`Environment::features`].
pub mod feature {
    /// `crossOriginIsolated`.
    pub const ISOLATED: u32 = 1;
    /// There is a `SharedArrayBuffer`.
    pub const SHARED_BUFFER: u32 = 1 << 1;
    /// A shared `WebAssembly.Memory` can be made.
    pub const SHARED_MEMORY: u32 = 1 << 2;
    /// There is `Atomics.waitAsync`.
    pub const WAIT_ASYNC: u32 = 1 << 3;
    /// `isSecureContext`.
    pub const SECURE: u32 = 1 << 4;
    /// `originAgentCluster`.
    pub const ORIGIN_KEYED: u32 = 1 << 5;
    /// The realm tells `originAgentCluster`.
    pub const TELLS_ORIGIN_KEYED: u32 = 1 << 6;
    /// It may start workers.
    pub const WORKERS: u32 = 1 << 7;
    /// It tells whether its permissions policy allows isolation.
    pub const TELLS_ALLOWED: u32 = 1 << 8;
    /// Its permissions policy allows isolation.
    pub const ALLOWED: u32 = 1 << 9;
}
