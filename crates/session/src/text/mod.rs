//! Every sentence and word this crate shows to a person, a file per area. English.

pub(crate) mod findings;
mod headline;
mod loading;
mod realm;
mod report;

pub use headline::*;
pub use loading::*;
pub use realm::*;
pub use report::*;

use crate::{PhaseName, Stackless};

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

/// Why there are no Go lines, and what there is all the same.
pub fn stackless(why: &Stackless) -> String {
    match why {
        Stackless::Policy => {
            "No Go lines: the page's content security policy forbids the agent's WebAssembly, which reads \
Go stacks. Add 'wasm-unsafe-eval' to script-src to see them. Imports are counted all the same."
                .into()
        }
        Stackless::TinyGo(version) => format!(
            "No Go lines: this program was built by TinyGo{}, which keeps no tables to read stacks, goroutines or \
garbage collection from. Its imports, members, bytes, stays on the thread and memory are counted all the same.",
            version.as_ref().map(|it| format!(" {it}")).unwrap_or_default()
        ),
        Stackless::TooOld(version) => format!(
            "No Go lines: this program was built with {version}; stacks are read from Go 1.21 on. Its imports, bytes, stays \
on the thread and memory are counted all the same."
        ),
    }
}

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
        PhaseName::Run => "_start",
    }
}
