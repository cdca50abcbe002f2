//! The page's own marks and measures by name.

use super::Range;
use crate::{Instance, Session, order};
use std::collections::HashMap;

/// Marks or measures of one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimingRow<'a> {
    /// Its name.
    pub name: &'a str,
    /// How many.
    pub count: u64,
    /// How many were made while Go ran: a mark at its time, a measure at its end.
    pub in_go: u64,
    /// Lengths; `None` for marks.
    pub lengths: Option<Lengths>,
}

/// Lengths of measures, ms; P50 and P95 are those of a measure there was: the nearest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lengths {
    /// Sum.
    pub total_ms: f64,
    /// Mean.
    pub mean_ms: f64,
    /// Median.
    pub p50_ms: f64,
    /// 95 in 100 were no longer.
    pub p95_ms: f64,
    /// The longest.
    pub longest_ms: f64,
}

/// Measures by name, then marks by name, each that came to most first. Within a range: those that began in it.
pub fn user_timing(session: &Session, range: Option<Range>) -> Vec<TimingRow<'_>> {
    let inside = |t: f64| range.is_none_or(|range| range.contains(t));
    // By whether it has a length, and name; a mark has none.
    let mut found: HashMap<(bool, &str), (u64, Vec<f64>)> = HashMap::new();
    let measures =
        session.page.measures.iter().map(|it| (true, &it.name, it.realm, it.start, it.duration_ms));
    let marks = session.page.marks.iter().map(|it| (false, &it.name, it.realm, it.t, 0.0));
    for (is_measure, name, realm, t, ms) in measures.chain(marks).filter(|it| inside(it.3)) {
        let row = found.entry((is_measure, name)).or_default();
        row.0 += u64::from(in_go(session, realm, t + ms));
        row.1.push(ms);
    }
    let row = |((is_measure, name), (in_go, all)): ((bool, _), (u64, Vec<f64>))| TimingRow {
        name,
        count: all.len() as u64,
        in_go,
        lengths: is_measure.then(|| lengths(all)),
    };
    let mut rows: Vec<_> = found.into_iter().map(row).collect();
    let total = |row: &TimingRow<'_>| row.lengths.map_or(f64::NEG_INFINITY, |lengths| lengths.total_ms);
    order::sort(&mut rows, |a, b| {
        let most = total(b).total_cmp(&total(a)).then(b.count.cmp(&a.count));
        b.lengths.is_some().cmp(&a.lengths.is_some()).then(most).then_with(|| a.name.cmp(b.name))
    });
    rows
}

fn lengths(mut all: Vec<f64>) -> Lengths {
    order::sort(&mut all, f64::total_cmp);
    let rank = |share: f64| all[((share * all.len() as f64).ceil() as usize).clamp(1, all.len()) - 1];
    let total_ms: f64 = all.iter().sum();
    Lengths {
        total_ms,
        mean_ms: total_ms / all.len() as f64,
        p50_ms: rank(0.5),
        p95_ms: rank(0.95),
        longest_ms: rank(1.0),
    }
}

/// Whether a program of the realm ran at `t`. Stays in Go of one program come in order and do not overlap.
fn in_go(session: &Session, realm: u32, t: f64) -> bool {
    let ran = |instance: &Instance| {
        let next = instance.slices.partition_point(|stay| stay.end < t);
        instance.realm == realm && instance.slices.get(next).is_some_and(|stay| stay.start <= t)
    };
    session.instances.iter().any(ran)
}
