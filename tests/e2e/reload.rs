//! "Reload with Gopherscope", from a view that came late: what is recorded of the page after it, and what is said where the
//! page does not come in a frame.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use session::{Attach, PhaseName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xtask::server::{Rule, Server, Site};

use crate::harness::{Need, Scene, Tab, dist, fixture_site};
use crate::{programs, viewer};

/// A page that has loaded, its program idle.
const READY: &str = "globalThis.isReady && document.readyState === 'complete'";
const BUTTON: &str = "[...document.querySelectorAll('button')].find((it) => it.textContent.trim() === 'Reload with Gopherscope')";
const LAMP: &str = "document.querySelector('.lamp')?.textContent.trim()";

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("reload: from late to early", async |tab| {
            reloads(tab, fixture_site(), tab.profiler()).await
        }),
        scene.needs(&[Need::Credentialless]).trial("reload: an isolated page", async |tab| {
            reloads(tab, fixture_site().rule("*", isolated()), tab.profiler()).await
        }),
        scene.trial("reload: an isolated page, the profiler isolated as well", async |tab| {
            let mut rule = isolated();
            rule.headers.push(("cross-origin-resource-policy".into(), "cross-origin".into()));
            let profiler = Server::start(Site::new(dist()).rule("*", rule), 0).await?;
            reloads(tab, fixture_site().rule("*", isolated()), &profiler).await
        }),
        scene.trial("reload: again, and where the page goes on", again),
        scene.trial("reload: a page without Go yet", without_go),
        scene.needs(&[Need::SameWindow]).trial("reload: a page that leaves frames", leaves_frames),
        scene.trial("reload: a page that a form's data led to", posted),
        scene.trial("reload: X-Frame-Options", async |tab| {
            refused(tab, "x-frame-options", "DENY", "X-Frame-Options").await
        }),
        scene.trial("reload: frame-ancestors", async |tab| {
            refused(tab, "content-security-policy", "frame-ancestors 'none'", "frame-ancestors").await
        }),
        scene.trial("reload: frame-src", async |tab| {
            let policy = format!("frame-src {}", tab.profiler().url("/"));
            refused(tab, "content-security-policy", &policy, "frame-src").await
        }),
        scene.trial("reload: a policy without unsafe-eval", async |tab| {
            let policy =
                format!("script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' {}", tab.profiler().url("/"));
            refused(tab, "content-security-policy", &policy, "unsafe-eval").await
        }),
    ]
}

fn isolated() -> Rule {
    let headers =
        [("cross-origin-opener-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp")];
    let headers = headers.map(|(name, value)| (name.into(), value.into())).into();
    Rule { headers, ..Rule::default() }
}

/// Runs the profiler's agent in a page that has loaded, as the loader does, and goes into its view.
async fn attach(tab: &Tab, profiler: &Server) -> Result<()> {
    let src = profiler.url("/agent.js");
    let add = format!(
        "(() => {{ const it = document.createElement('script'); it.src = {src:?}; document.head.append(it); }})()"
    );
    tab.eval(&add).await?;
    tab.until("globalThis.gopherscope && document.querySelector('gopherscope-overlay') && overlayRoot.querySelector('iframe') && true").await?;
    viewer::enter(tab).await
}

async fn open(tab: &Tab, site: Site, path: &str, ready: &str) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(site, "").await?;
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.visit(&server.localhost_url(path), ready).await?;
    Ok(server)
}

/// From the page into the frame that it is in now.
async fn enter_page(tab: &Tab) -> Result<()> {
    viewer::leave(tab).await?;
    tab.until("document.querySelectorAll('html > iframe').length === 1 && typeof gopherscope === 'object'")
        .await?;
    let frame =
        tab.browser.driver().execute("return document.querySelector('html > iframe')", Vec::new()).await?;
    Ok(frame.element()?.enter_frame().await?)
}

async fn reload(tab: &Tab) -> Result<()> {
    tab.until(&format!("{BUTTON} && true")).await?;
    viewer::click(tab, BUTTON).await?;
    enter_page(tab).await?;
    tab.until("globalThis.gopherscope && gopherscope.programs === 1").await
}

