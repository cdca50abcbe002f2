//! What the view shows of a session: figures and tracks up to ten times a second, tables and headline less often.
//! The analyses are the session's own; this only gathers them.

use super::{
    bridge::Trees,
    facts::Facts,
    findings::Findings,
    history::History,
    startup::{Startup, startups},
};
use session::{
    CostRow, GoLine, Headline, Lamp, LoadingFact, Phase, Recording, Stackless, State, Status, loading,
    stackless, status,
};
use std::rc::Rc;

/// The status line's figures, the live tracks and start-up.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Programs seen.
    pub programs: usize,
    /// Why there are no Go lines, where there can be none.
    pub stackless: Option<Stackless>,
    /// Id of the one that tracks are of.
    pub shown: Option<u32>,
    /// Exit code of the current one.
    pub exit_code: Option<i32>,
    /// How it is recorded and at what cost; `None` before the first frame.
    pub status: Option<Status>,
    /// Messages of faults inside the agent, the latest few.
    pub faults: Vec<String>,
    /// Wall time of the recording, ms.
    pub wall_ms: Option<f64>,
    /// How far the tracks go back, and now: ms since the recording's time origin.
    pub begin: f64,
    /// Since when the recording goes: later than `begin` where it was begun anew.
    pub since: f64,
    /// See `begin`.
    pub now: f64,
    /// What is wrong with how modules were loaded.
    pub loading: Vec<LoadingFact>,
    /// What the tracks show of that program.
    pub history: Rc<History>,
    /// Its crossings per second now.
    pub crossings_per_second: Option<f64>,
    /// Its start-up.
    pub phases: Vec<Phase>,
    /// Start-ups of the latest programs, oldest first.
    pub startups: Rc<Vec<Startup>>,
}

/// The headline and the tables.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// The answer; `None` before the first frame.
    pub headline: Option<Headline>,
    /// What is wrong, in all that was recorded.
    pub findings: Findings,
    /// All that was recorded: what the headline is of.
    pub full: Option<session::Range>,
    /// What the rows are of; everything where there is none.
    pub range: Option<session::Range>,
    /// By Go line.
    pub lines: Rc<Vec<GoLine>>,
    /// Times are lower bounds: a program ran before the agent came.
    pub late: bool,
    /// Calls of imports that no sample fell on.
    pub not_sampled: u64,
    /// By import.
    pub imports: Rc<Vec<CostRow>>,
    /// By JS member, where they were asked for.
    pub members: Rc<Vec<CostRow>>,
    /// The callers of rows that are open.
    pub trees: Rc<Trees>,
    /// The facts of the view shown.
    pub facts: Facts,
}

// Every reading is made anew, so identity tells; comparing thousands of numbers ten times a second would not pay.
impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Faults shown at most.
const FAULTS: usize = 3;

impl Snapshot {
    /// Reads a recording `since_heard` ms after its last frame came; `history` has seen it up to the last reading. Tracks are
    /// of the program with that id, or else of the current one.
    pub fn of(recording: &Recording, history: &mut History, since_heard: f64, program: Option<u32>) -> Self {
        let session = recording.session();
        let meta = &session.meta;
        let Some(end) = meta.end else { return Self::default() };
        let current = session.current_instance();
        let shown = session.program(program).and_then(|at| session.instances.get(at));
        let now = end + if meta.state == State::Recording { since_heard } else { 0.0 };
        history.update(recording, now, program);
        let startups = startups(session, recording.revision(), &mut history.packages);
        let began = meta.overhead.wall_ms.map(|wall| end - wall);
        let faults = meta.errors.iter().rev().take(FAULTS);
        Self {
            programs: session.instances.len(),
            stackless: stackless(session),
            shown: shown.map(|instance| instance.id),
            exit_code: current.and_then(|instance| instance.exit_code),
            status: Some(status(session)),
            faults: faults.map(|fault| format!("{}: {}", fault.at, fault.message)).collect(),
            wall_ms: meta.overhead.wall_ms,
            begin: begin(&startups, history, now),
            since: since(&startups, history.begin, began, now),
            now,
            loading: loading(session),
            crossings_per_second: history.crossings_per_second(),
            history: Rc::new(history.clone()),
            phases: shown.map(|instance| instance.phases.clone()).unwrap_or_default(),
            startups: Rc::new(startups),
        }
    }

    /// Whether a program ran before the agent came.
    pub fn is_late(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.lamp == Lamp::Late)
    }

    /// Whether the recording was stopped.
    pub fn is_stopped(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.state == State::Stopped)
    }
}

/// When what can be shown began: the first request of a program, or what the tracks know.
fn begin(startups: &[Startup], history: &History, now: f64) -> f64 {
    let requests = startups.iter().filter_map(Startup::begin);
    requests.chain(history.begin).min_by(f64::total_cmp).unwrap_or(now)
}

