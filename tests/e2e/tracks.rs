//! The tracks of real programs: what they count, and what they tell where the keys put the cursor, is what the session
//! holds; and the menu that hides them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{Instance, LongTaskKind, Session, fmt, go_line};
use xtask::browser::Scheme;
use xtask::demo;

use crate::harness::{Need, Scene, Tab};
use crate::{view, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("tracks: cycles of the collector", cycles),
        scene.needs(&[Need::Priorities]).trial("tracks: microtasks", microtasks),
        scene.needs(&[Need::LongTasks]).trial("tracks: long tasks", long_tasks),
        scene.trial("tracks: marks, measures and growths", timing),
        scene.trial("tracks: a menu hides them, for good", menu),
        scene.trial("tracks: docked low, tables have room", docked),
    ]
}

/// How long a demo is watched at least.
const WATCHED: Duration = Duration::from_secs(3);

/// A demo that has run for some time, until its session holds `enough`, and then was stopped: its session, and the viewer
/// that shows all of it.
async fn watch(tab: &Tab, page: &str, enough: impl Fn(&Session) -> bool) -> Result<(demo::Running, Session)> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    tab.browser.view(1280, 1600, Scheme::Light).await?;
    viewer::visit(tab, &running.targets.localhost_url(&format!("/demos/{page}"))).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.plots canvas[role=img]') && true").await?;
    viewer::leave(tab).await?;
    let begun = Instant::now();
    tokio::time::sleep(WATCHED).await;
    // In WebKit a program may have to share its thread with the viewer.
    while begun.elapsed() < tab.patience() && !enough(&tab.session("gopherscope.snapshot()").await?) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let session = tab.session("gopherscope.stop()").await?;
    viewer::enter(tab).await?;
    tab.eval("void [...document.querySelectorAll('.segmented button')].at(-1).click()").await?;
    tab.until("document.querySelector('.segmented [aria-pressed=true]').innerText === 'Full range'").await?;
    Ok((running, session))
}

/// What a track is said to show over the full range, once that was read after the end.
async fn summary(tab: &Tab, track: &str, expected: &str) -> Result<()> {
    let label = format!(
        "[...document.querySelectorAll('.plots canvas[role=img]')]
            .find((it) => it.ariaLabel.startsWith('{track}: '))?.ariaLabel"
    );
    let found = format!("({label})?.includes({})", serde_json::Value::from(expected));
    if tab.until(&found).await.is_err() {
        let labels = "[...document.querySelectorAll('.plots canvas[role=img]')].map((it) => it.ariaLabel)";
        anyhow::bail!("{track} is not said to show {expected:?}: {}", tab.eval(labels).await?);
    }
    Ok(())
}

/// What the tracks hold at a time, where the keys put the cursor: a hundredth into what is shown.
async fn told_at(tab: &Tab, time: f64, length: f64) -> Result<String> {
    let from = time - length / 100.0;
    let hash = format!("#/live?view=overview&range={from}-{}", from + length);
    tab.eval(&format!("void (location.hash = '{hash}')")).await?;
    tab.until("document.querySelector('.segmented [aria-pressed=true]') === null").await?;
    tab.eval("document.querySelector('.plots').focus()").await?;
    viewer::press(tab, "\u{e00c}").await?;
    viewer::press(tab, ".").await?;
    tab.until("document.querySelector('.timeline-frame [role=status]').innerText !== ''").await?;
    let words = viewer::text(tab, ".timeline-frame [role=status]").await?;
    Ok(words.as_str().context("no words")?.replace('\u{a0}', " "))
}

/// As a view says it, with spaces that break.
fn plain(words: &str) -> String {
    words.replace('\u{a0}', " ")
}

fn line(session: &Session, stack: Option<u32>) -> Result<String> {
    let frame = go_line(session, stack.context("no stack")?).context("no line of its own")?;
    Ok(frame.func.rsplit('/').next().unwrap_or(&frame.func).to_owned())
}

