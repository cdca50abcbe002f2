//! The view of the environment: what a page may share, against what its threads really do; and the headers that it names,
//! sent by a page.

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{Obstacle, RealmKind, Rung, Session, sharing};
use xtask::browser::{Engine, Scheme};
use xtask::server::{Rule, Server, Site};

use crate::harness::{Scene, Tab, fixture_site};
use crate::shots::shoot;
use crate::{facts, programs, view, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let page = |name: &str, headers: &'static [(&'static str, &'static str)], isolated: bool| {
        let name = format!("environment: {name}");
        scene.trial(&name, async move |tab| a_page(tab, headers, isolated).await)
    };
    vec![
        page("no header", &[], false),
        page("COOP alone", &[("cross-origin-opener-policy", "same-origin")], false),
        page("COEP alone", &[("cross-origin-embedder-policy", "require-corp")], false),
        scene.trial("environment: the headers that the view names isolate the page", named_headers),
        scene.trial("environment: in a worker", in_a_worker),
    ]
}

/// A thread is given shared memory, writes to it, and is done with it.
const SHARES: &str = "new Promise((resolve) => {
    const code = 'onmessage = ({ data }) => { new Uint8Array(data)[0] = 7; postMessage(0); }';
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    worker.onmessage = () => (worker.terminate(), resolve(new Uint8Array(buffer)[0] === 7));
    try { worker.postMessage(buffer); } catch { worker.terminate(); resolve(false); }
})";

fn site(headers: &[(String, String)]) -> Site {
    fixture_site().rule("/*", Rule { headers: headers.to_vec(), ..Rule::default() })
}

/// The page at `path`, with headers; what the agent tells of it.
async fn told(tab: &Tab, headers: &[(String, String)]) -> Result<(Server, Session)> {
    programs::build()?;
    let server = tab.serve(site(headers), &tab.tag("data-ui=none")).await?;
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    Ok((server, session))
}

/// What is told is so; whether threads do share memory.
async fn check(tab: &Tab, session: &Session, isolated: bool) -> Result<bool> {
    let realm = session.realms.first().context("no realm")?;
    let told = realm.environment.as_ref().context("nothing told")?;
    let seen = tab
        .eval(
            "[crossOriginIsolated, typeof SharedArrayBuffer === 'function', isSecureContext, globalThis.originAgentCluster ?? null,
              'waitAsync' in Atomics, navigator.hardwareConcurrency]",
        )
        .await?;
    let mine = json!([
        told.cross_origin_isolated,
        told.shared_array_buffer,
        told.secure_context,
        told.origin_agent_cluster,
        told.wait_async,
        told.hardware_concurrency
    ]);
    assert_eq!(mine, seen);
    assert_eq!(told.cross_origin_isolated, isolated);
    let shares = tab.eval(SHARES).await? == true;
    let sharing = sharing(realm).context("no answer")?;
    assert_eq!(sharing.rung, Some(if shares { Rung::Shared } else { Rung::Transfer }));
    assert_eq!(sharing.obstacles.contains(&Obstacle::Headers), !isolated);
    // WebKitGTK isolates a page, and has no shared memory for it.
    ensure!(
        shares == isolated || tab.browser.engine() == Engine::WebKit,
        "isolated: {isolated}, shares: {shares}"
    );
    Ok(shares)
}

async fn a_page(tab: &Tab, headers: &[(&str, &str)], isolated: bool) -> Result<()> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let (_server, session) = told(tab, &headers).await?;
    check(tab, &session, isolated).await.map(drop)
}

/// Opens a session file in the view of the environment.
async fn open_file(tab: &Tab, session: &Value) -> Result<Server> {
    let headers = vec![("access-control-allow-origin".into(), "*".into())];
    let site = Site::default()
        .page("/a.json", session.to_string())
        .rule("/a.json", Rule { headers, ..Rule::default() });
    let server = Server::start(site, 0).await?;
    let url = tab.profiler().url(&format!("/#/open?profile={}&view=environment", server.url("/a.json")));
    tab.visit(&url, "document.querySelector('.environment-view dl') && true").await?;
    Ok(server)
}