/// The session of the page in the frame counts all that its counter has seen, and knows how the program started.
async fn is_early(tab: &Tab) -> Result<()> {
    tab.until(READY).await?;
    tab.eval("(copies(30), names(40), work(2))").await?;
    let (lo, hi) = programs::rodata(&std::fs::read(programs::folder().join("calls.wasm"))?)?;
    let both = tab.eval(&format!("oracle.compare({lo}, {hi})")).await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let [instance] = session.instances.as_slice() else {
        anyhow::bail!("{} programs", session.instances.len())
    };
    assert_eq!((session.meta.attach, instance.attach), (Attach::Early, Attach::Early));
    for import in &instance.imports {
        assert_eq!(
            Some(import.calls),
            both["oracle"]["calls"][&import.name].as_u64(),
            "calls of {}",
            import.name
        );
    }
    let seen: u64 = instance.imports.iter().map(|it| it.calls).sum();
    let counted = both["oracle"]["calls"].as_object().into_iter().flatten().filter_map(|(_, it)| it.as_u64());
    assert_eq!(seen, counted.sum::<u64>());
    let phases: Vec<_> = instance.phases.iter().map(|it| it.name).collect();
    for phase in [
        PhaseName::Compile,
        PhaseName::Instantiate,
        PhaseName::RuntimeInit,
        PhaseName::PackageInit,
        PhaseName::Main,
    ] {
        ensure!(phases.contains(&phase), "no {phase:?}: {phases:?}");
    }
    Ok(())
}

async fn reloads(tab: &Tab, site: Site, profiler: &Server) -> Result<()> {
    let server = open(tab, site, "/calls.html?of=it#here", READY).await?;
    tab.eval("(globalThis.ticks = 0, setInterval(() => ticks++, 20), 0)").await?;
    attach(tab, profiler).await?;
    tab.until(&format!("{LAMP} === 'hooked late'")).await?;
    reload(tab).await?;
    is_early(tab).await?;
    assert_eq!(tab.eval("location.href").await?, server.localhost_url("/calls.html?of=it#here"));
    viewer::enter(tab).await?;
    tab.until(&format!("{LAMP} === 'hooked early'")).await?;
    ensure!(
        tab.eval(&format!("{BUTTON} === undefined")).await? == true,
        "nothing is left to gain by a reload"
    );

    // The page before: nothing of ours, no content, no timers; what scripts ask of us goes on.
    viewer::leave(tab).await?;
    assert_eq!(tab.eval("document.title").await?, "calls");
    assert_eq!(
        tab.eval("[document.querySelector('gopherscope-overlay'), document.body.children.length]").await?,
        serde_json::json!([null, 0])
    );
    let before = tab.eval("ticks").await?;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(tab.eval("ticks").await?, before, "its timers are ended");
    assert_eq!(tab.eval("gopherscope.attach").await?, "early");
    Ok(())
}

/// A page in our frame that reloads itself, or goes on to another, gets the agent first as well.
async fn again(tab: &Tab) -> Result<()> {
    let _server = open(tab, fixture_site(), "/calls.html", READY).await?;
    attach(tab, tab.profiler()).await?;
    reload(tab).await?;
    for go in ["location.reload()", "location.search = '?next'"] {
        tab.eval("void (globalThis.isBefore = true)").await?;
        tab.eval(&format!("void setTimeout(() => {go})")).await?;
        viewer::leave(tab).await?;
        tab.until("(() => { const [it] = document.querySelectorAll('html > iframe'); const w = it?.contentWindow; return w && !w.isBefore && w.gopherscope?.programs === 1; })()").await?;
        enter_page(tab).await?;
        is_early(tab).await?;
    }
    Ok(())
}

/// Nothing of Go's so far: what to do is said, and the button is beside it.
async fn without_go(tab: &Tab) -> Result<()> {
    let page = "<!doctype html><title>later</title><link rel=\"icon\" href=\"data:,\" /><p>later</p>";
    let _server = open(
        tab,
        fixture_site().page("/later.html", page),
        "/later.html",
        "document.readyState === 'complete'",
    )
    .await?;
    attach(tab, tab.profiler()).await?;
    tab.until(&format!("{LAMP} === 'no Go seen' && {BUTTON} && true")).await?;
    viewer::click(tab, BUTTON).await?;
    enter_page(tab).await?;
    tab.until("document.querySelector('p').textContent === 'later' && gopherscope.state === 'recording'")
        .await
}

