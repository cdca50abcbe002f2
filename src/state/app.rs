//! The live view's state: the latest snapshot and how the reader wants to see it.

use super::{
    axis::{Axis, AxisAction, Kept, Shown},
    bridge::{BridgeAction, BridgeState, By},
    connection::Connection,
    facts::Topic,
    findings,
    hash::Place,
    keys::Command,
    layout::Layout,
    past::{Keeping, Past},
    readers::Wanted,
    reload::Reload,
    snapshot::{Snapshot, Tables},
    stage::Stage,
    startup::Startup,
    theme::Theme,
    track_list::TrackList,
    view::ViewId,
};
use session::Finding;
use std::rc::Rc;
use yew::AttrValue;

/// While a recording is as young as this, nobody has settled to read it, ms.
const YOUNG_MS: f64 = 5e3;

/// What `link` has to say: at most ten times a second.
#[derive(Clone)]
pub struct Update {
    /// Where the channel stands.
    pub connection: Connection,
    /// Now, on the viewer's clock.
    pub now: f64,
    /// Updates per second, where the thread is the target's too.
    pub pace: Option<f64>,
    /// What is shown in place of the running recording.
    pub past: Past,
    /// How keeping the running recording goes.
    pub keeping: Keeping,
    /// A window of its own could not be opened, or not be reached.
    pub apart: bool,
    /// How it goes where the page was asked for anew.
    pub reload: Reload,
    /// The session's figures, when they were read: not while paused.
    pub snapshot: Option<Rc<Snapshot>>,
    /// The session's tables, when they were read again.
    pub tables: Option<Rc<Tables>>,
}

/// What stands over the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The keys.
    Keys,
    /// How to give the view a process of its own.
    Process,
}

/// What can happen to the view.
pub enum Action {
    /// The recording went on.
    Update(Update),
    /// Small or large.
    Collapse(bool),
    /// Elsewhere in the page.
    Arrange(Layout),
    /// Something else of the time axis.
    Axis(AxisAction),
    /// Another theme.
    Theme(Theme),
    /// Another view.
    View(ViewId),
    /// Pause the view, or resume it; the recording goes on.
    Pause,
    /// The recording begins anew.
    Clear,
    /// Other words to look for.
    Search(String),
    /// All findings, where only the gravest is in sight; or that only.
    Findings,
    /// To a view, and what to look for in it.
    Lead(ViewId, Option<String>),
    /// Open a dialog, or close the one that is.
    Dialog(Option<Dialog>),
    /// Tracks, memory and start-up of another program, by its instance.
    Program(u32),
    /// A link was opened.
    Place(Place),
    /// Another table of the bridge, or other rows open.
    Bridge(BridgeAction),
    /// A track is hidden, or shown again, by its key.
    Track(&'static str),
    /// Somebody reads below the tracks, or no longer.
    Reading(bool),
    /// A key came down.
    Key(Command),
}

/// The live view's state.
#[derive(Clone)]
pub struct LiveState {
    /// What the reader is looking at.
    pub stage: Stage,
    /// What is shown in place of the running recording.
    pub past: Past,
    /// How keeping the running recording goes.
    pub keeping: Keeping,
    /// A window of its own could not be opened, or not be reached.
    pub apart: bool,
    /// How it goes where the page was asked for anew.
    pub reload: Reload,
    /// Figures.
    pub snapshot: Rc<Snapshot>,
    /// Tables.
    pub tables: Rc<Tables>,
    /// Where in the page it is shown.
    pub layout: Layout,
    /// What the time axis shows, and what of it is selected.
    pub axis: Axis,
    /// Theme.
    pub theme: Theme,
    /// The view shown.
    pub view: ViewId,
    /// The program whose tracks, memory and start-up are shown; the current one where there is none.
    pub program: Option<u32>,
    /// What the axis showed before the start-up view showed start-up, and what it showed then.
    before_startup: Option<(Shown, Shown)>,
    /// What a link asked for and there was not yet.
    asked: Option<Place>,
    /// Since when the view stands still, on the viewer's clock.
    pub paused: Option<f64>,
    /// Words that rows of tables must have.
    pub search: AttrValue,
    /// Findings show where the view is low, too.
    pub findings: bool,
    /// What stands over the view.
    pub dialog: Option<Dialog>,
    /// Which table of the bridge, and what is open in it.
    pub bridge: BridgeState,
    /// The tracks.
    pub tracks: TrackList,
    /// Whether somebody reads below them.
    reading: bool,
    /// Now, on the viewer's clock.
    pub now: f64,
    /// Updates per second, where the thread is the target's too.
    pub pace: Option<f64>,
}

impl LiveState {
    /// Before anything arrived.
    pub fn new(theme: Theme) -> Self {
        Self {
            stage: Stage::Waiting { overdue: false },
            past: Past::None,
            keeping: Keeping::default(),
            apart: false,
            reload: Reload::No,
            snapshot: Rc::default(),
            tables: Rc::default(),
            layout: Layout::default(),
            axis: Axis::default(),
            theme,
            view: ViewId::default(),
            program: None,
            before_startup: None,
            asked: None,
            paused: None,
            search: AttrValue::default(),
            findings: false,
            dialog: None,
            bridge: BridgeState::default(),
            tracks: TrackList::hiding(Vec::new()),
            reading: false,
            now: 0.0,
            pace: None,
        }
    }

