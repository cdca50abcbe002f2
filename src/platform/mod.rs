//! This page's web APIs, as plain Rust values: `JsValue` goes no further than here and `canvas`.
//! Handles undo themselves when dropped. No decisions are taken here.

pub mod clipboard;
pub mod clock;
pub mod dialog;
pub mod fetch;
pub mod file;
pub mod framed;
pub mod frames;
pub mod host;
pub mod keyboard;
pub mod layout;
pub mod location;
pub mod locks;
pub mod menu;
pub mod page;
pub mod pointer;
pub mod popout;
pub mod port;
pub mod screen;
pub mod store;
pub mod tab;
pub mod targets;
pub mod theme;
pub mod tracks;
pub mod watch;
