//! A row of a table of what happened, drawn again only when what it says has changed.

use super::table_row::name;
use crate::{
    state::{
        axis::AxisAction,
        list::{Cell, Figure, Head, Line, Pair, Unit},
    },
    text,
    viz::Range,
};
use yew::prelude::*;

/// Properties of [`ListRow`].
#[derive(Properties)]
pub struct ListRowProps {
    /// Tells its table from others.
    pub table: &'static str,
    /// What it says.
    pub line: Line,
    /// The table's columns.
    pub heads: Vec<&'static Head>,
    /// Whether the Tab key comes to it.
    pub reached: bool,
    /// It is to open or close.
    pub onopen: Callback<(u64, bool)>,
    /// The focus came to it.
    pub onactive: Callback<u64>,
    /// Its time is to be selected.
    pub onaxis: Callback<AxisAction>,
}

// Callbacks are made anew with every table and do the same.
impl PartialEq for ListRowProps {
    fn eq(&self, other: &Self) -> bool {
        self.line == other.line && self.reached == other.reached
    }
}

/// Id of a row's element.
pub fn row_id(table: &str, id: u64) -> String {
    format!("{table}-{id:x}")
}

/// The row.
#[component]
pub fn ListRow(props: &ListRowProps) -> Html {
    let line = &props.line;
    let id = line.id;
    let cells = props.heads.iter().zip(&line.cells).enumerate().map(|(at, (head, cell))| {
        let inner = if at == 0 {
            html! {
                <span class="tree" style={format!("--level:{}", line.level - 1)}>
                    { disclosure(line, &props.onopen) }
                    { shown(cell, line.span, &props.onaxis) }
                </span>
            }
        } else {
            shown(cell, line.span, &props.onaxis)
        };
        html! { <td role="gridcell" class={head.id} data-label={head.label}>{ inner }</td> }
    });
    html! {
        <tr
            role="row"
            id={row_id(props.table, id)}
            class={if line.level > 1 { "caller" } else { "" }}
            aria-level={line.level.to_string()}
            aria-expanded={line.open.map(|open| open.to_string())}
            tabindex={if props.reached { "0" } else { "-1" }}
            onfocusin={props.onactive.reform(move |_: FocusEvent| id)}
        >
            { for cells }
        </tr>
    }
}

fn disclosure(line: &Line, onopen: &Callback<(u64, bool)>) -> Html {
    let Some(open) = line.open else { return html! { <i class="twist" /> } };
    let id = line.id;
    let onclick = onopen.reform(move |_: MouseEvent| (id, !open));
    let label = if open { text::ROW_CLOSE } else { text::ROW_OPEN };
    html! {
        <button type="button" class="twist" tabindex="-1" aria-label={label} title={label} {onclick} />
    }
}

fn shown(cell: &Cell, span: Option<Range>, onaxis: &Callback<AxisAction>) -> Html {
    match cell {
        Cell::Blank => Html::default(),
        Cell::Name(it) => name(it),
        Cell::Words(words, about) => html! { <span title={about.clone()}>{ words }</span> },
        Cell::Figure(figure @ Figure { unit: Unit::Time | Unit::After, .. }) => {
            time(text::figure(figure), span, onaxis)
        }
        Cell::Figure(figure) => written(figure),
        Cell::Pair(Pair { both, between, unit, .. }) => html! { { text::pair(*both, *between, *unit) } },
        Cell::Unknown(why) => html! { <span class="unknown" title={*why}>{ text::UNKNOWN }</span> },
    }
}

/// A moment: where it has a stretch of its own, a press selects that.
fn time(words: String, span: Option<Range>, onaxis: &Callback<AxisAction>) -> Html {
    let Some(span) = span else { return html! { { words } } };
    let onclick = onaxis.reform(move |_: MouseEvent| AxisAction::Find(span));
    html! {
        <button type="button" class="moment" tabindex="-1" title={text::MOMENT_ABOUT} {onclick}>{ words }</button>
    }
}

/// The error and the note in small.
fn written(figure: &Figure) -> Html {
    let words = text::figure(figure);
    let (value, error) = match words.split_once('±') {
        Some((value, error)) => (value, Some(error)),
        None => (&*words, None),
    };
    html! {
        <>
            { value }
            if let Some(error) = error {
                <small>{ "±" }{ error }</small>
            }
            if let Some(note) = figure.note {
                <small>{ note }</small>
            }
        </>
    }
}
