//! The report for a terminal.

mod held;
mod patterns;
mod tables;

use crate::{
    Attach, CopyDirection, CostRow, Estimate, GoLine, GoLines, PhaseRow, Session, copies, findings_of, fmt,
    headline_of, imports, loading, members, phases, stackless, status,
    text::{self, head},
};

/// Rows a table shows.
const ROWS: usize = 12;
/// Narrowest and widest lines.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=240;

/// Headline, findings, start-up, Go lines, imports, members, copies and JSON, memory and what Go holds, what the runtime and
/// the page tell, and how it was recorded: plain text, lines of at most `width` columns where the words allow.
pub fn report(session: &Session, width: usize) -> String {
    let lines = GoLines::of(session, None);
    let mut out = Report::begin(session, &lines, width);
    out.copy_sizes(session);
    out.json(session);
    out.elements(session);
    out.held(session);
    out.gc(session);
    out.event_loop(session);
    out.end(session, &lines)
}

/// The same without copies by size, JSON, elements, memory, what Go holds, and timers: what each agent carries for its
/// `report()`. These tables would add 4 KB to every agent; [`report`] of its session has them.
pub fn brief_report(session: &Session, width: usize) -> String {
    let lines = GoLines::of(session, None);
    let mut out = Report::begin(session, &lines, width);
    out.gc(session);
    out.end(session, &lines)
}

struct Report {
    width: usize,
    /// Times are lower bounds.
    late: bool,
    text: String,
}

impl Report {
    /// Up to what was copied.
    fn begin(session: &Session, lines: &GoLines, width: usize) -> Report {
        let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
        let late = session.instances.iter().any(|it| it.attach == Attach::Late);
        let mut out = Report { width, late, text: String::new() };
        let findings = findings_of(session, lines);
        let headline = headline_of(session, lines, &findings);
        headline.parts.iter().for_each(|part| out.line(part));
        if let Some(why) = stackless(session) {
            out.line(&why.text());
        }
        out.findings(findings);
        out.loading(session, &headline.text);
        out.startup(&phases(session));
        out.packages(session);
        if !session.instances.is_empty() {
            out.go_lines(lines);
            out.costs(head::IMPORTS, &imports(session), |row| row.import.clone());
            out.costs(head::MEMBERS, &members(session), |row| row.label.clone());
            out.copies(session, lines);
        }
        out
    }

    /// From what held the thread on.
    fn end(mut self, session: &Session, lines: &GoLines) -> String {
        self.long_tasks(session);
        self.backlog(session, lines);
        self.user_timing(session);
        self.recording(session);
        self.text
    }

    fn line(&mut self, line: &str) {
        self.text.extend(line.trim_end().chars().map(|c| match c {
            // Lines are broken here, and words looked for by tools.
            fmt::NO_BREAK => ' ',
            // What came from the page may hold control characters; a terminal must not obey them.
            c if c.is_control() => '�',
            c => c,
        }));
        self.text.push('\n');
    }

    fn section(&mut self, title: &str) {
        self.text.push('\n');
        self.line(title);
    }

    fn loading(&mut self, session: &Session, said: &str) {
        let mut facts = loading(session);
        facts.retain(|fact| fact.text != said);
        if facts.is_empty() {
            return;
        }
        self.section(head::LOADING);
        for fact in facts {
            self.line(&format!("  {}", fact.text));
        }
    }

    fn startup(&mut self, phases: &[PhaseRow]) {
        if phases.is_empty() {
            return;
        }
        self.section(head::STARTUP);
        let bound = |exact: bool, figure: String| if exact { figure } else { format!("~{figure}") };
        let rows = phases.iter().map(|row| {
            let took = row.ms.map_or_else(|| text::RUNNING.into(), |ms| bound(row.exact, fmt::ms(ms)));
            (vec![fmt::ms(row.after_ms), took], text::phase(row.name).to_owned())
        });
        self.table(&[head::START, head::TOOK], head::PHASE, rows.collect());
        if phases.iter().any(|row| !row.exact) {
            self.line(&format!("  {}", text::BOUND));
        }
    }

    fn go_lines(&mut self, lines: &GoLines) {
        self.section(head::GO_LINES);
        let rows = lines.rows.iter().map(|row: &GoLine| {
            let name = format!("{} ← {}", row.crosses_as(), row.place.text());
            let figures = vec![
                fmt::or_unknown(row.time_ms, |time| fmt::estimate(time, fmt::ms)),
                fmt::or_unknown(row.share, |share| fmt::percent(share.value)),
                fmt::calls(row.calls),
                fmt::or_unknown(row.per_call_ms, |time| bound_only(time, fmt::ms)),
                fmt::or_unknown(row.bytes, |bytes| bound_only(bytes, fmt::bytes)),
            ];
            (figures, name)
        });
        let heads = self.heads();
        self.table(&heads, head::GO_LINE, rows.collect());
        if lines.not_sampled > 0 {
            self.line(&format!("  {} {}", fmt::count(lines.not_sampled), text::NOT_SAMPLED));
        }
    }

