//! What an engine does not tell is absent from the session, and the view says why.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;

use crate::harness::{Scene, Tab, fixture_site};
use crate::{facts, programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![scene.trial("engines: what is not told is absent, and said to be", absent)]
}

async fn absent(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    tab.until("globalThis.work && (work(640), true)").await?;
    let tells = async |what: &str| -> Result<bool> { Ok(tab.eval(what).await? == true) };
    let long_tasks = tells("PerformanceObserver.supportedEntryTypes.includes('longtask')").await?;
    let js_heap = tells("'memory' in performance").await?;

    viewer::enter(tab).await?;
    facts::go(tab, "memory").await?;
    let heap = "document.querySelector('.kinds .js-heap')";
    tab.until(&format!(
        "{heap} && {heap}.querySelector('b.unknown') {} null",
        if js_heap { "===" } else { "!==" }
    ))
    .await?;
    let said = viewer::text(tab, ".kinds .js-heap").await?;
    let said = said.as_str().unwrap_or_default();
    assert_eq!(said.contains("– This browser does not tell it."), !js_heap, "{said}");
    facts::go(tab, "loop").await?;
    tab.until("document.querySelector('.loop-view') && true").await?;
    let said = viewer::text(tab, ".loop-view").await?;
    let said = said.as_str().unwrap_or_default();
    assert_eq!(said.contains("This browser tells no long tasks."), !long_tasks, "{said}");
    viewer::leave(tab).await?;

    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "{:?}", session.meta.errors);
    assert_eq!(session.page.longtasks.is_some(), long_tasks, "long tasks");
    let heap = &session.instances[0].series.js_heap_bytes;
    assert_eq!(heap.iter().any(|bytes| bytes.is_finite()), js_heap, "JavaScript's heap: {heap:?}");
    Ok(())
}
