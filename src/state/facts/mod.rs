//! What the views of memory, garbage collection and the event loop show: read off the session while one of them is
//! shown, narrowed to the selection. The analyses are the session's own where they are shared with its report.

pub mod data;
pub mod environment;
pub mod event_loop;
pub mod gc;
pub mod memory;
mod places;

pub use places::{Places, Way};

use super::readers::Wanted;
use data::DataFacts;
use environment::EnvironmentFacts;
use event_loop::LoopFacts;
use gc::GcFacts;
use memory::MemoryFacts;
use session::{GoLines, Range, Recording, window};
use std::rc::Rc;

/// A view that has facts of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// What crossings carry.
    Data,
    /// Memory.
    Memory,
    /// Garbage collection.
    Gc,
    /// The event loop.
    Loop,
    /// What the page lets a program use.
    Environment,
}

/// The facts of the view shown.
#[derive(Clone, Debug, Default)]
pub enum Facts {
    /// None are shown, or none were read yet.
    #[default]
    None,
    /// Of what crossings carry.
    Data(Rc<DataFacts>),
    /// Of memory.
    Memory(Rc<MemoryFacts>),
    /// Of garbage collection.
    Gc(Rc<GcFacts>),
    /// Of the event loop.
    Loop(Rc<LoopFacts>),
    /// Of what the page lets a program use.
    Environment(Rc<EnvironmentFacts>),
}

/// What stretch of time facts are of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scope {
    /// The selection; `None` where everything counts.
    pub range: Option<Range>,
    /// All that was recorded.
    pub full: Option<Range>,
}

impl Scope {
    /// Whether a moment belongs to it.
    pub fn contains(&self, t: f64) -> bool {
        self.range.is_none_or(|range| range.contains(t))
    }

    /// How long it is, ms, as far as something was recorded.
    pub fn wall_ms(&self) -> Option<f64> {
        let common = match (self.range, self.full) {
            (Some(range), Some(full)) => range.within(&full),
            (range, full) => range.or(full),
        };
        common.map(|it| it.ms()).filter(|&ms| ms > 0.0)
    }
}

impl Facts {
    /// Whether both are of one reading.
    pub fn are(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Data(a), Self::Data(b)) => Rc::ptr_eq(a, b),
            (Self::Memory(a), Self::Memory(b)) => Rc::ptr_eq(a, b),
            (Self::Gc(a), Self::Gc(b)) => Rc::ptr_eq(a, b),
            (Self::Loop(a), Self::Loop(b)) => Rc::ptr_eq(a, b),
            // Hardly ever another: what is selected in it stays.
            (Self::Environment(a), Self::Environment(b)) => a == b,
            _ => false,
        }
    }

    /// Reads a recording; `lines` are its Go lines in the range that is wanted.
    pub fn read(recording: &Recording, topic: Topic, wanted: &Wanted, lines: &GoLines) -> Self {
        let session = recording.session();
        let scope = Scope { range: wanted.range, full: window(session) };
        match topic {
            Topic::Data => Self::Data(Rc::new(DataFacts::of(session, scope))),
            Topic::Memory => Self::Memory(Rc::new(MemoryFacts::of(session, scope, wanted.program))),
            Topic::Gc => Self::Gc(Rc::new(GcFacts::of(session, scope))),
            Topic::Environment => Self::Environment(Rc::new(EnvironmentFacts::of(session))),
            Topic::Loop => Self::Loop(Rc::new(LoopFacts::of(session, scope, lines))),
        }
    }
}
