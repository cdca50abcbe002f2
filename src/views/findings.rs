//! What is wrong, gravest first: what it cost, where, and behind a press why and what to do.

use crate::{
    state::{
        findings::{Findings, Key, arranged, home, key},
        view::ViewId,
    },
    text,
};
use session::{Finding, Severity};
use std::rc::Rc;
use yew::prelude::*;

/// Where a finding leads: a view, and what to look for in it.
pub type Lead = (ViewId, Option<String>);

/// Properties of [`FindingList`].
#[derive(Properties, PartialEq)]
pub struct FindingListProps {
    /// The findings.
    pub findings: Findings,
    /// They show where the view is low, too.
    pub all: bool,
    /// The tables are of a selection, these are not.
    pub narrowed: bool,
    /// A place was pressed.
    pub onlead: Callback<Lead>,
}

/// The list. Nothing where nothing is wrong, but a line that says so once that can be said.
#[component]
pub fn FindingList(props: &FindingListProps) -> Html {
    let held = use_state(|| None::<Rc<Vec<Key>>>);
    let opened = use_state(Vec::<Key>::new);
    if props.findings.list.is_empty() {
        return match props.findings.none {
            true => {
                html! { <p class="findings-none" title={text::FINDINGS_NONE_ABOUT}>{ text::FINDINGS_NONE }</p> }
            }
            false => Html::default(),
        };
    }
    let list = arranged(&props.findings.list, held.as_ref().map(|held| held.as_slice()));
    let onpointerenter = {
        let (held, list) = (held.clone(), list.clone());
        move |_: PointerEvent| held.set(Some(Rc::new(list.iter().map(key).collect())))
    };
    let onpointerleave = move |_: PointerEvent| held.set(None);
    let rows = list.into_iter().map(|finding| row(finding, &opened, &props.onlead));
    html! {
        <section class={classes!("findings", props.all.then_some("all"))} aria-labelledby="findings">
            <h2 id="findings">
                { text::FINDINGS }
                if props.narrowed {
                    { " " }<small>{ text::FINDINGS_OF_ALL }</small>
                }
            </h2>
            <ul {onpointerenter} {onpointerleave}>{ for rows }</ul>
        </section>
    }
}

fn row(finding: Finding, opened: &UseStateHandle<Vec<Key>>, onlead: &Callback<Lead>) -> Html {
    let this = key(&finding);
    let open = opened.contains(&this);
    let id = format!(
        "finding-{}-{}",
        this.0,
        this.1.as_deref().unwrap_or_default().replace(char::is_whitespace, "-")
    );
    let onopen = {
        let (opened, this) = (opened.clone(), this.clone());
        move |_: MouseEvent| {
            let mut next: Vec<Key> = opened.iter().filter(|it| **it != this).cloned().collect();
            if !open {
                next.push(this.clone());
            }
            opened.set(next);
        }
    };
    let (class, mark) = match finding.severity {
        Severity::High => ("severity high", "▲"),
        Severity::Medium => ("severity medium", "▲"),
        Severity::Low => ("severity low", "△"),
    };
    html! {
        <li key={format!("{this:?}")}>
            <span {class}><i aria-hidden="true">{ mark }</i>{ text::severity(finding.severity) }</span>
            <button
                type="button"
                class="title"
                aria-expanded={open.to_string()}
                aria-controls={open.then(|| id.clone())}
                onclick={onopen}
            >
                { &finding.title }
            </button>
            <span class="cost" title={text::FINDING_COST_ABOUT}>{ text::finding_cost(finding.cost_ms) }</span>
            { place(&finding, onlead) }
            if open {
                <dl {id}>
                    <dt>{ text::FINDING_WHY }</dt><dd>{ &finding.detail }</dd>
                    <dt>{ text::FINDING_FIX }</dt><dd>{ &finding.fix }</dd>
                </dl>
            }
        </li>
    }
}

/// Where it is, as a link to the view with the figures.
fn place(finding: &Finding, onlead: &Callback<Lead>) -> Html {
    let view = home(&finding.id);
    let at = finding.at.clone().unwrap_or_else(|| text::view(view).to_owned());
    let words = finding.at.clone().filter(|_| view == ViewId::Bridge);
    let onclick = onlead.reform(move |_: MouseEvent| (view, words.clone()));
    // Of a URL its end tells.
    let shown = at.rsplit('/').next().filter(|_| at.contains("://")).unwrap_or(&at).to_owned();
    html! {
        <button type="button" class="at" title={text::finding_place_about(&at, text::view(view))} {onclick}>
            { shown }
        </button>
    }
}
