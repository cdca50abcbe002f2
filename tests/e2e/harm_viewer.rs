//! Do no harm, whatever becomes of the viewer: it crashes, hangs or goes away, and the page is loaded again and again.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::Session;
use xtask::browser::Engine;
use xtask::server::{Rule, Server, Site};

use crate::harness::{self, Need, Scene, Tab, fixture_site};
use crate::{programs, viewer};

/// A hundred, or fewer where the driver takes its time over each.
const fn reloads_in(engine: Engine) -> u32 {
    match engine {
        Engine::Chromium => 100,
        Engine::Firefox | Engine::WebKit => 30,
    }
}

/// Frames that may be on their way to a viewer that does not answer.
const OUTSTANDING: u64 = 2;
/// What the overlay says for a viewer, and what it offers.
const NOTICE: &str = "overlayRoot.querySelector('.notice')?.innerText.split(/\\s*\\n\\s*/).join('|')";

/// Lets a test reach the recorder's own memory.
const KEEP_INSTANCES: &str = "globalThis.instances = [];
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
        construct: (...given) => (instances.push(Reflect.construct(...given)), instances.at(-1)),
    });";

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.needs(&[Need::DevTools]).trial("harm: a viewer that hangs", hangs),
        scene.needs(&[Need::DevTools]).trial("harm: a viewer that crashes", crashes),
        scene.trial("harm: a viewer that never loads", never_loads),
        scene.trial("harm: a viewer that goes elsewhere", elsewhere),
        scene.trial("harm: reloads", reloads),
        scene.trial("harm: away and back", away_and_back),
    ]
}

async fn open(tab: &Tab) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    recording(tab).await?;
    Ok(server)
}

/// The viewer in the page shows that it records.
async fn recording(tab: &Tab) -> Result<()> {
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]')?.innerText === 'recording'").await?;
    viewer::leave(tab).await
}

/// Calls of methods so far; nothing of ours failed.
async fn calls(tab: &Tab) -> Result<u64> {
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "{:?}", session.meta.errors);
    Ok(method_calls(&session))
}

fn method_calls(session: &Session) -> u64 {
    let imports = &session.instances[0].imports;
    imports.iter().filter(|it| it.name == "syscall/js.valueCall").map(|it| it.calls).sum()
}

/// The program works, and its calls are counted.
async fn works(tab: &Tab) -> Result<()> {
    let before = calls(tab).await?;
    tab.eval("work(640)").await?;
    assert_eq!(calls(tab).await? - before, 640 + 160 + 10, "calls of work(640)");
    Ok(())
}

/// In its own process it may hang as long as it likes: frames wait for it, two of them, and the page's memory does not grow.
async fn hangs(tab: &Tab) -> Result<()> {
    tab.browser.on_new_document(KEEP_INSTANCES).await?;
    let _server = open(tab).await?;
    viewer::enter(tab).await?;
    tab.eval("void setTimeout(() => { const end = Date.now() + 12_000; while (Date.now() < end); }, 50)")
        .await?;
    viewer::leave(tab).await?;
    tab.eval("void (globalThis.busy = setInterval(() => work(3200), 10))").await?;
    tokio::time::sleep(Duration::from_millis(1000)).await;
    let before = memory(tab).await?;
    tab.until(&format!("{NOTICE} === 'The view stopped answering|Reload|Close'")).await?;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let after = memory(tab).await?;
    for (at, name) in ["recorder's memory", "JavaScript heap"].iter().enumerate() {
        ensure!(after[at] < before[at] + (1 << 20), "{name}: {} bytes, then {}", before[at], after[at]);
    }
    tab.eval("clearInterval(busy)").await?;
    works(tab).await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(
        session.meta.dropped["frames"] > OUTSTANDING,
        "nothing was held back: {:?}",
        session.meta.dropped
    );
    // The overlay's own grips answer meanwhile; what it says stays in sight.
    tab.eval("void overlayRoot.querySelector('.top').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))").await?;
    tab.until("document.querySelector('gopherscope-overlay').getBoundingClientRect().height === 44").await?;
    assert_eq!(tab.eval("overlayRoot.querySelector('.notice').getBoundingClientRect().width").await?, 380);
    // Once it is back, it catches up, and speaks for itself.
    tab.until("!overlayRoot.querySelector('.notice')").await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.badge')?.innerText.includes('our cost')").await?;
    viewer::leave(tab).await?;
    works(tab).await
}

