//! Columns of figures: value, its error in small, and what an unknown one means.

use crate::{components::sort_table::TableColumn, state::table::Column, text};
use session::{Estimate, fmt};
use yew::prelude::*;

/// A column without cells of its own.
pub const fn column(
    id: Column,
    label: &'static str,
    about: &'static str,
    class: &'static str,
) -> TableColumn {
    TableColumn { id, label, about, class, cell: |_| Html::default() }
}

pub const CALLS: TableColumn = TableColumn {
    cell: |row| written(&fmt::calls(row.figures.calls)),
    ..column(Column::Calls, text::COL_CALLS, text::COL_CALLS_ABOUT, "figure calls")
};

pub const TIME: TableColumn = TableColumn {
    cell: |row| time(row.figures.time_ms),
    ..column(Column::Time, text::COL_TIME, text::COL_TIME_ABOUT, "figure time")
};

pub const SHARE: TableColumn = TableColumn {
    cell: |row| share(row.figures.share),
    ..column(Column::Share, text::COL_SHARE, text::COL_SHARE_ABOUT, "figure share")
};

pub const BYTES: TableColumn = TableColumn {
    cell: |row| estimate(row.figures.bytes, fmt::bytes, text::NO_BYTES_ABOUT),
    ..column(Column::Bytes, text::COL_BYTES, text::COL_BYTES_ABOUT, "figure bytes")
};

pub const PER_CALL: TableColumn = TableColumn {
    cell: |row| time(row.figures.per_call_ms),
    ..column(Column::PerCall, text::COL_PER_CALL, text::COL_PER_CALL_ABOUT, "figure per-call")
};

fn time(ms: Option<Estimate>) -> Html {
    estimate(ms, fmt::ms, text::NOT_TIMED_ABOUT)
}

/// Its error is that of the time beside it.
fn share(share: Option<Estimate>) -> Html {
    let Some(share) = share.filter(|share| share.value.is_finite()) else {
        return unknown(text::NOT_TIMED_ABOUT);
    };
    html! { { fmt::share(share) } }
}

fn estimate(figure: Option<Estimate>, write: impl Fn(f64) -> String, why_not: &'static str) -> Html {
    let Some(figure) = figure.filter(|figure| figure.value.is_finite()) else { return unknown(why_not) };
    written(&fmt::estimate(figure, write))
}

/// The error in small.
fn written(words: &str) -> Html {
    match words.split_once('±') {
        Some((value, error)) => html! { <>{ value }<small>{ "±" }{ error }</small></> },
        None => html! { { words } },
    }
}

fn unknown(why: &'static str) -> Html {
    html! { <span class="unknown" title={why}>{ text::UNKNOWN }</span> }
}
