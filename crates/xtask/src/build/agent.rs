//! `agent.js`: the hooks bundled into one IIFE by esbuild, with wasm modules inside as text: the recorder, installed
//! synchronously; and the core, as LZMA beside what unpacks it, instantiated only when a script asks for the session.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io::Write};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::GzEncoder};
use lzma_rust2::{LzmaOptions, LzmaWriter};

use super::text::Text;
use crate::fresh::{self, Inputs};
use crate::paths;
use crate::step::{run, step};
use crate::tools::{cargo, npm::Npm};

/// What rustc emits for wasm32-unknown-unknown. Named one by one: with `--all-features` wasm-opt writes modules
/// that browsers reject.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Longest match that LZMA looks for: its most.
const LONGEST_MATCH: u32 = 273;

const ENTRY: &str = "crates/agent/hooks/main.ts";
const RECORDER: &str = "gopherscope-recorder";
const CORE: &str = "gopherscope-core";
const UNPACK: &str = "gopherscope-unpack";

/// The stack lies below all data and grows downwards, to more than a kilobyte above zero: nothing of Rust's is at such an
/// address, which spares additions.
const RECORDER_LEVEL: &str = "-O3 --converge --low-memory-unused --reorder-locals --reorder-functions";

/// The built script.
pub fn script() -> PathBuf {
    paths::agent_build().join("agent.js")
}

/// The same script without the core: what is downloaded, parsed and run when a page loads.
pub(super) fn installed_part() -> PathBuf {
    paths::agent_build().join("agent-installed.js")
}

/// The core as the script holds it, unpacked.
pub(crate) fn core_module() -> PathBuf {
    optimised(CORE)
}

/// Bundles a script that imports some of the hooks and uses the recorder as built; for `cargo xtask bench`.
pub(crate) fn bundle_with_recorder(npm: &Npm, entry: &str, out: &Path) -> Result<()> {
    let recorder = optimised(RECORDER);
    let recorder = fs::read(&recorder).with_context(|| format!("reading {}", recorder.display()))?;
    bundle(npm, entry, &recorder, &Packed::default(), out)
}

/// Builds the script unless nothing changed.
pub fn build(npm: &Npm) -> Result<()> {
    let inputs = Inputs::new().trees(&[
        "crates/agent",
        "crates/gowasm",
        "crates/protocol",
        "crates/session",
        "crates/xtask/npm",
        "crates/xtask/src/build/agent.rs",
        "crates/xtask/src/build/text.rs",
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
    ]);
    fresh::once("agent", &inputs, &[script(), installed_part()], || {
        step("Building the agent: recorder, core, hooks", || {
            cargo::wasm_target()?;
            let recorder = module(npm, RECORDER, RECORDER_LEVEL)?;
            let core = Packed::of(&module(npm, CORE, "-Oz")?, &module(npm, UNPACK, "-Oz")?)?;
            bundle(npm, ENTRY, &recorder, &core, &script())?;
            bundle(npm, ENTRY, &recorder, &Packed::default(), &installed_part())
        })
    })?;
    Ok(())
}

/// Builds and optimises one of the agent's crates, small first; gives the module's bytes.
fn module(npm: &Npm, package: &str, level: &str) -> Result<Vec<u8>> {
    let target = paths::agent_build();
    run(cargo::cargo()
        // As a cdylib alone: Cargo leaves link-time optimisation out where a library has other crate types too.
        .args(["rustc", "--release", "--lib", "--crate-type", "cdylib", "--target", "wasm32-unknown-unknown"])
        .args(["--package", package, "--config", "profile.release.opt-level=\"z\""])
        .env("CARGO_TARGET_DIR", &target))?;
    let name = package.replace('-', "_");
    let built = target.join(format!("wasm32-unknown-unknown/release/{name}.wasm"));
    let optimised = optimised(package);
    let inputs = Inputs::new().text(level).tree(&built);
    fresh::once(package, &inputs, std::slice::from_ref(&optimised), || {
        run(wasm_opt(npm, level).arg(&built).arg("-o").arg(&optimised))
    })?;
    fs::read(&optimised).with_context(|| format!("reading {}", optimised.display()))
}

