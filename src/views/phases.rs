//! Start-up as a small waterfall.

use crate::{
    text,
    viz::waterfall::{self, Bar, Span},
};
use session::{Phase, PhaseName, fmt};
use yew::prelude::*;

/// Properties of [`Phases`].
#[derive(Properties, PartialEq)]
pub struct PhasesProps {
    /// In order of their begin.
    pub phases: Vec<Phase>,
}

/// The waterfall.
#[component]
pub fn Phases(props: &PhasesProps) -> Html {
    let spans: Vec<Span> = props.phases.iter().map(|it| Span { start: it.start, end: it.end }).collect();
    let main = props.phases.iter().position(|phase| phase.name == PhaseName::Main);
    // As in the headline, times count from the first request.
    let begin = props.phases.first().map_or(0.0, |phase| phase.start);
    let bars = waterfall::bars(&spans, main);
    html! {
        <section class="phases" aria-labelledby="phases">
            <h2 id="phases">{ text::PHASES }</h2>
            if props.phases.is_empty() {
                <p class="empty">{ text::PHASES_EMPTY }</p>
            } else {
                <ol>{ for props.phases.iter().zip(&bars).map(|(phase, bar)| row(phase, bar, begin)) }</ol>
            }
        </section>
    }
}

fn row(phase: &Phase, bar: &Bar, begin: f64) -> Html {
    let style = format!("left:{:.3}%;width:{:.3}%", bar.from * 100.0, bar.length * 100.0);
    let mark = if phase.exact { "" } else { "≤ " };
    let lasted = match phase.end {
        Some(end) => format!("{mark}{}", fmt::ms((end - phase.start).max(0.0))),
        None => text::RUNNING.to_owned(),
    };
    let after = fmt::ms(phase.start - begin);
    let after = if phase.exact { after } else { format!("~{after}") };
    let about = (!phase.exact).then_some(text::PHASE_BOUND_ABOUT);
    html! {
        <li title={about}>
            <span class="name">{ phase.name.as_str() }</span>
            <span class="lane" aria-hidden="true">
                <i class={classes!(lane_class(phase.name), bar.open.then_some("open"))} {style} />
            </span>
            <span class="at">{ text::PHASE_AFTER }{ after }</span>
            <span class="lasted">{ lasted }</span>
        </li>
    }
}

/// Whose work a phase is: the browser's or Go's.
pub fn lane_class(name: PhaseName) -> &'static str {
    match name {
        PhaseName::RuntimeInit | PhaseName::PackageInit | PhaseName::Main | PhaseName::Run => "go",
        _ => "browser",
    }
}
