//! Builds the fixture programs with the Go releases under test, into `target/fixtures/`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};

/// A Go release, and how to build with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Build {
    pub version: &'static str,
    pub stripped: bool,
}

/// Every release under test, plain and stripped. The oldest and the newest layout, and the last one between.
pub const BUILDS: [Build; 6] = {
    let (a, b, c) = ("1.21.13", "1.24.11", "1.27.3");
    [
        Build { version: a, stripped: false },
        Build { version: a, stripped: true },
        Build { version: b, stripped: false },
        Build { version: b, stripped: true },
        Build { version: c, stripped: false },
        Build { version: c, stripped: true },
    ]
};

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

impl Build {
    pub fn minor(&self) -> u32 {
        self.version.split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap()
    }

    fn go(&self) -> PathBuf {
        let variable = format!("GOPHERSCOPE_GO_1_{}", self.minor());
        let installed = workspace().join(format!("target/tools/go-{}/go/bin/go", self.version));
        let go = std::env::var_os(&variable).map_or(installed, PathBuf::from);
        assert!(
            go.is_file(),
            "no Go {} at {}: run `cargo xtask test`, or set {variable} to its go command",
            self.version,
            go.display()
        );
        go
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.go());
        command.envs([("GOOS", "js"), ("GOARCH", "wasm"), ("GOTOOLCHAIN", "local"), ("GOWORK", "off")]);
        command.envs([("GOFLAGS", "-buildvcs=false"), ("GO111MODULE", "on")]).env_remove("GOROOT");
        command.env("GOCACHE", std::path::absolute(workspace().join("target/gocache")).unwrap());
        command
    }

    /// `wasm_exec.js` of this release.
    pub fn wasm_exec(&self) -> PathBuf {
        let root = self.command().args(["env", "GOROOT"]).output().unwrap();
        let root = PathBuf::from(String::from_utf8(root.stdout).unwrap().trim());
        root.join(if self.minor() < 24 { "misc/wasm" } else { "lib/wasm" }).join("wasm_exec.js")
    }

    /// Builds the fixture program; returns the path of the module.
    pub fn stacks(&self) -> PathBuf {
        static BUILT: LazyLock<Mutex<HashSet<Build>>> = LazyLock::new(Mutex::default);
        let dir = workspace().join("target/fixtures");
        let kind = if self.stripped { "-stripped" } else { "" };
        let module = dir.join(format!("stacks-{}{kind}.wasm", self.version));
        let mut built = BUILT.lock().unwrap_or_else(|e| e.into_inner());
        if !built.contains(self) {
            std::fs::create_dir_all(&dir).unwrap();
            let mut build = self.command();
            build.arg("build").current_dir(fixtures().join("stacks"));
            if self.stripped {
                build.args(["-ldflags=-s -w", "-trimpath"]);
            }
            let status =
                build.arg("-o").arg(std::path::absolute(&module).unwrap()).arg(".").status().unwrap();
            assert!(status.success(), "{build:?}: {status}");
            built.insert(*self);
        }
        module
    }
}
