//! The event loop: what held the thread, microtasks after Go, and the page's own marks and measures.

use crate::{
    components::copy_field::CopyField,
    state::{
        facts::event_loop::{Asked, LoopFacts, Probe, Stay, Task, Timing, foremost},
        list::{Bound, Cell, Field, Head, Item, Items, Unit},
        rows::Name,
    },
    text,
};
use session::{Lengths, LongTaskKind};
use std::rc::Rc;
use yew::prelude::*;

use super::facts::{FactsViewProps, empty, head, panel, table};

const BEGAN: Head = Head { id: "began", label: text::COL_BEGAN, about: text::COL_BEGAN_ABOUT };

fn first_line(lines: &[(Rc<Name>, f64)]) -> Cell {
    foremost(lines).map_or(Cell::Unknown(text::NO_LINE_ABOUT), |name| Cell::Name(name.clone()))
}

static STAYS: [Field<Stay>; 6] = [
    Field { head: head("name", text::COL_STAY, text::COL_STAY_ABOUT), cell: |row| first_line(&row.lines) },
    Field { head: BEGAN, cell: |row| Cell::exact(row.slice.start, Unit::Time, "") },
    Field {
        head: head("took", text::COL_TOOK, text::COL_STAY_TOOK_ABOUT),
        cell: |row| Cell::exact(row.slice.end - row.slice.start, Unit::Ms, ""),
    },
    Field {
        head: head("in-js", text::COL_IN_JS, text::COL_IN_JS_ABOUT),
        cell: |row| Cell::exact(row.slice.bridge_ms.map(f64::from), Unit::Ms, text::NOT_TIMED_ABOUT),
    },
    Field {
        head: head("crossings", text::COL_CROSSINGS, text::COL_CROSSINGS_ABOUT),
        cell: |row| Cell::exact(f64::from(row.slice.calls), Unit::Count, ""),
    },
    Field {
        head: head("kind", text::COL_CAUSE, text::COL_CAUSE_ABOUT),
        cell: |row| Cell::Words(row.slice.cause.as_str().into(), None),
    },
];

static TASKS: [Field<Task>; 6] = [
    Field { head: head("name", text::COL_STAY, text::COL_STAY_ABOUT), cell: task_name },
    Field { head: BEGAN, cell: |row| Cell::exact(row.start, Unit::Time, "") },
    Field {
        head: head("took", text::COL_TOOK, text::COL_TASK_TOOK_ABOUT),
        cell: |row| Cell::exact(row.duration_ms, Unit::Ms, ""),
    },
    Field {
        head: head("in-js", text::COL_IN_GO, text::COL_IN_GO_ABOUT),
        cell: |row| Cell::exact(row.go_ms, Unit::Ms, ""),
    },
    Field {
        head: head("crossings", text::COL_BLOCKED, text::COL_BLOCKED_ABOUT),
        cell: |row| Cell::exact(row.blocking_ms, Unit::Ms, text::NOT_OF_TASKS),
    },
    Field {
        head: head("kind", text::COL_KIND, text::COL_KIND_ABOUT),
        cell: |row| {
            let about = row.script.as_deref().map(|it| AttrValue::from(it.to_owned()));
            Cell::Words(row.kind.as_str().into(), about)
        },
    },
];

/// What Go did in it; where it was not Go's, what the browser says of it.
fn task_name(row: &Task) -> Cell {
    match (row.go_ms > 0.0, &row.script) {
        (true, _) => first_line(&row.lines),
        (false, Some(script)) if row.kind == LongTaskKind::Frame && !script.is_empty() => {
            Cell::Words(script.clone().into(), Some(text::NOT_GO.into()))
        }
        _ => Cell::Words(text::NOT_GO.into(), None),
    }
}

static PROBES: [Field<Probe>; 4] = [
    Field { head: BEGAN, cell: |row| Cell::exact(row.0.t, Unit::Time, "") },
    Field {
        head: head("after", text::COL_AFTER, text::COL_AFTER_ABOUT),
        cell: |row| Cell::exact(row.0.sync_ms, Unit::Ms, ""),
    },
    Field {
        head: head("queued", text::COL_QUEUED, text::COL_QUEUED_ABOUT),
        cell: |row| Cell::exact(row.0.queued_ms, Unit::Ms, ""),
    },
    Field {
        head: head("took", text::COL_DRAIN, text::COL_DRAIN_ABOUT),
        cell: |row| Cell::exact(row.0.drain_ms, Unit::Ms, "").bound((!row.0.exact).then_some(Bound::Most)),
    },
];