    fn heads(&self) -> [&'static str; 5] {
        let [time, share, per_call] = if self.late {
            [head::TIME_AT_LEAST, head::SHARE_AT_LEAST, head::PER_CALL_AT_LEAST]
        } else {
            [head::TIME, head::SHARE, head::PER_CALL]
        };
        [time, share, head::CALLS, per_call, head::BYTES]
    }

    fn costs(&mut self, title: &str, rows: &[CostRow], name: impl Fn(&CostRow) -> String) {
        if rows.is_empty() {
            return;
        }
        self.section(title);
        let rows = rows.iter().map(|row| {
            let figures = vec![
                fmt::or_unknown(row.time_ms, |time| fmt::estimate(time, fmt::ms)),
                fmt::or_unknown(row.share, |share| fmt::percent(share.value)),
                fmt::calls(row.calls),
                fmt::or_unknown(row.per_call_ms, |time| bound_only(time, fmt::ms)),
                fmt::or_unknown(row.bytes, |bytes| bound_only(bytes, fmt::bytes)),
            ];
            (figures, name(row))
        });
        let heads = self.heads();
        self.table(&heads, if title == head::IMPORTS { head::IMPORT } else { head::MEMBER }, rows.collect());
    }

    fn copies(&mut self, session: &Session, lines: &GoLines) {
        let copies = copies(session, lines);
        let row = |direction: &CopyDirection, name: &str| {
            let from = direction.lines.first().map(|(place, _)| format!(", {} {}", head::FROM, place.text()));
            let figures = vec![
                fmt::or_unknown(direction.bytes, |bytes| fmt::bytes(bytes as f64)),
                fmt::or_unknown(direction.per_s, fmt::bytes_rate),
            ];
            (figures, format!("{name}{}", from.unwrap_or_default()))
        };
        self.section(head::COPIES);
        let rows = vec![row(&copies.to_go, text::TO_GO), row(&copies.to_js, text::TO_JS)];
        self.table(&[head::BYTES, head::RATE], head::DIRECTION, rows);
    }

    fn recording(&mut self, session: &Session) {
        let status = status(session);
        self.section(head::AGENT);
        self.line(&format!("  {}", status.text()));
        for (kind, count) in &status.dropped_by_kind {
            self.line(&format!("  {}", text::dropped(kind, *count)));
        }
        for error in session.meta.errors.iter().take(ROWS) {
            self.line(&format!("  {}", text::fault(&error.at, &error.message)));
        }
    }

    /// Figures right-aligned, the name last: on its own line where it would not fit beside them.
    fn table(&mut self, heads: &[&str], name_head: &str, rows: Vec<(Vec<String>, String)>) {
        if rows.is_empty() {
            return self.line(&format!("  {}", text::NOTHING));
        }
        let shown = &rows[..rows.len().min(ROWS)];
        let width = |text: &str| text.chars().count();
        let widths: Vec<usize> = heads
            .iter()
            .enumerate()
            .map(|(at, head)| shown.iter().map(|(cells, _)| width(&cells[at])).fold(width(head), usize::max))
            .collect();
        let figures_width = widths.iter().map(|width| width + 2).sum::<usize>() + 2;
        let longest = shown.iter().map(|(_, name)| width(name)).max().unwrap_or(0);
        let beside = figures_width + longest <= self.width;
        let figures = |cells: &[String]| -> String {
            cells.iter().zip(&widths).map(|(cell, width)| format!("  {cell:>width$}")).collect()
        };
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        self.line(&format!("{}  {name_head}", figures(&heads)));
        for (cells, name) in shown {
            if beside {
                self.line(&format!("{}  {name}", figures(cells)));
            } else {
                self.line(&figures(cells));
                self.line(&format!("      {}", shorten(name, self.width - 6)));
            }
        }
        if rows.len() > shown.len() {
            self.line(&format!("  {}", text::more(rows.len() - shown.len())));
        }
    }
}

/// An estimate whose error stands elsewhere in the row: only a bound is marked.
fn bound_only(x: Estimate, write: impl Fn(f64) -> String) -> String {
    if x.error >= x.value && x.error > 0.0 { fmt::estimate(x, write) } else { write(x.value) }
}

/// Cuts the middle: the start says what, the end says where.
fn shorten(name: &str, width: usize) -> String {
    let chars: Vec<char> = name.chars().collect();
    if chars.len() <= width {
        return name.to_owned();
    }
    let keep = width.saturating_sub(1);
    let head = keep / 2;
    chars[..head].iter().chain(&['…']).chain(&chars[chars.len() - (keep - head)..]).collect()
}
