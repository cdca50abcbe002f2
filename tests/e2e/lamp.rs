//! What the view says of how a program was come upon, and of several realms: the lamp's four states, what is a bound or
//! not told where the agent came late, and programs of a window, its workers and its frames beside each other.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::json;
use xtask::paths;
use xtask::server::Server;

use crate::harness::{Scene, Tab, dist, fixture_site};
use crate::shots::{FEW, SOME, each, shoot_viewer};
use crate::{programs, viewer};

const LAMP: &str = "(() => { const it = document.querySelector('.lamp'); return it && [it.textContent.trim(), it.querySelector('i').className]; })()";
const BLANK: &str = "<!doctype html><title>blank</title><link rel=\"icon\" href=\"data:,\" /><!--agent-->";

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("lamp: no Go seen, then hooked early", early),
        scene.trial("lamp: waiting", waiting),
        scene.trial("lamp: hooked late, and what that leaves open", late),
        scene.trial("lamp: several realms", realms),
    ]
}

async fn open(tab: &Tab, page: &str, tag: &str) -> Result<Server> {
    programs::build()?;
    let agent = std::fs::read(dist().join("agent.js"))?;
    let site = fixture_site().page("/blank.html", page).page("/agent.js", agent);
    let server = tab.serve(site, tag).await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    Ok(server)
}

/// Goes into the view once it is there.
async fn enter(tab: &Tab) -> Result<()> {
    tab.until("document.querySelector('gopherscope-overlay') && overlayRoot.querySelector('iframe') && true")
        .await?;
    viewer::enter(tab).await
}

/// Adds the script tag to a page that has loaded.
async fn attach(tab: &Tab) -> Result<()> {
    let src = tab.profiler().url("/agent.js");
    tab.eval(&format!("(() => {{ const it = document.createElement('script'); it.src = {src:?}; document.head.append(it); }})()")).await?;
    tab.until("globalThis.gopherscope && true").await?;
    enter(tab).await
}

async fn is(tab: &Tab, lamp: &str, class: &str) -> Result<()> {
    tab.until(&format!("{LAMP}?.[0] === {lamp:?}")).await?;
    assert_eq!(tab.eval(LAMP).await?, json!([lamp, class]));
    Ok(())
}

async fn early(tab: &Tab) -> Result<()> {
    let server = open(tab, BLANK, &tab.tag("")).await?;
    tab.visit(&server.localhost_url("/blank.html"), "globalThis.gopherscope && true").await?;
    enter(tab).await?;
    is(tab, "no Go seen", "is-over").await?;
    viewer::leave(tab).await?;
    tab.eval(
        "new Promise((done) => { const glue = document.createElement('script'); glue.src = 'go/wasm_exec.js'; glue.onload = () => done(); document.head.append(glue); })",
    )
    .await?;
    tab.eval(
        "(async () => { globalThis.page = { bytes: new Uint8Array(3000), short() {}, middle() {}, long() {} }; globalThis.ready = () => (globalThis.isReady = true);
          const go = new Go(); const { instance } = await WebAssembly.instantiateStreaming(fetch('go/calls.wasm'), go.importObject); void go.run(instance); })()",
    )
    .await?;
    tab.until("globalThis.isReady").await?;
    enter(tab).await?;
    is(tab, "hooked early", "is-live").await?;
    // Nothing is marked as a bound, and nothing is to be had by a reload.
    let marked = "[...document.querySelectorAll('.lines th')].some((it) => it.textContent.includes('≥'))";
    assert_eq!(tab.eval(marked).await?, false);
    Ok(())
}

/// Go's glue is there and no program: it is waited for.
async fn waiting(tab: &Tab) -> Result<()> {
    let page = format!("{BLANK}<script src=\"go/wasm_exec.js\"></script>");
    let server = open(tab, &page, "").await?;
    tab.visit(
        &server.localhost_url("/blank.html"),
        "document.readyState === 'complete' && typeof Go === 'function'",
    )
    .await?;
    attach(tab).await?;
    is(tab, "waiting", "is-waiting").await?;
    let notice = viewer::text(tab, ".notice").await?;
    ensure!(notice.as_str().is_some_and(|it| it.contains("Reload with Gopherscope")), "{notice}");
    viewer::leave(tab).await?;
    for (width, scheme) in each(FEW) {
        shoot_viewer(tab, "lamp-waiting", width, scheme).await?;
    }
    Ok(())
}

