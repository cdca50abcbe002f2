//! What a Go program knows of its own build. The `\xff Go buildinf:` blob of other targets is not in wasm files, but the
//! strings behind `runtime/debug.ReadBuildInfo` and `runtime.Version` are.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::Image;
use crate::moduledata::{ModuleData, le_u64};

/// `cmd/go` puts the module info between these (`modload/build.go`).
const MOD_INFO_START: [u8; 16] = 0x3077_af0c_9274_0802_41e1_c107_e6d6_18e6_u128.to_be_bytes();
const MOD_INFO_END: [u8; 16] = 0xf932_4331_8618_2072_0082_4210_4116_d8f2_u128.to_be_bytes();
/// A build with thousands of dependencies stays below.
const MAX_MOD_INFO: usize = 4 << 20;
/// Longest version: a `devel` one names a commit, a date and experiments.
const MAX_VERSION: u64 = 256;

/// The module info of a build, as `runtime/debug.BuildInfo`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModInfo {
    /// Import path of the main package.
    pub path: String,
    /// Path and version of the main module.
    pub main: Option<(String, String)>,
    /// Path and version of each dependency.
    pub deps: Vec<(String, String)>,
    /// Settings of the build, such as `-ldflags` and `vcs.revision`.
    pub settings: Vec<(String, String)>,
}

/// The module info in the image's read-only data.
pub fn mod_info(image: &Image) -> Option<ModInfo> {
    image.segments().find_map(|(_, bytes)| {
        let mut rest = bytes;
        while let Some(start) = find(rest, &MOD_INFO_START) {
            rest = &rest[start + 16..];
            let window = &rest[..rest.len().min(MAX_MOD_INFO)];
            // The sentinel itself may be in a program, cmd/go for one; the text after it is not.
            if window.starts_with(b"path\t") || window.starts_with(b"mod\t") {
                let text = &window[..find(window, &MOD_INFO_END)?];
                return core::str::from_utf8(text).ok().map(parse_mod_info);
            }
        }
        None
    })
}

fn parse_mod_info(text: &str) -> ModInfo {
    let mut info = ModInfo::default();
    for line in text.lines() {
        let Some((kind, rest)) = line.split_once('\t') else { continue };
        let mut words = rest.split('\t').map(str::to_owned);
        let mut pair = || Some((words.next()?, words.next()?));
        match kind {
            "path" => rest.clone_into(&mut info.path),
            "mod" => info.main = pair(),
            "dep" => info.deps.extend(pair()),
            "build" => info.settings.extend(setting(rest)),
            _ => {}
        }
    }
    info
}

/// `key=value`; either may be a Go string literal.
fn setting(text: &str) -> Option<(String, String)> {
    let (key, value) = if text.starts_with(['"', '`']) {
        let end = literal_len(text)?;
        (&text[..end], text[end..].strip_prefix('=')?)
    } else {
        text.split_once('=')?
    };
    Some((unquote(key), unquote(value)))
}

/// Bytes of the Go string literal that `text` begins with.
fn literal_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (&quote, mut at) = (bytes.first()?, 1);
    while *bytes.get(at)? != quote {
        at += if bytes[at] == b'\\' && quote == b'"' { 2 } else { 1 };
    }
    Some(at + 1)
}

/// The text of a Go string literal, or the text itself. Escapes other than those `cmd/go` needs are kept as they are.
fn unquote(text: &str) -> String {
    if let Some(raw) = text.strip_prefix('`').and_then(|t| t.strip_suffix('`')) {
        return raw.to_owned();
    }
    let Some(quoted) = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')) else {
        return text.to_owned();
    };
    let (mut out, mut chars) = (String::with_capacity(quoted.len()), quoted.chars());
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other @ ('"' | '\\')) => out.push(other),
                other => out.extend(['\\'].into_iter().chain(other)),
            },
            (c, false) => out.push(c),
        }
    }
    out
}

/// `runtime.buildVersion`. Where the image holds `[noptrdata, edata)` the variable is read; where it holds only the
/// read-only tables, its text is found by itself: the linker sets this variable, and ends such texts with a zero byte.
pub fn build_version(image: &Image, data: &ModuleData) -> Option<String> {
    let text = version_variable(image, data).or_else(|| version_text(image, data))?;
    core::str::from_utf8(text).ok().map(str::to_owned)
}

/// A string header that points at a version.
fn version_variable<'a>(image: &'a Image, data: &ModuleData) -> Option<&'a [u8]> {
    let words = range(image, data.noptrdata.next_multiple_of(8), data.edata)?;
    words.windows(16).step_by(8).find_map(|pair| {
        let (addr, len) = (le_u64(pair), le_u64(&pair[8..]));
        if addr < data.rodata || addr >= data.noptrdata || len > MAX_VERSION {
            return None;
        }
        image.slice(addr, len).ok().filter(|text| is_version(text))
    })
}

/// A version between two zero bytes; all other Go strings are packed without any.
fn version_text<'a>(image: &'a Image, data: &ModuleData) -> Option<&'a [u8]> {
    let mut rest = range(image, data.rodata, data.noptrdata)?;
    while let Some(at) = find(rest, b"go1.") {
        let start = rest[..at].iter().rposition(|&b| b == 0).map_or(0, |zero| zero + 1);
        let len = rest[start..].iter().take(MAX_VERSION as usize + 1).position(|&b| b == 0);
        if let Some(text) = len.map(|len| &rest[start..start + len])
            && is_version(text)
        {
            return Some(text);
        }
        rest = &rest[at + 1..];
    }
    None
}

/// `go1.27.3`, `go1.25rc1`, `go1.24.1 X:boringcrypto`, `devel go1.28-0123abc Mon Jan 2 ...`.
fn is_version(text: &[u8]) -> bool {
    let release = text.strip_prefix(b"devel ").unwrap_or(text);
    release.strip_prefix(b"go1.").is_some_and(|minor| minor.first().is_some_and(u8::is_ascii_digit))
        && text.iter().all(|b| (b' '..=b'~').contains(b))
}

/// The image's bytes in `[lo, hi)`, or as many as there are: the tail of a file's data may be zero and left out.
fn range(image: &Image, lo: u64, hi: u64) -> Option<&[u8]> {
    let tail = image.tail(lo).ok()?;
    tail.get(..tail.len().min(usize::try_from(hi.checked_sub(lo)?).ok()?))
}

/// Position of `needle` in `bytes`.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes[from..].iter().position(|&b| b == first)?;
        if bytes[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn reads_module_info() {
        let text = "path\ta/b\nmod\ta\tv1.2.3\th1:x=\ndep\tc\tv0.1.0\th1:y=\nbuild\t-ldflags=\"-s -w \\\"q\\\"\"\nbuild\t\"a=b\"=c\n";
        let bytes =
            [b"xx".as_slice(), &MOD_INFO_START, b"no", &MOD_INFO_START, text.as_bytes(), &MOD_INFO_END]
                .concat();
        let info = mod_info(&Image::new(vec![(4096, bytes)])).unwrap();
        assert_eq!(info.path, "a/b");
        assert_eq!(info.main, Some(("a".into(), "v1.2.3".into())));
        assert_eq!(info.deps, [("c".into(), "v0.1.0".into())]);
        assert_eq!(info.settings, [("-ldflags".into(), "-s -w \"q\"".into()), ("a=b".into(), "c".into())]);
    }

    #[test]
    fn finds_a_needle_after_false_starts() {
        assert_eq!(find(b"aab", b"ab"), Some(1));
        assert_eq!(find(b"aaa", b"ab"), None);
    }
}
