//! Where things are in this checkout. Everything made by a command lies under `target/`, but for `dist/`.

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A path under the repository's root.
pub fn in_root(path: &str) -> PathBuf {
    root().join(path)
}

/// Installed tools: `bin/` (cargo), `npm/node_modules/`, `go-<version>/`.
pub fn tools() -> PathBuf {
    in_root("target/tools")
}

/// The static site that `cargo xtask build` writes.
pub fn dist() -> PathBuf {
    in_root("dist")
}

/// The agent's own cargo target folder (a build inside a build must not wait for the outer one's lock), and
/// its intermediate files.
pub fn agent_build() -> PathBuf {
    in_root("target/agent-build")
}

/// Built demo pages, before they are copied into a site.
pub fn demos() -> PathBuf {
    in_root("target/demos")
}

/// Screenshots for people to look at.
pub fn screenshots() -> PathBuf {
    in_root("target/screenshots")
}
