//! The viewer: when it shows, what it says of a program, how it is handled, and whom the agent talks to.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{GoLines, Recording, Session, fmt, headline};
use xtask::browser::{Engine, Scheme};
use xtask::server::{Rule, Server, Site};
use xtask::{demo, paths};

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::{bridge, programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("view: shows once run has returned", after_run),
        scene.trial("view: shows without a program, late", without_program),
        scene.trial("view: tells what the report tells", tells),
        scene.trial("view: badge, view again, gone", sizes),
        scene.trial("view: in a window of its own", popup),
        scene.trial("view: the port goes to the viewer alone", impostors),
        scene.trial("view: a page that fakes the handshake learns nothing", fakes),
        scene.trial("view: versions that differ", versions),
        scene.trial("view: a viewer that does not keep up", slow),
        scene.needs(&[Need::DevTools]).trial("view: no barrier that axe finds", accessible),
    ]
}

/// A page whose program does what the test asks for, the viewer in it or ready to open.
async fn page(tab: &Tab, attributes: &str, path: &str) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag(attributes)).await?;
    viewer::visit(tab, &server.localhost_url(path)).await?;
    Ok(server)
}

async fn after_run(tab: &Tab) -> Result<()> {
    let _server = page(tab, "", "/view.html").await?;
    assert_eq!(tab.eval("moments").await?, json!({ "before": false, "running": false, "after": false }));
    Ok(())
}

async fn without_program(tab: &Tab) -> Result<()> {
    let _server = page(tab, "", "/view.html?idle").await?;
    let shown = tab.eval("shown").await?.as_f64().context("no time")?;
    // Timers of browsers are a millisecond early at worst.
    ensure!(shown > 2998.0, "{shown} ms after the agent");
    Ok(())
}

/// The sick bridge as `cargo xtask demo` serves it, against what the agent's own core says.
async fn tells(tab: &Tab) -> Result<()> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    viewer::visit(tab, &running.targets.localhost_url("/demos/bridge/?variant=sick")).await?;
    viewer::enter(tab).await?;
    // Long enough that no chance decides which line costs most.
    let told = "document.querySelector('.stage time')?.innerText >= '00:05' &&
        document.querySelector('.headline h2')?.innerText.includes('draw_sick.go')";
    tab.until(told).await?;
    viewer::leave(tab).await?;
    let session = tab.session("gopherscope.stop()").await?;
    let report = tab.eval("gopherscope.report()").await?;
    let report = report.as_str().context("no report")?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]').innerText === 'stopped'").await?;
    check_figures(tab, &session).await?;
    // Headline and tables follow within a second.
    bridge::go(tab, "view=bridge").await?;
    check_tables(tab, &session).await?;
    let parts: Vec<&str> = report.lines().take_while(|line| !line.is_empty()).collect();
    let sentence = parts.join(" · ");
    let said = "document.querySelector('.headline .sentence').innerText.replace(/\\s+/g, ' ')";
    // If it never says so, the next line tells what it says.
    tab.until(&format!("{said} === {}", Value::from(sentence.as_str()))).await.ok();
    assert_eq!(tab.eval(said).await?, sentence);
    check_headline(&parts, &session)
}

fn check_headline(parts: &[&str], session: &Session) -> Result<()> {
    let main = headline(session).main_after_ms.context("no main")?;
    let main = fmt::ms(main).replace('\u{a0}', " ");
    ensure!(parts[0].starts_with(&format!("main after {main}: ")), "{parts:?}");
    let (_, line) = parts[1].split_once(" ← main.(*Grid).Draw draw_sick.go:").context("no line of Draw")?;
    let source = std::fs::read_to_string(paths::in_root("demo/bridge/draw_sick.go"))?;
    let line = source.lines().nth(line.parse::<usize>()? - 1).context("beyond the file")?;
    ensure!([".Call(", ".Set(", ".Get("].iter().any(|call| line.contains(call)), "nothing crosses in {line}");
    Ok(())
}

