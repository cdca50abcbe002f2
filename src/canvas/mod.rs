//! The only code with a drawing context: puts a `viz` display list on a canvas at device pixels and decides nothing.

mod easel;
mod palette;
mod surface;

pub use easel::{Easel, take_worked_ms};
pub use palette::forget as forget_colors;
