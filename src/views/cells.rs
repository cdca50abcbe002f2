//! Cells of figures: value, its error in small, and what an unknown one means.

use crate::text;
use session::{Estimate, fmt};
use yew::prelude::*;

pub fn calls(calls: Estimate) -> Html {
    written(&fmt::calls(calls))
}

pub fn time(ms: Option<Estimate>) -> Html {
    estimate(ms, fmt::ms, text::NOT_TIMED_ABOUT)
}

pub fn bytes(bytes: Option<Estimate>) -> Html {
    estimate(bytes, fmt::bytes, text::NO_BYTES_ABOUT)
}

pub fn share(share: Option<f64>) -> Html {
    let Some(share) = share.filter(|share| share.is_finite()) else {
        return unknown(text::NOT_TIMED_ABOUT);
    };
    html! { { fmt::percent(share) } }
}

fn estimate(figure: Option<Estimate>, write: impl Fn(f64) -> String, why_not: &'static str) -> Html {
    let Some(figure) = figure.filter(|figure| figure.value.is_finite()) else { return unknown(why_not) };
    written(&fmt::estimate(figure, write))
}

/// The error in small.
fn written(words: &str) -> Html {
    match words.split_once('±') {
        Some((value, error)) => html! { <>{ value }<small>{ "±" }{ error }</small></> },
        None => html! { { words } },
    }
}

fn unknown(why: &'static str) -> Html {
    html! { <span class="unknown" title={why}>{ text::UNKNOWN }</span> }
}
