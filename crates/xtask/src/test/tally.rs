//! Counts what passed and what failed, over checks of every kind.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::step::{say, shown, step};

/// The sum over all checks so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Checks and tests that passed.
    pub passed: usize,
    /// Checks and tests that failed.
    pub failed: usize,
    /// Tests that were left out, each with its reason where it was.
    pub not_run: usize,
    names: Vec<String>,
    told: Vec<String>,
}

impl Tally {
    /// Runs one check, which passes or fails as a whole.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        match step(name, work) {
            Ok(()) => self.passed += 1,
            Err(error) => self.fail(name, 1, &format!("{error:#}")),
        }
    }

    /// Runs a `cargo test`, and adds what its result lines say.
    pub fn tests(&mut self, name: &str, command: &mut Command) {
        let outcome = step(name, || run_tests(command));
        let (counts, told, ended_well) = outcome.unwrap_or_else(|error| {
            say(&format!("{error:#}"));
            (Counts::default(), Vec::new(), false)
        });
        self.told.extend(told);
        self.passed += counts.passed;
        self.not_run += counts.ignored;
        if counts.failed > 0 || !ended_well {
            // One that could not be compiled or started has no result line.
            self.fail(name, counts.failed.max(1), &format!("{} failed", shown(command)));
        }
    }

    /// Notes that a `cargo test` cannot run here.
    pub fn not_run(&mut self, name: &str, why: &anyhow::Error) {
        say(&format!("NOT RUN: {name}: {why:#}"));
        self.not_run += 1;
    }

    /// The names of the checks that failed.
    pub fn names(&self) -> String {
        self.names.join(", ")
    }

    /// What the test runners said of the tests that failed, shortened: the whole is far above the end of a long run.
    pub fn told(&self) -> String {
        self.told.join("\n")
    }

    fn fail(&mut self, name: &str, count: usize, why: &str) {
        say(&format!("FAILED: {why}"));
        self.failed += count;
        self.names.push(name.to_owned());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.not_run > 0 {
            write!(f, ", {} not run", self.not_run)?;
        }
        Ok(())
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
}

fn run_tests(command: &mut Command) -> Result<(Counts, Vec<String>, bool)> {
    // A failure says where it happened; the stack of the harness below it is long and always the same.
    command.env("RUST_BACKTRACE", "0").stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start cargo")?;
    let (mut counts, mut failures) = (Counts::default(), Failures::default());
    for line in BufReader::new(child.stdout.take().context("cargo without stdout")?).lines() {
        let line = line?;
        println!("{line}");
        failures.read(&line);
        if let Some(more) = result_line(&line) {
            counts.passed += more.passed;
            counts.failed += more.failed;
            counts.ignored += more.ignored;
        }
    }
    Ok((counts, failures.told, child.wait()?.success()))
}

/// What stands between a runner's `failures:` and its result line.
#[derive(Debug, Default)]
struct Failures {
    told: Vec<String>,
    inside: bool,
}

impl Failures {
    /// Of all failures of one command.
    const LINES: usize = 60;
    /// Of a line, in characters.
    const LENGTH: usize = 400;

    fn read(&mut self, line: &str) {
        if line == "failures:" {
            self.inside = true;
        } else if line.starts_with("test result: ") {
            self.inside = false;
        } else if self.inside && !line.is_empty() && self.told.len() < Self::LINES {
            self.told.push(line.chars().take(Self::LENGTH).collect());
        }
    }
}

/// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; ...`.
fn result_line(line: &str) -> Option<Counts> {
    let (_, rest) = line.trim_start().strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| rest.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok());
    Some(Counts { passed: number("passed")?, failed: number("failed")?, ignored: number("ignored")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_summed_and_other_lines_are_not() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(result_line(line), Some(Counts { passed: 12, failed: 3, ignored: 1 }));
        assert_eq!(result_line("test result_line ... ok"), None);
        assert_eq!(result_line("running 3 tests"), None);
    }

    #[test]
    fn what_is_said_of_failures_is_kept_and_bounded() {
        let mut failures = Failures::default();
        let long = "x".repeat(Failures::LENGTH + 1);
        for line in
            ["test a ... FAILED", "failures:", "---- a ----", "", &long, "test result: FAILED. …", "after"]
        {
            failures.read(line);
        }
        assert_eq!(failures.told, ["---- a ----", &long[1..]]);
    }

    #[test]
    fn a_command_that_runs_no_test_counts_as_one_failure() {
        let mut tally = Tally::default();
        tally.tests("none", &mut Command::new("false"));
        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert_eq!(tally.names(), "none");
        assert_eq!(tally.to_string(), "0 passed, 1 failed");
        tally.not_run("none", &anyhow::anyhow!("no such engine here"));
        assert_eq!(tally.to_string(), "0 passed, 1 failed, 1 not run");
    }
}
