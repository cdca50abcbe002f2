//! Sorts of crossings: few enough to tell apart by colour.

/// What a crossing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reads a property or element.
    Get,
    /// Writes one.
    Set,
    /// Calls a function, method or constructor.
    Call,
    /// Copies bytes or a string.
    Copy,
    /// Anything else: clocks, timers, references, `//go:wasmimport`.
    Other,
}

impl Kind {
    /// The kind of an import by its name in the session, e.g. `syscall/js.valueGet`.
    pub fn of(import: &str) -> Self {
        let Some(name) = import.strip_prefix("syscall/js.") else { return Self::Other };
        match name {
            "valueGet" | "valueIndex" => Self::Get,
            "valueSet" | "valueSetIndex" | "valueDelete" => Self::Set,
            "valueCall" | "valueInvoke" | "valueNew" => Self::Call,
            "copyBytesToGo" | "copyBytesToJS" | "stringVal" | "valuePrepareString" | "valueLoadString" => {
                Self::Copy
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide() {
        assert_eq!(Kind::of("syscall/js.valueSetIndex"), Kind::Set);
        assert_eq!(Kind::of("syscall/js.valueLoadString"), Kind::Copy);
        assert_eq!(Kind::of("syscall/js.valueLength"), Kind::Other);
        assert_eq!(Kind::of("runtime.nanotime1"), Kind::Other);
        assert_eq!(Kind::of("env.valueGet"), Kind::Other);
    }
}
