//! Screenshots for people to look at, in `target/screenshots/`; and that nothing scrolls sideways in any of them.

use std::time::Duration;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use xtask::browser::Engine;
use xtask::browser::Scheme::{self, Dark, Light};
use xtask::server::{Rule, Server, Site};
use xtask::{demo, paths};

use crate::harness::{Need, Scene, Tab, all_pictures, fixture_site};
use crate::view::check_with_axe;
use crate::{programs, realms, reload, viewer};

/// Height of a window on a laptop.
const HEIGHT: u32 = 900;
/// Go lines that a docked view shows at that height, at least.
const LINES: u64 = 3;
const VIEWS: [&str; 3] = ["overview", "startup", "bridge"];
/// Widths, in themes.
type Sizes = &'static [(u32, Scheme)];
/// Every width in both themes.
const EVERY: Sizes = &[(420, Light), (420, Dark), (1280, Light), (1280, Dark), (2560, Light), (2560, Dark)];
/// What the narrow and the wide get to see, in both themes.
pub const SOME: Sizes = &[(420, Light), (420, Dark), (1280, Light), (1280, Dark)];
/// The narrow and the wide, each theme once.
pub const FEW: Sizes = &[(420, Light), (1280, Dark)];

/// What is taken of each place unless more is asked for: where room is short and colours are not those of all other tests.
const ONE: Sizes = &[(420, Dark)];

/// Those of a place that are asked for.
pub fn each(sizes: Sizes) -> impl Iterator<Item = (u32, Scheme)> {
    if all_pictures() { sizes } else { ONE }.iter().copied()
}

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let all = scene.needs(&[Need::AllPictures]);
    vec![
        scene.trial("shots: launcher", launcher),
        scene.trial("shots: the sick bridge, every view docked", bridge),
        all.trial("shots: the sick bridge, in a badge, paused, stopped", modes),
        scene.trial("shots: the bridge view, open, narrowed, searched", bridge_view),
        all.trial("shots: every view in a window of its own", popup),
        scene.trial("shots: the views of what happened", facts),
        scene.trial("shots: two workers", workers),
        scene.trial("shots: a reload that is refused", not_reloaded),
        scene.trial("shots: the mini view", mini),
        all.trial("shots: other demos", demos),
        scene.trial("shots: errors and ends", ends),
        scene.trial("shots: a previous run, a session file, a page in a frame", past),
    ]
}

/// A picture of the page as it is, in a window of this width.
pub async fn shoot(tab: &Tab, name: &str, width: u32, scheme: Scheme) -> Result<()> {
    size(tab, width, scheme).await?;
    if tab.browser.engine() == Engine::WebKit && tab.eval(&format!("{THEME} && true")).await? == true {
        wear(tab, scheme).await?;
    }
    // Layout, and the view's next update.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let wide = tab.eval("document.documentElement.scrollWidth > innerWidth").await?;
    ensure!(wide == false, "{name} scrolls sideways at {width} px");
    let (scheme, other) = if scheme == Dark { ("dark", "light") } else { ("light", "dark") };
    let worn = tab.eval("document.documentElement.dataset.theme").await?;
    ensure!(worn != other, "{name} is {other} in a {scheme} picture");
    tab.browser.screenshot(&format!("{name}-{width}-{scheme}")).await?;
    Ok(())
}

/// The same of a page with the viewer in it, which takes its colours from its own buttons.
pub async fn shoot_viewer(tab: &Tab, name: &str, width: u32, scheme: Scheme) -> Result<()> {
    size(tab, width, scheme).await?;
    viewer::enter(tab).await?;
    wear(tab, scheme).await?;
    let wide = tab.eval("document.querySelector('.live > main').scrollWidth > innerWidth").await?;
    ensure!(wide == false, "the view of {name} scrolls sideways at {width} px");
    viewer::leave(tab).await?;
    shoot(tab, name, width, scheme).await
}

/// As wide as that, and in these colours where the engine can be told of them.
async fn size(tab: &Tab, width: u32, scheme: Scheme) -> Result<()> {
    let scheme = if tab.browser.engine() == Engine::WebKit { Light } else { scheme };
    tab.browser.view(width, HEIGHT, scheme).await
}

