//! The page's realms: its workers and frames, how their clocks compare, and which are not watched.

use crate::{platform::location, text};
use session::Realm;
use yew::prelude::*;

/// A row each.
pub fn list(realms: &[Realm]) -> Html {
    let row = |realm: &Realm| {
        let state = text::realm_state(realm, &location::beside("agent.js"));
        html! {
            <div key={realm.id}>
                <dt title={realm.url.clone()}>{ session::text::realm(realm) }</dt>
                <dd>{ state }</dd>
            </div>
        }
    };
    html! {
        <section aria-labelledby="realms">
            <h2 id="realms">{ text::REALMS }</h2>
            <dl class="module-facts realms">{ for realms.iter().map(row) }</dl>
        </section>
    }
}
