//! The frame and its parts. Struct-of-arrays where rows are many; every column of a table has the same length.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{Environment, Held, Page, Patterns};

/// Parent of a root [`Node`].
pub const NO_PARENT: u32 = u32::MAX;
/// [`Samples::node`] of a crossing whose stack could not be read.
pub const NO_NODE: u32 = u32::MAX;
/// A PC, no function's, at the root of a stack whose outer callers could not be read.
pub const CALLERS_UNKNOWN: u64 = 0;
/// [`Samples::member`] of a crossing that names no JS member.
pub const NO_MEMBER: u32 = u32::MAX;

/// Everything new since this reader's previous frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The realm whose agent tells: 0 for the page's own, which begins a recording and numbers the others. Each has ids of
    /// its own for all but realms, and a `seq` of its own.
    pub source: u32,
    /// Counts up by one per frame and reader; the viewer acknowledges it.
    pub seq: u32,
    /// When the frame was taken.
    pub t: f64,
    /// In a reader's first frame.
    pub hello: Option<Hello>,
    /// The agent's own state and cost.
    pub status: Status,
    /// Realms that are new or have changed. The page's agent tells all but the offsets of other sources, and each of those
    /// its own.
    pub realms: Vec<Realm>,
    /// Modules that are new or have changed, each whole.
    pub modules: Vec<Module>,
    /// Read-only tables of modules, once per module; modules with the same refer to one: [`Module::tables_of`].
    pub tables: Vec<ModuleTables>,
    /// Instances that have something to add.
    pub instances: Vec<Instance>,
    /// What the page adds.
    pub page: Page,
}

/// Who speaks, from where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// Release of the agent.
    pub agent: String,
    /// URL of the page.
    pub url: String,
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `performance.timeOrigin`, ms since the Unix epoch.
    pub time_origin: f64,
    /// Before or after the Go program started.
    pub attach: Attach,
    /// How the module is watched.
    pub mode: Mode,
    /// Smallest step of `performance.now()` seen, in ms.
    pub clock_step_ms: f64,
    /// `crossOriginIsolated`.
    pub cross_origin_isolated: bool,
    /// Whether the Go runtime was asked to trace itself.
    pub runtime_traces: bool,
    /// Whether the agent's WebAssembly part runs (a page's CSP may forbid it; then there are no stacks).
    pub recorder: bool,
}

/// When the agent came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attach {
    /// Before the Go program: everything is seen.
    #[default]
    Early,
    /// On a running page: figures count from then on.
    Late,
}

/// How the module is watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Nothing in the module is changed.
    #[default]
    Observe,
    /// The module is rewritten before compilation.
    Sample,
}

/// What the agent is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Installed, not recording.
    Idle,
    /// Recording.
    #[default]
    Recording,
    /// Stopped by `stop()`.
    Stopped,
}

/// The agent's own state and cost; totals since the recording began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// What it is doing.
    pub state: State,
    /// Whether Go is in the page though no program was found: its glue, or a function of a program's.
    pub go_seen: bool,
    /// Estimated cost of the agent to the target, in ms: calibrated cost per wrapped call plus timed own work.
    pub self_ms: f64,
    /// Wall time of the recording, in ms.
    pub wall_ms: f64,
    /// The viewer's own frame work, in ms, where it shares the target's thread.
    pub viewer_ms: f64,
    /// What was thrown away, by kind.
    pub dropped: Dropped,
    /// Faults inside the agent since the previous frame: swallowed, never passed to the page.
    pub errors: Vec<AgentError>,
}

/// Counts of what was thrown away because a cap was reached; totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Sampled crossings.
    pub samples: u64,
    /// Frames coalesced because the viewer was slow.
    pub frames: u64,
    /// Slices.
    pub slices: u64,
    /// Lines of runtime traces.
    pub traces: u64,
    /// Probes, long tasks, marks and measures of the page.
    pub page: u64,
}

/// A fault inside the agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AgentError {
    /// When.
    pub t: f64,
    /// Which of our hooks.
    pub at: String,
    /// The message.
    pub message: String,
}

/// One JS realm of the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Realm {
    /// Id, unique in the recording: the `source` of its frames.
    pub id: u32,
    /// What it is.
    pub kind: RealmKind,
    /// URL of its document or script.
    pub url: String,
    /// The name it was given; empty for none.
    pub name: String,
    /// Whether an agent is in it.
    pub watched: bool,
    /// Add to this realm's times to get the recording's, ms.
    pub offset_ms: f64,
    /// Half-width of what the offset may be wrong by, ms; NaN while it was not measured.
    pub offset_error_ms: f64,
    /// When it was known to be gone, in the recording's time.
    pub ended: Option<f64>,
    /// What it may use, where an agent in it has told.
    pub environment: Option<Environment>,
}