/// The viewer's own button for its colours.
const THEME: &str = "document.querySelector('[aria-label^=Theme]')";

/// Presses it until they are these.
async fn wear(tab: &Tab, scheme: Scheme) -> Result<()> {
    let theme = if scheme == Dark { "dark" } else { "light" };
    while tab.eval("document.documentElement.dataset.theme ?? ''").await? != theme {
        tab.eval(&format!("{THEME}.click()")).await?;
    }
    Ok(())
}

async fn launcher(tab: &Tab) -> Result<()> {
    tab.visit(&tab.profiler().url("/"), "document.querySelector('.launcher') && true").await?;
    for (width, scheme) in each(EVERY) {
        shoot(tab, "launcher", width, scheme).await?;
    }
    tab.visit(&tab.profiler().url("/#/live"), "document.querySelector('.notice') && true").await?;
    shoot(tab, "alone", 1280, Light).await
}

async fn past(tab: &Tab) -> Result<()> {
    let stage =
        |said: &str| format!("document.querySelector('.stage [role=status]')?.innerText === '{said}'");
    let running = open(tab, "bridge/?variant=sick", HOT_LINE).await?;
    tokio::time::sleep(Duration::from_secs(4)).await;
    viewer::visit(tab, &running.targets.localhost_url("/demos/bridge/?variant=sick")).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.previous') && true").await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(SOME) {
        shoot_viewer(tab, "previous-offered", width, scheme).await?;
    }
    viewer::enter(tab).await?;
    tab.eval("void document.querySelector('.previous').click()").await?;
    tab.until(&stage("previous run")).await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(SOME) {
        shoot_viewer(tab, "previous-run", width, scheme).await?;
    }
    let open = "/#/open?profile=demos/bridge.gopherscope.json.gz";
    tab.visit("about:blank", "true").await?;
    tab.visit(&tab.profiler().url(open), &stage("recorded session")).await?;
    for (width, scheme) in each(SOME) {
        shoot(tab, "open", width, scheme).await?;
    }
    tab.visit("about:blank", "true").await?;
    tab.visit(&tab.profiler().url("/#/open?profile=agent.js"), &stage("not opened")).await?;
    shoot(tab, "not-a-session", 1280, Light).await?;
    tab.visit("about:blank", "true").await?;
    let frame = "document.querySelector('.framed iframe')?.contentWindow.document.querySelector('gopherscope-overlay') && true";
    tab.visit(&tab.profiler().url("/#/frame?url=demos/bridge/"), frame).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    for (width, scheme) in each(SOME) {
        shoot(tab, "framed", width, scheme).await?;
    }
    tab.visit(
        &tab.profiler().url("/"),
        "document.querySelector('.runs li') && document.querySelector('.recent li') && true",
    )
    .await?;
    for (width, scheme) in each(SOME) {
        shoot(tab, "launcher-used", width, scheme).await?;
    }
    tab.visit(
        &tab.profiler().url("/#/frame?url=https://go.dev/"),
        "document.querySelector('.framed .notice') && true",
    )
    .await?;
    shoot(tab, "not-framed", 1280, Light).await
}

/// Programs in two workers, one of them busy: the headline says which.
async fn workers(tab: &Tab) -> Result<()> {
    let server = tab.serve(realms::site()?, &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/realms.html")).await?;
    tab.eval("start('module')").await?;
    tab.eval("start('classic')").await?;
    let busy = "(async () => { for (;;) await ask('classic', ['work', 64000]); })()";
    tab.eval(&format!("void {busy}")).await?;
    viewer::enter(tab).await?;
    let said = "document.querySelector('.headline .sentence')?.innerText ?? ''";
    // The worker is named once.
    let hot = format!("/^in worker the worker · .*main.work main.go:\\d+$/.test({said})");
    tab.until(&hot).await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(SOME) {
        shoot_viewer(tab, "two-workers", width, scheme).await?;
    }
    Ok(())
}

async fn not_reloaded(tab: &Tab) -> Result<()> {
    let headers = vec![("x-frame-options".into(), "DENY".into())];
    let site = fixture_site().rule("*", Rule { headers, ..Rule::default() });
    let _server = reload::not_reloaded(tab, site, "X-Frame-Options").await?;
    for (width, scheme) in each(SOME) {
        shoot_viewer(tab, "not-reloaded", width, scheme).await?;
    }
    Ok(())
}

/// Opens a demo as `cargo xtask demo` serves it, and waits for `ready` in the view.
async fn open(tab: &Tab, page: &str, ready: &str) -> Result<demo::Running> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    viewer::visit(tab, &running.targets.localhost_url(&format!("/demos/{page}"))).await?;
    viewer::enter(tab).await?;
    tab.until(ready).await?;
    viewer::leave(tab).await?;
    Ok(running)
}

