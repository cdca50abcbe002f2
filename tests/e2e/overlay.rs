//! The overlay in the page: where it sits, how it is moved by pointer and by keys, what it remembers, what it covers, and
//! that the page's styles do not reach it.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use xtask::browser::Scheme;
use xtask::server::{Rule, Server};

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::viewer::Mouse;
use crate::{programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("overlay: docked, floating, remembered", places),
        scene.trial("overlay: pulled and moved by the pointer", pointer),
        scene.trial("overlay: by keyboard alone", keyboard),
        scene.trial("overlay: the badge in any corner", badge),
        scene.trial("overlay: the page's end is not covered", room),
        scene.needs(&[Need::DevTools]).trial("overlay: not in print", printed),
        scene.trial("overlay: pages that style everything", hostile),
        scene.trial("overlay: a window of its own, and back", window),
        scene.trial("overlay: closed and shown again", again),
        scene.trial("overlay: closed before the agent would show it", stays_closed),
    ]
}

const SIZE: (u32, u32) = (1000, 700);

/// A page with the overlay, settled, at a size of its own.
async fn open(tab: &Tab, path: &str) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    tab.browser.view(SIZE.0, SIZE.1, Scheme::Light).await?;
    viewer::visit(tab, &server.localhost_url(path)).await?;
    settled(tab).await?;
    Ok(server)
}

/// The viewer has its port and has told its layout.
async fn settled(tab: &Tab) -> Result<()> {
    viewer::enter(tab).await?;
    tab.until("['connecting'].every((it) => !document.querySelector('.stage [role=status], .badge')?.innerText.includes(it))")
        .await?;
    viewer::leave(tab).await?;
    tab.until("getComputedStyle(document.querySelector('gopherscope-overlay')).visibility === 'visible'")
        .await
}

/// x, y, width and height of the overlay.
async fn place(tab: &Tab) -> Result<Vec<f64>> {
    let place = "(({ x, y, width, height }) => [x, y, width, height])
        (document.querySelector('gopherscope-overlay').getBoundingClientRect()).map(Math.round)";
    Ok(serde_json::from_value(tab.eval(place).await?)?)
}

async fn until_at(tab: &Tab, expected: [f64; 4]) -> Result<()> {
    let at = format!(
        "JSON.stringify((({{ x, y, width, height }}) => [x, y, width, height])
         (document.querySelector('gopherscope-overlay').getBoundingClientRect()).map(Math.round)) === '{}'",
        json!(expected.map(|it| it as i64))
    );
    if let Err(error) = tab.until(&at).await {
        let session = tab.session("gopherscope.snapshot()").await?;
        bail!("{error:#}: it is at {:?}; faults: {:?}", place(tab).await?, session.meta.errors);
    }
    Ok(())
}

/// Presses what the viewer shows under this name.
async fn press(tab: &Tab, name: &str) -> Result<()> {
    viewer::enter(tab).await?;
    let named = format!(
        "[...document.querySelectorAll('button')].find((it) => (it.ariaLabel ?? it.innerText).startsWith({}))",
        Value::from(name)
    );
    tab.until(&format!("{named} && true")).await?;
    viewer::click(tab, &named).await?;
    viewer::leave(tab).await
}

async fn choose(tab: &Tab, place: &str) -> Result<()> {
    press(tab, "Where the view is").await?;
    press(tab, place).await
}

/// Presses the mouse at a point of the page, moves it and lets go.
async fn drag(tab: &Tab, from: (i64, i64), to: (i64, i64)) -> Result<()> {
    let mouse = async |what: Mouse, (x, y): (i64, i64)| viewer::mouse(tab, what, (x as f64, y as f64)).await;
    // The browser learns from the next frame what lies where.
    let frame = async || -> Result<()> {
        tab.eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
            .await?;
        tokio::time::sleep(Duration::from_millis(60)).await;
        Ok(())
    };
    frame().await?;
    mouse(Mouse::Move, from).await?;
    mouse(Mouse::Press, from).await?;
    frame().await?;
    for step in 1..=4 {
        let part = |a: i64, b: i64| a + (b - a) * step / 4;
        mouse(Mouse::Drag, (part(from.0, to.0), part(from.1, to.1))).await?;
    }
    mouse(Mouse::Release, to).await
}