/// Status line, tracks and start-up.
async fn check_figures(tab: &Tab, session: &Session) -> Result<()> {
    let status = session::status(session);
    let clock = format!("clock {}", fmt::ms(status.clock_step_ms.context("no clock")?));
    // The clock is measured again and again, and what came last is shown a moment later.
    tab.until(&format!("document.querySelectorAll('.facts li')[2]?.innerText === {}", json!(clock))).await?;
    let facts = tab.eval("[...document.querySelectorAll('.facts li')].map((li) => li.innerText)").await?;
    let facts: Vec<String> = serde_json::from_value(facts)?;
    assert_eq!([&facts[0], &facts[1], &facts[2]], ["hooked early", "observe", &clock]);
    ensure!(facts[3].starts_with("our cost ") && facts[3].ends_with('%'), "{facts:?}");
    // A cost of the view where it shares the page's thread.
    let rest: &[&str] = match tab.browser.engine() {
        // On the page's thread, whatever its site.
        Engine::WebKit => &["this view ", "dropped ", ""],
        Engine::Chromium | Engine::Firefox => &["dropped "],
    };
    let starts = facts[4..].iter().zip(rest).all(|(fact, start)| fact.starts_with(start));
    ensure!(starts && facts.len() == 4 + rest.len(), "{facts:?}");

    let instance = session.instances.first().context("no instance")?;
    let tracks =
        tab.eval("[...document.querySelectorAll('canvas[role=img]')].map((it) => it.ariaLabel)").await?;
    let tracks: Vec<String> = serde_json::from_value(tracks)?;
    ensure!(tracks.len() > 4, "{tracks:?}");
    ensure!(tracks[0].starts_with("Go: now ") && tracks[0].contains(" stays, longest "), "{tracks:?}");
    ensure!(tracks[1].starts_with("Crossings: now ") && tracks[1].contains("/s, greatest "), "{tracks:?}");
    ensure!(tracks[2].starts_with("Copied: now ") && tracks[2].contains("/s, greatest "), "{tracks:?}");
    let memory = fmt::bytes(*instance.series.memory_bytes.last().context("no memory")?);
    let linear = tracks.iter().find(|it| it.starts_with("Linear memory: now ")).context("no memory")?;
    ensure!(linear.ends_with(&memory), "{linear}, not {memory}");

    let phases = "[...document.querySelectorAll('.phases li')].map((li) => [li.children[0].innerText, li.children[3].innerText])";
    let phases: Vec<(String, String)> = serde_json::from_value(tab.eval(phases).await?)?;
    let lasted = |it: &session::Phase| match it.end {
        Some(end) => format!("{}{}", if it.exact { "" } else { "≤ " }, fmt::ms(end - it.start)),
        None => "running".to_owned(),
    };
    let expected: Vec<_> =
        instance.phases.iter().map(|it| (it.name.as_str().to_owned(), lasted(it))).collect();
    assert_eq!(phases, expected);
    Ok(())
}

async fn check_tables(tab: &Tab, session: &Session) -> Result<()> {
    let lines = bridge::by_line(&GoLines::of(session, None));
    bridge::shows(tab, 1, &bridge::as_shown(&lines, true)).await?;
    ensure!(lines.keys().any(|it| it.starts_with("main.(*Grid).Drawdraw_sick.go:")), "{lines:?}");
    bridge::choose(tab, "By import").await?;
    let imports = bridge::by_cost(&session::imports(session));
    bridge::shows(tab, 0, &bridge::as_shown(&imports, true)).await
}