const HOT_LINE: &str = "document.querySelector('.headline h2')?.innerText.includes('← main.')";

async fn bridge(tab: &Tab) -> Result<()> {
    let _running = open(tab, "bridge/?variant=sick", HOT_LINE).await?;
    tab.browser.view(1280, HEIGHT, Light).await?;
    viewer::enter(tab).await?;
    let seen = "[...document.querySelectorAll('.lines tbody tr')]
        .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length";
    let seen = tab.eval(seen).await?.as_u64();
    ensure!(seen >= Some(LINES), "{seen:?} Go lines can be seen");
    viewer::leave(tab).await?;
    for view in VIEWS {
        viewer::enter(tab).await?;
        show(tab, view).await?;
        viewer::leave(tab).await?;
        for (width, scheme) in each(EVERY) {
            shoot_viewer(tab, &format!("docked-{view}"), width, scheme).await?;
        }
    }
    Ok(())
}

/// Turns the page to a view, from within the viewer.
async fn show(tab: &Tab, view: &str) -> Result<()> {
    tab.eval(&format!("void document.getElementById('tab-{view}').click()")).await?;
    tab.until(&format!("document.querySelector('[role=tabpanel][aria-labelledby=\"tab-{view}\"]') && true"))
        .await
}

async fn modes(tab: &Tab) -> Result<()> {
    let _running = open(tab, "bridge/?variant=sick", HOT_LINE).await?;
    tab.browser.view(1280, HEIGHT, Light).await?;
    viewer::enter(tab).await?;
    viewer::click(tab, "document.querySelector('[aria-label^=Collapse]')").await?;
    tab.until("document.querySelector('.badge') && true").await?;
    viewer::leave(tab).await?;
    shoot(tab, "badge", 1280, Light).await?;
    viewer::press_badge(tab).await?;
    for (button, name) in [("Pause", "paused"), ("Show the keys", "keys")] {
        viewer::enter(tab).await?;
        tab.eval(&format!("void document.querySelector('[aria-label^=\"{button}\"]').click()")).await?;
        viewer::leave(tab).await?;
        for (width, scheme) in each(FEW) {
            shoot_viewer(tab, name, width, scheme).await?;
        }
    }
    tab.session("gopherscope.stop()").await?;
    viewer::enter(tab).await?;
    tab.eval("void document.querySelector('dialog[open] button').click()").await?;
    tab.eval("void document.querySelector('[aria-label^=Resume]').click()").await?;
    viewer::leave(tab).await?;
    shoot_viewer(tab, "stopped", 1280, Light).await
}

async fn bridge_view(tab: &Tab) -> Result<()> {
    let _running = open(tab, "bridge/?variant=sick", HOT_LINE).await?;
    viewer::enter(tab).await?;
    tab.eval("void (location.hash = '#/live?view=bridge')").await?;
    tab.until("document.querySelector('.bridge .twist[aria-label]') && true").await?;
    viewer::click(tab, "document.querySelector('.bridge .twist[aria-label]')").await?;
    tab.until("document.querySelector('.bridge .caller') && true").await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(&[(420, Light), (1280, Light), (1280, Dark), (2560, Light)]) {
        shoot_viewer(tab, "bridge-view", width, scheme).await?;
    }
    tab.session("gopherscope.stop()").await?;
    viewer::enter(tab).await?;
    tab.eval("void (location.hash = '#/live?view=bridge&select=1500-2500')").await?;
    tab.until("document.querySelector('.bridge .scope') && true").await?;
    let by_member =
        "[...document.querySelectorAll('.bridge button')].find((it) => it.innerText === 'By member')";
    viewer::click(tab, by_member).await?;
    viewer::leave(tab).await?;
    for (width, scheme) in each(&[(420, Dark), (1280, Light), (2560, Dark)]) {
        shoot_viewer(tab, "bridge-members", width, scheme).await?;
    }
    Ok(())
}

