//! The recording as a whole: who records, realms, state, readers and their frames.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::cell::RefCell;

use protocol::{AgentError, Attach, Environment, Mode, Realm, RealmKind, State};

use super::{text, with};
use crate::Recorder;
use crate::bare::OneThread;

static FRAME: OneThread<RefCell<Vec<u8>>> = OneThread(RefCell::new(Vec::new()));

/// Says who and where we are. Inbox: agent version, URL, user agent, separated by NUL. `flags`: 1 late, 2 isolated,
/// 4 runtime traces, 8 sample mode.
#[unsafe(no_mangle)]
pub extern "C" fn hello(len: u32, time_origin: f64, clock_step_ms: f64, flags: u32) {
    let all = text(len);
    let mut parts = all.split('\0').map(str::to_owned);
    with(|recorder| {
        let hello = &mut recorder.hello;
        hello.agent = parts.next().unwrap_or_default();
        hello.url = parts.next().unwrap_or_default();
        hello.user_agent = parts.next().unwrap_or_default();
        hello.time_origin = time_origin;
        hello.clock_step_ms = clock_step_ms;
        hello.attach = if flags & 1 == 0 { Attach::Early } else { Attach::Late };
        hello.cross_origin_isolated = flags & 2 != 0;
        hello.runtime_traces = flags & 4 != 0;
        hello.mode = if flags & 8 == 0 { Mode::Observe } else { Mode::Sample };
        hello.recorder = true;
        recorder.clock.step_ms = clock_step_ms;
    });
}

/// A new realm, the first our own; returns its id. Inbox: URL, NUL, name. `kind`: 0 window, 1 worker, 2 iframe, 3 shared
/// worker, 4 service worker.
#[unsafe(no_mangle)]
pub extern "C" fn realm(kind: u32, len: u32) -> u32 {
    let all = text(len);
    let (url, name) = all.split_once('\0').unwrap_or((&all, ""));
    let kind = match kind {
        1 => RealmKind::Worker,
        2 => RealmKind::Iframe,
        3 => RealmKind::SharedWorker,
        4 => RealmKind::ServiceWorker,
        _ => RealmKind::Window,
    };
    with(|recorder| {
        let own = recorder.realms.is_empty();
        let offset_error_ms = if own { 0.0 } else { f64::NAN };
        let (url, name) = (url.to_owned(), name.to_owned());
        recorder.add_realm(Realm { kind, url, name, watched: own, offset_error_ms, ..Realm::default() })
    })
    .unwrap_or(0)
}

/// What our own realm may use: see [`protocol::Environment`]. Inbox: refusals, separated by NUL. `cores` 0: not told.
#[unsafe(no_mangle)]
pub extern "C" fn environment(features: u32, cores: u32, len: u32) {
    let all = text(len);
    let refused = all.split('\0').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let told = Environment { features, cores, refused };
    with(|recorder| recorder.edit_realm(0, |realm| realm.environment = Some(told)));
}

/// Whether an agent is in a realm, and when it was gone; NaN while it is not.
#[unsafe(no_mangle)]
pub extern "C" fn realm_state(realm: u32, watched: u32, ended: f64) {
    let ended = (!ended.is_nan()).then_some(ended);
    with(|recorder| recorder.edit_realm(realm, |realm| (realm.watched, realm.ended) = (watched != 0, ended)));
}

/// Our number among the page's realms, and what is added to our times to get the page's, ms; `error_ms`: half-width of what
/// that may be wrong by, NaN where it was not measured.
#[unsafe(no_mangle)]
pub extern "C" fn source(id: u32, offset_ms: f64, error_ms: f64) {
    with(|recorder| {
        recorder.source = id;
        recorder.edit_realm(0, |realm| (realm.offset_ms, realm.offset_error_ms) = (offset_ms, error_ms));
    });
}

/// State (0 idle, 1 recording, 2 stopped; 4 more where Go was seen in the page) and own cost in ms; `clock_cost_ms` as
/// calibrated last, and the half-width of
/// its 95 % interval.
#[unsafe(no_mangle)]
pub extern "C" fn status(
    state: u32,
    self_ms: f64,
    wall_ms: f64,
    viewer_ms: f64,
    dropped_frames: f64,
    clock_cost_ms: f64,
    clock_cost_error_ms: f64,
) {
    with(|recorder| {
        let status = &mut recorder.status;
        status.go_seen = state & 4 != 0;
        status.state = match state & 3 {
            0 => State::Idle,
            1 => State::Recording,
            _ => State::Stopped,
        };
        (status.self_ms, status.wall_ms, status.viewer_ms) = (self_ms, wall_ms, viewer_ms);
        status.dropped.frames = dropped_frames as u64;
        recorder.clock.cost_ms = clock_cost_ms;
        recorder.clock.cost_error_ms = clock_cost_error_ms;
    });
}

/// A fault of the hooks' own; inbox: where, NUL, message.
#[unsafe(no_mangle)]
pub extern "C" fn error(t: f64, len: u32) {
    let all = text(len);
    let (at, message) = all.split_once('\0').unwrap_or(("", &all));
    with(|recorder| recorder.error(AgentError { t, at: at.to_owned(), message: message.to_owned() }));
}

/// A new reader; returns its id.
#[unsafe(no_mangle)]
pub extern "C" fn reader() -> u32 {
    with(Recorder::add_reader).unwrap_or(0)
}

/// Forgets a reader.
#[unsafe(no_mangle)]
pub extern "C" fn reader_drop(id: u32) {
    with(|recorder| recorder.drop_reader(id));
}

/// Cuts a frame of everything new for a reader; returns its length in bytes, 0 where there is none. It lies at
/// [`frame_ptr`] until [`frame_drop`].
#[unsafe(no_mangle)]
pub extern "C" fn frame(reader: u32, t: f64) -> u32 {
    let bytes = with(|recorder| recorder.frame(reader, t)?.encode().ok()).flatten().unwrap_or_default();
    let len = bytes.len() as u32;
    FRAME.0.replace(bytes);
    len
}

/// Where the last frame lies.
#[unsafe(no_mangle)]
pub extern "C" fn frame_ptr() -> *const u8 {
    FRAME.0.borrow().as_ptr()
}

/// Lets go of the last frame.
#[unsafe(no_mangle)]
pub extern "C" fn frame_drop() {
    FRAME.0.replace(Vec::new());
}

/// Most samples kept; at most the default.
#[unsafe(no_mangle)]
pub extern "C" fn max_samples(most: f64) {
    with(|recorder| recorder.max_samples = Some(most as usize));
}

/// Version of the frames.
#[unsafe(no_mangle)]
pub extern "C" fn protocol() -> u32 {
    protocol::VERSION
}

/// Starts over.
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    with(Recorder::clear);
}
