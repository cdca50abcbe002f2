//! The Go programs of the fixture pages, built into `target/e2e/`.

use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use gowasm::{Image, Locator, Module};
use xtask::browser::Engine;
use xtask::fresh::{self, Inputs};
use xtask::paths;
use xtask::tools::go::{CURRENT, Go, TESTED};

/// Where they are built.
pub fn folder() -> PathBuf {
    paths::in_root("target/e2e/go")
}

/// A module that ends too soon: in its code, in Firefox in its data. Where code is missing, Firefox waits for it for good when
/// it streams, and the page's other modules wait behind it, with the agent and without.
pub fn cut(engine: Engine) -> Result<Vec<u8>> {
    build()?;
    let mut module = std::fs::read(folder().join("ends.wasm"))?;
    let part = if engine == Engine::Firefox { 0.8 } else { 0.5 };
    module.truncate((module.len() as f64 * part) as usize);
    Ok(module)
}

/// Builds all programs once, with the newest Go under test.
pub fn build() -> Result<()> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build_all().map_err(|error| format!("{error:#}")));
    built.clone().map_err(anyhow::Error::msg)
}

const PROGRAMS: [&str; 7] = ["calls", "ends", "patterns", "phases", "quiet", "sampled", "wasmimport"];

fn build_all() -> Result<()> {
    let source = paths::in_root("tests/fixtures/go");
    let outputs: Vec<PathBuf> = PROGRAMS.iter().map(|name| folder().join(format!("{name}.wasm"))).collect();
    fresh::once("e2e-go", &Inputs::new().tree(&source).text(CURRENT), &outputs, || {
        let go = Go::exactly(CURRENT)?;
        for (name, out) in PROGRAMS.iter().zip(&outputs) {
            go.build(&source, &format!("./{name}"), out, &[])?;
        }
        fresh::copy(&go.wasm_exec()?, &folder().join("wasm_exec.js"))
    })?;
    Ok(())
}

/// One build of the program whose stacks Go itself describes.
#[derive(Clone, Copy, Debug)]
pub struct StacksBuild {
    /// The Go release.
    pub version: &'static str,
    /// Without the names that Go does not need itself, and without the paths of this machine.
    pub stripped: bool,
}

/// Every release under test, plain and stripped.
pub fn stacks_builds() -> impl Iterator<Item = StacksBuild> {
    TESTED.into_iter().flat_map(|version| [false, true].map(|stripped| StacksBuild { version, stripped }))
}

impl StacksBuild {
    /// A name for files and tests.
    pub fn name(self) -> String {
        format!("{}{}", self.version, if self.stripped { "-stripped" } else { "" })
    }

    /// Builds it; its folder holds `stacks.wasm` and `wasm_exec.js`.
    pub fn build(self) -> Result<PathBuf> {
        let source = paths::in_root("crates/gowasm/tests/fixtures/stacks");
        let folder = paths::in_root("target/e2e/stacks").join(self.name());
        let module = folder.join("stacks.wasm");
        let flags: &[&str] = if self.stripped { &["-ldflags=-s", "-trimpath"] } else { &[] };
        let inputs = Inputs::new().tree(&source).text(self.version);
        fresh::once(&format!("e2e-stacks-{}", self.name()), &inputs, std::slice::from_ref(&module), || {
            let go = Go::exactly(self.version)?;
            go.build(&source, ".", &module, flags)?;
            fresh::copy(&go.wasm_exec()?, &folder.join("wasm_exec.js"))
        })?;
        Ok(folder)
    }
}

/// Where a module's constants lie: `[rodata, noptrdata)` of its moduledata.
pub fn rodata(wasm: &[u8]) -> Result<(u64, u64)> {
    let module = Module::parse(wasm)?;
    let image: &Image = &module.image;
    let data = Locator::new().scan(image)?.context("no moduledata")?;
    Ok((data.rodata, data.noptrdata))
}
