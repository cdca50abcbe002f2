//! The profiler on another host, in a folder below its root: every address it hands out or asks for has to follow.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use xtask::paths;
use xtask::server::{Server, Site};

use crate::bookmark;
use crate::harness::{PATIENCE, Scene, Tab, dist, fixture_site};
use crate::{programs, viewer};

const BELOW: &str = "/~someone/tools/gopherscope/";
const STATE: &str = "document.querySelector('.stage [role=status]')?.innerText";

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![scene.trial("sub-path: the site", site), scene.trial("sub-path: bookmarklets", bookmarklets)]
}

async fn below(tab: &Tab) -> Result<Server> {
    tab.serve(Site::new(paths::in_root("tests/fixtures/site")).mount(BELOW, dist()), "").await
}

/// The launcher, its list of demos, a demo with its view, and the recorded session.
async fn site(tab: &Tab) -> Result<()> {
    let server = below(tab).await?;
    let home = server.url(BELOW);
    tab.visit(&home, "document.querySelector('.launcher') && true").await?;
    let tag = tab.eval("document.querySelector('.copy-field code').innerText").await?;
    assert_eq!(tag, format!("<script src=\"{home}agent.js\"></script>"));
    let links = tab.eval("[...document.querySelectorAll('.launcher a')].map((it) => it.href)").await?;
    let links: Vec<String> = serde_json::from_value(links)?;
    let own = server.url("/");
    let away: Vec<_> = links.iter().filter(|it| it.starts_with(&own) && !it.starts_with(&home)).collect();
    assert_eq!(away, Vec::<&String>::new(), "links that leave the folder");
    let demo = links.iter().find(|it| it.contains("demos/bridge/")).context("no demo")?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.visit(demo, "globalThis.gopherscope?.programs === 1").await?;
    shows(tab, &home).await?;
    tab.visit(&format!("{home}#/open?profile=demos/bridge.gopherscope.json.gz"), "true").await?;
    tab.until(&format!("{STATE} === 'recorded session'")).await
}

async fn bookmarklets(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = below(tab).await?;
    let home = server.url(BELOW);
    let bookmarks = bookmark::take(tab, &home).await?;
    let page = tab.serve(fixture_site(), "").await?;
    for it in [&bookmarks.loader, &bookmarks.whole] {
        tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
        tab.visit(&page.localhost_url("/policy.html"), "globalThis.begin && true").await?;
        bookmark::click(tab, it).await?;
        tab.until("globalThis.gopherscope && true").await?;
        tab.eval("begin().then(() => true)").await?;
        shows(tab, &home).await?;
    }
    Ok(())
}

/// The view comes from the folder, and shows what crosses.
async fn shows(tab: &Tab, home: &str) -> Result<()> {
    tab.until("globalThis.overlayRoot?.querySelector('iframe[src]') && true").await?;
    let from = tab.eval("overlayRoot.querySelector('iframe[src]').src").await?;
    ensure!(from.as_str().is_some_and(|it| it.starts_with(home)), "{from} is not of {home}");
    let began = std::time::Instant::now();
    loop {
        if viewer::enter(tab).await.is_ok()
            && tab.eval("document.querySelector('.headline h2') !== null").await? == true
        {
            return viewer::leave(tab).await;
        }
        viewer::leave(tab).await?;
        ensure!(began.elapsed() < PATIENCE, "no view; console: {:#?}", tab.console().await?);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}
