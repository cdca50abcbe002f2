//! The viewer: a Yew app that shows a running recording.
//!
//! `link` receives the agent's frames and applies them to a `session::Recording`; at most ten times a second it
//! reads a `Snapshot` off the session and hands it to the reducer in `state::app`. `views` and `components` turn
//! that into HTML; charts are laid out by `viz` (pure) and painted by `canvas`. Web APIs are behind `platform`.
//! What is pure (`state`, `viz`, `text`) is tested natively.

mod app;
mod canvas;
mod components;
#[cfg(feature = "lab")]
pub mod lab;
mod link;
mod platform;
mod state;
mod text;
mod views;
mod viz;

/// Shows the viewer in this document.
pub fn run() {
    platform::theme::apply(platform::theme::load());
    yew::Renderer::<app::App>::new().render();
}