/// A page that leads the whole tab to itself where it finds itself in a frame.
async fn leaves_frames(tab: &Tab) -> Result<()> {
    let page = "<!doctype html><title>alone</title><link rel=\"icon\" href=\"data:,\" /><p>alone</p>
        <script>if (top !== self) top.location = self.location.href;</script>";
    let site = fixture_site().page("/alone.html", page);
    let _server = open(tab, site, "/alone.html", "document.readyState === 'complete'").await?;
    stays(tab, "out of frames").await
}

/// The server gives the page for a form's data alone. Its answer without is a page, too.
async fn posted(tab: &Tab) -> Result<()> {
    let listener = xtask::server::listen(0).await?;
    let at = format!("http://localhost:{}/", listener.local_addr()?.port());
    let answers = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    tab.visit(&at, "document.forms.length === 1").await?;
    tab.eval("void document.forms[0].submit()").await?;
    tab.until("document.querySelector('p')?.textContent === 'heard' && document.readyState === 'complete'")
        .await?;
    stays(tab, "answers 405").await?;
    answers.abort();
    Ok(())
}

async fn answer(mut stream: tokio::net::TcpStream) -> Result<()> {
    let mut asked = String::new();
    let mut buffer = [0; 4096];
    // The form's data is its last line.
    while !asked.contains("\r\n\r\n") || asked.starts_with("POST") && !asked.ends_with("data=1") {
        let read = stream.read(&mut buffer).await?;
        ensure!(read > 0, "the browser hung up");
        asked.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    let (status, body) = match asked.split(' ').take(2).collect::<Vec<_>>()[..] {
        ["GET", "/"] => {
            ("200 OK", "<form method='post' action='form'><input name='data' value='1' /></form>")
        }
        ["POST", "/form"] => ("200 OK", "<p>heard</p>"),
        _ => ("405 Method Not Allowed", "<p>not so</p>"),
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\nconnection: close\r\n");
    let body = format!("<!doctype html><script>{}</script>{body}", viewer::KEEP_ROOT);
    let all = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    Ok(stream.write_all(all.as_bytes()).await?)
}

/// The page without a program is not reloaded, and stays as it was; the view says why.
async fn stays(tab: &Tab, said: &str) -> Result<()> {
    tab.eval("void (globalThis.isBefore = true)").await?;
    attach(tab, tab.profiler()).await?;
    tab.until(&format!("{LAMP} === 'no Go seen' && {BUTTON} && true")).await?;
    viewer::click(tab, BUTTON).await?;
    says(tab, said).await?;
    viewer::leave(tab).await?;
    let state = "[globalThis.isBefore, document.querySelectorAll('html > iframe').length, gopherscope.state, gopherscope.faults]";
    assert_eq!(tab.eval(state).await?, serde_json::json!([true, 0, "recording", 0]));
    Ok(())
}

async fn says(tab: &Tab, said: &str) -> Result<()> {
    tab.until(
        "[...document.querySelectorAll('.notice')].some((it) => it.textContent.includes('<script src='))",
    )
    .await?;
    let notices =
        tab.eval("[...document.querySelectorAll('.notice')].map((it) => it.innerText).join(' ')").await?;
    ensure!(notices.as_str().is_some_and(|it| it.contains(said)), "{notices} does not say {said}");
    Ok(())
}

/// Asks for a reload of a page that runs Go and does not come in a frame, for the reason `said`; the tab is in the page then.
pub async fn not_reloaded(tab: &Tab, site: Site, said: &str) -> Result<Server> {
    let server = open(tab, site, "/calls.html", READY).await?;
    attach(tab, tab.profiler()).await?;
    tab.until(&format!("{LAMP} === 'hooked late' && {BUTTON} && true")).await?;
    viewer::click(tab, BUTTON).await?;
    says(tab, said).await?;
    viewer::leave(tab).await?;
    Ok(server)
}

/// The page stays as it was, and the view says what is in the way.
async fn refused(tab: &Tab, name: &str, value: &str, said: &str) -> Result<()> {
    let rule = Rule { headers: vec![(name.into(), value.into())], ..Rule::default() };
    let _server = not_reloaded(tab, fixture_site().rule("*", rule), said).await?;
    assert_eq!(tab.eval("document.querySelectorAll('html > iframe').length").await?, 0);
    tab.eval("names(3)").await?;
    let state: Value = tab.eval("[gopherscope.attach, gopherscope.state, gopherscope.faults]").await?;
    assert_eq!(state, serde_json::json!(["late", "recording", 0]));
    Ok(())
}
