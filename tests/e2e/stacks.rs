//! Stacks of sampled crossings against `runtime.Callers` in the same crossing.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::Frame;

use crate::harness::{Scene, Tab, fixture_site};
use crate::programs::{self, StacksBuild};

const IMPORT: &str = "syscall/js.valueInvoke";

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let trial = |build: StacksBuild| {
        let name = format!("stacks: Go {}", build.name());
        scene.trial(&name, async move |tab| as_go_says(tab, build).await)
    };
    programs::stacks_builds().map(trial).collect()
}

async fn as_go_says(tab: &Tab, build: StacksBuild) -> Result<()> {
    let site = fixture_site().mount("/build/", build.build()?);
    let server = tab.serve(site, &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/stacks.html"), "globalThis.finished").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    ensure!(session.meta.dropped.values().all(|n| *n == 0), "dropped: {:?}", session.meta.dropped);
    let instance = session.instances.first().context("no instance")?;
    // Only probes are invoked, and all of them are sampled: the samples are the records, in order.
    let sampled: Vec<_> = instance
        .samples
        .iter()
        .filter(|sample| instance.imports[sample.import as usize].name == IMPORT)
        .collect();
    let records = tab.eval("records").await?;
    let records = records.as_array().context("no records")?;
    ensure!(
        sampled.len() == records.len() && sampled.iter().all(|sample| sample.weight == 1.0),
        "{} samples of {} calls",
        sampled.len(),
        records.len()
    );
    let mut numbered = 0;
    for (record, sample) in records.iter().zip(sampled) {
        let label = record["label"].as_str().context("no label")?;
        let t = record["t"].as_f64().context("no time")?;
        let length = f64::from(sample.time_ms.unwrap_or(0.0));
        // One crossing: it began before the page was called, and ended after it.
        ensure!(sample.t <= t && t <= sample.t + length, "{label}: {} and {t}", sample.t);
        let (goid, said) = parse(record["said"].as_str().context("Go said nothing")?)?;
        let stack = sample.stack.with_context(|| format!("{label}: no stack"))?;
        let ours: Vec<Frame> = session.frames_of(stack).cloned().collect();
        assert_eq!(ours, said, "{label}");
        // Crossings of start-up are looked at later, when nothing tells whose stack it was.
        if let Some(found) = sample.goid {
            assert_eq!(found, goid, "{label}");
            numbered += 1;
        }
    }
    ensure!(numbered >= 10, "{numbered} samples know their goroutine");
    check_situations(build, records, &session)
}

/// What Go says of the stack below its own callback: `goid goroutines`, then a frame a line.
fn parse(said: &str) -> Result<(u64, Vec<Frame>)> {
    let mut lines = said.lines();
    let goid = lines.next().and_then(|head| head.split(' ').next()).context("no head")?.parse()?;
    let frames = lines.map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        let [func, file, line, inlined] = fields.as_slice() else { anyhow::bail!("not a frame: {line}") };
        Ok(Frame {
            func: (*func).to_owned(),
            file: Some((*file).to_owned()),
            line: Some(line.parse()?),
            inlined: *inlined == "true",
            ..Frame::default()
        })
    });
    let frames: Vec<Frame> = frames.collect::<Result<_>>()?;
    let below = frames.iter().position(|frame| frame.func == "runtime.handleEvent").context("no callback")?;
    Ok((goid, frames[below + 1..].to_vec()))
}

/// That the program was in the situations it is there for.
fn check_situations(
    build: StacksBuild,
    records: &[serde_json::Value],
    session: &session::Session,
) -> Result<()> {
    let labels: Vec<_> = records.iter().filter_map(|record| record["label"].as_str()).collect();
    for label in
        ["after Sleep", "after a channel wait, deep", "synchronous callback", "asynchronous callback"]
    {
        ensure!(labels.contains(&label), "{build:?}: no {label}");
    }
    ensure!(labels.len() >= 50, "{build:?}: {} records", labels.len());
    ensure!(session.frames.iter().any(|frame| frame.inlined), "{build:?}: nothing inlined");
    let rooted = |frame: &Frame| frame.file.as_deref().is_some_and(|file| file.starts_with('/'));
    let own = session.frames.iter().filter(|frame| frame.func.starts_with("main."));
    ensure!(own.clone().count() > 20, "{build:?}: {} frames of main", own.clone().count());
    assert_eq!(own.clone().any(rooted), !build.stripped, "{build:?}: paths are as -trimpath leaves them");
    Ok(())
}
