//! Findings, and the tables of what the Go runtime and the page tell: each only where there is something in it.

use super::Report;
use crate::{
    Finding, GoLines, LongTaskKind, Session, Severity, backlog, collections, fmt, long_tasks, order,
    packages,
    text::{self, findings, head},
    user_timing,
};

impl Report {
    /// What loading has to do with stands under its own head.
    pub(super) fn findings(&mut self, mut found: Vec<Finding>) {
        found.retain(|finding| !findings::loading::IDS.contains(&finding.id.as_str()));
        if found.is_empty() {
            return;
        }
        self.section(head::FINDINGS);
        for finding in found {
            let cost = finding.cost_ms.map(|ms| format!(" ({})", fmt::ms(ms))).unwrap_or_default();
            let mark = if finding.severity == Severity::High { "! " } else { "  " };
            self.wrapped(mark, &format!("{}{cost}", finding.title));
            if let Some(at) = &finding.at {
                self.wrapped(findings::WHERE, at);
            }
            self.wrapped(findings::WHY, &finding.detail);
            self.wrapped(findings::FIX, &finding.fix);
        }
    }

    /// Words behind what a line begins with, broken where they do not fit, and below where they began.
    pub(super) fn wrapped(&mut self, begin: &str, words: &str) {
        let width = |text: &str| text.chars().count();
        let indent = width(begin);
        let mut line = begin.to_owned();
        for word in words.split(' ') {
            if width(&line) > indent && width(&line) + 1 + width(word) > self.width {
                self.line(&line);
                line = " ".repeat(indent);
            }
            if width(&line) > indent {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(&line);
    }

    pub(super) fn packages(&mut self, session: &Session) {
        for instance in session.instances.iter().filter(|instance| !instance.inits.is_empty()) {
            self.section(head::PACKAGES);
            let rows = packages(session, instance).into_iter().map(|row| {
                let figures = vec![
                    fmt::estimate(row.ms, fmt::ms),
                    fmt::or_unknown(row.of_startup, fmt::percent),
                    fmt::bytes(row.init.bytes as f64),
                    fmt::count(row.init.allocs),
                ];
                (figures, row.init.package)
            });
            let heads = [head::TOOK, head::OF_STARTUP, head::BYTES, head::ALLOCS];
            self.table(&heads, head::PACKAGE, rows.collect());
        }
    }

    pub(super) fn gc(&mut self, session: &Session) {
        let gc = collections(session, None);
        if gc.cycles == 0 {
            return;
        }
        self.section(head::GC);
        self.wrapped("  ", &text::collected(&gc));
        let rows = gc.lines.iter().map(|(place, cycles)| (vec![fmt::count(*cycles)], place.text()));
        self.table(&[head::CYCLES], head::TRIGGER, rows.collect());
    }

    /// Frames hold the same tasks; they are told where the engine tells nothing else.
    pub(super) fn long_tasks(&mut self, session: &Session) {
        let mut rows = long_tasks(session, None).unwrap_or_default();
        let tasks = rows.iter().any(|row| row.task.kind == LongTaskKind::Task);
        rows.retain(|row| (row.task.kind == LongTaskKind::Task) == tasks);
        if rows.is_empty() {
            return;
        }
        order::sort(&mut rows, |a, b| b.task.duration_ms.total_cmp(&a.task.duration_ms));
        self.section(head::LONG_TASKS);
        let rows = rows.into_iter().map(|row| {
            let figures = vec![fmt::ms(row.task.start), fmt::ms(row.task.duration_ms), fmt::ms(row.go_ms)];
            let lines: Vec<String> = row.lines.iter().take(2).map(|line| line.0.text()).collect();
            (figures, if lines.is_empty() { fmt::UNKNOWN.into() } else { lines.join(", ") })
        });
        self.table(&[head::START, head::LASTED, head::IN_GO], head::INSIDE, rows.collect());
    }

    pub(super) fn backlog(&mut self, session: &Session, lines: &GoLines) {
        let backlog = backlog(session, lines, None);
        if backlog.probes == 0 {
            return;
        }
        self.section(head::BACKLOG);
        self.wrapped("  ", &text::drained(&backlog));
        if !backlog.lines.is_empty() {
            let rows = backlog.lines.iter().map(|(place, calls)| (vec![fmt::calls(*calls)], place.text()));
            self.table(&[head::CALLBACKS], head::ASKED_BY, rows.collect());
        }
    }

    pub(super) fn user_timing(&mut self, session: &Session) {
        let rows = user_timing(session, None);
        if rows.is_empty() {
            return;
        }
        self.section(head::TIMING);
        let rows = rows.into_iter().map(|row| {
            let lengths =
                row.lengths.map(|it| [it.mean_ms, it.p50_ms, it.p95_ms].map(Some)).unwrap_or_default();
            let mut figures = vec![fmt::count(row.count)];
            figures.extend(lengths.map(|ms| fmt::or_unknown(ms, fmt::ms)));
            (figures, row.name.to_owned())
        });
        self.table(&[head::COUNT, head::MEAN, head::P50, head::P95], head::NAME, rows.collect());
    }
}
