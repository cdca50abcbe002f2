//! How smoothly the timeline draws twelve tracks of ten minutes, and uPlot the same series beside it (issue 3); and the same
//! for ten minutes by the clock (issue 4).

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::lab::Lab;
use super::row::{self, Measured, Reach, Row};
use super::site;
use super::stats::Estimate;
use crate::build::agent;
use crate::step::{run, step};
use crate::tools::{cargo, npm::Npm};
use crate::{fresh, paths};

const WASM: &str = "wasm32-unknown-unknown";
/// Passes, as the page names them, and what their rows are called.
const PASSES: [(&str, [&str; 2]); 2] = [
    ("follow", ["12 tracks, 10 updates/s: frame work", "12 tracks, 10 updates/s: late"]),
    ("look", ["12 tracks, zoomed: frame work", "12 tracks, zoomed: late"]),
];

/// Builds the timeline for the page that draws it, and brings the other library. The pages are there.
pub(super) fn build(npm: &Npm) -> Result<()> {
    let site = site::folder();
    for file in ["uPlot.iife.min.js", "uPlot.min.css"] {
        fresh::copy(&npm.path(&format!("uplot/dist/{file}")), &site.join(file))?;
    }
    step("Building the timeline for the bench", || {
        cargo::wasm_target()?;
        run(cargo::cargo()
            .args(["build", "--release", "--target", WASM, "--package", "gopherscope-app"])
            .args(["--example", "lab", "--features", "lab"]))?;
        let (built, out) =
            (paths::in_root("target").join(WASM).join("release/examples/lab.wasm"), site.join("lab"));
        let mut bindgen = Command::new(cargo::wasm_bindgen()?);
        run(bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&out).arg(&built))?;
        // As the app is.
        let module = out.join("lab_bg.wasm");
        run(agent::wasm_opt(npm, "-Oz").arg(&module).arg("-o").arg(&module))
    })
}

/// Links to the app's style sheets, in its order, as the pages want them.
pub(super) fn styles() -> Result<String> {
    let index = fs::read_to_string(paths::in_root("index.html")).context("reading index.html")?;
    let links = index.lines().filter(|line| line.contains(r#"rel="css""#));
    Ok(links.map(|line| line.trim().replace(r#"data-trunk rel="css""#, r#"rel="stylesheet""#)).collect())
}

/// Two rows for each pass.
pub(super) async fn rows(lab: &Lab) -> Result<Vec<Row>> {
    let pairs = lab.outcomes(["/uplot.html", "/tracks.html"]).await?;
    let mut rows = Vec::new();
    for pass in PASSES {
        rows.extend(of_pass(&pairs, pass)?);
    }
    Ok(rows)
}

/// The rows of ten minutes of following, each page once: 6,000 updates.
pub(super) async fn live(lab: &Lab) -> Result<Vec<Row>> {
    let pair = lab.long(["/uplot.html?minutes=10", "/tracks.html?minutes=10"]).await?;
    of_pass(&[pair], ("follow", ["10 minutes, 10 updates/s: frame work", "10 minutes, 10 updates/s: late"]))
}

fn of_pass(pairs: &[[Value; 2]], (pass, [work, late]): (&str, [&'static str; 2])) -> Result<Vec<Row>> {
    for [theirs, ours] in pairs {
        ensure!(theirs["sizes"] == ours["sizes"], "sizes differ: {} and {}", theirs["sizes"], ours["sizes"]);
    }
    let figures = |pointer: &str| -> Result<Vec<[f64; 2]>> {
        let figure = |page: &Value| {
            let found = page[pass].pointer(pointer).and_then(Value::as_f64);
            found.with_context(|| format!("no {pass}{pointer} in {page}"))
        };
        pairs.iter().map(|[theirs, ours]| Ok([figure(theirs)?, figure(ours)?])).collect()
    };
    let each = |pointer: &str| -> Result<String> {
        let pairs = figures(pointer)?;
        let median = |side| Estimate::of(&row::side(&pairs, side)).median;
        Ok(format!("{:.1} beside {:.1}", median(1), median(0)))
    };
    let work = Row {
        what: work,
        unit: "ms p95",
        reach: Reach::AtMost(6.0),
        measured: Measured::Pairs(figures("/script/p95")?),
        notes: vec![
            format!(
                "control: uPlot. Callbacks and microtasks of frames that drew; p50 {}, max {} ms",
                each("/script/p50")?,
                each("/script/max")?
            ),
            format!("with layout and paint: p50 {}, p95 {} ms", each("/all/p50")?, each("/all/p95")?),
        ],
    };
    let late = Row {
        what: late,
        unit: "% of frames",
        reach: Reach::AtMost(5.0),
        measured: Measured::Pairs(figures("/late")?),
        notes: vec![format!(
            "60 fps: at least 95 % of frames come within 20 ms; median {} ms, {} frames, no GPU",
            each("/gap")?,
            each("/frames")?
        )],
    };
    Ok(vec![work, late])
}
