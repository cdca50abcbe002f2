//! What a realm is called.

use crate::{Realm, RealmKind};

/// `worker grid.js`: what it is, and its name or else its script's file.
pub fn realm(realm: &Realm) -> String {
    let kind = match realm.kind {
        RealmKind::Window => return "the page".into(),
        RealmKind::Worker => "worker",
        RealmKind::Iframe => "frame",
        RealmKind::SharedWorker => "shared worker",
        RealmKind::ServiceWorker => "service worker",
    };
    let path = realm.url.split(['?', '#']).next().unwrap_or_default();
    let file = match realm.name.as_str() {
        "" if path.starts_with("blob:") => "from a blob",
        "" if path.starts_with("data:") => "from a data: URL",
        "" => path.trim_end_matches('/').rsplit('/').next().unwrap_or_default(),
        name => name,
    };
    format!("{kind} {file}")
}

/// Where the program of the headline runs.
pub fn in_realm(of: &Realm) -> String {
    format!("in {}", realm(of))
}

/// A sentence of one realm, where programs run in several.
pub fn of_realm(sentence: &str, of: &Realm) -> String {
    [sentence, ", ", &in_realm(of)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name_or_by_file() {
        let named = |kind, url: &str, name: &str| {
            realm(&Realm { kind, url: url.into(), name: name.into(), ..Realm::default() })
        };
        assert_eq!(named(RealmKind::Window, "https://a.example/", ""), "the page");
        assert_eq!(named(RealmKind::Worker, "https://a.example/x/grid.js?v=1", ""), "worker grid.js");
        assert_eq!(named(RealmKind::Worker, "https://a.example/x/grid.js", "grid"), "worker grid");
        assert_eq!(named(RealmKind::Worker, "blob:https://a.example/1-2", ""), "worker from a blob");
        assert_eq!(named(RealmKind::Worker, "data:text/javascript,a/b?c", ""), "worker from a data: URL");
        assert_eq!(named(RealmKind::Iframe, "https://a.example/app/", ""), "frame app");
    }
}
