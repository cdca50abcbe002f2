//! The view of garbage collection, against what the agent's own core recorded and the program's runtime says.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::json;
use session::{Session, collections, fmt};
use xtask::server::Server;
use xtask::{demo, paths};

use crate::facts::{self, ENTER, plain};
use crate::harness::{Scene, Tab, fixture_site};
use crate::{programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("gc view: tells what the session tells", tells),
        scene.trial("gc view: says why it is empty", empty),
    ]
}

const LINES: &str = "gc-lines-table";
const CYCLES: &str = "gc-cycles-table";

/// The demo that churns, in the view, stopped after some cycles.
async fn churned(tab: &Tab) -> Result<(demo::Running, Session)> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    viewer::visit(tab, &running.targets.localhost_url("/demos/churn/?variant=sick")).await?;
    viewer::enter(tab).await?;
    facts::go(tab, "gc").await?;
    tab.until("document.querySelectorAll('.gc-cycles-table tbody tr').length >= 8").await?;
    viewer::leave(tab).await?;
    let session = facts::stop(tab).await?;
    let cycles = session.instances[0].gc.len();
    tab.until(&format!(
        "document.querySelector('.gc-view .answer')?.innerText.includes(': {} cycles')",
        fmt::count(cycles as u64)
    ))
    .await?;
    Ok((running, session))
}

async fn tells(tab: &Tab) -> Result<()> {
    let (_running, session) = churned(tab).await?;
    let told = collections(&session, None);
    let answer = viewer::text(tab, ".gc-view .answer p").await?;
    let answer = answer.as_str().context("no answer")?;
    let share = fmt::percent(told.cycle_share.context("no share")?).replace('\u{a0}', " ");
    ensure!(answer.starts_with(&format!("Collecting took at most {share} of the time: ")), "{answer}");
    ensure!(
        answer.contains(&format!("stopped for {}", fmt::ms(told.pause_ms).replace('\u{a0}', " "))),
        "{answer}"
    );

    let lines = facts::rows(tab, LINES).await?;
    let expected: Vec<_> = told
        .lines
        .iter()
        .map(|(place, cycles)| (plain(&place.text()), plain(&fmt::count(*cycles))))
        .collect();
    let shown: Vec<_> = lines.iter().map(|row| (row[0].replace("inlined", ""), row[1].clone())).collect();
    // Of lines with as many cycles any may come first.
    let sorted = |mut rows: Vec<(String, String)>| {
        rows.sort();
        rows.truncate(10);
        rows
    };
    assert_eq!(sorted(shown.clone()), sorted(expected));
    let (name, line) = shown[0].0.rsplit_once("remember_sick.go:").context("not of remember_sick.go")?;
    let source = std::fs::read_to_string(paths::in_root("demo/churn/remember_sick.go"))?;
    let line = source.lines().nth(line.parse::<usize>()? - 1).context("beyond the file")?;
    ensure!(name == "main.(*walker).remember" && line.contains("make("), "{name}: {line}");

    // Newest first, and as recorded.
    let gc = &session.instances[0].gc;
    let cycles = facts::rows(tab, CYCLES).await?;
    assert_eq!(cycles.len(), 8);
    for (row, cycle) in cycles.iter().zip(gc.iter().rev()) {
        let number = fmt::count(u64::from(cycle.number)) + if cycle.forced { "forced" } else { "" };
        assert_eq!((&row[1], &row[3]), (&number, &plain(&fmt::ms(cycle.duration_ms))));
        // Whole milliseconds, or tenths of one in the first second.
        let began = match row[2].strip_suffix("ms") {
            Some(ms) => ms.parse::<f64>()?,
            None => row[2].trim_end_matches('s').parse::<f64>()? * 1e3,
        };
        ensure!((began - cycle.t).abs() < 0.51, "{row:?} {cycle:?}");
    }
    facts::more(tab, CYCLES, 8, gc.len()).await?;

    // Sorted by what each took, then opened, then selected by key.
    facts::press_head(tab, CYCLES, "Took").await?;
    let longest = gc.iter().max_by(|a, b| a.duration_ms.total_cmp(&b.duration_ms)).context("no cycle")?;
    let first = format!("document.querySelector('.{CYCLES} tbody tr')");
    tab.until(&format!(
        "{first}.cells[3].innerText.replace(/\\s/g, '') === {}",
        json!(plain(&fmt::ms(longest.duration_ms)))
    ))
    .await?;
    tab.eval(&format!("{first}.focus()")).await?;
    facts::press(tab, facts::RIGHT).await?;
    tab.until(&format!("{first}.ariaExpanded === 'true' && {first}.nextSibling.ariaLevel === '2'")).await?;
    let caller = tab.eval(&format!("{first}.nextSibling.innerText")).await?;
    ensure!(
        caller.as_str().is_some_and(|it| it.contains("main.(*field).step") && it.contains("field.go:")),
        "{caller}"
    );
    facts::press(tab, ENTER).await?;
    tab.until("document.querySelector('.range-chip') && document.querySelectorAll('.gc-cycles-table tbody tr[aria-level=\"1\"]').length === 1")
        .await?;
    let answer = viewer::text(tab, ".gc-view .answer p").await?;
    ensure!(answer.as_str().is_some_and(|it| it.contains(": 1 cycle in ")), "{answer}");
    facts::fits(tab, "gc-view").await
}

async fn open(tab: &Tab, attributes: &str) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag(attributes)).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    tab.eval("work(100)").await?;
    viewer::enter(tab).await?;
    facts::go(tab, "gc").await?;
    tab.until("document.querySelector('.gc-view .empty') && true").await?;
    Ok(server)
}

async fn empty(tab: &Tab) -> Result<()> {
    for (attributes, words) in [
        ("", "No garbage collection so far."),
        ("data-runtime-traces=\"off\"", "data-runtime-traces=\"off\""),
    ] {
        let _server = open(tab, attributes).await?;
        let said = viewer::text(tab, ".gc-view .empty").await?;
        ensure!(said.as_str().is_some_and(|it| it.contains(words)), "{attributes}: {said}");
        viewer::leave(tab).await?;
    }
    Ok(())
}
