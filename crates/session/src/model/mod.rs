//! The session: what was recorded, as the public JSON contract names it.
//!
//! Times are ms since [`Meta::time_origin`]. Unknown is `None`, never 0. Ids (`module`, `realm`, `instance`) are
//! unique in the session; positions are indexes into the table named like the field. In JSON a sample's import
//! and member are names; here they are positions in their instance's tables, checked when read.

mod finding;
mod held;
mod instance;
mod module;
mod page;
mod patterns;
mod raw;
mod series;
pub mod table;

pub use finding::{Finding, Severity};
pub use held::{Callback, Census, Funcs, Made, Named, Refs};
pub use instance::{Cause, Gc, Grow, Import, Init, Instance, Member, Phase, PhaseName, Sample, Slice};
pub use module::{Compiler, Environment, Module, Network, Realm, RealmKind};
pub use page::{LongTask, LongTaskKind, Mark, Measure, Microtask, Page};
pub use patterns::{Burst, Copied, CopyTo, ElementOp, Elements, Json, JsonCall, JsonOp, Timers};
pub use series::Series;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeMap;
use table::table;

/// One recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Session {
    format: Format,
    version: Version,
    /// Who recorded what, where and how.
    pub meta: Meta,
    /// Realms that ran WebAssembly.
    #[serde(default)]
    pub realms: Vec<Realm>,
    /// Modules that passed through a WebAssembly entry point, Go's or not.
    #[serde(default)]
    pub modules: Vec<Module>,
    /// Distinct frames.
    #[serde(default, deserialize_with = "table::either")]
    pub frames: Vec<Frame>,
    /// Prefix tree of stacks: every node comes after its parent.
    #[serde(default, with = "table::columns")]
    pub stacks: Vec<Stack>,
    /// Runs of a Go program.
    #[serde(default)]
    pub instances: Vec<Instance>,
    /// What the page itself did.
    #[serde(default, skip_serializing_if = "Page::is_unknown")]
    pub page: Page,
    /// What is wrong, gravest first; a recording that goes on has none until it is judged.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// Who recorded what, where and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// Release of the agent.
    pub agent: String,
    /// URL of the page.
    pub url: String,
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `performance.timeOrigin`: ms since the Unix epoch.
    pub time_origin: f64,
    /// Before or after the Go program started.
    pub attach: Attach,
    /// Whether Go is in the page, whether or not a program of it was found.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub go_seen: bool,
    /// How the module is watched.
    pub mode: Mode,
    /// What the agent was doing when the session was taken.
    pub state: State,
    /// Smallest step of the page's clock, ms.
    pub clock_step_ms: Option<f64>,
    /// `crossOriginIsolated`.
    pub cross_origin_isolated: Option<bool>,
    /// Whether the Go runtime was asked to trace itself.
    pub runtime_traces: Option<bool>,
    /// Whether the recorder ran; a page's CSP may forbid it, and then there are no stacks.
    pub recorder: Option<bool>,
    /// When the session was taken.
    pub end: Option<f64>,
    /// What the agent cost.
    pub overhead: Overhead,
    /// What was thrown away because a cap was reached, by kind.
    pub dropped: BTreeMap<String, u64>,
    /// Faults inside the agent.
    pub errors: Vec<AgentError>,
}

/// What the agent cost the target. `self_ms` is calibrated cost per wrapper times calls plus timed own work: an
/// estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Overhead {
    /// Estimated cost, ms.
    pub self_ms: Option<f64>,
    /// Wall time of the recording, ms.
    pub wall_ms: Option<f64>,
    /// The viewer's own work on the target's thread, ms.
    pub viewer_ms: Option<f64>,
}

/// A fault inside the agent, swallowed there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AgentError {
    /// When.
    pub t: f64,
    /// Which part.
    #[serde(rename = "where")]
    pub at: String,
    /// The message.
    pub message: String,
}

/// Declares an enum of lower-case words as the contract spells them.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)*];

            /// The word of the contract.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            fn parse(word: &str) -> Option<Self> {
                Self::WORDS.iter().find(|it| it.0 == word).map(|it| it.1)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = String::deserialize(from)?;
                Self::parse(&word).ok_or_else(|| {
                    let expected: Vec<_> = Self::WORDS.iter().map(|it| it.0).collect();
                    serde::de::Error::custom(format_args!("{word:?} is none of {}", expected.join(", ")))
                })
            }
        }
    };
}
pub(crate) use words;

