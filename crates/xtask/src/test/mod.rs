//! `cargo xtask test`: every check there is, browsers included, each run to its end; then one line that sums
//! them up. A check that is no test runner (formatting, lints, types, sizes) counts as one.

mod tally;

use std::process::Command;

use anyhow::{Result, bail};
use tokio::runtime::Runtime;

use self::tally::Tally;
use crate::browser::Engine;
use crate::build::{self, sizes};
use crate::step::{SetupError, run, say, step};
use crate::tools::{browser, cargo, go::Go, go::TESTED, npm::Npm};

/// Runs everything; an error when a check failed.
pub fn all() -> Result<()> {
    let npm = prepare()?;
    let mut tally = Tally::default();
    let others = others(&mut tally);
    tally.check("cargo fmt", || run(cargo::cargo().args(["fmt", "--all", "--check"])));
    tally.check("clippy", || run(cargo::cargo().args(["clippy", "--workspace", "--all-targets"]).args(DENY)));
    tally.check("clippy, wasm32", || run(cargo::cargo().args(CLIPPY_WASM).args(ALL_BUT_RECORDER).args(DENY)));
    tally.check("clippy, recorder", || run(cargo::cargo().args(CLIPPY_WASM).args(RECORDER).args(DENY)));
    tally.check("types of the hooks", || run(&mut tsc(&npm, "crates/agent/hooks")));
    tally.check("types of the API, as a script sees them", || run(&mut tsc(&npm, "tests/types")));
    // The recording as well: the launcher offers it.
    tally.check("build", || Runtime::new()?.block_on(build::all()));
    tally.check("sizes", check_sizes);
    tally.tests(
        "tests of the crates",
        cargo::cargo().args(["test", "--no-fail-fast", "--workspace", "--exclude", APP]),
    );
    tally.tests(
        "tests of the app, in a browser",
        cargo::cargo().args(["test", "--no-fail-fast", "--package", APP]),
    );
    for engine in others {
        tally.tests(
            &format!("tests of the app, in {}", engine.name()),
            cargo::cargo()
                .args(["test", "--no-fail-fast", "--package", APP, "--test", "e2e"])
                .env("ENGINE", engine.name()),
        );
    }
    if tally.failed > 0 {
        println!("What failed:\n{}\n", tally.told());
    }
    println!("{tally}");
    if tally.failed > 0 {
        bail!("{} failed: {}", tally.failed, tally.names());
    }
    Ok(())
}

const APP: &str = "gopherscope-app";
const CLIPPY_WASM: [&str; 3] = ["clippy", "--target", "wasm32-unknown-unknown"];
const ALL_BUT_RECORDER: [&str; 7] = [
    "--workspace",
    "--exclude",
    "xtask",
    "--exclude",
    "gopherscope-recorder",
    // What only the bench draws.
    "--features",
    "gopherscope-app/lab",
];
/// Alone, as it is built: beside the others its dependencies get their std features, and std a second panic handler.
const RECORDER: [&str; 2] = ["--package", "gopherscope-recorder"];
const DENY: [&str; 3] = ["--", "-D", "warnings"];

/// Installs everything up front, so that what is missing is known before anything runs for minutes.
fn prepare() -> Result<Npm> {
    browser::chromium()?;
    cargo::wasm_target()?;
    for component in ["fmt", "clippy"] {
        if crate::step::read(cargo::cargo().args([component, "--version"])).is_err() {
            let name = if component == "fmt" { "rustfmt" } else { component };
            step(&format!("Adding {name}"), || run(Command::new("rustup").args(["component", "add", name])))?;
        }
    }
    for version in TESTED {
        Go::exactly(version)?;
    }
    Npm::install()
}

/// The engines beside Chromium that are here or can be installed. Where nothing can be, the tests in them are not run, and
/// counted as that; where it can be and fails, that is a failure.
fn others(tally: &mut Tally) -> Vec<Engine> {
    let find = |engine| match engine {
        Engine::Chromium => None,
        Engine::Firefox => Some(browser::firefox().map(drop)),
        Engine::WebKit => Some(browser::webkit().map(drop)),
    };
    let found = Engine::ALL.into_iter().filter_map(|engine| Some((engine, find(engine)?)));
    found
        .filter_map(|(engine, found)| match found {
            Ok(()) => Some(engine),
            Err(why) if why.is::<SetupError>() => {
                tally.not_run(&format!("tests of the app, in {}", engine.name()), &why);
                None
            }
            Err(why) => {
                tally.check(&format!("{}, to test in", engine.name()), || Err(why));
                None
            }
        })
        .collect()
}

fn tsc(npm: &Npm, project: &str) -> Command {
    let mut command = npm.node("typescript/bin/tsc");
    command.args(["--noEmit", "--project", project]);
    command
}

fn check_sizes() -> Result<()> {
    for size in sizes::measure()? {
        say(&size.to_string());
        if !size.fits() {
            bail!("{} is over its limit", size.part);
        }
    }
    Ok(())
}
