//! JSON, copies by size, numbers read and written one by one, and timers: each only where there was any.

use super::Report;
use crate::{
    CopyTo, ElementOp, Estimate, JsonOp, Place, Session, copy_sizes, elements, fmt, json, longest_runs,
    order,
    text::{self, head},
    timers,
};

fn mostly(what: &str, place: Option<&Place>) -> String {
    place.map_or_else(|| what.to_owned(), |place| format!("{what}, {} {}", head::FROM, place.text()))
}

fn time(time: Option<Estimate>) -> String {
    fmt::or_unknown(time, |time| fmt::estimate(time, fmt::ms))
}

impl Report {
    pub(super) fn json(&mut self, session: &Session) {
        let rows = json(session, None);
        if rows.is_empty() {
            return;
        }
        self.section(head::JSON);
        let rows = rows.into_iter().map(|row| {
            let name = if row.op == JsonOp::Parse { "JSON.parse" } else { "JSON.stringify" };
            let figures = vec![
                time(row.time_ms),
                fmt::or_unknown(row.share, fmt::share),
                fmt::calls(row.calls),
                fmt::or_unknown(row.chars, |chars| fmt::short(chars.value)),
            ];
            (figures, mostly(name, row.lines.first().map(|line| &line.place)))
        });
        self.table(&[head::TIME, head::SHARE, head::CALLS, head::CHARS], head::FUNCTION, rows.collect());
    }

    pub(super) fn copy_sizes(&mut self, session: &Session) {
        let mut rows = copy_sizes(session, None);
        if rows.is_empty() {
            return;
        }
        self.section(head::SIZES);
        order::sort(&mut rows, |a, b| b.bytes.value.total_cmp(&a.bytes.value));
        let rows = rows.into_iter().map(|row| {
            let figures = vec![
                fmt::bytes(row.size_class as f64),
                fmt::calls(row.calls),
                fmt::bytes(row.bytes.value),
                fmt::or_unknown(row.per_s, |rate| fmt::bytes_rate(rate.value)),
            ];
            let way = if row.to == CopyTo::Go { text::TO_GO } else { text::TO_JS };
            (figures, format!("{way}, {}", row.import))
        });
        self.table(&[head::UP_TO, head::CALLS, head::BYTES, head::RATE], head::DIRECTION, rows.collect());
    }

    pub(super) fn elements(&mut self, session: &Session) {
        let rows = elements(session, None);
        if rows.is_empty() {
            return;
        }
        self.section(head::ELEMENTS);
        let rows = rows.into_iter().map(|row| {
            let figures = vec![
                time(row.time_ms),
                fmt::calls(row.calls),
                fmt::calls(row.bursts),
                fmt::count(row.longest),
            ];
            let way = if row.op == ElementOp::Get { text::READ } else { text::WRITTEN };
            (figures, mostly(way, row.lines.first().map(|line| &line.place)))
        });
        // The crossings' time, of which a late program tells only a part.
        let time = if self.late { head::TIME_AT_LEAST } else { head::TIME };
        let heads = [time, head::NUMBERS, head::BURSTS, head::LONGEST];
        self.table(&heads, head::DIRECTION, rows.collect());
    }

    /// Timers, and how long Go kept the thread at most.
    pub(super) fn event_loop(&mut self, session: &Session) {
        let counts = timers(session, None).filter(|counts| counts.scheduled.value > 0.0);
        let longest = longest_runs(session, None).stay;
        if counts.is_none() && longest.is_none() {
            return;
        }
        self.section(head::EVENT_LOOP);
        if let Some(stay) = longest {
            self.wrapped("  ", &text::longest_stay(&stay));
        }
        if let Some(counts) = counts {
            self.wrapped("  ", &text::timers(&counts));
        }
    }
}
