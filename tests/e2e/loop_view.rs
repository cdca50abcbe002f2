//! The view of the event loop, against what the agent's own core recorded.

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use session::{GoLines, Session, backlog, fmt, user_timing};
use xtask::demo;

use crate::facts::{self, plain};
use crate::harness::{Need, Scene, Tab};
use crate::viewer;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        // On the page's thread the view hardly gets a turn beside the flood.
        scene.needs(&[Need::OwnProcess]).trial("loop view: microtasks and who asked for them", microtasks),
        scene.needs(&[Need::LongTasks]).trial("loop view: long tasks and stays", tasks),
        scene.trial("loop view: user timing", timings),
    ]
}

async fn recorded(tab: &Tab, page: &str, ready: &str) -> Result<(demo::Running, Session)> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    viewer::visit(tab, &running.targets.localhost_url(&format!("/demos/{page}"))).await?;
    viewer::enter(tab).await?;
    facts::go(tab, "loop").await?;
    tab.until(ready).await?;
    viewer::leave(tab).await?;
    let session = facts::stop(tab).await?;
    Ok((running, session))
}

async fn microtasks(tab: &Tab) -> Result<()> {
    let ready = "document.querySelectorAll('.asked tbody tr').length > 0 && document.querySelectorAll('.probes tbody tr').length > 2";
    let (_running, session) = recorded(tab, "flood/?variant=sick", ready).await?;
    let told = backlog(&session, &GoLines::of(&session, None), None);
    let drained = fmt::ms(told.drain_ms).replace('\u{a0}', " ");
    let answer = "document.querySelector('.loop-view .answer').innerText.replace(/\\s+/g, ' ')";
    if let Err(error) = tab.until(&format!("{answer}.includes('({drained})')")).await {
        bail!("{error:#}: {}", tab.eval(answer).await?);
    }
    let asked = facts::rows(tab, "asked").await?;
    ensure!(
        asked[0][0].starts_with("main.rankAllrank_sick.go:") && asked[0][1] == "queueMicrotask",
        "{asked:?}"
    );
    let longest = told.longest.context("no probe")?;
    let probes = facts::rows(tab, "probes").await?;
    let bound = if longest.exact { "" } else { "≤" };
    assert_eq!(probes[0][3], format!("{bound}{}", plain(&fmt::ms(longest.drain_ms))));
    assert_eq!(probes[0][1], plain(&fmt::ms(longest.sync_ms)));
    facts::fits(tab, "loop-view").await
}

async fn tasks(tab: &Tab) -> Result<()> {
    let ready = "document.querySelectorAll('.tasks tbody tr').length > 3";
    let (_running, session) = recorded(tab, "hog/?variant=sick", ready).await?;
    let length = |it: &session::Slice| it.end - it.start;
    let stays = &session.instances[0].slices;
    let longest = stays.iter().max_by(|a, b| length(a).total_cmp(&length(b))).context("no stay")?;
    let took = plain(&fmt::ms(length(longest)));
    let first = "document.querySelector('.stays tbody tr')";
    tab.until(&format!("{first}.cells[2].innerText.replace(/\\s/g, '') === '{took}'")).await?;
    let rows = facts::rows(tab, "stays").await?;
    ensure!(rows.iter().any(|row| row[0].starts_with("main.mainmain.go:")), "{rows:?}");
    let told = session.page.longtasks.as_ref().context("no long tasks")?;
    let longest = told.iter().map(|it| it.duration_ms).fold(0.0, f64::max);
    let longest = plain(&fmt::ms(longest));
    let first = "document.querySelector('.tasks tbody tr')";
    tab.until(&format!("{first}.cells[2].innerText.replace(/\\s/g, '') === '{longest}'")).await?;
    // A press on the time narrows all tables to it.
    viewer::click(tab, "document.querySelector('.stays .moment')").await?;
    tab.until("document.querySelectorAll('.stays tbody tr[aria-level=\"1\"]').length === 1").await?;
    let timings = viewer::text(tab, ".loop-view .copy-field code").await?;
    ensure!(timings.as_str().is_some_and(|it| it.contains("package usertiming")), "{timings}");
    Ok(())
}

async fn timings(tab: &Tab) -> Result<()> {
    let ready = "document.querySelectorAll('.timings tbody tr').length > 3";
    let (_running, session) = recorded(tab, "timing/?variant=sick", ready).await?;
    let told = user_timing(&session, None);
    let total = plain(&fmt::ms(told[0].lengths.context("no measure")?.total_ms));
    tab.until(&format!(
        "document.querySelector('.timings tbody tr').cells[6].innerText.replace(/\\s/g, '') === '{total}'"
    ))
    .await?;
    let rows = facts::rows(tab, "timings").await?;
    assert_eq!(rows.len(), told.len().min(8));
    for row in &rows {
        let kind = |it: &session::TimingRow<'_>| if it.lengths.is_some() { "measure" } else { "mark" };
        let own =
            told.iter().find(|it| plain(it.name) == row[0] && kind(it) == row[1]).context("not recorded")?;
        let lengths = own.lengths.map(|it| [it.mean_ms, it.p50_ms, it.p95_ms, it.total_ms]);
        let words = lengths
            .map_or_else(|| vec![fmt::UNKNOWN.to_owned(); 4], |it| it.map(|ms| plain(&fmt::ms(ms))).to_vec());
        assert_eq!((&row[2], &row[3..]), (&plain(&fmt::count(own.count)), &words[..]));
    }
    ensure!(rows[0][0] == "smooth", "{rows:?}");
    facts::press_head(tab, "timings", "Name").await?;
    tab.until("document.querySelector('.timings tbody tr').innerText.startsWith('decode')").await
}