/// Bytes of the recorder's linear memory and of the page's JavaScript heap, after a collection.
async fn memory(tab: &Tab) -> Result<[u64; 2]> {
    tab.browser.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    let heap = tab.browser.devtools("Runtime.getHeapUsage", json!({})).await?;
    let recorder =
        tab.eval("instances.find((it) => it.exports.reader_drop).exports.memory.buffer.byteLength").await?;
    let bytes = |it: &Value| it.as_f64().map(|bytes| bytes as u64).context("no figure");
    Ok([bytes(&recorder)?, bytes(&heap["usedSize"])?])
}

/// Its process dies: nothing of the page's does, no call is lost, and the reader gets it back or away, by keys as well.
async fn crashes(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    // Below the agent, by the page itself.
    tab.eval("void (globalThis.counted = 0, Object.keys(page).slice(1).forEach((it) => (page[it] = () => void counted++)))").await?;
    let uncounted = calls(tab).await?;
    let counts = async || -> Result<()> {
        let exact = tab.eval("counted").await?.as_u64().context("no count")?;
        assert_eq!(calls(tab).await? - uncounted, exact, "calls, by the page's own count");
        Ok(())
    };
    tab.eval("void (globalThis.busy = setInterval(() => work(640), 10))").await?;
    for button in ["Reload", "Close"] {
        crash(tab).await?;
        tab.until(&format!("{NOTICE} === 'The view stopped answering|Reload|Close'")).await?;
        tab.eval("clearInterval(busy)").await?;
        works(tab).await?;
        counts().await?;
        tab.eval(&format!(
            "[...overlayRoot.querySelectorAll('.notice button')].find((it) => it.innerText === '{button}').focus()"
        ))
        .await?;
        viewer::key(tab, "Enter", false).await?;
        if button == "Close" {
            tab.until("!document.querySelector('gopherscope-overlay')").await?;
            tab.eval("gopherscope.show()").await?;
        }
        tab.until("overlayRoot.querySelector('iframe') && !overlayRoot.querySelector('.notice')").await?;
        recording(tab).await?;
        works(tab).await?;
        counts().await?;
    }
    crash(tab).await?;
    let session = tab.session("gopherscope.stop()").await?;
    ensure!(session.meta.errors.is_empty(), "{:?}", session.meta.errors);
    let exact = tab.eval("counted").await?.as_u64().context("no count")?;
    assert_eq!(method_calls(&session) - uncounted, exact);
    Ok(())
}

/// Ends the process of the viewer's frame.
async fn crash(tab: &Tab) -> Result<()> {
    let site = tab.profiler().url("/");
    let targets = tab.browser.devtools("Target.getTargets", json!({})).await?;
    let frame =
        targets["targetInfos"].as_array().into_iter().flatten().find(|it| {
            it["type"] == "iframe" && it["url"].as_str().is_some_and(|url| url.starts_with(&site))
        });
    let id = &frame.with_context(|| format!("no frame among {targets}"))?["targetId"];
    let attached =
        tab.browser.devtools("Target.attachToTarget", json!({ "targetId": id, "flatten": false })).await?;
    let message = json!({ "id": 1, "method": "Page.crash" }).to_string();
    let to = json!({ "sessionId": attached["sessionId"], "message": message });
    tab.browser.devtools("Target.sendMessageToTarget", to).await?;
    Ok(())
}