    /// The same with tracks hidden, by their keys.
    pub fn hiding(self, tracks: Vec<String>) -> Self {
        Self { tracks: TrackList::hiding(tracks), ..self }
    }

    /// What the time axis can show.
    pub fn kept(&self) -> Kept {
        let Snapshot { begin, since, now, .. } = *self.snapshot;
        Kept { begin, since, now, growing: self.stage.is_running() }
    }

    /// What the tables shown are made of.
    pub fn wanted(&self) -> Wanted {
        let bridge = self.view == ViewId::Bridge;
        Wanted {
            range: self.axis.selection.map(|it| session::Range { start: it.start, end: it.end }),
            members: bridge && self.bridge.by == By::Member,
            opened: if bridge { self.bridge.opened.clone() } else { Rc::default() },
            topic: self.view.topic().or((bridge && self.bridge.by == By::Data).then_some(Topic::Data)),
            program: self.program,
        }
    }

    /// The views where something is wrong.
    pub fn marked(&self) -> Vec<ViewId> {
        let found = self.tables.findings.list.iter().map(|finding| findings::home(&finding.id));
        let flawed = (!self.snapshot.loading.is_empty()).then_some(ViewId::Startup);
        found.chain(flawed).collect()
    }

    /// The gravest thing that is wrong, in a sentence.
    pub fn wrong(&self) -> Option<String> {
        let failed = self.snapshot.loading.iter().find(|fact| fact.kind.is_failure());
        let found = || self.tables.findings.list.first().map(Finding::sentence);
        failed.map(|fact| fact.text.clone()).or_else(found)
    }

    /// The state after an action.
    pub fn after(&self, action: Action) -> Self {
        let mut next = self.clone();
        match action {
            Action::Update(update) => next.update(update),
            Action::Collapse(collapsed) => next.layout.collapsed = collapsed,
            Action::Arrange(layout) => next.layout = layout,
            Action::Axis(action) => next.turn_axis(action),
            Action::Theme(theme) => next.theme = theme,
            Action::View(view) => next.turn_to(view),
            Action::Program(instance) => {
                next.program = Some(instance);
                if next.view == ViewId::Startup {
                    next.show_startup();
                }
            }
            Action::Pause => next.paused = self.paused.is_none().then_some(self.now),
            Action::Clear => next.clear(),
            Action::Search(words) => next.look_for(words),
            Action::Findings => {
                next.findings = self.view != ViewId::Overview || !self.findings;
                next.turn_to(ViewId::Overview);
            }
            Action::Lead(view, words) => next.lead(view, words),
            Action::Dialog(dialog) => next.dialog = dialog,
            Action::Place(place) => {
                next.view = place.view;
                next.asked = Some(place);
                next.go_where_asked();
            }
            Action::Bridge(action) => next.bridge.act(action),
            Action::Track(key) => next.tracks.toggle(key),
            Action::Reading(reading) => next.reading = reading,
            Action::Key(command) => next.obey(command),
        }
        next
    }

