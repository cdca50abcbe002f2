//! The answer first: the headline, what failed, what to do next, and what is wrong with loading.

use crate::{
    components::copy_field::CopyField,
    platform::location,
    state::{
        reload::Reload,
        snapshot::{Snapshot, Tables},
        stage::Stage,
    },
    text,
};
use session::{HeadlineState, LoadingFact};
use std::rc::Rc;
use yew::prelude::*;

use super::bar::{Press, ReloadButton};

/// Properties of [`Headline`].
#[derive(Properties, PartialEq)]
pub struct HeadlineProps {
    /// What the reader looks at.
    pub stage: Stage,
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// The headline.
    pub tables: Rc<Tables>,
    /// There is a page to go back to.
    pub live: bool,
    /// A window of its own could not be had.
    pub apart: bool,
    /// How it goes where the page was asked for anew.
    pub reload: Reload,
    /// A button was pressed.
    pub onpress: Callback<Press>,
    /// All findings are shown.
    pub open: bool,
    /// Findings are to show, or not.
    pub onfindings: Callback<()>,
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
                <h2 class={grave.then_some("grave")}><span class="sentence">{ sentence(&headline.text) }</span>{ findings(props) }</h2>
            }
            <div aria-live="polite">
                { for failures.iter().map(|fact| html! { <p class="notice error">{ &fact.text }</p> }) }
                if props.apart {
                    <p class="notice">{ text::APART }{ " " }{ button(props, text::DISMISS, || Press::DismissApart) }</p>
                }
                if let Reload::Refused(why) = props.reload {
                    <div class="notice">
                        <p>
                            <b>{ text::not_reloaded(why) }</b>{ " " }{ text::NOT_RELOADED_NEXT }{ " " }
                            { button(props, text::DISMISS, || Press::DismissReload) }
                        </p>
                        <CopyField code={text::script_tag(&location::beside("agent.js"))} />
                    </div>
                }
                if !failed {
                    { for notice(props) }
                }
            </div>
            if !flaws.is_empty() {
                <ul class="loading">{ for flaws.iter().map(|fact| html! { <li>{ &fact.text }</li> }) }</ul>
            }
        </section>
    }
}

/// How many findings there are, for those who do not see the list.
fn findings(props: &HeadlineProps) -> Html {
    let count = props.tables.findings.list.len();
    let onclick = props.onfindings.reform(|_: MouseEvent| ());
    let open = props.open.to_string();
    if count == 0 {
        return Html::default();
    }
    html! {
        <>
            { " " }
            <button type="button" class="count" title={text::FINDINGS_SHOW} aria-expanded={open} {onclick}>
                { text::findings(count) }
            </button>
        </>
    }
}

/// The headline; the place it ends with stays in one piece.
fn sentence(text: &str) -> Html {
    match text.split_once(" ← ") {
        Some((what, place)) => html! { <>{ what }{ " " }<span class="at">{ "← " }{ place }</span></> },
        None => html! { text },
    }
}

fn button(props: &HeadlineProps, label: &'static str, press: fn() -> Press) -> Html {
    let onclick = props.onpress.reform(move |_: MouseEvent| press());
    html! { <button type="button" class="plain" {onclick}>{ label }</button> }
}

fn notice(props: &HeadlineProps) -> Option<Html> {
    let stage = &props.stage;
    let grave = matches!(stage, Stage::Mismatch { .. } | Stage::Damaged { .. } | Stage::Unreadable { .. });
    let class = if grave { "notice error" } else { "notice" };
    let (what, next) = text::notice(stage, protocol::VERSION)?;
    Some(html! {
        <p {class}>
            <b>{ what }</b>{ " " }{ next }
            if *stage == Stage::NoProgram {
                { " " }<ReloadButton class="plain" asked={props.reload == Reload::Asked} onpress={props.onpress.clone()} />
            }
            if *stage == Stage::Alone {
                { " " }<a href="#/">{ text::TO_LAUNCHER }</a>
            }
            if stage.is_past() {
                <span class="ways">
                    if props.live {
                        { button(props, text::BACK_TO_LIVE, || Press::Live) }
                        { button(props, text::DELETE_RUN, || Press::ForgetPrevious) }
                    } else {
                        <a href="#/">{ text::OPEN_LAUNCHER }</a>
                    }
                </span>
            }
        </p>
    })
}
