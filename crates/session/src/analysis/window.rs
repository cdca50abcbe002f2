//! The stretch of time that shares are shares of.

use crate::{Instance, Session};

/// A stretch of the recording, ms; `end` is not part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Begin.
    pub start: f64,
    /// End.
    pub end: f64,
}

impl Range {
    /// Whether t lies inside.
    pub fn contains(&self, t: f64) -> bool {
        self.start <= t && t < self.end
    }

    /// Length, ms.
    pub fn ms(&self) -> f64 {
        self.end - self.start
    }

    /// What both have in common.
    pub fn within(&self, other: &Self) -> Option<Self> {
        let common = Self { start: self.start.max(other.start), end: self.end.min(other.end) };
        (common.start < common.end).then_some(common)
    }
}

/// From when Go first ran (as far as it was seen), or since the recording was begun anew, to when it ended or the session
/// was taken.
pub fn window(session: &Session) -> Option<Range> {
    let began = session.meta.end.zip(session.meta.overhead.wall_ms).map(|(end, wall)| end - wall);
    // Taken long after the recording stopped, `began` is too late: then what was seen tells.
    let anew = |i| began.map_or(f64::MIN, |began| first_seen(i).map_or(began, |seen| began.min(seen)));
    let start = |i| started(i).map(|start| start.max(anew(i))).or(began).or(first_seen(i));
    let start = session.instances.iter().filter_map(start);
    let start = start.min_by(f64::total_cmp)?;
    let last = session.instances.iter().filter_map(last_seen).max_by(f64::total_cmp);
    let exited = session.instances.iter().all(|instance| instance.exit_code.is_some());
    let end = if exited { last.or(session.meta.end) } else { session.meta.end.or(last) }?;
    Range { start, end }.within(&Range { start: f64::MIN, end: f64::MAX })
}

/// When its `run` was called.
pub(super) fn started(instance: &Instance) -> Option<f64> {
    let phase = instance.phases.iter().find(|phase| phase.name.starts_go())?;
    Some(phase.start)
}

fn first_seen(instance: &Instance) -> Option<f64> {
    let slice = instance.slices.first().map(|slice| slice.start);
    let sample = instance.samples.first().map(|sample| sample.t);
    slice.into_iter().chain(sample).chain(instance.series.t.first().copied()).min_by(f64::total_cmp)
}

fn last_seen(instance: &Instance) -> Option<f64> {
    let main = instance.phases.iter().filter_map(|phase| phase.end).max_by(f64::total_cmp);
    let slice = instance.slices.last().map(|slice| slice.end);
    let sample = instance.samples.last().map(|sample| sample.t);
    main.into_iter().chain(slice).chain(sample).max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Phase, PhaseName};

    #[test]
    fn a_recording_begun_anew_has_shares_of_what_came_after() {
        let mut session = Session::default();
        let phase = Phase { name: PhaseName::RuntimeInit, start: 100.0, end: None, exact: true };
        session.instances.push(Instance { phases: vec![phase], ..Instance::default() });
        session.meta.end = Some(20e3);
        assert_eq!(window(&session), Some(Range { start: 100.0, end: 20e3 }));
        session.meta.overhead.wall_ms = Some(19_990.0);
        assert_eq!(window(&session), Some(Range { start: 100.0, end: 20e3 }));
        session.meta.overhead.wall_ms = Some(5e3);
        assert_eq!(window(&session), Some(Range { start: 15e3, end: 20e3 }));
    }
}
