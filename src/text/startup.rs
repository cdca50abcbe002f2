//! Words of start-up.

use session::{LoadingKind, Module, Package, PhaseName, fmt};

pub const PHASES: &str = "Start-up";
pub const PHASES_LATE: &str = "This program ran before the agent came, so that its start was not seen. \
“Reload with Gopherscope”, above, shows it, or the script tag before wasm_exec.js.";
pub const PHASES_EMPTY: &str = "Fetch, compile and the start of Go appear here as they happen.";
pub const PHASE_BOUND_ABOUT: &str = "A bound: the exact moment could not be seen from outside the module";
pub const PHASE_AFTER: &str = "after ";
pub const RUNNING: &str = "running";

pub const PHASE: &str = "Phase";
pub const PHASE_BEGAN: &str = "After";
pub const PHASE_TOOK: &str = "Took";
pub const SHOW_STARTUP: &str = "Show start-up";
pub const SHOW_STARTUP_ABOUT: &str = "The time axis shows from the first request to main";
pub const PROGRAM: &str = "Program";
pub const PHASE_SELECT: &str = "Select this stretch of time";
pub const LANE_BEFORE: &str = "← before what is shown";
pub const LANE_AFTER: &str = "after what is shown →";
pub const BOUND_LEGEND: &str = "a bound, not exact";
pub const WRONG: &str = "What slows it down";
pub const MODULE: &str = "Module";

pub const MODULE_URL: &str = "URL";
pub const MODULE_STATUS: &str = "Status";
pub const MODULE_TYPE: &str = "Content type";
pub const MODULE_ENCODING: &str = "Encoding";
pub const MODULE_SIZE: &str = "Size";
pub const MODULE_STREAMED: &str = "Streamed";
pub const MODULE_TTFB: &str = "First byte";
pub const MODULE_DOWNLOAD: &str = "Download";
pub const MODULE_CACHE: &str = "Cache";
pub const MODULE_GO: &str = "Built by";
pub const MODULE_PATH: &str = "Main package";
pub const MODULE_FUNCTIONS: &str = "Functions";
pub const MODULE_NAMES: &str = "Name section";
pub const STREAMED_YES: &str = "yes: compiled while it loaded";
pub const STREAMED_NO: &str = "no: compiled after it had loaded";
pub const NAMES_STRIPPED: &str = "stripped: names come from Go's own tables";
pub const NAMES_THERE: &str = "there";
pub const NAMES_STRIPPED_TINYGO: &str = "stripped";
pub const IDENTITY: &str = "none";
pub const NO_REQUEST_ABOUT: &str =
    "Not known: the module came as bytes, and no request for them could be seen";
pub const NOT_TOLD_ABOUT: &str = "Not known: the server did not send it, or a server of another origin does not let \
this page see it (Timing-Allow-Origin)";
pub const NOT_IN_TINYGO_ABOUT: &str = "Not known: TinyGo's modules hold no tables that tell it";
pub const NOT_READ_ABOUT: &str = "Not known: Go's tables have not been read";

pub const PACKAGES: &str = "Packages";
pub const PACKAGES_EMPTY: &str = "What each package's variables and init functions cost before main appears here, once Go's runtime has told it.";
pub const COL_PACKAGE: &str = "Package";
pub const COL_PACKAGE_ABOUT: &str = "Its variables and init functions, as Go's runtime traces them";
pub const COL_INIT_BEGAN: &str = "After";
pub const COL_INIT_BEGAN_ABOUT: &str =
    "How long after the first request it began; a press on a time selects it";
pub const COL_INIT_TOOK_ABOUT: &str = "By two readings of the page's clock; the error is its step, of a package that cost less than that nothing is known";
pub const COL_OF_STARTUP: &str = "Of start-up";
pub const COL_OF_STARTUP_ABOUT: &str = "As a share of the time from the first request to main";
pub const NO_MAIN_ABOUT: &str = "Not known: main was not reached, or not seen";
pub const COL_OF_INIT: &str = "Of packages";
pub const COL_OF_INIT_ABOUT: &str = "As a share of what all packages took";
pub const NO_CLOCK_ABOUT: &str = "Not known: the page's clock did not move in any package";
pub const COL_INIT_BYTES: &str = "Allocated";
pub const COL_INIT_BYTES_ABOUT: &str = "Bytes allocated, exact";
pub const COL_INIT_ALLOCS: &str = "Allocations";
pub const COL_INIT_ALLOCS_ABOUT: &str = "How many, exact";

