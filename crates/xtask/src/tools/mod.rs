//! Finds the tools a command needs, and installs into `target/tools` what is not there.
//! One file per family; each function returns where the tool is, or a [`crate::step::SetupError`] that names
//! the one command that would help.

pub mod browser;
pub mod cargo;
mod debian;
pub mod go;
pub mod npm;

use std::path::PathBuf;

/// The first of `names` that is a file in a folder of `PATH`.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}
