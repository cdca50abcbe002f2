//! The bridge view by pointer and keyboard, against what the agent's own core recorded.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{Caller, GoLineLive, GoLines, Range, Session, Subject, fmt};
use xtask::server::Server;
use xtask::{demo, paths};

use crate::harness::{Scene, Tab, fixture_site};
use crate::{programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("bridge: every column sorts both ways", sorts),
        scene.trial("bridge: search narrows, and says so", searches),
        scene.trial("bridge: rows open to their callers", opens),
        scene.trial("bridge: keys move, open and close", keys),
        scene.trial("bridge: a selection narrows every table", narrows),
        scene.trial("bridge: rows hold still under pointer and focus", holds),
    ]
}

const UP: &str = "\u{e013}";
const RIGHT: &str = "\u{e014}";
const DOWN: &str = "\u{e015}";
const LEFT: &str = "\u{e012}";
const ENTER: &str = "\u{e007}";

/// The fixture program, having worked, in the bridge view.
async fn fixture(tab: &Tab) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    for work in ["work(2000)", "names(300)", "copies(200)"] {
        tab.eval(work).await?;
    }
    sampled(tab, "main.copies", "copies(20)").await?;
    viewer::enter(tab).await?;
    go(tab, "view=bridge").await?;
    Ok(server)
}

/// Has the program do `work` until a sample fell on a function: on a busy machine few are taken.
async fn sampled(tab: &Tab, func: &str, work: &str) -> Result<()> {
    for _ in 0..100 {
        let session = tab.session("gopherscope.snapshot()").await?;
        if GoLines::of(&session, None).rows.iter().any(|row| row.place.func() == func) {
            return Ok(());
        }
        tab.eval(work).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("no sample fell on {func}")
}

/// To a place in the viewer.
pub async fn go(tab: &Tab, place: &str) -> Result<()> {
    tab.until("document.querySelector('[role=tab]') && true").await?;
    tab.eval(&format!("void (location.hash = '#/live?{place}')")).await?;
    tab.until("document.querySelector('.bridge tbody tr') && true").await
}

/// Ends the recording, and waits until the view has all of it.
async fn stop(tab: &Tab) -> Result<Session> {
    viewer::leave(tab).await?;
    let session = tab.session("gopherscope.stop()").await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]').innerText === 'stopped'").await?;
    let lines = as_shown(&by_line(&GoLines::of(&session, None)), true);
    shows(tab, 1, &lines).await?;
    // A press also brings the keyboard's focus into the frame.
    choose(tab, "By Go line").await?;
    Ok(session)
}

fn button(name: &str) -> String {
    format!("[...document.querySelectorAll('.bridge button')].find((it) => it.innerText === '{name}')")
}

/// How often a button is pressed: what comes above it moves it, between the driver's look and the press.
const PRESSES: u32 = 3;
/// What a press does is seen by then.
const SOON: Duration = Duration::from_secs(10);

/// Another table of the view.
pub async fn choose(tab: &Tab, table: &str) -> Result<()> {
    let chosen = format!("{}.ariaPressed === 'true'", button(table));
    for _ in 0..PRESSES {
        viewer::click(tab, &button(table)).await?;
        if tab.browser.wait_for(&chosen, SOON).await.is_ok() {
            break;
        }
    }
    tab.until(&format!("{chosen} && document.querySelector('.bridge tbody tr')")).await
}

/// Rows as words without spaces.
async fn rows(tab: &Tab) -> Result<Vec<Vec<String>>> {
    let rows = viewer::rows(tab, "bridge").await?;
    Ok(rows.into_iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect())
}

fn plain(text: &str) -> String {
    text.replace(char::is_whitespace, "")
}

async fn press(tab: &Tab, keys: &str) -> Result<()> {
    tab.browser.driver().action_chain().send_keys(keys).perform().await?;
    Ok(())
}

/// Rows as they are shown, by name.
pub type Shown = BTreeMap<String, Vec<String>>;

/// Of each row: what it is called, and its figures as they are written and as numbers.
pub type Figures = BTreeMap<String, [(String, Option<f64>); 5]>;