async fn cycles(tab: &Tab) -> Result<()> {
    let enough = |session: &Session| session.instances.last().is_some_and(|it| it.gc.len() > 3);
    let (_running, session) = watch(tab, "churn/?variant=sick", enough).await?;
    let gc = &session.instances.last().context("no program")?.gc;
    ensure!(gc.len() > 3, "{} cycles", gc.len());
    let longest = gc.iter().map(|it| it.duration_ms).fold(0.0, f64::max);
    let expected = format!(": {}, longest {}", fmt::count(gc.len() as u64), fmt::ms(longest));
    summary(tab, "GC", &expected).await?;
    let cycle = gc.iter().find(|it| it.stack.is_some() && !it.forced).context("no cycle with a stack")?;
    let words = told_at(tab, cycle.t + cycle.duration_ms / 2.0, 20.0).await?;
    let heap = cycle.heap_trigger_bytes.context("no heap")?;
    for expected in [
        format!("GC cycle {}: {}", cycle.number, fmt::ms(cycle.duration_ms)),
        format!("heap {} at the begin", fmt::bytes(heap)),
        format!("begun by {}", line(&session, cycle.stack)?),
    ] {
        ensure!(words.contains(&plain(&expected)), "{expected:?} is not in {words:?}");
    }
    // Between cycles the heap is what the last one told.
    let at = gc.iter().position(|it| it.number == cycle.number).context("gone")?;
    let end = gc[at].heap_end_bytes.context("no heap")?;
    let words = told_at(tab, cycle.t + cycle.duration_ms + 1.0, 20.0).await?;
    ensure!(words.contains(&plain(&format!("Go heap {}", fmt::bytes(end)))), "{end} is not in {words:?}");
    view::check_with_axe(tab, "with all tracks").await
}

async fn microtasks(tab: &Tab) -> Result<()> {
    let enough = |session: &Session| session.page.microtasks.iter().any(|it| it.drain_ms > 20.0);
    let (_running, session) = watch(tab, "flood/?variant=sick", enough).await?;
    let probes = &session.page.microtasks;
    let longest = probes.iter().max_by(|a, b| a.drain_ms.total_cmp(&b.drain_ms)).context("no probe")?;
    ensure!(longest.drain_ms > 20.0, "{longest:?}");
    summary(tab, "Microtasks", &format!("greatest {}", fmt::ms(longest.drain_ms))).await?;
    let words = told_at(tab, longest.t + longest.drain_ms / 2.0, 100.0).await?;
    let bound = if longest.exact { "" } else { "≤ " };
    let expected = plain(&format!("Microtasks {bound}{}", fmt::ms(longest.drain_ms)));
    ensure!(words.contains(&expected), "{expected:?} is not in {words:?}");
    // Where no probe was sent nothing is known, and that is not nothing.
    let gap = probes.windows(2).find(|it| it[1].t - it[0].t - it[0].drain_ms > 12.0).context("no gap")?;
    let words = told_at(tab, gap[0].t + gap[0].drain_ms + 6.0, 20.0).await?;
    ensure!(words.contains("Microtasks –"), "{words:?}");
    Ok(())
}

async fn long_tasks(tab: &Tab) -> Result<()> {
    let enough = |session: &Session| {
        let tasks = session.page.longtasks.as_deref().unwrap_or_default();
        tasks.iter().any(|it| it.kind == LongTaskKind::Task && it.duration_ms > 60.0)
    };
    let (_running, session) = watch(tab, "hog/?variant=sick", enough).await?;
    let tasks = session.page.longtasks.as_ref().context("no long tasks")?;
    // What held the page before the first request is not in the full range.
    let begin = session.instances[0].phases[0].start;
    let shown: Vec<_> = tasks.iter().filter(|it| it.start + it.duration_ms >= begin).collect();
    let longest = shown.iter().map(|it| it.duration_ms).fold(0.0, f64::max);
    let count = fmt::count(shown.len() as u64);
    summary(tab, "Long tasks", &format!(": {count}, longest {}", fmt::ms(longest))).await?;
    let task = tasks.iter().find(|it| it.kind == LongTaskKind::Task && it.duration_ms > 60.0);
    let task = task.context("no long task")?;
    let words = told_at(tab, task.start + task.duration_ms / 2.0, 30.0).await?;
    let expected = plain(&format!("task {}", fmt::ms(task.duration_ms)));
    ensure!(words.contains(&expected), "{expected:?} is not in {words:?}");
    ensure!(words.contains("% in Go") && words.contains("crossings of main.main"), "{words:?}");
    Ok(())
}

