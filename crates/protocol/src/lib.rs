//! What the in-page agent tells its readers: the app behind a `MessagePort`, and the core that serves
//! `globalThis.gopherscope` in the page.
//!
//! A [`Frame`] is everything that is new since the reader's previous frame. Program counters, counters and
//! times travel raw; names, lines and analyses are the `session` crate's work. Frames are untrusted bytes:
//! [`Frame::decode`] checks the version before anything else, and readers check every index they follow.
//!
//! All times are milliseconds since the `timeOrigin` of the realm that recorded, as `f64`.

#![no_std]

extern crate alloc;

mod codec;
mod environment;
mod frame;
mod held;
mod page;
mod patterns;

pub use codec::{Error, VERSION};
pub use environment::{Environment, feature};
pub use frame::{
    AgentError, Attach, CALLERS_UNKNOWN, Cause, Dropped, Frame, Gc, Grows, Hello, Import, Init, Instance,
    Member, Mode, Module, ModuleTables, NO_MEMBER, NO_NODE, NO_PARENT, Network, Node, Phase, PhaseKind,
    Realm, RealmKind, Samples, Segment, Series, Slices, State, Status, Tally,
};
pub use held::{Census, Funcs, Held, Maker};
pub use page::{LongTask, Mark, Measure, Microtask, Page};
pub use patterns::{Copied, Elements, Json, Patterns, Timers, size_class};
