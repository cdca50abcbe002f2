//! The Rust side: the wasm target, Trunk, and the wasm-bindgen that `Cargo.lock` asks for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::on_path;
use crate::paths;
use crate::step::{read, run, setup, step};

/// The newest Trunk that builds on the Rust this workspace asks for.
const TRUNK: &str = "0.21.14";
/// Its crate is Mozilla's own.
const GECKODRIVER: &str = "0.37.1";

/// The cargo that runs us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// Makes sure that `wasm32-unknown-unknown` is installed.
pub fn wasm_target() -> Result<()> {
    let target = "wasm32-unknown-unknown";
    let libdir = read(Command::new("rustc").args(["--print", "target-libdir", "--target", target]))?;
    if Path::new(libdir.trim()).exists() {
        return Ok(());
    }
    if on_path(&["rustup"]).is_none() {
        return Err(setup(format!("Rust's {target} target is missing, and so is rustup: https://rustup.rs")));
    }
    step(&format!("Adding Rust's {target} target"), || {
        run(Command::new("rustup").args(["target", "add", target]))
    })
}

/// Trunk, which builds the app.
pub fn trunk() -> Result<PathBuf> {
    tool("trunk", "trunk", TRUNK, &["--locked"])
}

/// wasm-bindgen-cli at exactly the version of the library: the two must agree.
pub fn wasm_bindgen() -> Result<PathBuf> {
    let lock = fs::read_to_string(paths::in_root("Cargo.lock")).context("reading Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    // Its published lock file does not resolve any more, so without --locked.
    tool("wasm-bindgen-cli", "wasm-bindgen", version, &[])
}

/// geckodriver, which drives Firefox.
pub fn geckodriver() -> Result<PathBuf> {
    tool("geckodriver", "geckodriver", GECKODRIVER, &["--locked"])
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let entry = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?.1;
    entry.split('"').next()
}

fn tool(package: &str, binary: &str, version: &str, flags: &[&str]) -> Result<PathBuf> {
    let ours = paths::tools().join("bin").join(format!("{binary}{}", std::env::consts::EXE_SUFFIX));
    let right = |path: &PathBuf| {
        read(Command::new(path).arg("--version"))
            .is_ok_and(|said| said.split_whitespace().nth(1) == Some(version))
    };
    if let Some(found) = on_path(&[binary]).into_iter().chain([ours.clone()]).find(right) {
        return Ok(found);
    }
    step(&format!("Installing {package} {version} (once; minutes if it must be compiled)"), || {
        install(package, version, flags)
    })?;
    Ok(ours)
}

fn install(package: &str, version: &str, flags: &[&str]) -> Result<()> {
    let root = paths::tools();
    if on_path(&["cargo-binstall"]).is_some() {
        let spec = format!("{package}@{version}");
        let binary =
            run(cargo().args(["binstall", "--no-confirm", "--force", "--root"]).arg(&root).arg(spec));
        if binary.is_ok() {
            return binary;
        }
    }
    let mut command = cargo();
    command.args(["install", package, "--version", version, "--force", "--root"]).arg(&root).args(flags);
    run(command.envs(QUICK_TO_BUILD))
}

/// Over a tool's own release profile: Trunk's asks for whole-program optimisation, minutes for a tool that mostly waits.
const QUICK_TO_BUILD: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_package_and_no_other() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
