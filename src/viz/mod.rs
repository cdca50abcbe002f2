//! Geometry of the charts: what stands where, in CSS pixels. It paints nothing, knows no browser, and is
//! tested natively; `canvas` puts a display list on the screen and decides nothing.

pub mod bands;
pub mod display_list;
pub mod downsample;
pub mod events;
pub mod grid;
pub mod raster;
pub mod scale;
pub mod slices;
pub mod ticks;
pub mod track;
pub mod tracks;
pub mod waterfall;

pub use display_list::{Align, Bar, Fill, Ink, Shape, Size};
pub use scale::{Range, Scale};
