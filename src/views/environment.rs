//! What the page lets a Go program use, and how it gets to use more.

use crate::{
    components::copy_field::CopyField,
    platform::location,
    state::facts::environment::{EnvironmentFacts, RealmFacts},
    text,
};
use session::{Environment, Obstacle, Realm, RealmKind, Rung, Sharing};
use yew::prelude::*;

use super::facts::{empty, panel};

/// A fact, or why it is not known.
type Fact = Result<String, &'static str>;

/// The view.
pub fn view(facts: &EnvironmentFacts) -> Html {
    let page = facts.realms.first();
    html! {
        <>
            <div class="answer"><p>{ text::sharing_answer(page.and_then(|it| it.sharing.as_ref())) }</p></div>
            <div class="pair even">
                { panel(text::SHARING, text::SHARING_ABOUT, ladder(page)) }
                { for page.and_then(|it| it.sharing.as_ref()).and_then(next) }
            </div>
            { for facts.realms.iter().enumerate().map(|(at, it)| realm(it, at > 0, facts.clock_step_ms)) }
            { panel(text::MODULES, "", modules(facts)) }
        </>
    }
}

fn ladder(page: Option<&RealmFacts>) -> Html {
    let sharing = page.and_then(|it| it.sharing.as_ref());
    let row = |rung: Rung| {
        let (name, about) = text::rung(rung);
        let (class, state) = match sharing.map(|it| it.rung) {
            None => ("unknown", text::UNKNOWN),
            Some(Some(best)) if best == rung => ("best", text::HERE),
            Some(Some(best)) if best < rung => ("also", text::ALSO),
            Some(_) => ("not", text::NOT_HERE),
        };
        let title = sharing.is_none().then_some(text::OLDER_ABOUT);
        html! {
            <li {class}>
                <h3>{ name }</h3><span class="state" {title}>{ state }</span>
                <p class="about">{ about }</p>
            </li>
        }
    };
    html! { <ol class="ladder">{ for Rung::ALL.into_iter().map(row) }</ol> }
}

fn next(sharing: &Sharing) -> Option<Html> {
    let step = |it: &Obstacle| {
        let (what, code) = text::obstacle(*it);
        html! {
            <li>
                <p>{ what }</p>
                { for code.iter().map(|(code, then)| html! {
                    <>
                        <CopyField code={*code} />
                        if !then.is_empty() {
                            <p class="about">{ then }</p>
                        }
                    </>
                }) }
            </li>
        }
    };
    let steps = html! { <ol class="steps">{ for sharing.obstacles.iter().map(step) }</ol> };
    (!sharing.obstacles.is_empty()).then(|| panel(text::NEXT, "", steps))
}

/// `is_other`: not the page's own.
fn realm(facts: &RealmFacts, is_other: bool, clock_step_ms: Option<f64>) -> Html {
    let of_page = facts.realm.kind == RealmKind::Window;
    let title = text::realm(&facts.realm);
    let row = |(label, fact): (&'static str, Fact)| {
        let value = match fact {
            Ok(value) => html! { { value } },
            Err(why) => html! { <span class="unknown" title={why}>{ text::UNKNOWN }</span> },
        };
        html! { <div><dt>{ label }</dt><dd>{ value }</dd></div> }
    };
    let clock = of_page.then(|| {
        let isolated = facts.realm.environment.as_ref().map(|it| it.cross_origin_isolated);
        let step = clock_step_ms.map(|ms| text::clock_step(ms, isolated));
        (text::ENV_CLOCK, step.ok_or(text::CLOCK_UNKNOWN))
    });
    html! {
        <section aria-label={title.clone()}>
            <h2>{ title }</h2>
            if is_other {
                <p class="about">{ text::realm_state(&facts.realm, &location::beside("agent.js")) }</p>
            }
            if !of_page && facts.realm.watched {
                <p class="about">{ text::sharing_answer(facts.sharing.as_ref()) }</p>
            }
            if facts.realm.watched {
                <dl class="module-facts realm-facts">
                    { for rows(&facts.realm).into_iter().chain(clock).map(row) }
                </dl>
            }
        </section>
    }
}

fn rows(realm: &Realm) -> Vec<(&'static str, Fact)> {
    let told = realm.environment.as_ref();
    let yes = |yes: bool| if yes { text::YES } else { text::NO }.to_owned();
    let of = |get: &dyn Fn(&Environment) -> Fact| told.map_or(Err(text::OLDER_ABOUT), get);
    let header = |value: &'static str| {
        of(&|it| if it.cross_origin_isolated { Ok(value.to_owned()) } else { Err(text::HEADERS_UNSEEN) })
    };
    let memory = |it: &Environment| match (it.shared_memory, it.cross_origin_isolated) {
        (true, false) => Ok(text::MEMORY_LOCAL.to_owned()),
        (shared, _) => Ok(yes(shared)),
    };
    let refused = |it: &Environment| match it.refused.as_slice() {
        [] => Ok(text::REFUSED_NONE.to_owned()),
        some => Ok(some.join(", ")),
    };
    let mut rows = vec![(text::ENV_ISOLATED, of(&|it| Ok(yes(it.cross_origin_isolated))))];
    if matches!(realm.kind, RealmKind::Window | RealmKind::Iframe) {
        rows.push((text::ENV_COOP, header(text::COOP_ISOLATED)));
        rows.push((text::ENV_COEP, header(text::COEP_ISOLATED)));
    }
    rows.extend([
        (text::ENV_BUFFER, of(&|it| Ok(yes(it.shared_array_buffer)))),
        (text::ENV_MEMORY, of(&memory)),
        (text::ENV_WAIT, of(&|it| Ok(yes(it.wait_async)))),
        (text::ENV_SECURE, of(&|it| Ok(yes(it.secure_context)))),
        (text::ENV_AGENT, of(&|it| it.origin_agent_cluster.map(yes).ok_or(text::NOT_TOLD_BY_ENGINE))),
        (text::ENV_ALLOWED, of(&|it| it.isolation_allowed.map(yes).ok_or(text::NOT_TOLD_BY_ENGINE))),
        (text::ENV_WORKERS, of(&|it| Ok(yes(it.workers)))),
        (
            text::ENV_CORES,
            of(&|it| it.hardware_concurrency.map(|n| n.to_string()).ok_or(text::NOT_TOLD_BY_ENGINE)),
        ),
        (text::ENV_REFUSED, of(&refused)),
    ]);
    rows
}

fn modules(facts: &EnvironmentFacts) -> Html {
    if facts.modules.is_empty() {
        return empty(text::MODULES_NONE);
    }
    html! {
        <ul class="came">
            { for facts.modules.iter().zip(1..).map(|(module, n)| html! {
                <li>
                    <span class="name" title={module.url.clone()}>{ text::program(n, Some(module), None, false) }</span>
                    { " " }{ text::module_came(module) }
                </li>
            }) }
        </ul>
    }
}
