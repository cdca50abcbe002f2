//! Do no harm, whatever becomes of the viewer: it crashes, hangs or goes away, and the page is loaded again and again.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::json;
use xtask::server::Server;

use crate::harness::{Scene, Tab, fixture_site};
use crate::{programs, viewer};

const RELOADS: u32 = 100;
/// Frames that may be on their way to a viewer that does not answer.
const OUTSTANDING: u64 = 2;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("harm: a viewer that hangs", hangs),
        scene.trial("harm: a viewer that goes elsewhere", elsewhere),
        scene.trial("harm: a hundred reloads, back and forward", reloads),
    ]
}

async fn open(tab: &Tab) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]')?.innerText === 'recording'").await?;
    viewer::leave(tab).await?;
    Ok(server)
}

/// The program works, its calls are counted, and nothing of ours failed.
async fn works(tab: &Tab) -> Result<()> {
    let calls = async || -> Result<u64> {
        let session = tab.session("gopherscope.snapshot()").await?;
        ensure!(session.meta.errors.is_empty(), "{:?}", session.meta.errors);
        let imports = &session.instances[0].imports;
        Ok(imports.iter().filter(|it| it.name == "syscall/js.valueCall").map(|it| it.calls).sum())
    };
    let before = calls().await?;
    tab.eval("work(640)").await?;
    assert_eq!(calls().await? - before, 640 + 160 + 10, "calls of work(640)");
    Ok(())
}

/// In its own process it may hang as long as it likes: frames wait for it, two of them.
async fn hangs(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    viewer::enter(tab).await?;
    tab.eval("void setTimeout(() => { const end = Date.now() + 4000; while (Date.now() < end); }, 50)")
        .await?;
    viewer::leave(tab).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    for _ in 0..10 {
        works(tab).await?;
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(
        session.meta.dropped["frames"] > OUTSTANDING,
        "nothing was held back: {:?}",
        session.meta.dropped
    );
    // The overlay's own grips answer meanwhile.
    tab.eval("void overlayRoot.querySelector('.top').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))").await?;
    tab.until("document.querySelector('gopherscope-overlay').getBoundingClientRect().height === 44").await?;
    // Once it is back, it catches up.
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.badge')?.innerText.includes('our cost')").await?;
    viewer::leave(tab).await?;
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
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]')?.innerText === 'recording'").await?;
    viewer::leave(tab).await?;
    works(tab).await
}

/// The last load is like the first: nothing is left anywhere.
async fn reloads(tab: &Tab) -> Result<()> {
    let server = open(tab).await?;
    let left = "[localStorage.length, sessionStorage.length, document.cookie, document.adoptedStyleSheets.length,
        document.querySelectorAll('gopherscope-overlay').length, Object.keys(history.state ?? {}).length, window.length]";
    let first = tab.eval(left).await?;
    for _ in 0..RELOADS {
        tab.browser.devtools("Page.reload", json!({})).await?;
        // Some before the viewer is there, some after.
        tab.until("globalThis.work && gopherscope.programs === 1").await?;
    }
    tab.until("document.querySelector('gopherscope-overlay') && overlayRoot.querySelector('iframe') && true")
        .await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]')?.innerText === 'recording'").await?;
    viewer::leave(tab).await?;
    assert_eq!(tab.eval(left).await?, first);
    works(tab).await?;
    let console = tab.console().await?;
    ensure!(!console.iter().any(|line| line.level == "SEVERE"), "{console:?}");

    // Away and back, kept by the browser or not.
    tab.visit(
        &server.localhost_url("/view.html?idle"),
        "location.search === '?idle' && document.readyState === 'complete'",
    )
    .await?;
    tab.eval("void history.back()").await?;
    tab.until("location.search === '' && globalThis.work && gopherscope.programs === 1")
        .await
        .context("back")?;
    tab.until("document.querySelector('gopherscope-overlay') && true").await?;
    works(tab).await?;
    assert_eq!(tab.eval("gopherscope.faults").await?, 0);
    Ok(())
}
