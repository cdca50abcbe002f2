//! Words of the launcher.

pub const LAUNCHER_LEAD: &str = "See which line of your Go WebAssembly program crosses into JavaScript, how often, \
and what it costs.";
pub const LAUNCHER_HOW: &str =
    "Put this before wasm_exec.js in the page that runs your program, then open the page:";
pub const LAUNCHER_DEMOS: &str = "Or watch a program that is slow on purpose:";
pub const LAUNCHER_DEMOS_LINK: &str = "open the demos";
pub const LAUNCHER_PRIVACY: &str = "Nothing leaves this browser: the recording goes from your page to this viewer \
and nowhere else.";
pub const COPY: &str = "Copy";
pub const COPIED: &str = "Copied";
pub const COPY_FAILED: &str = "Select the text and copy it: the browser keeps the clipboard closed here";

/// The script tag for an agent's URL.
pub fn script_tag(agent: &str) -> String {
    format!("<script src=\"{agent}\"></script>")
}