async fn timing(tab: &Tab) -> Result<()> {
    let enough = |session: &Session| !session.page.measures.is_empty();
    let (_running, session) = watch(tab, "timing/?variant=sick", enough).await?;
    let page = &session.page;
    // What the page did before the first request is not in the full range.
    let begin = session.instances[0].phases[0].start;
    let marks = page.marks.iter().filter(|it| it.t >= begin).count();
    let measures = page.measures.iter().filter(|it| it.start + it.duration_ms >= begin).count();
    let count = fmt::count((marks + measures) as u64);
    let longest = page.measures.iter().map(|it| it.duration_ms).fold(0.0, f64::max);
    summary(tab, "User timing", &format!(": {count}, longest {}", fmt::ms(longest))).await?;
    let measure = page.measures.iter().max_by(|a, b| a.duration_ms.total_cmp(&b.duration_ms));
    let measure = measure.context("no measure")?;
    let words = told_at(tab, measure.start + measure.duration_ms / 2.0, 10.0).await?;
    let expected = plain(&format!("User timing {} {}", measure.name, fmt::ms(measure.duration_ms)));
    ensure!(words.contains(&expected), "{expected:?} is not in {words:?}");
    viewer::leave(tab).await?;

    let grew = |it: &Instance| it.grows.iter().any(|grow| grow.stack.is_some());
    let enough = |session: &Session| session.instances.last().is_some_and(grew);
    let (_running, session) = watch(tab, "steps/?variant=sick", enough).await?;
    let grows = &session.instances.last().context("no program")?.grows;
    let grow = grows.iter().rev().find(|it| it.stack.is_some()).context("memory did not grow")?;
    let words = told_at(tab, grow.t, 20.0).await?;
    let line = line(&session, grow.stack)?;
    let expected =
        format!("grew from {} to {} by {line}", fmt::bytes(grow.from_bytes), fmt::bytes(grow.to_bytes));
    ensure!(words.contains(&plain(&expected)), "{expected:?} is not in {words:?}");
    Ok(())
}

const NAMES: &str = "[...document.querySelectorAll('.margins h3')].map((it) => it.innerText)";

async fn menu(tab: &Tab) -> Result<()> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    tab.browser.view(1280, 900, Scheme::Light).await?;
    let page = running.targets.localhost_url("/demos/churn/?variant=sick");
    viewer::visit(tab, &page).await?;
    viewer::enter(tab).await?;
    tab.until(&format!("{NAMES}.includes('GC')")).await?;
    // WebKit lets no script of a frame take the focus where its reader has not been.
    viewer::click(tab, "document.querySelector('.bar h1')").await?;
    // By keys: to the button, into the menu, down to the second item.
    tab.eval("document.querySelector('.tracks-menu > button').focus()").await?;
    for key in ["\u{e007}", "\u{e015}", "\u{e007}"] {
        viewer::press(tab, key).await?;
        tab.until("document.activeElement.closest('.tracks-menu [role=menu]') && true").await?;
    }
    let item = "document.activeElement.innerText.split('\\n')[0].trim()";
    assert_eq!(tab.eval(item).await?, "Crossings");
    assert_eq!(tab.eval("document.activeElement.ariaChecked").await?, "false");
    tab.until(&format!("!{NAMES}.includes('Crossings')")).await?;
    view::check_with_axe(tab, "the menu of tracks").await?;
    viewer::press(tab, "\u{e00c}").await?;
    tab.until("document.activeElement.matches('.tracks-menu > button')").await?;
    viewer::leave(tab).await?;
    viewer::visit(tab, &page).await?;
    viewer::enter(tab).await?;
    tab.until(&format!("{NAMES}.includes('GC')")).await?;
    ensure!(tab.eval(&format!("{NAMES}.includes('Crossings')")).await? == false, "it came back");
    tab.eval("document.querySelector('.tracks-menu > button').click()").await?;
    tab.until("document.querySelector('.tracks-menu [aria-checked=false]') && true").await?;
    viewer::click(tab, "document.querySelector('.tracks-menu [aria-checked=false]')").await?;
    tab.until(&format!("{NAMES}.includes('Crossings')")).await
}

/// Rows of the first table that can be seen without scrolling, and whether the axis can.
const SEEN: &str = "(() => {
    const seen = (it) => it.getBoundingClientRect().bottom <= innerHeight;
    return [[...document.querySelectorAll('.lines tbody tr')].filter(seen).length,
        seen(document.querySelector('.plots canvas.axis')), document.querySelectorAll('.margin').length];
})()";

async fn docked(tab: &Tab) -> Result<()> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    tab.browser.view(1280, 900, Scheme::Light).await?;
    viewer::visit(tab, &running.targets.localhost_url("/demos/bridge/?variant=sick")).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelectorAll('.lines tbody tr').length > 4").await?;
    for (width, least) in [(420, 1), (1280, 3), (2560, 3)] {
        viewer::leave(tab).await?;
        tab.browser.view(width, 900, Scheme::Light).await?;
        viewer::enter(tab).await?;
        tokio::time::sleep(Duration::from_millis(400)).await;
        tab.browser.screenshot(&format!("docked-tracks-{width}-light")).await?;
        let (rows, axis, tracks): (u64, bool, u64) = serde_json::from_value(tab.eval(SEEN).await?)?;
        ensure!(
            rows >= least && axis && tracks > 4,
            "at {width} px {rows} rows, axis {axis}, {tracks} tracks"
        );
    }
    Ok(())
}
