//! What crossings carry: JSON, copies by size, copies made element by element.

use crate::{
    state::{
        facts::data::{Copies, DataFacts, Elements, Json},
        list::{Cell, Field, Items, Unit},
    },
    text,
};
use session::JsonOp;
use yew::prelude::*;

use super::facts::{FactsViewProps, empty, head, panel, table};

static JSON: [Field<Json>; 6] = [
    Field {
        head: head("name", text::COL_JSON, text::COL_JSON_ABOUT),
        cell: |row| {
            let name = if row.0.op == JsonOp::Parse { "JSON.parse" } else { "JSON.stringify" };
            Cell::Words(name.into(), None)
        },
    },
    Field {
        head: head("calls", text::COL_CALLS, text::COL_JSON_CALLS_ABOUT),
        cell: |row| Cell::estimate(Some(row.0.calls), Unit::Count, ""),
    },
    Field {
        head: head("chars", text::COL_CHARS, text::COL_CHARS_ABOUT),
        cell: |row| Cell::estimate(row.0.chars, Unit::Count, ""),
    },
    Field {
        head: head("took", text::COL_TIME, text::COL_TIME_ABOUT),
        cell: |row| Cell::estimate(row.0.time_ms, Unit::Ms, text::NOT_TIMED_ABOUT),
    },
    Field {
        head: head("share", text::COL_SHARE, text::COL_SHARE_ABOUT),
        cell: |row| Cell::exact(row.0.share.map(|it| it.value), Unit::Share, text::NOT_TIMED_ABOUT),
    },
    Field {
        head: head("numbers", text::COL_NUMBERS, text::COL_NUMBERS_ABOUT),
        cell: |row| Cell::exact(row.0.numbers, Unit::Share, text::NO_TIME_SEEN),
    },
];

static COPIES: [Field<Copies>; 5] = [
    Field {
        head: head("name", text::COL_COPY, text::COL_COPY_ABOUT),
        cell: |row| Cell::Words(format!("{} {}", row.0.import, text::copy_to(row.0.to)).into(), None),
    },
    Field {
        head: head("size", text::COL_SIZE, text::COL_SIZE_ABOUT),
        cell: |row| Cell::exact(row.0.size_class as f64, Unit::Bytes, ""),
    },
    Field {
        head: head("calls", text::COL_CALLS, text::COL_COPY_CALLS_ABOUT),
        cell: |row| Cell::estimate(Some(row.0.calls), Unit::Count, ""),
    },
    Field {
        head: head("bytes", text::COL_BYTES, text::COL_COPY_BYTES_ABOUT),
        cell: |row| Cell::estimate(Some(row.0.bytes), Unit::Bytes, ""),
    },
    Field {
        head: head("rate", text::COL_PER_SECOND, text::COL_PER_SECOND_ABOUT),
        cell: |row| Cell::estimate(row.0.per_s, Unit::BytesPerSecond, text::NO_WINDOW),
    },
];

static ELEMENTS: [Field<Elements>; 6] = [
    Field {
        head: head("name", text::COL_ELEMENTS, text::COL_ELEMENTS_ABOUT),
        cell: |row| Cell::Words(text::element_op(row.0.op).into(), None),
    },
    Field {
        head: head("calls", text::COL_ELEMENT_CALLS, text::COL_ELEMENT_CALLS_ABOUT),
        cell: |row| Cell::estimate(Some(row.0.calls), Unit::Count, ""),
    },
    Field {
        head: head("bursts", text::COL_BURSTS, text::COL_BURSTS_ABOUT),
        cell: |row| Cell::estimate(Some(row.0.bursts), Unit::Count, ""),
    },
    Field {
        head: head("longest", text::COL_LONGEST, text::COL_LONGEST_ABOUT),
        cell: |row| Cell::exact(row.0.longest as f64, Unit::Count, ""),
    },
    Field {
        head: head("took", text::COL_TIME, text::COL_TIME_ABOUT),
        cell: |row| Cell::estimate(row.0.time_ms, Unit::Ms, text::NOT_TIMED_ABOUT),
    },
    Field {
        head: head("share", text::COL_SHARE, text::COL_SHARE_ABOUT),
        cell: |row| Cell::exact(row.0.share.map(|it| it.value), Unit::Share, text::NOT_TIMED_ABOUT),
    },
];

/// The tables.
pub fn view(props: &FactsViewProps, facts: &DataFacts) -> Html {
    let scope = facts.scope;
    html! {
        <div class="pair even">
            { panel(text::JSON, text::JSON_ABOUT, if facts.json.is_empty() {
                empty(text::JSON_NONE)
            } else {
                table(props, scope, "json", text::JSON, Items::list(&facts.json, &JSON), 3)
            }) }
            { panel(text::ELEMENTS, text::ELEMENTS_ABOUT, if facts.elements.is_empty() {
                empty(text::ELEMENTS_NONE)
            } else {
                table(props, scope, "elements", text::ELEMENTS, Items::list(&facts.elements, &ELEMENTS), 1)
            }) }
            { panel(text::COPIES, text::COPIES_ABOUT, if facts.copies.is_empty() {
                empty(text::COPIES_NONE)
            } else {
                table(props, scope, "copies", text::COPIES, Items::list(&facts.copies, &COPIES), 3)
            }) }
        </div>
    }
}