fn figures(
    calls: session::Estimate,
    time: Option<session::Estimate>,
    share: Option<session::Estimate>,
    bytes: Option<session::Estimate>,
    per_call: Option<session::Estimate>,
) -> [(String, Option<f64>); 5] {
    let estimate = |it: Option<session::Estimate>, write: fn(f64) -> String| {
        (plain(&fmt::or_unknown(it, |it| fmt::estimate(it, write))), it.map(|it| it.value))
    };
    [
        (plain(&fmt::calls(calls)), Some(calls.value)),
        estimate(time, fmt::ms),
        (plain(&fmt::or_unknown(share, fmt::share)), share.map(|it| it.value)),
        estimate(bytes, fmt::bytes),
        estimate(per_call, fmt::ms),
    ]
}

/// What the table by Go line is to show.
pub fn by_line(lines: &GoLines) -> Figures {
    let row = |it: &session::GoLine| {
        (plain(&it.place.text()), figures(it.calls, it.time_ms, it.share, it.bytes, it.per_call_ms))
    };
    lines.rows.iter().map(row).collect()
}

/// What the tables by import and by member are to show.
pub fn by_cost(rows: &[session::CostRow]) -> Figures {
    let row = |it: &session::CostRow| {
        let name = it
            .member
            .as_ref()
            .map_or_else(|| it.import.clone(), |member| format!("{member}{}", session::verb(&it.import)));
        (plain(&name), figures(it.calls, it.time_ms, it.share, it.bytes, it.per_call_ms))
    };
    rows.iter().map(row).collect()
}

/// What the table shows, by name: the columns of figures, bytes left out where there is no such column.
pub fn as_shown(expected: &Figures, bytes: bool) -> Shown {
    let cells = |row: &[(String, Option<f64>); 5]| {
        let cells = row.iter().enumerate().filter(|(at, _)| bytes || *at != 3);
        cells.map(|(_, cell)| cell.0.clone()).collect()
    };
    expected.iter().map(|(name, row)| (name.clone(), cells(row))).collect()
}

/// The rows shown, by name, `skip` columns after it left out.
async fn shown(tab: &Tab, skip: usize) -> Result<Shown> {
    let callers = "[...document.querySelectorAll('.bridge tbody tr')].map((row) => row.ariaLevel !== '1')";
    let callers: Vec<bool> = serde_json::from_value(tab.eval(callers).await?)?;
    let rows = rows(tab).await?.into_iter().zip(callers).filter(|(_, caller)| !caller);
    Ok(rows.map(|(row, _)| (row[0].clone(), row[1 + skip..].to_vec())).collect())
}

