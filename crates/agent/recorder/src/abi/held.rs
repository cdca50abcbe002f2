//! What programs hold of JS.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use protocol::Census;

use super::crossings::Beyond;
use super::{edit_instance, text, with};
use crate::held::{MAX_CALLBACKS, names};

/// Values that the stack of `node` made Go hold: `made` new ones, and the weight of one sampled value before and after it was
/// looked at.
#[unsafe(no_mangle)]
pub extern "C" fn held(instance: u32, node: u32, made: f64, before: f64, after: f64) {
    edit_instance(instance, |known| known.held.held(node, made, before, after));
}

/// A census at `t` of all `values`, of which `counted` were looked at; inbox: names and counts, as [`names`] reads them. The
/// program's memory can be peeked at.
#[unsafe(no_mangle)]
pub extern "C" fn census(instance: u32, t: f64, values: f64, counted: f64, len: u32) {
    let names = names(&text(len));
    let nothing = gowasm::Image::new(Vec::new());
    with(|recorder| {
        let callbacks = callbacks(recorder, instance, &mut Beyond(&nothing));
        let known = recorder.instances.get_mut(instance as usize)?;
        known.held.count(Census { t, values: values as u64, counted: counted as u64, names, callbacks });
        Some(())
    });
}

/// The live `js.Func` by the entry PC of the function they call.
fn callbacks(
    recorder: &mut crate::Recorder,
    instance: u32,
    memory: &mut Beyond<'_>,
) -> Option<Vec<(u64, u64)>> {
    let (known, module) = recorder.pair(instance)?;
    let made = known.held.funcs_made();
    if made == 0 {
        return Some(Vec::new());
    }
    let tables = module.unwinder.as_ref()?.tables();
    let mut counts = BTreeMap::<u64, u64>::new();
    module.js_funcs?.callbacks(tables, memory, made, MAX_CALLBACKS, |pc| {
        *counts.entry(pc).or_default() += 1;
    })?;
    let mut rows: Vec<(u64, u64)> = counts.into_iter().collect();
    rows.sort_by_key(|row| core::cmp::Reverse(row.1));
    rows.truncate(crate::held::MAX_ROWS);
    Some(rows)
}
