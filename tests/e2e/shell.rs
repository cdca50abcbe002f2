//! The view's shell by keyboard and pointer: tabs, keys, pause, clear, theme, links, start-up, and what is said where
//! view and page share a thread.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::fmt;
use xtask::browser::Engine;
use xtask::server::Server;

use crate::harness::{Scene, Tab, fixture_site};
use crate::{programs, view, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("shell: tabs by digits, arrows and pointer", tabs),
        scene.trial("shell: the list of keys opens, closes and gives the focus back", help),
        scene.trial("shell: a paused view stands still and catches up", pause),
        scene.trial("shell: clear begins anew", clear),
        scene.trial("shell: theme and link outlive a reload", reload),
        scene.trial("shell: a link is followed while the view tells where it is", led),
        scene.trial("shell: start-up on the shared axis", startup),
        scene.trial("shell: a shared thread is told, and the way out", shared),
        scene.trial("shell: no barrier in any view or dialog that axe finds", accessible),
        scene.trial("shell: a refused view can be made small", refused),
    ]
}

const ROWS: &str = "document.querySelector('.imports tbody tr') && true";

/// A page with a program in it, the overlay's frame entered, its table there.
async fn open(tab: &Tab) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    tab.eval("names(2000)").await?;
    viewer::enter(tab).await?;
    tab.until(ROWS).await?;
    viewer::click(tab, "document.querySelector('.headline')").await?;
    Ok(server)
}

async fn press(tab: &Tab, keys: &str) -> Result<()> {
    Ok(tab.browser.driver().action_chain().send_keys(keys).perform().await?)
}

const ARROW_RIGHT: &str = "\u{e014}";
const END: &str = "\u{e010}";
const ESCAPE: &str = "\u{e00c}";
const SELECTED: &str =
    "[...document.querySelectorAll('[role=tab][aria-selected=true]')].map((it) => it.firstChild.data).join()";
const FOCUSED: &str = "document.activeElement.id || document.activeElement.ariaLabel";

async fn tabs(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    for (key, name, shown) in
        [("2", "Startup", ".startup"), ("3", "Bridge", ".bridge"), ("1", "Overview", ".phases")]
    {
        press(tab, key).await?;
        tab.until(&format!("{SELECTED} === '{name}' && document.querySelector('{shown}') && true")).await?;
        let panel = "document.getElementById(document.querySelector('[role=tab][aria-selected=true]').getAttribute('aria-controls')).getAttribute('role')";
        assert_eq!(tab.eval(panel).await?, "tabpanel");
    }
    tab.eval("void document.querySelector('[role=tab][tabindex=\"0\"]').focus()").await?;
    for (key, name, id) in [
        (ARROW_RIGHT, "Startup", "tab-startup"),
        (END, "Environment", "tab-environment"),
        (ARROW_RIGHT, "Overview", "tab-overview"),
    ] {
        press(tab, key).await?;
        tab.until(&format!("{SELECTED} === '{name}'")).await?;
        assert_eq!(tab.eval(FOCUSED).await?, id);
        assert_eq!(tab.eval("document.querySelectorAll('[role=tab][tabindex=\"0\"]').length").await?, 1);
    }
    viewer::click(tab, "document.getElementById('tab-bridge')").await?;
    tab.until(&format!("{SELECTED} === 'Bridge'")).await?;
    search(tab).await
}

async fn search(tab: &Tab) -> Result<()> {
    viewer::click(tab, "document.querySelector('.headline')").await?;
    press(tab, "/").await?;
    assert_eq!(tab.eval(FOCUSED).await?, "search");
    // Digits and slashes are words here.
    press(tab, "1/x").await?;
    tab.until("document.getElementById('search').value === '1/x'").await?;
    assert_eq!(tab.eval(SELECTED).await?, "Bridge");
    press(tab, ESCAPE).await?;
    tab.until("document.getElementById('search').value === '' && document.activeElement.id !== 'search'")
        .await
}

