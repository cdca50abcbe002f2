//! Copies made in a dear way: numbers as JSON, arrays element by element.

use super::{culprits, part, severity};
use crate::{
    ElementOp, Finding, Session,
    analysis::{GoLines, elements, json},
    text::findings::copies as text,
};

/// JSON of numbers, as a share of wall. What Go spends on its own end of the text is not in it, and is several times as much.
pub const JSON_SHARE: f64 = 0.02;
/// Crossings with one element each, as a share of wall: as for a member of JS.
pub const ELEMENTS_SHARE: f64 = 0.05;
/// The least that is a share of, ms.
const LEAST_MS: f64 = 2e3;

/// Adds one of each kind.
pub fn add(session: &Session, lines: &GoLines, out: &mut Vec<Finding>) {
    out.extend(numbers(session, lines));
    out.extend(one_by_one(session, lines));
}

/// Only texts of numbers: of others bytes would not do.
fn numbers(session: &Session, lines: &GoLines) -> Option<Finding> {
    let (mut ms, mut error, mut chars, mut calls, mut share) = (0.0, 0.0_f64, 0.0, 0.0, 0.0);
    for row in json(session, None) {
        let (Some(time), Some(numbers)) = (row.time_ms, row.numbers) else { continue };
        ms += time.value * numbers;
        share += row.share.map_or(0.0, |share| share.value) * numbers;
        error = error.hypot(time.error * numbers);
        chars += row.chars.map_or(0.0, |chars| chars.value) * numbers;
        calls += row.calls.value * numbers;
    }
    if ms - error <= part(lines, JSON_SHARE, LEAST_MS) {
        return None;
    }
    let sampled = session.instances.iter().flat_map(|it| &it.json_calls).filter(|call| call.numbers);
    let time = |ms: Option<f32>| f64::from(ms.unwrap_or_default()).max(0.0);
    let by = culprits(session, sampled.map(|it| (it.stack, f64::from(it.weight) * time(it.time_ms))));
    Some(Finding {
        id: "json-copy".into(),
        severity: severity(share / JSON_SHARE),
        title: text::json_title(share),
        detail: text::json_detail(calls, chars, ms),
        cost_ms: Some(ms),
        at: by.first().map(|line| line.0.text()),
        fix: text::JSON_FIX.into(),
        ..Finding::default()
    })
}

fn one_by_one(session: &Session, lines: &GoLines) -> Option<Finding> {
    let rows = elements(session, None);
    let (mut ms, mut error) = (0.0, 0.0_f64);
    for time in rows.iter().filter_map(|row| row.time_ms) {
        ms += time.value;
        error = error.hypot(time.error);
    }
    if ms - error <= part(lines, ELEMENTS_SHARE, LEAST_MS) {
        return None;
    }
    let first = rows.first()?;
    let bursts = session.instances.iter().flat_map(|it| &it.bursts).filter(|burst| burst.op == first.op);
    let by = culprits(session, bursts.map(|it| (it.stack, f64::from(it.weight) * it.length)));
    let share: f64 = rows.iter().filter_map(|row| row.share).map(|share| share.value).sum();
    let sum = |value: fn(&crate::ElementRow) -> f64| rows.iter().map(value).sum::<f64>();
    let both = rows.len() > 1;
    Some(Finding {
        id: "element-copies".into(),
        severity: severity(share / ELEMENTS_SHARE),
        title: text::elements_title(share),
        detail: text::elements_detail(
            sum(|row| row.calls.value),
            sum(|row| row.bursts.value),
            rows.iter().map(|row| row.longest).max().unwrap_or(0),
        ),
        cost_ms: Some(ms),
        at: by.first().map(|line| line.0.text()),
        fix: text::elements_fix((first.op == ElementOp::Get || both, first.op == ElementOp::Set || both))
            .into(),
        ..Finding::default()
    })
}