async fn popup(tab: &Tab) -> Result<()> {
    let tag = tab.tag("data-ui=\"popup\"");
    let site = Site::default().mount("/demos/", paths::dist().join("demos"));
    let server = tab.serve(site.replace("<script src=\"../../agent.js\"></script>", &tag), "").await?;
    viewer::visit(tab, &server.localhost_url("/demos/bridge/?variant=sick")).await?;
    shoot(tab, "popup-button", 1280, Light).await?;
    let driver = tab.browser.driver();
    let own = driver.window().await?;
    viewer::open_popup(tab).await?;
    tab.until(HOT_LINE).await?;
    for view in VIEWS {
        show(tab, view).await?;
        for (width, scheme) in each(EVERY) {
            wear(tab, scheme).await?;
            shoot(tab, &format!("window-{view}"), width, scheme).await?;
        }
    }
    driver.close_window().await?;
    Ok(driver.switch_to_window(own).await?)
}

/// A demo in a view that tells what is wrong with it, once `ready` holds there.
const FACTS: [(&str, &str, &str, &str); 7] = [
    ("memory", "leak", "leak/?variant=sick", "document.querySelector('.kinds .refs b')?.innerText > '50'"),
    ("memory", "steps", "steps/?variant=sick", "document.querySelectorAll('.steps tbody tr').length > 3"),
    (
        "gc",
        "churn",
        "churn/?variant=sick",
        "document.querySelectorAll('.gc-cycles-table tbody tr').length > 7",
    ),
    (
        "loop",
        "hog",
        "hog/?variant=sick",
        "document.querySelectorAll(PerformanceObserver.supportedEntryTypes.includes('longtask')
            ? '.tasks tbody tr' : '.stays tbody tr').length > 3",
    ),
    ("loop", "flood", "flood/?variant=sick", "document.querySelectorAll('.asked tbody tr').length > 0"),
    ("loop", "timing", "timing/?variant=sick", "document.querySelectorAll('.timings tbody tr').length > 3"),
    ("environment", "plain", "bridge/?variant=healthy", "document.querySelector('.ladder .best') && true"),
];

async fn facts(tab: &Tab) -> Result<()> {
    let tag = tab.tag("data-ui=\"popup\"");
    let site = Site::default().mount("/demos/", paths::dist().join("demos"));
    let server = tab.serve(site.replace("<script src=\"../../agent.js\"></script>", &tag), "").await?;
    let driver = tab.browser.driver();
    let own = driver.window().await?;
    for (view, name, page, ready) in FACTS {
        viewer::visit(tab, &server.localhost_url(&format!("/demos/{page}"))).await?;
        viewer::open_popup(tab).await?;
        tab.until("document.querySelector('[role=tab]') && true").await?;
        show(tab, view).await?;
        tab.until(ready).await?;
        check_with_axe(tab, &format!("{view} of {page}")).await?;
        for (width, scheme) in each(EVERY) {
            shoot(tab, &format!("{view}-{name}"), width, scheme).await?;
        }
        driver.close_window().await?;
        driver.switch_to_window(own.clone()).await?;
    }
    Ok(())
}

