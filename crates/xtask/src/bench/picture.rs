//! How soon the view is of use: from the port to a frame with a sentence, charts and a table's row (issue 3).

use anyhow::Result;

use super::lab::Lab;
use super::row::{Measured, Reach, Row};
use super::rows::values;

/// The demos that it is measured with, and what their rows are called.
const DEMOS: [(&str, &str); 2] =
    [("first picture, bridge demo", "/demos/bridge/"), ("first picture, esbuild", "/demos/esbuild/")];

/// A row for each demo.
pub(super) async fn rows(lab: &Lab) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (what, path) in DEMOS {
        let pages = lab.pages(path).await?;
        let notes = vec![
            "from the port's message to the end of the first frame with headline, charts and a table's row,"
                .to_owned(),
            "in the view's own process, while the demo starts".to_owned(),
        ];
        let measured = Measured::Single(values(&pages)?);
        rows.push(Row { what, unit: "ms", reach: Reach::AtMost(500.0), measured, notes });
    }
    Ok(rows)
}
