//! What is left of the agent once it is uninstalled, or its view closed: nothing, but for what others built on it.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::json;
use xtask::server::Server;

use crate::bookmark::{self, Bookmarks};
use crate::harness::{Scene, Tab, fixture_site};
use crate::{programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("traceless: uninstalled, no program", async |tab| leaves(tab, None).await),
        scene.trial("traceless: uninstalled, a program that began with it", async |tab| {
            leaves(tab, Some(false)).await
        }),
        scene.trial("traceless: uninstalled, a program that ran before", async |tab| {
            leaves(tab, Some(true)).await
        }),
        scene.trial("traceless: what a page wrapped since stays", wrapped),
        scene.trial("traceless: closing the view", closed),
    ]
}

/// Fewer, and the page was not looked at.
const LEAST_OBJECTS: u64 = 3000;

/// A fresh page that knows what is there, of a program `before` the agent, or of none yet.
async fn page(tab: &Tab, before: bool) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), "").await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.browser.watch_listeners().await?;
    tab.visit(
        &server.localhost_url("/traceless.html"),
        "globalThis.begin && document.readyState === 'complete'",
    )
    .await?;
    if before {
        tab.eval("begin()").await?;
    }
    // What a test does shows up only once.
    tab.eval("void (globalThis.overlayRoot ??= null)").await?;
    let objects = tab.eval("remember()").await?;
    ensure!(objects.as_u64() > Some(LEAST_OBJECTS), "{objects} objects");
    Ok(server)
}

async fn changes(tab: &Tab) -> Result<Vec<String>> {
    let mut found: Vec<String> = serde_json::from_value(tab.eval("changes()").await?)?;
    // Of the WebDriver server's own.
    found.retain(|it| !["globalThis.ret_nodes", "globalThis.se_"].iter().any(|own| it.starts_with(own)));
    Ok(found)
}

const DOCUMENT: &str = "[document.documentElement.outerHTML, document.adoptedStyleSheets.length]";

/// Waits for the view, and for what of it is to come into the page.
async fn shown(tab: &Tab) -> Result<()> {
    tab.eval("gopherscope.show()").await?;
    tab.until("overlayRoot?.querySelector('iframe') && true").await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.imports tbody tr, .headline .notice') && true").await?;
    viewer::leave(tab).await
}

/// All is as in a page that never had the agent, and did the same. `before`: the program ran before; none: there is none.
async fn leaves(tab: &Tab, before: Option<bool>) -> Result<()> {
    let Bookmarks { whole, .. } = bookmark::take(tab, &tab.profiler().url("/")).await?;
    let work = if before.is_some() { "work(640)" } else { "void 0" };
    let mut outcomes = Vec::new();
    for with in [false, true] {
        let _server = page(tab, before == Some(true)).await?;
        let begun = (tab.eval(DOCUMENT).await?, tab.browser.listeners().await?);
        if with {
            bookmark::click(tab, &whole).await?;
            tab.until("globalThis.gopherscope && true").await?;
        }
        if before == Some(false) {
            tab.eval("begin()").await?;
        }
        tab.eval(work).await?;
        if with {
            shown(tab).await?;
        }
        if with {
            let changed = changes(tab).await?;
            for what in ["globalThis.gopherscope: added", "globalThis.WebAssembly.instantiate: changed"] {
                ensure!(changed.iter().any(|it| it == what), "no {what} among {changed:?}");
            }
            tab.eval("(gopherscope.uninstall(), void (overlayRoot = null))").await?;
        }
        tab.eval(work).await?;
        assert_eq!(
            (tab.eval(DOCUMENT).await?, tab.browser.listeners().await?),
            begun,
            "document and listeners"
        );
        outcomes.push(changes(tab).await?);
    }
    assert_eq!(outcomes[1], outcomes[0], "what has changed with the agent, and without");
    Ok(())
}

async fn wrapped(tab: &Tab) -> Result<()> {
    let Bookmarks { whole, .. } = bookmark::take(tab, &tab.profiler().url("/")).await?;
    let _server = page(tab, false).await?;
    bookmark::click(tab, &whole).await?;
    tab.until("globalThis.gopherscope && true").await?;
    let put: Vec<String> = serde_json::from_value(tab.eval("wrapChanged()").await?)?;
    for what in ["globalThis.WebAssembly.instantiate", "globalThis.JSON.parse"] {
        ensure!(put.iter().any(|it| it == what), "no {what} among {put:?}");
    }
    tab.eval("begin().then(() => work(640))").await?;
    tab.eval("gopherscope.uninstall()").await?;
    assert_eq!(tab.eval("stillPut()").await?, json!(put), "what the page put in front of ours");
    // What it put there still leads to the engine, and the program runs on.
    tab.eval("work(640)").await?;
    assert_eq!(tab.eval("JSON.parse(JSON.stringify([1, { a: 2 }]))").await?, json!([1, { "a": 2 }]));
    let empty = "WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))";
    assert_eq!(
        tab.eval(&format!("{empty}.then((it) => it.instance instanceof WebAssembly.Instance)")).await?,
        true
    );
    Ok(())
}

async fn closed(tab: &Tab) -> Result<()> {
    let Bookmarks { whole, .. } = bookmark::take(tab, &tab.profiler().url("/")).await?;
    let _server = page(tab, false).await?;
    let bare = tab.eval(DOCUMENT).await?;
    bookmark::click(tab, &whole).await?;
    tab.until("globalThis.gopherscope && true").await?;
    tab.eval("begin()").await?;
    let mut after = Vec::new();
    for _ in 0..2 {
        shown(tab).await?;
        ensure!(tab.eval(DOCUMENT).await? != bare, "the view leaves no mark while it shows");
        tab.eval("(gopherscope.toggle(), void (overlayRoot = null))").await?;
        assert_eq!(tab.eval(DOCUMENT).await?, bare);
        after.push((changes(tab).await?, tab.browser.listeners().await?));
    }
    assert_eq!(after[0], after[1], "after the view was closed, once and twice");
    Ok(())
}
