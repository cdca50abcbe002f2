//! The demo programs, each as a folder with its page, its Go's `wasm_exec.js`, and the two variants of its
//! module; and a page that runs npm's esbuild-wasm, whose `Go` is no global.

use std::path::Path;

use anyhow::Result;

use crate::fresh::{self, Inputs};
use crate::paths;
use crate::step::step;
use crate::tools::{go::Go, npm::Npm};

/// The Go programs under `demo/`.
pub const PROGRAMS: [&str; 15] = [
    "bridge",
    "copy",
    "elements",
    "startup",
    "loading",
    "headers",
    "leak",
    "values",
    "churn",
    "steps",
    "flood",
    "hog",
    "goroutines",
    "timing",
    "crash",
];
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
            for variant in VARIANTS {
                modules(&go, variant, &out)?;
            }
            for name in PROGRAMS {
                fresh::copy(&go.wasm_exec()?, &out.join(name).join("wasm_exec.js"))?;
                let page = Path::new(name).join("index.html");
                fresh::copy(&paths::in_root("demo").join(&page), &out.join(&page))?;
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

/// Builds one variant of all programs at once, which lets Go use every processor.
fn modules(go: &Go, variant: &str, out: &Path) -> Result<()> {
    let together = paths::in_root("target/demo-modules").join(variant);
    std::fs::create_dir_all(&together)?;
    let packages = PROGRAMS.map(|name| format!("./{name}"));
    go.build_all(
        &paths::in_root("demo"),
        &packages.each_ref().map(String::as_str),
        &together,
        &["-tags", variant],
    )?;
    for name in PROGRAMS {
        fresh::copy(&together.join(name), &out.join(name).join(module(name, variant)))?;
    }
    Ok(())
}

/// File name of a variant's module, beside its page.
pub fn module(name: &str, variant: &str) -> String {
    // A name that no server takes for WebAssembly.
    let ending = if (name, variant) == ("headers", "sick") { "bin" } else { "wasm" };
    format!("{variant}.{ending}")
}

fn esbuild(npm: &Npm, out: &Path) -> Result<()> {
    for path in FROM_NPM {
        fresh::copy(&npm.path(path), &out.join("npm").join(path))?;
    }
    fresh::copy(&paths::in_root("demo/esbuild"), out)
}