async fn sizes(tab: &Tab) -> Result<()> {
    let _server = page(tab, "", "/view.html").await?;
    let covers = "(({ width, height }) => [width === innerWidth, width, height])(document.querySelector('gopherscope-overlay').getBoundingClientRect())";
    let large = tab.eval(covers).await?;
    assert_eq!(large[0], true);
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.imports tbody tr') && true").await?;
    viewer::click(tab, "document.querySelector('[aria-label^=Collapse]')").await?;
    tab.until("document.querySelector('.badge')?.innerText.includes('our cost')").await?;
    viewer::leave(tab).await?;
    let small = tab.eval(covers).await?;
    assert_eq!(small, json!([false, 280, 44]));
    viewer::press_badge(tab).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.imports tbody tr') && true").await?;
    viewer::leave(tab).await?;
    assert_eq!(tab.eval(covers).await?, large);

    viewer::enter(tab).await?;
    // Not by the mouse: the WebDriver server loses the frame it clicks in.
    tab.eval("void setTimeout(() => document.querySelector('[aria-label^=Close]').click())").await?;
    viewer::leave(tab).await?;
    tab.until("!document.querySelector('gopherscope-overlay')").await?;
    let calls = async || -> Result<u64> {
        let session = tab.session("gopherscope.snapshot()").await?;
        Ok(session.instances[0].imports.iter().map(|it| it.calls).sum())
    };
    let before = calls().await?;
    tab.eval("work(100)").await?;
    ensure!(calls().await? >= before + 100, "recording ended with the view");
    assert_eq!(tab.eval("gopherscope.state").await?, "recording");
    Ok(())
}

async fn popup(tab: &Tab) -> Result<()> {
    let _server = page(tab, "data-ui=\"popup\"", "/view.html").await?;
    assert_eq!(tab.eval("overlayRoot.querySelector('button').textContent").await?, "Open Gopherscope");
    let driver = tab.browser.driver();
    let own = driver.window().await?;
    viewer::open_popup(tab).await?;
    assert_eq!(tab.eval("location.hash").await?, "#/live");
    tab.until("document.querySelector('.imports tbody tr') && true").await?;
    assert_eq!(tab.eval("document.querySelectorAll('[aria-label^=Collapse]').length").await?, 0);
    viewer::click(tab, "document.querySelector('[aria-label^=Close]')").await?;
    driver.switch_to_window(own).await?;
    assert_eq!(tab.eval("gopherscope.state").await?, "recording");
    Ok(())
}

/// A site like the profiler's, with `pages` of our own in it.
pub async fn profiler_with(pages: &[(&str, &str)]) -> Result<Server> {
    let shared = Rule {
        headers: vec![("cross-origin-resource-policy".into(), "cross-origin".into())],
        ..Rule::default()
    };
    let mut site = Site::new(paths::dist()).rule("/*", shared);
    for (path, fixture) in pages {
        site = site.page(path, std::fs::read(paths::in_root("tests/fixtures/site").join(fixture))?);
    }
    Server::start(site, 0).await
}

/// The fixture page, with the agent of another profiler.
async fn page_of(tab: &Tab, profiler: &Server) -> Result<Server> {
    programs::build()?;
    let tag = format!("<script src=\"{}\"></script>", profiler.url("/agent.js"));
    let server = tab.serve(fixture_site(), &tag).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    Ok(server)
}

async fn impostors(tab: &Tab) -> Result<()> {
    let profiler = profiler_with(&[("/impostor.html", "impostor.html")]).await?;
    let others = Server::start(fixture_site(), 0).await?;
    let server = page_of(tab, &profiler).await?;
    let path = format!("/impostor.html?protocol={}", protocol::VERSION);
    // Of the page's own origin, of the viewer's, and of another.
    let frames = [server.localhost_url(&path), profiler.url(&path), others.url(&path)];
    tab.eval(&format!(
        "{}.map((url) => document.body.append(Object.assign(document.createElement('iframe'), {{ src: url }})))",
        json!(frames)
    ))
    .await?;
    let (driver, own) = (tab.browser.driver(), tab.browser.driver().window().await?);
    let popup = json!(others.localhost_url(&path));
    let before = driver.windows().await?;
    // Some engines open windows at a click only.
    tab.eval(&format!("void document.body.prepend(Object.assign(document.createElement('button'), {{ id: 'opens', onclick: () => open({popup}) }}))")).await?;
    viewer::click(tab, "document.querySelector('#opens')").await?;
    let origins = [server.localhost_url(""), profiler.url(""), others.url(""), others.localhost_url("")];
    tab.until(&format!("{}.every((origin) => viewers[origin] > 5)", json!(origins))).await?;
    for (at, url) in frames.iter().enumerate() {
        let script = format!("return document.querySelectorAll('iframe')[{at}]");
        driver.execute(script, Vec::new()).await?.element()?.enter_frame().await?;
        assert_eq!(tab.eval("got").await?, json!([]), "{url}");
        viewer::leave(tab).await?;
    }
    let popup = driver.windows().await?.into_iter().find(|window| !before.contains(window));
    let popup = popup.context("no window")?;
    driver.switch_to_window(popup).await?;
    assert_eq!(tab.eval("[opener !== null, got]").await?, json!([true, []]));
    driver.close_window().await?;
    driver.switch_to_window(own).await?;
    // While the viewer has its port.
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.imports tbody tr') && true").await
}