/// At the bottom, from this height on; a scrollbar may be beside it.
async fn until_docked(tab: &Tab, top: i64) -> Result<()> {
    let at = format!(
        "boxOf(overlay()).map(Math.round).join() === [0, {top}, root.clientWidth, innerHeight - {top}].join()"
    );
    if let Err(error) = tab.until(&at).await {
        bail!(
            "{error:#}: {}",
            tab.eval("[boxOf(overlay()), root.clientWidth, innerWidth, innerHeight]").await?
        );
    }
    Ok(())
}

/// A press, where the badge is.
async fn press_badge(tab: &Tab) -> Result<()> {
    let place = place(tab).await?;
    let middle = ((place[0] + place[2] / 2.0) as i64, (place[1] + place[3] / 2.0) as i64);
    drag(tab, middle, middle).await
}

async fn no_faults(tab: &Tab) -> Result<()> {
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "{:?}", session.meta.errors);
    Ok(())
}

async fn places(tab: &Tab) -> Result<()> {
    let _server = open(tab, "/view.html").await?;
    until_at(tab, [0.0, 434.0, 1000.0, 266.0]).await?;
    choose(tab, "At the right").await?;
    until_at(tab, [600.0, 0.0, 400.0, 700.0]).await?;
    choose(tab, "Floating").await?;
    until_at(tab, [276.0, 256.0, 700.0, 420.0]).await?;
    // It stays in the window, and is where it was once there is room again.
    tab.browser.view(500, 400, Scheme::Light).await?;
    until_at(tab, [126.0, 136.0, 350.0, 240.0]).await?;
    tab.browser.view(SIZE.0, SIZE.1, Scheme::Light).await?;
    until_at(tab, [276.0, 256.0, 700.0, 420.0]).await?;
    drag(tab, (600, 268), (400, 68)).await?;
    until_at(tab, [76.0, 56.0, 700.0, 420.0]).await?;
    press(tab, "Collapse").await?;
    viewer::enter(tab).await?;
    tab.until("localStorage.getItem('gopherscope.layout').includes('\"collapsed\":true')").await?;
    viewer::leave(tab).await?;
    // Remembered by the viewer alone.
    assert_eq!(tab.eval("[localStorage.length, document.cookie]").await?, json!([0, ""]));
    tab.eval("void (globalThis.isOld = true)").await?;
    tab.browser.reload().await?;
    tab.until("!globalThis.isOld && document.querySelector('gopherscope-overlay') && overlayRoot.querySelector('.badge') && true")
        .await?;
    until_at(tab, [708.0, 644.0, 280.0, 44.0]).await?;
    press_badge(tab).await?;
    until_at(tab, [76.0, 56.0, 700.0, 420.0]).await?;
    choose(tab, "At the bottom").await?;
    until_at(tab, [0.0, 434.0, 1000.0, 266.0]).await?;
    no_faults(tab).await
}

async fn pointer(tab: &Tab) -> Result<()> {
    let _server = open(tab, "/view.html").await?;
    drag(tab, (500, 438), (500, 238)).await?;
    until_at(tab, [0.0, 234.0, 1000.0, 466.0]).await?;
    // Never less than can be read, never all of the page.
    drag(tab, (500, 238), (500, 690)).await?;
    until_at(tab, [0.0, 500.0, 1000.0, 200.0]).await?;
    drag(tab, (500, 504), (500, 2)).await?;
    until_at(tab, [0.0, 48.0, 1000.0, 652.0]).await?;
    choose(tab, "At the right").await?;
    until_at(tab, [600.0, 0.0, 400.0, 700.0]).await?;
    drag(tab, (604, 350), (304, 350)).await?;
    until_at(tab, [300.0, 0.0, 700.0, 700.0]).await?;
    choose(tab, "Floating").await?;
    until_at(tab, [276.0, 256.0, 700.0, 420.0]).await?;
    drag(tab, (280, 400), (180, 400)).await?;
    until_at(tab, [176.0, 256.0, 800.0, 420.0]).await?;
    drag(tab, (970, 670), (870, 570)).await?;
    until_at(tab, [176.0, 256.0, 700.0, 320.0]).await?;
    drag(tab, (500, 268), (2, 2)).await?;
    until_at(tab, [0.0, 0.0, 700.0, 320.0]).await?;
    // What is pulled does not reach the page.
    tab.eval(
        "void (globalThis.heard = [], ['pointerdown', 'mousedown', 'click', 'keydown'].forEach((it) =>
        addEventListener(it, (event) => heard.push(event.type))))",
    )
    .await?;
    drag(tab, (300, 10), (320, 30)).await?;
    until_at(tab, [20.0, 20.0, 700.0, 320.0]).await?;
    assert_eq!(tab.eval("heard").await?, json!([]));
    no_faults(tab).await
}

