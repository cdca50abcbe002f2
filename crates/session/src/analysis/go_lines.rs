//! Which Go line crosses into JS how often, and what it costs.

use super::{
    Estimate, GoLineLive, Place, Range,
    costs::label,
    live::{Cell, Part, Reading, costlier, share},
    tally::Tally,
};
use crate::{Session, order};

/// What a Go line crosses as: one import and member.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// Import.
    pub import: String,
    /// JS member.
    pub member: Option<String>,
    /// Short: `set textContent`.
    pub label: String,
    /// Crossings, estimated.
    pub calls: Estimate,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time, on the thread that has most of it, as a share of the window.
    pub share: Option<Estimate>,
    /// Bytes copied.
    pub bytes: Option<Estimate>,
}

/// A row of the table by Go line.
#[derive(Clone, Debug, PartialEq)]
pub struct GoLine {
    /// The line.
    pub place: Place,
    /// What it crosses as, first what may cost most; never empty.
    pub crossings: Vec<Crossing>,
    /// Realm of the programs that have the line; `None` where they are of several.
    pub realm: Option<u32>,
    /// Samples the row rests on.
    pub samples: u64,
    /// Crossings, estimated.
    pub calls: Estimate,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time, on the thread that has most of it, as a share of the window.
    pub share: Option<Estimate>,
    /// Bytes copied.
    pub bytes: Option<Estimate>,
    /// Time of one crossing, ms.
    pub per_call_ms: Option<Estimate>,
}

impl GoLine {
    /// What it mostly crosses as: `set textContent`.
    pub fn crosses_as(&self) -> &str {
        self.crossings.first().map_or("", |crossing| &crossing.label)
    }
}

/// Crossings by Go line, costliest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GoLines {
    /// One per Go line.
    pub rows: Vec<GoLine>,
    /// What shares are shares of, ms.
    pub wall_ms: Option<f64>,
    /// Calls of imports no sample fell on: with the rows' calls they make all calls, but where a member's own count bounds
    /// those. Exact but for a range.
    pub not_sampled: u64,
}

impl GoLines {
    /// The table of a whole session, or of the crossings that began in a range.
    pub fn of(session: &Session, range: Option<Range>) -> Self {
        let mut live = GoLineLive::new(range);
        live.update(session, 0);
        live.read(session).lines()
    }
}

impl Reading<'_> {
    /// The table by Go line.
    pub fn lines(&self) -> GoLines {
        // The map they come from has no order; sums of floats have.
        let mut cells: Vec<(Cell, &Tally)> = self.live.cells.iter().collect();
        order::sort(&mut cells, |a, b| a.0.cmp(&b.0));
        let by_place = cells.chunk_by(|a, b| a.0.0 == b.0.0);
        let rows = by_place.map(|cells| self.row(cells)).filter(|row| row.calls.value > 0.0);
        let mut rows: Vec<GoLine> = rows.collect();
        order::sort(&mut rows, |a, b| {
            costlier(a.time_ms, a.calls, b.time_ms, b.calls).then_with(|| a.place.cmp(&b.place))
        });
        GoLines { rows, wall_ms: self.wall_ms(), not_sampled: self.not_sampled() }
    }

    /// The row of a place, from its cells ordered by instance and import.
    fn row(&self, cells: &[(Cell, &Tally)]) -> GoLine {
        let wall_ms = self.wall_ms();
        let whole = self.join(cells.iter().map(|(cell, tally)| ((cell.1, cell.2), *tally))).bounded(wall_ms);
        let mut crossings: Vec<(&str, Option<&str>, Part)> = Vec::new();
        let mut bound = 0.0;
        for &(cell, tally) in cells {
            let instance = &self.session.instances[cell.1 as usize];
            let import = instance.imports[cell.2 as usize].name.as_str();
            let known = cell.3.and_then(|m| instance.members.get(m as usize));
            let member = known.map(|m| m.name.as_str());
            let mut part = self.part((cell.1, cell.2), tally);
            // All lines together call a member as often as is counted.
            let calls = known.map_or(f64::INFINITY, |m| m.calls as f64);
            part.calls = part.calls.within(tally.samples as f64, calls);
            bound += calls;
            // Few per line; the same one may come from several instances.
            match crossings.iter_mut().find(|c| (c.0, c.1) == (import, member)) {
                Some(crossing) => crossing.2 = crossing.2.join(part),
                None => crossings.push((import, member, part)),
            }
        }
        let crossings = crossings.into_iter();
        let mut crossings: Vec<Crossing> =
            crossings.map(|(import, member, part)| crossing(import, member, part, wall_ms)).collect();
        // By what they may cost at most: a handful of calls that were timed well must not hide many that were not.
        let most = |c: &Crossing| c.time_ms.map(|time| Estimate::exact(time.value + time.error));
        order::sort(&mut crossings, |a, b| costlier(most(a), a.calls, most(b), b.calls));
        let realm_of = |cell: &(Cell, &Tally)| self.session.instances[cell.0.1 as usize].realm;
        let realm = realm_of(&cells[0]);
        let samples = cells.iter().map(|(_, tally)| tally.samples).sum();
        GoLine {
            place: self.live.place(cells[0].0.0).clone(),
            crossings,
            realm: cells.iter().all(|cell| realm_of(cell) == realm).then_some(realm),
            samples,
            calls: whole.calls.within(samples as f64, bound),
            time_ms: whole.time,
            share: share(whole.thread.most(), wall_ms),
            bytes: whole.bytes,
            per_call_ms: whole.per_call(),
        }
    }

    /// Calls of the imports that no sample fell on.
    fn not_sampled(&self) -> u64 {
        let all =
            self.live.wholes.iter().zip(&self.strata).flat_map(|(wholes, strata)| wholes.iter().zip(strata));
        let missed = all.filter(|(whole, _)| whole.is_empty()).map(|(_, stratum)| stratum.calls.value);
        missed.sum::<f64>().round() as u64
    }
}

fn crossing(import: &str, member: Option<&str>, part: Part, wall_ms: Option<f64>) -> Crossing {
    let part = part.bounded(wall_ms);
    Crossing {
        import: import.to_owned(),
        member: member.map(str::to_owned),
        label: label(import, member),
        calls: part.calls,
        time_ms: part.time,
        share: share(part.thread.most(), wall_ms),
        bytes: part.bytes,
    }
}