    fn update(&mut self, update: Update) {
        self.now = update.now;
        self.pace = update.pace;
        self.keeping = update.keeping;
        self.apart = update.apart;
        self.reload = update.reload;
        if self.past != update.past {
            self.past = update.past;
            self.turn_over();
        }
        if let Some(snapshot) = update.snapshot {
            let young = snapshot.now - snapshot.since < YOUNG_MS;
            self.tracks.update(&snapshot.history, young, self.reading);
            self.snapshot = snapshot;
        }
        if let Some(tables) = update.tables {
            self.bridge.read(&tables.trees);
            self.tables = tables;
        }
        self.stage = Stage::of_past(&self.past)
            .unwrap_or_else(|| Stage::of(&update.connection, &self.snapshot, update.now));
        self.axis = self.axis.kept(self.kept());
        self.go_where_asked();
    }

    /// Another recording is shown: nothing of the one before it, and one that is over in full.
    fn turn_over(&mut self) {
        let over = matches!(self.past, Past::Shown(_));
        self.snapshot = Rc::default();
        self.tables = Rc::default();
        self.program = None;
        self.before_startup = None;
        self.paused = None;
        self.axis = Axis::default();
        if over {
            self.axis.shown = Shown::Full;
        }
    }

    /// What a link would have to hold to lead here.
    pub fn place(&self) -> Place {
        let range = match self.axis.shown {
            Shown::Fixed(range) => Some(range),
            Shown::Follow(_) | Shown::Full => None,
        };
        let full = self.axis.shown == Shown::Full;
        let here = Place { view: self.view, range, full, select: self.axis.selection, program: self.program };
        self.asked.map_or(here, |asked| Place { view: self.view, ..asked })
    }

    /// Where a link leads, once the recording is as long as it has to be.
    fn go_where_asked(&mut self) {
        let kept = self.kept();
        let Some(asked) = self.asked.filter(|_| self.snapshot.programs > 0) else { return };
        let Place { range, full, select, program, .. } = asked;
        let end = [range, select].into_iter().flatten().map(|it| it.end).fold(0.0, f64::max);
        if end > kept.range().end {
            return;
        }
        self.asked = None;
        self.program = program.or(self.program);
        match range {
            None if full => self.axis = self.axis.after(AxisAction::Full, kept),
            Some(range) => self.axis = self.axis.after(AxisAction::Show(range), kept),
            None if self.view == ViewId::Startup => self.show_startup(),
            None => {}
        }
        if let Some(select) = select {
            self.axis = self.axis.after(AxisAction::Select(select), kept);
        }
    }

    /// Who moves the axis is no longer on the way to where a link led.
    fn turn_axis(&mut self, action: AxisAction) {
        self.asked = None;
        self.axis = self.axis.after(action, self.kept());
    }

    /// Position of the start-up shown.
    pub fn startup(&self) -> usize {
        let startups = &self.snapshot.startups;
        let at = |id: Option<u32>| startups.iter().position(|it| Some(it.instance) == id);
        at(self.program).or_else(|| at(self.snapshot.shown)).unwrap_or(startups.len().saturating_sub(1))
    }

    /// The start-up view shows start-up on the axis; who leaves it gets back what was there, unless they moved on.
    fn turn_to(&mut self, view: ViewId) {
        let from = std::mem::replace(&mut self.view, view);
        match (from, view) {
            (from, to) if from == to => {}
            (_, ViewId::Startup) => {
                let before = self.axis.shown;
                self.show_startup();
                self.before_startup = Some((before, self.axis.shown));
            }
            (ViewId::Startup, _) => {
                let back = self.before_startup.take().filter(|(_, then)| *then == self.axis.shown);
                if let Some((before, _)) = back {
                    self.axis.shown = before;
                }
            }
            _ => {}
        }
    }

    /// Unless it can be read off the axis as it is.
    fn show_startup(&mut self) {
        let kept = self.kept();
        let startup = self.snapshot.startups.get(self.startup());
        let unseen = startup.filter(|it| !it.is_readable_in(self.axis.range(kept)));
        if let Some(range) = unseen.and_then(Startup::range) {
            self.axis = self.axis.after(AxisAction::Show(range), kept);
        }
    }

    /// Nothing of before is shown while the new beginning is on its way; a view that stood still goes on.
    fn clear(&mut self) {
        self.tables = Rc::default();
        self.paused = None;
    }

