//! Screens and their panels: state in, HTML out.

mod badge;
mod bar;
mod cells;
mod headline;
mod imports;
pub mod launcher;
mod lines;
pub mod live;
mod phases;
mod timeline;
