//! What the target pays for the view that watches it: the bridge mix with the overlay open, in a process of its own
//! or on the target's thread (issue 3).

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::lab::{Lab, Process};
use super::row::{Measured, Reach, Row};
use super::rows::own_cost;

/// The least frames a second that show a live view: on a shared thread it slows down to two.
const ALIVE: f64 = 1.0;

/// The row of one of the two.
pub(super) async fn row(lab: &Lab, process: Process) -> Result<Row> {
    let (what, reach, processes) = match process {
        Process::Own => ("mix, view in its own process", Reach::Ratio(1.06), 2),
        Process::Shared => ("mix, view on the page's thread", Reach::Ratio(1.08), 1),
    };
    let (pairs, with) = lab.pairs("overlay", process).await?;
    if let Some(other) = with.iter().find(|page| page["processes"] != processes) {
        bail!("page and view are in {} processes, not {processes}", other["processes"]);
    }
    let rates: Vec<f64> = with.iter().map(frames_a_second).collect::<Result<_>>()?;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let slowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    if slowest < ALIVE {
        bail!("the view stood still: {slowest:.1} frames a second");
    }
    let told: Vec<f64> = with.iter().filter_map(|page| page["agent"]["viewer"].as_f64()).collect();
    let notes = vec![
        format!(
            "wall time of 3 s after 2.5 s of warm-up; {processes} process{}, as the browser lists them",
            if processes == 1 { "" } else { "es" }
        ),
        format!(
            "the view drew {:.1} frames/s, and told {:.2} % of wall as its own work",
            mean(&rates),
            mean(&told) * 100.0
        ),
        own_cost(&with)?,
    ];
    Ok(Row { what, unit: "ns/crossing", reach, measured: Measured::Pairs(pairs), notes })
}

/// Frames that the view asked for while the page measured, a second.
fn frames_a_second(page: &Value) -> Result<f64> {
    let time = |name: &str| page[name].as_f64().with_context(|| format!("no {name} in {page}"));
    let (begin, end) = (time("begin")?, time("end")?);
    let frames = page["viewer"]["frames"].as_array().context("the view said nothing")?;
    let within = frames.iter().filter_map(Value::as_f64).filter(|t| (begin..end).contains(t));
    Ok(within.count() as f64 / (end - begin) * 1e3)
}