/// The page wraps all that a handshake goes through, after the agent came, and claims to be a viewer; its own copies of
/// messages can be forged but for who posts where.
async fn fakes(tab: &Tab) -> Result<()> {
    let _server = page(tab, "", &format!("/fakes.html?protocol={}", protocol::VERSION)).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.imports tbody tr') && true").await?;
    viewer::click(tab, "document.querySelector('[aria-label^=Collapse]')").await?;
    viewer::leave(tab).await?;
    tab.until("document.querySelector('gopherscope-overlay').getBoundingClientRect().height === 44").await?;
    tab.eval("work(640)").await?;
    ensure!(tab.eval("seen.ready").await?.as_u64() > Some(0), "the page hears none of it");
    assert_eq!(tab.eval("learned").await?, json!([]), "ports and frames that the page saw");
    // The wraps do see what goes through them.
    tab.eval("void new MessageChannel().port1.postMessage(new ArrayBuffer(1))").await?;
    ensure!(tab.eval("learned.length").await?.as_u64() > Some(1), "the page sees nothing at all");
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "{:?}", session.meta.errors);
    Ok(())
}

async fn versions(tab: &Tab) -> Result<()> {
    let fake = profiler_with(&[("/index.html", "viewer.html")]).await?;
    let _server = page_of(tab, &fake).await?;
    let agent = tab.eval("gopherscope.version").await?;
    viewer::enter_frame(tab).await?;
    let ours = protocol::VERSION;
    for theirs in [json!(ours + 1), json!(ours.to_string()), Value::Null, json!(ours)] {
        let kind = if theirs == ours { "port" } else { "refused" };
        tab.eval(&format!("(answers.length = 0, ready({theirs}))")).await?;
        tab.until("answers.length > 0").await?;
        let answer = json!({ "gopherscope": kind, "protocol": ours, "agent": agent });
        assert_eq!(tab.eval("answers").await?, json!([[answer, u8::from(theirs == ours)]]), "to {theirs}");
    }
    // And the other way round.
    viewer::leave(tab).await?;
    let pages = Server::start(fixture_site(), 0).await?;
    for answer in ["refused", "port"] {
        let live = tab.profiler().url("/").replace(':', "%3A") + "%23/live";
        let url = pages.localhost_url(&format!("/agent.html?answer={answer}&viewer={live}"));
        tab.visit(&url, "document.querySelector('iframe')?.src").await?;
        let frame =
            tab.browser.driver().execute("return document.querySelector('iframe')", Vec::new()).await?;
        frame.element()?.enter_frame().await?;
        tab.until("document.querySelector('.notice.error')").await?;
        let words = viewer::text(tab, ".notice.error").await?;
        let words = words.as_str().context("no words")?;
        let what = format!("The page's agent (9.9.9) speaks protocol 4711; this view speaks {ours}.");
        ensure!(words.starts_with(&what) && words.contains("from the same release"), "{words}");
        viewer::leave(tab).await?;
    }
    Ok(())
}