async fn late(tab: &Tab) -> Result<()> {
    programs::build()?;
    // The demo without its tag.
    let page = std::fs::read_to_string(dist().join("demos/bridge/index.html"))?;
    let page = page.replace("<script src=\"../../agent.js\"></script>", "");
    let site = xtask::server::Site::default()
        .mount("/demos/", paths::dist().join("demos"))
        .page("/demos/bridge/late.html", page);
    let server = tab.serve(site, "").await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.visit(
        &server.localhost_url("/demos/bridge/late.html?variant=sick"),
        "document.readyState === 'complete' && typeof Go === 'function'",
    )
    .await?;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    attach(tab).await?;
    is(tab, "hooked late", "is-quiet").await?;
    tab.until("document.querySelectorAll('.lines tbody tr').length > 0").await?;
    // Times are lower bounds, counts are not.
    let heads = "[...document.querySelectorAll('.lines th')].map((it) => it.textContent.trim())";
    let heads: Vec<String> = serde_json::from_value(tab.eval(heads).await?)?;
    let bound = |name: &str| heads.iter().find(|it| it.contains(name)).map(|it| it.contains('≥'));
    assert_eq!(
        (bound("Time"), bound("Share"), bound("Calls")),
        (Some(true), Some(true), Some(false)),
        "{heads:?}"
    );
    viewer::leave(tab).await?;
    for (width, scheme) in each(SOME) {
        shoot_viewer(tab, "lamp-late", width, scheme).await?;
    }
    viewer::enter(tab).await?;
    // What cannot be known says so; a zero would be a lie.
    for (view, absent) in
        [("startup", "before the agent"), ("gc", "before the agent"), ("memory", "before the agent")]
    {
        tab.eval(&format!("void document.getElementById('tab-{view}').click()")).await?;
        tab.until(&format!(
            "document.querySelector('[role=tabpanel][aria-labelledby=\"tab-{view}\"]') && true"
        ))
        .await?;
        tab.until(&format!("document.querySelector('[role=tabpanel]').innerText.includes({absent:?})"))
            .await?;
        viewer::leave(tab).await?;
        for (width, scheme) in each(FEW) {
            shoot_viewer(tab, &format!("lamp-late-{view}"), width, scheme).await?;
        }
        viewer::enter(tab).await?;
    }
    Ok(())
}

/// A program in the window's frame, and two in workers.
async fn realms(tab: &Tab) -> Result<()> {
    let server = open(tab, BLANK, &tab.tag("")).await?;
    tab.visit(&server.localhost_url("/realms.html"), "globalThis.start && true").await?;
    tab.eval("start('classic')").await?;
    tab.eval("start('module')").await?;
    tab.eval("void (globalThis.child = frame('calls.html?frame'))").await?;
    tab.until("child.contentWindow.isReady").await?;
    // Both workers are busy at once, for longer than half of the time.
    let busy = "void setInterval(() => { for (const it of ['classic', 'module']) ask(it, ['work', 640]); child.contentWindow.work(8); }, 250)";
    tab.eval(busy).await?;
    enter(tab).await?;
    tab.until("document.querySelectorAll('.lines tbody tr').length > 0").await?;
    // The latest program that runs is shown, named with its realm; another can be chosen.
    tab.until("document.querySelectorAll('.program option').length === 3").await?;
    let names = "[...document.querySelectorAll('.program option')].map((it) => it.textContent)";
    let names: Vec<String> = serde_json::from_value(tab.eval(names).await?)?;
    ensure!(names.iter().all(|it| it.contains(" in ")), "{names:?}");
    ensure!(names.iter().any(|it| it.contains("the worker")), "{names:?}");
    let chosen = "document.querySelector('.program select').selectedIndex";
    assert_eq!(tab.eval(chosen).await?, 2);
    let choose = "(() => { const it = document.querySelector('.program select'); it.selectedIndex = 0;
        it.dispatchEvent(new Event('change', { bubbles: true })) })()";
    tab.eval(choose).await?;
    tab.until("/program=\\d/.test(location.hash)").await?;
    assert_eq!(tab.eval(chosen).await?, 0);
    tab.eval("void document.getElementById('tab-startup').click()").await?;
    tab.until("document.querySelector('[role=tabpanel] .lanes') && true").await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(FEW) {
        shoot_viewer(tab, "realms-startup", width, scheme).await?;
    }
    viewer::enter(tab).await?;
    tab.eval("void document.getElementById('tab-overview').click()").await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(SOME) {
        shoot_viewer(tab, "realms", width, scheme).await?;
    }
    viewer::enter(tab).await?;
    tab.eval("void document.getElementById('tab-environment').click()").await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(FEW) {
        shoot_viewer(tab, "realms-environment", width, scheme).await?;
    }
    shares(tab).await
}

/// A share is of one thread: of that on which the import took most, the page's being its frames', too.
async fn shares(tab: &Tab) -> Result<()> {
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    assert_eq!(session.realms.iter().map(|it| it.watched).collect::<Vec<_>>(), [true; 4]);
    let rows = session::imports(&session);
    let row = rows.iter().find(|row| row.import == "syscall/js.valueCall").context("no calls")?;
    let mut times = Vec::new();
    for instance in &session.instances {
        let import = instance.imports.iter().find(|it| it.name == row.import).context("not called")?;
        times.push(import.time_ms.context("not timed")?);
    }
    let (all, share) = (row.time_ms.context("no time")?.value, row.share.context("no share")?.value);
    ensure!((all - times.iter().sum::<f64>()).abs() < 1e-6 * all, "{all} of {times:?}");
    let most = times.iter().copied().fold(0.0, f64::max);
    ensure!(most < all, "the others have done something: {times:?}");
    let wall = session::GoLines::of(&session, None).wall_ms.context("no wall")?;
    ensure!((share * wall - most).abs() < 1e-6 * most, "{share} of {wall} ms, of {times:?}");
    Ok(())
}