words! {
    /// When the agent came.
    Attach {
        /// Before the Go program: everything is seen.
        #[default]
        Early = "early",
        /// On a running page: figures count from then on.
        Late = "late",
    }
}
words! {
    /// How the module is watched.
    Mode {
        /// Nothing in the module is changed.
        #[default]
        Observe = "observe",
        /// The module was rewritten before compilation.
        Sample = "sample",
    }
}
words! {
    /// What the agent is doing.
    State {
        /// Installed, not recording.
        #[default]
        Idle = "idle",
        /// Recording.
        Recording = "recording",
        /// Stopped.
        Stopped = "stopped",
    }
}
words! {
    /// Whose code a frame is.
    FrameKind {
        /// Go.
        #[default]
        Go = "go",
        /// JavaScript.
        Js = "js",
    }
}
table::word!(FrameKind);

table! {
    /// One frame: a function at a line. Equal frames are one row.
    #[derive(Default, Eq, Hash)]
    Frame {
        /// Whose code.
        kind: FrameKind = "kind",
        /// As Go's `runtime.Frame.Function` prints it, e.g. `main.(*Grid).Draw`.
        func: String = "func",
        /// Path as the compiler recorded it.
        file: Option<String> = "file",
        /// Line.
        line: Option<u32> = "line",
        /// Whether the compiler inlined it into the frame below.
        inlined: bool = "inlined",
    }
}

table! {
    /// A node of the prefix tree: one frame and its caller.
    #[derive(Copy, Eq, Hash)]
    Stack {
        /// Position in `stacks`; `None` at the root.
        parent: Option<u32> = "parent",
        /// Position in `frames`.
        frame: u32 = "frame",
    }
}

impl Session {
    /// The frames of a stack, innermost first.
    pub fn frames_of(&self, stack: u32) -> impl Iterator<Item = &Frame> {
        let mut next = Some(stack);
        std::iter::from_fn(move || {
            let at = next? as usize;
            let node = self.stacks.get(at)?;
            // Parents come first; anything else would not end.
            next = node.parent.filter(|&parent| (parent as usize) < at);
            self.frames.get(node.frame as usize)
        })
    }

    /// Position of the program that a look at the session is of: the latest that still runs, or else the latest.
    pub fn current(&self) -> Option<usize> {
        let ended = |id| self.realms.iter().any(|realm| realm.id == id && realm.ended.is_some());
        let runs = |it: &Instance| it.exit_code.is_none() && !ended(it.realm);
        self.instances.iter().rposition(runs).or(self.instances.len().checked_sub(1))
    }

    /// Position of the program with that id, or else of [`Self::current`].
    pub fn program(&self, id: Option<u32>) -> Option<usize> {
        let chosen = id.and_then(|id| self.instances.iter().position(|it| it.id == id));
        chosen.or_else(|| self.current())
    }

    /// The program at [`Self::current`].
    pub fn current_instance(&self) -> Option<&Instance> {
        self.instances.get(self.current()?)
    }

    /// The realm of an instance, where that is another than the page's own.
    pub fn other_realm_of(&self, instance: &Instance) -> Option<&Realm> {
        self.realms.iter().skip(1).find(|realm| realm.id == instance.realm)
    }

    /// The module of an instance.
    pub fn module_of(&self, instance: &Instance) -> Option<&Module> {
        self.modules.iter().find(|module| module.id == instance.module)
    }

    /// Checks what serde cannot: every reference between tables.
    pub(crate) fn check(&self) -> Result<(), String> {
        for (at, node) in self.stacks.iter().enumerate() {
            if let Some(parent) = node.parent.filter(|&parent| parent as usize >= at) {
                return Err(format!("stacks[{at}].parent is {parent}, a parent comes before its children"));
            }
            if node.frame as usize >= self.frames.len() {
                return Err(format!(
                    "stacks[{at}].frame is {}, there are {} frames",
                    node.frame,
                    self.frames.len()
                ));
            }
        }
        self.instances.iter().enumerate().try_for_each(|(at, instance)| {
            instance.check(self.stacks.len()).map_err(|what| format!("instances[{at}].{what}"))
        })
    }
}

/// `"format"`: the constant that tells a session from any other JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Format;
/// `"version"`: 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Version;

const FORMAT: &str = "gopherscope-session";
const VERSION: u64 = 1;

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(FORMAT)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let got = String::deserialize(from)?;
        if got == FORMAT {
            return Ok(Self);
        }
        let got: String = got.chars().take(40).collect();
        Err(de::Error::custom(format_args!("format is \"{got}\", expected \"{FORMAT}\"")))
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u64::deserialize(from)? {
            VERSION => Ok(Self),
            got => Err(de::Error::custom(format_args!("version is {got}, this reader knows {VERSION}"))),
        }
    }
}
