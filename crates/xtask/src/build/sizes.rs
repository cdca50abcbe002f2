//! What a page has to download, against the limits the project holds itself to.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::agent;
use crate::paths;

/// A part's size. Limits are in kB of 1,000 bytes, after gzip.
#[derive(Clone, Debug)]
pub struct Size {
    /// What was measured.
    pub part: &'static str,
    /// Bytes on disk.
    pub raw: usize,
    /// Bytes after `gzip -9`.
    pub gz: usize,
    /// Bytes after gzip that it may have.
    pub limit: usize,
}

impl Size {
    /// Whether the part keeps its limit.
    pub fn fits(&self) -> bool {
        self.gz <= self.limit
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kb = |bytes: usize| bytes as f64 / 1000.0;
        let verdict = if self.fits() { "within" } else { "OVER" };
        let (raw, gz, limit) = (kb(self.raw), kb(self.gz), kb(self.limit));
        write!(f, "{:<22} {raw:7.1} kB, {gz:6.1} kB gz, {verdict} {limit:.1} kB", self.part)
    }
}

/// Measures the agent as built and the app in `dist/`.
pub fn measure() -> Result<Vec<Size>> {
    Ok(vec![
        size("agent, installed part", &[agent::installed_part()], 86_000)?,
        size("agent, whole", &[agent::script()], 231_000)?,
        size("app", &app_files(&paths::dist())?, 660_000)?,
    ])
}

fn size(part: &'static str, files: &[PathBuf], limit: usize) -> Result<Size> {
    let mut size = Size { part, raw: 0, gz: 0, limit };
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        size.raw += bytes.len();
        size.gz += agent::gzip(&bytes)?.len();
    }
    Ok(size)
}

/// The app is what lies at the site's top, but for the agent and its types.
fn app_files(dist: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dist).with_context(|| format!("reading {}", dist.display()))?;
    let files = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    let agent = ["agent.js", "gopherscope.d.ts"];
    Ok(files.filter(|path| !agent.iter().any(|name| path.ends_with(name))).collect())
}
