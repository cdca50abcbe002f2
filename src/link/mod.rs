//! The app's end of the channel to the agent: handshake, frames into the recording, and updates to the view.
//!
//! Frames are applied and acknowledged as they come, so that the agent never waits for the view; the view is updated
//! at most ten times a second, in an animation frame. Where the page may share our thread, time spent here is added
//! up and told to the agent, and updates become fewer when they are dear (`state::pace`). What to do in which state
//! is `state::connection`'s; this only carries it out.

mod channel;
pub mod keep;
mod keeper;
mod past;

use channel::Channel;
pub use past::Given;

use crate::{
    canvas,
    platform::{
        clock,
        frames::Job,
        host::{self, Answer, Host},
        layout, location,
        popout::Popout,
        port::{Incoming, Outgoing},
    },
    state::{
        app::Update,
        connection::{Connection, Event},
        layout::Layout,
        readers::{Readers, Wanted},
        reload::Reload,
        runs::Last,
        site,
    },
};
use gloo::timers::callback::{Interval, Timeout};
use session::Recording;
use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};
use yew::{Callback, platform::spawn_local};

/// How often a ready message is repeated, ms.
const READY_MS: u32 = 250;
/// How often the view is updated when nothing arrives, ms: silence is news too.
const HEARTBEAT_MS: u32 = 500;

/// A running channel; dropping it ends it.
#[derive(Clone)]
pub struct Link(Rc<RefCell<Channel>>);

impl Link {
    /// Begins the handshake with the page; updates go to `publish`, and to `arrange` where in the page the view sits.
    pub fn open(publish: Callback<Update>, arrange: Callback<Layout>) -> Self {
        let host = Host::find();
        let link = Self(Rc::new(RefCell::new(Channel::new(publish, arrange, host.clone()))));
        let weak = Rc::downgrade(&link.0);
        link.0.borrow_mut().timers.frame = Some(Job::new(move || with(&weak, update)));
        if let Some(host) = host {
            link.shake_hands(host);
            keep::begin(&link.0);
        }
        schedule(&link.0);
        link
    }

    /// Shows a recording that is over; there is no page. Updates go to `publish`.
    pub fn show(publish: Callback<Update>, given: Given) -> Self {
        let link = Self(Rc::new(RefCell::new(Channel::new(publish, Callback::noop(), None))));
        let weak = Rc::downgrade(&link.0);
        link.0.borrow_mut().timers.frame = Some(Job::new(move || with(&weak, update)));
        past::show(&link.0, given);
        link
    }

    /// Shows the page's previous run in place of the running one, which goes on.
    pub fn show_previous(&self) {
        let offer = self.0.borrow().keeper.keeping.previous.clone();
        if let Some(offer) = offer {
            past::show(&self.0, Given::Kept(offer));
        }
    }

    /// Shows the running recording again.
    pub fn show_live(&self) {
        past::leave(&self.0);
    }

    /// Forgets the page's previous run, and shows the running one.
    pub fn forget_previous(&self) {
        past::leave(&self.0);
        keep::forget_previous(&self.0);
    }

    /// The reader knows that no window of its own could be had.
    pub fn dismiss_apart(&self) {
        self.0.borrow_mut().apart = false;
        schedule(&self.0);
    }

    /// Opens the page anew, in a frame of its own in which our hooks come first.
    pub fn reload(&self) {
        self.0.borrow_mut().reload = Reload::Asked;
        self.ui("reload");
        schedule(&self.0);
    }

    /// The reader knows that the page cannot be opened so.
    pub fn dismiss_reload(&self) {
        self.0.borrow_mut().reload = Reload::No;
        schedule(&self.0);
    }

    /// Whether this view is a frame in the page, which the agent can resize.
    pub fn is_embedded(&self) -> bool {
        self.0.borrow().is_embedded()
    }

