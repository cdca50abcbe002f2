//! What is left when a page is reloaded, hangs, crashes or is killed; and what a browser that keeps nothing makes of that.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{Session, fmt};
use xtask::server::{Rule, Server};

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::{bridge, programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let dev = scene.needs(&[Need::DevTools]);
    vec![
        scene.trial("lifecycle: a reload leaves the previous run", reload),
        scene.trial("lifecycle: a reload leaves what ran in a worker", worker),
        scene.trial("lifecycle: a reload keeps the place", place),
        scene.trial("lifecycle: a panic is told with the previous run", panics),
        dev.trial("lifecycle: a crash of the page leaves what it told", crash),
        dev.trial("lifecycle: a page that hangs leaves what it told", hang),
        dev.trial("lifecycle: a page that hangs while it crosses", hang_crossing),
        dev.trial("lifecycle: a window of its own keeps the run of a page that crashes", window),
        dev.trial("lifecycle: without storage, and without room in it", denied),
        scene.trial("lifecycle: a program that exits, and the next in its page", again),
        scene.trial("lifecycle: a page that keeps its windows apart", apart),
    ]
}

const STATE: &str = "document.querySelector('.stage [role=status]')?.innerText";
const OFFER: &str = "document.querySelector('.previous')";
const NOTICE: &str = "document.querySelector('.headline .notice')?.innerText";

fn is(state: &str) -> String {
    format!("{STATE} === '{state}'")
}

async fn serve(tab: &Tab, attributes: &str) -> Result<Server> {
    programs::build()?;
    tab.serve(fixture_site(), &tab.tag(attributes)).await
}

/// Opens a page, and waits until the viewer in it, which is entered, shows what it does.
async fn open(tab: &Tab, url: &str, state: &str) -> Result<()> {
    viewer::visit(tab, url).await?;
    viewer::enter(tab).await?;
    tab.until(&is(state)).await
}

/// Calls of methods, exactly.
fn calls(session: &Session) -> u64 {
    let imports = session.instances.iter().flat_map(|it| &it.imports);
    imports.filter(|it| it.name == "syscall/js.valueCall").map(|it| it.calls).sum()
}

/// The row of method calls that the view shows, once it shows `calls`.
async fn shows_calls(tab: &Tab, calls: u64) -> Result<()> {
    bridge::go(tab, "view=bridge").await?;
    bridge::choose(tab, "By import").await?;
    let row =
        "[...document.querySelectorAll('.bridge tbody tr')].find((it) => it.innerText.includes('valueCall'))";
    tab.until(&format!("{row}?.innerText.includes('{}')", fmt::count(calls))).await
}

/// Presses the offer, and waits for the previous run.
async fn show_previous(tab: &Tab) -> Result<()> {
    tab.until(&format!("{OFFER} && true")).await?;
    tab.eval(&format!("void {OFFER}.click()")).await?;
    tab.until(&is("previous run")).await
}

async fn press(tab: &Tab, label: &str) -> Result<()> {
    let button =
        format!("[...document.querySelectorAll('.notice button')].find((it) => it.innerText === '{label}')");
    tab.until(&format!("{button} && true")).await?;
    tab.eval(&format!("void {button}.click()")).await?;
    Ok(())
}

