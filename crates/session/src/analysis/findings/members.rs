//! One member of JS that takes much of the thread.

use super::{part, severity};
use crate::{
    CostRow, Finding, Session,
    analysis::{GoLines, Place, members},
    text::findings::members as text,
};

/// The id.
pub const HOT_MEMBER: &str = "hot-member";
/// One JS member, as a share of wall: beside so much, all else that crosses is small.
pub const MEMBER_SHARE: f64 = 0.05;
/// The least that is a share of, ms.
const LEAST_MS: f64 = 2e3;

/// Adds one of each member.
pub fn add(session: &Session, lines: &GoLines, out: &mut Vec<Finding>) {
    out.extend(members(session).iter().filter_map(|row| member(row, lines)));
}

/// A member that surely takes its share.
fn member(row: &CostRow, lines: &GoLines) -> Option<Finding> {
    let (share, time) = row.share.zip(row.time_ms)?;
    if time.value - time.error <= part(lines, MEMBER_SHARE, LEAST_MS) {
        return None;
    }
    let mut best: Option<(f64, &Place)> = None;
    for line in &lines.rows {
        let same = line.crossings.iter().find(|it| it.import == row.import && it.member == row.member);
        let ms = same.and_then(|it| it.time_ms).map_or(0.0, |time| time.value);
        if ms > best.map_or(0.0, |best| best.0) {
            best = Some((ms, &line.place));
        }
    }
    let per_call = row.per_call_ms.map_or(0.0, |time| time.value);
    Some(Finding {
        id: HOT_MEMBER.into(),
        subject: Some(row.label.clone()),
        severity: severity(share.value / MEMBER_SHARE),
        title: text::title(&row.label, share.value),
        detail: text::detail(row),
        cost_ms: Some(time.value),
        at: best.map(|(_, place)| place.text()),
        fix: text::fix(&row.import, per_call).into(),
    })
}
