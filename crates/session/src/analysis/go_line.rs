//! Which line of a stack is the developer's own.

use crate::{Frame, FrameKind, Session, text};
use gowasm::package;

/// Whether a frame is the program's own: not in `runtime`, `internal/...`, `reflect` or `syscall/js`.
pub fn is_own(frame: &Frame) -> bool {
    if frame.kind != FrameKind::Go || frame.func == text::CALLERS_UNKNOWN {
        return false;
    }
    let package = package(&frame.func);
    !matches!(package, "runtime" | "reflect" | "syscall/js" | "internal") && !package.starts_with("internal/")
}

/// The Go line of a stack: its innermost frame outside `runtime`, `internal/...`, `reflect` and `syscall/js`.
pub fn go_line(session: &Session, stack: u32) -> Option<&Frame> {
    session.frames_of(stack).find(|frame| is_own(frame))
}

#[cfg(test)]
mod tests {
    use super::*;

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
