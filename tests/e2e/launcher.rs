//! The launcher and its ways in: a page in a frame, a session file by link, by drop, and by hostile hands.

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use session::{GoLines, Session, fmt, headline};
use xtask::paths;
use xtask::server::{Rule, Server, Site};

use crate::harness::{Scene, Tab, dist};
use crate::{bridge, programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("launcher: every way in", ways),
        scene.trial("launcher: the recorded session", recorded),
        scene.trial("launcher: a session file, dropped", dropped),
        scene.trial("launcher: files that are none", hostile),
        scene.trial("launcher: a page in a frame", framed),
        scene.trial("launcher: pages that cannot be framed", not_framed),
    ]
}

const STATE: &str = "document.querySelector('.stage [role=status]')?.innerText";
const RECORDED: &str = "demos/bridge.gopherscope.json.gz";
const WATCHED: &str =
    "document.querySelector('.framed .stage')?.innerText.trim() === 'watched from its first script on'";
const FRAME: &str = "document.querySelector('.framed iframe').contentWindow";

/// The profiler's site with pages that know nothing of it.
async fn site(more: impl FnOnce(Site) -> Site) -> Result<Server> {
    programs::build()?;
    let site = Site::new(dist())
        .mount("/app/", paths::in_root("tests/fixtures/site"))
        .mount("/app/go/", programs::folder());
    Server::start(more(site), 0).await
}

async fn ways(tab: &Tab) -> Result<()> {
    tab.visit(&tab.profiler().url("/"), "document.querySelector('.launcher') && true").await?;
    let tag = tab.eval("document.querySelector('.copy-field code').innerText").await?;
    assert_eq!(tag, format!("<script src=\"{}\"></script>", tab.profiler().url("/agent.js")));
    // The list is that of the demos' own page, and each link leads somewhere.
    let links = "[...document.querySelectorAll('.demos .variants a')].map((it) => it.href)";
    let links: Vec<String> = serde_json::from_value(tab.eval(links).await?)?;
    let index = std::fs::read_to_string(dist().join("demos/index.html"))?;
    let listed =
        index.split("class=\"switch\"").skip(1).map(|it| it.split("</div>").next().unwrap_or_default());
    assert_eq!(links.len(), listed.map(|it| it.matches("<a ").count()).sum::<usize>());
    for link in links {
        let status = tab.eval(&format!("fetch('{link}').then((it) => it.status)")).await?;
        assert_eq!(status, 200, "{link}");
    }
    Ok(())
}

fn prebuilt() -> Result<(Vec<u8>, Session)> {
    let bytes = std::fs::read(dist().join(RECORDED))?;
    let session = session::file::read(&bytes)?;
    Ok((bytes, session))
}

/// Headline and Go lines that the view shows are those of the file.
async fn shows(tab: &Tab, session: &Session) -> Result<()> {
    tab.until(&format!("{STATE} === 'recorded session'")).await?;
    tab.until("document.querySelector('.headline h2') && true").await?;
    let said = viewer::text(tab, ".headline h2").await?;
    // Behind it may stand how many findings there are.
    let text = headline(session).text.replace('\u{a0}', " ");
    ensure!(said.as_str().is_some_and(|it| it.starts_with(&text)), "{said}, not {text}");
    tab.eval("void document.getElementById('tab-bridge').click()").await?;
    tab.until("document.querySelector('.bridge tbody tr') && true").await?;
    let lines = bridge::by_line(&GoLines::of(session, None));
    bridge::shows(tab, 1, &bridge::as_shown(&lines, true)).await
}

async fn recorded(tab: &Tab) -> Result<()> {
    let (_, session) = prebuilt()?;
    tab.visit(&tab.profiler().url("/"), "document.querySelector('.launcher') && true").await?;
    viewer::click(tab, "[...document.querySelectorAll('a')].find((it) => it.innerText.includes('chatty bridge') && it.hash.includes('open'))").await?;
    shows(tab, &session).await?;
    let said = viewer::text(tab, ".headline .notice").await?;
    let page = &session.meta.url;
    ensure!(said.as_str().is_some_and(|it| it.contains(page) && it.contains("20")), "{said} without {page}");
    // Nothing of a running recording is offered.
    for label in ["Pause", "Clear", "Close the view"] {
        ensure!(
            tab.eval(&format!("document.querySelector('[aria-label^=\"{label}\"]') === null")).await? == true,
            "{label}"
        );
    }
    // The place is in the link.
    let start = session.instances[0].phases.last().context("no phases")?.start;
    let select = format!("select={}-{}", start.round() + 500.0, start.round() + 1500.0);
    let link = format!("/#/open?profile={RECORDED}&view=bridge&{select}");
    tab.visit("about:blank", "true").await?;
    tab.visit(&tab.profiler().url(&link), "document.querySelector('.bridge .scope') && true").await?;
    let hash = tab.eval("location.hash").await?;
    ensure!(hash.as_str().is_some_and(|it| it.contains(&select) && it.contains(RECORDED)), "{hash}");
    // Of another site, where it lets us.
    let shared =
        Rule { headers: vec![("access-control-allow-origin".into(), "*".into())], ..Rule::default() };
    let elsewhere = Server::start(Site::new(dist()).rule("/demos/*", shared), 0).await?;
    let link = format!("/#/open?profile={}", elsewhere.localhost_url(&format!("/{RECORDED}")));
    tab.visit("about:blank", "true").await?;
    tab.visit(&tab.profiler().url(&link), "true").await?;
    shows(tab, &session).await
}