/// wasm-opt at `level` (passes, with spaces between), to be given a module and where the optimised one goes.
pub(crate) fn wasm_opt(npm: &Npm, level: &str) -> Command {
    let mut command = npm.node("binaryen/bin/wasm-opt");
    command.args(level.split(' ')).args(["--strip-debug", "--strip-producers", "--strip-target-features"]);
    command.args(FEATURES);
    command
}

fn optimised(package: &str) -> PathBuf {
    paths::agent_build().join(format!("{}.opt.wasm", package.replace('-', "_")))
}

/// The hooks see the modules as global constants; `--inject` puts them there.
fn bundle(npm: &Npm, entry: &str, recorder: &[u8], core: &Packed, out: &Path) -> Result<()> {
    let generated = paths::agent_build().join("embedded.js");
    let text = Text::of(recorder);
    let constants = [
        ("__RECORDER_WASM_TEXT__", text.text.clone()),
        ("__UNPACKER_WASM_BASE64__", STANDARD.encode(unpacker(npm, &text)?)),
        ("__CORE_WASM_LZMA_BASE64__", STANDARD.encode(&core.lzma)),
        ("__UNPACK_WASM_GZ_BASE64__", STANDARD.encode(&core.unpack_gz)),
        ("__AGENT_VERSION__", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    let source: String =
        constants.iter().map(|(name, value)| format!("export const {name} = \"{value}\";\n")).collect();
    fresh::write(&generated, source.as_bytes())?;
    let mut command = npm.node("esbuild-wasm/bin/esbuild");
    command.args([entry, "--bundle", "--format=iife", "--minify", "--target=es2021"]);
    command.args(["--legal-comments=none", "--log-level=warning"]);
    // A function knows its own text: that is how the agent gets into realms that the page makes.
    command.args(["--banner:js=(function __agent(){", "--footer:js=})();"]);
    command.arg(format!("--inject:{}", generated.display())).arg(format!("--outfile={}", out.display()));
    run(&mut command)?;
    let script = fs::read_to_string(out).with_context(|| format!("reading {}", out.display()))?;
    let script = one_line(&script);
    fresh::write(out, script.as_bytes())?;
    match constants.iter().find(|(name, _)| script.contains(name)) {
        Some((name, _)) => bail!("{} still asks for {name}", out.display()),
        None => Ok(()),
    }
}

/// In one line, so that a worker's script that follows keeps its lines' numbers. Within minified code, line breaks stand in
/// template literals alone; elsewhere an escape would be an error.
fn one_line(script: &str) -> String {
    let joined =
        script.trim_end().replacen("{\n\"use strict\"", "{\"use strict\"", 1).replace(";\n})();", ";})();");
    joined.replace('\n', "\\n") + "\n"
}

/// The module that unpacks `text`.
fn unpacker(npm: &Npm, text: &Text) -> Result<Vec<u8>> {
    let (source, module) =
        (paths::agent_build().join("unpack.wat"), paths::agent_build().join("unpack.wasm"));
    let wat = fs::read_to_string(paths::in_root("crates/agent/unpack.wat")).context("reading unpack.wat")?;
    fresh::write(&source, wat.replace("TABLE", &text.data()).as_bytes())?;
    run(npm.node("binaryen/bin/wasm-as").args(FEATURES).arg(&source).arg("-o").arg(&module))?;
    fs::read(&module).with_context(|| format!("reading {}", module.display()))
}

/// The core as the script holds it: a fifth smaller than as gzip, with what unpacks it.
#[derive(Default)]
struct Packed {
    lzma: Vec<u8>,
    unpack_gz: Vec<u8>,
}

impl Packed {
    fn of(core: &[u8], unpack: &[u8]) -> Result<Self> {
        let mut options = LzmaOptions::with_preset(9);
        options.nice_len = LONGEST_MATCH;
        // All of it can be repeated, and no more has to be kept.
        options.dict_size = u32::try_from(core.len())?.next_power_of_two();
        let mut lzma = LzmaWriter::new_use_header(Vec::new(), &options, Some(core.len() as u64))?;
        lzma.write_all(core)?;
        // The smallest gzip there is.
        let mut unpack_gz = Vec::new();
        zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, unpack, &mut unpack_gz)?;
        Ok(Self { lzma: lzma.finish()?, unpack_gz })
    }
}

/// What `gzip -9` makes of `bytes`.
pub(super) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
