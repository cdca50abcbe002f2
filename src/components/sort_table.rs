//! A live table: sorted by the header that was pressed, its rows still while somebody is at them, some of them open.

use super::table_row::{TableRow, row_id};
use crate::{
    platform::keyboard,
    state::{
        bridge::{BridgeAction, Trees},
        rows::Shown,
        search::Search,
        table::{Column, Held, Sort, TopRows},
        treegrid::{Step, TreeRow, step},
    },
    text,
};
use std::rc::Rc;
use yew::prelude::*;

/// Rows shown at once: more cannot be read, and each costs the page time.
const MAX_ROWS: usize = 100;

/// A column of a table.
pub struct TableColumn {
    /// What rows are sorted by.
    pub id: Column,
    /// Its header.
    pub label: &'static str,
    /// What its header leaves unsaid.
    pub about: &'static str,
    /// Class of its cells.
    pub class: &'static str,
    /// A cell.
    pub cell: fn(&Shown) -> Html,
}

/// Makes a table's rows open.
#[derive(Clone)]
pub struct Tree {
    /// Callers of the rows that are open.
    pub trees: Rc<Trees>,
    /// One is to open or close.
    pub onopen: Callback<BridgeAction>,
}

/// Properties of [`SortTable`].
#[derive(Properties)]
pub struct SortTableProps {
    /// What the table is of.
    pub caption: AttrValue,
    /// The rows, in any order.
    pub rows: Rc<dyn TopRows>,
    /// The columns.
    pub columns: &'static [TableColumn],
    /// Whether rows open.
    #[prop_or_default]
    pub tree: Option<Tree>,
    /// What is looked for.
    #[prop_or_default]
    pub search: Search,
    /// Rows shown where the rest is elsewhere.
    #[prop_or_default]
    pub limit: Option<usize>,
    /// Times are lower bounds.
    #[prop_or_default]
    pub late: bool,
}

impl PartialEq for SortTableProps {
    fn eq(&self, other: &Self) -> bool {
        let trees = |props: &Self| props.tree.as_ref().map(|tree| Rc::as_ptr(&tree.trees));
        std::ptr::addr_eq(Rc::as_ptr(&self.rows), Rc::as_ptr(&other.rows))
            && trees(self) == trees(other)
            && self.search == other.search
            && self.limit == other.limit
            && self.late == other.late
            && self.caption == other.caption
    }
}

/// What holds rows still.
#[derive(Default)]
struct Hold {
    pointed: bool,
    focused: bool,
    places: Held,
    search: Search,
}

/// The table.
#[component]
pub fn SortTable(props: &SortTableProps) -> Html {
    let sort = use_state(Sort::default);
    let limit = use_state(|| MAX_ROWS);
    let active = use_state(|| None::<u64>);
    let hold = use_mut_ref(Hold::default);
    let most = props.limit.unwrap_or(*limit);
    let (rows, found) = {
        let mut hold = hold.borrow_mut();
        if hold.search != props.search || !(hold.pointed || hold.focused) {
            hold.places.clear();
            hold.search = props.search.clone();
        }
        let trees = props.tree.as_ref().map(|tree| &*tree.trees);
        let (rows, found) = props.rows.found(&props.search, trees, *sort, &hold.places, most);
        hold.places = rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        (rows, found)
    };
    let onsort = {
        let (sort, hold) = (sort.clone(), hold.clone());
        Callback::from(move |column: Column| {
            hold.borrow_mut().places.clear();
            sort.set(sort.pressed(column));
        })
    };
    let point = |at: bool| {
        let hold = hold.clone();
        Callback::from(move |_: PointerEvent| hold.borrow_mut().pointed = at)
    };
    let focus = |at: bool| {
        let hold = hold.clone();
        Callback::from(move |_: FocusEvent| hold.borrow_mut().focused = at)
    };
    let onactive = Callback::from({
        let active = active.clone();
        move |id| active.set(Some(id))
    });
    let at = rows.iter().position(|row| Some(row.id) == *active).unwrap_or_default();
    let onkeydown = props.tree.as_ref().map(|tree| on_key(&rows, at, tree.onopen.clone()));
    let left_out = found.saturating_sub(most);
    let onmore = Callback::from(move |_: MouseEvent| limit.set(*limit + MAX_ROWS));
    let tree = props.tree.is_some();
    html! {
        <>
            <table
                role={if tree { "treegrid" } else { "table" }}
                aria-label={props.caption.clone()}
                onpointerenter={point(true)}
                onpointerleave={point(false)}
            >
                <thead role="rowgroup">
                    <tr role="row">{ for props.columns.iter().map(|column| header(column, props.late, *sort, &onsort)) }</tr>
                </thead>
                <tbody role="rowgroup" onfocusin={focus(true)} onfocusout={focus(false)} {onkeydown}>
                    { for rows.iter().enumerate().map(|(n, row)| html! {
                        <TableRow
                            key={row.id}
                            row={row.clone()}
                            columns={props.columns}
                            reached={tree && n == at}
                            onopen={props.tree.as_ref().map(|tree| tree.onopen.clone())}
                            onactive={onactive.clone()}
                        />
                    }) }
                </tbody>
            </table>
            if found == 0 {
                <p class="empty">{ text::NOTHING_FOUND }</p>
            }
            if left_out > 0 {
                <p class="note">
                    { text::more_rows(left_out) }
                    if props.limit.is_none() {
                        <button type="button" onclick={onmore}>{ text::SHOW_MORE }</button>
                    }
                </p>
            }
        </>
    }
}

fn header(column: &TableColumn, late: bool, sort: Sort, onsort: &Callback<Column>) -> Html {
    let id = column.id;
    let bound = late && matches!(id, Column::Time | Column::Share | Column::PerCall);
    let order = (sort.by == id).then_some(if sort.descending { "descending" } else { "ascending" });
    let onclick = onsort.reform(move |_: MouseEvent| id);
    html! {
        <th role="columnheader" scope="col" class={column.class} aria-sort={order}>
            <button type="button" title={if bound { text::AT_LEAST_ABOUT } else { column.about }} {onclick}>
                if bound { { text::AT_LEAST } }{ column.label }
            </button>
        </th>
    }
}

/// Keys on the rows; the one at `at` has the focus, or the row that holds it.
fn on_key(rows: &[Shown], at: usize, onopen: Callback<BridgeAction>) -> Callback<KeyboardEvent> {
    let grid: Vec<TreeRow> = rows.iter().map(|row| TreeRow { level: row.level, open: row.open }).collect();
    let ids: Vec<u64> = rows.iter().map(|row| row.id).collect();
    let row = rows.get(at).map(|row| (row.row.clone(), row.node));
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some(step) = step(&event.key(), &grid, at) else { return };
        event.prevent_default();
        match (step, &row) {
            (Step::To(to), _) => keyboard::focus(&row_id(ids[to])),
            (Step::Open(open), Some((row, node))) => {
                onopen.emit(BridgeAction::Open { row: (**row).clone(), node: *node, open });
            }
            _ => {}
        }
    })
}