async fn keyboard(tab: &Tab) -> Result<()> {
    let _server = open(tab, "/view.html").await?;
    let keys = async |keys: &str| -> Result<()> {
        for key in keys.split(' ') {
            viewer::key(tab, key.trim_start_matches('^'), key.starts_with('^')).await?;
        }
        Ok(())
    };
    let grips = "[...overlayRoot.querySelectorAll('[tabindex]')].filter((it) => getComputedStyle(it).display !== 'none')
        .map((it) => [it.role, it.ariaLabel.split(';')[0], it.ariaOrientation, it.ariaValueNow])";
    assert_eq!(tab.eval(grips).await?, json!([["separator", "Height of Gopherscope", "horizontal", "38"]]));
    tab.eval("overlayRoot.querySelector('.top').focus()").await?;
    keys("ArrowUp ArrowUp ^ArrowUp").await?;
    until_at(tab, [0.0, 338.0, 1000.0, 362.0]).await?;
    assert_eq!(tab.eval("overlayRoot.querySelector('.top').ariaValueNow").await?, "52");
    choose(tab, "Floating").await?;
    until_at(tab, [276.0, 256.0, 700.0, 420.0]).await?;
    tab.eval("overlayRoot.querySelector('.move').focus()").await?;
    keys("ArrowLeft ^ArrowUp").await?;
    until_at(tab, [260.0, 192.0, 700.0, 420.0]).await?;
    keys("Enter").await?;
    until_at(tab, [708.0, 644.0, 280.0, 44.0]).await?;
    tab.eval("overlayRoot.querySelector('.badge').focus()").await?;
    keys("ArrowUp ArrowLeft").await?;
    until_at(tab, [12.0, 12.0, 280.0, 44.0]).await?;
    keys("Enter").await?;
    until_at(tab, [260.0, 192.0, 700.0, 420.0]).await?;

    // The menu in the view.
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.dock-menu button')").await?;
    // WebKit lets no script of a frame take the focus where its reader has not been.
    viewer::click(tab, "document.querySelector('.bar h1')").await?;
    tab.eval("document.querySelector('.dock-menu button').focus()").await?;
    tab.eval("document.querySelector('.dock-menu button').click()").await?;
    let focused = "document.activeElement.innerText.trim()";
    tab.until(&format!("{focused} === 'At the bottom'")).await?;
    let checked = "[...document.querySelectorAll('[role=menuitemradio]')].map((it) => it.ariaChecked)";
    assert_eq!(tab.eval(checked).await?, json!(["false", "false", "true"]));
    let key = |key: &str| {
        format!(
            "void document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }}))"
        )
    };
    tab.eval(&key("ArrowUp")).await?;
    assert_eq!(tab.eval(focused).await?, "In a new tab");
    tab.eval(&key("ArrowDown")).await?;
    tab.eval(&key("Escape")).await?;
    tab.until("!document.querySelector('[role=menu]')").await?;
    assert_eq!(tab.eval("document.activeElement.ariaLabel").await?, "Where the view is");
    viewer::leave(tab).await?;
    no_faults(tab).await
}

async fn badge(tab: &Tab) -> Result<()> {
    // The usual corner holds a button of the page's.
    let server = open(tab, "/overlay.html?with=button").await?;
    press(tab, "Collapse").await?;
    until_at(tab, [12.0, 644.0, 280.0, 44.0]).await?;
    // A scrollbar beside it takes what it takes in this engine.
    let right = async || -> Result<f64> {
        let width = tab.eval("root.clientWidth").await?.as_f64().context("no width")?;
        Ok(width - 280.0 - 12.0)
    };
    let far = right().await?;
    for (from, to, at) in [
        ((100, 660), (900, 100), [far, 12.0]),
        ((800, 30), (100, 90), [12.0, 12.0]),
        ((100, 30), (700, 600), [far, 644.0]),
    ] {
        drag(tab, from, to).await?;
        until_at(tab, [at[0], at[1], 280.0, 44.0]).await?;
    }
    // A corner that was chosen is kept.
    viewer::visit(tab, &server.localhost_url("/overlay.html?with=button&again")).await?;
    until_at(tab, [far, 644.0, 280.0, 44.0]).await?;
    tab.browser.view(420, 300, Scheme::Light).await?;
    until_at(tab, [right().await?, 244.0, 280.0, 44.0]).await?;
    no_faults(tab).await
}

