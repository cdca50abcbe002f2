//! The runtime's own traces: cycles of the garbage collector and packages' initialisation against what the program and
//! its runtime say, and a program's stderr against a run without the agent.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use session::{Gc, Session};
use xtask::fresh::{self, Inputs};
use xtask::paths;
use xtask::server::{Server, Site};
use xtask::tools::go::{Go, TESTED};

use crate::harness::{Scene, Tab, dist, fixture_site};

const GODEBUG: &str = "internal/godebug";

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let each = |version: &'static str| {
        [
            scene
                .trial(&format!("traces: cycles, Go {version}"), async move |tab| cycles(tab, version).await),
            scene
                .trial(&format!("traces: stderr, Go {version}"), async move |tab| stderr(tab, version).await),
        ]
    };
    let mut trials: Vec<Trial> = TESTED.into_iter().flat_map(each).collect();
    trials.push(scene.trial("traces: keys of the user", keys));
    trials.push(scene.trial("traces: what the page's write throws", throws));
    trials.push(scene.trial("traces: esbuild", esbuild));
    trials
}

/// The program, and the glue that goes with it.
fn build(version: &str) -> Result<PathBuf> {
    let source = paths::in_root("tests/fixtures/traces");
    let folder = paths::in_root("target/e2e/traces").join(version);
    let module = folder.join("traces.wasm");
    let inputs = Inputs::new().tree(&source).text(version);
    fresh::once(&format!("e2e-traces-{version}"), &inputs, std::slice::from_ref(&module), || {
        let go = Go::exactly(version)?;
        go.build(&source, ".", &module, &[])?;
        fresh::copy(&go.wasm_exec()?, &folder.join("wasm_exec.js"))
    })?;
    Ok(folder)
}

async fn open(tab: &Tab, version: &str, tag: &str, query: &str) -> Result<Server> {
    let server = tab.serve(fixture_site().mount("/build/", build(version)?), tag).await?;
    tab.visit(&server.localhost_url(&format!("/traces.html{query}")), "globalThis.isReady").await?;
    Ok(server)
}

async fn snapshot(tab: &Tab) -> Result<Session> {
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    Ok(session)
}

/// Functions of the stack in which a cycle began.
fn trigger<'a>(session: &'a Session, cycle: &Gc) -> Vec<&'a str> {
    cycle.stack.map(|stack| session.frames_of(stack).map(|it| it.func.as_str()).collect()).unwrap_or_default()
}

async fn cycles(tab: &Tab, version: &str) -> Result<()> {
    let _server = open(tab, version, &tab.tag("data-ui=\"none\""), "").await?;
    let [before, churned, said] = {
        let mut counts = [0; 3];
        for (count, work) in counts.iter_mut().zip(["", "churn(60), ", "collect(0), "]) {
            *count = tab.eval(&format!("({work}collections())")).await?.as_u64().context("no count")?;
        }
        counts
    };
    let session = snapshot(tab).await?;
    assert_eq!(session.meta.runtime_traces, Some(true));
    let instance = session.instances.first().context("no instance")?;
    let numbers: Vec<u64> = instance.gc.iter().map(|cycle| cycle.number.into()).collect();
    assert_eq!(numbers, (1..=said).collect::<Vec<_>>(), "Go {version}: every cycle");
    ensure!(churned >= before + 10 && said == churned + 1, "{before}, {churned}, {said} cycles");
    for cycle in &instance.gc {
        let stack = trigger(&session, cycle);
        let forced = u64::from(cycle.number) > churned;
        assert_eq!(cycle.forced, forced, "Go {version}: {cycle:?}");
        let by = if forced { "main.collect" } else { "main.churn" };
        ensure!(
            u64::from(cycle.number) <= before || stack.contains(&by),
            "Go {version}: {cycle:?} began in {stack:?}"
        );
        let pauses: f64 = cycle.pause_ms.iter().sum();
        ensure!(cycle.pause_ms.len() == 2 && pauses <= cycle.duration_ms, "Go {version}: {cycle:?}");
        // The pacer says nothing of cycles that it did not start.
        if cycle.forced {
            assert_eq!(
                (cycle.heap_trigger_bytes, cycle.heap_end_bytes),
                (None, None),
                "Go {version}: {cycle:?}"
            );
            continue;
        }
        let heap = cycle
            .heap_trigger_bytes
            .zip(cycle.heap_end_bytes)
            .with_context(|| format!("no heap: {cycle:?}"))?;
        ensure!(heap.0 > 0.0 && heap.1 >= heap.0, "Go {version}: {cycle:?}");
        ensure!(cycle.goal_mb >= Some(4.0), "Go {version}: {cycle:?}");
    }
    for cycle in &instance.gc {
        let slice = instance.slices.iter().find(|slice| slice.start <= cycle.t && cycle.t <= slice.end);
        ensure!(slice.is_some(), "Go {version}: {cycle:?} is in no stay in Go");
    }
    ensure!(instance.gc.is_sorted_by_key(|cycle| cycle.t), "Go {version}: out of order");
    initialised(tab, version, &session).await
}