async fn help(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    let open = "document.querySelector('dialog[open]') !== null";
    for close in [ESCAPE, "?"] {
        tab.eval("void document.querySelector('[aria-label^=Theme]').focus()").await?;
        press(tab, "?").await?;
        tab.until(open).await?;
        let keys =
            tab.eval("[...document.querySelectorAll('dialog[open] kbd')].map((it) => it.innerText)").await?;
        for key in ["?", "space", "/", "1", "3", "w", "0", "esc"] {
            ensure!(keys.as_array().is_some_and(|keys| keys.contains(&json!(key))), "no {key} in {keys}");
        }
        assert_eq!(tab.eval("document.activeElement.closest('dialog') !== null").await?, true);
        press(tab, "2").await?;
        assert_eq!(tab.eval(SELECTED).await?, "Overview", "keys behind the dialog");
        press(tab, close).await?;
        tab.until(&format!("!({open})")).await?;
        ensure!(tab.eval(FOCUSED).await?.as_str().is_some_and(|label| label.starts_with("Theme")), "focus");
    }
    viewer::click(tab, "document.querySelector('[aria-label^=\"Show the keys\"]')").await?;
    tab.until(open).await?;
    viewer::click(tab, "document.querySelector('dialog[open] button')").await?;
    tab.until(&format!("!({open})")).await
}

/// Calls of the import with most, as the view and as the session has them.
const MOST: &str = "Math.max(...[...document.querySelectorAll('.imports tbody tr')]
    .map((row) => Number(row.cells[1].innerText.replaceAll(',', ''))))";

async fn most(tab: &Tab) -> Result<u64> {
    viewer::leave(tab).await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    viewer::enter(tab).await?;
    session.instances[0].imports.iter().map(|it| it.calls).max().context("no imports")
}

async fn pause(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    press(tab, " ").await?;
    tab.until("document.querySelector('.paused')?.innerText.startsWith('paused 00:')").await?;
    assert_eq!(tab.eval("document.querySelector('[aria-label^=Resume]').ariaPressed").await?, "true");
    let figures =
        "document.querySelector('.stage > time').innerText + document.querySelector('.view').innerText";
    let before = (tab.eval(figures).await?, tab.eval(MOST).await?);
    viewer::leave(tab).await?;
    tab.eval("names(3000)").await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.paused').innerText >= 'paused 00:02'").await?;
    assert_eq!((tab.eval(figures).await?, tab.eval(MOST).await?), before);
    let most = most(tab).await?;
    ensure!(most >= 3000 + before.1.as_u64().unwrap_or(u64::MAX), "the recording stood still, too");
    viewer::click(tab, "document.querySelector('[aria-label^=Resume]')").await?;
    tab.until(&format!("{MOST} === {most} && !document.querySelector('.paused')")).await?;
    assert_eq!(tab.eval("document.querySelector('[aria-label^=Pause]').ariaPressed").await?, "false");
    Ok(())
}

async fn clear(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    tab.until(&format!("{MOST} >= 2000")).await?;
    let phases = tab.eval("document.querySelectorAll('.phases li').length").await?;
    // A busy machine may look away for seconds: what the view has shown in between counts.
    // In WebKit it is on the page's thread, and looks away for longer.
    let late = if tab.browser.engine() == Engine::WebKit { "00:15" } else { "00:03" };
    tab.until(&format!("document.querySelector('.stage time').innerText >= '{late}'")).await?;
    let least = "void (globalThis.least = '99:99', new MutationObserver(() => {
        const now = document.querySelector('.stage time').innerText;
        if (now < least) least = now;
    }).observe(document.querySelector('.stage'), { subtree: true, childList: true, characterData: true }))";
    tab.eval(least).await?;
    viewer::click(tab, "document.querySelector('[aria-label^=Clear]')").await?;
    tab.until(&format!(
        "least < '{late}' && !document.querySelector('.imports tbody')?.innerText.includes('2,')"
    ))
    .await?;
    ensure!(most(tab).await? < 2000, "the agent has not begun anew");
    viewer::leave(tab).await?;
    tab.eval("names(500)").await?;
    viewer::enter(tab).await?;
    let most = most(tab).await?;
    tab.until(&format!("document.querySelector('.imports tbody') && {MOST} === {most}")).await?;
    // How it started is not forgotten.
    assert_eq!(tab.eval("document.querySelectorAll('.phases li').length").await?, phases);
    Ok(())
}

