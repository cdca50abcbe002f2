//! The app, built by Trunk into `dist/`. Trunk empties that folder, then calls `cargo xtask agent` (a hook in
//! `Trunk.toml`), which puts the agent and the demos back, so that a plain `trunk build` gives a whole site.

use std::env;

use anyhow::{Context, Result};

use crate::fresh::{self, Inputs};
use crate::paths;
use crate::step::{run, step};
use crate::tools::{cargo, npm::Npm};

pub(super) fn build(npm: &Npm) -> Result<()> {
    let inputs = Inputs::new().trees(&[
        "src",
        "styles",
        "demo/index.html",
        "index.html",
        "Trunk.toml",
        "crates/gowasm",
        "crates/protocol",
        "crates/session",
        "crates/xtask/npm",
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
    ]);
    fresh::once("app", &inputs, &[paths::dist().join("index.html")], || {
        cargo::wasm_target()?;
        let (trunk, bindgen) = (cargo::trunk()?, cargo::wasm_bindgen()?);
        step("Building the app with Trunk", || {
            let bindgen = bindgen.parent().context("wasm-bindgen without a folder")?.to_path_buf();
            let old = env::var_os("PATH").unwrap_or_default();
            let path = env::join_paths([npm.bin(), bindgen].into_iter().chain(env::split_paths(&old)))?;
            run(std::process::Command::new(&trunk)
                .args(["build", "--release", "--skip-version-check"])
                .current_dir(paths::root())
                .env("PATH", path)
                // Trunk rejects the value 1, which is what the convention asks for.
                .env_remove("NO_COLOR"))
        })
    })?;
    Ok(())
}
