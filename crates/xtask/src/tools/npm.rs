//! Tools from npm, pinned by `crates/xtask/npm/package-lock.json`, installed into `target/tools/npm`; and the published
//! programs that tests profile, in `crates/xtask/targets` and `target/tools/targets`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::on_path;
use crate::fresh::{self, Inputs};
use crate::paths;
use crate::step::{run, setup, step};

/// The installed `node_modules`.
pub struct Npm {
    modules: PathBuf,
}

impl Npm {
    /// Installs what the lock file names, if it is not there yet.
    pub fn install() -> Result<Self> {
        Self::from("npm", "Installing npm's tools: binaryen, esbuild-wasm, typescript, axe-core, uplot")
    }

    /// The same for what the tests profile.
    pub fn targets() -> Result<Self> {
        Self::from("targets", "Installing published TinyGo programs from npm, to profile them")
    }

    fn from(name: &str, doing: &str) -> Result<Self> {
        if on_path(&["node"]).is_none() || on_path(&["npm", "npm.cmd"]).is_none() {
            return Err(setup("Node 20 or newer with npm is missing: https://nodejs.org/en/download"));
        }
        let (from, to) = (paths::in_root("crates/xtask").join(name), paths::tools().join(name));
        let modules = to.join("node_modules");
        let inputs = Inputs::new().tree(&from);
        fresh::once(name, &inputs, std::slice::from_ref(&modules), || {
            step(doing, || {
                fresh::copy(&from, &to)?;
                run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&to))
            })
        })?;
        Ok(Self { modules })
    }

    /// A file or folder of an installed package.
    pub fn path(&self, path: &str) -> PathBuf {
        self.modules.join(path)
    }

    /// The folder of the packages' commands, for `PATH`.
    pub fn bin(&self) -> PathBuf {
        self.path(".bin")
    }

    /// A package's script, run by Node in the repository's root. By its path: not every package's commands are
    /// linked in `.bin`.
    pub fn node(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(self.path(script)).current_dir(paths::root());
        command
    }
}
