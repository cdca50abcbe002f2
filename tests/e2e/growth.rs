//! Memory, references to JavaScript and goroutines: against what the page sees at the same moments.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{Grow, Session};
use xtask::fresh::{self, Inputs};
use xtask::paths;
use xtask::tools::go::{Go, TESTED};

use crate::harness::{Scene, Tab, fixture_site};

/// Each larger than what a Go runtime reserves at once.
const HOARDS: [u64; 3] = [9 << 20, 20 << 20, 70 << 20];
const HELD: u64 = 1234;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let trial = |version: &'static str| {
        scene.trial(&format!("growth: Go {version}"), async move |tab| as_the_page_sees(tab, version).await)
    };
    let mut trials: Vec<Trial> = TESTED.map(trial).into();
    trials.push(scene.trial("growth: as soon as main waits", at_once_after_main));
    trials
}

/// The program, and the glue that goes with it.
pub fn build(version: &str) -> Result<PathBuf> {
    let source = paths::in_root("tests/fixtures/growth");
    let folder = paths::in_root("target/e2e/growth").join(version);
    let module = folder.join("growth.wasm");
    let inputs = Inputs::new().tree(&source).text(version);
    fresh::once(&format!("e2e-growth-{version}"), &inputs, std::slice::from_ref(&module), || {
        let go = Go::exactly(version)?;
        go.build(&source, ".", &module, &[])?;
        fresh::copy(&go.wasm_exec()?, &folder.join("wasm_exec.js"))
    })?;
    Ok(folder)
}

async fn as_the_page_sees(tab: &Tab, version: &str) -> Result<()> {
    let site = fixture_site().mount("/build/", build(version)?);
    let server = tab.serve(site, &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/growth.html"), "globalThis.isReady").await?;
    grows(tab, version).await?;
    references(tab, version).await?;
    goroutines(tab, version).await
}

/// The session, and what the page says of `what` at the same moment.
pub async fn at_once(tab: &Tab, what: &str) -> Result<(serde_json::Value, Session)> {
    let ask = format!(
        "(async () => {{ const page = {what}; return {{ page, session: JSON.stringify(await gopherscope.snapshot()) }}; }})()"
    );
    let both = tab.eval(&ask).await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    Ok((both["page"].clone(), session))
}

async fn grows(tab: &Tab, version: &str) -> Result<()> {
    // How many sizes the page had seen before each call.
    let mut before = Vec::new();
    for bytes in HOARDS {
        before.push(
            tab.eval(&format!("(() => {{ const seen = sizes.length; hoard({bytes}); return seen; }})()"))
                .await?,
        );
    }
    let (page, session) = at_once(tab, "({ sizes: [...sizes], now: mem.buffer.byteLength })").await?;
    let mut sizes: Vec<f64> =
        page["sizes"].as_array().context("sizes")?.iter().filter_map(serde_json::Value::as_f64).collect();
    let before: Vec<f64> = before
        .iter()
        .map(|seen| seen.as_u64().and_then(|seen| sizes.get(seen as usize - 1).copied()).context("no size"))
        .collect::<Result<_>>()?;
    // Go says so, too, before it has grown at all.
    sizes.dedup();
    let instance = session.instances.first().context("no instance")?;
    let grows: Vec<_> = instance.grows.iter().map(|grow| (grow.from_bytes, grow.to_bytes)).collect();
    let expected: Vec<_> = sizes.windows(2).map(|pair| (pair[0], pair[1])).collect();
    assert_eq!(grows, expected, "Go {version}: every growth, as the page saw it");
    assert_eq!(
        instance.series.memory_bytes.last().copied(),
        page["now"].as_f64(),
        "Go {version}: memory now"
    );
    ensure!(instance.grows.is_sorted_by_key(|grow| grow.t), "Go {version}: out of order");
    // Who hoarded has grown it, each time.
    for (bytes, before) in HOARDS.into_iter().zip(before) {
        let grow = instance.grows.iter().find(|grow| grow.from_bytes == before);
        let grow = grow.with_context(|| format!("Go {version}: no growth from {before} by {bytes}"))?;
        is_hoard(&session, grow).with_context(|| format!("Go {version}, {bytes} bytes"))?;
    }
    Ok(())
}

fn is_hoard(session: &Session, grow: &Grow) -> Result<()> {
    let stack = grow.stack.context("no stack")?;
    let names: Vec<_> = session.frames_of(stack).map(|it| it.func.as_str()).collect();
    ensure!(names.contains(&"main.hoard"), "from {names:?}");
    let line = session::go_line(session, stack).context("no Go line")?;
    assert_eq!(line.func, "main.hoard");
    Ok(())
}

/// The page has memory grow in the task in which it starts the program: ahead of the agent's timer, with which it reads
/// Go's tables.
async fn at_once_after_main(tab: &Tab) -> Result<()> {
    let version = TESTED.last().context("no version")?;
    let site = fixture_site().mount("/build/", build(version)?);
    let server = tab.serve(site, &tab.tag("data-ui=\"none\"")).await?;
    let url = server.localhost_url(&format!("/growth.html?hoard={}", HOARDS[1]));
    tab.visit(&url, "globalThis.isReady").await?;
    let (sizes, session) = at_once(tab, "[...sizes]").await?;
    let grows = &session.instances.first().context("no instance")?.grows;
    let last = grows.last().context("memory did not grow")?;
    assert_eq!(sizes.as_array().and_then(|it| it.last()?.as_f64()), Some(last.to_bytes));
    is_hoard(&session, last)
}

/// Live references rise by what the program holds more of; each call of it leaves the same few behind.
async fn references(tab: &Tab, version: &str) -> Result<()> {
    let mut seen = Vec::new();
    for held in [None, Some(0), Some(HELD), Some(0)] {
        if let Some(held) = held {
            tab.eval(&format!("hold({held})")).await?;
        }
        let (page, session) = at_once(tab, "references()").await?;
        let series = &session.instances.first().context("no instance")?.series;
        seen.push((*series.js_refs.last().context("no references")?, page.as_f64().context("references")?));
    }
    let rises = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        seen.windows(2).map(|pair| of(&pair[1]) - of(&pair[0])).collect()
    };
    let ours = rises(|it| it.0);
    assert_eq!(ours, rises(|it| it.1), "Go {version}: as the glue counts them");
    assert_eq!(ours[1] - ours[0], HELD as f64, "Go {version}: {seen:?}");
    assert_eq!(ours[2], ours[0], "Go {version}: a call that holds nothing leaves as much as before");
    Ok(())
}

/// As many goroutines as `runtime.NumGoroutine` says, of which the runtime's own and those that have ended are none.
async fn goroutines(tab: &Tab, version: &str) -> Result<()> {
    for parked in [0, 300, 2] {
        let ask = format!("(park({parked}), goroutines())");
        let (said, session) = at_once(tab, &ask).await?;
        let series = &session.instances.first().context("no instance")?.series;
        let counted = series.goroutines.iter().rfind(|count| !count.is_nan()).copied();
        assert_eq!(counted, said.as_f64(), "Go {version}, {parked} parked");
        ensure!(counted >= Some(f64::from(parked)), "Go {version}: {counted:?} of {parked}");
    }
    Ok(())
}
