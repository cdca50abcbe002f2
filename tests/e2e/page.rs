//! What the page itself did: the backlog of microtasks against synthetic truth, long tasks and user timing against what
//! the engine tells everyone.

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use session::{LongTaskKind, Microtask, Session};

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::programs;

/// Shapes of microtasks, and whether all of them are queued when Go ends its stay.
const SHAPES: [(&str, bool); 6] = [
    ("chain", false),
    ("flood", true),
    ("await", false),
    ("parallel", false),
    ("generator", false),
    ("competing", true),
];
/// Of the truth.
const WITHIN: f64 = 0.1;
/// Rounds, one of which must agree: on a busy machine something else may run before our task does.
const ROUNDS: usize = 30;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.needs(&[Need::Priorities]).trial("page: backlog of microtasks", shapes),
        scene.trial("page: backlog where tasks have no priorities", bound),
        scene.needs(&[Need::LongTasks]).trial("page: long tasks", held),
        scene.trial("page: user timing", timings),
    ]
}

async fn open(tab: &Tab, query: &str) -> Result<xtask::server::Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url(&format!("/page.html{query}")), "globalThis.isReady").await?;
    Ok(server)
}

async fn snapshot(tab: &Tab) -> Result<Session> {
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    Ok(session)
}

/// The probe sent where Go was left, and how long microtasks ran after it; asked for again where the machine came between.
async fn probe(tab: &Tab, shape: &str, ms: f64) -> Result<(Microtask, f64)> {
    for round in 1.. {
        let truth = tab.eval(&format!("backlog('{shape}', {ms})")).await?;
        let (left, last) = (truth["left"].as_f64().context("left")?, truth["last"].as_f64().context("last")?);
        let session = snapshot(tab).await?;
        let probes = &session.page.microtasks;
        let probe = probes.iter().rfind(|probe| probe.t <= left + 0.2).context("no probe")?;
        if left - probe.t < 5.0 {
            return Ok((*probe, last - probe.t));
        }
        ensure!(round < ROUNDS, "the probe is of {}, Go was left at {left}", probe.t);
    }
    bail!("no round")
}

async fn shapes(tab: &Tab) -> Result<()> {
    let _server = open(tab, "").await?;
    for (shape, all_queued) in SHAPES {
        for ms in [20.0, 100.0] {
            for round in 1.. {
                let (probe, truth) = probe(tab, shape, ms).await?;
                ensure!(probe.exact && truth >= 0.9 * ms, "{shape}: {probe:?}, {truth} ms");
                let right = (probe.drain_ms / truth - 1.0).abs() < WITHIN
                    && if all_queued {
                        (probe.queued_ms / truth - 1.0).abs() < WITHIN
                    } else {
                        probe.queued_ms < 0.5 * truth
                    };
                if right {
                    break;
                }
                ensure!(round < ROUNDS, "{shape}: {probe:?}, the last microtask ended after {truth} ms");
            }
        }
    }
    for round in 1.. {
        let (quiet, _) = probe(tab, "nothing", 20.0).await?;
        if quiet.drain_ms < 10.0 {
            break;
        }
        ensure!(round < ROUNDS, "nothing was queued: {quiet:?}");
    }
    Ok(())
}

async fn bound(tab: &Tab) -> Result<()> {
    let _server = open(tab, "?plain").await?;
    for shape in ["chain", "flood", "competing"] {
        let (probe, truth) = probe(tab, shape, 50.0).await?;
        ensure!(!probe.exact && probe.drain_ms >= truth - 0.2, "{shape}: {probe:?}, {truth} ms");
    }
    Ok(())
}

async fn held(tab: &Tab) -> Result<()> {
    let _server = open(tab, "").await?;
    let work = "(async () => {
        const from = performance.now();
        await block(80);
        await block(150);
        const to = performance.now();
        await pause(200);
        return { from, to, session: JSON.stringify(await gopherscope.snapshot()), seen };
      })()";
    let both = tab.eval(work).await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    let (from, to) = (both["from"].as_f64().context("from")?, both["to"].as_f64().context("to")?);
    let between = |start: f64| (from..to).contains(&start);
    let seen: Vec<(f64, f64)> = serde_json::from_value(both["seen"].clone())?;
    let seen: Vec<_> = seen.into_iter().filter(|(start, _)| between(*start)).collect();
    let told = session.page.longtasks.as_ref().context("no long tasks")?;
    let tasks = told.iter().filter(|it| it.kind == LongTaskKind::Task && between(it.start));
    let tasks: Vec<_> = tasks.map(|it| (it.start, it.duration_ms)).collect();
    assert_eq!(tasks, seen, "start and length of long tasks");
    ensure!(tasks.iter().any(|it| it.1 >= 149.0), "{tasks:?}");
    let frames = told.iter().filter(|it| it.kind == LongTaskKind::Frame);
    for frame in frames {
        ensure!(frame.blocking_ms.is_some() && frame.duration_ms > 49.0, "{frame:?}");
    }
    Ok(())
}

async fn timings(tab: &Tab) -> Result<()> {
    let _server = open(tab, "").await?;
    tab.eval(
        "(performance.mark('a'), performance.mark('é'.repeat(120)), performance.measure('span', 'a'),
          performance.measure('back', { start: 9, end: 4 }), performance.measure('from 0', { end: 3 }),
          performance.mark('a', { detail: { secret: 1 } }))",
    )
    .await?;
    let engine = "['mark', 'measure'].map((type) => performance.getEntriesByType(type)
        .map(({ name, startTime, duration }) => [name.replace(/(é{100})é+/, '$1'), startTime, duration]))";
    let both = format!("gopherscope.snapshot().then((s) => [JSON.stringify(s), {engine}])");
    let both = tab.eval(&both).await?;
    let session = session::file::read(both[0].as_str().context("no session")?.as_bytes())?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let [marks, measures]: [Vec<(String, f64, f64)>; 2] = serde_json::from_value(both[1].clone())?;
    let told = session.page.marks.iter().map(|mark| (mark.name.clone(), mark.t, 0.0));
    assert_eq!(sorted(told), sorted(marks));
    let told = session.page.measures.iter().map(|it| (it.name.clone(), it.start, it.duration_ms));
    assert_eq!(sorted(told), sorted(measures));
    ensure!(session.page.marks.iter().any(|mark| mark.name == "before the agent"));

    // What was before a new beginning is not of it.
    tab.eval("(performance.mark('old'), gopherscope.clear(), performance.mark('new'))").await?;
    let page = snapshot(tab).await?.page;
    assert_eq!(page.marks.iter().map(|mark| mark.name.as_str()).collect::<Vec<_>>(), ["new"]);
    tab.session("gopherscope.stop()").await?;
    tab.eval("(performance.mark('between'), gopherscope.start(), performance.mark('again'))").await?;
    let page = snapshot(tab).await?.page;
    assert_eq!(page.marks.iter().map(|mark| mark.name.as_str()).collect::<Vec<_>>(), ["again"]);
    assert_eq!(tab.eval("gopherscope.faults").await?, 0);
    // The page watches long tasks itself.
    ensure!(tab.eval("watching.size").await?.as_u64() > Some(1), "we watch nothing");
    assert_eq!(tab.eval("(gopherscope.uninstall(), watching.size)").await?, 1);
    Ok(())
}

fn sorted(rows: impl IntoIterator<Item = (String, f64, f64)>) -> Vec<(String, f64, f64)> {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(&b.0)).then(a.2.total_cmp(&b.2)));
    rows
}
