//! The recorder of the in-page profiling agent (an agent that profiles, not Yew's kind of agent).
//!
//! It keeps the raw recording: sampled crossings with their stacks as PCs, exact counters, buckets, slices, growths,
//! start-up phases, and cuts `protocol` frames from it for each reader. Everything is bounded. What must run before the
//! page's own code, and the per-call wrappers, are the hooks' work; names and analyses are the readers'.
//!
//! The hooks reach it through raw exports only (`abi`): wasm-bindgen's glue would call built-ins the page may patch.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod abi;
#[cfg(target_arch = "wasm32")]
mod bare;
mod estimate;
mod held;
mod instance;
mod module;
mod page;
mod patterns;
mod reader;
#[cfg(test)]
mod readers;
mod recorder;
mod rows;
mod samples;
mod series;
mod slices;
mod stacks;
mod tables;
#[cfg(test)]
mod tests;
mod totals;
mod traces;
mod words;

pub use estimate::{Clock, Estimate, Stats, estimate};
pub use held::{HeldLog, MAX_CALLBACKS, MAX_ROWS};
pub use instance::{Crossing, InstanceState, Life};
pub use module::{ModuleState, TablesStep};
pub use page::PageLog;
pub use patterns::{Counted, PatternLog, Sampled};
pub use recorder::Recorder;
pub use rows::Rows;
pub use samples::SampleLog;
pub use series::{Bucket, SeriesLog};
pub use slices::SliceLog;
pub use stacks::StackTable;
pub use totals::Totals;