async fn dropped(tab: &Tab) -> Result<()> {
    let (_, session) = prebuilt()?;
    tab.visit(&tab.profiler().url("/"), "document.querySelector('.launcher') && true").await?;
    let drop = |bytes: &str| {
        format!(
            "{bytes}.then((bytes) => {{
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([bytes], 'mine.gopherscope.json.gz'));
                document.querySelector('.launcher').dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }}));
            }})"
        )
    };
    tab.eval(&drop(&format!("fetch('{RECORDED}').then((it) => it.arrayBuffer())"))).await?;
    shows(tab, &session).await?;
    let said = viewer::text(tab, ".headline .notice").await?;
    ensure!(said.as_str().is_some_and(|it| it.contains("mine.gopherscope.json.gz")), "{said}");
    // A link to it cannot hold it, and says so.
    tab.eval("void location.reload()").await?;
    tab.until(&format!(
        "{STATE} === 'not opened' && document.querySelector('.notice.error').innerText.includes('again')"
    ))
    .await
}

/// Each is refused in words, with a place, and soon.
async fn hostile(tab: &Tab) -> Result<()> {
    let (bytes, session) = prebuilt()?;
    let json = session::file::to_json(&session)?;
    let text = String::from_utf8(json)?;
    let other = text.replacen("\"version\":1", "\"version\":9", 1);
    let dangling = text.replacen("\"stacks\":{\"parent\":[null", "\"stacks\":{\"parent\":[7", 1);
    ensure!(other != text && dangling != text, "the file is written otherwise");
    let huge = vec![b' '; 65 << 20];
    let closed = Rule { status: Some(500), ..Rule::default() };
    let server = Server::start(
        Site::new(dist())
            .page("/cut.gz", &bytes[..bytes.len() / 2])
            .page(
                "/flipped.gz",
                bytes
                    .iter()
                    .enumerate()
                    .map(|(at, byte)| if at == 5000 { !byte } else { *byte })
                    .collect::<Vec<_>>(),
            )
            .page("/empty.gz", "")
            .page("/text.json", "hello")
            .page("/markup.json", "{\"format\":\"<img src=x onerror=alert(1)>\"}")
            .page("/other.json", other)
            .page("/dangling.json", dangling)
            .page("/huge.json", huge)
            .page("/failing.json", "x")
            .rule("/failing.json", closed),
        0,
    )
    .await?;
    let length = bytes.len();
    for (file, words) in [
        ("cut.gz", format!("of {}", length / 2)),
        ("flipped.gz", "at byte".into()),
        ("empty.gz", "line 1 column 0".into()),
        ("text.json", "line 1 column 1".into()),
        ("markup.json", "<img src=x onerror=alert(1)>".into()),
        ("other.json", "version is 9, this reader knows 1".into()),
        ("dangling.json", "stacks[0].parent is 7".into()),
        ("huge.json", format!("larger than the {}", fmt::bytes(f64::from(64 << 20)).replace('\u{a0}', " "))),
        ("failing.json", "the server answered 500".into()),
        ("missing.json", "the server answered 404".into()),
        ("http://127.0.0.1:1/x.gz", "cannot be fetched".into()),
        (&tab.profiler().localhost_url(&format!("/{RECORDED}")), "does not let other sites read it".into()),
    ] {
        tab.visit("about:blank", "true").await?;
        tab.visit(&server.url(&format!("/#/open?profile={file}")), &format!("{STATE} === 'not opened'"))
            .await?;
        let said = viewer::text(tab, ".notice.error").await?;
        ensure!(
            said.as_str().is_some_and(|it| it.replace('\u{a0}', " ").contains(&words)),
            "{file}: {said}, not {words}"
        );
        assert_eq!(tab.eval("document.querySelector('.notice.error img')").await?, serde_json::Value::Null);
    }
    Ok(())
}

