//! The agent, the app and the commands in a real browser, each claim against something independent.
//!
//! Every module is about one claim; `harness` holds what they share. Needs what `cargo xtask build` builds. The environment
//! variable `ENGINE` says in which browser: `chromium` unless it is `firefox` or `webkit`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]

mod api;
mod bookmark;
mod bridge;
mod counts;
mod demos;
mod engines;
mod environment;
mod errors;
mod facts;
mod findings;
mod frames;
mod gc_view;
mod growth;
mod harm;
mod harm_viewer;
mod harness;
mod held;
mod lamp;
mod late;
mod launcher;
mod lifecycle;
mod link;
mod loop_view;
mod memory_view;
mod overlay;
mod packages;
mod page;
mod patterns;
mod phases;
mod policies;
mod programs;
mod realms;
mod record;
mod refusals;
mod reload;
mod sampled;
mod shell;
mod shots;
mod stacks;
mod subpath;
mod timeline;
mod tinygo;
mod traceless;
mod traces;
mod tracks;
mod view;
mod viewer;
mod worker;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use harness::{Need, Scene};
use xtask::browser::Engine;

/// Each test keeps a browser and the program in it busy.
const AT_ONCE: usize = 2;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let engine = std::env::var("ENGINE").unwrap_or_else(|_| Engine::Chromium.name().to_owned());
    let Some(engine) = Engine::named(&engine) else {
        eprintln!("no ENGINE {engine}: chromium, firefox or webkit");
        return ExitCode::FAILURE;
    };
    arguments.test_threads.get_or_insert(AT_ONCE);
    let scene = match Scene::new(engine) {
        Ok(scene) => scene,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::FAILURE;
        }
    };
    let of =
        |groups: &[Group], scene: &Scene| groups.iter().flat_map(|trials| trials(scene)).collect::<Vec<_>>();
    let mut trials = of(EVERYWHERE, &scene);
    trials.extend(of(PICTURES, &scene.needs(&[Need::Pictures])));
    let conclusion = libtest_mimic::run(&arguments, trials);
    scene.close();
    conclusion.exit_code()
}

type Group = fn(&Scene) -> Vec<Trial>;

/// What holds in every engine; a trial says what it needs beyond that.
const EVERYWHERE: &[Group] = &[
    // The longest first: it waits more than it works.
    record::trials,
    counts::trials,
    engines::trials,
    phases::trials,
    growth::trials,
    held::trials,
    api::trials,
    policies::trials,
    late::trials,
    realms::trials,
    traceless::trials,
    view::trials,
    lifecycle::trials,
    launcher::trials,
    stacks::trials,
    patterns::trials,
    worker::trials,
    reload::trials,
    errors::trials,
    tinygo::trials,
    subpath::trials,
    packages::trials,
    demos::trials,
    frames::trials,
    page::trials,
    link::trials,
    traces::trials,
    environment::trials,
    timeline::trials,
    overlay::trials,
    lamp::trials,
    gc_view::trials,
    loop_view::trials,
    memory_view::trials,
    bridge::trials,
    shell::trials,
    refusals::trials,
    harm_viewer::trials,
    harm::trials,
    sampled::trials,
    tracks::trials,
    findings::trials,
];

/// What is not yet taken in WebKit.
const PICTURES: &[Group] = &[shots::trials];