/// Where a policy keeps the view's frame out.
async fn mini(tab: &Tab) -> Result<()> {
    let site = Site::default().mount("/demos/", paths::dist().join("demos"));
    let policy = ("content-security-policy".to_owned(), "frame-src 'none'".to_owned());
    let site = site.rule("*", Rule { headers: vec![policy], ..Rule::default() });
    let server =
        tab.serve(site.replace("<script src=\"../../agent.js\"></script>", &tab.tag("")), "").await?;
    viewer::visit(tab, &server.localhost_url("/demos/bridge/?variant=sick")).await?;
    let main = "overlayRoot.querySelector('iframe:not([src])')?.contentDocument.querySelector('main')";
    tab.until(&format!("{main}?.textContent.includes('draw_sick.go')")).await?;
    for (width, scheme) in SOME.iter().copied() {
        tab.browser.view(width, HEIGHT, scheme).await?;
        if width > 1000 {
            // Its lines follow its width: names stand beside their figures where there is room.
            tab.until(&format!(r"/\S +syscall\/js\.valueSet/.test({main}.textContent)")).await?;
        }
        shoot(tab, "mini", width, scheme).await?;
    }
    for scheme in [Light, Dark] {
        tab.browser.view(1280, HEIGHT, scheme).await?;
        enter_mini(tab).await?;
        check_with_axe(tab, &format!("mini view, {scheme:?}")).await?;
        viewer::leave(tab).await?;
    }
    enter_mini(tab).await?;
    let collapse = "[...document.querySelectorAll('button')].find((it) => it.textContent === 'Collapse')";
    tab.eval(&format!("void setTimeout(() => {collapse}.click())")).await?;
    viewer::leave(tab).await?;
    tab.until("document.querySelector('gopherscope-overlay').getBoundingClientRect().height === 44").await?;
    shoot(tab, "mini-badge", 420, Light).await
}

async fn enter_mini(tab: &Tab) -> Result<()> {
    let frame = "return overlayRoot.querySelector('iframe:not([src])')";
    Ok(tab.browser.driver().execute(frame, Vec::new()).await?.element()?.enter_frame().await?)
}

async fn demos(tab: &Tab) -> Result<()> {
    let lines = "document.querySelectorAll('.lines tbody tr').length > 3";
    for (page, name, scheme) in [
        ("bridge/?variant=healthy", "bridge-healthy", Light),
        ("copy/?variant=sick", "copy-sick", Dark),
        ("startup/?variant=sick", "startup-sick", Light),
        ("churn/?variant=sick", "churn-sick", Light),
        ("flood/?variant=sick", "flood-sick", Dark),
        ("hog/?variant=sick", "hog-sick", Light),
        ("timing/?variant=sick", "timing-sick", Light),
        ("esbuild/", "esbuild", Dark),
    ] {
        let _running = open(tab, page, lines).await?;
        shoot_viewer(tab, name, 1280, scheme).await?;
        if name == "esbuild" {
            shoot_viewer(tab, name, 420, Light).await?;
        }
    }
    Ok(())
}

async fn ends(tab: &Tab) -> Result<()> {
    let site = fixture_site().page("/cut.wasm", programs::cut(tab.browser.engine())?);
    let server = tab.serve(site, &tab.tag("")).await?;
    let said = "document.querySelector('.headline h2') && true";
    for (query, name, width, scheme) in [
        ("module=cut.wasm", "cut-module", 1280, Light),
        ("module=cut.wasm", "cut-module", 420, Dark),
        ("module=missing.wasm", "not-found", 1280, Dark),
        ("", "no-program", 1280, Light),
        ("module=go/ends.wasm&mode=exit", "exited", 1280, Light),
        ("module=go/ends.wasm&mode=panic", "panicked", 420, Light),
    ] {
        viewer::visit(tab, &server.localhost_url(&format!("/load.html?{query}"))).await?;
        viewer::enter(tab).await?;
        tab.until(if query.is_empty() { "document.querySelector('.notice') && true" } else { said }).await?;
        viewer::leave(tab).await?;
        shoot_viewer(tab, name, width, scheme).await?;
    }
    mismatch(tab, &server).await
}

async fn mismatch(tab: &Tab, server: &Server) -> Result<()> {
    let live = tab.profiler().url("/").replace(':', "%3A") + "%23/live";
    let url = server.localhost_url(&format!("/agent.html?answer=refused&viewer={live}"));
    tab.visit(&url, "document.querySelector('iframe')?.src").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    shoot(tab, "other-release", 1280, Light).await
}
