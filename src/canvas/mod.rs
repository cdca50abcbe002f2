//! The only code with a drawing context: paints a `viz` display list at device pixels and decides nothing.

mod palette;
mod surface;

pub use surface::paint;
