//! Screens and their panels: state in, HTML out.

mod badge;
mod bar;
mod bridge;
mod cells;
mod event_loop;
mod findings;
pub mod framed;
mod gc;
mod headline;
mod help;
mod imports;
pub mod launcher;
mod lines;
pub mod live;
mod module;
mod overview;
mod packages;
mod phases;
mod process;
mod runs;
mod startup;
mod tabs;
pub mod timeline;
