//! Every policy a page may be served with, by every way to attach: either what is recorded reaches a viewer, or one sentence
//! names the policy and says what to do.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{Session, fmt};
use xtask::browser::Engine;
use xtask::server::{Rule, Server, Site};

use crate::bookmark::{self, Bookmarks};
use crate::harness::{Need, PATIENCE, Scene, Tab, dist, fixture_site};
use crate::{programs, viewer};

/// What comes of an attempt.
#[derive(Clone, Copy, Debug)]
enum Comes {
    /// The view, in its frame.
    Frame,
    /// The mini view, which names this; then the view, in a window of its own.
    Window(&'static str),
    /// The mini view alone, which names this.
    Mini(&'static str),
    /// The view, in a frame without the credentials of its site; where an engine has no such frames, this.
    Credentialless(&'static Comes),
    /// Nothing of ours runs; the loader names this, where it runs.
    Nothing(&'static str),
    /// The mini view says that WebAssembly is forbidden: so is the program.
    NoProgram,
}
use Comes::{Credentialless, Frame, Mini, NoProgram, Nothing, Window};

impl Comes {
    const fn in_engine(self, engine: Engine) -> Self {
        match (self, engine) {
            (Credentialless(_), Engine::Chromium) => Frame,
            (Credentialless(otherwise), _) => *otherwise,
            (other, _) => other,
        }
    }
}

/// How the agent gets into the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Route {
    Tag,
    Loader,
    Whole,
}

const ROUTES: [Route; 3] = [Route::Tag, Route::Loader, Route::Whole];
pub const CSP: &str = "content-security-policy";
const COOP: &str = "cross-origin-opener-policy";
const COEP: &str = "cross-origin-embedder-policy";
const RUNS: &str = "script-src 'self' 'wasm-unsafe-eval'";

type Headers = &'static [(&'static str, &'static str)];

/// A policy: its name, headers, and what comes of each route.
type Row = (&'static str, Headers, [Comes; 3]);

const ROWS: [Row; 15] = [
    ("none", &[], [Frame; 3]),
    ("script-src 'self'", &[(CSP, "script-src 'self'")], [Nothing(""), Nothing("script-src"), NoProgram]),
    ("script-src 'self' with wasm", &[(CSP, RUNS)], [Nothing(""), Nothing("script-src"), Frame]),
    ("default-src 'self'", &[(CSP, "default-src 'self'")], [Nothing(""), Nothing("default-src"), NoProgram]),
    (
        "default-src 'self' with wasm",
        &[(CSP, "default-src 'self' 'wasm-unsafe-eval'")],
        [Nothing(""), Nothing("default-src"), Window("default-src")],
    ),
    (
        "default-src 'none'",
        &[(CSP, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'")],
        [Nothing(""), Nothing("script-src"), Window("default-src")],
    ),
    (
        "nonce and strict-dynamic",
        &[(CSP, "script-src 'nonce-n' 'strict-dynamic' 'wasm-unsafe-eval'")],
        [Frame; 3],
    ),
    (
        "trusted types",
        &[(CSP, "require-trusted-types-for 'script'")],
        [Frame, Nothing("require-trusted-types-for"), Frame],
    ),
    (
        "COOP and COEP",
        &[(COOP, "same-origin"), (COEP, "require-corp")],
        [Credentialless(&Mini("Cross-Origin-Embedder-Policy")); 3],
    ),
    ("COOP", &[(COOP, "same-origin")], [Frame; 3]),
    ("COOP allow-popups", &[(COOP, "same-origin-allow-popups")], [Frame; 3]),
    ("COEP", &[(COEP, "require-corp")], [Credentialless(&Window("Cross-Origin-Embedder-Policy")); 3]),
    ("child-src", &[(CSP, "child-src 'none'")], [Window("child-src"); 3]),
    (
        "COOP and frame-src",
        &[(COOP, "same-origin"), (CSP, "default-src *; script-src * 'wasm-unsafe-eval'; frame-src 'none'")],
        [Mini("Cross-Origin-Opener-Policy"); 3],
    ),
    (
        "COOP, COEP and frame-src",
        &[(COOP, "same-origin"), (COEP, "require-corp"), (CSP, "frame-src 'self'")],
        [Mini("frame-src"); 3],
    ),
];

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let mut trials: Vec<Trial> = ROWS
        .into_iter()
        .map(|row| scene.trial(&format!("policies: {}", row.0), async move |tab| check(tab, &row).await))
        .collect();
    trials.extend([
        scene.trial("policies: a profiler that forbids frames", forbids_frames),
        scene.trial("policies: a profiler that is gone", gone),
        scene.trial("policies: windows are blocked", windows_blocked),
        scene.trial("policies: a page in a sandbox", sandboxed),
        scene.trial("policies: the mini view reloads", reloads),
        scene.trial("policies: the mini view cannot reload", cannot_reload),
        scene.needs(&[Need::Downloads]).trial("policies: the mini view saves a session", saves),
    ]);
    trials
}

/// Policies that refuse the view in Chromium, and the routes on which that is told: whether in the loader's own notice.
pub fn refused() -> impl Iterator<Item = (&'static str, Headers, Vec<(Route, bool)>)> {
    let all = ROWS.into_iter().map(|(name, headers, comes)| {
        let told = ROUTES.into_iter().zip(comes).filter_map(|(route, comes)| {
            match comes.in_engine(Engine::Chromium) {
                Frame | Credentialless(_) | Nothing("") => None,
                Nothing(_) => Some((route, true)),
                Window(_) | Mini(_) | NoProgram => Some((route, false)),
            }
        });
        (name, headers, told.collect())
    });
    all.filter(|(_, _, told): &(_, _, Vec<_>)| !told.is_empty())
}

async fn check(tab: &Tab, (_, headers, comes): &Row) -> Result<()> {
    programs::build()?;
    let bookmarks = bookmark::take(tab, &tab.profiler().url("/")).await?;
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let rule = Rule { headers, ..Rule::default() };
    for (route, comes) in ROUTES.into_iter().zip(comes) {
        let comes = comes.in_engine(tab.browser.engine());
        attempt(tab, &bookmarks, route, fixture_site().rule("*", rule.clone()), comes)
            .await
            .with_context(|| format!("{route:?}, where {comes:?} should come"))?;
    }
    Ok(())
}

/// Attaches to a page of the site before its program starts, and looks at what comes.
async fn attempt(tab: &Tab, bookmarks: &Bookmarks, route: Route, site: Site, comes: Comes) -> Result<()> {
    let tag = if route == Route::Tag { tab.tag("nonce=\"n\"") } else { String::new() };
    let server = tab.serve(site, &tag).await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.visit(
        &server.localhost_url("/policy.html"),
        "globalThis.begin && document.readyState === 'complete'",
    )
    .await?;
    match route {
        Route::Tag => {}
        Route::Loader => bookmark::click(tab, &bookmarks.loader).await?,
        Route::Whole => bookmark::click(tab, &bookmarks.whole).await?,
    }
    if let Nothing(policy) = comes {
        return nothing(tab, route, policy).await;
    }
    tab.until("globalThis.gopherscope && true").await?;
    let began = tab.eval("begin().then(() => true, () => false)").await?;
    match comes {
        Frame => {
            in_frame(tab).await?;
            toggles(tab, bookmarks, route).await
        }
        Window(policy) => {
            says(tab, policy).await?;
            told(tab).await?;
            in_window(tab).await
        }
        Mini(policy) => {
            tab.until(&format!("globalThis.overlayRoot && {MINI}?.querySelector('p') && true")).await?;
            if tab.eval(&format!("{} !== undefined", button("Open in a window"))).await? == true {
                press_for_window(tab).await?;
            }
            says(tab, policy).await?;
            told(tab).await
        }
        NoProgram => {
            assert_eq!(began, false, "the program runs");
            says(tab, "'wasm-unsafe-eval'").await
        }
        Nothing(_) | Credentialless(_) => Ok(()),
    }
}

/// The page is as without us; the loader says why it could do nothing.
async fn nothing(tab: &Tab, route: Route, policy: &str) -> Result<()> {
    if route != Route::Tag {
        let notice = "document.querySelector('gopherscope-notice')?.textContent";
        tab.until(&format!("{notice} !== undefined")).await?;
        let said = tab.eval(notice).await?;
        let said = said.as_str().context("no words")?;
        ensure!(said.contains(&format!("({policy})")) && said.contains("self-contained"), "{said}");
        let errors = tab.console().await?.into_iter().filter(|line| line.text.contains("Uncaught"));
        assert_eq!(errors.collect::<Vec<_>>(), [], "unhandled");
    }
    assert_eq!(
        tab.eval("typeof gopherscope + document.querySelectorAll('script').length").await?,
        match route {
            Route::Tag => "undefined3",
            _ => "undefined2",
        }
    );
    Ok(())
}

const VIEW: &str = "overlayRoot.querySelector('iframe[src]:not([hidden])')";
pub const MINI: &str = "overlayRoot.querySelector('iframe:not([src])')?.contentDocument";

fn button(label: &str) -> String {
    format!("[...{MINI}.querySelectorAll('button')].find((it) => it.textContent === '{label}')")
}

/// The view in its frame shows what crosses. A frame of one kind may give way to one of another meanwhile.
async fn in_frame(tab: &Tab) -> Result<()> {
    let began = std::time::Instant::now();
    loop {
        tab.until(&format!("globalThis.overlayRoot && {VIEW} !== null && !{MINI}")).await?;
        if enter_view(tab).await.is_ok() && tab.eval(SHOWS).await.is_ok_and(|it| it == true) {
            return viewer::leave(tab).await;
        }
        viewer::leave(tab).await?;
        ensure!(began.elapsed() < PATIENCE, "no view in a frame; console: {:#?}", tab.console().await?);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

async fn enter_view(tab: &Tab) -> Result<()> {
    let frame = tab.browser.driver().execute(format!("return {VIEW}"), Vec::new()).await?;
    Ok(frame.element()?.enter_frame().await?)
}

const SHOWS: &str = "document.querySelector('.stage [role=status]')?.innerText === 'recording' &&
    document.querySelector('.imports tbody tr') !== null";

/// A second click hides the view, a third shows it.
async fn toggles(tab: &Tab, bookmarks: &Bookmarks, route: Route) -> Result<()> {
    let again = if route == Route::Loader { &bookmarks.loader } else { &bookmarks.whole };
    bookmark::click(tab, again).await?;
    tab.until("!document.querySelector('gopherscope-overlay')").await?;
    assert_eq!(tab.eval("gopherscope.state").await?, "recording");
    bookmark::click(tab, again).await?;
    in_frame(tab).await
}

/// The mini view names a policy, in one sentence.
async fn says(tab: &Tab, policy: &str) -> Result<()> {
    let words = format!("globalThis.overlayRoot && {MINI}?.querySelector('p')?.textContent");
    tab.until(&format!("({words} || '').includes({})", json!(policy))).await?;
    let words = tab.eval(&words).await?;
    let words = words.as_str().context("no words")?;
    ensure!(words.ends_with('.') && words.matches(". ").count() == 0, "one sentence: {words}");
    Ok(())
}

/// The mini view tells the exact counts of crossings, and the phases.
async fn told(tab: &Tab) -> Result<()> {
    let session: Session = tab.session("gopherscope.snapshot()").await?;
    let import = session.instances[0].imports.iter().find(|it| it.name == "syscall/js.valueCall");
    let calls = fmt::count(import.context("no calls")?.calls).replace('\u{a0}', " ");
    // In a narrow frame a name stands below its figures.
    let line = format!(
        "{MINI}.querySelector('main').textContent.split('\\n')
            .some((it, at, all) => it.includes('syscall/js.valueCall') && (all[at - 1] + it).includes({}))",
        Value::from(calls)
    );
    tab.until(&line).await?;
    tab.until(&format!(
        "/runtime init[^]*package init[^]*main/.test({MINI}.querySelector('main').textContent)"
    ))
    .await
}

/// Presses the mini view's button, with the keyboard: a gesture.
pub async fn press_for_window(tab: &Tab) -> Result<()> {
    tab.eval(&format!("void {}.focus()", button("Open in a window"))).await?;
    let driver = tab.browser.driver();
    let frame = driver.execute("return overlayRoot.querySelector('iframe:not([src])')", Vec::new()).await?;
    frame.element()?.enter_frame().await?;
    let pressed = driver.execute("return document.activeElement", Vec::new()).await?.element()?;
    pressed.send_keys("\u{e007}").await?;
    viewer::leave(tab).await
}

async fn in_window(tab: &Tab) -> Result<()> {
    let driver = tab.browser.driver();
    let (own, before) = (driver.window().await?, driver.windows().await?);
    press_for_window(tab).await?;
    let popup = loop {
        match driver.windows().await?.into_iter().find(|window| !before.contains(window)) {
            Some(popup) => break popup,
            None => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    };
    driver.switch_to_window(popup).await?;
    tab.until(SHOWS).await?;
    driver.close_window().await?;
    driver.switch_to_window(own).await?;
    // What stays opens the window again.
    tab.until(&format!("!{MINI} && overlayRoot.querySelector('button')?.textContent === 'Open Gopherscope'"))
        .await
}

/// A page with the agent of a profiler at `profiler`.
async fn page_of(tab: &Tab, profiler: &Server) -> Result<Server> {
    programs::build()?;
    let tag = format!("<script src=\"{}\"></script>", profiler.url("/agent.js"));
    let server = tab.serve(fixture_site(), &tag).await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.visit(&server.localhost_url("/policy.html"), "globalThis.begin && true").await?;
    Ok(server)
}

async fn forbids_frames(tab: &Tab) -> Result<()> {
    for (header, value) in [("x-frame-options", "DENY"), (CSP, "frame-ancestors 'none'")] {
        let rule = Rule { headers: vec![(header.into(), value.into())], ..Rule::default() };
        let profiler = Server::start(Site::new(dist()).rule("*", rule), 0).await?;
        let _page = page_of(tab, &profiler).await?;
        tab.eval("begin()").await?;
        says(tab, "X-Frame-Options or frame-ancestors").await?;
        told(tab).await?;
        in_window(tab).await?;
    }
    Ok(())
}

/// A page that is offline: the agent came, its site does not answer any more.
async fn gone(tab: &Tab) -> Result<()> {
    let profiler = Server::start(Site::new(dist()), 0).await?;
    let port = profiler.port();
    let _page = page_of(tab, &profiler).await?;
    drop(profiler);
    tab.eval("begin()").await?;
    says(tab, &format!("Nothing answers at http://127.0.0.1:{port}/")).await?;
    told(tab).await?;
    // Once it is served again, the whole view can be had.
    let again = Server::start(Site::new(dist()), port).await?;
    tab.eval(&format!("void {}.click()", button("Try again"))).await?;
    in_frame(tab).await?;
    drop(again);
    Ok(())
}

async fn windows_blocked(tab: &Tab) -> Result<()> {
    let rule = Rule { headers: vec![(CSP.into(), "frame-src 'none'".into())], ..Rule::default() };
    let server = tab.serve(fixture_site().rule("*", rule), &tab.tag("")).await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.browser.on_new_document("globalThis.open = () => null").await?;
    tab.visit(&server.localhost_url("/policy.html"), "globalThis.begin && true").await?;
    tab.eval("begin()").await?;
    says(tab, "frame-src").await?;
    press_for_window(tab).await?;
    says(tab, "pop-ups").await?;
    told(tab).await
}

/// A page of no origin may not look into frames, not even into its own empty ones.
async fn sandboxed(tab: &Tab) -> Result<()> {
    programs::build()?;
    let Bookmarks { whole, .. } = bookmark::take(tab, &tab.profiler().url("/")).await?;
    let headers = vec![
        (CSP.into(), "sandbox allow-scripts".into()),
        ("access-control-allow-origin".into(), "*".into()),
    ];
    let server = tab.serve(fixture_site().rule("*", Rule { headers, ..Rule::default() }), "").await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    let ready = "globalThis.begin && document.readyState === 'complete'";
    tab.visit(&server.localhost_url("/policy.html"), ready).await?;
    bookmark::click(tab, &whole).await?;
    tab.until("globalThis.gopherscope && true").await?;
    tab.eval("begin()").await?;
    let notice = "globalThis.overlayRoot && overlayRoot.querySelector('.notice')";
    tab.until(&format!("({notice})?.textContent.includes('sandbox')")).await?;
    assert_eq!(tab.eval("gopherscope.faults").await?, 0);
    tab.eval("void overlayRoot.querySelector('.notice button').click()").await?;
    // Of WebKit's console nothing is known.
    while tab.browser.engine() != Engine::WebKit
        && !tab.console().await?.iter().any(|line| line.text.contains("syscall/js.valueCall"))
    {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Ok(())
}

const RELOAD: &str = "Reload with Gopherscope";

/// A page whose program ran before the bookmark was clicked, and whose policy keeps the view out.
async fn late_mini(tab: &Tab, headers: &[(&str, &str)]) -> Result<Server> {
    programs::build()?;
    let Bookmarks { whole, .. } = bookmark::take(tab, &tab.profiler().url("/")).await?;
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let server = tab.serve(fixture_site().rule("*", Rule { headers, ..Rule::default() }), "").await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    let ready = "globalThis.begin && document.readyState === 'complete'";
    tab.visit(&server.localhost_url("/policy.html"), ready).await?;
    tab.eval("begin()").await?;
    bookmark::click(tab, &whole).await?;
    says(tab, "frame-src").await?;
    tab.eval(&format!("void {}.click()", button(RELOAD))).await?;
    Ok(server)
}

async fn reloads(tab: &Tab) -> Result<()> {
    let _server = late_mini(tab, &[(CSP, "frame-src 'self'")]).await?;
    let page = "document.querySelector('iframe')?.contentWindow";
    tab.until(&format!("{page}?.begin && {page}.gopherscope && true")).await?;
    tab.eval(&format!("{page}.begin()")).await?;
    let session = tab.session(&format!("{page}.gopherscope.snapshot()")).await?;
    assert_eq!(session.instances[0].attach, session::Attach::Early);
    Ok(())
}

async fn cannot_reload(tab: &Tab) -> Result<()> {
    let _server = late_mini(tab, &[(CSP, "frame-src 'none'")]).await?;
    says(tab, "put the script tag before wasm_exec.js").await?;
    told_late(tab).await
}

/// What is counted shows on.
async fn told_late(tab: &Tab) -> Result<()> {
    tab.until(&format!("{MINI}?.querySelector('main').textContent.includes('attached late')")).await
}

/// The file that the mini view saves is the session.
async fn saves(tab: &Tab) -> Result<()> {
    let folder = xtask::paths::in_root("target/e2e/saved");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder)?;
    tab.browser.save_in(&folder).await?;
    programs::build()?;
    let rule = Rule {
        headers: vec![(
            CSP.into(),
            "default-src 'none'; script-src * 'wasm-unsafe-eval'; connect-src 'self'".into(),
        )],
        ..Rule::default()
    };
    let server = tab.serve(fixture_site().rule("*", rule), &tab.tag("")).await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.visit(&server.localhost_url("/policy.html"), "globalThis.begin && true").await?;
    tab.eval("begin()").await?;
    says(tab, "default-src").await?;
    let session = tab.session("gopherscope.stop()").await?;
    tab.eval(&format!("void {}.click()", button("Save session"))).await?;
    let file = folder.join("localhost.gopherscope.json.gz");
    let began = std::time::Instant::now();
    while !file.exists() {
        ensure!(began.elapsed() < PATIENCE, "nothing was saved");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let saved = session::file::read(&std::fs::read(&file)?)?;
    assert_eq!(saved.instances[0].imports, session.instances[0].imports);
    assert_eq!(saved.instances[0].phases, session.instances[0].phases);
    Ok(())
}