/// A page without a script tag: all is counted, as with one, after reloads and on the next page too.
async fn framed(tab: &Tab) -> Result<()> {
    let first = "<!doctype html><title>first</title><script>
        // What a page takes before anybody else could put a script in.
        const { instantiateStreaming } = WebAssembly;
        globalThis.page = { bytes: new Uint8Array(3000), short() {}, middle() {}, long() {} };
        globalThis.ready = () => {};
    </script><script src='go/wasm_exec.js'></script><script>
        const go = new Go();
        instantiateStreaming(fetch('go/calls.wasm'), go.importObject).then(({ instance }) => void go.run(instance));
    </script><a href='view.html'>next</a>";
    let server = site(|site| site.page("/app/first.html", first)).await?;
    tab.visit(&server.url("/"), "document.querySelector('form.open input') && true").await?;
    let field = "document.querySelector('form.open input')";
    tab.eval(&format!("{field}.value = '/app/first.html', {field}.dispatchEvent(new InputEvent('input', {{ bubbles: true }})), 1")).await?;
    viewer::click(tab, "document.querySelector('form.open button')").await?;
    let counts = async || -> Result<()> {
        let ready = format!("{WATCHED} && {FRAME}.work && {FRAME}.gopherscope.programs === 1");
        if let Err(error) = tab.until(&ready).await {
            let state = format!(
                "[document.querySelector('.framed .stage')?.innerText, {FRAME}.location.href, typeof {FRAME}.work, {FRAME}.gopherscope?.programs]"
            );
            bail!("{error:#}: {}", tab.eval(&state).await?);
        }
        assert_eq!(tab.eval(&format!("{FRAME}.gopherscope.attach")).await?, "early");
        let calls = async || -> Result<u64> {
            let session = tab.session(&format!("{FRAME}.gopherscope.snapshot()")).await?;
            ensure!(session.meta.errors.is_empty(), "{:?}", session.meta.errors);
            let imports = &session.instances[0].imports;
            ensure!(
                session.instances[0].phases.iter().any(|it| it.name == session::PhaseName::Download),
                "no download"
            );
            Ok(imports.iter().filter(|it| it.name == "syscall/js.valueCall").map(|it| it.calls).sum())
        };
        let before = calls().await?;
        tab.eval(&format!("{FRAME}.work(640)")).await?;
        assert_eq!(calls().await? - before, 640 + 160 + 10, "calls of work(640)");
        tab.until(&format!("{FRAME}.document.querySelector('gopherscope-overlay') && true")).await
    };
    counts().await?;
    // It is as large as the window, but for our line.
    let rest = tab
        .eval("innerHeight - document.querySelector('.framed iframe').getBoundingClientRect().height")
        .await?;
    ensure!(rest.as_f64().is_some_and(|it| it < 48.0), "{rest} px are not the page's");
    tab.eval(&format!("void ({FRAME}.old = true, {FRAME}.location.reload())")).await?;
    tab.until(&format!("{WATCHED} && !{FRAME}.old && true")).await?;
    counts().await?;
    tab.eval(&format!("void {FRAME}.document.querySelector('a').click()")).await?;
    tab.until(&format!("{WATCHED} && {FRAME}.location.pathname === '/app/view.html'")).await?;
    counts().await?;
    tab.until("location.hash.includes('/app/view.html')").await?;
    // And it is remembered, until it is forgotten.
    tab.visit(&server.url("/"), "document.querySelectorAll('.recent li').length === 2").await?;
    tab.eval("void document.querySelector('.recent button').click()").await?;
    tab.until("document.querySelectorAll('.recent li').length === 1").await?;
    let console = tab.console().await?;
    ensure!(!console.iter().any(|line| line.level == "SEVERE"), "{console:?}");
    Ok(())
}

async fn not_framed(tab: &Tab) -> Result<()> {
    let header =
        |name: &str, value: &str| Rule { headers: vec![(name.into(), value.into())], ..Rule::default() };
    let elsewhere = tab.profiler().localhost_url("/");
    let away = Rule { status: Some(302), ..header("location", &elsewhere) };
    let server = site(|site| {
        site.page("/deny.html", "x")
            .page("/ancestors.html", "x")
            .page("/away.html", "x")
            .rule("/deny.html", header("x-frame-options", "DENY"))
            .rule("/ancestors.html", header("content-security-policy", "frame-ancestors 'none'"))
            .rule("/away.html", away)
    })
    .await?;
    for (url, words) in [
        ("/deny.html", "(X-Frame-Options)"),
        ("/ancestors.html", "frame-ancestors"),
        ("/away.html", "redirects"),
        (elsewhere.as_str(), "another origin"),
        ("javascript:alert(1)", "no URL of a page"),
        ("data:text/html,x", "no URL of a page"),
    ] {
        let escaped = url.replace('(', "%28").replace(')', "%29");
        tab.visit("about:blank", "true").await?;
        tab.visit(
            &server.url(&format!("/#/frame?url={escaped}")),
            "document.querySelector('.framed .notice') && true",
        )
        .await?;
        let said = viewer::text(tab, ".framed .notice").await?;
        ensure!(said.as_str().is_some_and(|it| it.contains(words)), "{url}: {said}");
        let remembered = tab.eval("localStorage.getItem('gopherscope.targets')").await?;
        ensure!(remembered.is_null(), "{remembered}");
    }
    Ok(())
}
