//! Skips work whose inputs did not change since it last ran, so that a second `cargo xtask` is quick.
//! An input counts by its path, size and modification time; a step also names the tool versions it depends on.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::paths;

/// What a step reads, as a fingerprint under construction.
#[derive(Default)]
pub struct Inputs(DefaultHasher);

impl Inputs {
    /// No inputs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A setting or a tool's version.
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// A file, or all files under a folder. A missing path is an input too: its absence counts.
    pub fn tree(mut self, path: &Path) -> Self {
        add(&mut self.0, path);
        self
    }

    /// Several [`Inputs::tree`]s, named from the repository's root.
    pub fn trees(self, paths: &[&str]) -> Self {
        paths.iter().fold(self, |inputs, path| inputs.tree(&paths::in_root(path)))
    }

    fn finish(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

fn add(hasher: &mut DefaultHasher, path: &Path) {
    path.hash(hasher);
    let Ok(meta) = fs::metadata(path) else { return };
    if meta.is_dir() {
        for child in children(path) {
            add(hasher, &child);
        }
    } else {
        (meta.len(), meta.modified().ok()).hash(hasher);
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// Runs `work` unless it ran with these inputs before and its outputs are still there.
/// Returns whether it ran.
pub fn once(
    name: &str,
    inputs: &Inputs,
    outputs: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<bool> {
    if known(name, inputs, outputs) {
        return Ok(false);
    }
    // A step that fails half-way must run again.
    fs::remove_file(stamp(name)).ok();
    work()?;
    remember(name, inputs)?;
    Ok(true)
}

/// Whether a step ran with these inputs before and its outputs are still there.
pub fn known(name: &str, inputs: &Inputs, outputs: &[PathBuf]) -> bool {
    let same = fs::read_to_string(stamp(name)).is_ok_and(|old| old == inputs.finish());
    same && outputs.iter().all(|output| output.exists())
}

/// Notes that a step ran with these inputs.
pub fn remember(name: &str, inputs: &Inputs) -> Result<()> {
    write(&stamp(name), inputs.finish().as_bytes())
}

fn stamp(name: &str) -> PathBuf {
    paths::in_root("target/stamps").join(name)
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// Makes `to` the same as `from`, a file or a folder; files whose bytes are equal are left alone.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        for child in children(from) {
            if let Some(name) = child.file_name() {
                copy(&child, &to.join(name))?;
            }
        }
        return Ok(());
    }
    let bytes = fs::read(from).with_context(|| format!("reading {}", from.display()))?;
    if fs::read(to).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    write(to, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_input_runs_the_step_again() {
        let folder = paths::in_root("target/test-fresh");
        fs::remove_dir_all(&folder).ok();
        let (input, output) = (folder.join("in/a"), folder.join("out"));
        write(&input, b"1").unwrap();
        let go = || {
            let inputs = Inputs::new().tree(&folder.join("in"));
            once("test-fresh", &inputs, std::slice::from_ref(&output), || write(&output, b"x")).unwrap()
        };
        fs::remove_file(paths::in_root("target/stamps/test-fresh")).ok();
        assert!(go(), "never ran");
        assert!(!go(), "nothing changed");
        write(&input, b"12").unwrap();
        assert!(go(), "input changed");
        fs::remove_file(&output).unwrap();
        assert!(go(), "output gone");
    }
}
