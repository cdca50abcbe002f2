//! Where the code came from: realms, modules and their requests.

use super::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One JS realm of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Realm {
    /// Id.
    pub id: u32,
    /// What it is.
    pub kind: RealmKind,
    /// URL of its document or script.
    #[serde(default)]
    pub url: String,
    /// The name it was given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Whether an agent in it has told anything; of others only their existence is known.
    #[serde(default = "yes")]
    pub watched: bool,
    /// Already added to this realm's times here, ms.
    #[serde(default)]
    pub offset_ms: f64,
    /// Half-width of what the offset may be wrong by, ms; `None` where it was not measured.
    #[serde(default)]
    pub offset_error_ms: Option<f64>,
    /// When it was known to be gone, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<f64>,
    /// What it may use; `None` where nothing in it has told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// What a realm may use. `None`: it does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Environment {
    /// `crossOriginIsolated`.
    pub cross_origin_isolated: bool,
    /// Whether there is a `SharedArrayBuffer`.
    pub shared_array_buffer: bool,
    /// Whether a shared `WebAssembly.Memory` can be made.
    pub shared_memory: bool,
    /// Whether there is `Atomics.waitAsync`.
    pub wait_async: bool,
    /// `isSecureContext`.
    pub secure_context: bool,
    /// `originAgentCluster`.
    pub origin_agent_cluster: Option<bool>,
    /// Whether it may start workers.
    pub workers: bool,
    /// Whether its permissions policy allows isolation.
    pub isolation_allowed: Option<bool>,
    /// `navigator.hardwareConcurrency`.
    pub hardware_concurrency: Option<u32>,
    /// Directives of its Content-Security-Policy that have refused something of the profiler's.
    pub refused: Vec<String>,
}

impl Default for Realm {
    fn default() -> Self {
        Self {
            id: 0,
            kind: RealmKind::default(),
            url: String::new(),
            name: String::new(),
            watched: true,
            offset_ms: 0.0,
            offset_error_ms: Some(0.0),
            ended: None,
            environment: None,
        }
    }
}

fn yes() -> bool {
    true
}

words! {
    /// What a realm is.
    RealmKind {
        /// The page itself.
        #[default]
        Window = "window",
        /// A dedicated worker.
        Worker = "worker",
        /// A frame in the page.
        Iframe = "iframe",
        /// A worker that several pages share.
        SharedWorker = "shared-worker",
        /// A worker between pages and network.
        ServiceWorker = "service-worker",
    }
}

words! {
    /// Whose compiler wrote a module, judged by its imports, its exports and what it says itself.
    Compiler {
        /// The Go toolchain.
        Go = "go",
        /// TinyGo.
        Tinygo = "tinygo",
        /// Another.
        #[default]
        Other = "other",
    }
}

/// A module that passed through a WebAssembly entry point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Module {
    /// Id.
    pub id: u32,
    /// Where it came from; empty for bytes.
    pub url: String,
    /// Size, decoded, in bytes.
    pub bytes: Option<u64>,
    /// Whose compiler.
    pub compiler: Compiler,
    /// E.g. `go1.27.3`.
    pub go_version: Option<String>,
    /// TinyGo's own version, e.g. `0.42.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiler_version: Option<String>,
    /// Path of the main package.
    pub path: Option<String>,
    /// Functions in Go's own table.
    pub functions: Option<u32>,
    /// Whether the `name` section is missing.
    pub stripped: Option<bool>,
    /// Build settings, e.g. `-ldflags`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
    /// Facts of the request; `None` where there was none we can see.
    pub network: Option<Network>,
    /// Why it never became an instance, in the engine's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// Facts of a module's request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Network {
    /// Request to first byte, ms.
    pub ttfb_ms: Option<f64>,
    /// First to last byte, ms.
    pub download_ms: Option<f64>,
    /// Bytes on the wire.
    pub wire_bytes: Option<u64>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Encoding`.
    pub encoding: Option<String>,
    /// `Cache-Control`, or how the body was served when from a cache.
    pub cache: Option<String>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Whether it was compiled while it was loading.
    pub streamed: Option<bool>,
    /// Why the page compiled a copy of the bytes after its streaming call failed.
    pub fallback: Option<String>,
}