    /// The start-up view has nothing to look for: the bridge has.
    fn look_for(&mut self, words: String) {
        if self.view == ViewId::Startup && !words.is_empty() {
            self.turn_to(ViewId::Bridge);
        }
        self.search = words.into();
    }

    /// A finding's figures: by Go line, where a line is looked for.
    fn lead(&mut self, view: ViewId, words: Option<String>) {
        self.turn_to(view);
        if let Some(words) = words {
            self.bridge.act(BridgeAction::By(By::Line));
            self.search = words.into();
        }
    }

    /// While a dialog is open, only what closes it counts.
    fn obey(&mut self, command: Command) {
        match command {
            Command::Help if self.dialog.is_none() => self.dialog = Some(Dialog::Keys),
            Command::Help | Command::Out if self.dialog.is_some() => self.dialog = None,
            _ if self.dialog.is_some() => {}
            Command::Pause => *self = self.after(Action::Pause),
            Command::View(view) => self.turn_to(view),
            Command::Time(action) => self.turn_axis(action),
            Command::Out => {
                self.search = AttrValue::default();
                self.axis = self.axis.after(AxisAction::ClearSelection, self.kept());
            }
            // Where the focus goes is no state of ours.
            Command::Search | Command::Help => {}
        }
    }
}

impl yew::Reducible for LiveState {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::past::{Origin, Recorded};
    use crate::viz::Range;
    use session::{Phase, PhaseName};

    fn told(
        connection: Connection,
        now: f64,
        snapshot: Option<Rc<Snapshot>>,
        tables: Option<Rc<Tables>>,
    ) -> Action {
        let (past, keeping) = (Past::None, Keeping::default());
        let (apart, reload) = (false, Reload::No);
        Action::Update(Update { connection, now, pace: None, past, keeping, apart, reload, snapshot, tables })
    }

    #[test]
    fn a_recording_that_is_over_is_shown_in_full_and_leaves_no_trace() {
        let live = LiveState::new(Theme::System)
            .after(Action::Place(Place::parse("#/live?view=bridge")))
            .after(recorded(20e3))
            .after(Action::Axis(AxisAction::Select(Range::new(1e3, 2e3))));
        let reading = Past::Reading { name: "x".into() };
        let Action::Update(update) = recorded(5e3) else { return };
        let past = live.after(Action::Update(Update { past: reading, snapshot: None, ..update.clone() }));
        assert!(past.stage == Stage::Reading { name: "x".into() } && past.snapshot.programs == 0);
        let origin = Origin::File("x".into());
        let about =
            Recorded { origin, page: String::new(), when: String::new(), exit_code: None, damage: None };
        let past = past.after(Action::Update(Update { past: Past::Shown(Rc::new(about)), ..update.clone() }));
        assert_eq!((past.axis.shown, past.axis.selection, past.view), (Shown::Full, None, ViewId::Bridge));
        assert!(!past.stage.is_running() && past.snapshot.programs == 1);
        let back = past.after(Action::Update(update));
        assert_eq!((back.axis, &back.stage), (Axis::default(), &Stage::Live));
    }

    #[test]
    fn everything_and_the_program_are_in_the_link() {
        let place = Place::parse("#/live?range=full&program=7");
        let state = LiveState::new(Theme::System).after(Action::Place(place)).after(recorded(20e3));
        assert_eq!((state.axis.shown, state.program, state.place()), (Shown::Full, Some(7), place));
        let following = state.after(Action::Axis(AxisAction::Now));
        assert!(!following.place().full);
    }

    #[test]
    fn tables_stay_until_read_again() {
        let tables = Rc::new(Tables::default());
        let update = |tables| {
            let connection = Connection::Open { heard: 0.0 };
            told(connection, 1.0, Some(Rc::default()), tables)
        };
        let state = LiveState::new(Theme::System).after(update(Some(tables.clone())));
        assert_eq!(state.stage, Stage::NoProgram);
        let state =
            state.after(update(None)).after(Action::Collapse(true)).after(Action::Axis(AxisAction::Full));
        assert!(
            Rc::ptr_eq(&state.tables, &tables) && state.layout.collapsed && state.axis.shown == Shown::Full
        );
    }

