//! Garbage collection: how much of the time it took, what triggers it, and every cycle.

use crate::{
    state::{
        facts::gc::{Cycle, GcFacts, TriggerLine},
        list::{Between, Cell, Field, Items, Unit},
    },
    text,
};
use yew::prelude::*;

use super::facts::{FactsViewProps, head, panel, table};

static LINE_FIELDS: [Field<TriggerLine>; 4] = [
    Field {
        head: head("name", text::COL_TRIGGER, text::GC_LINES_ABOUT),
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: head("cycles", text::COL_CYCLES, text::COL_CYCLES_ABOUT),
        cell: |row| Cell::exact(row.cycles as f64, Unit::Count, ""),
    },
    Field {
        head: head("share", text::COL_CYCLES_SHARE, text::COL_CYCLES_SHARE_ABOUT),
        cell: |row| Cell::exact(row.share, Unit::Share, ""),
    },
    Field {
        head: head("bytes", text::COL_HEAP_AT, text::COL_HEAP_AT_ABOUT),
        cell: |row| Cell::exact(row.heap_bytes, Unit::Bytes, text::NOT_TOLD_BY_GO),
    },
];

static CYCLE_FIELDS: [Field<Cycle>; 7] = [
    Field {
        head: head("name", text::COL_TRIGGER, text::COL_TRIGGER_ABOUT),
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: head("number", text::COL_CYCLE, text::COL_CYCLE_ABOUT),
        cell: |row| {
            Cell::exact(f64::from(row.number), Unit::Count, "").note(row.forced.then_some(text::FORCED))
        },
    },
    Field {
        head: head("began", text::COL_BEGAN, text::COL_BEGAN_ABOUT),
        cell: |row| Cell::exact(row.t, Unit::Time, ""),
    },
    Field {
        head: head("took", text::COL_TOOK, text::COL_CYCLE_TOOK_ABOUT),
        cell: |row| Cell::exact(row.duration_ms, Unit::Ms, text::NOT_TOLD_AT_ALL),
    },
    Field {
        head: head("pauses", text::COL_PAUSES, text::COL_PAUSES_ABOUT),
        cell: |row| Cell::pair(row.pause_ms, Between::Plus, Unit::Ms, text::NOT_TOLD_AT_ALL),
    },
    Field {
        head: head("heap", text::COL_HEAP, text::COL_HEAP_ABOUT),
        cell: |row| Cell::pair(row.heap_bytes, Between::To, Unit::Bytes, text::NOT_TOLD_BY_GO),
    },
    Field {
        head: head("alive", text::COL_LIVE, text::COL_LIVE_ABOUT),
        cell: |row| Cell::pair(row.live_mb, Between::Of, Unit::Mebibytes, text::NOT_TOLD_AT_ALL),
    },
];

/// The view.
pub fn view(props: &FactsViewProps, facts: &GcFacts) -> Html {
    if facts.cycles.is_empty() {
        return html! { <p class="empty">{ text::gc_empty(&facts.told) }</p> };
    }
    let lines = Items::list(&facts.lines, &LINE_FIELDS);
    let cycles = Items::list(&facts.cycles, &CYCLE_FIELDS);
    html! {
        <>
            <div class="answer">
                <p>{ text::gc_answer(facts) }</p>
                if let Some(meaning) = text::gc_meaning(facts) {
                    <p class="about">{ meaning }</p>
                }
            </div>
            <div class="pair">
                { panel(text::GC_LINES, "", table(props, facts.scope, "gc-lines-table", text::GC_LINES, lines, 1)) }
                { panel(text::GC_CYCLES, "", html! {
                    <>
                        { table(props, facts.scope, "gc-cycles-table", text::GC_CYCLES, cycles, 2) }
                        if facts.dropped > 0 {
                            <p class="note">{ text::gc_dropped(facts.dropped) }</p>
                        }
                    </>
                }) }
            </div>
        </>
    }
}
