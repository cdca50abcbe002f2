//! A realm's clock is known better: what was told of its times moves.

use super::tables::Tables;
use crate::{Instance, Page};

/// Moves all times of an instance by `by` ms.
pub fn shift(instance: &mut Instance, tables: &mut Tables, by: f64) {
    for phase in &mut instance.phases {
        phase.start += by;
        phase.end = phase.end.map(|end| end + by);
    }
    for slice in &mut instance.slices {
        slice.start += by;
        slice.end += by;
    }
    let samples = instance.samples.iter_mut().map(|it| &mut it.t);
    let calls = instance.json_calls.iter_mut().map(|it| &mut it.t);
    let bursts = instance.bursts.iter_mut().map(|it| &mut it.t);
    let grows = instance.grows.iter_mut().map(|it| &mut it.t);
    let cycles = instance.gc.iter_mut().map(|it| &mut it.t);
    let inits = instance.inits.iter_mut().map(|it| &mut it.start);
    let census = instance.refs.iter_mut().filter_map(|refs| refs.census.as_mut()).map(|it| &mut it.t);
    let all = samples.chain(calls).chain(bursts).chain(grows).chain(cycles).chain(inits).chain(census);
    all.chain(&mut instance.series.t).for_each(|t| *t += by);
    tables.shift(by);
}

/// Moves all times that a realm told of the page by `by` ms.
pub fn shift_page(page: &mut Page, realm: u32, by: f64) {
    let probes = page.microtasks.iter_mut().map(|it| (it.realm, &mut it.t));
    let tasks = page.longtasks.iter_mut().flatten().map(|it| (it.realm, &mut it.start));
    let marks = page.marks.iter_mut().map(|it| (it.realm, &mut it.t));
    let measures = page.measures.iter_mut().map(|it| (it.realm, &mut it.start));
    let all = probes.chain(tasks).chain(marks).chain(measures);
    all.filter(|(of, _)| *of == realm).for_each(|(_, t)| *t += by);
}
