//! Go's function names: what the runtime prints, and the package in them.

use alloc::borrow::Cow;
use alloc::format;

/// The name as `runtime.Frame.Function` prints it: type arguments become `[...]`
/// (`runtime.funcNamePiecesForPrint` of Go 1.27, whose generic methods may carry two lists).
pub fn name_for_print(name: &str) -> Cow<'_, str> {
    let (Some(open), Some(close)) = (name.find('['), name.rfind(']')) else { return Cow::Borrowed(name) };
    if close <= open {
        return Cow::Borrowed(name);
    }
    let (head, inner, tail) = (&name[..open], &name[open + 1..close], &name[close + 1..]);
    match between_lists(inner) {
        Ok(None) => Cow::Owned(format!("{head}[...]{tail}")),
        Ok(Some(between)) => Cow::Owned(format!("{head}[...]{between}[...]{tail}")),
        Err(Unbalanced) => Cow::Borrowed(name),
    }
}

struct Unbalanced;

/// For `A].m[B`, the inside of a name with two lists, returns `.m`; `None` where all brackets match within.
fn between_lists(inner: &str) -> Result<Option<&str>, Unbalanced> {
    let (mut depth, mut closed) = (1, None);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'[' => {
                depth += 1;
                if depth == 1 {
                    return closed.map(|closed: usize| Some(&inner[closed + 1..at])).ok_or(Unbalanced);
                }
            }
            b']' => {
                depth -= 1;
                if depth < 0 {
                    return Err(Unbalanced);
                }
                if depth == 0 {
                    closed = Some(at);
                }
            }
            _ => {}
        }
    }
    if depth == 1 && closed.is_none() { Ok(None) } else { Err(Unbalanced) }
}

/// The import path in a function's name: `net/http` of `net/http.(*Client).Do`. The path is escaped as the linker
/// does (`gopkg.in/yaml%2ev3`). As `runtime.funcpkgpath`.
pub fn package(func_name: &str) -> &str {
    let end = func_name.find('[').unwrap_or(func_name.len());
    let last = func_name[..end].rfind('/').unwrap_or(0);
    let dot = func_name[last..end].find('.').map_or(end, |dot| last + dot);
    &func_name[..dot]
}

/// Whether a function is a package's initialiser, one that `runtime.doInit1` calls: `init` (the variables),
/// `init.0` (each `func init`), or `map.init.0` (a big map, called from `init`). Methods and closures are not.
pub(crate) fn is_init(func_name: &str) -> bool {
    let Some(local) = func_name.strip_prefix(package(func_name)) else { return false };
    let number = match local {
        ".init" => return true,
        _ => local.strip_prefix(".init.").or_else(|| local.strip_prefix(".map.init.")),
    };
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a package is the runtime's own: its initialisers run before those of the program.
pub(crate) fn is_runtime_package(package: &str) -> bool {
    package == "runtime" || package.starts_with("runtime/") || package.starts_with("internal/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_type_arguments_as_the_runtime_does() {
        for (name, printed) in [
            ("main.main", "main.main"),
            ("main.(*T[go.shape.int]).deep", "main.(*T[...]).deep"),
            ("main.F[go.shape.[]uint8].func1", "main.F[...].func1"),
            ("main.(*T[go.shape.int]).m[go.shape.[]string]", "main.(*T[...]).m[...]"),
            ("main.F]x[", "main.F]x["),
            ("main.F[a]]b[c]", "main.F[a]]b[c]"),
            ("[", "["),
        ] {
            assert_eq!(name_for_print(name), printed);
        }
    }

    #[test]
    fn finds_the_package() {
        for (name, path) in [
            ("main.main", "main"),
            ("net/http.(*Client).Do", "net/http"),
            ("gopkg.in/yaml%2ev3.init", "gopkg.in/yaml%2ev3"),
            ("main.F[example.com/a/b.T].func1", "main"),
            ("memeqbody", "memeqbody"),
            ("", ""),
        ] {
            assert_eq!(package(name), path, "{name}");
        }
    }

    #[test]
    fn knows_initialisers() {
        for name in ["main.init", "a.b/c%2ed.init.12", "x/y.map.init.0"] {
            assert!(is_init(name), "{name}");
        }
        for name in
            ["main.init.0.func1", "main.T.init", "main.(*T).init", "main.initialise", "main.init.", "init"]
        {
            assert!(!is_init(name), "{name}");
        }
    }
}