/// A package's init, for the pointer over its bar.
pub fn init_about(package: &Package) -> String {
    format!("{}: {}", package.init.package, fmt::estimate(package.ms, fmt::ms))
}

/// Where zero is.
pub fn startup_zero(begin: f64) -> String {
    format!(
        "Times here count from the first request, {} after the page began; the axis counts from the page's begin.",
        fmt::ms(begin)
    )
}

/// The sort of a fact, in a word or two.
pub fn loading_kind(kind: LoadingKind) -> &'static str {
    match kind {
        LoadingKind::Failed => "Failed",
        LoadingKind::HttpStatus => "Not found",
        LoadingKind::FellBack => "Streaming failed",
        LoadingKind::NotStreamed => "Not streamed",
        LoadingKind::Uncompressed => "Uncompressed",
        LoadingKind::Uncacheable => "Not cached",
        LoadingKind::LateMain => "Late main",
    }
}

/// The compiler and its version, where the module tells one.
pub fn tinygo(version: Option<&str>) -> String {
    version.map_or_else(
        || "TinyGo, which does not tell its version".into(),
        |version| format!("TinyGo {version}"),
    )
}

/// A program in the choice of programs: `2: app.wasm in worker grid.js, exited`.
pub fn program(number: usize, module: Option<&Module>, realm: Option<&str>, over: bool) -> String {
    let over = if over { ", exited" } else { "" };
    format!("{number}: {}{}{over}", file(module), within(realm))
}

fn within(realm: Option<&str>) -> String {
    realm.map(|realm| format!(" in {realm}")).unwrap_or_default()
}

fn file(module: Option<&Module>) -> &str {
    let path = module.map_or("", |module| module.url.as_str()).split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().filter(|name| !name.is_empty());
    name.unwrap_or(session::text::UNNAMED_MODULE)
}

/// When a phase began, after the first request.
pub fn phase_began(after_ms: f64, exact: bool) -> String {
    format!("{}{}", if exact { "" } else { "~" }, fmt::ms(after_ms))
}

/// How long it took; `None` while it runs.
pub fn phase_took(ms: Option<f64>, exact: bool) -> String {
    ms.map_or(RUNNING.into(), |ms| format!("{}{}", if exact { "" } else { "≤ " }, fmt::ms(ms.max(0.0))))
}

/// A phase for those who do not see its bar.
pub fn phase_about(name: PhaseName, began: &str, took: &str, exact: bool) -> String {
    let bound = if exact { String::new() } else { format!(" {PHASE_BOUND_ABOUT}.") };
    format!("{}: began {began} after the first request, took {took}.{bound} {PHASE_SELECT}", name.as_str())
}

/// Bytes on the wire, and what they became.
pub fn size(wire: Option<u64>, bytes: Option<u64>) -> Option<String> {
    let write = |bytes: u64| fmt::bytes(bytes as f64);
    match (wire, bytes) {
        (Some(wire), Some(bytes)) if wire < bytes => {
            let share = fmt::percent(wire as f64 / bytes as f64);
            Some(format!("{}, {} on the wire ({share})", write(bytes), write(wire)))
        }
        (Some(wire), Some(bytes)) => Some(format!("{}, {} on the wire", write(bytes), write(wire))),
        (None, Some(bytes)) => Some(write(bytes)),
        (wire, None) => wire.map(|wire| format!("{} on the wire", write(wire))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_and_sizes() {
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(plain(phase_took(Some(48.6), false)), "≤ 48.6 ms");
        assert_eq!(plain(phase_began(12.0, false)), "~12.0 ms");
        assert_eq!(phase_took(None, true), RUNNING);
        assert_eq!(
            plain(size(Some(500_000), Some(2_000_000)).unwrap()),
            "2.00 MB, 500 KB on the wire (25 %)"
        );
        assert_eq!(size(None, None), None);
    }

    #[test]
    fn programs_are_told_by_number_and_file() {
        let module = Module { url: "https://a.example/x/app.wasm?v=1".into(), ..Module::default() };
        assert_eq!(program(2, Some(&module), None, false), "2: app.wasm");
        let there = program(1, None, Some("worker grid.js"), true);
        assert_eq!(there, "1: the module in worker grid.js, exited");
    }
}
