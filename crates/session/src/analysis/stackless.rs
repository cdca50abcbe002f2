//! Why a recording has no Go stacks.

use crate::{Compiler, Module, Session, text};

/// Oldest minor release of Go whose stacks and traces are read.
const OLDEST_MINOR: u32 = 21;

/// Why there are no Go stacks, and so no Go lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stackless {
    /// The page's policy forbids the agent's WebAssembly.
    Policy,
    /// TinyGo wrote every program; its version, where the modules tell one.
    TinyGo(Option<String>),
    /// A release of Go before those whose tables are read, e.g. `go1.18`.
    TooOld(String),
}

impl Stackless {
    /// One sentence.
    pub fn text(&self) -> String {
        text::stackless(self)
    }
}

/// Why a session has no Go stacks; `None` where it has some or may get some.
pub fn stackless(session: &Session) -> Option<Stackless> {
    if !session.stacks.is_empty() {
        return None;
    }
    if session.meta.recorder == Some(false) {
        return Some(Stackless::Policy);
    }
    let modules = || session.instances.iter().filter_map(|instance| session.module_of(instance));
    let last = modules().next_back()?;
    if modules().all(|module| module.compiler == Compiler::Tinygo) {
        return Some(Stackless::TinyGo(last.compiler_version.clone()));
    }
    old(last).map(Stackless::TooOld)
}

/// The release of Go that built a module, where that is older than what is read.
pub fn old(module: &Module) -> Option<String> {
    let version = module.go_version.as_deref()?;
    let minor = version.strip_prefix("go1.")?.split(|c: char| !c.is_ascii_digit()).next()?;
    (minor.parse::<u32>().ok()? < OLDEST_MINOR).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instance, Stack};

    fn session(compiler: Compiler, go_version: Option<&str>) -> Session {
        let go_version = go_version.map(str::to_owned);
        let mut session = Session::default();
        session.modules = vec![Module { id: 1, compiler, go_version, ..Module::default() }];
        session.instances = vec![Instance { module: 1, ..Instance::default() }];
        session
    }

    #[test]
    fn what_has_no_stacks_says_why() {
        assert_eq!(stackless(&Session::default()), None);
        assert_eq!(stackless(&session(Compiler::Go, Some("go1.21.13"))), None);
        assert_eq!(
            stackless(&session(Compiler::Go, Some("go1.18"))),
            Some(Stackless::TooOld("go1.18".into()))
        );
        for newer in ["go1.21", "go1.30.1", "devel go1.28-abc"] {
            assert_eq!(stackless(&session(Compiler::Go, Some(newer))), None);
        }
        let mut tiny = session(Compiler::Tinygo, None);
        assert_eq!(stackless(&tiny), Some(Stackless::TinyGo(None)));
        tiny.modules[0].compiler_version = Some("0.42.0".into());
        assert!(stackless(&tiny).is_some_and(|why| why.text().contains("TinyGo 0.42.0")));
        // A Go program beside it.
        tiny.modules.push(Module { id: 2, compiler: Compiler::Go, ..Module::default() });
        tiny.instances.push(Instance { id: 1, module: 2, ..Instance::default() });
        assert_eq!(stackless(&tiny), None);
        let mut known = session(Compiler::Go, Some("go1.18"));
        known.stacks.push(Stack { parent: None, frame: 0 });
        assert_eq!(stackless(&known), None);
    }
}
