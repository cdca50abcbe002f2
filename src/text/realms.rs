//! Words of the page's realms.

use session::{Realm, RealmKind, fmt};

/// How a realm stands to the recording. `agent`: where the agent is to be had.
pub fn realm_state(realm: &Realm, agent: &str) -> String {
    let state = match realm.kind {
        RealmKind::SharedWorker => "Not watched: it belongs to several pages".to_owned(),
        RealmKind::ServiceWorker => "Not watched: it stands between pages and network".to_owned(),
        _ if !realm.watched => format!(
            "Not watched: the browser or the page's policy keeps its script as it is. What the first line of that script \
             can do: importScripts(\"{agent}\"), in a module import \"{agent}\""
        ),
        _ => clock(realm),
    };
    realm.ended.map_or(state.clone(), |t| format!("{state}, ended {} after the page began", fmt::ms(t)))
}

fn clock(realm: &Realm) -> String {
    match realm.offset_error_ms {
        Some(error) => {
            format!("Its clock began {} ± {} after the page's", fmt::ms(realm.offset_ms), fmt::ms(error))
        }
        None => format!(
            "Its clock began about {} after the page's, by the browser's word alone",
            fmt::ms(realm.offset_ms)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_is_known() {
        let worker = Realm { id: 1, kind: RealmKind::Worker, offset_ms: 120.0, ..Realm::default() };
        let known = Realm { offset_error_ms: Some(0.25), ended: Some(2000.0), ..worker.clone() };
        let (state, agent) =
            (|realm: &Realm| realm_state(realm, "https://p.example/agent.js"), "importScripts");
        assert_eq!(
            state(&known),
            "Its clock began 120\u{a0}ms ± 250\u{a0}µs after the page's, ended 2.00\u{a0}s after the page began"
        );
        assert!(state(&Realm { offset_error_ms: None, ..worker.clone() }).contains("about"));
        assert!(state(&Realm { watched: false, ..worker }).contains(agent));
    }
}
