//! What the page lets a Go program use: isolation, shared memory, the clock, how modules came, and who may share what.

use session::{Compiler, Module, Realm, Session, Sharing, sharing};

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvironmentFacts {
    /// Realms that ran Go, or could have told: the page first.
    pub realms: Vec<RealmFacts>,
    /// Smallest step of the page's clock, ms.
    pub clock_step_ms: Option<f64>,
    /// Modules of Go and TinyGo.
    pub modules: Vec<Module>,
}

/// One realm.
#[derive(Clone, Debug, PartialEq)]
pub struct RealmFacts {
    /// The realm.
    pub realm: Realm,
    /// What it can share; `None` where nothing in it has told.
    pub sharing: Option<Sharing>,
}

impl EnvironmentFacts {
    /// Of a session.
    pub fn of(session: &Session) -> Self {
        let realm = |realm: &Realm| RealmFacts { realm: realm.clone(), sharing: sharing(realm) };
        let of_go = session.modules.iter().filter(|module| module.compiler != Compiler::Other);
        Self {
            realms: session.realms.iter().map(realm).collect(),
            clock_step_ms: session.meta.clock_step_ms,
            modules: of_go.cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::Environment;

    #[test]
    fn a_recording_of_old_has_realms_that_told_nothing() {
        let mut session = Session::default();
        session.realms = vec![Realm::default()];
        session.modules = vec![
            Module { id: 1, compiler: Compiler::Tinygo, ..Module::default() },
            Module { id: 2, ..Module::default() },
        ];
        let facts = EnvironmentFacts::of(&session);
        assert_eq!(facts.realms.len(), 1);
        assert_eq!(facts.realms[0].sharing, None);
        assert_eq!(facts.modules.iter().map(|it| it.id).collect::<Vec<_>>(), [1]);
        session.realms[0].environment = Some(Environment::default());
        assert!(EnvironmentFacts::of(&session).realms[0].sharing.is_some());
    }
}
