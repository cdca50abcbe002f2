//! Copies made element by element.

use super::{
    Estimate, Place, Range,
    divided::{self, Piece, divided},
    live::share,
    strata::Stratum,
    threads::ByThread,
    window,
};
use crate::{Burst, ElementOp, Elements, Instance, Sample, Session, order};

/// Numbers that Go read from arrays, or wrote to them, one by one: each burst is a copy that one call of `CopyBytesToGo`
/// or `CopyBytesToJS` makes.
#[derive(Clone, Debug, PartialEq)]
pub struct ElementRow {
    /// Which way.
    pub op: ElementOp,
    /// Elements, each a crossing; exact but for a range.
    pub calls: Estimate,
    /// Bursts, exact but for a range.
    pub bursts: Estimate,
    /// Elements of the longest that is known.
    pub longest: u64,
    /// Time in these crossings, ms: as many as they are, each as long as the import's are on average.
    pub time_ms: Option<Estimate>,
    /// Time as a share of the window.
    pub share: Option<Estimate>,
    /// By Go line, most elements first.
    pub lines: Vec<ElementLine>,
}

/// A Go line that copies element by element.
#[derive(Clone, Debug, PartialEq)]
pub struct ElementLine {
    /// The line.
    pub place: Place,
    /// Elements, estimated.
    pub calls: Estimate,
    /// Bursts, estimated.
    pub bursts: Estimate,
}

/// Reads and writes, costliest first; what did not happen is left out. Bursts that began in the range.
pub fn elements(session: &Session, range: Option<Range>) -> Vec<ElementRow> {
    let wall_ms = range.or_else(|| window(session)).map(|range| range.ms()).filter(|&wall| wall > 0.0);
    let ops = [ElementOp::Get, ElementOp::Set].into_iter();
    let mut rows: Vec<ElementRow> = ops.filter_map(|op| row(session, op, range, wall_ms)).collect();
    let ms = |row: &ElementRow| row.time_ms.map_or(0.0, |time| time.value);
    order::sort(&mut rows, |a, b| ms(b).total_cmp(&ms(a)).then(b.calls.value.total_cmp(&a.calls.value)));
    rows
}

fn row(session: &Session, op: ElementOp, range: Option<Range>, wall_ms: Option<f64>) -> Option<ElementRow> {
    let (mut all, mut lines, mut longest) = (Piece::default(), Vec::new(), 0);
    let (mut time, mut thread): (Option<Estimate>, _) = (None, ByThread::default());
    for (at, instance) in session.instances.iter().enumerate() {
        let Some(total) = instance.elements.iter().find(|row| row.op == op) else { continue };
        let (piece, more) = divided(session, &whole(total), bursts(instance, op).map(sample), range);
        longest = longest.max(longest_of(instance, total, range));
        if let Some(spent) = piece.amount.and_then(|elements| cost(instance, op, elements)) {
            thread = thread.join(ByThread::of(session, at, Some(spent)));
            time = Some(time.map_or(spent, |time| time + spent));
        }
        all = all.join(piece);
        divided::join(&mut lines, more);
    }
    let calls = all.amount.filter(|calls| calls.value > 0.0)?;
    let line = |(place, it): (Place, Piece)| Some(ElementLine { place, calls: it.amount?, bursts: it.calls });
    let mut lines: Vec<ElementLine> = lines.into_iter().filter_map(line).collect();
    order::sort(&mut lines, |a, b| b.calls.value.total_cmp(&a.calls.value));
    Some(ElementRow {
        op,
        calls,
        bursts: all.calls,
        longest,
        time_ms: time,
        share: share(thread.most(), wall_ms),
        lines,
    })
}

fn bursts(instance: &Instance, op: ElementOp) -> impl Iterator<Item = &Burst> {
    instance.bursts.iter().filter(move |burst| burst.op == op)
}

fn sample(burst: &Burst) -> Sample {
    let Burst { t, stack, weight, length, .. } = *burst;
    Sample { t, stack, weight, bytes: Some(length), ..Sample::default() }
}

fn whole(total: &Elements) -> Stratum {
    Stratum {
        calls: Estimate::exact(total.bursts as f64),
        time: None,
        bytes: Some(Estimate::exact(total.calls as f64)),
    }
}

fn longest_of(instance: &Instance, total: &Elements, range: Option<Range>) -> u64 {
    let Some(range) = range else { return total.longest };
    let inside = bursts(instance, total.op).filter(|burst| range.contains(burst.t));
    inside.map(|burst| burst.length as u64).max().unwrap_or(0)
}

/// Time of so many crossings of the import that reads or writes elements.
fn cost(instance: &Instance, op: ElementOp, elements: Estimate) -> Option<Estimate> {
    let name = match op {
        ElementOp::Get => "syscall/js.valueIndex",
        ElementOp::Set => "syscall/js.valueSetIndex",
    };
    let import = instance.imports.iter().find(|import| import.name == name && import.calls > 0)?;
    let time = Estimate::known(import.time_ms, import.time_error_ms)?;
    let part = elements.scale(1.0 / import.calls as f64);
    Some(Estimate {
        value: time.value * part.value,
        error: (time.error * part.value).hypot(time.value * part.error),
    })
}
