//! Which realm a sentence is of, where programs run in several. For views: the agent's own report has no room for it.

use super::{GoLines, Headline};
use crate::{Finding, Session, text::of_realm};

/// Adds to the findings' titles which realm each is of, where that is one alone.
pub fn tell_realms(session: &Session, lines: &GoLines, findings: &mut [Finding]) {
    for Finding { at, title, .. } in findings {
        let Some(at) = at else { continue };
        let line = lines.rows.iter().find(|row| row.place.text() == *at);
        let package = || session.instances.iter().find(|it| it.inits.iter().any(|init| init.package == *at));
        tell(session, line.map_or_else(|| package().map(|it| it.realm), |row| row.realm), title);
    }
}

/// Adds to the headline which realm its Go line is of. Its findings were told before.
pub fn tell_realm(session: &Session, headline: &mut Headline) {
    if let Some(hot) = &headline.hot
        && let Some(part) = headline.parts.last_mut().filter(|it| it.ends_with(&hot.place.text()))
    {
        tell(session, hot.realm, part);
    }
    once(session, headline);
}

/// Where the headline begins with a realm, no sentence of it names that again.
fn once(session: &Session, headline: &mut Headline) {
    let realm = session.current_instance().and_then(|it| session.other_realm_of(it));
    if let Some(realm) = realm {
        let named = of_realm("", realm);
        for part in &mut headline.parts {
            // A place may follow, but no more of a longer name.
            match part.split_once(&named) {
                Some((before, after)) if after.is_empty() || after.starts_with(" ←") => {
                    *part = [before, after].concat();
                }
                _ => {}
            }
        }
    }
    headline.text = headline.parts.join(" · ");
}

fn tell(session: &Session, realm: Option<u32>, sentence: &mut String) {
    let several = session.instances.iter().any(|it| Some(it.realm) != realm);
    if let Some(realm) = session.realms.iter().find(|it| several && Some(it.id) == realm) {
        *sentence = of_realm(sentence, realm);
    }
}
