//! Packages' initialisation.

use crate::fmt;

pub fn title(share: f64) -> String {
    format!("{} of start-up initialises packages", fmt::percent(share))
}

pub fn detail(ms: f64, packages: &str) -> String {
    format!("package variables and init functions run before main, {} in all: {packages}", fmt::ms(ms))
}

pub const FIX: &str = "build tables when they are first asked for (sync.OnceValue), or leave the package out";
