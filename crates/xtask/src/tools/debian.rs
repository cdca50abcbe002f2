//! Packages of Debian and its kin: installed when we are root, named in one command when we are not.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::step::{read, run, setup, step};

/// Installs `packages` with apt-get where that is possible; otherwise an error with the command to run.
/// `else_hint` is the advice for machines that have no apt-get.
pub fn install(why: &str, packages: &[&str], else_hint: &str) -> Result<()> {
    if !Path::new("/etc/debian_version").exists() {
        return Err(setup(format!("{why} is missing. {else_hint}")));
    }
    let root = read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root {
        return Err(setup(format!("{why} is missing. Run: sudo apt-get install -y {}", packages.join(" "))));
    }
    step(&format!("Installing {} with apt-get", packages.join(", ")), || {
        run(Command::new("apt-get").args(["update", "-q"]))?;
        run(Command::new("apt-get")
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"))
    })
}
