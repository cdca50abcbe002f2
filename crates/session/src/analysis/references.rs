//! JS values that Go holds: how many, and which Go lines made it hold them.

use super::{Estimate, Gauge, Place, Range, memory, place_of};
use crate::{Census, Funcs, Instance, Made, Session, order};

/// JS values and functions of one program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct References<'a> {
    /// How many values, exact; see [`memory`] for how they grow.
    pub values: Option<Gauge>,
    /// What they were when somebody last asked.
    pub census: Option<&'a Census>,
    /// `js.Func`.
    pub funcs: Option<Funcs>,
    /// By Go line, those that made most of what is live first.
    pub lines: Vec<Holder>,
    /// The live `js.Func` by the function they call, most first; `None` until somebody asked. [`Place`] is the function.
    pub callbacks: Option<Vec<(Place, u64)>>,
}

/// What one Go line made Go hold, since the recording began: estimates.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The line.
    pub place: Place,
    /// All values that it made.
    pub made: Estimate,
    /// Those held when last looked at.
    pub live: Estimate,
}

/// The values of a program. The range is that of `values`; all else is of the whole recording.
pub fn references<'a>(session: &'a Session, instance: &'a Instance, range: Option<Range>) -> References<'a> {
    let refs = instance.refs.as_ref();
    let census = refs.and_then(|refs| refs.census.as_ref());
    References {
        values: memory(instance, range).refs,
        census,
        funcs: instance.funcs,
        lines: holders(session, refs.map_or(&[], |refs| &refs.made)),
        callbacks: census.and_then(|census| census.callbacks.as_ref()).map(|rows| {
            let outermost = |stack| session.frames_of(stack).last().map(Place::of);
            let place = |stack: Option<u32>| stack.and_then(outermost).unwrap_or(Place::NoStack);
            rows.iter().map(|row| (place(row.stack), row.count)).collect()
        }),
    }
}

/// Joins what has the same Go line; errors of independent samples add up as squares.
fn holders(session: &Session, made: &[Made]) -> Vec<Holder> {
    let mut lines: Vec<Holder> = Vec::new();
    for row in made {
        let place = place_of(session, row.stack);
        let add = |sum: Estimate, value, error: f64| Estimate {
            value: sum.value + value,
            error: sum.error.hypot(error),
        };
        match lines.iter_mut().find(|line| line.place == place) {
            Some(line) => {
                line.made = add(line.made, row.made, row.made_error);
                line.live = add(line.live, row.live, row.live_error);
            }
            None => lines.push(Holder {
                place,
                made: Estimate { value: row.made, error: row.made_error },
                live: Estimate { value: row.live, error: row.live_error },
            }),
        }
    }
    order::sort(&mut lines, |a, b| {
        b.live.value.total_cmp(&a.live.value).then(b.made.value.total_cmp(&a.made.value))
    });
    lines
}
