//! The bench's page calls what `gopherscope_app::lab` exports; nothing happens by itself.

use gopherscope_app as _;

fn main() {}
