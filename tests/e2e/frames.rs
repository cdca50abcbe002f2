//! Frames while Go holds the thread: what a viewer is told of a stay in Go before it ends.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use protocol::Frame;
use session::{Cause, Recording};

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::view::profiler_with;
use crate::{programs, viewer};

/// How long Go stays, ms: longer than the one before where that was too short for what is looked for.
const LENGTHS: [u32; 4] = [1300, 4000, 12_000, 30_000];

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("frames: inside a long stay in Go", inside),
        scene.needs(&[Need::OwnProcess]).trial("frames: a long stay in Go is shown before it ends", shown),
    ]
}

/// Go crosses again and again for more than a second without giving the thread back.
async fn inside(tab: &Tab) -> Result<()> {
    programs::build()?;
    let fake = profiler_with(&[("/index.html", "viewer.html")]).await?;
    let tag = format!("<script src=\"{}\"></script>", fake.url("/agent.js"));
    let server = tab.serve(fixture_site(), &tag).await?;
    viewer::visit(tab, &server.localhost_url("/sampled.html")).await?;
    tab.until("globalThis.isReady").await?;
    viewer::enter_frame(tab).await?;
    tab.eval(&format!("ready({})", protocol::VERSION)).await?;
    tab.until("frames.length > 0").await?;
    viewer::leave(tab).await?;
    // A busy machine lets a page tell less often than that: a longer stay leaves it more time.
    for ms in LENGTHS {
        let within = told_within(tab, ms).await?;
        if within >= 4 {
            return Ok(());
        }
        ensure!(ms < LENGTHS[LENGTHS.len() - 1], "{within} frames in {ms} ms");
    }
    Ok(())
}

/// How many frames came of one stay of that length, from its beginning to its end.
async fn told_within(tab: &Tab, ms: u32) -> Result<usize> {
    // One stay: the function that crosses is called by the page.
    let stay =
        format!("(() => {{ const t = performance.now(); lasting({ms}); return [t, performance.now()]; }})()");
    let stay: [f64; 2] = serde_json::from_value(tab.eval(&stay).await?)?;
    ensure!(stay[1] - stay[0] >= f64::from(ms), "{stay:?}");
    viewer::enter_frame(tab).await?;
    // A frame of after it, so that all of it has come.
    tab.until("(globalThis.had = frames.length, acknowledge(), acknowledge(), true)").await?;
    tab.until("(acknowledge(), acknowledge(), frames.length > had + 2)").await?;
    let bytes: Vec<Vec<u8>> = serde_json::from_value(tab.eval("frames").await?)?;
    viewer::leave(tab).await?;
    let mut recording = Recording::new();
    let (mut within, mut calls, mut began) = (0, 0, None);
    for bytes in &bytes {
        let frame = Frame::decode(bytes)?;
        let t = frame.t;
        recording.apply(frame)?;
        let instance = recording.session().instances.first().context("no instance")?;
        let before = std::mem::replace(&mut calls, instance.imports.iter().map(|it| it.calls).sum::<u64>());
        if stay[0] < t && t < stay[1] {
            ensure!(calls > before, "a frame that tells nothing new");
            ensure!(
                instance.slices.iter().all(|it| it.start < stay[0] || it.start > stay[1]),
                "told before its end"
            );
            let open = recording.open_slice(0).context("not told to be in Go")?;
            ensure!(open.cause == Cause::Event && (stay[0]..t).contains(&open.start), "{open:?}");
            assert_eq!(*began.get_or_insert(open.start), open.start, "the same stay");
            within += 1;
        }
    }
    Ok(within)
}

/// The view, in a process of its own, while the page is in Go for three seconds.
async fn shown(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/sampled.html")).await?;
    tab.until("globalThis.isReady").await?;
    let epoch = "performance.timeOrigin + performance.now()";
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.margin .latest') && true").await?;
    tab.eval(&format!("void (globalThis.seen = [], setInterval(() => seen.push([{epoch}, document.querySelector('.margin .latest').innerText]), 50))")).await?;
    for ms in LENGTHS.map(|ms| ms + 2000) {
        viewer::leave(tab).await?;
        let stay = format!(
            "void (globalThis.stay = new Promise((done) => setTimeout(() => {{ const from = {epoch}; lasting({ms}); done([from, {epoch}]); }}, 1000)))"
        );
        tab.eval(&stay).await?;
        let stay: [f64; 2] = serde_json::from_value(tab.eval("stay").await?)?;
        viewer::enter(tab).await?;
        let seen: Vec<(f64, String)> = serde_json::from_value(tab.eval("seen").await?)?;
        // "Now" is the mean of a second; a frame comes every 250 ms, later on a busy machine.
        let within: Vec<_> = seen.iter().filter(|(t, _)| (stay[0] + 2000.0..stay[1]).contains(t)).collect();
        if within.iter().any(|(_, busy)| busy == "100\u{a0}% busy") {
            break;
        }
        ensure!(ms < LENGTHS[LENGTHS.len() - 1], "{within:?}");
    }
    // And it is told as ended once it has.
    tab.until("document.querySelector('.margin .latest').innerText !== '100\u{a0}% busy'").await
}
