//! Which line of a stack is the developer's own.

use super::Place;
use crate::{Frame, FrameKind, Session, text};
use gowasm::package;

/// Whether a frame is the program's own: not in `runtime`, `internal/...`, `reflect` or `syscall/js`.
pub fn is_own(frame: &Frame) -> bool {
    if frame.kind != FrameKind::Go || frame.func == text::CALLERS_UNKNOWN {
        return false;
    }
    let package = package_of(frame);
    !matches!(package, "runtime" | "reflect" | "syscall/js" | "internal") && !package.starts_with("internal/")
}

fn package_of(frame: &Frame) -> &str {
    match package(&frame.func) {
        // Go 1.27 names closures of inlined functions so; the file tells whose they are.
        "_" => folder(frame.file.as_deref().unwrap_or_default()),
        named => named,
    }
}

/// The innermost frame of a stack that is not of Go's standard library either: what a developer can change.
pub(super) fn program_line(session: &Session, stack: u32) -> Option<&Frame> {
    fn begin(path: &str) -> &str {
        path.split('/').next().unwrap_or_default()
    }
    let of_a_module =
        |name: &str| session.modules.iter().any(|it| it.path.as_deref().map(begin) == Some(name));
    session.frames_of(stack).find(|frame| {
        let name = begin(package_of(frame));
        // Only the standard library has paths that begin with no domain, but for programs that never leave home.
        is_own(frame) && (name == "main" || name.contains('.') || of_a_module(name))
    })
}

/// Import path of a file of the standard library; of others their folder.
fn folder(file: &str) -> &str {
    let below = file.rsplit_once("/src/").map_or(file, |(_, below)| below);
    below.rsplit_once('/').map_or(below, |(folder, _)| folder)
}

/// The Go line of a stack: its innermost frame outside `runtime`, `internal/...`, `reflect` and `syscall/js`.
pub fn go_line(session: &Session, stack: u32) -> Option<&Frame> {
    session.frames_of(stack).find(|frame| is_own(frame))
}

/// The Go line of a stack that may not have been read.
pub fn place_of(session: &Session, stack: Option<u32>) -> Place {
    match stack {
        None => Place::NoStack,
        Some(stack) => go_line(session, stack).map_or(Place::Runtime, Place::of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closure_without_a_package_is_where_its_file_is() {
        let own = |file: &str| {
            is_own(&Frame { func: "_.goready.func1".into(), file: Some(file.into()), ..Frame::default() })
        };
        assert!(!own("/usr/local/go/src/runtime/proc.go"));
        assert!(!own("runtime/proc.go"));
        assert!(own("example.com/app/grid.go"));
        assert!(own("/home/me/src/app/grid.go"));
    }

    fn own(func: &str) -> bool {
        is_own(&Frame { func: func.into(), ..Frame::default() })
    }

    #[test]
    fn what_is_not_the_programs() {
        for func in ["runtime.mallocgc", "syscall/js.Value.Call", "reflect.Value.Call", text::CALLERS_UNKNOWN]
        {
            assert!(!own(func), "{func}");
        }
        for func in
            ["main.main", "example.com/internal/x.F", "runtime/debug.Stack", "net/http.Get", "reflector.F"]
        {
            assert!(own(func), "{func}");
        }
    }
}
