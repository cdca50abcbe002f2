//! What packages cost before `main`: a table, and their inits inside the phase's lane.

use crate::{
    components::list_table::ListTable,
    state::{
        axis::AxisAction,
        list::{Cell, Field, Head, Items, Order, Unit},
        packages::PackageRow,
        search::Search,
    },
    text,
    viz::{
        Range,
        waterfall::{self, Lane, Span},
    },
};
use std::rc::Rc;
use yew::prelude::*;

/// Rows shown at first.
const ROWS: usize = 20;
/// Inits drawn into the lane: the costliest.
const DRAWN: usize = 60;

static FIELDS: [Field<PackageRow>; 7] = [
    Field {
        head: Head { id: "name", label: text::COL_PACKAGE, about: text::COL_PACKAGE_ABOUT },
        cell: |row| Cell::Words(row.package.init.package.clone().into(), None),
    },
    Field {
        head: Head { id: "began", label: text::COL_INIT_BEGAN, about: text::COL_INIT_BEGAN_ABOUT },
        cell: |row| Cell::exact(row.began_ms, Unit::After, ""),
    },
    Field {
        head: Head { id: "took", label: text::PHASE_TOOK, about: text::COL_INIT_TOOK_ABOUT },
        cell: |row| Cell::estimate(Some(row.package.ms), Unit::Ms, ""),
    },
    Field {
        head: Head { id: "share", label: text::COL_OF_STARTUP, about: text::COL_OF_STARTUP_ABOUT },
        cell: |row| Cell::exact(row.package.of_startup, Unit::Share, text::NO_MAIN_ABOUT),
    },
    Field {
        head: Head { id: "of-init", label: text::COL_OF_INIT, about: text::COL_OF_INIT_ABOUT },
        cell: |row| Cell::exact(row.package.of_init, Unit::Share, text::NO_CLOCK_ABOUT),
    },
    Field {
        head: Head { id: "bytes", label: text::COL_INIT_BYTES, about: text::COL_INIT_BYTES_ABOUT },
        cell: |row| Cell::exact(row.package.init.bytes as f64, Unit::Bytes, ""),
    },
    Field {
        head: Head { id: "allocs", label: text::COL_INIT_ALLOCS, about: text::COL_INIT_ALLOCS_ABOUT },
        cell: |row| Cell::exact(row.package.init.allocs as f64, Unit::Count, ""),
    },
];

/// The table, or why it is empty.
pub fn table(rows: &Rc<Vec<PackageRow>>, onaxis: &Callback<AxisAction>) -> Html {
    html! {
        <section class="packages" aria-labelledby="packages">
            <h2 id="packages">{ text::PACKAGES }</h2>
            if rows.is_empty() {
                <p class="empty">{ text::PACKAGES_EMPTY }</p>
            } else {
                <ListTable
                    id="packages-table"
                    caption={text::PACKAGES}
                    list={Items::list(rows, &FIELDS)}
                    order={Order { by: 2, descending: true }}
                    rows={ROWS}
                    search={Search::default()}
                    onaxis={onaxis.clone()}
                />
            }
        </section>
    }
}

/// The costliest inits as bars, each with its name; `shown` is what the axis shows.
pub fn inits(rows: &[PackageRow], shown: Range) -> Html {
    let costliest = &rows[..rows.len().min(DRAWN)];
    let span = |row: &PackageRow| {
        let init = &row.package.init;
        Span { start: init.start, end: Some(init.start + init.duration_ms) }
    };
    let spans: Vec<Span> = costliest.iter().map(span).collect();
    let bar = |(row, lane): (&PackageRow, Lane)| {
        let Lane::Shown(bar) = lane else { return Html::default() };
        let style = format!("left:{:.4}%;width:{:.4}%", bar.from * 100.0, bar.length * 100.0);
        html! { <i class="init" {style} title={text::init_about(&row.package)} /> }
    };
    html! { { for costliest.iter().zip(waterfall::lanes(&spans, shown)).map(bar) } }
}