async fn reload(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    open(tab, &server.localhost_url("/view.html?first"), "recording").await?;
    ensure!(tab.eval(&format!("{OFFER} === null")).await? == true, "a previous run of a first one");
    viewer::leave(tab).await?;
    tab.eval("work(6400)").await?;
    let before = calls(&tab.session("gopherscope.snapshot()").await?);
    // Told to the viewer, though all of it need not be written yet.
    viewer::enter(tab).await?;
    shows_calls(tab, before).await?;
    viewer::leave(tab).await?;
    tab.browser.reload().await?;
    tab.until("globalThis.work && overlayRoot?.querySelector('iframe') && true").await?;
    viewer::enter(tab).await?;
    tab.until(&is("recording")).await?;
    show_previous(tab).await?;
    let said = tab.eval(NOTICE).await?;
    let said = said.as_str().context("no notice")?;
    ensure!(said.contains("Previous run of http://localhost") && said.contains("view.html?first"), "{said}");
    // A frame in a process of its own may go before the page's last word reaches it, and then it says so.
    ensure!(
        said.contains("It ended when the page was reloaded.") || said.contains("its last word was lost"),
        "{said}"
    );
    shows_calls(tab, before).await?;
    // It is narrowed like any recording, and stands still.
    let now = "document.querySelector('.timeline canvas')?.ariaLabel";
    let stood = tab.eval(now).await?;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(tab.eval(now).await?, stood);
    press(tab, "Back to the running one").await?;
    tab.until(&is("recording")).await?;
    viewer::leave(tab).await?;
    tab.eval("work(64)").await?;
    let fresh = calls(&tab.session("gopherscope.snapshot()").await?);
    ensure!(fresh < before, "{fresh} calls");
    viewer::enter(tab).await?;
    shows_calls(tab, fresh).await?;
    // Deleted, it is offered no more: neither now nor later.
    show_previous(tab).await?;
    press(tab, "Delete it").await?;
    tab.until(&format!("{} && !{OFFER}", is("recording"))).await
}

/// A program in a worker alone, which ends with its page.
async fn worker(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    viewer::visit(tab, &server.localhost_url("/realms.html")).await?;
    tab.eval("start('classic')").await?;
    tab.eval("ask('classic', ['work', 6400])").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    let before = calls(&session);
    ensure!(before > 6400 && session.realms.len() == 2, "{before} calls in {:?}", session.realms);
    viewer::enter(tab).await?;
    tab.until(&is("recording")).await?;
    shows_calls(tab, before).await?;
    viewer::leave(tab).await?;
    tab.browser.reload().await?;
    tab.until("globalThis.start && overlayRoot?.querySelector('iframe') && true").await?;
    viewer::enter(tab).await?;
    show_previous(tab).await?;
    shows_calls(tab, before).await?;
    let sentence = "document.querySelector('.headline .sentence')?.innerText";
    tab.until(&format!("{sentence}?.includes('in worker the worker')")).await?;
    tab.eval("void (location.hash = '#/live?view=environment')").await?;
    tab.until("[...document.querySelectorAll('h2')].some((it) => it.innerText === 'Worker the worker')").await
}

/// View and range of a frame that always begins at the beginning.
async fn place(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    open(tab, &server.localhost_url("/view.html"), "recording").await?;
    bridge::go(tab, "view=bridge&range=full").await?;
    tab.until("sessionStorage.getItem('gopherscope.place')?.endsWith('#/live?view=bridge&range=full')")
        .await?;
    viewer::leave(tab).await?;
    let stored = "[localStorage.length, sessionStorage.length]";
    tab.browser.reload().await?;
    tab.until("globalThis.work && overlayRoot?.querySelector('iframe') && true").await?;
    assert_eq!(tab.eval(stored).await?, json!([0, 0]), "the page's own storage");
    viewer::enter(tab).await?;
    tab.until("location.hash === '#/live?view=bridge&range=full'").await?;
    tab.until("document.querySelector('.bridge') && true").await?;
    // Another page is another place.
    viewer::leave(tab).await?;
    open(tab, &server.localhost_url("/view.html?other"), "recording").await?;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(tab.eval("location.hash").await?, "#/live");
    Ok(())
}

async fn panics(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    let url = server.localhost_url("/load.html?module=go/ends.wasm&mode=panic");
    open(tab, &url, "exited").await?;
    viewer::leave(tab).await?;
    open(tab, &url, "exited").await?;
    show_previous(tab).await?;
    let said = tab.eval(NOTICE).await?;
    let said = said.as_str().context("no notice")?;
    ensure!(said.contains("exited with code 2, Go's for a panic or a fatal error"), "{said}");
    Ok(())
}

