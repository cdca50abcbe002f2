//! What a server serves: folders, pages made in memory, and rules for how to answer.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Folders and pages under URL paths, with rules on top.
#[derive(Debug, Default)]
pub struct Site {
    mounts: Vec<(String, PathBuf)>,
    pages: HashMap<String, Vec<u8>>,
    rules: Vec<(String, Rule)>,
    replacements: Vec<(String, String)>,
    zipped: Mutex<HashMap<String, Vec<u8>>>,
    preload: Preload,
}

/// Scripts that pages run before their own. Shared: what is added counts from the next page on.
#[derive(Clone, Debug, Default)]
pub struct Preload(Arc<Mutex<String>>);

impl Preload {
    /// Where sites serve them. A file, as policies that let a page's own files run forbid what stands in its HTML.
    pub(super) const PATH: &str = "/.preload.js";
    /// Policies that let only a nonce run may let this one.
    pub const NONCE: &str = "n";

    /// One more.
    pub fn add(&self, source: &str) {
        let scoped = format!("{source};\n");
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(&scoped);
    }

    /// None any more.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// All of them, as one script that leaves no element; `None` where there are none.
    pub(super) fn script(&self) -> Option<String> {
        let scripts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (!scripts.is_empty()).then(|| format!("document.currentScript.remove();\n{scripts}"))
    }

    /// Behind the document type, where there is one.
    fn put_into(&self, html: String) -> String {
        if self.script().is_none() {
            return html;
        }
        let has_type = html.get(..9).is_some_and(|it| it.eq_ignore_ascii_case("<!doctype"));
        let at = if has_type { html.find('>').map_or(0, |end| end + 1) } else { 0 };
        let (before, after) = html.split_at(at);
        format!("{before}<script nonce=\"{}\" src=\"{}\"></script>{after}", Self::NONCE, Self::PATH)
    }
}

/// How to answer a path, where it differs from a plain 200 with the file.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// Another status code.
    pub status: Option<u16>,
    /// Another `Content-Type` than the file's name asks for.
    pub content_type: Option<String>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// Compress with gzip where the client accepts it.
    pub gzip: bool,
    /// Wait this long before the headers.
    pub delay: Duration,
    /// Send the body piece by piece.
    pub drip: Option<Drip>,
    /// Cut the connection after this many bytes of the body, whose full length was announced.
    pub truncate: Option<usize>,
}

/// A slow body.
#[derive(Clone, Copy, Debug)]
pub struct Drip {
    /// Bytes in a piece.
    pub bytes: usize,
    /// Wait before each piece.
    pub pause: Duration,
}

impl Rule {
    /// As a good host does: compressed, and browsers may keep it as long as they ask whether it is still the same.
    pub fn hosted() -> Self {
        let headers = vec![("cache-control".into(), "no-cache".into())];
        Self { headers, gzip: true, ..Self::default() }
    }
}

impl Site {
    /// A site of one folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self::default().mount("/", folder)
    }

    /// Serves `folder` under `prefix`, which ends in a slash. The longest prefix wins.
    pub fn mount(mut self, prefix: &str, folder: impl Into<PathBuf>) -> Self {
        self.mounts.push((prefix.to_owned(), folder.into()));
        self.mounts.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        self
    }

    /// Serves `body` at `path`, before any folder.
    pub fn page(mut self, path: &str, body: impl Into<Vec<u8>>) -> Self {
        self.pages.insert(path.to_owned(), body.into());
        self
    }

    /// Answers by `rule` at a path, or under a prefix when `pattern` ends in `*`. The last that fits counts.
    pub fn rule(mut self, pattern: &str, rule: Rule) -> Self {
        self.rules.push((pattern.to_owned(), rule));
        self
    }

    /// Replaces `from` by `to` in every HTML page.
    pub fn replace(mut self, from: &str, to: &str) -> Self {
        self.replacements.push((from.to_owned(), to.to_owned()));
        self
    }

    /// Puts these scripts at the head of every HTML page.
    pub fn preload(mut self, preload: &Preload) -> Self {
        self.preload = preload.clone();
        self
    }

    pub(super) fn rule_for(&self, path: &str) -> Rule {
        let fits = |pattern: &str| match pattern.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == pattern,
        };
        self.rules
            .iter()
            .rev()
            .find(|(pattern, _)| fits(pattern))
            .map(|(_, rule)| rule.clone())
            .unwrap_or_default()
    }

    pub(super) fn in_memory(&self, path: &str) -> Option<&[u8]> {
        self.pages.get(path).map(Vec::as_slice)
    }

    /// The file for a decoded URL path: `None` where no mount fits or the path climbs.
    pub(super) fn file(&self, path: &str) -> Option<PathBuf> {
        let (prefix, folder) = self.mounts.iter().find(|(prefix, _)| path.starts_with(prefix.as_str()))?;
        let rest = path.strip_prefix(prefix.as_str())?;
        let climbs = |part: &str| part == ".." || part.contains(['\\', ':', '\0']);
        if rest.split('/').any(climbs) || rest.starts_with('/') {
            return None;
        }
        Some(folder.join(rest))
    }

    /// The file at a path, as `zip` packs it; once, as a module of many megabytes takes a while.
    pub(super) fn zipped(&self, path: &str, zip: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        let known = || self.zipped.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zipped) = known().get(path) {
            return zipped.clone();
        }
        let zipped = zip();
        known().insert(path.to_owned(), zipped.clone());
        zipped
    }

    /// What is to be answered at [`Preload::PATH`].
    pub(super) fn preloaded(&self, path: &str) -> Option<String> {
        if path == Preload::PATH { self.preload.script() } else { None }
    }

    pub(super) fn rewrite(&self, html: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8_lossy(&html).into_owned();
        let text = self.replacements.iter().fold(text, |text, (from, to)| text.replace(from, to));
        self.preload.put_into(text).into_bytes()
    }
}

/// The `Content-Type` of a file by its name.
pub(super) fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
