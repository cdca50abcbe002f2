//! Reads Go programs compiled to WebAssembly, from the module's bytes or from its live memory: functions, files, lines,
//! inlined calls, goroutine stacks, build info. Works on stripped modules: Go's own tables are in the data section.
//!
//! [`Module`] reads a file; [`Locator`] finds [`ModuleData`] in memory; [`Tables`] is the functab; on it stand [`Symbols`]
//! (names and lines, late and complete) and [`Unwinder`] (return PCs, hot and small). [`Scheduler`] knows g and m.
//!
//! Go 1.21 to 1.27, `GOOS=js` and `wasip1`. Pure, hence `no_std`: bytes in, values out; no input makes it panic. A PC here
//! is what Go on wasm calls one, `PC_F << 16 | PC_B`: an index into the wasm table and a resume block, not a byte offset.

#![no_std]

extern crate alloc;

mod build_info;
mod data_section;
mod error;
mod functab;
mod goroutines;
mod image;
mod inline_tree;
mod js_funcs;
mod locator;
mod module;
mod moduledata;
mod names;
mod pcvalue;
mod scheduler;
mod symbols;
mod unwinder;
mod wasm_reader;

pub use build_info::{ModInfo, build_version, mod_info};
pub use error::Error;
pub use functab::{FuncId, Tables, pc_b, pc_f};
pub use image::{Image, Memory};
pub use js_funcs::JsFuncs;
pub use locator::Locator;
pub use module::{Compiler, Export, Import, Kind, Module};
pub use moduledata::{FunctabUnit, ModuleData, Span};
pub use names::{name_for_print, package};
pub use scheduler::{Offsets, Scheduler};
pub use symbols::{Callee, Frame, Symbols};
pub use unwinder::{MARK_INIT, MARK_MAIN, MARK_PARK, MARK_RUNTIME_MAIN, Unwinder, Walk};
