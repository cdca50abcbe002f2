//! The project's commands (`cargo xtask ...`) as a library, so that the end-to-end tests drive the very same
//! tools, server and browser.
//!
//! - [`tools`] finds or installs what a command lacks;
//! - [`build`] writes `dist/`;
//! - [`server`] serves folders on this machine, faults included where a test asks for them;
//! - [`browser`] drives a headless Chromium over WebDriver;
//! - [`record`], [`demo`], [`bench`] and [`test`] are the commands.
//!
//! Nothing here runs in a page, and nothing here reads a recording: `session` does.
#![allow(clippy::print_stdout, reason = "a command's output is its job")]

pub mod bench;
pub mod browser;
pub mod build;
pub mod demo;
pub mod fresh;
pub mod paths;
pub mod record;
pub mod server;
pub mod step;
pub mod test;
pub mod tools;
