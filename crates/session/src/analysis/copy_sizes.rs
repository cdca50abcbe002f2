//! Copies between Go and JS by size.

use super::{Direction, Estimate, Range, strata::strata, tally::Tally, window};
use crate::{CopyTo, Instance, Session};
use std::collections::BTreeMap;

/// Smallest class of size, and how much larger each next is.
const SMALLEST: u64 = 64;
const STEP: u64 = 4;
/// Classes up to 4 GB, which is all of a program's memory.
const CLASSES: usize = 14;

/// Copies of one size by one import.
#[derive(Clone, Debug, PartialEq)]
pub struct CopyRow {
    /// `syscall/js.copyBytesToGo`, `copyBytesToJS`, `valueLoadString` or `stringVal`.
    pub import: String,
    /// Which way.
    pub to: CopyTo,
    /// No copy of the class is larger, in bytes: a power of 4 from 64 on.
    pub size_class: u64,
    /// Copies, exact but for a range.
    pub calls: Estimate,
    /// Their bytes, exact but for a range.
    pub bytes: Estimate,
    /// Bytes per second of the window.
    pub per_s: Option<Estimate>,
}

/// Copies by direction, import and size, smallest first; classes without copies are left out. In a range the import's
/// crossings are divided as its samples in the range are.
pub fn copy_sizes(session: &Session, range: Option<Range>) -> Vec<CopyRow> {
    let wall_s = range.or_else(|| window(session)).map(|range| range.ms() / 1e3).filter(|&wall| wall > 0.0);
    let mut sums: BTreeMap<(bool, String, u64), (Estimate, Estimate)> = BTreeMap::new();
    let mut add = |import: &str, to: CopyTo, class: u64, calls: Estimate, bytes: Estimate| {
        let sum = sums.entry((to == CopyTo::Js, import.to_owned(), class)).or_default();
        *sum = (sum.0 + calls, sum.1 + bytes);
    };
    for instance in &session.instances {
        match range {
            None => instance.copies.iter().for_each(|row| {
                let exact = |n: u64| Estimate::exact(n as f64);
                add(&row.import, row.to, row.size_class, exact(row.calls), exact(row.bytes));
            }),
            Some(range) => ranged(instance, range, &mut add),
        }
    }
    let rows = sums.into_iter().filter(|(_, (calls, _))| calls.value > 0.0);
    rows.map(|((to_js, import, size_class), (calls, bytes))| CopyRow {
        import,
        to: if to_js { CopyTo::Js } else { CopyTo::Go },
        size_class,
        calls,
        bytes,
        per_s: wall_s.map(|wall| bytes.scale(1.0 / wall)),
    })
    .collect()
}

type Add<'a> = dyn FnMut(&str, CopyTo, u64, Estimate, Estimate) + 'a;

fn ranged(instance: &Instance, range: Range, add: &mut Add<'_>) {
    let strata = strata(instance, Some(range));
    let mut by_class: BTreeMap<(u32, u64), Tally> = BTreeMap::new();
    let mut whole = vec![Tally::default(); instance.imports.len()];
    for sample in instance.samples.iter().filter(|sample| range.contains(sample.t)) {
        let Some((bytes, all)) = sample.bytes.zip(whole.get_mut(sample.import as usize)) else { continue };
        all.add(sample);
        by_class.entry((sample.import, class(bytes))).or_default().add(sample);
    }
    for ((import, class), part) in by_class {
        let at = import as usize;
        let name = &instance.imports[at].name;
        let to = match Direction::of(name) {
            Some(Direction::ToGo) => CopyTo::Go,
            Some(Direction::ToJs) => CopyTo::Js,
            None => continue,
        };
        let bytes = part.bytes(&whole[at], &strata[at]).unwrap_or_default();
        add(name, to, class, part.calls(&whole[at], &strata[at]), bytes);
    }
}

/// The class of a copy, by its largest size.
fn class(bytes: f64) -> u64 {
    let sizes = std::iter::successors(Some(SMALLEST), |size| Some(size * STEP)).take(CLASSES);
    sizes.clone().find(|&size| bytes <= size as f64).or(sizes.last()).unwrap_or(SMALLEST)
}