static ASKED: [Field<Asked>; 3] = [
    Field {
        head: head("name", text::COL_STAY, text::COL_LINE_ABOUT),
        cell: |row| Cell::Name(row.line.clone()),
    },
    Field {
        head: head("kind", text::COL_ASKED_BY, text::COL_ASKED_BY_ABOUT),
        cell: |row| Cell::Words(row.by.clone().into(), None),
    },
    Field {
        head: head("calls", text::COL_ASKED_CALLS, text::COL_ASKED_CALLS_ABOUT),
        cell: |row| Cell::estimate(Some(row.calls), Unit::Count, ""),
    },
];

fn length(row: &Timing, of: fn(&Lengths) -> f64) -> Cell {
    Cell::exact(row.lengths.as_ref().map(of), Unit::Ms, text::MARKS_HAVE_NONE)
}

static TIMINGS: [Field<Timing>; 7] = [
    Field {
        head: head("name", text::COL_NAME, text::COL_NAME_ABOUT),
        cell: |row| Cell::Words(row.name.clone().into(), Some(row.name.clone().into())),
    },
    Field {
        head: head("kind", text::COL_KIND, text::COL_MARK_ABOUT),
        cell: |row| {
            let kind = if row.lengths.is_some() { text::MEASURE } else { text::MARK };
            Cell::Words(kind.into(), None)
        },
    },
    Field {
        head: head("count", text::COL_COUNT, text::COL_COUNT_ABOUT),
        cell: |row| Cell::exact(row.count as f64, Unit::Count, ""),
    },
    Field {
        head: head("mean", text::COL_MEAN, text::COL_MEAN_ABOUT),
        cell: |row| length(row, |it| it.mean_ms),
    },
    Field { head: head("p50", text::COL_P50, text::COL_P50_ABOUT), cell: |row| length(row, |it| it.p50_ms) },
    Field { head: head("p95", text::COL_P95, text::COL_P95_ABOUT), cell: |row| length(row, |it| it.p95_ms) },
    Field {
        head: head("total", text::COL_TOTAL, text::COL_TOTAL_ABOUT),
        cell: |row| length(row, |it| it.total_ms),
    },
];

/// The view.
pub fn view(props: &FactsViewProps, facts: &LoopFacts) -> Html {
    html! {
        <>
            <div class="answer">
                <p>{ text::loop_answer(facts) }</p>
                if let Some(timers) = &facts.timers {
                    <p class="about timers">{ text::timers(timers) }</p>
                }
            </div>
            <div class="pair even">
                { panel(text::STAYS, text::STAYS_ABOUT, html! {
                    <>
                        { table(props, facts.scope, "stays", text::STAYS, Items::list(&facts.stays, &STAYS), 2) }
                        <p class="note">{ text::stays_too_long(facts.long_stays) }</p>
                    </>
                }) }
                { panel(text::TASKS, text::TASKS_ABOUT, match &facts.tasks {
                    None => empty(text::TASKS_NOT_TOLD),
                    Some(tasks) if tasks.is_empty() => empty(text::TASKS_NONE),
                    Some(tasks) => table(props, facts.scope, "tasks", text::TASKS, Items::list(tasks, &TASKS), 2),
                }) }
                { panel(text::MICROTASKS, text::MICROTASKS_ABOUT, or_empty(&facts.probes, text::MICROTASKS_NONE, |rows| {
                    table(props, facts.scope, "probes", text::MICROTASKS, Items::list(rows, &PROBES), 3)
                })) }
                { panel(text::ASKED, text::ASKED_ABOUT, or_empty(&facts.asked, text::ASKED_NONE, |rows| {
                    table(props, facts.scope, "asked", text::ASKED, Items::list(rows, &ASKED), 2)
                })) }
            </div>
            { panel(text::TIMINGS, text::TIMINGS_ABOUT, if facts.timings.is_empty() {
                html! {
                    <>
                        <p class="empty">{ text::TIMINGS_NONE }</p>
                        <CopyField code={text::TIMINGS_SNIPPET} />
                    </>
                }
            } else {
                table(props, facts.scope, "timings", text::TIMINGS, Items::list(&facts.timings, &TIMINGS), 6)
            }) }
        </>
    }
}

fn or_empty<T: Item>(rows: &Rc<Vec<T>>, why: &'static str, table: impl FnOnce(&Rc<Vec<T>>) -> Html) -> Html {
    if rows.is_empty() { empty(why) } else { table(rows) }
}
