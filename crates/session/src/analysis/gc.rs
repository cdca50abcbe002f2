//! What garbage collection took, and what started it.

use super::{Place, Range, place_of, threads::only_wall_ms};
use crate::{Session, order};
use std::collections::HashMap;

/// Cycles of the garbage collector, together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collections {
    /// How many.
    pub cycles: u64,
    /// How many of them `runtime.GC` asked for.
    pub forced: u64,
    /// How long the program was stopped, ms.
    pub pause_ms: f64,
    /// From the begin to the end of each, ms: the program runs in between, so collecting took at most as long.
    pub cycle_ms: f64,
    /// `pause_ms` as a share of the window; unknown where several threads ran Go.
    pub pause_share: Option<f64>,
    /// `cycle_ms` as a share of the window; unknown where several threads ran Go.
    pub cycle_share: Option<f64>,
    /// The Go lines whose allocation started a cycle, and how many, most first.
    pub lines: Vec<(Place, u64)>,
}

/// Cycles that began in the range, of all programs.
pub fn collections(session: &Session, range: Option<Range>) -> Collections {
    let mut out = Collections::default();
    let mut lines: HashMap<Place, u64> = HashMap::new();
    let cycles = session.instances.iter().flat_map(|instance| &instance.gc);
    for cycle in cycles.filter(|cycle| range.is_none_or(|range| range.contains(cycle.t))) {
        out.cycles += 1;
        out.forced += u64::from(cycle.forced);
        out.pause_ms += cycle.pause_ms.iter().sum::<f64>();
        out.cycle_ms += cycle.duration_ms;
        *lines.entry(place_of(session, cycle.stack)).or_default() += 1;
    }
    let wall = only_wall_ms(session, range);
    out.pause_share = wall.map(|wall| out.pause_ms / wall);
    out.cycle_share = wall.map(|wall| out.cycle_ms / wall);
    out.lines = lines.into_iter().collect();
    order::sort(&mut out.lines, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out
}
