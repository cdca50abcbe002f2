//! Start-up, phase by phase.

use crate::{Instance, PhaseName, Session};

/// A phase of one instance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhaseRow {
    /// Id of the instance.
    pub instance: u32,
    /// Which.
    pub name: PhaseName,
    /// Begin, ms after the instance's first phase began.
    pub after_ms: f64,
    /// How long; `None` while it runs.
    pub ms: Option<f64>,
    /// `false` for a bound.
    pub exact: bool,
}

/// The phases of every instance, in order.
pub fn phases(session: &Session) -> Vec<PhaseRow> {
    session.instances.iter().flat_map(of).collect()
}

/// The phases of an instance, in order.
pub(super) fn of(instance: &Instance) -> impl Iterator<Item = PhaseRow> {
    let begin = instance.phases.first().map_or(0.0, |phase| phase.start);
    instance.phases.iter().map(move |phase| PhaseRow {
        instance: instance.id,
        name: phase.name,
        after_ms: phase.start - begin,
        ms: phase.end.map(|end| end - phase.start),
        exact: phase.exact,
    })
}
