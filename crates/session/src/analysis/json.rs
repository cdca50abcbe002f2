//! JavaScript's JSON on Go's behalf.

use super::{
    Estimate, Place, Range,
    divided::{self, Piece, divided},
    live::share,
    strata::Stratum,
    threads::ByThread,
    window,
};
use crate::{Instance, JsonCall, JsonOp, Sample, Session, order};

/// One function of JSON while Go was on the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonRow {
    /// Which function.
    pub op: JsonOp,
    /// Exact but for a range.
    pub calls: Estimate,
    /// Characters of text in or out, exact but for a range.
    pub chars: Option<Estimate>,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time as a share of the window.
    pub share: Option<Estimate>,
    /// Of the time of sampled calls, the part of texts that are numbers and nothing else: `CopyBytesToGo` and
    /// `CopyBytesToJS` carry those. `None` where no time was seen.
    pub numbers: Option<f64>,
    /// By Go line, most time first.
    pub lines: Vec<JsonLine>,
}

/// A Go line that crossed into what called JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonLine {
    /// The line.
    pub place: Place,
    /// Calls, estimated.
    pub calls: Estimate,
    /// Characters.
    pub chars: Option<Estimate>,
    /// Time, ms.
    pub time_ms: Option<Estimate>,
}

/// `parse` and `stringify` while Go was on the stack, costliest first; what was not called is left out. Calls that began
/// in the range.
pub fn json(session: &Session, range: Option<Range>) -> Vec<JsonRow> {
    let wall_ms = range.or_else(|| window(session)).map(|range| range.ms()).filter(|&wall| wall > 0.0);
    let ops = [JsonOp::Parse, JsonOp::Stringify].into_iter();
    let mut rows: Vec<JsonRow> = ops.filter_map(|op| row(session, op, range, wall_ms)).collect();
    order::sort(&mut rows, |a, b| ms(b.time_ms).total_cmp(&ms(a.time_ms)));
    rows
}

fn ms(time: Option<Estimate>) -> f64 {
    time.map_or(0.0, |time| time.value)
}

fn row(session: &Session, op: JsonOp, range: Option<Range>, wall_ms: Option<f64>) -> Option<JsonRow> {
    let (mut all, mut thread, mut lines) = (Piece::default(), ByThread::default(), Vec::new());
    for (at, instance) in session.instances.iter().enumerate() {
        let Some(whole) = whole(instance, op) else { continue };
        let (piece, more) = divided(session, &whole, calls(instance, op).map(sample), range);
        thread = thread.join(ByThread::of(session, at, piece.time));
        all = all.join(piece);
        divided::join(&mut lines, more);
    }
    if all.calls.value <= 0.0 {
        return None;
    }
    let line =
        |(place, it): (Place, Piece)| JsonLine { place, calls: it.calls, chars: it.amount, time_ms: it.time };
    let mut lines: Vec<JsonLine> = lines.into_iter().map(line).collect();
    order::sort(&mut lines, |a, b| ms(b.time_ms).total_cmp(&ms(a.time_ms)));
    Some(JsonRow {
        op,
        calls: all.calls,
        chars: all.amount,
        time_ms: all.time,
        share: share(thread.most(), wall_ms),
        numbers: numbers(session, op, range),
        lines,
    })
}

fn calls(instance: &Instance, op: JsonOp) -> impl Iterator<Item = &JsonCall> {
    instance.json_calls.iter().filter(move |call| call.op == op)
}

fn whole(instance: &Instance, op: JsonOp) -> Option<Stratum> {
    let total = instance.json.iter().find(|row| row.op == op)?;
    Some(Stratum {
        calls: Estimate::exact(total.calls as f64),
        time: Estimate::known(total.time_ms, total.time_error_ms),
        bytes: Some(Estimate::exact(total.bytes as f64)),
    })
}

fn sample(call: &JsonCall) -> Sample {
    let JsonCall { t, stack, weight, time_ms, chars, .. } = *call;
    Sample { t, stack, weight, time_ms, bytes: chars, ..Sample::default() }
}

fn numbers(session: &Session, op: JsonOp, range: Option<Range>) -> Option<f64> {
    let (mut all, mut those) = (0.0, 0.0);
    let calls = session.instances.iter().flat_map(|instance| calls(instance, op));
    for call in calls.filter(|call| range.is_none_or(|range| range.contains(call.t))) {
        let ms = f64::from(call.weight) * f64::from(call.time_ms.unwrap_or_default()).max(0.0);
        all += ms;
        those += if call.numbers { ms } else { 0.0 };
    }
    (all > 0.0).then(|| those / all)
}
