//! A recording that is over, in place of the running one: what it is of and where it came from.

use super::runs::{Ending, Run};
use std::rc::Rc;

/// What is shown in place of the running recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Past {
    /// Nothing.
    #[default]
    None,
    /// It is being read.
    Reading {
        /// What.
        name: String,
    },
    /// It could not be read.
    Unreadable {
        /// Why.
        message: String,
    },
    /// It is shown.
    Shown(Rc<Recorded>),
}

/// A recording that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Where it came from.
    pub origin: Origin,
    /// URL of the page.
    pub page: String,
    /// When the page began, in the reader's words; empty where that is not known.
    pub when: String,
    /// Exit code of the latest program.
    pub exit_code: Option<i32>,
    /// Why it ends where it does, where what was kept could not be read to its end.
    pub damage: Option<String>,
}

/// Where a recording came from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A session file of this name.
    File(String),
    /// This browser kept it.
    Kept {
        /// Of which run.
        run: Rc<Run>,
        /// How it ended.
        ending: Ending,
    },
}

/// A kept run, and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The run.
    pub run: Rc<Run>,
    /// How it ended.
    pub ending: Ending,
    /// When it began, in the reader's words.
    pub when: String,
}

/// How keeping the running recording goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keeping {
    /// The page's URL, once it is known.
    pub page: Option<Rc<str>>,
    /// The page's previous run.
    pub previous: Option<Rc<Offer>>,
    /// Why the running one is not kept.
    pub trouble: Option<String>,
}
