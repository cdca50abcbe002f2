//! What one instance holds of JS: checked, then taken over.

use super::{check, tables::put};
use crate::{Callback, Census, Error, Funcs, Instance, Made, Named};
use protocol::{Held, Instance as Told, Maker, NO_NODE};

/// Stacks that made Go hold values.
const MAX_MAKERS: usize = 1 << 14;
/// Names of constructors, callbacks.
const MAX_ROWS: usize = 1 << 12;
/// Half-width of a 95 % interval, in standard deviations.
const Z: f64 = 1.96;
/// All names that found no room.
const OTHERS: &str = "(others)";

/// Checks what an instance that has `makers` and `nodes` with these tells.
pub fn check(told: &Told, makers: usize, nodes: usize) -> Result<(), Error> {
    let at = |table: &str| format!("instance {}: {table}", told.id);
    let held = &told.held;
    check::room(|| at("makers"), check::rows(told, "makers", makers, &held.makers)?, MAX_MAKERS)?;
    for (row, (_, maker)) in held.makers.iter().enumerate() {
        let cell = |field: &str| at(&format!("makers[{row}]{field}"));
        let Maker { node, made, made_squares, live, live_squares } = *maker;
        check::amounts(|| cell(""), &[made, made_squares, live, live_squares], false)?;
        check::references(|| cell(".node"), &[node], NO_NODE, nodes)?;
    }
    let Some(census) = &held.census else { return Ok(()) };
    check::times(|| at("census.t"), &[census.t])?;
    let callbacks = census.callbacks.as_deref().unwrap_or_default();
    check::room(|| at("census"), census.names.len().max(callbacks.len()), MAX_ROWS)?;
    let those: Vec<u32> = callbacks.iter().map(|(node, _)| *node).collect();
    check::references(|| at("census.callbacks"), &those, NO_NODE, nodes)
}

/// Takes over what was checked; `stack` gives the stack of a node. Returns the nodes of the callbacks, whose stacks are still
/// to be named, where there are new ones.
pub fn apply(
    instance: &mut Instance,
    told: Held,
    offset: f64,
    stack: impl Fn(u32) -> Option<u32>,
) -> Option<Vec<u32>> {
    if let Some(protocol::Funcs { made, released, live }) = told.funcs {
        instance.funcs = Some(Funcs { made, released, live });
    }
    if !told.makers.is_empty() {
        let refs = instance.refs.get_or_insert_default();
        for (at, maker) in told.makers {
            put(&mut refs.made, at, made(&maker, stack(maker.node)));
        }
    }
    let told = told.census?;
    let mut rows = told.callbacks.clone().unwrap_or_default();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let (nodes, counts): (Vec<u32>, Vec<u64>) = rows.into_iter().unzip();
    let row = |count| Callback { stack: None, count };
    let callbacks = told.callbacks.is_some().then(|| counts.into_iter().map(row).collect());
    instance.refs.get_or_insert_default().census = Some(Census { callbacks, ..census(told, offset) });
    Some(nodes)
}

fn made(told: &Maker, stack: Option<u32>) -> Made {
    Made {
        stack,
        made: told.made,
        made_error: Z * told.made_squares.sqrt(),
        live: told.live,
        live_error: Z * told.live_squares.sqrt(),
    }
}

/// Scales what was looked at up to all.
fn census(told: protocol::Census, offset: f64) -> Census {
    let scale = if told.counted > 0 { told.values as f64 / told.counted as f64 } else { 0.0 };
    let named: u64 = told.names.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count));
    let others = (OTHERS.to_owned(), told.counted.saturating_sub(named));
    let rows = told.names.into_iter().chain((others.1 > 0).then_some(others));
    let row = |(name, count)| Named { name, count: (count as f64 * scale).round() as u64 };
    let mut by_constructor: Vec<Named> = rows.map(row).collect();
    by_constructor.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    Census {
        t: told.t + offset,
        values: told.values,
        exact: told.counted == told.values,
        by_constructor,
        callbacks: None,
    }
}
