//! Findings: each demo's sick variant has those it was made for, with the line at fault; its healthy twin has none. Both as
//! `cargo xtask demo` serves them, in the page's own session and by the analyses here.

use std::time::Duration;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use session::{Finding, Session, findings};
use xtask::{build, demo};

use crate::harness::{Need, Scene, Tab};

/// How long a sick one is watched before it is asked.
const WATCHED: Duration = Duration::from_secs(4);
/// How long a healthy one is, whose start is to be no large part of that.
const WATCHED_WELL: Duration = Duration::from_secs(7);
/// How often a sick one is asked again: on a slow machine a share takes longer to be sure of.
const ASKED: u32 = 9;
/// How often a healthy one is loaded: another program may have held the processor.
const TRIED: u32 = 3;

/// How long a bare loop may be kept waiting.
const BUSY_MS: f64 = 15.0;

/// A demo and what its sick variant shows.
struct Demo {
    name: &'static str,
    /// Ids, and what the place begins or, for a URL, ends with.
    must: &'static [(&'static str, &'static str)],
    /// What comes with that, depending on the machine.
    may: &'static [&'static str],
}

const fn demo(name: &'static str, must: &'static [(&str, &str)], may: &'static [&str]) -> Demo {
    Demo { name, must, may }
}

static DEMOS: [Demo; 15] = [
    demo("bridge", &[("hot-member", "main.(*Grid).Draw draw_sick.go:")], &["thread-held"]),
    demo("copy", &[("json-copy", "main.exchange exchange_sick.go:")], &["hot-member", "gc", "thread-held"]),
    demo("elements", &[("element-copies", "main.")], &["thread-held"]),
    demo("startup", &[("package-init", "demo/startup/")], &[]),
    demo(
        "loading",
        &[("not-streamed", "/demos/loading/sick.wasm"), ("uncompressed", "/demos/loading/sick.wasm")],
        &[],
    ),
    demo(
        "headers",
        &[("wrong-mime", "/demos/headers/sick.bin"), ("uncacheable", "/demos/headers/sick.bin")],
        &[],
    ),
    demo("leak", &[("unreleased-funcs", "main.(*board).show board_sick.go:")], &[]),
    demo("values", &[("growing-references", "main.(*rows).add rows_sick.go:")], &[]),
    demo("churn", &[("gc", "main.(*walker).remember remember_sick.go:")], &["thread-held"]),
    demo("steps", &[("memory-high-water", "main.(*sum).add sum_sick.go:")], &["thread-held", "gc"]),
    demo("flood", &[("microtask-flood", "main.rankAll rank_sick.go:")], &["thread-held"]),
    demo("hog", &[("thread-held", "main.")], &[]),
    demo("goroutines", &[], &["thread-held"]),
    demo("timing", &[], &["thread-held"]),
    demo("crash", &[], &[]),
];

pub fn trials(scene: &Scene) -> Vec<Trial> {
    assert_eq!(DEMOS.each_ref().map(|it| it.name), build::demos::PROGRAMS, "every demo is looked at");
    let trial = |it: &'static Demo| {
        // A bound on what microtasks took is no finding.
        let needs: &[Need] = if it.name == "flood" { &[Need::Priorities] } else { &[] };
        scene.needs(needs).trial(&format!("findings: {}", it.name), async move |tab: &Tab| {
            let running = demo::serve(0, tab.browser.preload()).await?;
            let url = |variant: &str| {
                running.targets.localhost_url(&format!("/demos/{}/?variant={variant}", it.name))
            };
            is_sick(tab, &url("sick"), it).await?;
            is_healthy(tab, &url("healthy")).await
        })
    };
    let mut trials: Vec<Trial> = DEMOS.iter().map(trial).collect();
    trials.push(scene.trial("findings: esbuild", esbuild));
    trials
}

/// The session so far, whose findings are what this machine makes of it, too.
async fn session(tab: &Tab) -> Result<Session> {
    let session = tab.session("gopherscope.snapshot()").await?;
    let words = |all: &[Finding]| all.iter().map(|it| (it.title.clone(), it.at.clone())).collect::<Vec<_>>();
    assert_eq!(words(&session.findings), words(&findings(&session)));
    Ok(session)
}

/// A machine that keeps a bare loop waiting says nothing of programs that hold the thread.
async fn is_busy(tab: &Tab) -> Result<bool> {
    let longest = "(() => {
        let [last, longest, end] = [performance.now(), 0, performance.now() + 1000];
        while (last < end) {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          last = now;
        }
        return longest;
      })()";
    Ok(tab.eval(longest).await?.as_f64() > Some(BUSY_MS))
}

/// What a busy machine makes of any program.
fn is_stall(finding: &Finding) -> bool {
    matches!(finding.id.as_str(), "thread-held" | "microtask-flood")
}

async fn watch(tab: &Tab, url: &str, time: Duration) -> Result<()> {
    tab.visit(url, "globalThis.gopherscope?.programs").await?;
    tokio::time::sleep(time).await;
    Ok(())
}

async fn is_sick(tab: &Tab, url: &str, demo: &Demo) -> Result<()> {
    watch(tab, url, WATCHED).await?;
    let is = |it: &Finding, (id, place): &(&str, &str)| {
        let at = it.at.as_deref().unwrap_or_default();
        it.id == *id && (at.starts_with(place) || (place.starts_with('/') && at.ends_with(place)))
    };
    let mut asked = 1;
    let found = loop {
        let found = session(tab).await?.findings;
        let all = demo.must.iter().all(|must| found.iter().any(|it| is(it, must)));
        if all || asked == ASKED {
            ensure!(all, "{} has not all of {:?} but {found:#?}", demo.name, demo.must);
            break found;
        }
        asked += 1;
        tokio::time::sleep(WATCHED).await;
    };
    let known =
        |it: &&Finding| demo.may.contains(&it.id.as_str()) || demo.must.iter().any(|must| is(it, must));
    if let Some(other) = found.iter().find(|it| !known(it)) {
        ensure!(is_stall(other) && is_busy(tab).await?, "{} has more: {other:#?}", demo.name);
    }
    // What is held costs memory, which the title tells.
    let held = ["unreleased-funcs", "growing-references", "memory-high-water"];
    let told = |it: &Finding| {
        (it.cost_ms.is_some() || held.contains(&it.id.as_str()))
            && !it.detail.is_empty()
            && !it.fix.is_empty()
    };
    ensure!(found.iter().all(told), "{found:#?}");
    Ok(())
}

async fn is_healthy(tab: &Tab, url: &str) -> Result<()> {
    let mut found = Vec::new();
    for _ in 0..TRIED {
        watch(tab, url, WATCHED_WELL).await?;
        found = session(tab).await?.findings;
        if found.iter().any(is_stall) && is_busy(tab).await? {
            found.retain(|it| !is_stall(it));
        }
        if found.is_empty() {
            return Ok(());
        }
    }
    ensure!(found.is_empty(), "{url}, {TRIED} times: {found:#?}");
    Ok(())
}

/// A real program: it bundles for a while, which holds its thread, and nothing else is wrong.
async fn esbuild(tab: &Tab) -> Result<()> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    watch(tab, &running.targets.localhost_url("/demos/esbuild/"), WATCHED).await?;
    let found = session(tab).await?.findings;
    // How much of its start-up its packages take, some 10 %, is the machine's affair.
    if let Some(other) = found.iter().find(|it| !matches!(it.id.as_str(), "thread-held" | "package-init")) {
        ensure!(is_stall(other) && is_busy(tab).await?, "{other:#?}");
    }
    Ok(())
}
