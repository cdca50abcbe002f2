//! The answer first: the headline, what failed, what to do next, and what is wrong with loading.

use crate::{
    state::{
        snapshot::{Snapshot, Tables},
        stage::Stage,
    },
    text,
};
use session::{HeadlineState, LoadingFact};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Headline`].
#[derive(Properties, PartialEq)]
pub struct HeadlineProps {
    /// What the reader looks at.
    pub stage: Stage,
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// The headline.
    pub tables: Rc<Tables>,
}

/// The headline and what belongs under it.
#[component]
pub fn Headline(props: &HeadlineProps) -> Html {
    let snapshot = &props.snapshot;
    let headline = props.tables.headline.as_ref();
    // Waiting is the notice's to say, with what to do.
    let said = headline.filter(|it| it.state != HeadlineState::Waiting);
    let unsaid = |fact: &&LoadingFact| said.is_none_or(|it| it.text != fact.text);
    let (failures, flaws): (Vec<_>, Vec<_>) =
        snapshot.loading.iter().filter(unsaid).partition(|fact| fact.kind.is_failure());
    // Once a program runs, findings tell of it.
    let flaws: Vec<_> = flaws.into_iter().filter(|_| snapshot.programs == 0).collect();
    // What failed says more than that nothing runs.
    let failed =
        props.stage == Stage::NoProgram && snapshot.loading.iter().any(|fact| fact.kind.is_failure());
    let grave = said.is_some_and(|it| it.state == HeadlineState::Failed);
    html! {
        <section class="headline" aria-label={text::HEADLINE}>
            if let Some(headline) = said {
                <h2 class={grave.then_some("grave")}>{ sentence(&headline.text) }</h2>
            }
            <div aria-live="polite">
                { for failures.iter().map(|fact| html! { <p class="notice error">{ &fact.text }</p> }) }
                if !failed {
                    { for notice(&props.stage) }
                }
            </div>
            if !flaws.is_empty() {
                <ul class="loading">{ for flaws.iter().map(|fact| html! { <li>{ &fact.text }</li> }) }</ul>
            }
        </section>
    }
}

/// The headline; the place it ends with stays in one piece.
fn sentence(text: &str) -> Html {
    match text.split_once(" ← ") {
        Some((what, place)) => html! { <>{ what }{ " " }<span class="at">{ "← " }{ place }</span></> },
        None => html! { text },
    }
}

fn notice(stage: &Stage) -> Option<Html> {
    let grave = matches!(stage, Stage::Mismatch { .. } | Stage::Damaged { .. });
    let class = if grave { "notice error" } else { "notice" };
    let (what, next) = text::notice(stage, protocol::VERSION)?;
    Some(html! {
        <p {class}>
            <b>{ what }</b>{ " " }{ next }
            if *stage == Stage::Alone {
                { " " }<a href="#/">{ text::TO_LAUNCHER }</a>
            }
        </p>
    })
}