    /// Tells the agent to make the view small, large or go; a popup goes by itself.
    pub fn ui(&self, ui: &'static str) {
        if ui == "close" {
            keep::end(&self.0, Last::Closed);
        }
        let mut channel = self.0.borrow_mut();
        channel.badge = ui == "collapse" || (channel.badge && ui == "reload");
        match (&channel.port, &channel.host) {
            (Some(port), _) => port.send(Outgoing::Ui(ui)),
            (None, Some(host)) => host.post_ui(ui),
            (None, None) => {}
        }
        if ui == "close" && !channel.is_embedded() {
            location::close_window();
        }
    }

    /// Puts the view elsewhere in the page, and remembers that.
    pub fn arrange(&self, layout: Layout) {
        layout::save(layout);
        self.0.borrow().send(Outgoing::Layout(Some(layout)));
    }

    /// Shows the recording in a tab or a window of its own, from now until that is closed.
    pub fn pop_out(&self, tab: bool) {
        if let Some(popout) = self.0.borrow().popout.as_ref().filter(|popout| !popout.closed()) {
            return popout.focus();
        }
        let weak = Rc::downgrade(&self.0);
        let popout = Popout::open(tab, move || {
            with(&weak, |channel| channel.borrow().send(Outgoing::Popout(true)));
        });
        {
            let mut channel = self.0.borrow_mut();
            channel.apart = popout.is_none();
            channel.popout = popout;
        }
        schedule(&self.0);
    }

    /// Holds the view still, or catches up. Frames are applied and acknowledged all the same.
    pub fn pause(&self, paused: bool) {
        let resumed = {
            let mut channel = self.0.borrow_mut();
            let resumed = channel.paused && !paused;
            channel.paused = paused;
            if resumed {
                channel.pace.tables_forgotten();
            }
            resumed
        };
        if resumed {
            schedule(&self.0);
        }
    }

    /// Other tables are wanted. They are read with the next picture, also of a view that stands still; where reading
    /// them is dear, when the view is next updated.
    pub fn want(&self, wanted: Wanted) {
        let mut channel = self.0.borrow_mut();
        if channel.wanted == wanted {
            return;
        }
        channel.wanted = wanted;
        channel.asked = true;
        channel.pace.tables_forgotten();
        if channel.pace.tables_cheap() {
            channel.timers.delay = None;
            channel.timers.ask();
        }
        drop(channel);
        schedule(&self.0);
    }

    /// Has the JavaScript values that Go holds counted by what they are: a frame to come tells.
    pub fn census(&self) {
        self.0.borrow().send(Outgoing::Census);
    }

    /// Forgets what was recorded: the agent begins anew, and so does its next frame. Where no agent is left, here only.
    pub fn clear(&self) {
        let mut channel = self.0.borrow_mut();
        channel.pace.tables_forgotten();
        if matches!(channel.connection, Connection::Open { .. }) {
            channel.send(Outgoing::Clear);
        } else {
            channel.recording = Recording::new();
            channel.readers = Readers::default();
        }
        drop(channel);
        schedule(&self.0);
    }

    fn shake_hands(&self, host: Host) {
        let weak = Rc::downgrade(&self.0);
        let answer = host.on_answer(move |answer| with(&weak, |channel| answered(channel, answer)));
        let weak = Rc::downgrade(&self.0);
        let heartbeat = Interval::new(HEARTBEAT_MS, move || with(&weak, heartbeat));
        host.post_ready(protocol::VERSION);
        let ready = Interval::new(READY_MS, move || host.post_ready(protocol::VERSION));
        let timers = &mut self.0.borrow_mut().timers;
        timers.answer = answer;
        timers.ready = Some(ready);
        timers.heartbeat = Some(heartbeat);
    }
}

type Shared = Rc<RefCell<Channel>>;

fn with(weak: &Weak<RefCell<Channel>>, run: impl FnOnce(&Shared)) {
    if let Some(channel) = weak.upgrade() {
        run(&channel);
    }
}

