//! Exact totals divided over sampled events of the same kind: by Go line, and by whether they lie in a range.

use super::{Estimate, Place, Range, place_of, strata::Stratum, tally::Tally};
use crate::{Sample, Session, order};
use std::collections::HashMap;

/// A part of some totals.
#[derive(Clone, Copy, Debug, Default)]
pub struct Piece {
    pub calls: Estimate,
    pub time: Option<Estimate>,
    pub amount: Option<Estimate>,
}

impl Piece {
    pub fn join(self, other: Self) -> Self {
        let sum = |a: Option<Estimate>, b: Option<Estimate>| a.map_or(b, |a| Some(b.map_or(a, |b| a + b)));
        Self {
            calls: self.calls + other.calls,
            time: sum(self.time, other.time),
            amount: sum(self.amount, other.amount),
        }
    }
}

/// What lies in the range, in all and by Go line, most calls first. `whole`: exact totals of all that the samples stand for.
pub fn divided(
    session: &Session,
    whole: &Stratum,
    samples: impl Iterator<Item = Sample>,
    range: Option<Range>,
) -> (Piece, Vec<(Place, Piece)>) {
    let (mut all, mut inside) = (Tally::default(), Tally::default());
    let mut by_stack: HashMap<Option<u32>, Tally> = HashMap::new();
    for sample in samples {
        all.add(&sample);
        if range.is_none_or(|range| range.contains(sample.t)) {
            inside.add(&sample);
            by_stack.entry(sample.stack).or_default().add(&sample);
        }
    }
    let mut by_place: HashMap<Place, Tally> = HashMap::new();
    for (stack, tally) in &by_stack {
        by_place.entry(place_of(session, *stack)).or_default().merge(tally);
    }
    let piece = |part: &Tally| Piece {
        calls: part.calls(&all, whole),
        time: part.time(&all, whole),
        amount: part.bytes(&all, whole),
    };
    let total = match range {
        None => Piece { calls: whole.calls, time: whole.time, amount: whole.bytes },
        Some(_) => piece(&inside),
    };
    let mut lines: Vec<_> = by_place.iter().map(|(place, tally)| (place.clone(), piece(tally))).collect();
    order::sort(&mut lines, |a, b| b.1.calls.value.total_cmp(&a.1.calls.value).then_with(|| a.0.cmp(&b.0)));
    (total, lines)
}

/// Adds the lines of another program.
pub fn join(lines: &mut Vec<(Place, Piece)>, more: Vec<(Place, Piece)>) {
    for (place, piece) in more {
        match lines.iter_mut().find(|line| line.0 == place) {
            Some(line) => line.1 = line.1.join(piece),
            None => lines.push((place, piece)),
        }
    }
}
