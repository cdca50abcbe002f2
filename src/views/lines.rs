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
use session::Stackless;
use std::rc::Rc;
use yew::prelude::*;

use super::cells::{self, column};

/// Properties of [`Lines`].
#[derive(Properties, PartialEq)]
pub struct LinesProps {
    /// The tables.
    pub tables: Rc<Tables>,
    /// Why there are no Go lines, where there can be none.
    pub stackless: Option<Stackless>,
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
            { table(&props.tables, props.stackless.as_ref(), props.search.clone(), None, Some(props.limit)) }
        </section>
    }
}

/// The table, or why it is empty.
pub fn table(
    tables: &Tables,
    stackless: Option<&Stackless>,
    search: Search,
    tree: Option<Tree>,
    limit: Option<usize>,
) -> Html {
    // All that crossed would be one row without a name.
    if let Some(why) = stackless {
        return html! { <p class="empty">{ why.text() }</p> };
    }
    if tables.lines.is_empty() {
        let empty = if tables.range.is_some() { text::EMPTY_IN_RANGE } else { text::LINES_EMPTY };
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
                late={tables.late}
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
