//! The viewer's clock.

/// Ms since this document began; 0 where there is no clock.
pub fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
