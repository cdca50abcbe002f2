//! A live table: sorted by the header that was pressed, its rows still while the pointer is over it.

use crate::{
    state::table::{Row, Sort, arrange},
    text,
};
use std::rc::Rc;
use yew::prelude::*;

/// Rows shown at most: more cannot be read, and each costs the page time.
const MAX_ROWS: usize = 100;

/// A column of a table of `R`.
pub struct Column<R: Row> {
    /// What rows are sorted by.
    pub id: R::Column,
    /// Its header.
    pub label: &'static str,
    /// What its header leaves unsaid.
    pub about: &'static str,
    /// Class of its cells.
    pub class: &'static str,
    /// Whether a first press shows the greatest first.
    pub descending: bool,
    /// A cell.
    pub cell: fn(&R) -> Html,
}

/// Properties of [`SortTable`].
#[derive(Properties)]
pub struct SortTableProps<R: Row + 'static> {
    /// What the table is of.
    pub caption: &'static str,
    /// The rows, in any order.
    pub rows: Rc<Vec<R>>,
    /// The columns.
    pub columns: &'static [Column<R>],
    /// The order at first.
    pub sort: Sort<R::Column>,
}

impl<R: Row> PartialEq for SortTableProps<R> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.rows, &other.rows)
    }
}

/// The table.
#[component]
pub fn SortTable<R: Row + 'static>(props: &SortTableProps<R>) -> Html {
    let sort = use_state(|| props.sort);
    let pointed = use_mut_ref(|| false);
    let held = use_mut_ref(Vec::<R::Key>::new);
    let order = {
        let mut held = held.borrow_mut();
        let order = arrange(&props.rows, *sort, if *pointed.borrow() { &held } else { &[] });
        *held = order.iter().map(|i| props.rows[*i].key()).collect();
        order
    };
    let onsort = {
        let sort = sort.clone();
        Callback::from(move |(column, descending): (R::Column, bool)| {
            held.borrow_mut().clear();
            sort.set(sort.clicked(column, descending));
        })
    };
    let point = |at: bool| {
        let pointed = pointed.clone();
        Callback::from(move |_: PointerEvent| *pointed.borrow_mut() = at)
    };
    let left_out = order.len().saturating_sub(MAX_ROWS);
    html! {
        <table role="table" aria-label={props.caption} onpointerenter={point(true)} onpointerleave={point(false)}>
            <thead role="rowgroup">
                <tr role="row">{ for props.columns.iter().map(|column| header(column, *sort, &onsort)) }</tr>
            </thead>
            <tbody role="rowgroup">
                { for order.iter().take(MAX_ROWS).map(|i| body_row(&props.rows[*i], props.columns)) }
            </tbody>
            if left_out > 0 {
                <caption>{ text::more_rows(left_out) }</caption>
            }
        </table>
    }
}

fn header<R: Row>(column: &Column<R>, sort: Sort<R::Column>, onsort: &Callback<(R::Column, bool)>) -> Html {
    let (id, descending) = (column.id, column.descending);
    let order = (sort.by == id).then_some(if sort.descending { "descending" } else { "ascending" });
    let onclick = onsort.reform(move |_: MouseEvent| (id, descending));
    html! {
        <th role="columnheader" scope="col" class={column.class} aria-sort={order}>
            <button type="button" title={column.about} {onclick}>{ column.label }</button>
        </th>
    }
}

fn body_row<R: Row>(row: &R, columns: &[Column<R>]) -> Html {
    html! {
        <tr role="row">
            { for columns.iter().map(|column| html! {
                <td role="cell" class={column.class} data-label={column.label}>{ (column.cell)(row) }</td>
            }) }
        </tr>
    }
}