async fn reload(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("data-ui=\"popup\"")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    let own = tab.browser.driver().window().await?;
    viewer::open_popup(tab).await?;
    tab.until(ROWS).await?;
    let theme = "document.documentElement.dataset.theme";
    for expected in ["light", "dark", "system", "light"] {
        viewer::click(tab, "document.querySelector('[aria-label^=Theme]')").await?;
        tab.until(&format!("{theme} === '{expected}'")).await?;
    }
    viewer::click(tab, "document.querySelector('.headline')").await?;
    press(tab, "3").await?;
    press(tab, "w").await?;
    press(tab, ",").await?;
    press(tab, "[").await?;
    tab.until("/view=bridge&range=[0-9.]+-[0-9.]+&select=[0-9.]+-[0-9.]+$/.test(location.hash)").await?;
    let hash = tab.eval("location.hash").await?;
    let chip = viewer::text(tab, ".range-chip").await?;
    tab.eval("void (globalThis.isOld = true)").await?;
    tab.browser.driver().refresh().await?;
    tab.until(&format!(
        "!globalThis.isOld && {SELECTED} === 'Bridge' && document.querySelector('.range-chip') && true"
    ))
    .await?;
    assert_eq!(viewer::text(tab, ".range-chip").await?, chip);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(tab.eval("location.hash").await?, hash, "a link does not change by being opened");
    assert_eq!(tab.eval(theme).await?, "light");
    tab.browser.driver().close_window().await?;
    Ok(tab.browser.driver().switch_to_window(own).await?)
}

/// The view writes its place into the location some time after it has moved; who leads elsewhere just then is followed.
async fn led(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    for (moved, to, name) in [("bridge", "startup", "Startup"), ("startup", "bridge", "Bridge")].repeat(3) {
        let lead = format!(
            "(async () => {{
               document.getElementById('tab-{moved}').click();
               await new Promise((done) => setTimeout(done, 100));
               for (const end = performance.now() + 400; performance.now() < end;);
               location.hash = '#/live?view={to}';
             }})()"
        );
        tab.eval(&lead).await?;
        tab.until(&format!("{SELECTED} === '{name}'")).await?;
        // Nor is it led back later.
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(tab.eval(SELECTED).await?, name);
    }
    Ok(())
}

async fn startup(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    viewer::leave(tab).await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    viewer::enter(tab).await?;
    press(tab, "2").await?;
    tab.until("document.querySelector('.lanes li') && true").await?;
    let lanes = "[...document.querySelectorAll('.lanes li')].map((li) => [li.children[0].innerText, li.children[2].innerText])";
    let lanes: Vec<(String, String)> = serde_json::from_value(tab.eval(lanes).await?)?;
    let took = |it: &session::Phase| match it.end {
        Some(end) => format!("{}{}", if it.exact { "" } else { "≤ " }, fmt::ms(end - it.start)),
        None => "running".to_owned(),
    };
    let phases = &session.instances[0].phases;
    let expected: Vec<_> = phases.iter().map(|it| (it.name.as_str().to_owned(), took(it))).collect();
    assert_eq!(lanes, expected);
    // Lanes lie exactly under the tracks: one axis.
    let edges = |selector: &str| {
        format!(
            "(({{ left, right }}) => [left, right])(document.querySelector('{selector}').getBoundingClientRect())"
        )
    };
    let apart = tab
        .eval(&format!(
            "{}.map((edge, at) => Math.abs(edge - {}[at]))",
            edges(".lanes .lane"),
            edges(".plots")
        ))
        .await?;
    ensure!(
        apart.as_array().is_some_and(|it| it.iter().all(|px| px.as_f64() < Some(1.0))),
        "{apart} px apart"
    );
    let module = &session.modules[0];
    let facts = viewer::text(tab, ".module-facts").await?;
    let facts = facts.as_str().context("no facts")?;
    for fact in [&module.url, module.go_version.as_ref().context("no Go version")?, "application/wasm"] {
        ensure!(facts.contains(fact), "no {fact} in {facts}");
    }
    let wrong: Vec<String> =
        session::loading(&session).into_iter().map(|it| it.text.replace('\u{a0}', " ")).collect();
    let told = tab.eval("[...document.querySelectorAll('.wrong li span')].map((it) => it.innerText.replaceAll('\\u00a0', ' '))").await?;
    assert_eq!(told, json!(wrong));
    viewer::click(tab, "document.querySelector('.lanes .lane')").await?;
    tab.until("document.querySelector('.range-chip') && true").await?;
    press(tab, ESCAPE).await?;
    tab.until("!document.querySelector('.range-chip')").await?;
    Ok(())
}

