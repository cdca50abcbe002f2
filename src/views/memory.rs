//! Memory: its kinds side by side, whether one keeps growing, and who made it grow.

use crate::{
    state::{
        facts::memory::{Alike, Callbacks, Gauge, Growth, Maker, MemoryFacts, Step},
        list::{Between, Cell, Field, Items, Unit},
    },
    text,
};
use yew::prelude::*;

use super::facts::{FactsViewProps, empty, head, panel, table};

static STEPS: [Field<Step>; 4] = [
    Field {
        head: head("name", text::COL_GROWER, text::COL_GROWER_ABOUT),
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: head("began", text::COL_BEGAN, text::COL_BEGAN_ABOUT),
        cell: |row| Cell::exact(row.grow.t, Unit::Time, ""),
    },
    Field {
        head: head("heap", text::COL_FROM_TO, text::COL_FROM_TO_ABOUT),
        cell: |row| {
            let both = [Some(row.grow.from_bytes), Some(row.grow.to_bytes)];
            Cell::pair(both, Between::To, Unit::Bytes, "")
        },
    },
    Field {
        head: head("bytes", text::COL_MORE, text::COL_MORE_ABOUT),
        cell: |row| Cell::exact(row.grow.to_bytes - row.grow.from_bytes, Unit::Bytes, ""),
    },
];

static MAKERS: [Field<Maker>; 3] = [
    Field {
        head: head("name", text::COL_MAKER, text::COL_LINE_ABOUT),
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: head("held", text::COL_HELD, text::COL_HELD_ABOUT),
        cell: |row| Cell::estimate(Some(row.live), Unit::Count, ""),
    },
    Field {
        head: head("calls", text::COL_MADE, text::COL_MADE_ABOUT),
        cell: |row| Cell::estimate(Some(row.made), Unit::Count, ""),
    },
];

static ALIKE: [Field<Alike>; 3] = [
    Field {
        head: head("name", text::COL_CONSTRUCTOR, text::COL_CONSTRUCTOR_ABOUT),
        cell: |row| Cell::Words(row.name.clone().into(), None),
    },
    Field {
        head: head("count", text::COL_COUNT, text::COL_HELD_COUNT_ABOUT),
        cell: |row| Cell::estimate(Some(row.count), Unit::Count, ""),
    },
    Field {
        head: head("share", text::COL_SHARE, text::COL_HELD_SHARE_ABOUT),
        cell: |row| Cell::exact(row.share, Unit::Share, ""),
    },
];

static CALLBACKS: [Field<Callbacks>; 2] = [
    Field {
        head: head("name", text::COL_CALLBACK, text::COL_CALLBACK_ABOUT),
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: head("count", text::COL_UNRELEASED, text::COL_UNRELEASED_ABOUT),
        cell: |row| Cell::exact(row.count as f64, Unit::Count, ""),
    },
];

/// The view.
pub fn view(props: &FactsViewProps, facts: &MemoryFacts) -> Html {
    let heap_none = text::gc_empty(&facts.told);
    html! {
        <>
            <div class="answer"><p>{ text::memory_answer(facts) }</p></div>
            <ul class="kinds">
                { kind("linear", text::LINEAR, text::LINEAR_ABOUT, facts.linear, true, text::LINEAR_NONE) }
                { kind("go-heap", text::HEAP_KIND, text::HEAP_KIND_ABOUT, facts.heap, true, &heap_none) }
                { kind("refs", text::REFS, text::REFS_ABOUT, facts.refs, false, text::REFS_NONE) }
                { kind("js-heap", text::JS_HEAP, text::JS_HEAP_ABOUT, facts.js_heap, true, text::JS_HEAP_NONE) }
            </ul>
            <div class="pair even">
                { panel(text::STEPS, text::STEPS_ABOUT, if facts.steps.is_empty() {
                    empty(text::STEPS_NONE)
                } else {
                    table(props, facts.scope, "steps", text::STEPS, Items::list(&facts.steps, &STEPS), 1)
                }) }
                { panel(text::MAKERS, text::MAKERS_ABOUT, makers(props, facts)) }
                { panel(text::ALIKE, "", alike(props, facts)) }
                { panel(text::FUNCS, text::FUNCS_ABOUT, funcs(props, facts)) }
            </div>
        </>
    }
}

fn kind(
    class: &'static str,
    label: &'static str,
    about: &'static str,
    gauge: Option<Gauge>,
    bytes: bool,
    none: &str,
) -> Html {
    let Some(gauge) = gauge else {
        return html! {
            <li {class}><h3>{ label }</h3><b class="unknown">{ text::UNKNOWN }</b><p class="about">{ none.to_owned() }</p></li>
        };
    };
    let growing = matches!(gauge.growth, Growth::Growing(_));
    html! {
        <li {class}>
            <h3>{ label }</h3>
            <b>{ text::much(gauge.now, bytes) }</b>
            if growing {
                <span class="grows">{ "▲ " }{ text::GROWING }</span>
            }
            <p>{ text::gauge_about(&gauge, bytes) }{ ", " }{ text::told_at(&gauge) }</p>
            <p class="about">{ about }</p>
        </li>
    }
}

fn makers(props: &FactsViewProps, facts: &MemoryFacts) -> Html {
    match &facts.makers {
        None => empty(text::REFS_NONE),
        Some(makers) if makers.is_empty() => empty(text::MAKERS_NONE),
        Some(makers) => table(props, facts.scope, "makers", text::MAKERS, Items::list(makers, &MAKERS), 1),
    }
}

fn alike(props: &FactsViewProps, facts: &MemoryFacts) -> Html {
    let count = props.oncensus.as_ref().map(|onclick| {
        let label = if facts.census.is_some() { text::COUNT_AGAIN } else { text::COUNT_NOW };
        html! { <button type="button" class="count" {onclick}>{ label }</button> }
    });
    match facts.census {
        None => html! { <>{ empty(text::ALIKE_NONE) }{ count }</> },
        Some((t, values)) => html! {
            <>
                <p class="about">{ text::counted(t, values) }{ " " }{ count }</p>
                { table(props, facts.scope, "alike", text::ALIKE, Items::list(&facts.alike, &ALIKE), 1) }
            </>
        },
    }
}

fn funcs(props: &FactsViewProps, facts: &MemoryFacts) -> Html {
    let Some(told) = &facts.funcs else { return empty(text::REFS_NONE) };
    html! {
        <>
            <p class="funcs">{ text::funcs(told.made, told.released, told.live) }</p>
            if let Some(callbacks) = facts.callbacks.as_ref().filter(|it| !it.is_empty()) {
                { table(props, facts.scope, "callbacks", text::FUNCS, Items::list(callbacks, &CALLBACKS), 1) }
            }
        </>
    }
}
