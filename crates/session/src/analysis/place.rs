//! Names of the places that crossings come from.

use crate::{Frame, text};

/// Where a crossing comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A line of the program.
    Line {
        /// As Go prints it.
        func: String,
        /// Path as compiled.
        file: Option<String>,
        /// Line.
        line: Option<u32>,
    },
    /// A stack without a frame of the program's own.
    Runtime,
    /// No stack could be read.
    NoStack,
    /// In a tree of callers: nothing called the line before it, a goroutine began there.
    Start,
}

impl Place {
    /// The line of a frame.
    pub fn of(frame: &Frame) -> Self {
        Self::Line { func: frame.func.clone(), file: frame.file.clone(), line: frame.line }
    }

    /// `main.(*Grid).Draw`, the package's path cut to its last element.
    pub fn func(&self) -> &str {
        match self {
            Self::Line { func, .. } => {
                let end = func.find('[').unwrap_or(func.len());
                &func[func[..end].rfind('/').map_or(0, |slash| slash + 1)..]
            }
            Self::Runtime => text::IN_RUNTIME,
            Self::NoStack => text::NO_STACK,
            Self::Start => text::GOROUTINE_START,
        }
    }

    /// `grid.go:88`; empty where it is unknown.
    pub fn position(&self) -> String {
        let Self::Line { file: Some(file), line, .. } = self else { return String::new() };
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        line.map_or_else(|| base.to_owned(), |line| format!("{base}:{line}"))
    }

    /// `main.(*Grid).Draw grid.go:88`.
    pub fn text(&self) -> String {
        let (func, position) = (self.func(), self.position());
        if position.is_empty() { func.to_owned() } else { format!("{func} {position}") }
    }
}