async fn room(tab: &Tab) -> Result<()> {
    for with in ["", "border"] {
        let _server = open(tab, &format!("/overlay.html?with={with}")).await?;
        let end = "(scrollTo(0, 1e6), document.body.scrollTop = 1e6, document.querySelector('#end').getBoundingClientRect().bottom)";
        let attributes =
            "[...document.querySelectorAll('html, body, main')].map((it) => it.attributes.length)";
        let bottom = tab.eval(end).await?.as_f64().context("no end")?;
        let top = place(tab).await?[1];
        ensure!(bottom <= top, "{with}: the page's end at {bottom}, the overlay from {top}");
        assert_eq!(tab.eval(attributes).await?, json!([0, 0, 0]));
        drag(tab, (500, top as i64 + 4), (500, 200)).await?;
        tab.until(&format!("{end} <= 200")).await?;
        choose(tab, "At the right").await?;
        tab.until("document.querySelector('#end').getBoundingClientRect().right <= boxOf(overlay())[0]")
            .await?;
        press(tab, "Collapse").await?;
        tab.until(&format!("{end} > 690")).await?;
        tab.until("document.adoptedStyleSheets.length === 0").await?;
        press_badge(tab).await?;
        tab.until("document.adoptedStyleSheets.length === 1").await?;
        // A page's own sheets stay, whatever it does with the list.
        tab.eval(
            "void (document.adoptedStyleSheets = [...document.adoptedStyleSheets, new CSSStyleSheet()])",
        )
        .await?;
        choose(tab, "Floating").await?;
        tab.until("document.adoptedStyleSheets.length === 1").await?;
        choose(tab, "At the bottom").await?;
        tab.until("document.adoptedStyleSheets.length === 2").await?;
        tab.eval("gopherscope.uninstall()").await?;
        assert_eq!(tab.eval("document.adoptedStyleSheets.length").await?, 1);
    }
    Ok(())
}

async fn printed(tab: &Tab) -> Result<()> {
    let _server = open(tab, "/overlay.html?with=").await?;
    tab.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    let printed = "[getComputedStyle(overlay()).display, getComputedStyle(root).paddingBottom]";
    assert_eq!(tab.eval(printed).await?, json!(["none", "0px"]));
    tab.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await?;
    Ok(())
}

async fn hostile(tab: &Tab) -> Result<()> {
    programs::build()?;
    let strict = "default-src 'self'; style-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' PROFILER; frame-src PROFILER";
    let strict = strict.replace("PROFILER", &tab.profiler().url(""));
    let rule = Rule { headers: vec![("content-security-policy".into(), strict)], ..Rule::default() };
    let site = fixture_site()
        .mount("/strict/", xtask::paths::in_root("tests/fixtures/site"))
        .rule("/strict/*", rule);
    let server = tab.serve(site, &tab.tag("")).await?;
    tab.browser.view(SIZE.0, SIZE.1, Scheme::Light).await?;
    for path in [
        "/overlay.html?with=sheet",
        "/overlay.html?with=transform",
        "/overlay.html?with=above",
        "/strict/overlay.html",
        "/strict/overlay.html?with=above,button",
    ] {
        viewer::visit(tab, &server.localhost_url(path)).await?;
        settled(tab).await?;
        until_docked(tab, 434).await.with_context(|| path.to_owned())?;
        assert_eq!(
            tab.eval("[isOnTop(3, 500), isOnTop(980, 690), isOnTop(500, 420)]").await?,
            json!([true, true, false]),
            "{path}"
        );
        drag(tab, (500, 438), (500, 404)).await?;
        until_docked(tab, 400).await.with_context(|| path.to_owned())?;
        press(tab, "Collapse").await?;
        tab.until("boxOf(overlay())[2] === 280").await.with_context(|| path.to_owned())?;
        press_badge(tab).await?;
        drag(tab, (500, 404), (500, 438)).await?;
        until_docked(tab, 434).await?;
        assert_eq!(tab.eval("gopherscope.faults").await?, 0, "{path}");
    }
    // Of a page that is zoomed as a whole, the overlay is zoomed too, and stays at its edge.
    viewer::visit(tab, &server.localhost_url("/overlay.html?with=zoom")).await?;
    settled(tab).await?;
    assert_eq!(tab.eval("[isOnTop(3, 690), isOnTop(500, 100)]").await?, json!([true, false]));
    // Above it lies what the page opens above itself, and only while that is there.
    viewer::visit(tab, &server.localhost_url("/overlay.html")).await?;
    settled(tab).await?;
    tab.eval("void document.body.append(Object.assign(document.createElement('dialog'), { textContent: 'modal', style: 'width:100vw;height:100vh;max-width:none;max-height:none;inset:0' }))").await?;
    tab.eval("document.querySelector('dialog').showModal()").await?;
    assert_eq!(tab.eval("isOnTop(500, 600)").await?, false);
    tab.eval("document.querySelector('dialog').close()").await?;
    assert_eq!(tab.eval("isOnTop(500, 600)").await?, true);
    Ok(())
}

