//! Every sentence and word this crate shows to a person, a file per area. English.

pub(crate) mod findings;
mod headline;
mod loading;
mod report;

pub use headline::*;
pub use loading::*;
pub use report::*;

use crate::PhaseName;

/// Where no program's own frame is on the stack.
pub const IN_RUNTIME: &str = "Go runtime";
/// Crossings whose stack could not be read.
pub const NO_STACK: &str = "(no stack)";
/// Where a goroutine began.
pub const GOROUTINE_START: &str = "(start of a goroutine)";
/// Root of a stack whose outer callers could not be read.
pub const CALLERS_UNKNOWN: &str = "(callers not recorded)";
/// Calls of imports that no sample fell on.
pub const NOT_SAMPLED: &str = "(not sampled)";

/// A phase as a noun: `240 ms in package init`.
pub fn phase(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Fetch => "request",
        PhaseName::Download => "download",
        PhaseName::Compile => "compile",
        PhaseName::Instantiate => "instantiate",
        PhaseName::RuntimeInit => "runtime init",
        PhaseName::PackageInit => "package init",
        PhaseName::Main => "main",
    }
}