const CODES: &str =
    "[...document.querySelectorAll('.environment-view .copy-field code')].map((it) => it.textContent)";

/// That the view names this as the best way.
async fn best(tab: &Tab, way: &str) -> Result<()> {
    let best = "document.querySelector('.environment-view .best h3')?.innerText";
    if let Err(error) = tab.until(&format!("{best} === '{way}'")).await {
        let view =
            tab.eval("[location.href, document.querySelector('.environment-view')?.innerText]").await?;
        bail!("{error:#}: {view}");
    }
    Ok(())
}

async fn named_headers(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/calls.html")).await?;
    viewer::enter(tab).await?;
    facts::go(tab, "environment").await?;
    best(tab, "Transfer of an ArrayBuffer").await?;
    let named = tab.eval(CODES).await?;
    let named: Vec<String> = serde_json::from_value(named)?;
    view::check_with_axe(tab, "environment").await?;
    viewer::leave(tab).await?;
    let [coop, coep, _, loose] = named.as_slice() else { bail!("{named:?}") };
    for embedder in [coep, loose] {
        let header = |line: &str| -> Result<(String, String)> {
            let (name, value) = line.split_once(": ").context("no header")?;
            Ok((name.to_ascii_lowercase(), value.to_owned()))
        };
        let (_server, session) = told(tab, &[header(coop)?, header(embedder)?]).await?;
        // The view says which engines know the other one.
        let known = embedder == coep || tab.browser.engine() != Engine::WebKit;
        let shares = check(tab, &session, known).await?;
        if !known {
            continue;
        }
        let mut file = serde_json::to_value(&session)?;
        let _files = open_file(tab, &file).await?;
        best(tab, if shares { "SharedArrayBuffer with workers" } else { "Transfer of an ArrayBuffer" })
            .await?;
        let answer = viewer::text(tab, ".environment-view .answer").await?;
        let none = answer.as_str().is_some_and(|it| it.contains("this browser has no shared memory"));
        assert_eq!(none, !shares, "{answer}");
        assert_eq!(tab.eval(CODES).await?, json!([]), "nothing is left to do");
        shoot(tab, "environment-isolated", 1280, Scheme::Light).await?;
        shoot(tab, "environment-isolated", 420, Scheme::Dark).await?;
        // A file of an older release tells nothing of it.
        let realm = file["realms"][0].as_object_mut().context("no realm")?;
        ensure!(realm.remove("environment").is_some(), "it was there");
        tab.visit("about:blank", "true").await?;
        let _older = open_file(tab, &file).await?;
        let dash = "document.querySelector('.environment-view .realm-facts .unknown')";
        assert_eq!(tab.eval(&format!("{dash}.innerText")).await?, "–");
        let why = tab.eval(&format!("{dash}.title")).await?;
        ensure!(why.as_str().is_some_and(|why| why.contains("older")), "{why}");
        assert_eq!(tab.eval("document.querySelectorAll('.environment-view .best').length").await?, 0);
        shoot(tab, "environment-older", 1280, Scheme::Dark).await?;
    }
    Ok(())
}

async fn in_a_worker(tab: &Tab) -> Result<()> {
    programs::build()?;
    let agent = std::fs::read(crate::harness::dist().join("agent.js"))?;
    let server = tab.serve(fixture_site().page("/agent.js", agent), "").await?;
    tab.visit(&server.localhost_url("/worker.html?kind=classic"), "globalThis.isReady").await?;
    let session = tab.eval("ask(['session'])").await?;
    let session = session::file::read(session.as_str().context("no session")?.as_bytes())?;
    let realm = session.realms.first().context("no realm")?;
    assert_eq!(realm.kind, RealmKind::Worker);
    let told = realm.environment.as_ref().context("nothing told")?;
    ensure!(
        told.secure_context && !told.cross_origin_isolated && told.isolation_allowed.is_none(),
        "{told:?}"
    );
    let obstacles = sharing(realm).context("no answer")?.obstacles;
    assert_eq!(obstacles, [Obstacle::Owner, Obstacle::Headers]);
    Ok(())
}
