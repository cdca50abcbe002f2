//! Who crosses into JavaScript, and at what cost: by Go line, import or member, each open to its callers.

use crate::{
    components::{segmented::Segmented, sort_table::Tree},
    state::{
        axis::AxisAction,
        bridge::{BridgeAction, BridgeState, By},
        facts::Topic,
        search::{Search, Words},
        snapshot::{Snapshot, Tables},
    },
    text,
};
use std::rc::Rc;
use yew::prelude::*;

use super::{facts::FactsView, imports, lines};

/// Properties of [`Bridge`].
#[derive(Properties)]
pub struct BridgeProps {
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// Tables.
    pub tables: Rc<Tables>,
    /// Which table, and what is open in it.
    pub bridge: BridgeState,
    /// Words that rows must have.
    pub search: AttrValue,
    /// Another table, or other rows open.
    pub onbridge: Callback<BridgeAction>,
    /// A stretch of time is to be selected.
    pub onaxis: Callback<AxisAction>,
    /// Other words.
    pub onsearch: Callback<String>,
}

// Callbacks are made anew with every picture and do the same; of the snapshot one figure counts.
impl PartialEq for BridgeProps {
    fn eq(&self, other: &Self) -> bool {
        self.snapshot.stackless == other.snapshot.stackless
            && Rc::ptr_eq(&self.tables, &other.tables)
            && self.bridge == other.bridge
            && self.search == other.search
    }
}

/// The view.
#[component]
pub fn Bridge(props: &BridgeProps) -> Html {
    let BridgeProps { tables, bridge, .. } = props;
    let tree = Tree { trees: tables.trees.clone(), onopen: props.onbridge.clone() };
    let search = Search::new(&props.search);
    let count = found(tables, bridge.by, &search);
    let (class, table) = match bridge.by {
        By::Line => {
            let stackless = props.snapshot.stackless.as_ref();
            ("lines", lines::table(tables, stackless, search.clone(), Some(tree), None))
        }
        By::Import => ("imports", imports::imports(tables, search.clone(), Some(tree), None)),
        By::Member => ("members", imports::members(tables, search.clone(), Some(tree))),
        By::Data => {
            let (facts, search, onaxis) = (tables.facts.clone(), search.clone(), props.onaxis.clone());
            ("data", html! { <FactsView topic={Topic::Data} {facts} {search} {onaxis} /> })
        }
    };
    let onclear = props.onsearch.reform(|_: MouseEvent| String::new());
    html! {
        <section class={classes!("bridge", class)} aria-label={text::BRIDGE}>
            <div class="choices">
                <Segmented<By>
                    label={text::BRIDGE_BY}
                    choices={vec![
                        (By::Line, text::BY_LINE),
                        (By::Import, text::BY_IMPORT),
                        (By::Member, text::BY_MEMBER),
                        (By::Data, text::BY_DATA),
                    ]}
                    chosen={bridge.by}
                    onchoose={props.onbridge.reform(BridgeAction::By)}
                />
                if let Some(scope) = text::scope(tables.range, tables.full) {
                    <p class="scope">{ scope }</p>
                }
                <p class="found" role="status">
                    if !search.is_empty() && bridge.by != By::Data {
                        { text::found(count) }
                    }
                </p>
            </div>
            if !search.is_empty() && count.0 == 0 && count.1 > 0 {
                <p class="empty">
                    { text::nothing_found(&props.search) }
                    <button type="button" onclick={onclear}>{ text::SEARCH_CLEAR }</button>
                </p>
            } else {
                { table }
            }
        </section>
    }
}

/// How many rows have the words looked for, of how many.
fn found(tables: &Tables, by: By, search: &Search) -> (usize, usize) {
    fn of<R: Words>(rows: &[R], search: &Search) -> (usize, usize) {
        (rows.iter().filter(|row| row.is_found(search)).count(), rows.len())
    }
    match by {
        By::Line => of(&tables.lines, search),
        By::Import => of(&tables.imports, search),
        By::Member => of(&tables.members, search),
        // Each of its tables says so itself.
        By::Data => (0, 0),
    }
}
