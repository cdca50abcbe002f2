//! `cargo xtask ...`: reads the command line, and turns what went wrong into an exit code.

use std::process::ExitCode;

use anyhow::Result;
use xtask::record::{self, Failure};
use xtask::step::{SetupError, paint, setup};
use xtask::{bench, build, demo, test};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [--port N]    build all, then serve the profiler beside running Go programs
  test               run every check, browsers included
  build              write dist/, a static site for any host and sub-path
  bench [ROW...]     measure what the agent and the view cost, beside pages without them; ROWs
                     are mix, late, attach, overlay-own, overlay-shared, picture, tracks, compute, start,
                     install, sizes, unwind, names, hour, live
      [--pairs N]        pairs of fresh pages for each row (20)
  record URL|DIR     open a page in headless Chromium and print what its Go program costs
      [--seconds N]      record for N seconds from the program's start (10)
      [--export FORMAT]  write the recording, too
      [-o FILE]          where to write it

exit codes of record: 0 recorded, 2 set-up failed or page unreachable,
3 no Go program within 30 s, 4 the page stopped answering";

fn main() -> ExitCode {
    match dispatch(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{} {error:#}", paint("31", "error:"));
            ExitCode::from(code(&error))
        }
    }
}

fn code(error: &anyhow::Error) -> u8 {
    let failure = error.downcast_ref::<Failure>().map(Failure::code);
    failure.or(error.is::<SetupError>().then_some(2)).unwrap_or(1)
}

fn dispatch(mut words: impl Iterator<Item = String>) -> Result<()> {
    match words.next().as_deref() {
        Some("demo") => {
            let port = match words.next().as_deref() {
                None => 0,
                Some("--port") => number("--port", words.next())?,
                Some(other) => return Err(misused(other)),
            };
            in_tokio(demo::run(port))
        }
        Some("test") => test::all(),
        Some("build") => in_tokio(build::all()),
        Some("agent") => build::beside_the_app(),
        Some("bench") => bench_command(words),
        Some("record") => record_command(words),
        Some("help" | "--help" | "-h") => {
            eprintln!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(misused(other)),
        None => Err(setup(USAGE)),
    }
}

fn bench_command(mut words: impl Iterator<Item = String>) -> Result<()> {
    let mut options = bench::Options { pairs: 20, rows: Vec::new() };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--pairs" => options.pairs = number("--pairs", words.next())?,
            flag if flag.starts_with('-') => return Err(misused(flag)),
            _ => options.rows.push(word),
        }
    }
    if !(1..=1000).contains(&options.pairs) {
        return Err(setup(format!("--pairs {} is not between 1 and 1000", options.pairs)));
    }
    in_tokio(bench::run(&options))
}

fn record_command(mut words: impl Iterator<Item = String>) -> Result<()> {
    let (mut target, mut seconds, mut export, mut out) = (None, 10.0, None, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => seconds = number("--seconds", words.next())?,
            "--export" => export = Some(words.next().ok_or_else(|| misused("--export"))?),
            "-o" => out = Some(words.next().ok_or_else(|| misused("-o"))?),
            flag if flag.starts_with('-') => return Err(misused(flag)),
            _ if target.is_none() => target = Some(word),
            extra => return Err(misused(extra)),
        }
    }
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err(setup(format!("--seconds {seconds} is not between 0 and a day")));
    }
    if out.is_some() && export.is_none() {
        export = Some("session".to_owned());
    }
    let target = target.ok_or_else(|| setup(USAGE))?;
    build::agent_only()?;
    let options = record::Options { target, seconds, export };
    in_tokio(record::run(&options, out.as_deref().map(std::path::Path::new)))
}

fn number<T: std::str::FromStr>(flag: &str, word: Option<String>) -> Result<T> {
    word.as_deref().and_then(|word| word.parse().ok()).ok_or_else(|| setup(format!("{flag} needs a number")))
}

fn misused(word: &str) -> anyhow::Error {
    setup(format!("cannot make sense of {word}\n\n{USAGE}"))
}

fn in_tokio(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