async fn slow(tab: &Tab) -> Result<()> {
    let fake = profiler_with(&[("/index.html", "viewer.html")]).await?;
    let _server = page_of(tab, &fake).await?;
    let withheld = async |more_than: u64| -> Result<u64> {
        viewer::leave(tab).await?;
        tab.until(&format!(
            "(work(1), gopherscope.snapshot().then((it) => it.meta.dropped.frames > {more_than}))"
        ))
        .await?;
        let session = tab.session("gopherscope.snapshot()").await?;
        viewer::enter_frame(tab).await?;
        Ok(session.meta.dropped["frames"])
    };
    viewer::enter_frame(tab).await?;
    tab.eval(&format!("ready({})", protocol::VERSION)).await?;
    let so_far = withheld(5).await?;
    assert_eq!(tab.eval("frames.length").await?, 2, "unacknowledged");
    tab.eval("acknowledge()").await?;
    withheld(so_far + 5).await?;
    assert_eq!(tab.eval("frames.length").await?, 3, "one acknowledged");

    // What was withheld is in the frames that follow.
    viewer::leave(tab).await?;
    let session = tab.session("gopherscope.stop()").await?;
    viewer::enter_frame(tab).await?;
    tab.until("(acknowledge(), frames.length > 3)").await?;
    let frames: Vec<Vec<u8>> = serde_json::from_value(tab.eval("frames").await?)?;
    let mut recording = Recording::new();
    for frame in &frames {
        recording.apply_bytes(frame)?;
    }
    let calls = |session: &Session| -> BTreeMap<String, u64> {
        session.instances[0].imports.iter().map(|it| (it.name.clone(), it.calls)).collect()
    };
    assert_eq!(calls(recording.session()), calls(&session));
    Ok(())
}

async fn accessible(tab: &Tab) -> Result<()> {
    tab.visit(&tab.profiler().url("/"), "document.querySelector('.launcher') && true").await?;
    for scheme in [Scheme::Light, Scheme::Dark] {
        tab.browser.view(1280, 900, scheme).await?;
        check_with_axe(tab, &format!("launcher, {scheme:?}")).await?;
    }
    let _server = page(tab, "", "/view.html").await?;
    tab.eval("work(2000)").await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.lines tbody tr') && true").await?;
    for theme in ["system", "light", "dark"] {
        tab.eval("void (location.hash = '#/live')").await?;
        tab.until("document.querySelector('.aside') && true").await?;
        check_with_axe(tab, &format!("live, {theme}")).await?;
        tab.eval("void (location.hash = '#/live?view=bridge')").await?;
        tab.until("document.querySelector('.bridge .twist[aria-label]') && true").await?;
        if theme == "system" {
            viewer::click(tab, "document.querySelector('.bridge .twist[aria-label]')").await?;
        }
        tab.until("document.querySelector('.bridge .caller') && true").await?;
        check_with_axe(tab, &format!("bridge, {theme}")).await?;
        viewer::click(tab, "document.querySelector('[aria-label^=Theme]')").await?;
    }
    Ok(())
}

/// That axe-core finds nothing serious in the document.
pub async fn check_with_axe(tab: &Tab, what: &str) -> Result<()> {
    let axe = std::fs::read_to_string(paths::tools().join("npm/node_modules/axe-core/axe.min.js"))?;
    // Names that come late fade in: what is half there has no contrast yet.
    tab.until("document.getAnimations().every((it) => it.effect.getComputedTiming().endTime === Infinity)")
        .await?;
    // All in one script: Firefox gives each globals of its own.
    let script = format!(
        "{axe};
        const done = arguments[arguments.length - 1];
        axe.run().then(({{ violations, passes }}) => done([passes.length, violations
            .filter(({{ impact }}) => impact === 'serious' || impact === 'critical')
            .map(({{ id, nodes }}) => [id, nodes.slice(0, 3).map(({{ html, failureSummary }}) => html + failureSummary)])]),
          (e) => done([0, String(e)]))"
    );
    let found = tab.browser.driver().execute_async(script, Vec::new()).await?.json().clone();
    ensure!(found[0].as_u64() > Some(5), "{what}: axe looked at nothing");
    assert_eq!(found[1], json!([]), "{what}");
    Ok(())
}
