//! The rows, one function each: what is loaded, and what it is held against (issue 2, part g).

use anyhow::{Context, Result, bail};
use protocol::Frame;
use serde_json::Value;

use super::lab::{Lab, Process};
use super::row::{self, Measured, Reach, Row};
use super::site::{self, STACKS};
use super::stats::Estimate;
use super::{hour, overlay, picture, tracks};
use crate::build::sizes;

/// The rows that need the timeline apart from the app.
pub(super) const TRACKS: &str = "tracks";
pub(super) const LIVE: &str = "live";
/// Names of the rows, as the command line takes them, in order.
pub(super) const NAMES: [&str; 15] = [
    "mix",
    "late",
    "attach",
    "overlay-own",
    "overlay-shared",
    "picture",
    TRACKS,
    "compute",
    "start",
    "install",
    "sizes",
    "unwind",
    "names",
    "hour",
    LIVE,
];

/// Whether a row needs the app, which takes long to build.
pub(super) fn needs_app(name: &str) -> bool {
    matches!(name, "overlay-own" | "overlay-shared" | "picture" | "sizes")
}

/// Measures the row called `name`; sizes are several.
pub(super) async fn measure(name: &str, lab: &Lab) -> Result<Vec<Row>> {
    Ok(match name {
        "mix" => vec![mix(lab).await?],
        "late" => vec![late(lab).await?],
        "attach" => vec![attach(lab).await?],
        "compute" => vec![compute(lab).await?],
        "start" => vec![start(lab).await?],
        "install" => vec![install(lab).await?],
        "overlay-own" => vec![overlay::row(lab, Process::Own).await?],
        "overlay-shared" => vec![overlay::row(lab, Process::Shared).await?],
        "picture" => picture::rows(lab).await?,
        TRACKS => tracks::rows(lab).await?,
        LIVE => tracks::live(lab).await?,
        "sizes" => measured_sizes()?,
        "unwind" => vec![unwind(lab).await?],
        "names" => vec![names(lab).await?],
        "hour" => hour::rows(lab).await?,
        other => bail!("no row is called {other}"),
    })
}

async fn mix(lab: &Lab) -> Result<Row> {
    let (pairs, with) = lab.pairs("mix", Process::Shared).await?;
    let rate = |side| 1000.0 / Estimate::of(&row::side(&pairs, side)).median;
    let notes = vec![
        format!(
            "{:.2} M crossings/s without, {:.2} with: wall time of 1.5 s after 0.3 s of warm-up, timers included",
            rate(0),
            rate(1)
        ),
        own_cost(&with)?,
    ];
    let reach = Reach::Ratio(1.05);
    Ok(Row { what: "bridge mix", unit: "ns/crossing", reach, measured: Measured::Pairs(pairs), notes })
}

async fn late(lab: &Lab) -> Result<Row> {
    let (pairs, with) = lab.pairs("late", Process::Shared).await?;
    let first: Vec<f64> = with.iter().filter_map(|page| page["first"].as_f64()).collect();
    let notes = vec![
        format!(
            "the agent comes once the program runs; 2.5 s after 2 s of warm-up, the first 1.5 s of which: {:.1} ns/crossing",
            Estimate::of(&first).median
        ),
        own_cost(&with)?,
    ];
    let reach = Reach::Ratio(1.10);
    Ok(Row { what: "bridge mix, late", unit: "ns/crossing", reach, measured: Measured::Pairs(pairs), notes })
}

async fn attach(lab: &Lab) -> Result<Row> {
    let pages = lab.pages("/attach.html").await?;
    let megabytes = std::fs::metadata(site::folder().join("start.wasm"))?.len() as f64 / 1e6;
    let notes = vec![format!(
        "the script and the task that follows it, beside an idle program of {megabytes:.1} MB; no Go runs"
    )];
    let measured = Measured::Single(values(&pages)?);
    Ok(Row { what: "late attach", unit: "ms", reach: Reach::AtMost(50.0), measured, notes })
}

async fn compute(lab: &Lab) -> Result<Row> {
    let (pairs, with) = lab.pairs("compute", Process::Shared).await?;
    let notes = vec![
        "sha256, sort, map, floats and garbage; 1 s after 0.5 s of warm-up".to_owned(),
        own_cost(&with)?,
    ];
    let reach = Reach::WithinControl;
    Ok(Row { what: "CPU-heavy Go", unit: "ms/round", reach, measured: Measured::Pairs(pairs), notes })
}

