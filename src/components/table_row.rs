//! A row of a live table, drawn again only when what it says has changed.

use super::sort_table::TableColumn;
use crate::{
    state::{
        bridge::BridgeAction,
        rows::{Name, Shown},
        table::Column,
    },
    text,
};
use yew::prelude::*;

/// Properties of [`TableRow`].
#[derive(Properties)]
pub struct TableRowProps {
    /// What it says.
    pub row: Shown,
    /// The table's columns.
    pub columns: &'static [TableColumn],
    /// Whether the Tab key comes to it.
    pub reached: bool,
    /// It is to open or close; `None` where no row does.
    pub onopen: Option<Callback<BridgeAction>>,
    /// The focus came to it.
    pub onactive: Callback<u64>,
}

// Callbacks are made anew with every table and do the same.
impl PartialEq for TableRowProps {
    fn eq(&self, other: &Self) -> bool {
        self.row == other.row && self.reached == other.reached
    }
}

/// Id of a row's element.
pub fn row_id(id: u64) -> String {
    format!("row-{id:x}")
}

/// The row.
#[component]
pub fn TableRow(props: &TableRowProps) -> Html {
    let TableRowProps { row, columns, reached, onopen, onactive } = props;
    let cell = |column: &TableColumn| {
        let inner = match (column.id, onopen) {
            (Column::Name, Some(onopen)) => html! {
                <span class="tree" style={format!("--level:{}", row.level - 1)}>
                    { disclosure(row, onopen) }
                    { name(&row.name) }
                </span>
            },
            (Column::Name, None) => name(&row.name),
            _ => (column.cell)(row),
        };
        let role = if onopen.is_some() { "gridcell" } else { "cell" };
        html! { <td {role} class={column.class} data-label={column.label}>{ inner }</td> }
    };
    let cells = html! { { for columns.iter().map(cell) } };
    if onopen.is_none() {
        return html! { <tr role="row">{ cells }</tr> };
    }
    let id = row.id;
    html! {
        <tr
            role="row"
            id={row_id(id)}
            class={if row.level > 1 { "caller" } else { "" }}
            aria-level={row.level.to_string()}
            aria-expanded={row.open.map(|open| open.to_string())}
            tabindex={if *reached { "0" } else { "-1" }}
            onfocusin={onactive.reform(move |_: FocusEvent| id)}
        >
            { cells }
        </tr>
    }
}

fn disclosure(row: &Shown, onopen: &Callback<BridgeAction>) -> Html {
    let Some(open) = row.open else { return html! { <i class="twist" /> } };
    let action = BridgeAction::Open { row: (*row.row).clone(), node: row.node, open: !open };
    let onclick = onopen.reform(move |_: MouseEvent| action.clone());
    let label = if open { text::CALLERS_HIDE } else { text::CALLERS_SHOW };
    html! {
        <button type="button" class="twist" tabindex="-1" aria-label={label} title={label} {onclick} />
    }
}

/// A late name takes its place by fading in, which is why it is an element of its own.
pub fn name(name: &Name) -> Html {
    let class = if name.own { "go-line" } else { "go-line other" };
    html! {
        <span {class} title={name.about.clone()}>
            <span class="func" key={name.func.to_string()}>{ &name.func }</span>
            { " " }
            <span class="place">{ &name.position }</span>
            if name.inlined {
                <small>{ text::INLINED }</small>
            }
        </span>
    }
}