/// Takes the port of an answer. A busy page answers every ready message that has piled up, and closes its former port each
/// time: the last counts.
fn answered(channel: &Rc<RefCell<Channel>>, answer: Answer) {
    let weak = Rc::downgrade(channel);
    let mut arranged = None;
    {
        let mut inner = channel.borrow_mut();
        let Answer { protocol, agent, origin, port } = answer;
        inner.shared = !host::parts_sites() || site::may_be_same(&origin, &location::origin());
        let shared = inner.shared;
        inner.pace.share(shared);
        inner.keeper.shared = shared;
        inner.page = origin;
        let port = port.filter(|_| protocol == protocol::VERSION);
        inner.happened(Event::Answer { protocol, agent, port: port.is_some() });
        inner.timers.ready = None;
        if let (Connection::Open { .. }, Some(port)) = (&inner.connection, port) {
            inner.timers.messages = Some(port.listen(move |it| with(&weak, |channel| arrived(channel, it))));
            inner.port = Some(port);
            if inner.is_embedded() {
                let remembered = layout::load();
                inner.send(Outgoing::Layout(remembered));
                arranged = remembered.map(|layout| (inner.arrange.clone(), layout));
                inner.badge = remembered.is_some_and(|layout| layout.collapsed);
            }
        }
    }
    if let Some((arrange, layout)) = arranged {
        arrange.emit(layout);
    }
    schedule(channel);
}

fn arrived(channel: &Rc<RefCell<Channel>>, incoming: Incoming) {
    if let Incoming::Layout(layout) = incoming {
        layout::save(layout);
        let arrange = {
            let mut inner = channel.borrow_mut();
            inner.badge = layout.collapsed;
            inner.arrange.clone()
        };
        arrange.emit(layout);
    } else {
        channel.borrow_mut().take(incoming);
    }
    schedule(channel);
}

fn heartbeat(channel: &Rc<RefCell<Channel>>) {
    {
        let mut inner = channel.borrow_mut();
        if let Some(popout) = inner.popout.take_if(|popout| popout.closed()) {
            // One that we never heard of is not closed, but kept apart from us.
            inner.apart = !popout.heard();
            inner.send(Outgoing::Popout(false));
        }
    }
    let ticking = matches!(channel.borrow().connection, Connection::Waiting { .. } | Connection::Open { .. });
    if ticking {
        schedule(channel);
    }
}

/// Plans the next update: after the pace's wait, in an animation frame. One at a time.
fn schedule(channel: &Rc<RefCell<Channel>>) {
    let mut inner = channel.borrow_mut();
    if inner.timers.delay.is_some() || inner.timers.asked {
        return;
    }
    let wait = inner.pace.wait(clock::now());
    let weak = Rc::downgrade(channel);
    inner.timers.delay = Some(Timeout::new(wait.ceil() as u32, move || {
        with(&weak, |channel| {
            let timers = &mut channel.borrow_mut().timers;
            timers.delay = None;
            timers.ask();
        });
    }));
}

fn update(channel: &Rc<RefCell<Channel>>) {
    // On a shared thread our layout settles the page's first, which it owes this frame anyway: that is no cost of ours.
    if channel.borrow().shared {
        location::settle_layout();
    }
    let began = clock::now();
    // Painted since the last update, in frames of their own.
    let painted = canvas::take_worked_ms();
    let (publish, update) = {
        let mut inner = channel.borrow_mut();
        inner.timers.asked = false;
        inner.pace.update(began);
        (inner.publish.clone(), inner.read(began))
    };
    publish.emit(update);
    // Yew has queued its render as a microtask; this one follows it, so the render and the layout count as ours.
    let weak = Rc::downgrade(channel);
    spawn_local(async move {
        location::settle_layout();
        // What was painted in this frame lies between.
        canvas::take_worked_ms();
        with(&weak, |channel| channel.borrow_mut().worked(began - painted));
    });
}