/// Ends the process of the page in hand, whatever it does; a new tab is then the one in hand.
async fn kill(tab: &Tab, url: &str) -> Result<()> {
    let driver = tab.browser.driver();
    driver.enter_default_frame().await.ok();
    let dying = driver.window().await?;
    let targets = tab.browser.devtools("Target.getTargets", json!({})).await?;
    let infos = targets["targetInfos"].as_array().into_iter().flatten();
    let own: Vec<&Value> = infos.filter(|it| it["type"] == "page" && it["url"] == url).collect();
    let [own] = own[..] else { anyhow::bail!("no target of {url} alone in {targets}") };
    let other = driver.new_tab().await?;
    driver.switch_to_window(dying).await?;
    // Nobody is left to answer.
    let crash = tab.browser.devtools("Page.crash", json!({}));
    tokio::time::timeout(Duration::from_secs(3), crash).await.ok();
    driver.switch_to_window(other).await?;
    tab.browser.devtools("Target.closeTarget", json!({ "targetId": own["targetId"] })).await?;
    Ok(())
}

async fn crash(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    let url = server.localhost_url("/view.html?crashes");
    open(tab, &url, "recording").await?;
    viewer::leave(tab).await?;
    tab.eval("work(6400)").await?;
    let before = calls(&tab.session("gopherscope.snapshot()").await?);
    // A frame, and a turn of keeping.
    tokio::time::sleep(Duration::from_millis(2500)).await;
    kill(tab, &url).await?;
    open(tab, &server.localhost_url("/view.html"), "recording").await?;
    show_previous(tab).await?;
    let said = tab.eval(NOTICE).await?;
    ensure!(said.as_str().is_some_and(|it| it.contains("It ended without a word")), "{said}");
    shows_calls(tab, before).await?;
    viewer::leave(tab).await
}

/// Without a crossing nothing more comes; what came before the loop is there.
async fn hang(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    let url = server.localhost_url("/view.html?hangs");
    open(tab, &url, "recording").await?;
    viewer::leave(tab).await?;
    tab.eval("work(6400)").await?;
    let before = calls(&tab.session("gopherscope.snapshot()").await?);
    tokio::time::sleep(Duration::from_millis(500)).await;
    tab.eval("void setTimeout(() => { for (;;); }, 50)").await?;
    tokio::time::sleep(Duration::from_millis(6000)).await;
    kill(tab, &url).await?;
    open(tab, &server.localhost_url("/view.html"), "recording").await?;
    show_previous(tab).await?;
    let said = tab.eval(NOTICE).await?;
    ensure!(said.as_str().is_some_and(|it| it.contains("It stopped answering")), "{said}");
    shows_calls(tab, before).await?;
    viewer::leave(tab).await
}

/// Go that crosses for ever in one stay goes on telling for a while, without an answer.
async fn hang_crossing(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    let url = server.localhost_url("/view.html?crosses");
    open(tab, &url, "recording").await?;
    viewer::leave(tab).await?;
    let before = calls(&tab.session("gopherscope.snapshot()").await?);
    tab.eval("void setTimeout(() => work(2 ** 30), 50)").await?;
    tokio::time::sleep(Duration::from_millis(5000)).await;
    kill(tab, &url).await?;
    open(tab, &server.localhost_url("/view.html"), "recording").await?;
    show_previous(tab).await?;
    // More than a second of it, at any speed.
    let row =
        "[...document.querySelectorAll('.bridge tbody tr')].find((it) => it.innerText.includes('valueCall'))";
    bridge::go(tab, "view=bridge").await?;
    bridge::choose(tab, "By import").await?;
    tab.until(&format!("{row} && true")).await?;
    let shown =
        tab.eval(&format!("{row}.innerText.match(/[\\d,]+/g).map((it) => +it.replaceAll(',', ''))")).await?;
    let most = shown.as_array().into_iter().flatten().filter_map(Value::as_u64).max();
    ensure!(most > Some(before + 1000), "{shown} after {before}");
    let stay = tab.eval("document.querySelector('.timeline canvas')?.ariaLabel").await?;
    ensure!(stay.as_str().is_some_and(|it| it.contains("longest")), "{stay}");
    viewer::leave(tab).await
}

