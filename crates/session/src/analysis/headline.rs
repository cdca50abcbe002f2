//! The worst thing, in one sentence, with a number and a place.

use super::{
    Estimate, GoLines, Place, Range,
    findings::HOT_MEMBER,
    findings_of,
    loading::{self, loading},
    phases::{self, PhaseRow},
    threads::ByThread,
    window,
};
use crate::{Attach, Compiler, Finding, Instance, PhaseName, Session, Severity, fmt, text};

/// Below this share of the thread no single crossing is worth a headline.
const WORTH_SAYING: f64 = 0.01;

/// One sentence and what it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// The sentence.
    pub text: String,
    /// Its parts, joined by ` · ` in the sentence.
    pub parts: Vec<String>,
    /// What is going on.
    pub state: HeadlineState,
    /// Ms from the first phase to main.main.
    pub main_after_ms: Option<f64>,
    /// The longest phase before main.
    pub longest: Option<PhaseRow>,
    /// The costliest crossing of a Go line.
    pub hot: Option<Hot>,
}

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadlineState {
    /// No module was seen.
    Waiting,
    /// Modules were seen, none is Go's.
    NotGo,
    /// A module failed.
    Failed,
    /// A Go program is starting.
    Starting,
    /// A Go program runs.
    Running,
    /// It has exited.
    Exited(i32),
}

/// The costliest crossing of a Go line.
#[derive(Clone, Debug, PartialEq)]
pub struct Hot {
    /// Share of the thread.
    pub share: f64,
    /// `set textContent`.
    pub crossing: String,
    /// The Go line.
    pub place: Place,
    /// Its realm; `None` where it is of several.
    pub realm: Option<u32>,
}

/// The headline of a session.
pub fn headline(session: &Session) -> Headline {
    let lines = GoLines::of(session, None);
    headline_of(session, &lines, &findings_of(session, &lines))
}

/// The same, where the table by Go line and the findings are there already.
pub fn headline_of(session: &Session, lines: &GoLines, findings: &[Finding]) -> Headline {
    match session.current_instance() {
        Some(instance) => running(session, lines, findings, instance),
        None => nothing_runs(session),
    }
}

fn nothing_runs(session: &Session) -> Headline {
    let go = session.modules.iter().rev().find(|module| module.compiler != Compiler::Other);
    let failed = loading(session).into_iter().rev().find(|fact| fact.kind.is_failure());
    let (state, part) = if let Some(fact) = failed {
        (HeadlineState::Failed, fact.text)
    } else if go.is_some() {
        (HeadlineState::Starting, text::NOT_STARTED.into())
    } else if let Some(module) = session.modules.last() {
        (HeadlineState::NotGo, text::not_go(&loading::name(module)))
    } else if session.meta.attach == Attach::Late {
        (HeadlineState::Waiting, text::LATE_WAITING.into())
    } else {
        (HeadlineState::Waiting, text::WAITING.into())
    };
    Headline { text: part.clone(), parts: vec![part], state, main_after_ms: None, longest: None, hot: None }
}

fn running(session: &Session, lines: &GoLines, findings: &[Finding], instance: &Instance) -> Headline {
    let rows: Vec<PhaseRow> = phases::of(instance).collect();
    let main = rows.iter().find(|row| row.name == PhaseName::Main);
    let longest = longest(&rows);
    let mut parts: Vec<String> = session.other_realm_of(instance).map(text::in_realm).into_iter().collect();
    let mut state = HeadlineState::Running;
    if let Some(code) = instance.exit_code {
        state = HeadlineState::Exited(code);
        // As main's time, from the first request.
        let began =
            |wall: &Range| instance.phases.first().map_or(wall.start, |first| first.start.min(wall.start));
        parts.push(text::exited(code, window(session).map(|wall| wall.end - began(&wall))));
    }
    match (main, rows.last()) {
        (Some(main), _) => parts.push(startup(main, longest.as_ref())),
        (None, Some(PhaseRow { name: PhaseName::Run, after_ms, ms: Some(ms), .. })) => {
            parts.push(text::ran_after(*after_ms, *ms));
        }
        // How far a start came that nobody saw is not known.
        (None, Some(now)) if instance.exit_code.is_none() && instance.attach == Attach::Early => {
            state = HeadlineState::Starting;
            parts.push(text::starting(now.name));
        }
        _ => {}
    }
    if session.meta.attach == Attach::Late && main.is_none() {
        parts.push(text::LATE.into());
    }
    let hot = hot(lines);
    match findings.first() {
        // Of what crosses the tables know more than the finding does.
        Some(finding) if finding.severity > Severity::Low && finding.id != HOT_MEMBER => {
            parts.push(finding.sentence());
        }
        _ => parts.extend(bridge(session, lines, hot.as_ref())),
    }
    if session.meta.recorder == Some(false) {
        parts.push(text::NO_RECORDER.into());
    }
    // Its imports were rejected: it never ran.
    if parts.is_empty() {
        return nothing_runs(session);
    }
    let main_after_ms = main.map(|main| main.after_ms);
    Headline { text: parts.join(" · "), parts, state, main_after_ms, longest, hot }
}

fn longest(rows: &[PhaseRow]) -> Option<PhaseRow> {
    let before_main = rows.iter().filter(|row| row.name != PhaseName::Main && row.ms.is_some());
    before_main.copied().max_by(|a, b| a.ms.unwrap_or(0.0).total_cmp(&b.ms.unwrap_or(0.0)))
}

fn startup(main: &PhaseRow, longest: Option<&PhaseRow>) -> String {
    let after = text::main_after(main.after_ms, main.exact);
    match longest.and_then(|row| Some((row, row.ms?))) {
        Some((row, ms)) => format!("{after}: {}", text::in_phase(ms, row.exact, row.name)),
        None => after,
    }
}

/// The crossing of one Go line that takes most of the thread, where that is sure to be something.
fn hot(lines: &GoLines) -> Option<Hot> {
    let crossings = lines.rows.iter().flat_map(|row| row.crossings.iter().map(move |c| (row, c)));
    let sure = crossings.filter(|(_, c)| c.time_ms.is_some_and(|time| time.value > time.error));
    let worth = sure
        .filter_map(|(row, c)| Some((row, c, c.share.filter(|share| share.value >= WORTH_SAYING)?.value)));
    let (row, crossing, share) = worth.max_by(|a, b| a.2.total_cmp(&b.2))?;
    Some(Hot { share, crossing: crossing.label.clone(), place: row.place.clone(), realm: row.realm })
}

fn bridge(session: &Session, lines: &GoLines, hot: Option<&Hot>) -> Option<String> {
    // What the page does of a call is all that is timed late.
    let late = session.instances.iter().any(|instance| instance.attach == Attach::Late);
    let percent = |share: f64| if late { text::at_least(&fmt::percent(share)) } else { fmt::percent(share) };
    if let Some(hot) = hot {
        return Some(text::hot(&percent(hot.share), &hot.crossing, &hot.place.text()));
    }
    let (mut calls, mut thread) = (0_u64, ByThread::default());
    for (at, instance) in session.instances.iter().enumerate() {
        for import in &instance.imports {
            calls = calls.saturating_add(import.calls);
            thread = thread.join(ByThread::of(session, at, import.time_ms.map(Estimate::exact)));
        }
    }
    match thread.most() {
        _ if calls == 0 => None,
        None => Some(text::untimed(&fmt::count(calls))),
        Some(time) => {
            let share = lines.wall_ms.map(|wall| time.value.max(0.0) / wall);
            Some(text::quiet(&fmt::or_unknown(share, percent)))
        }
    }
}
