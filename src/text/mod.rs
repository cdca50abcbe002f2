//! Every string a person reads, a file for each part of the view; figures are worded by `session::fmt`.

mod bar;
mod data;
mod environment;
mod event_loop;
mod findings;
mod gc;
mod help;
mod launcher;
mod lists;
mod memory;
mod notices;
mod past;
mod realms;
mod startup;
mod tables;
mod timeline;

pub use bar::*;
pub use data::*;
pub use environment::*;
pub use event_loop::*;
pub use findings::*;
pub use gc::*;
pub use help::*;
pub use launcher::*;
pub use lists::*;
pub use memory::*;
pub use notices::*;
pub use past::*;
pub use realms::*;
pub use startup::*;
pub use tables::*;
pub use timeline::*;

use session::fmt;

/// Our name.
pub const NAME: &str = "gopherscope";
/// Stands for what is not known.
pub const UNKNOWN: &str = fmt::UNKNOWN;