/// A window has a process of its own: the page's crash leaves it, and what it shows.
async fn window(tab: &Tab) -> Result<()> {
    let server = serve(tab, "data-ui=\"popup\"").await?;
    let url = server.localhost_url("/view.html?window");
    viewer::visit(tab, &url).await?;
    let driver = tab.browser.driver();
    let page = driver.window().await?;
    viewer::open_popup(tab).await?;
    tab.until(&is("recording")).await?;
    let popup = driver.window().await?;
    driver.switch_to_window(page).await?;
    kill(tab, &url).await?;
    let fresh = driver.window().await?;
    driver.switch_to_window(popup).await?;
    tab.until(&is("quiet")).await?;
    bridge::go(tab, "view=bridge").await?;
    tab.until("document.querySelectorAll('.bridge tbody tr').length > 0").await?;
    // The window is of the viewer's own site: so is the launcher, where the run is listed.
    driver.close_window().await?;
    driver.switch_to_window(fresh).await?;
    tab.visit(&tab.profiler().url("/"), "document.querySelector('.runs li a') && true").await?;
    let listed = tab.eval("document.querySelector('.runs li').innerText").await?;
    ensure!(listed.as_str().is_some_and(|it| it.contains("view.html?window")), "{listed}");
    tab.eval("void document.querySelector('.runs li a').click()").await?;
    tab.until(&is("previous run")).await?;
    tab.until("document.querySelector('.headline h2, .headline .notice') && true").await?;
    tab.visit(&tab.profiler().url("/"), "document.querySelector('.runs li button') && true").await?;
    tab.eval("void document.querySelector('.runs li button').click()").await?;
    // Other tests' runs may be listed, too.
    tab.until(
        "![...document.querySelectorAll('.runs li')].some((it) => it.innerText.includes('view.html?window'))",
    )
    .await
}

/// Blocked storage, and a full one: the view says so quietly, and goes on.
async fn denied(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    let errors = [
        (
            "SecurityError",
            "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError') } })",
        ),
        (
            "QuotaExceededError",
            "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }",
        ),
    ];
    for (name, patch) in errors {
        // In a frame of the page's own process, which is the one that the patch reaches.
        let added =
            tab.browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": patch })).await?;
        open(tab, &server.url(&format!("/view.html?{name}")), "recording").await?;
        tab.until(
            "[...document.querySelectorAll('.facts li')].some((it) => it.innerText.includes('not kept'))",
        )
        .await?;
        let why =
            tab.eval("[...document.querySelectorAll('.facts [title]')].map((it) => it.title).join()").await?;
        ensure!(why.as_str().is_some_and(|it| it.contains(name)), "{why}");
        viewer::leave(tab).await?;
        tab.eval("work(640)").await?;
        let calls = calls(&tab.session("gopherscope.snapshot()").await?);
        viewer::enter(tab).await?;
        shows_calls(tab, calls).await?;
        viewer::leave(tab).await?;
        tab.browser.devtools("Page.removeScriptToEvaluateOnNewDocument", added).await?;
    }
    let console = tab.console().await?;
    ensure!(!console.iter().any(|line| line.level == "SEVERE"), "{console:?}");
    Ok(())
}