    #[test]
    fn a_paused_view_keeps_its_figures_and_knows_since_when() {
        let tick = |now, snapshot: Option<Rc<Snapshot>>| {
            let connection = Connection::Open { heard: now };
            told(connection, now, snapshot, None)
        };
        let snapshot = Rc::<Snapshot>::default();
        let state = LiveState::new(Theme::System).after(tick(5.0, Some(snapshot.clone())));
        let paused = state.after(Action::Key(Command::Pause)).after(tick(9.0, None));
        assert_eq!((paused.paused, paused.now), (Some(5.0), 9.0));
        assert!(Rc::ptr_eq(&paused.snapshot, &snapshot));
        assert_eq!(paused.after(Action::Pause).paused, None);
        assert_eq!(paused.after(Action::Clear).paused, None);
    }

    #[test]
    fn while_the_keys_are_shown_they_are_not_obeyed() {
        let open = LiveState::new(Theme::System)
            .after(Action::Search("draw".into()))
            .after(Action::Key(Command::Help));
        assert!(
            open.dialog == Some(Dialog::Keys) && open.after(Action::Key(Command::Pause)).paused.is_none()
        );
        let closed = open.after(Action::Key(Command::Out));
        assert!(closed.dialog.is_none() && closed.search == "draw");
        assert_eq!(closed.after(Action::Key(Command::Out)).search, "");
        assert_eq!(closed.after(Action::Key(Command::View(ViewId::Bridge))).view, ViewId::Bridge);
    }

    #[test]
    fn who_looks_for_something_is_where_it_can_be_found() {
        let from = |view| LiveState::new(Theme::System).after(Action::View(view));
        let found = |view| from(view).after(Action::Search("draw".into())).view;
        let with_words = ViewId::ALL.map(|view| if view == ViewId::Startup { ViewId::Bridge } else { view });
        assert_eq!(ViewId::ALL.map(found), with_words);
        let cleared = from(ViewId::Startup).after(Action::Search(String::new()));
        assert_eq!(cleared.view, ViewId::Startup);
    }

    fn recorded(ms: f64) -> Action {
        let snapshot = Snapshot { programs: 1, now: ms, ..Snapshot::default() };
        told(Connection::Open { heard: ms }, ms, Some(Rc::new(snapshot)), None)
    }

    #[test]
    fn a_link_leads_there_once_there_is_a_there() {
        let place = Place::parse("#/live?view=bridge&range=20000-30000&select=21000-22000");
        let early = LiveState::new(Theme::System).after(Action::Place(place)).after(recorded(9e3));
        assert_eq!((early.view, early.axis), (ViewId::Bridge, Axis::default()));
        assert_eq!(early.place(), place, "the link stays what it was");
        let there = early.after(recorded(31e3));
        assert_eq!(there.axis.shown, Shown::Fixed(Range::new(20e3, 30e3)));
        assert_eq!((there.axis.selection, there.place()), (Some(Range::new(21e3, 22e3)), place));
        let elsewhere = early.after(Action::Axis(AxisAction::Full)).after(recorded(31e3));
        assert_eq!(elsewhere.place(), Place { view: ViewId::Bridge, full: true, ..Place::default() });
    }

    #[test]
    fn the_startup_view_shows_startup_and_gives_back_what_was_shown() {
        let phase = |name, start, end| Phase { name, start, end, exact: true };
        let phases = vec![phase(PhaseName::Fetch, 100.0, Some(200.0)), phase(PhaseName::Main, 600.0, None)];
        let startup = Startup { instance: 1, phases, ..Startup::default() };
        let mut state = LiveState::new(Theme::System).after(recorded(60e3));
        let mut snapshot = (*state.snapshot).clone();
        snapshot.startups = Rc::new(vec![startup]);
        state.snapshot = Rc::new(snapshot);
        let opened = state.after(Action::View(ViewId::Startup));
        assert_eq!(opened.axis.shown, Shown::Fixed(Range::new(70.0, 630.0)));
        assert_eq!(opened.after(Action::View(ViewId::Overview)).axis.shown, state.axis.shown);
        let moved = opened.after(Action::Axis(AxisAction::Full)).after(Action::View(ViewId::Bridge));
        assert_eq!(moved.axis.shown, Shown::Full);
    }
}
