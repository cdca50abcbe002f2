//! What a long recording takes in the page: an hour of a busy program, its clock run ahead (issue 4).

use anyhow::{Context, Result};
use serde_json::Value;

use super::lab::Lab;
use super::row::{Measured, Reach, Row};
use super::rows::own_cost;

/// Pages are alike to a tenth of a MB: there is no need for many.
const PAGES: usize = 3;

/// How much there is at the end, and how much of it came in the last half hour; of pages with the agent over pages
/// without it.
pub(super) async fn rows(lab: &Lab) -> Result<Vec<Row>> {
    let pairs = lab.few(PAGES, ["/plain-hour.html", "/hour.html"]).await?;
    let after = |page: &Value, minutes: usize| {
        let megabytes = page["megabytes"][minutes - 1].as_f64();
        megabytes.with_context(|| format!("nothing after {minutes} min in {page}"))
    };
    let (mut whole, mut latest) = (Vec::new(), Vec::new());
    for [plain, with] in &pairs {
        let more = |minutes| Ok::<f64, anyhow::Error>(after(with, minutes)? - after(plain, minutes)?);
        whole.push(more(60)?);
        latest.push(more(60)? - more(30)?);
    }
    let with: Vec<Value> = pairs.into_iter().map(|[_, with]| with).collect();
    let notes = vec![
        "JS heap after a collection, and the recorder's memory; without a view".to_owned(),
        "5,000 crossings/s in 50 stays in Go a second; 36,000 buckets".to_owned(),
        own_cost(&with)?,
    ];
    let row = |what, most, values, notes| Row {
        what,
        unit: "MB",
        reach: Reach::AtMost(most),
        measured: Measured::Single(values),
        notes,
    };
    Ok(vec![
        row("an hour, in the page", 64.0, whole, notes),
        row("an hour, its last half", 1.0, latest, Vec::new()),
    ])
}
