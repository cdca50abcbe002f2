//! Garbage collection: how much of the time it took, what triggers it, and every cycle.

use crate::{
    components::list_table::ListTable,
    state::{
        axis::AxisAction,
        facts::gc::{Cycle, GcFacts, TriggerLine},
        list::{Between, Cell, Field, Head, Items, Order, Unit},
        search::Search,
    },
    text,
};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`GcView`].
#[derive(Properties)]
pub struct GcViewProps {
    /// What there is to say.
    pub facts: Rc<GcFacts>,
    /// What is looked for.
    pub search: Search,
    /// A cycle is to be selected.
    pub onaxis: Callback<AxisAction>,
}

// Callbacks are made anew with every picture and do the same.
impl PartialEq for GcViewProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.facts, &other.facts) && self.search == other.search
    }
}

/// Rows shown at first.
const LINES: usize = 10;
const CYCLES: usize = 20;

static LINE_FIELDS: [Field<TriggerLine>; 4] = [
    Field {
        head: Head { id: "name", label: text::COL_TRIGGER, about: text::GC_LINES_ABOUT },
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: Head { id: "cycles", label: text::COL_CYCLES, about: text::COL_CYCLES_ABOUT },
        cell: |row| Cell::exact(row.cycles as f64, Unit::Count, ""),
    },
    Field {
        head: Head { id: "share", label: text::COL_CYCLES_SHARE, about: text::COL_CYCLES_SHARE_ABOUT },
        cell: |row| Cell::exact(row.share, Unit::Share, ""),
    },
    Field {
        head: Head { id: "bytes", label: text::COL_HEAP_AT, about: text::COL_HEAP_AT_ABOUT },
        cell: |row| Cell::exact(row.heap_bytes, Unit::Bytes, text::NOT_TOLD_BY_GO),
    },
];

static CYCLE_FIELDS: [Field<Cycle>; 7] = [
    Field {
        head: Head { id: "name", label: text::COL_TRIGGER, about: text::COL_TRIGGER_ABOUT },
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: Head { id: "number", label: text::COL_CYCLE, about: text::COL_CYCLE_ABOUT },
        cell: |row| {
            Cell::exact(f64::from(row.number), Unit::Count, "").note(row.forced.then_some(text::FORCED))
        },
    },
    Field {
        head: Head { id: "began", label: text::COL_BEGAN, about: text::COL_BEGAN_ABOUT },
        cell: |row| Cell::exact(row.t, Unit::Time, ""),
    },
    Field {
        head: Head { id: "took", label: text::COL_TOOK, about: text::COL_CYCLE_TOOK_ABOUT },
        cell: |row| Cell::exact(row.duration_ms, Unit::Ms, text::NOT_TOLD_AT_ALL),
    },
    Field {
        head: Head { id: "pauses", label: text::COL_PAUSES, about: text::COL_PAUSES_ABOUT },
        cell: |row| Cell::pair(row.pause_ms, Between::Plus, Unit::Ms, text::NOT_TOLD_AT_ALL),
    },
    Field {
        head: Head { id: "heap", label: text::COL_HEAP, about: text::COL_HEAP_ABOUT },
        cell: |row| Cell::pair(row.heap_bytes, Between::To, Unit::Bytes, text::NOT_TOLD_BY_GO),
    },
    Field {
        head: Head { id: "alive", label: text::COL_LIVE, about: text::COL_LIVE_ABOUT },
        cell: |row| Cell::pair(row.live_mb, Between::Of, Unit::Mebibytes, text::NOT_TOLD_AT_ALL),
    },
];

/// The view.
#[component]
pub fn GcView(props: &GcViewProps) -> Html {
    let facts = &props.facts;
    if facts.cycles.is_empty() {
        return html! {
            <div class="facts-view gc-view"><p class="empty">{ text::gc_empty(&facts.told) }</p></div>
        };
    }
    let scope = |of: &str| text::caption(of, facts.scope.range, facts.scope.full);
    html! {
        <div class="facts-view gc-view">
            <div class="answer">
                <p>{ text::gc_answer(facts) }</p>
                if let Some(meaning) = text::gc_meaning(facts) {
                    <p class="about">{ meaning }</p>
                }
            </div>
            <div class="pair">
                <section aria-labelledby="gc-lines">
                    <h2 id="gc-lines">{ text::GC_LINES }</h2>
                    <ListTable
                        id="gc-lines-table"
                        caption={scope(text::GC_LINES)}
                        list={Items::list(&facts.lines, &LINE_FIELDS)}
                        order={Order { by: 1, descending: true }}
                        rows={LINES}
                        search={props.search.clone()}
                        onaxis={props.onaxis.clone()}
                    />
                </section>
                <section aria-labelledby="gc-cycles">
                    <h2 id="gc-cycles">{ text::GC_CYCLES }</h2>
                    <ListTable
                        id="gc-cycles-table"
                        caption={scope(text::GC_CYCLES)}
                        list={Items::list(&facts.cycles, &CYCLE_FIELDS)}
                        order={Order { by: 2, descending: true }}
                        rows={CYCLES}
                        search={props.search.clone()}
                        onaxis={props.onaxis.clone()}
                    />
                    if facts.dropped > 0 {
                        <p class="note">{ text::gc_dropped(facts.dropped) }</p>
                    }
                </section>
            </div>
        </div>
    }
}