/// As `inittrace=1` of the user's own tells the same program's start.
async fn initialised(tab: &Tab, version: &str, session: &Session) -> Result<()> {
    let _server = open(tab, version, "", "?godebug=inittrace=1").await?;
    let lines = text(tab).await?;
    let told: Vec<_> = lines
        .lines()
        .filter_map(|line| {
            let (package, rest) = line.strip_prefix("init ")?.split_once(" @")?;
            let (_, rest) = rest.split_once(" clock, ")?;
            let (_, rest) = rest.split_once(" bytes, ")?;
            Some((package, rest.split_once(' ')?.0.parse().ok()?))
        })
        .collect::<Vec<(&str, u64)>>();
    let inits = &session.instances[0].inits;
    // What it allocates depends on how many keys there are.
    let allocs = |it: &session::Init| if it.package == GODEBUG { told_allocs(&told) } else { it.allocs };
    let ours: Vec<_> = inits.iter().map(|it| (it.package.as_str(), allocs(it))).collect();
    assert_eq!(ours, told, "Go {version}");
    ensure!(ours.len() > 5, "Go {version}: {ours:?}");
    let phases = &session.instances[0].phases;
    let (first, last) = (phases.first().context("no phase")?, phases.last().context("no phase")?);
    for init in inits {
        ensure!(first.start < init.start && init.start <= last.start, "Go {version}: {init:?}, {phases:?}");
    }
    Ok(())
}

fn told_allocs(told: &[(&str, u64)]) -> u64 {
    told.iter().find(|it| it.0 == GODEBUG).map_or(0, |it| it.1)
}

/// All that the program wrote to stderr.
async fn text(tab: &Tab) -> Result<String> {
    let written = tab.eval("written.filter(([fd]) => fd === 2).map(([, text]) => text).join('')").await?;
    Ok(written.as_str().context("no text")?.to_owned())
}

/// What the program wrote, write by write, and how it ended.
async fn spoken(tab: &Tab, version: &str, tag: &str, query: &str) -> Result<Value> {
    let _server = open(tab, version, tag, query).await?;
    let say = "(churn(20), speak(0), churn(20), (() => { try { fail(0); } catch {} })(), 0)";
    tab.eval(say).await?;
    tab.until("'exited' in globalThis").await?;
    tab.eval("({ written, exited })").await
}

async fn stderr(tab: &Tab, version: &str) -> Result<()> {
    let without = spoken(tab, version, "", "").await?;
    ensure!(without["written"].as_array().is_some_and(|it| it.len() > 20), "{without:#}");
    let with = spoken(tab, version, &tab.tag("data-ui=\"none\""), "").await?;
    let session = snapshot(tab).await?;
    ensure!(session.instances[0].gc.len() > 10, "{} cycles", session.instances[0].gc.len());
    assert_eq!(with, without, "Go {version}");
    Ok(())
}

async fn keys(tab: &Tab) -> Result<()> {
    let version = TESTED[0];
    let tag = tab.tag("data-ui=\"none\"");
    // Asked for by the user: shown, and told. The user's no is a no.
    for (godebug, shown, told) in [("gctrace=1", true, true), ("madvdontneed=1,gctrace=0", false, false)] {
        let _server = open(tab, version, &tag, &format!("?godebug={godebug}")).await?;
        let count = tab.eval("(churn(20), collections())").await?.as_u64().context("no count")?;
        let lines = text(tab).await?;
        let cycles = lines.lines().filter(|line| line.starts_with("gc ")).count() as u64;
        assert_eq!(cycles, if shown { count } else { 0 }, "{godebug}: {lines}");
        ensure!(!lines.contains("pacer") && !lines.contains("init "), "{godebug}: {lines}");
        let session = snapshot(tab).await?;
        assert_eq!(session.instances[0].gc.len() as u64, if told { count } else { 0 }, "{godebug}");
        ensure!(!session.instances[0].inits.is_empty(), "{godebug}");
        let env = tab.eval("go.env.GODEBUG").await?;
        assert_eq!(env, godebug, "the page's own object stays as it is");
    }
    // Where there is no room, the program runs without.
    let _server = open(tab, version, &tag, "?long=7000").await?;
    let session = tab.session("(churn(20), gopherscope.snapshot())").await?;
    assert_eq!((session.instances[0].gc.len(), text(tab).await?.as_str()), (0, "hello\n"));
    assert_eq!(session.meta.errors[0].at, "GODEBUG");
    // Off.
    let _server = open(tab, version, &tab.tag("data-ui=\"none\" data-runtime-traces=\"off\""), "").await?;
    let session = tab.session("(churn(20), gopherscope.snapshot())").await?;
    assert_eq!((session.meta.runtime_traces, session.instances[0].gc.len()), (Some(false), 0));
    Ok(())
}

/// The page's own write throws while what was held back is written after all: that is the program's to see, as without us.
async fn throws(tab: &Tab) -> Result<()> {
    let say = "(() => {
        fs.writeSync = (fd, bytes) => { throw new Error(`full at ${new TextDecoder().decode(bytes)}`); };
        try { fail(0); } catch (reason) { return reason.message; }
        return 'nothing';
    })()";
    let mut said = Vec::new();
    for tag in [String::new(), tab.tag("data-ui=\"none\"")] {
        let _server = open(tab, TESTED[0], &tag, "").await?;
        said.push(tab.eval(say).await?);
        if !tag.is_empty() {
            snapshot(tab).await?;
        }
    }
    assert_eq!(said[0], "full at gc ");
    assert_eq!(said[1], said[0]);
    Ok(())
}

/// A large program: no cycle is missed.
async fn esbuild(tab: &Tab) -> Result<()> {
    let site = Site::default().mount("/demos/", dist().join("demos"));
    let site = site.replace("<script src=\"../../agent.js\"></script>", &tab.tag("data-ui=\"none\""));
    let server = tab.serve(site, "").await?;
    let built = "document.getElementById('files').textContent === '24'";
    tab.visit(&server.localhost_url("/demos/esbuild/"), built).await?;
    let session = snapshot(tab).await?;
    let instance = session.instances.first().context("no instance")?;
    let numbers: Vec<u32> = instance.gc.iter().map(|cycle| cycle.number).collect();
    assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>());
    ensure!(instance.inits.len() > 50, "{} packages", instance.inits.len());
    Ok(())
}
