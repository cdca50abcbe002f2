//! The table by Go line.

use crate::{
    components::sort_table::{SortTable, TableColumn, Tree},
    state::{
        rows::Shown,
        search::Search,
        snapshot::Tables,
        table::{Column, TopRows},
    },
    text,
};
use std::rc::Rc;
use yew::prelude::*;

use super::cells::{self, column};

/// Properties of [`Lines`].
#[derive(Properties, PartialEq)]
pub struct LinesProps {
    /// The tables.
    pub tables: Rc<Tables>,
    /// Whether Go stacks can be read at all.
    pub stacks: bool,
    /// What is looked for.
    pub search: Search,
    /// Rows shown where the rest is elsewhere.
    pub limit: usize,
}

const COLUMNS: [TableColumn; 7] = [
    column(Column::Name, text::COL_LINE, text::COL_LINE_ABOUT, "name"),
    TableColumn {
        cell: crosses,
        ..column(Column::Crosses, text::COL_CROSSES, text::COL_CROSSES_ABOUT, "crosses")
    },
    cells::CALLS,
    cells::TIME,
    cells::SHARE,
    cells::BYTES,
    cells::PER_CALL,
];

/// The costliest lines, as a panel.
#[component]
pub fn Lines(props: &LinesProps) -> Html {
    html! {
        <section class="lines" aria-labelledby="lines">
            <h2 id="lines">{ text::LINES }</h2>
            { table(&props.tables, props.stacks, props.search.clone(), None, Some(props.limit)) }
        </section>
    }
}

/// The table, or why it is empty.
pub fn table(
    tables: &Tables,
    stacks: bool,
    search: Search,
    tree: Option<Tree>,
    limit: Option<usize>,
) -> Html {
    if tables.lines.is_empty() {
        let empty = match (stacks, tables.range) {
            (false, _) => text::LINES_NO_STACKS,
            (true, Some(_)) => text::EMPTY_IN_RANGE,
            (true, None) => text::LINES_EMPTY,
        };
        return html! { <p class="empty">{ empty }</p> };
    }
    html! {
        <>
            <SortTable
                caption={text::caption(text::LINES, tables.range, tables.full)}
                rows={tables.lines.clone() as Rc<dyn TopRows>}
                columns={&COLUMNS[..]}
                {tree}
                {search}
                {limit}
            />
            if tables.not_sampled > 0 {
                <p class="note">{ text::not_sampled(tables.not_sampled) }</p>
            }
        </>
    }
}

fn crosses(row: &Shown) -> Html {
    let Some(crosses) = &row.crosses else { return Html::default() };
    html! {
        <span title={crosses.about.clone()}>
            { &crosses.label }
            if crosses.more > 0 {
                <small>{ text::and_more(crosses.more) }</small>
            }
        </span>
    }
}
