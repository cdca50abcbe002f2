//! Geometry of the charts: what stands where, in CSS pixels. It paints nothing, knows no browser, and is
//! tested natively; `canvas` turns a display list into pixels and decides nothing.

pub mod display_list;
pub mod downsample;
pub mod plot;
pub mod scale;
pub mod ticks;
pub mod tracks;
pub mod waterfall;

pub use display_list::{Align, Ink, Shape};
pub use scale::{Range, Scale};