/// What a realm is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RealmKind {
    /// The page itself.
    #[default]
    Window,
    /// A dedicated worker.
    Worker,
    /// A frame in the page.
    Iframe,
    /// A worker that several pages share: it is named, and not watched.
    SharedWorker,
    /// A worker between pages and network: it is named, and not watched.
    ServiceWorker,
}

/// A module that passed through a WebAssembly entry point, whether or not it is Go's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Module {
    /// Id, unique in the recording.
    pub id: u32,
    /// Where it came from; empty for bytes.
    pub url: String,
    /// Size of the module, decoded, in bytes; `None` where we may not know it.
    pub bytes: Option<u64>,
    /// `go`, `tinygo` or `other`, judged by its imports, its exports and its `producers` section.
    pub compiler: String,
    /// `runtime.buildVersion`, e.g. `go1.27.3`.
    pub go_version: Option<String>,
    /// TinyGo's own version where the `producers` section tells it, e.g. `0.42.0`.
    pub compiler_version: Option<String>,
    /// Whether the `name` section is missing; `None` where it was not looked at.
    pub stripped: Option<bool>,
    /// Facts of the request, where there was one we can see.
    pub network: Option<Network>,
    /// Why the module never became an instance, in the engine's words.
    pub failure: Option<String>,
    /// The module whose tables are this one's too, byte for byte; its own are not told then.
    pub tables_of: Option<u32>,
}

/// Facts of a module's request, from Resource Timing and the response's headers. Unknown is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// A module's read-only tables, copied from live memory, and where they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleTables {
    /// The module.
    pub module: u32,
    /// Pieces of memory: `[rodata, noptrdata)` and the `moduledata` struct.
    pub segments: Vec<Segment>,
    /// Address of `runtime.firstmoduledata`.
    pub moduledata: u64,
}

/// A piece of linear memory.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Address of the first byte.
    pub addr: u64,
    /// The bytes.
    #[serde(with = "byte_string")]
    pub bytes: Vec<u8>,
}

impl core::fmt::Debug for Segment {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Segment({:#x}, {} bytes)", self.addr, self.bytes.len())
    }
}

/// What an instance adds. Tables named "appended" continue where the reader's copy ends; those named "whole" replace it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Id, unique in the recording.
    pub id: u32,
    /// Its module.
    pub module: u32,
    /// Its realm.
    pub realm: u32,
    /// When the agent came to it.
    pub attach: Attach,
    /// Set once the program has exited.
    pub exit_code: Option<i32>,
    /// Whole; ordered by start.
    pub phases: Vec<Phase>,
    /// New or changed rows, each with its position; names never change. Ids in `Samples` and `Series` are positions here.
    pub imports: Vec<(u32, Import)>,
    /// New or changed rows, each with its position; names never change. Ids in `Samples` are positions here.
    pub members: Vec<(u32, Member)>,
    /// Appended: distinct return PCs (`PC_F << 16 | PC_B`).
    pub pcs: Vec<u64>,
    /// Appended: distinct stacks.
    pub nodes: Vec<Node>,
    /// Appended.
    pub samples: Samples,
    /// Appended.
    pub series: Series,
    /// Appended.
    pub slices: Slices,
    /// Whole: begin and cause of the outermost stay in Go that has not ended.
    pub open: Option<(f64, Cause)>,
    /// Appended.
    pub grows: Grows,
    /// New or changed rows, each with its position.
    pub gc: Vec<(u32, Gc)>,
    /// Appended.
    pub inits: Vec<Init>,
    /// JSON, copies, bursts and timers.
    pub patterns: Patterns,
    /// JS values and functions that it holds.
    pub held: Held,
}

/// A part of start-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Which.
    pub kind: PhaseKind,
    /// Begin.
    pub start: f64,
    /// End; `None` while it runs.
    pub end: Option<f64>,
    /// `false` for a bound.
    pub exact: bool,
}

/// The parts of start-up, in the order they usually come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PhaseKind {
    /// Request to first byte.
    #[default]
    Fetch,
    /// First to last byte.
    Download,
    /// Engine compiles.
    Compile,
    /// Engine links and initialises memory.
    Instantiate,
    /// Go's runtime starts.
    RuntimeInit,
    /// Package variables and `init` functions.
    PackageInit,
    /// `main.main`.
    Main,
    /// TinyGo's `_start`, which is all of the three above at once, up to its first return.
    Run,
}

/// Calls and time of one import or member; totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Exact.
    pub calls: u64,
    /// Estimated time of all calls, clock cost and re-entered Go taken out, ms. Meaningless when `timed_calls` is 0.
    pub time_ms: f64,
    /// Half-width of the 95 % interval of `time_ms`.
    pub time_error_ms: f64,
    /// How many calls were timed.
    pub timed_calls: u64,
}

/// One import of the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// `syscall/js.valueCall`, or `module.name` for a `//go:wasmimport`.
    pub name: String,
    /// Calls and time.
    pub tally: Tally,
    /// Bytes copied, exact; `None` for imports that copy none we can know.
    pub bytes: Option<u64>,
}