/// One page, two runs: on one axis, one after the other.
async fn again(tab: &Tab) -> Result<()> {
    let server = serve(tab, "").await?;
    open(tab, &server.localhost_url("/load.html?module=go/ends.wasm&mode=exit"), "exited").await?;
    viewer::leave(tab).await?;
    let between = tab.eval("performance.now()").await?.as_f64().context("no time")?;
    tab.eval("load('go/calls.wasm').then(([go, instance]) => void go.run(instance)), globalThis.page = { short() {}, middle() {}, long() {} }, globalThis.ready = () => {}, 1").await?;
    tab.until("globalThis.work && (work(64), true)").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    let [first, second] = &session.instances[..] else {
        anyhow::bail!("{} programs", session.instances.len())
    };
    assert_eq!((first.exit_code, second.exit_code), (Some(3), None));
    ensure!(first.slices.iter().all(|it| it.end <= between), "{:?}", first.slices);
    ensure!(second.slices.iter().all(|it| it.start >= between), "{:?}", second.slices);
    ensure!(second.phases.iter().all(|it| it.start >= between), "{:?}", second.phases);
    viewer::enter(tab).await?;
    tab.until(&is("recording")).await?;
    let [realm] = &session.realms[..] else { anyhow::bail!("{:?}", session.realms) };
    assert_eq!((realm.offset_ms, realm.offset_error_ms), (0.0, Some(0.0)), "of the page's own realm");
    tab.eval("void document.getElementById('tab-startup').click()").await?;
    tab.until("document.querySelector('[title*=\"2 Go programs ran\"]') && true").await
}

/// The browser parts windows from such a page: the view says so at once, and so does the page of a window of its own.
async fn apart(tab: &Tab) -> Result<()> {
    programs::build()?;
    let policy = Rule {
        headers: vec![("cross-origin-opener-policy".into(), "same-origin".into())],
        ..Rule::default()
    };
    let server = tab.serve(fixture_site().rule("*", policy.clone()), &tab.tag("")).await?;
    open(tab, &server.localhost_url("/view.html"), "recording").await?;
    let driver = tab.browser.driver();
    let own = driver.window().await?;
    viewer::click(tab, "document.querySelector('[aria-label=\"Where the view is\"], .dock-menu button')")
        .await?;
    viewer::click(tab, "[...document.querySelectorAll('[role=menu] button, [role=menuitem]')].find((it) => it.innerText.includes('new window'))").await?;
    driver.switch_to_window(own.clone()).await?;
    viewer::enter(tab).await?;
    let pressed = std::time::Instant::now();
    tab.until(&format!("{NOTICE}?.includes('Cross-Origin-Opener-Policy')")).await?;
    ensure!(pressed.elapsed() < Duration::from_secs(5), "said after {:?}", pressed.elapsed());
    press(tab, "Dismiss").await?;
    tab.until(&format!("!{NOTICE}?.includes('Cross-Origin-Opener-Policy')")).await?;
    tab.until(&is("recording")).await?;
    viewer::leave(tab).await?;
    let popup = tab.serve(fixture_site().rule("*", policy), &tab.tag("data-ui=\"popup\"")).await?;
    viewer::visit(tab, &popup.localhost_url("/view.html")).await?;
    viewer::click(tab, "overlayRoot.querySelector('button')").await?;
    driver.switch_to_window(own.clone()).await?;
    tab.until("overlayRoot.querySelector('.notice')?.innerText.includes('opener policy')").await?;
    viewer::click(tab, "overlayRoot.querySelector('.notice button')").await?;
    tab.until("overlayRoot.querySelector('iframe') && true").await?;
    viewer::enter(tab).await?;
    tab.until(&is("recording")).await?;
    viewer::leave(tab).await?;
    for window in driver.windows().await? {
        let title_of_ours = window != own;
        driver.switch_to_window(window).await?;
        let url = driver.current_url().await?;
        if title_of_ours && url.as_str().starts_with(&tab.profiler().url("")) {
            driver.close_window().await?;
        }
    }
    Ok(driver.switch_to_window(own).await?)
}
