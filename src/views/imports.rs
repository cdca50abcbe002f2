//! The table by import: exact calls and bytes.

use crate::{
    components::sort_table::{Column as TableColumn, SortTable},
    state::{rows::Column, snapshot::Tables, table::Sort},
    text,
};
use session::CostRow;
use std::rc::Rc;
use yew::prelude::*;

use super::cells;

/// Properties of [`Imports`].
#[derive(Properties, PartialEq)]
pub struct ImportsProps {
    /// The tables.
    pub tables: Rc<Tables>,
}

const fn column(
    id: Column,
    label: &'static str,
    about: &'static str,
    class: &'static str,
    cell: fn(&CostRow) -> Html,
) -> TableColumn<CostRow> {
    TableColumn { id, label, about, class, descending: !matches!(id, Column::Name), cell }
}

const COLUMNS: [TableColumn<CostRow>; 5] = [
    column(Column::Name, text::COL_IMPORT, text::COL_IMPORT_ABOUT, "name", |row| {
        html! { <span class="func" title={row.import.clone()}>{ &row.import }</span> }
    }),
    column(Column::Calls, text::COL_CALLS, text::COL_CALLS_ABOUT, "figure exact", |row| {
        cells::calls(row.calls)
    }),
    column(Column::Time, text::COL_TIME, text::COL_TIME_ABOUT, "figure", |row| cells::time(row.time_ms)),
    column(Column::Bytes, text::COL_BYTES, text::COL_BYTES_ABOUT, "figure exact", |row| {
        cells::bytes(row.bytes)
    }),
    column(Column::PerCall, text::COL_PER_CALL, text::COL_PER_CALL_ABOUT, "figure", |row| {
        cells::time(row.per_call_ms)
    }),
];

/// The panel.
#[component]
pub fn Imports(props: &ImportsProps) -> Html {
    let rows = props.tables.imports.clone();
    html! {
        <section class="imports" aria-labelledby="imports">
            <h2 id="imports">{ text::IMPORTS }</h2>
            if rows.is_empty() {
                <p class="empty">{ text::IMPORTS_EMPTY }</p>
            } else {
                <SortTable<CostRow>
                    caption={text::IMPORTS}
                    {rows}
                    columns={&COLUMNS[..]}
                    sort={Sort { by: Column::Time, descending: true }}
                />
            }
        </section>
    }
}