async fn start(lab: &Lab) -> Result<Row> {
    let (pairs, with) = lab.pairs("start", Process::Shared).await?;
    let megabytes = std::fs::metadata(site::folder().join("start.wasm"))?.len() as f64 / 1e6;
    let notes = vec![
        format!(
            "from before fetch to main's first statement; {megabytes:.1} MB, uncompressed, no-store, same machine"
        ),
        own_cost(&with)?,
    ];
    let reach = Reach::RatioOrMore(1.03, 5.0);
    Ok(Row { what: "request to main.main", unit: "ms", reach, measured: Measured::Pairs(pairs), notes })
}

async fn install(lab: &Lab) -> Result<Row> {
    let pages = lab.pages("/install.html").await?;
    let notes =
        vec!["agent.js as an inline script: parse, compile and run, no network, no code cache".to_owned()];
    let measured = Measured::Single(values(&pages)?);
    Ok(Row { what: "synchronous install", unit: "ms", reach: Reach::AtMost(3.0), measured, notes })
}

fn measured_sizes() -> Result<Vec<Row>> {
    let kb = |bytes: usize| bytes as f64 / 1000.0;
    let row = |size: sizes::Size| Row {
        what: size.part,
        unit: "kB gz",
        reach: Reach::AtMost(kb(size.limit)),
        notes: vec![format!("{:.1} kB unpacked", kb(size.raw))],
        measured: Measured::Exact(kb(size.gz)),
    };
    Ok(sizes::measure()?.into_iter().map(row).collect())
}

async fn unwind(lab: &Lab) -> Result<Row> {
    let pages = lab.pages("/unwind.html").await?;
    for page in &pages {
        let bytes: Vec<u8> = serde_json::from_value(page["frame"].clone()).context("the page's frame")?;
        let frame = Frame::decode(&bytes)?;
        let depth = frame.instances.first().map_or(0, |instance| instance.nodes.len());
        if depth != 10 {
            bail!("the stack that is walked has {depth} frames, not 10");
        }
    }
    let notes = vec![
        "the agent's own recorder and showStack, 100,000 times inside one crossing of a Go program, 20,000 before"
            .to_owned(),
        "getsp, copy of 2 KB of Go's stack, walk of 10 physical frames, goroutine, interning, sample kept".to_owned(),
    ];
    let measured = Measured::Single(values(&pages)?);
    Ok(Row { what: "unwind and record 10 frames", unit: "ns", reach: Reach::AtMost(500.0), measured, notes })
}

async fn names(lab: &Lab) -> Result<Row> {
    let pages = lab.pages("/names.html").await?;
    let figure = |name: &str| pages.first().and_then(|page| page[name].as_u64()).unwrap_or_default();
    let (nodes, funcs) = (figure("stacks"), figure("funcs"));
    if nodes < u64::from(STACKS) || funcs < u64::from(STACKS) / 2 {
        bail!("{STACKS} stacks became {nodes} nodes of {funcs} functions: they were not named");
    }
    let notes = vec![
        format!(
            "core_apply of a first frame: esbuild.wasm's tables, {STACKS} distinct stacks of about 10 PCs, each PC in"
        ),
        format!(
            "another function; {nodes} nodes with inlined frames, {funcs} functions named; core compiled, never run before"
        ),
    ];
    let measured = Measured::Single(values(&pages)?);
    Ok(Row { what: "names, 14 MB module", unit: "ms", reach: Reach::AtMost(60.0), measured, notes })
}

/// The figure that each page gave.
pub(super) fn values(pages: &[Value]) -> Result<Vec<f64>> {
    pages.iter().map(|page| page["value"].as_f64().with_context(|| format!("no value in {page}"))).collect()
}

/// What the agent said of itself in the pages with it; an error where it was not at work.
pub(super) fn own_cost(pages: &[Value]) -> Result<String> {
    let (mut share, mut samples) = (0.0, 0);
    for page in pages {
        let agent = &page["agent"];
        if agent["state"] != "recording" || agent["errors"].as_array().is_none_or(|errors| !errors.is_empty())
        {
            bail!("the agent was not well: {agent}");
        }
        share += agent["own"].as_f64().unwrap_or(f64::NAN) / pages.len() as f64;
        samples += agent["samples"].as_u64().unwrap_or_default() / pages.len() as u64;
    }
    Ok(format!(
        "the agent's own estimate of its share of wall {:.2} %, {samples} samples a page",
        share * 100.0
    ))
}
