//! Timers of Go's scheduler.

use super::{Estimate, Range, strata::strata};
use crate::{Cause, Instance, Session};

/// Timers that Go's scheduler set, of all programs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimerCounts {
    /// Set: exact, but for a range that cuts a bucket.
    pub scheduled: Estimate,
    /// Came due and ran Go. In a range, stays in Go that a timer began.
    pub fired: u64,
    /// Given up before they came due; in a range, an estimate like `scheduled`.
    pub cleared: Estimate,
    /// Further runs of Go for timers it had missed, in the whole recording: when is not told.
    pub retries: u64,
}

/// Timers set, come due and given up; `None` where not known of any program.
pub fn timers(session: &Session, range: Option<Range>) -> Option<TimerCounts> {
    let known = session.instances.iter().filter_map(|it| Some((it, it.timers?)));
    let counts = known.map(|(instance, whole)| match range {
        None => TimerCounts {
            scheduled: Estimate::exact(whole.scheduled as f64),
            fired: whole.fired,
            cleared: Estimate::exact(whole.cleared as f64),
            retries: whole.retries,
        },
        Some(range) => ranged(instance, range, whole.retries),
    });
    counts.reduce(|a, b| TimerCounts {
        scheduled: a.scheduled + b.scheduled,
        fired: a.fired.saturating_add(b.fired),
        cleared: a.cleared + b.cleared,
        retries: a.retries.saturating_add(b.retries),
    })
}

fn ranged(instance: &Instance, range: Range, retries: u64) -> TimerCounts {
    let strata = strata(instance, Some(range));
    let calls = |name: &str| {
        let at = instance.imports.iter().position(|import| import.name == name);
        at.and_then(|at| strata.get(at)).map_or(Estimate::default(), |stratum| stratum.calls)
    };
    let due = |stay: &&crate::Slice| stay.cause == Cause::Timer && range.contains(stay.start);
    let fired = instance.slices.iter().filter(due).count() as u64;
    let cleared = calls("runtime.clearTimeoutEvent");
    TimerCounts {
        scheduled: calls("runtime.scheduleTimeoutEvent"),
        fired,
        cleared: Estimate { value: (cleared.value - fired as f64).max(0.0), ..cleared },
        retries,
    }
}
