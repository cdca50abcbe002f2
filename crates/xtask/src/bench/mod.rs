//! `cargo xtask bench [ROW...] [--pairs N]`: what the agent costs and what it takes, against the reach that the
//! project set itself. Prints a table, and writes it with every single value to `target/bench/`. It reports; it is no
//! test, and falling short is no failure: the figures are the machine's as much as ours.
//!
//! - [`site`] builds what is measured, [`lab`] loads it in fresh pages;
//! - [`rows`] says what each row is, [`row`] prints it; those about the view have modules of their own: [`overlay`],
//!   [`picture`], [`tracks`]; and [`hour`];
//! - [`stats`] gives medians and their intervals.

mod hour;
mod lab;
mod overlay;
mod picture;
mod row;
mod rows;
mod site;
mod stats;
mod tracks;

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde_json::json;

use self::lab::Lab;
use self::row::Row;
use crate::build;
use crate::step::{read, say, setup};
use crate::tools::npm::Npm;
use crate::{fresh, paths};

/// What to measure, and how often.
#[derive(Clone, Debug)]
pub struct Options {
    /// Pairs of pages for each row.
    pub pairs: usize,
    /// Rows by name; none: all of them.
    pub rows: Vec<String>,
}

/// The command.
pub async fn run(options: &Options) -> Result<()> {
    let names = chosen(&options.rows)?;
    let npm = Npm::install()?;
    if names.iter().any(|name| rows::needs_app(name)) {
        build::all().await?;
    } else {
        build::agent_only()?;
    }
    site::build(&npm)?;
    if [rows::TRACKS, rows::LIVE].iter().any(|name| names.contains(name)) {
        tracks::build(&npm)?;
    }
    let lab = Lab::open(options.pairs).await?;
    let browser = lab.browser().await?;
    let mut rows = Vec::new();
    for name in names {
        rows.extend(rows::measure(name, &lab).await?);
    }
    lab.close().await?;
    print(&rows);
    save(&rows, options.pairs, &browser)
}

fn chosen(wanted: &[String]) -> Result<Vec<&'static str>> {
    if let Some(unknown) = wanted.iter().find(|name| !rows::NAMES.contains(&name.as_str())) {
        return Err(setup(format!("no row is called {unknown}; there is: {}", rows::NAMES.join(", "))));
    }
    let fits = |name: &&str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    Ok(rows::NAMES.into_iter().filter(fits).collect())
}

fn print(rows: &[Row]) {
    println!("{}", row::head());
    for row in rows {
        println!("{row}");
    }
    let short: Vec<&str> = rows.iter().filter(|row| !row.met()).map(|row| row.what).collect();
    match short.as_slice() {
        [] => println!("all {} within reach", rows.len()),
        short => println!("{} of {} fall short: {}", short.len(), rows.len(), short.join(", ")),
    }
}

fn save(rows: &[Row], pairs: usize, browser: &str) -> Result<()> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let commit =
        read(Command::new("git").args(["describe", "--always", "--dirty"]).current_dir(paths::root()));
    let all = json!({
        "unixSeconds": seconds,
        "commit": commit.ok().map(|commit| commit.trim().to_owned()),
        "browser": browser,
        "cpus": std::thread::available_parallelism().ok().map(usize::from),
        "pairs": pairs,
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
    });
    let path = paths::in_root("target/bench").join(format!("{seconds}.json"));
    fresh::write(&path, serde_json::to_string_pretty(&all)?.as_bytes())?;
    say(&format!("Wrote {}", path.display()));
    Ok(())
}
