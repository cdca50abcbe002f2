//! Running other programs, with a line on stderr for each thing done: what, and how long it took.
//! Stdout stays free for a command's result.

use std::io::IsTerminal;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Set-up failed: something is missing that the command could not install. Ends the command with code 2.
#[derive(Debug)]
pub struct SetupError(pub String);

impl std::fmt::Display for SetupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SetupError {}

/// A [`SetupError`] as `anyhow::Error`.
pub fn setup(message: impl Into<String>) -> anyhow::Error {
    SetupError(message.into()).into()
}

/// Prints one progress line.
pub fn say(line: &str) {
    eprintln!("{} {line}", paint("36", "::"));
}

/// Runs `work` under a heading; says how long it took, and every 10 seconds that it still runs.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(what);
    let start = Instant::now();
    let (done, waiting) = channel::<()>();
    let name = what.to_owned();
    let beat = std::thread::spawn(move || {
        while waiting.recv_timeout(Duration::from_secs(10)) == Err(RecvTimeoutError::Timeout) {
            eprintln!("   {name}: {} s so far", start.elapsed().as_secs());
        }
    });
    let result = work();
    drop(done);
    beat.join().ok();
    if result.is_ok() {
        eprintln!("   done in {:.1} s", start.elapsed().as_secs_f64());
    }
    result.with_context(|| what.to_owned())
}

/// Runs a program to its end, its output on our stderr.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a program and returns its stdout; its stderr is part of the error when it fails.
pub fn read(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}: {}", shown(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command line as a person would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// `text` in an ANSI colour, where stderr is a terminal.
pub fn paint(colour: &str, text: &str) -> String {
    if std::io::stderr().is_terminal() { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
}
