//! The tables by import and by JS member.

use crate::{
    components::sort_table::{SortTable, TableColumn, Tree},
    state::{
        search::Search,
        snapshot::Tables,
        table::{Column, TopRows},
    },
    text,
};
use session::CostRow;
use std::rc::Rc;
use yew::prelude::*;

use super::cells::{self, column};

/// Properties of [`Imports`].
#[derive(Properties, PartialEq)]
pub struct ImportsProps {
    /// The tables.
    pub tables: Rc<Tables>,
    /// What is looked for.
    pub search: Search,
    /// Rows shown where the rest is elsewhere.
    pub limit: usize,
}

const IMPORTS: [TableColumn; 6] = [
    column(Column::Name, text::COL_IMPORT, text::COL_IMPORT_ABOUT, "name"),
    cells::CALLS,
    cells::TIME,
    cells::SHARE,
    cells::BYTES,
    cells::PER_CALL,
];

const MEMBERS: [TableColumn; 5] = [
    column(Column::Name, text::COL_MEMBER, text::COL_MEMBER_ABOUT, "name"),
    cells::CALLS,
    cells::TIME,
    cells::SHARE,
    cells::PER_CALL,
];

/// The costliest imports, as a panel.
#[component]
pub fn Imports(props: &ImportsProps) -> Html {
    html! {
        <section class="imports" aria-labelledby="imports">
            <h2 id="imports">{ text::IMPORTS }</h2>
            { imports(&props.tables, props.search.clone(), None, Some(props.limit)) }
        </section>
    }
}

/// The table by import, or why it is empty.
pub fn imports(tables: &Tables, search: Search, tree: Option<Tree>, limit: Option<usize>) -> Html {
    let words = (text::IMPORTS, text::IMPORTS_EMPTY);
    costs(tables, &tables.imports, &IMPORTS, words, search, tree, limit)
}

/// The table by member, or why it is empty.
pub fn members(tables: &Tables, search: Search, tree: Option<Tree>) -> Html {
    costs(tables, &tables.members, &MEMBERS, (text::MEMBERS, text::MEMBERS_EMPTY), search, tree, None)
}

fn costs(
    tables: &Tables,
    rows: &Rc<Vec<CostRow>>,
    columns: &'static [TableColumn],
    (name, none): (&'static str, &'static str),
    search: Search,
    tree: Option<Tree>,
    limit: Option<usize>,
) -> Html {
    if rows.is_empty() {
        return html! { <p class="empty">{ if tables.range.is_some() { text::EMPTY_IN_RANGE } else { none } }</p> };
    }
    let caption = text::caption(name, tables.range, tables.full);
    let late = tables.late;
    let rows = rows.clone() as Rc<dyn TopRows>;
    html! { <SortTable {caption} {rows} {columns} {tree} {search} {limit} {late} /> }
}