/// Nothing is served where the viewer is said to be: what can be said without it stands in its place.
async fn never_loads(tab: &Tab) -> Result<()> {
    programs::build()?;
    let agent = std::fs::read(harness::dist().join("agent.js"))?;
    let elsewhere = tab.serve(Site::new(programs::folder()).page("/agent.js", agent), "").await?;
    let tag = format!("<script src=\"{}\"></script>", elsewhere.url("/agent.js"));
    let server = tab.serve(fixture_site(), &tag).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    let mini = "overlayRoot.querySelector('iframe:not([src])')?.contentDocument";
    tab.until(&format!("{mini}?.querySelector('p').textContent.includes('does not come in a frame')"))
        .await?;
    works(tab).await?;
    tab.eval(&format!(
        "void [...{mini}.querySelectorAll('button')].find((it) => it.textContent === 'Close').click()"
    ))
    .await?;
    tab.until("!document.querySelector('gopherscope-overlay')").await?;
    works(tab).await
}

/// A frame whose document is gone without a word holds back frames, and nothing else; the viewer's own URL brings it back.
async fn elsewhere(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    tab.eval("void (globalThis.site = overlayRoot.querySelector('iframe').src)").await?;
    tab.eval("void (overlayRoot.querySelector('iframe').src = 'data:text/html,elsewhere')").await?;
    for _ in 0..8 {
        works(tab).await?;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(
        session.meta.dropped["frames"] > OUTSTANDING,
        "nothing was held back: {:?}",
        session.meta.dropped
    );
    tab.eval("void (overlayRoot.querySelector('iframe').src = site)").await?;
    recording(tab).await?;
    works(tab).await
}

/// The last load is like the first: nothing is left anywhere.
async fn reloads(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    let left = "[localStorage.length, sessionStorage.length, document.cookie, document.adoptedStyleSheets.length,
        document.querySelectorAll('gopherscope-overlay').length, Object.keys(history.state ?? {}).length, window.length]";
    let first = tab.eval(left).await?;
    for _ in 0..reloads_in(tab.browser.engine()) {
        tab.browser.reload().await?;
        // Some before the viewer is there, some after.
        tab.until("globalThis.work && gopherscope.programs === 1").await?;
    }
    tab.until("document.querySelector('gopherscope-overlay') && overlayRoot.querySelector('iframe') && true")
        .await?;
    recording(tab).await?;
    assert_eq!(tab.eval(left).await?, first);
    works(tab).await?;
    let console = tab.console().await?;
    ensure!(!console.iter().any(|line| line.level == "SEVERE"), "{console:?}");
    Ok(())
}

/// Away and back: the browser keeps the page, and the program goes on in it; the viewer is told that the page went away, and
/// a new one comes with it.
async fn away_and_back(tab: &Tab) -> Result<()> {
    programs::build()?;
    // Of what may not be stored, the browser keeps no page.
    let stored = Rule { headers: vec![("cache-control".into(), "no-cache".into())], ..Rule::default() };
    let server = tab.serve(fixture_site().rule("/*", stored), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    recording(tab).await?;
    works(tab).await?;
    tab.eval("void addEventListener('pageshow', ({ persisted }) => (globalThis.persisted = persisted))")
        .await?;
    tab.visit(
        &server.localhost_url("/view.html?idle"),
        "location.search === '?idle' && document.readyState === 'complete'",
    )
    .await?;
    tab.eval("void history.back()").await?;
    tab.until("location.search === '' && globalThis.work && gopherscope.programs === 1").await?;
    assert_eq!(tab.eval("globalThis.persisted ?? null").await?, true, "kept");
    tab.until("document.querySelector('gopherscope-overlay') && overlayRoot.querySelector('iframe') && true")
        .await?;
    recording(tab).await?;
    works(tab).await?;
    assert_eq!(tab.eval("gopherscope.faults").await?, 0);
    Ok(())
}
