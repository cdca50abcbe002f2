//! The view of memory, against what the agent's own core recorded and what the demo does.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{Session, fmt};
use xtask::{demo, paths};

use crate::facts::{self, plain};
use crate::harness::{Scene, Tab};
use crate::viewer;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("memory view: growths, each with who asked", growths),
        scene.trial("memory view: what Go holds, counted at a press", counts),
        scene.trial("memory view: kinds as the session tells them", kinds),
    ]
}

async fn recorded(tab: &Tab, page: &str, ready: &str) -> Result<(demo::Running, Session)> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    viewer::visit(tab, &running.targets.localhost_url(&format!("/demos/{page}"))).await?;
    tab.until(ready).await?;
    viewer::enter(tab).await?;
    facts::go(tab, "memory").await?;
    tab.until("document.querySelector('.memory-view .kinds') && true").await?;
    viewer::leave(tab).await?;
    let session = facts::stop(tab).await?;
    Ok((running, session))
}

async fn growths(tab: &Tab) -> Result<()> {
    let ready = "document.getElementById('sum').textContent !== '–'";
    let (_running, session) = recorded(tab, "steps/?variant=sick", ready).await?;
    let grows = &session.instances[0].grows;
    let all = format!(
        "document.querySelectorAll('.steps tbody tr[aria-level=\"1\"]').length === {}",
        grows.len().min(8)
    );
    tab.until(&all).await?;
    facts::press_head(tab, "steps", "More").await?;
    let most = |it: &&session::Grow| it.to_bytes - it.from_bytes;
    let largest = grows.iter().max_by(|a, b| most(a).total_cmp(&most(b))).context("no growth")?;
    let rows = facts::rows(tab, "steps").await?;
    assert_eq!(rows[0][3], plain(&fmt::bytes(largest.to_bytes - largest.from_bytes)));
    let (name, line) = rows[0][0].rsplit_once("sum_sick.go:").context("not of sum_sick.go")?;
    let source = std::fs::read_to_string(paths::in_root("demo/steps/sum_sick.go"))?;
    let line = source
        .lines()
        .nth(line.trim_end_matches("inlined").parse::<usize>()? - 1)
        .context("beyond the file")?;
    ensure!(name == "main.(*sum).add", "{name}: {line}");

    // A press on the time selects it, and the table is of it.
    viewer::click(tab, "document.querySelector('.steps .moment')").await?;
    tab.until("document.querySelector('.range-chip') && document.querySelectorAll('.steps tbody tr[aria-level=\"1\"]').length === 1")
        .await?;
    facts::fits(tab, "memory-view").await
}

async fn kinds(tab: &Tab) -> Result<()> {
    let ready = "Number(document.getElementById('made').textContent) > 200";
    let (_running, session) = recorded(tab, "leak/?variant=sick", ready).await?;
    let series = &session.instances[0].series;
    let last = |column: &[f64]| column.iter().copied().rfind(|it| it.is_finite());
    for (kind, value) in [
        ("linear", last(&series.memory_bytes).map(fmt::bytes)),
        ("refs", last(&series.js_refs).map(|it| fmt::count(it as u64))),
        ("js-heap", last(&series.js_heap_bytes).map(fmt::bytes)),
    ] {
        let value = plain(&value.unwrap_or_else(|| fmt::UNKNOWN.into()));
        tab.until(&format!(
            "document.querySelector('.kinds .{kind} b').innerText.replace(/\\s/g, '') === '{value}'"
        ))
        .await?;
    }
    let heap = viewer::text(tab, ".kinds .go-heap").await?;
    ensure!(heap.as_str().is_some_and(|it| it.starts_with("Go heap ")), "{heap}");
    Ok(())
}

/// While the program runs, what it holds is counted at a press.
async fn counts(tab: &Tab) -> Result<()> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    viewer::visit(tab, &running.targets.localhost_url("/demos/leak/?variant=sick")).await?;
    tab.until("Number(document.getElementById('made').textContent) > 100").await?;
    viewer::enter(tab).await?;
    facts::go(tab, "memory").await?;
    let button = "document.querySelector('.memory-view button.count')";
    tab.until(&format!("{button}?.innerText === 'Count now' && !document.querySelector('.alike')")).await?;
    viewer::click(tab, button).await?;
    tab.until(&format!("{button}.innerText === 'Count again' && document.querySelector('.alike tbody tr')"))
        .await?;
    let rows = facts::rows(tab, "alike").await?;
    let functions = rows.iter().any(|row| row[0] == "function");
    ensure!(functions && rows.iter().all(|row| row[1] != "0"), "handlers are functions: {rows:?}");
    Ok(())
}
