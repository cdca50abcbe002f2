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
    let caption = text::caption(text::IMPORTS, tables.range, tables.full);
    let empty = if tables.range.is_some() { text::EMPTY_IN_RANGE } else { text::IMPORTS_EMPTY };
    costs(tables, &tables.imports, &IMPORTS, caption, empty, search, tree, limit)
}

/// The table by member, or why it is empty.
pub fn members(tables: &Tables, search: Search, tree: Option<Tree>) -> Html {
    let caption = text::caption(text::MEMBERS, tables.range, tables.full);
    let empty = if tables.range.is_some() { text::EMPTY_IN_RANGE } else { text::MEMBERS_EMPTY };
    costs(tables, &tables.members, &MEMBERS, caption, empty, search, tree, None)
}

fn costs(
    tables: &Tables,
    rows: &Rc<Vec<CostRow>>,
    columns: &'static [TableColumn],
    caption: String,
    empty: &'static str,
    search: Search,
    tree: Option<Tree>,
    limit: Option<usize>,
) -> Html {
    if rows.is_empty() {
        return html! { <p class="empty">{ empty }</p> };
    }
    let late = tables.late;
    let rows = rows.clone() as Rc<dyn TopRows>;
    html! { <SortTable {caption} {rows} {columns} {tree} {search} {limit} {late} /> }
}
