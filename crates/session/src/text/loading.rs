//! How a module was loaded, and how it failed.

use super::phase;
use crate::{PhaseName, analysis::Longest, fmt};

/// A failure of a module, in the engine's words, and what to do.
pub fn failed(module: &str, words: &str, content_type: Option<&str>) -> String {
    let words = words.trim_end_matches('.');
    match advice(words, content_type) {
        Some(advice) => format!("{module} failed: {words}; {advice}"),
        None => format!("{module} failed: {words}"),
    }
}

const SERVE: &str = "serve it as application/wasm";

/// Whether an engine speaks of the content type.
fn is_of_type(words: &str) -> bool {
    words.contains("MIME type") || words.contains("content type")
}

/// By what engines say: Chromium, Firefox, Safari.
fn advice(words: &str, content_type: Option<&str>) -> Option<&'static str> {
    const PAGE: &str = "its URL gives something else: open it and see";
    let one_of = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if one_of(&["Failed to fetch", "NetworkError", "Load failed"]) {
        Some("check its URL, and that its server lets this page load it")
    } else if is_of_type(words) {
        let page = content_type.is_some_and(|mime| mime.starts_with("text/html"));
        Some(if page { PAGE } else { SERVE })
    } else if one_of(&["magic", "doesn't start with"]) {
        Some(PAGE)
    } else if one_of(&["past end", "unexpected end", "expected more", "remaining size"]) {
        Some("it was cut short: build it again, or upload it again")
    } else if one_of(&["Import #", "import object", "import gojs", "import function gojs"]) {
        Some("wasm_exec.js must be of the Go release that built it")
    } else {
        None
    }
}

/// The module was compiled after it had been downloaded.
pub fn not_streamed(module: &str) -> String {
    format!("{module} was compiled only after all of it had arrived")
}

/// What to do about it.
pub const STREAM: &str = "pass the fetch to WebAssembly.instantiateStreaming";

/// The streaming call failed and the page compiled a copy; what to do, where that is known.
pub fn fell_back(module: &str, content_type: Option<&str>, words: &str) -> (String, Option<&'static str>) {
    match content_type.filter(|mime| !mime.starts_with("application/wasm")) {
        Some(mime) => {
            (format!("{module} came as {mime}, so streaming failed and a copy was compiled"), Some(SERVE))
        }
        None => {
            let fix = is_of_type(words).then_some(SERVE);
            (format!("streaming {module} failed and a copy was compiled: {words}"), fix)
        }
    }
}

/// The module came without compression.
pub fn uncompressed(module: &str, bytes: u64) -> String {
    format!("{module} came uncompressed, {}", fmt::bytes(bytes as f64))
}

/// What to do about it.
pub const COMPRESS: &str = "serve it with gzip or brotli";

/// The browser may not keep the module.
pub fn uncacheable(module: &str) -> String {
    format!("{module} is loaded anew at every visit (Cache-Control: no-store)")
}

/// What to do about it.
pub const KEEP: &str = "let browsers keep it, under a name with a hash";

/// `main.main` was reached late; what took longest, and what helps.
pub(crate) fn late_main(module: &str, after_ms: f64, exact: bool, ms: f64, longest: Longest) -> String {
    let after = format!("{}{}", if exact { "" } else { "~" }, fmt::ms(after_ms));
    let (what, fix) = match longest {
        Longest::Phase(name) => (format!("in {}", phase(name)), sooner(name)),
        Longest::WaitBefore(name) => (
            format!("waiting before {}", phase(name)),
            "request the module early, with <link rel=preload>, and call go.run as soon as it is there",
        ),
    };
    format!("{module} reached main {after} after its first request, {} of it {what}: {fix}", fmt::ms(ms))
}

/// What makes a phase shorter.
fn sooner(name: PhaseName) -> &'static str {
    match name {
        PhaseName::Fetch => "have the module served as a plain file, from a cache near its readers",
        PhaseName::Download => "compress it, and make it smaller: -ldflags='-s -w', fewer dependencies",
        PhaseName::Compile => "stream it, so that it compiles while it loads, and make it smaller",
        PhaseName::Instantiate => "make its data smaller: large package variables are copied at once",
        PhaseName::RuntimeInit => {
            "look what else keeps the thread busy at that time: the runtime itself needs little"
        }
        PhaseName::PackageInit => {
            "move work out of init functions and package variables; GODEBUG=inittrace=1 names the packages"
        }
        PhaseName::Main | PhaseName::Run => "",
    }
}

/// The server refused.
pub fn http_status(module: &str, status: u16) -> String {
    format!("{module}: the server answered HTTP {status}; check the URL")
}

/// A module without URL.
pub const UNNAMED_MODULE: &str = "the module";
