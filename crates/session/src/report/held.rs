//! What Go holds: memory of each kind, linear memory by who made it grow, JS values by who made them, and `js.Func`.

use super::Report;
use crate::{
    Estimate, Gauge, Instance, Place, Session, fmt, memory, order, place_of, references,
    text::{self, head},
};

impl Report {
    /// A table for each program, since each has a memory of its own.
    pub(super) fn held(&mut self, session: &Session) {
        for instance in &session.instances {
            self.kinds(instance);
            self.growths(session, instance);
            self.values(session, instance);
        }
    }

    fn kinds(&mut self, instance: &Instance) {
        let memory = memory(instance, None);
        let bytes: fn(f64) -> String = fmt::bytes;
        let heap: fn(f64) -> String = text::heap;
        let count: fn(f64) -> String = |n| fmt::count(n.round().max(0.0) as u64);
        let kinds = [
            (memory.linear, memory.linear, memory.linear_grows, bytes, text::LINEAR),
            (memory.heap, memory.heap, memory.heap_grows, heap, text::HEAP),
            (memory.refs, memory.refs_kept, memory.refs_grow, count, text::VALUES),
            (
                memory.funcs.filter(|funcs| funcs.peak > 0.0),
                memory.funcs,
                memory.funcs_grow,
                count,
                text::FUNCS,
            ),
            (memory.js_heap, memory.js_heap, memory.js_heap_grows, bytes, text::JS_HEAP),
        ];
        type Kind = (Option<Gauge>, Option<Gauge>, Option<bool>, fn(f64) -> String, &'static str);
        let row = |(gauge, growing, grows, write, name): Kind| {
            let gauge = gauge?;
            let growth = match grows {
                Some(false) => text::NOT_GROWING.into(),
                _ => {
                    let per_minute = growing.filter(|_| grows.is_some()).and_then(|it| it.per_minute);
                    fmt::or_unknown(per_minute, write)
                }
            };
            Some((vec![write(gauge.last), write(gauge.peak), growth], name.to_owned()))
        };
        let rows: Vec<_> = kinds.into_iter().filter_map(row).collect();
        if rows.is_empty() {
            return;
        }
        self.section(head::MEMORY);
        self.table(&[head::LAST, head::MOST, head::A_MINUTE], head::KIND, rows);
    }

    fn growths(&mut self, session: &Session, instance: &Instance) {
        let mut by: Vec<(Place, u64, f64)> = Vec::new();
        for grow in &instance.grows {
            let (place, more) = (place_of(session, grow.stack), grow.to_bytes - grow.from_bytes);
            match by.iter_mut().find(|row| row.0 == place) {
                Some(row) => (row.1, row.2) = (row.1 + 1, row.2 + more),
                None => by.push((place, 1, more)),
            }
        }
        if by.is_empty() {
            return;
        }
        order::sort(&mut by, |a, b| b.2.total_cmp(&a.2));
        self.section(head::GROWTHS);
        let rows = by
            .into_iter()
            .map(|(place, times, more)| (vec![fmt::count(times), fmt::bytes(more)], place.text()));
        self.table(&[head::TIMES, head::BYTES], head::GROWN_BY, rows.collect());
    }

    fn values(&mut self, session: &Session, instance: &Instance) {
        let held = references(session, instance, None);
        if !held.lines.is_empty() {
            self.section(head::VALUES);
            let rows = held.lines.into_iter().map(|it| {
                let counts = [it.live, it.made].map(|n: Estimate| fmt::estimate(n, fmt::short));
                (counts.into(), it.place.text())
            });
            self.table(&[head::HELD, head::MADE], head::MADE_BY, rows.collect());
        }
        let Some(funcs) = held.funcs.filter(|funcs| funcs.made > 0) else { return };
        self.section(head::FUNCS);
        self.line(&format!("  {}", text::funcs(funcs)));
        let rows = held.callbacks.unwrap_or_default().into_iter();
        let rows: Vec<_> = rows.map(|(place, n)| (vec![fmt::count(n)], place.text())).collect();
        if !rows.is_empty() {
            self.table(&[head::LIVE], head::CALLS_GO, rows);
        }
    }
}