/// The same, where the tracks go back to `seen`, without the start-ups of programs that ran before the recording
/// `began`: it was begun anew. Of a program that was there before a late agent, it is not known when it ran.
fn since(startups: &[Startup], seen: Option<f64>, began: Option<f64>, now: f64) -> f64 {
    let began = began.unwrap_or(f64::NEG_INFINITY);
    let (before, during): (Vec<_>, Vec<_>) =
        startups.iter().partition(|it| it.ran().is_some_and(|ran| ran < began));
    let first = during.into_iter().filter_map(Startup::begin).chain(seen).min_by(f64::total_cmp);
    first.unwrap_or(if before.is_empty() { now } else { began })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::readers::{Readers, Wanted};
    use crate::viz::{
        track::{Reading, Track},
        tracks,
    };
    use protocol::{Frame, Hello, Import, Instance, Phase, PhaseKind, Series, Status};
    use session::PhaseName;

    fn frame() -> Frame {
        let import = |name: &str| Import { name: name.into(), ..Import::default() };
        let instance = Instance {
            id: 1,
            phases: vec![Phase { kind: PhaseKind::RuntimeInit, start: 100.0, end: None, exact: true }],
            imports: vec![(0, import("syscall/js.valueGet")), (1, import("syscall/js.valueSet"))],
            series: Series {
                t: vec![200.0, 300.0],
                calls: vec![vec![10, 20], vec![0, 5]],
                time_ms: vec![vec![0.1, 0.2], vec![0.0, 0.1]],
                bytes_to_go: vec![0.0; 2],
                bytes_to_js: vec![0.0; 2],
                memory_bytes: vec![65_536.0; 2],
                js_refs: vec![f64::NAN; 2],
                funcs: vec![f64::NAN; 2],
                js_heap_bytes: vec![f64::NAN; 2],
                goroutines: vec![f64::NAN; 2],
            },
            ..Instance::default()
        };
        let status = Status { self_ms: 2.0, wall_ms: 200.0, ..Status::default() };
        Frame {
            t: 300.0,
            hello: Some(Hello { recorder: true, ..Hello::default() }),
            status,
            instances: vec![instance],
            ..Frame::default()
        }
    }

    #[test]
    fn a_recording_becomes_tracks_and_tables() {
        let mut recording = Recording::new();
        recording.apply(frame()).unwrap();
        let snapshot = Snapshot::of(&recording, &mut History::default(), 50.0, None);
        assert_eq!((snapshot.programs, snapshot.begin, snapshot.now), (1, 100.0, 350.0));
        assert_eq!(snapshot.crossings_per_second, Some(175.0));
        let total = |track: &Track| match track.at(&snapshot.history, 250.0, 1.0) {
            Reading::Bands(total, ..) => Some(total),
            _ => None,
        };
        let totals: Vec<_> = tracks::ALL.into_iter().map(total).collect();
        let known: Vec<f64> = totals.into_iter().flatten().collect();
        assert_eq!(known, [250.0, 0.0, 65_536.0]);
        assert!(!snapshot.is_stopped() && snapshot.stackless.is_none());
        assert!(Readers::default().read(&recording, &Wanted::default()).headline.is_some());
    }

    #[test]
    fn begun_anew_a_recording_is_not_of_what_ran_before() {
        let phase = |name, start| session::Phase { name, start, end: None, exact: true };
        let startup = |id, request, ran| Startup {
            instance: id,
            phases: vec![phase(PhaseName::Fetch, request), phase(PhaseName::RuntimeInit, ran)],
            ..Startup::default()
        };
        let first = [startup(1, 10.0, 100.0)];
        let seen = Some(5e3);
        assert_eq!(since(&first, seen, Some(20.0), 9e3), 10.0, "a request may come before the agent");
        assert_eq!(since(&first, seen, Some(5e3), 9e3), 5e3);
        assert_eq!(since(&first, None, Some(5e3), 9e3), 5e3);
        assert_eq!(since(&first, seen, None, 9e3), 10.0);
        let both = [startup(1, 10.0, 100.0), startup(2, 6e3, 7e3)];
        assert_eq!(since(&both, None, Some(5e3), 9e3), 6e3);
        let late = Startup { phases: vec![phase(PhaseName::Fetch, 10.0)], ..startup(1, 0.0, 0.0) };
        assert_eq!(since(&[late], seen, Some(5e3), 9e3), 10.0);
    }

    #[test]
    fn before_the_first_frame_nothing_is_known() {
        let recording = Recording::new();
        let snapshot = Snapshot::of(&recording, &mut History::default(), 1e3, None);
        assert!(snapshot.status.is_none() && snapshot.history.buckets.len() == 0 && snapshot.programs == 0);
        assert!(Readers::default().read(&recording, &Wanted::default()).headline.is_none());
    }
}
