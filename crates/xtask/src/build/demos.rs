//! The demo programs, each as a folder with its page, its Go's `wasm_exec.js`, and the two variants of its
//! module; and a page that runs npm's esbuild-wasm, whose `Go` is no global.

use std::path::Path;

use anyhow::Result;

use crate::fresh::{self, Inputs};
use crate::paths;
use crate::step::step;
use crate::tools::{go::Go, npm::Npm};

/// The Go programs under `demo/`.
pub const PROGRAMS: [&str; 3] = ["bridge", "copy", "startup"];
/// The two variants of each program: as it should not be, and mended.
pub const VARIANTS: [&str; 2] = ["sick", "healthy"];

/// What the esbuild page needs from npm: the bundler, and a package to bundle.
const FROM_NPM: [&str; 6] = [
    "esbuild-wasm/esm/browser.min.js",
    "esbuild-wasm/esbuild.wasm",
    "preact/src",
    "preact/hooks/src",
    "preact/compat/src",
    "preact/package.json",
];

/// Builds all demos into `target/demos`, unless nothing changed.
pub fn build(npm: &Npm) -> Result<()> {
    let inputs = Inputs::new().trees(&["demo", "crates/xtask/npm", "crates/xtask/src/build/demos.rs"]);
    let out = paths::demos();
    let index = out.join("index.html");
    fresh::once("demos", &inputs, &[index], || {
        let go = Go::any()?;
        step(&format!("Building the demos with Go {}", go.version), || {
            for name in PROGRAMS {
                program(&go, name, &out.join(name))?;
            }
            esbuild(npm, &out.join("esbuild"))?;
            for file in ["demo.css", "demo.js", "index.html"] {
                fresh::copy(&paths::in_root("demo").join(file), &out.join(file))?;
            }
            Ok(())
        })
    })?;
    Ok(())
}

/// Builds one program, page and both variants, into `out`.
pub fn program(go: &Go, name: &str, out: &Path) -> Result<()> {
    for variant in VARIANTS {
        module(go, name, variant, &out.join(format!("{variant}.wasm")), &[])?;
    }
    fresh::copy(&go.wasm_exec()?, &out.join("wasm_exec.js"))?;
    fresh::copy(&paths::in_root("demo").join(name).join("index.html"), &out.join("index.html"))
}

/// Builds one variant of a program's module; `flags` go to `go build`.
pub fn module(go: &Go, name: &str, variant: &str, out: &Path, flags: &[&str]) -> Result<()> {
    let flags: Vec<&str> = ["-tags", variant].into_iter().chain(flags.iter().copied()).collect();
    go.build(&paths::in_root("demo"), &format!("./{name}"), out, &flags)
}

fn esbuild(npm: &Npm, out: &Path) -> Result<()> {
    for path in FROM_NPM {
        fresh::copy(&npm.path(path), &out.join("npm").join(path))?;
    }
    fresh::copy(&paths::in_root("demo/esbuild"), out)
}
