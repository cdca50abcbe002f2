//! A live table of what happened: sorted by the head that was pressed, its rows still while somebody is at them, some
//! of them open. The time of a row is a button that selects it on the time axis.

use super::list_row::{ListRow, row_id};
use crate::{
    platform::keyboard,
    state::{
        axis::AxisAction,
        list::{Line, List, Open, Order, lines},
        search::Search,
        table::Held,
        treegrid::{Step, TreeRow, step},
    },
    text,
};
use std::rc::Rc;
use yew::prelude::*;

/// Rows that a press on "show more" adds.
const MORE: usize = 100;

/// Properties of [`ListTable`].
#[derive(Properties)]
pub struct ListTableProps {
    /// Tells its rows from those of other tables.
    pub id: &'static str,
    /// What the table is of.
    pub caption: AttrValue,
    /// The rows.
    pub list: Rc<dyn List>,
    /// How they are ordered at first.
    pub order: Order,
    /// How many are shown at first.
    pub rows: usize,
    /// What is looked for.
    pub search: Search,
    /// A row's time is to be selected.
    pub onaxis: Callback<AxisAction>,
}

// Callbacks are made anew with every picture and do the same.
impl PartialEq for ListTableProps {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.list.identity() == other.list.identity()
            && self.search == other.search
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

impl Hold {
    /// Rows may move: nobody is at them, or something else is looked for.
    fn let_go(&mut self, search: &Search) {
        if self.search != *search || !(self.pointed || self.focused) {
            self.places.clear();
            self.search = search.clone();
        }
    }

    fn keep(&mut self, lines: &[Line]) {
        let tops = lines.iter().filter(|line| line.level == 1).enumerate();
        self.places = tops.map(|(at, line)| (line.id, at)).collect();
    }
}

/// The table.
#[component]
pub fn ListTable(props: &ListTableProps) -> Html {
    let order = use_state(|| props.order);
    let limit = use_state(|| props.rows);
    let active = use_state(|| None::<u64>);
    let open = use_state(Open::new);
    let hold = use_mut_ref(Hold::default);
    let list = &*props.list;
    let found: Vec<usize> = (0..list.len()).filter(|&row| list.is_found(row, &props.search)).collect();
    let (count, left_out) = (found.len(), found.len().saturating_sub(*limit));
    let rows = {
        let mut hold = hold.borrow_mut();
        hold.let_go(&props.search);
        let rows = lines(list, found, *order, &hold.places, *limit, &open);
        hold.keep(&rows);
        rows
    };
    let onsort = {
        let (order, hold, list) = (order.clone(), hold.clone(), props.list.clone());
        Callback::from(move |column: usize| {
            hold.borrow_mut().places.clear();
            order.set(order.pressed(column, &*list));
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
    let onopen = Callback::from(move |(id, is_open): (u64, bool)| {
        let mut next = (*open).clone();
        next.insert(id, is_open);
        open.set(next);
    });
    let onactive = Callback::from({
        let active = active.clone();
        move |id| active.set(Some(id))
    });
    let at = rows.iter().position(|row| Some(row.id) == *active).unwrap_or_default();
    let onkeydown = on_key(props, &rows, at, onopen.clone());
    let onmore = Callback::from(move |_: MouseEvent| limit.set(*limit + MORE));
    let class = format!("list {}", props.id);
    html! {
        <>
            <table
                {class}
                role="treegrid"
                aria-label={props.caption.clone()}
                onpointerenter={point(true)}
                onpointerleave={point(false)}
            >
                <thead role="rowgroup">
                    <tr role="row">
                        { for (0..list.columns()).map(|column| header(list, column, *order, &onsort)) }
                    </tr>
                </thead>
                <tbody role="rowgroup" onfocusin={focus(true)} onfocusout={focus(false)} {onkeydown}>
                    { for rows.iter().enumerate().map(|(n, row)| html! {
                        <ListRow
                            key={row.id}
                            table={props.id}
                            line={row.clone()}
                            heads={heads(list)}
                            reached={n == at}
                            onopen={onopen.clone()}
                            onactive={onactive.clone()}
                            onaxis={props.onaxis.clone()}
                        />
                    }) }
                </tbody>
            </table>
            if count == 0 {
                <p class="empty">{ text::NOTHING_FOUND }</p>
            }
            if left_out > 0 {
                <p class="note">
                    { text::more(left_out) }
                    <button type="button" onclick={onmore}>{ text::SHOW_MORE }</button>
                </p>
            }
        </>
    }
}

fn heads(list: &dyn List) -> Vec<&'static crate::state::list::Head> {
    (0..list.columns()).map(|column| list.head(column)).collect()
}

fn header(list: &dyn List, column: usize, order: Order, onsort: &Callback<usize>) -> Html {
    let head = list.head(column);
    let sort = (order.by == column).then_some(if order.descending { "descending" } else { "ascending" });
    let onclick = onsort.reform(move |_: MouseEvent| column);
    html! {
        <th role="columnheader" scope="col" class={head.id} aria-sort={sort}>
            <button type="button" title={head.about} {onclick}>{ head.label }</button>
        </th>
    }
}

/// Keys on the rows; the one at `at` has the focus, or the row that holds it. Enter goes to its time where it has one.
fn on_key(
    props: &ListTableProps,
    rows: &[Line],
    at: usize,
    onopen: Callback<(u64, bool)>,
) -> Callback<KeyboardEvent> {
    let grid: Vec<TreeRow> = rows.iter().map(|row| TreeRow { level: row.level, open: row.open }).collect();
    let ids: Vec<u64> = rows.iter().map(|row| row.id).collect();
    let span = rows.get(at).and_then(|row| row.span);
    let (table, onaxis) = (props.id, props.onaxis.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        if let ("Enter", Some(span)) = (event.key().as_str(), span) {
            event.prevent_default();
            return onaxis.emit(AxisAction::Find(span));
        }
        let Some(step) = step(&event.key(), &grid, at) else { return };
        event.prevent_default();
        match step {
            Step::To(to) => keyboard::focus(&row_id(table, ids[to])),
            Step::Open(open) => onopen.emit((ids[at], open)),
            Step::Nothing => {}
        }
    })
}
