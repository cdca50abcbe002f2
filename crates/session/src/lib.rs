//! The recording of a Go WebAssembly program: one pure model that live view, saved file and report share.
//!
//! [`Session`] is the model and its JSON (`gopherscope-session`, version 1). [`Recording`] builds one from the
//! agent's frames, naming program counters with `gowasm`. [`file`] reads and writes `.gopherscope.json.gz`;
//! the analyses ([`GoLines`], [`headline`], [`loading`], ...) read nothing but a Session; [`report`] prints them.
//!
//! Everything read here is untrusted. What leads to an error says where; nothing panics. This crate knows no
//! browser, clock, thread or file system.

mod analysis;
mod error;
mod export;
pub mod file;
pub mod fmt;
mod model;
mod order;
mod recording;
mod report;
pub mod text;

pub use analysis::{
    Backlog, Caller, Collections, Copies, CopyDirection, CopyRow, CostRow, Crossing, Direction, ElementLine,
    ElementRow, Estimate, Gauge, GoLine, GoLineLive, GoLines, Headline, HeadlineState, Holder, Hot, JsonLine,
    JsonRow, Lamp, Lengths, LoadingFact, LoadingKind, LongTaskRow, LongestRuns, Memory, Obstacle, Package,
    PhaseRow, Place, Range, Reading, References, Run, Rung, Sharing, Stackless, Status, Subject, TimerCounts,
    TimingRow, backlog, collections, copies, copy_sizes, elements, findings, findings_of, go_line, headline,
    headline_of, imports, is_own, json, loading, long_tasks, longest_runs, members, memory, old, packages,
    phases, place_of, references, sharing, stackless, status, tell_realm, tell_realms, timers, user_timing,
    verb, window,
};
pub use error::Error;
pub use export::{export, formats};
pub use model::{
    AgentError, Attach, Burst, Callback, Cause, Census, Compiler, Copied, CopyTo, ElementOp, Elements,
    Environment, Finding, Frame, FrameKind, Funcs, Gc, Grow, Import, Init, Instance, Json, JsonCall, JsonOp,
    LongTask, LongTaskKind, Made, Mark, Measure, Member, Meta, Microtask, Mode, Module, Named, Network,
    Overhead, Page, Phase, PhaseName, Realm, RealmKind, Refs, Sample, Series, Session, Severity, Slice,
    Stack, State, Timers,
};
pub use recording::{OpenSlice, Recording};
pub use report::{brief_report, report};
