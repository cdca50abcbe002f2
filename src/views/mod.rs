//! Screens and their panels: state in, HTML out.

mod badge;
mod bar;
mod bookmarklets;
mod bridge;
mod cells;
mod data;
mod event_loop;
mod facts;
mod findings;
pub mod framed;
mod gc;
mod headline;
mod help;
mod imports;
pub mod launcher;
mod lines;
pub mod live;
mod memory;
mod module;
mod overview;
mod packages;
mod phases;
mod process;
mod runs;
mod startup;
mod tabs;
pub mod timeline;
