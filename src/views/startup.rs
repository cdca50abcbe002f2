//! From the first request to `main.main`: a lane for each phase on the axis that all views share, what is wrong with
//! loading and what to do, and the module's facts.

use crate::{
    state::{axis::AxisAction, startup::Startup},
    text,
    viz::{
        Range,
        waterfall::{self, Lane, Span},
    },
};
use session::{LoadingFact, Phase, PhaseName};
use std::rc::Rc;
use yew::prelude::*;

use super::{module::ModuleFacts, packages, phases::lane_class};

/// Properties of [`StartupView`].
#[derive(Properties, PartialEq)]
pub struct StartupViewProps {
    /// The latest programs' start-ups, oldest first.
    pub startups: Rc<Vec<Startup>>,
    /// Position of the one shown.
    pub chosen: usize,
    /// What the axis shows.
    pub range: Range,
    /// The axis is to show or select something.
    pub onaxis: Callback<AxisAction>,
}

/// The view.
#[component]
pub fn StartupView(props: &StartupViewProps) -> Html {
    let Some(startup) = props.startups.get(props.chosen) else {
        return html! { <p class="empty">{ text::PHASES_EMPTY }</p> };
    };
    html! {
        <div class="startup">
            { lanes(props, startup) }
            <div class="startup-facts">
                if !startup.facts.is_empty() {
                    <section aria-labelledby="wrong">
                        <h2 id="wrong">{ text::WRONG }</h2>
                        <ul class="wrong">{ for startup.facts.iter().map(fact) }</ul>
                    </section>
                }
                { packages::table(&startup.packages, &props.onaxis) }
                if let Some(module) = &startup.module {
                    <ModuleFacts module={module.clone()} />
                }
            </div>
        </div>
    }
}

/// Heads of the columns, and over the lanes what they show.
fn head(props: &StartupViewProps, startup: &Startup) -> Html {
    let range = startup.range();
    let onaxis = props.onaxis.clone();
    let show = move |_: MouseEvent| {
        if let Some(range) = range {
            onaxis.emit(AxisAction::Show(range));
        }
    };
    html! {
        <div class="lane-row lane-head">
            <span>{ text::PHASE }</span><span>{ text::PHASE_BEGAN }</span><span>{ text::PHASE_TOOK }</span>
            <div>
                <button
                    type="button"
                    class="plain"
                    title={text::SHOW_STARTUP_ABOUT}
                    disabled={range.is_none()}
                    onclick={show}
                >
                    { text::SHOW_STARTUP }
                </button>
                if startup.phases.iter().any(|phase| !phase.exact) {
                    <span class="legend">
                        <i class="phase-bar bound" aria-hidden="true" />{ text::BOUND_LEGEND }
                    </span>
                }
            </div>
        </div>
    }
}

fn lanes(props: &StartupViewProps, startup: &Startup) -> Html {
    let spans: Vec<Span> = startup.phases.iter().map(|it| Span { start: it.start, end: it.end }).collect();
    let lanes = waterfall::lanes(&spans, props.range);
    let begin = startup.begin().unwrap_or_default();
    html! {
        <section class="lanes" aria-label={text::PHASES}>
            { head(props, startup) }
            if startup.late {
                <p class="empty">{ text::PHASES_LATE }</p>
            }
            if startup.phases.is_empty() && startup.late {
                { Html::default() }
            } else if startup.phases.is_empty() {
                <p class="empty">{ text::PHASES_EMPTY }</p>
            } else {
                <ol>
                    { for startup.phases.iter().zip(lanes).map(|(phase, lane)| row(startup, phase, lane, begin, props)) }
                </ol>
                <p class="note">{ text::startup_zero(begin) }</p>
            }
        </section>
    }
}

fn row(startup: &Startup, phase: &Phase, lane: Lane, begin: f64, props: &StartupViewProps) -> Html {
    let began = text::phase_began(phase.start - begin, phase.exact);
    let took = text::phase_took(phase.end.map(|end| end - phase.start), phase.exact);
    let about = text::phase_about(phase.name, &began, &took, phase.exact);
    // What runs ends with what is shown.
    let stretch = Range::new(phase.start, phase.end.unwrap_or(props.range.end));
    let onclick = props.onaxis.reform(move |_: MouseEvent| AxisAction::Select(stretch));
    let bar = match lane {
        Lane::Before => html! { <span class="off">{ text::LANE_BEFORE }</span> },
        Lane::After => html! { <span class="off after">{ text::LANE_AFTER }</span> },
        Lane::Shown(bar) => {
            let style = format!("left:{:.4}%;width:{:.4}%", bar.from * 100.0, bar.length * 100.0);
            let kind = lane_class(phase.name);
            html! {
                <>
                <i
                    class={classes!("phase-bar", kind, bar.open.then_some("open"), (!phase.exact).then_some("bound"))}
                    {style}
                />
                if phase.name == PhaseName::PackageInit {
                    { packages::inits(&startup.packages, props.range) }
                }
                </>
            }
        }
    };
    html! {
        <li class="lane-row" key={phase.name.as_str()}>
            <span class="name">{ phase.name.as_str() }</span>
            <span class="at">{ began }</span>
            <b class="lasted">{ took }</b>
            <button type="button" class="lane" aria-label={about.clone()} title={about} {onclick}>{ bar }</button>
        </li>
    }
}

fn fact(fact: &LoadingFact) -> Html {
    let class = if fact.kind.is_failure() { "label grave" } else { "label" };
    html! { <li><b {class}>{ text::loading_kind(fact.kind) }</b><span>{ &fact.text }</span></li> }
}
