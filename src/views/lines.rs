//! The table by Go line.

use crate::{
    components::sort_table::{Column as TableColumn, SortTable},
    state::{rows::Column, snapshot::Tables, table::Sort},
    text,
};
use session::GoLine;
use std::rc::Rc;
use yew::prelude::*;

use super::cells;

/// Properties of [`Lines`].
#[derive(Properties, PartialEq)]
pub struct LinesProps {
    /// The tables.
    pub tables: Rc<Tables>,
    /// Whether Go stacks can be read at all.
    pub stacks: bool,
}

const fn column(
    id: Column,
    label: &'static str,
    about: &'static str,
    class: &'static str,
    cell: fn(&GoLine) -> Html,
) -> TableColumn<GoLine> {
    TableColumn { id, label, about, class, descending: !matches!(id, Column::Name | Column::Crosses), cell }
}

const COLUMNS: [TableColumn<GoLine>; 7] = [
    column(Column::Name, text::COL_LINE, text::COL_LINE_ABOUT, "name", name),
    column(Column::Crosses, text::COL_CROSSES, text::COL_CROSSES_ABOUT, "crosses", crosses),
    column(Column::Calls, text::COL_CALLS, text::COL_CALLS_ABOUT, "figure", |line| cells::calls(line.calls)),
    column(Column::Time, text::COL_TIME, text::COL_TIME_ABOUT, "figure", |line| cells::time(line.time_ms)),
    column(Column::Share, text::COL_SHARE, text::COL_SHARE_ABOUT, "figure share", |line| {
        cells::share(line.share)
    }),
    column(Column::Bytes, text::COL_BYTES, text::COL_BYTES_ABOUT, "figure", |line| cells::bytes(line.bytes)),
    column(Column::PerCall, text::COL_PER_CALL, text::COL_PER_CALL_ABOUT, "figure", |line| {
        cells::time(line.per_call_ms)
    }),
];

/// The panel.
#[component]
pub fn Lines(props: &LinesProps) -> Html {
    let Tables { lines, not_sampled, .. } = &*props.tables;
    let empty = if props.stacks { text::LINES_EMPTY } else { text::LINES_NO_STACKS };
    html! {
        <section class="lines" aria-labelledby="lines">
            <h2 id="lines">{ text::LINES }</h2>
            if lines.is_empty() {
                <p class="empty">{ empty }</p>
            } else {
                <SortTable<GoLine>
                    caption={text::LINES}
                    rows={lines.clone()}
                    columns={&COLUMNS[..]}
                    sort={Sort { by: Column::Time, descending: true }}
                />
                if *not_sampled > 0 {
                    <p class="note">{ text::not_sampled(*not_sampled) }</p>
                }
            }
        </section>
    }
}

fn name(line: &GoLine) -> Html {
    let about = text::place_about(&line.place, line.samples);
    html! {
        <span class="go-line" title={about}>
            <span class="func">{ line.place.func() }</span>
            { " " }
            <span class="place">{ line.place.position() }</span>
        </span>
    }
}

fn crosses(line: &GoLine) -> Html {
    let more = line.crossings.len().saturating_sub(1);
    html! {
        <span title={text::crossings_about(&line.crossings)}>
            { line.crosses_as() }
            if more > 0 {
                <small>{ text::and_more(more) }</small>
            }
        </span>
    }
}
