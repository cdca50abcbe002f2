//! Against real programs of three Go releases: the tables against the `name` section, stacks against `runtime.Callers`.
//! Needs the Go toolchains and Node (`cargo xtask test` installs them).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, too, fail by panicking"
)]

mod hostile;
mod live_stacks;
mod static_tables;
mod toolchain;
mod wasm_format;