/// That the table comes to show these rows, callers left out: tables are read once a second.
pub async fn shows(tab: &Tab, skip: usize, expected: &Shown) -> Result<()> {
    let began = Instant::now();
    loop {
        let shown = shown(tab, skip).await?;
        if shown == *expected || began.elapsed() > tab.patience() / 2 {
            assert_eq!(shown, *expected);
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn sorts(tab: &Tab) -> Result<()> {
    let _server = fixture(tab).await?;
    let session = stop(tab).await?;
    let lines = by_line(&GoLines::of(&session, None));
    each_column(tab, &lines, &["Calls", "Time", "Share", "Bytes", "Per call"]).await?;
    choose(tab, "By import").await?;
    let imports = by_cost(&session::imports(&session));
    shows(tab, 0, &as_shown(&imports, true)).await?;
    each_column(tab, &imports, &["Calls", "Time", "Share", "Bytes", "Per call"]).await?;
    choose(tab, "By member").await?;
    let members = by_cost(&session::members(&session));
    ensure!(members.contains_key("constantset") && members.contains_key("(dynamic)set"), "{members:?}");
    shows(tab, 0, &as_shown(&members, false)).await?;
    each_column(tab, &members, &["Calls", "Time", "Share", "", "Per call"]).await
}

async fn each_column(tab: &Tab, figures: &Figures, columns: &[&str]) -> Result<()> {
    let sorted =
        "[...document.querySelectorAll('.bridge th[aria-sort]')].map((th) => [th.innerText, th.ariaSort])";
    for (at, column) in columns.iter().enumerate().filter(|(_, column)| !column.is_empty()) {
        // Away first, so that each begins with its greatest.
        viewer::click(tab, "document.querySelector('.bridge th.name button')").await?;
        for order in ["descending", "ascending"] {
            viewer::click(tab, &button(column)).await?;
            assert_eq!(tab.eval(sorted).await?, json!([[column, order]]));
            let values: Vec<Option<f64>> =
                rows(tab).await?.iter().map(|row| figures[&row[0]][at].1).collect();
            let known: Vec<f64> = values.iter().flatten().copied().collect();
            ensure!(values[..known.len()].iter().all(Option::is_some), "{column} {order}: unknown ones last");
            // Times of a coarse clock are alike but for what adding them up in another order makes of them.
            let least = |it: &f64| it * (1.0 - 1e-9);
            let falling = known.is_sorted_by(|a, b| *a >= least(b));
            let rising = known.is_sorted_by(|a, b| *b >= least(a));
            ensure!(if order == "ascending" { rising } else { falling }, "{column} {order}: {known:?}");
        }
    }
    viewer::click(tab, "document.querySelector('.bridge th.name button')").await?;
    assert_eq!(tab.eval(&format!("{sorted}[0][1]")).await?, "ascending");
    Ok(())
}

async fn searches(tab: &Tab) -> Result<()> {
    let _server = fixture(tab).await?;
    let session = stop(tab).await?;
    let all = GoLines::of(&session, None).rows.len();
    let said = async || -> Result<String> {
        Ok(viewer::text(tab, ".bridge .found").await?.as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(said().await?, "");
    press(tab, "/").await?;
    tab.until("document.activeElement.id === 'search'").await?;
    press(tab, "MAIN.COPIES").await?;
    tab.until("document.querySelector('.found').innerText !== ''").await?;
    let found = rows(tab).await?;
    ensure!(!found.is_empty() && found.iter().all(|row| row[0].starts_with("main.copies")), "{found:?}");
    assert_eq!(said().await?, format!("{} of {all}", found.len()));
    // A member, of a line that is named otherwise.
    press(tab, "\u{e00c}").await?;
    tab.until("document.getElementById('search').value === ''").await?;
    press(tab, "/").await?;
    tab.until("document.activeElement.id === 'search'").await?;
    press(tab, "middle").await?;
    let work = "[...document.querySelectorAll('.bridge tbody tr')].some((row) => row.innerText.includes('main.work'))";
    tab.until(&format!("document.getElementById('search').value === 'middle' && {work}")).await?;

    press(tab, " nowhere").await?;
    tab.until("document.querySelector('.bridge .empty') && true").await?;
    let words = viewer::text(tab, ".bridge .empty").await?;
    ensure!(words.as_str().is_some_and(|it| it.contains("“middle nowhere”")), "{words}");
    assert_eq!(said().await?, format!("0 of {all}"));
    viewer::click(tab, &button("Clear the search")).await?;
    tab.until("document.querySelector('.bridge tbody tr') && true").await?;
    assert_eq!(rows(tab).await?.len(), all);
    assert_eq!(said().await?, "");
    Ok(())
}

/// The tree as it is shown: level, name and calls of each row under an open one.
fn tree(level: &[Caller], depth: u64, out: &mut Vec<(u64, String, String)>) {
    for node in level {
        let mut name = plain(&node.place.text());
        if node.inlined {
            name.push_str("inlined");
        }
        out.push((depth, name, plain(&fmt::calls(node.calls))));
        tree(node.callers.as_deref().unwrap_or_default(), depth + 1, out);
    }
}

/// The rows shown below the top level; `calls` is the position of the column.
async fn callers(tab: &Tab, calls: usize) -> Result<Vec<(u64, String, String)>> {
    let shown = format!(
        "[...document.querySelectorAll('.bridge tbody tr')].filter((row) => row.ariaLevel > 1)
            .map((row) => [+row.ariaLevel, row.cells[0].textContent, row.cells[{calls}].textContent])"
    );
    let shown: Vec<(u64, String, String)> = serde_json::from_value(tab.eval(&shown).await?)?;
    Ok(shown.into_iter().map(|(level, name, calls)| (level, plain(&name), plain(&calls))).collect())
}

async fn opens(tab: &Tab) -> Result<()> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    viewer::visit(tab, &running.targets.localhost_url("/demos/bridge/?variant=sick")).await?;
    viewer::enter(tab).await?;
    go(tab, "view=bridge").await?;
    tab.until("document.querySelector('.bridge tbody tr .func').innerText.startsWith('main.(*Grid).Draw')")
        .await?;
    viewer::click(tab, "document.querySelector('.bridge tbody tr .twist')").await?;
    // While the recording goes on.
    tab.until("document.querySelector('.bridge tbody tr[aria-level=\"2\"]') && true").await?;
    let open = tab.eval("document.querySelector('.bridge tr[aria-expanded=true] .place').innerText").await?;
    let session = stop(tab).await?;
    let still =
        "document.querySelector('.bridge tr[aria-level=\"1\"][aria-expanded=true] .place')?.innerText";
    assert_eq!(tab.eval(still).await?, open, "it stays open");

    let mut live = GoLineLive::new(None);
    live.update(&session, 0);
    let reading = live.read(&session);
    let row = reading.lines().rows.into_iter().find(|row| open == *row.place.position()).context("no row")?;
    let mut expected = Vec::new();
    tree(&reading.callers(&Subject::Line(row.place.clone()), &|_, only| only), 2, &mut expected);
    assert_eq!(callers(tab, 2).await?, expected);
    // As the demo is written: the frame's handler calls Draw, JavaScript calls the handler.
    let (_, handler, calls) = expected.first().context("no callers")?;
    let (name, line) = handler.rsplit_once("main.go:").context("not of main.go")?;
    assert_eq!((name, calls), ("main.main.func1", &plain(&fmt::calls(row.calls))));
    let source = std::fs::read_to_string(paths::in_root("demo/bridge/main.go"))?;
    let line = source.lines().nth(line.parse::<usize>()? - 1).context("beyond the file")?;
    ensure!(line.contains("grid.Draw()"), "{line}");
    ensure!(expected[1..].iter().any(|it| it.1.starts_with("js.handleEvent")), "{expected:?}");
    let others = "[...document.querySelectorAll('.bridge .other .func')].map((it) => it.innerText)";
    let others = tab.eval(others).await?.to_string();
    ensure!(others.contains("handleEvent") && !others.contains("main.main"), "{others}");

    // By member: the lines that use it.
    choose(tab, "By member").await?;
    let row = "[...document.querySelectorAll('.bridge tbody tr')].find((row) => row.cells[0].textContent.trim().startsWith('innerHTML'))";
    tab.until(&format!("{row} && true")).await?;
    viewer::click(tab, &format!("{row}.querySelector('.twist')")).await?;
    tab.until("document.querySelector('.bridge tbody tr[aria-level=\"2\"]') && true").await?;
    let member = Subject::Member { import: "syscall/js.valueSet".into(), member: "innerHTML".into() };
    let mut expected = Vec::new();
    tree(&reading.callers(&member, &|_, only| only), 2, &mut expected);
    assert_eq!(callers(tab, 1).await?, expected);
    ensure!(expected[0].1.starts_with("main.(*Grid).Drawdraw_sick.go:"), "{expected:?}");
    viewer::click(tab, &format!("{row}.querySelector('.twist')")).await?;
    tab.until("!document.querySelector('.bridge tbody tr[aria-level=\"2\"]')").await
}

async fn keys(tab: &Tab) -> Result<()> {
    let _server = fixture(tab).await?;
    stop(tab).await?;
    // Lines that all have the same single caller.
    press(tab, "/").await?;
    press(tab, "main.work").await?;
    tab.until("document.querySelector('.found').innerText !== ''").await?;
    let active = "[document.activeElement.localName, document.activeElement.ariaLevel, document.activeElement.ariaExpanded,
        [...document.querySelectorAll('.bridge tbody tr')].indexOf(document.activeElement)]";
    tab.eval("document.querySelector('.bridge tbody tr[tabindex=\"0\"]').focus()").await?;
    assert_eq!(tab.eval(active).await?, json!(["tr", "1", "false", 0]));
    assert_eq!(tab.eval("document.querySelectorAll('.bridge tbody tr[tabindex=\"0\"]').length").await?, 1);
    for (key, expected) in [
        (DOWN, json!(["tr", "1", "false", 1])),
        (UP, json!(["tr", "1", "false", 0])),
        (RIGHT, json!(["tr", "1", "true", 0])),
    ] {
        press(tab, key).await?;
        tab.until(&format!("JSON.stringify({active}) === '{expected}'")).await?;
    }
    tab.until("document.querySelector('.bridge tbody tr[aria-level=\"2\"]') && true").await?;
    press(tab, RIGHT).await?;
    tab.until(&format!("{active}[1] === '2' && {active}[3] === 1")).await?;
    // It is the only one, and so is open: it closes first.
    tab.until(&format!("{active}[2] === 'true'")).await?;
    press(tab, LEFT).await?;
    tab.until(&format!("{active}[2] === 'false'")).await?;
    press(tab, LEFT).await?;
    tab.until(&format!("JSON.stringify({active}) === '{}'", json!(["tr", "1", "true", 0]))).await?;
    press(tab, ENTER).await?;
    tab.until("!document.querySelector('.bridge tbody tr[aria-level=\"2\"]')").await
}

async fn narrows(tab: &Tab) -> Result<()> {
    let _server = fixture(tab).await?;
    // A part of its own, later.
    viewer::leave(tab).await?;
    tokio::time::sleep(Duration::from_millis(400)).await;
    let start = tab.eval("performance.now()").await?.as_f64().context("no time")?;
    tab.eval("copies(100)").await?;
    tokio::time::sleep(Duration::from_millis(400)).await;
    let end = tab.eval("performance.now()").await?.as_f64().context("no time")?;
    tab.eval("work(3000)").await?;
    viewer::enter(tab).await?;
    let session = stop(tab).await?;
    let whole = shown(tab, 1).await?;

    let range = Range { start: start.round(), end: end.round() };
    go(tab, &format!("view=bridge&select={}-{}", range.start, range.end)).await?;
    tab.until("document.querySelector('.bridge .scope') && true").await?;
    shows(tab, 1, &as_shown(&by_line(&GoLines::of(&session, Some(range))), true)).await?;
    let narrowed = shown(tab, 1).await?;
    let others = ["main.work", "main.names", "main.set"];
    ensure!(narrowed.keys().any(|name| name.starts_with("main.copies")) && narrowed != whole, "{narrowed:?}");
    ensure!(!narrowed.keys().any(|name| others.iter().any(|it| name.starts_with(it))), "{narrowed:?}");
    let scope = viewer::text(tab, ".bridge .scope").await?;
    ensure!(scope.as_str().is_some_and(|it| it.contains(" of ")), "{scope}");
    let mut live = GoLineLive::new(Some(range));
    live.update(&session, 0);
    let reading = live.read(&session);
    choose(tab, "By import").await?;
    shows(tab, 0, &as_shown(&by_cost(&reading.imports()), true)).await?;
    choose(tab, "By member").await?;
    shows(tab, 0, &as_shown(&by_cost(&reading.members()), false)).await?;
    let caption = tab.eval("document.querySelector('.bridge [role=treegrid]').ariaLabel").await?;
    ensure!(caption.as_str().is_some_and(|it| it.starts_with("JS members, ")), "{caption}");

    choose(tab, "By Go line").await?;
    viewer::click(tab, "document.querySelector('.range-chip [aria-label^=Clear]')").await?;
    tab.until("!document.querySelector('.bridge .scope')").await?;
    shows(tab, 1, &whole).await
}

async fn holds(tab: &Tab) -> Result<()> {
    let _server = fixture(tab).await?;
    choose(tab, "By import").await?;
    viewer::click(tab, &button("Calls")).await?;
    let names = async || -> Result<Vec<String>> {
        Ok(rows(tab).await?.into_iter().map(|row| row[0].clone()).collect())
    };
    let work = async |what: &str| -> Result<()> {
        let figures = tab.eval("document.querySelector('.bridge tbody').innerText").await?;
        viewer::leave(tab).await?;
        tab.eval(what).await?;
        viewer::enter(tab).await?;
        tab.until(&format!("document.querySelector('.bridge tbody').innerText !== {figures}")).await
    };
    viewer::point_at(tab, "document.querySelector('.bridge tbody td')").await?;
    let before = names().await?;
    work("copies(30000)").await?;
    assert_eq!(names().await?[..before.len()], before, "under the pointer");
    viewer::point_at(tab, "document.querySelector('.bar h1')").await?;
    let first = |name: &str| {
        format!("document.querySelector('.bridge tbody .func').innerText !== {}", Value::from(name))
    };
    tab.until(&first(&before[0])).await?;

    tab.eval("document.querySelector('.bridge tbody tr').focus()").await?;
    let before = names().await?;
    work("names(60000)").await?;
    assert_eq!(names().await?[..before.len()], before, "with the focus in it");
    tab.eval("document.activeElement.blur()").await?;
    tab.until(&first(&before[0])).await
}