async fn window(tab: &Tab) -> Result<()> {
    let _server = open(tab, "/view.html").await?;
    let driver = tab.browser.driver();
    let own = driver.window().await?;
    let before = driver.windows().await?;
    for place in ["In a new window", "In a new tab"] {
        tab.eval("names(20)").await?;
        choose(tab, place).await?;
        let popup = loop {
            let windows = driver.windows().await?;
            match windows.into_iter().find(|it| !before.contains(it)) {
                Some(popup) => break popup,
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        tab.until("getComputedStyle(document.querySelector('gopherscope-overlay')).visibility === 'hidden'")
            .await?;
        assert_eq!(tab.eval("document.adoptedStyleSheets.length").await?, 0);
        driver.switch_to_window(popup.clone()).await?;
        tab.until("document.querySelector('.stage [role=status]')?.innerText === 'recording'").await?;
        assert_eq!(
            tab.eval("document.querySelectorAll('.dock-menu, [aria-label^=Collapse]').length").await?,
            0
        );
        // A reload of it gets all of the recording again.
        tab.eval("void (globalThis.isOld = true)").await?;
        tab.browser.reload().await?;
        tab.until(
            "!globalThis.isOld && document.querySelector('.stage [role=status]')?.innerText === 'recording'",
        )
        .await?;
        driver.close_window().await?;
        driver.switch_to_window(own.clone()).await?;
        tab.until("getComputedStyle(document.querySelector('gopherscope-overlay')).visibility === 'visible'")
            .await?;
        until_at(tab, [708.0, 644.0, 280.0, 44.0]).await?;
        press_badge(tab).await?;
        until_at(tab, [0.0, 434.0, 1000.0, 266.0]).await?;
        viewer::enter(tab).await?;
        tab.until("document.querySelector('.stage [role=status]')?.innerText === 'recording'").await?;
        viewer::leave(tab).await?;
    }
    no_faults(tab).await
}

async fn again(tab: &Tab) -> Result<()> {
    let _server = open(tab, "/view.html").await?;
    tab.eval("gopherscope.show()").await?;
    until_at(tab, [0.0, 434.0, 1000.0, 266.0]).await?;
    viewer::enter(tab).await?;
    tab.eval("void setTimeout(() => document.querySelector('[aria-label^=Close]').click())").await?;
    viewer::leave(tab).await?;
    tab.until("!document.querySelector('gopherscope-overlay')").await?;
    assert_eq!(tab.eval("document.adoptedStyleSheets.length").await?, 0);
    tab.eval("gopherscope.show()").await?;
    settled(tab).await?;
    press(tab, "Collapse").await?;
    until_at(tab, [708.0, 644.0, 280.0, 44.0]).await?;
    tab.eval("gopherscope.show()").await?;
    until_at(tab, [0.0, 434.0, 1000.0, 266.0]).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]')?.innerText === 'recording'").await?;
    viewer::leave(tab).await?;
    no_faults(tab).await
}

/// A page shows the view itself, early, and its reader closes it: the agent, which would have shown it when the program
/// runs, and some seconds after it came, does not.
async fn stays_closed(tab: &Tab) -> Result<()> {
    programs::build()?;
    let page = std::fs::read_to_string(xtask::paths::in_root("tests/fixtures/site/view.html"))?;
    let closed = "<!--agent--><script>
        gopherscope.show();
        gopherscope.toggle();
        // Later than the agent's own timer, which began before.
        setTimeout(() => (globalThis.isLater = true), 3100);
    </script>";
    let site = fixture_site().page("/closed.html", page.replace("<!--agent-->", closed));
    let server = tab.serve(site, &tab.tag("")).await?;
    tab.visit(&server.localhost_url("/closed.html"), "globalThis.isLater && gopherscope.programs").await?;
    assert_eq!(tab.eval("document.querySelectorAll('gopherscope-overlay').length").await?, 0);
    tab.eval("gopherscope.show()").await?;
    tab.until("document.querySelector('gopherscope-overlay') && true").await?;
    no_faults(tab).await
}
