//! What programs hold of JS.

use alloc::vec::Vec;

use protocol::Census;

use super::crossings::Beyond;
use super::{edit_instance, text, with};
use crate::{MAX_CALLBACKS, MAX_ROWS};

/// Values that the stack of `node` made Go hold: `made` new ones, and the weight of one sampled value before and after it was
/// looked at.
#[unsafe(no_mangle)]
pub extern "C" fn held(instance: u32, node: u32, made: f64, before: f64, after: f64) {
    edit_instance(instance, |known| known.held.held(node, made, before, after));
}

/// Values of the census that is being taken, all of the name in the inbox.
#[unsafe(no_mangle)]
pub extern "C" fn census_name(instance: u32, count: f64, len: u32) {
    let name = text(len);
    edit_instance(instance, |known| known.held.names.push((name, count as u64)));
}

/// A census at `t` of all `values` has been taken: `counted` were looked at. The program's memory can be peeked at.
#[unsafe(no_mangle)]
pub extern "C" fn census(instance: u32, t: f64, values: f64, counted: f64) {
    let nothing = gowasm::Image::new(Vec::new());
    with(|recorder| {
        let callbacks = callbacks(recorder, instance, &mut Beyond(&nothing));
        let known = recorder.instances.get_mut(instance as usize)?;
        let names = core::mem::take(&mut known.held.names);
        known.held.count(Census { t, values: values as u64, counted: counted as u64, names, callbacks });
        Some(())
    });
}

/// The live `js.Func` by the entry PC of the function they call.
fn callbacks(
    recorder: &mut crate::Recorder,
    instance: u32,
    memory: &mut Beyond<'_>,
) -> Option<Vec<(u32, u64)>> {
    let (known, module) = recorder.pair(instance)?;
    let made = known.held.funcs_made();
    if made == 0 {
        return Some(Vec::new());
    }
    let tables = module.unwinder.as_ref()?.tables();
    let mut rows: Vec<(u64, u64)> = Vec::new();
    module.js_funcs?.callbacks(tables, memory, made, MAX_CALLBACKS, |pc| {
        if let Some(row) = rows.iter_mut().find(|row| row.0 == pc) {
            row.1 += 1;
        } else if rows.len() < MAX_ROWS {
            rows.push((pc, 1));
        }
    })?;
    let stacks = &mut known.stacks;
    Some(rows.into_iter().map(|(pc, count)| (stacks.intern(&[pc]), count)).collect())
}