const OFFER: &str = "document.querySelector('.facts .offer')";

async fn shared(tab: &Tab) -> Result<()> {
    let server = open(tab).await?;
    let paced = "document.querySelector('.facts').innerText.includes('updates/s')";
    if tab.browser.engine() == Engine::WebKit {
        // Frames of all sites are on the page's thread: there is no way out.
        tab.until(&format!("{paced} && {OFFER} === null")).await?;
        return Ok(());
    }
    assert_eq!(tab.eval(&format!("{OFFER} === null")).await?, true, "two sites share no thread");
    viewer::leave(tab).await?;
    viewer::visit(tab, &server.url("/view.html")).await?;
    viewer::enter(tab).await?;
    tab.until(&format!("{OFFER} && {paced}")).await?;
    viewer::click(tab, OFFER).await?;
    tab.until("document.querySelector('dialog[open]') && true").await?;
    let elsewhere = tab.profiler().localhost_url("/agent.js");
    let tag = viewer::text(tab, "dialog[open] code").await?;
    assert_eq!(tag, Value::from(format!("<script src=\"{elsewhere}\"></script>")));
    Ok(())
}

async fn accessible(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    for theme in ["light", "dark"] {
        viewer::click(tab, "document.querySelector('[aria-label^=Theme]')").await?;
        tab.until(&format!("document.documentElement.dataset.theme === '{theme}'")).await?;
        viewer::click(tab, "document.querySelector('.headline')").await?;
        for key in ["2", "3"] {
            press(tab, key).await?;
            view::check_with_axe(tab, &format!("view {key}, {theme}")).await?;
        }
        press(tab, "?").await?;
        tab.until("document.querySelector('dialog[open]') && true").await?;
        view::check_with_axe(tab, &format!("keys, {theme}")).await?;
        press(tab, ESCAPE).await?;
        tab.until("!document.querySelector('dialog[open]')").await?;
    }
    Ok(())
}

async fn refused(tab: &Tab) -> Result<()> {
    // What it asks of an agent that gave no port.
    let server = tab.serve(fixture_site(), "").await?;
    let live = tab.profiler().url("/").replace(':', "%3A") + "%23/live";
    let url = server.localhost_url(&format!("/agent.html?answer=refused&viewer={live}"));
    tab.visit(&url, "document.querySelector('iframe')?.src").await?;
    tab.eval("void addEventListener('message', ({ data }) => data.gopherscope === 'ui' && (globalThis.asked = data.ui))").await?;
    let driver = tab.browser.driver();
    driver
        .execute("return document.querySelector('iframe')", Vec::new())
        .await?
        .element()?
        .enter_frame()
        .await?;
    tab.until("document.querySelector('.notice.error') && true").await?;
    viewer::click(tab, "document.querySelector('[aria-label^=Collapse]')").await?;
    viewer::leave(tab).await?;
    tab.until("globalThis.asked === 'collapse'").await?;
    // What the agent makes of it: from its own frame, and from no other window.
    let _server = open(tab).await?;
    viewer::leave(tab).await?;
    let width = "document.querySelector('gopherscope-overlay').getBoundingClientRect().width";
    let wide = tab.eval(width).await?;
    tab.eval("void postMessage({ gopherscope: 'ui', ui: 'collapse' }, '*')").await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(tab.eval(width).await?, wide);
    viewer::enter(tab).await?;
    tab.eval("void parent.postMessage({ gopherscope: 'ui', ui: 'collapse' }, '*')").await?;
    viewer::leave(tab).await?;
    tab.until(&format!("{width} < {wide}")).await
}