/// One JS member used by an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Position in `imports`.
    pub import: u32,
    /// Its name where that is a constant of the program, else `None`: all others together.
    pub name: Option<String>,
    /// Calls and time.
    pub tally: Tally,
}

/// A stack: one return PC and the rest of the stack below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Position of the caller's node, [`NO_PARENT`] at the root.
    pub parent: u32,
    /// Position in `pcs`.
    pub pc: u32,
}

/// Sampled crossings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Samples {
    /// When the crossing began.
    pub t: Vec<f64>,
    /// Stack: the leaf's position in `nodes`, or [`NO_NODE`].
    pub node: Vec<u32>,
    /// Position in `imports`.
    pub import: Vec<u32>,
    /// Position in `members`, or [`NO_MEMBER`].
    pub member: Vec<u32>,
    /// How many crossings it stands for.
    pub weight: Vec<f32>,
    /// Its own time in ms, clock cost and re-entered Go taken out; may be below 0 by the clock's cost. NaN: not timed.
    pub time_ms: Vec<f32>,
    /// Bytes it copied; NaN where the import copies none we can know.
    pub bytes: Vec<f64>,
    /// Goroutine; 0 unknown.
    pub goid: Vec<u64>,
}

/// Buckets of counters. `t[i]` ends bucket i.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Ends of the buckets.
    pub t: Vec<f64>,
    /// Per import (position in `imports`), calls in each bucket.
    pub calls: Vec<Vec<u32>>,
    /// Per import, estimated ms in each bucket.
    pub time_ms: Vec<Vec<f32>>,
    /// Bytes into Go.
    pub bytes_to_go: Vec<f64>,
    /// Bytes out of Go.
    pub bytes_to_js: Vec<f64>,
    /// `mem.buffer.byteLength` at `t[i]`.
    pub memory_bytes: Vec<f64>,
    /// JS values Go holds at `t[i]`; NaN unknown.
    pub js_refs: Vec<f64>,
    /// `js.Func` made and not released at `t[i]`; NaN unknown.
    pub funcs: Vec<f64>,
    /// The JS heap of the whole page at `t[i]`, as the engine tells it: coarse, and nothing of Go's; NaN unknown.
    pub js_heap_bytes: Vec<f64>,
    /// Goroutines at `t[i]`; NaN unknown.
    pub goroutines: Vec<f64>,
}

/// Outermost stays of the thread in Go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slices {
    /// Begin.
    pub start: Vec<f64>,
    /// End.
    pub end: Vec<f64>,
    /// What began it.
    pub cause: Vec<Cause>,
    /// Estimated time in imports inside, ms.
    pub bridge_ms: Vec<f32>,
    /// Crossings inside, exact.
    pub calls: Vec<u32>,
}

/// What entered Go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The `run` export.
    #[default]
    Run,
    /// A timer the Go scheduler set.
    Timer,
    /// A JS event: a `js.Func` was called.
    Event,
    /// A `//go:wasmexport`.
    Export,
}

/// Growths of linear memory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grows {
    /// When.
    pub t: Vec<f64>,
    /// Bytes before.
    pub from_bytes: Vec<f64>,
    /// Bytes after.
    pub to_bytes: Vec<f64>,
    /// Who asked: position in `nodes`, or [`NO_NODE`].
    pub node: Vec<u32>,
}

/// A cycle of Go's garbage collector that has ended, as the runtime's own traces tell it. NaN: not told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gc {
    /// Counts the program's cycles from 1.
    pub number: u32,
    /// Begin.
    pub t: f64,
    /// By the runtime's clock: both pauses and what is between them.
    pub duration_ms: f64,
    /// The pauses: sweep termination and mark termination.
    pub pause_ms: [f64; 2],
    /// Heap when the cycle began, and when it ended.
    pub heap_trigger_bytes: f64,
    /// See `heap_trigger_bytes`.
    pub heap_end_bytes: f64,
    /// What it found alive, whole MB.
    pub heap_live_mb: f64,
    /// Goal for the heap, whole MB.
    pub goal_mb: f64,
    /// Asked for by `runtime.GC`.
    pub forced: bool,
    /// What allocated when it began: position in `nodes`, or [`NO_NODE`].
    pub node: u32,
}

/// Initialisation of one package, as the runtime's own traces tell it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Init {
    /// Import path.
    pub package: String,
    /// Begin.
    pub start: f64,
    /// By the runtime's clock.
    pub duration_ms: f64,
    /// Allocated.
    pub bytes: u64,
    /// Allocations.
    pub allocs: u64,
}

/// Bytes as one length and one block, not as a sequence of numbers.
mod byte_string {
    use alloc::vec::Vec;

    use serde::{Deserializer, Serializer, de::Visitor};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        from.deserialize_bytes(Bytes)
    }
}
