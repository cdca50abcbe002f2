//! Do no harm: a page tells the same story with and without the agent, even where hooks of ours fail.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use xtask::browser::Engine;
use xtask::server::{Rule, Server, Site};

use crate::harness::{Scene, Tab, fixture_site};
use crate::programs;

/// What a page may be loaded for: case and mode.
const LOADING: [(&str, &str); 9] = [
    ("mime", "return"),
    ("missing", ""),
    ("missing, caught", ""),
    ("unreachable", ""),
    ("cut", "return"),
    ("half", "return"),
    ("half, bytes", "return"),
    ("nothing", ""),
    ("wrong imports", "return"),
];
const RUNNING: [(&str, &str); 10] = [
    ("go", "return"),
    ("go", "panic"),
    ("go", "exit"),
    ("buffered", "return"),
    ("go", "exceptions"),
    ("go", "callbacks"),
    ("two programs", "exit"),
    ("arguments and environment", "exit"),
    ("identity", "return"),
    ("both at once", "callbacks"),
];
const OTHERS: [(&str, &str); 3] = [("other", ""), ("refusals", ""), ("globals", "")];
/// What a page does to its own globals before the agent and after it, and what it plays then.
const HOOKS: [(&str, &str); 12] = [
    ("after=", "case=uninstalled midway&mode=callbacks"),
    ("after=wrap", "case=go&mode=callbacks"),
    ("after=wrap", "case=other&mode="),
    ("after=wrap", "case=uninstalled&mode=return"),
    ("after=freeze", "case=go&mode=exceptions"),
    ("before=freeze", "case=go&mode=exceptions"),
    ("after=freeze", "case=uninstalled&mode=return"),
    ("after=sealed", "case=buffered&mode=return"),
    ("before=sealed", "case=buffered&mode=return"),
    ("after=replace", "case=buffered&mode=return"),
    ("before=replace", "case=go&mode=return"),
    ("after=enumerate", "case=go&mode=return"),
];
/// What the agent may ask of a page's own functions that stand where the engine's did before it came.
const ASKED: [&str; 8] =
    ["now(", "Module(", "Instance(", "define(", "freeze(", "setTimeout(", "Reflect.", "decode("];
/// Built-ins that a page breaks for our hooks.
const BROKEN: [&str; 16] = [
    "PerformanceObserver",
    "queueMicrotask",
    "getEntriesByName",
    "getEntriesByType",
    "set",
    "subarray",
    "encode",
    "then",
    "setPrototype",
    "freeze",
    "exports",
    "imports",
    "Proxy",
    "WeakRef",
    "Map",
    "response",
];

/// What comes before the call that failed, in a message of WebKit's.
const QUOTES: &str = "(evaluating '";
/// Faults told in a session; the rest is only counted.
const MOST_TOLD: u64 = 100;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let group = |name: &str, cases: &'static [(&str, &str)]| {
        scene.trial(&format!("harm: {name}"), async move |tab| {
            let pages = Pages::serve(tab).await?;
            for (case, mode) in cases {
                let query = format!("case={case}&mode={mode}");
                assert_same(
                    &pages.play(&pages.bare, &query).await?,
                    &pages.play(&pages.with_agent, &query).await?,
                    &query,
                );
                assert_eq!(tab.eval("gopherscope.faults").await?, 0, "{query}");
            }
            Ok(())
        })
    };
    vec![
        group("loading", &LOADING),
        group("running", &RUNNING),
        group("modules of others", &OTHERS),
        scene.trial("harm: pages that wrap, freeze and replace", hooks),
        scene.trial("harm: pages that wrapped before", wrapped_before),
        scene.trial("harm: faults in our hooks", faults),
        scene.trial("harm: with the viewer in the page", with_viewer),
    ]
}

/// The page, with and without the agent.
struct Pages<'a> {
    tab: &'a Tab,
    bare: Server,
    with_agent: Server,
}

impl<'a> Pages<'a> {
    async fn serve(tab: &'a Tab) -> Result<Self> {
        Self::serve_with(tab, "data-ui=\"none\"").await
    }

    async fn serve_with(tab: &'a Tab, attributes: &str) -> Result<Self> {
        programs::build()?;
        let bare = tab.serve(site(tab.browser.engine())?, "").await?;
        let with_agent = tab.serve(site(tab.browser.engine())?, &tab.tag(attributes)).await?;
        Ok(Self { tab, bare, with_agent })
    }

    /// Everything the page and its console tell.
    async fn play(&self, server: &Server, query: &str) -> Result<Vec<String>> {
        let url = server.localhost_url(&format!("/harm.html?{}", query.replace(' ', "%20")));
        self.tab.visit(&url, "globalThis.finished").await?;
        let told = self.tab.eval("transcript").await?;
        let told =
            told.as_array().context("no transcript")?.iter().filter_map(Value::as_str).map(str::to_owned);
        // Firefox's console is told late, and names who called the engine.
        let console = match self.tab.browser.engine() {
            Engine::Chromium => self.tab.console().await?,
            Engine::Firefox | Engine::WebKit => Vec::new(),
        };
        let console = console.into_iter().map(|line| format!("{}: {}", line.level, line.text));
        let origin = server.localhost_url("");
        Ok(told.chain(console).map(|line| unquoted(&line.replace(&origin, ""))).collect())
    }
}

fn site(engine: Engine) -> Result<Site> {
    let folder = programs::folder();
    let module = std::fs::read(folder.join("ends.wasm"))?;
    let plain = Rule { content_type: Some("text/plain".into()), ..Rule::default() };
    let cut = Rule { truncate: Some(module.len() / 2), ..Rule::default() };
    Ok(fixture_site()
        .mount("/mime/", &folder)
        .mount("/cut/", &folder)
        .rule("/mime/*", plain)
        .rule("/cut/*", cut)
        .page("/half.wasm", programs::cut(engine)?))
}

/// A line without the call that failed, which WebKit's messages quote: with the agent in the page, it is the agent's own.
fn unquoted(line: &str) -> String {
    let mut pieces = line.split(QUOTES);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |told, piece| {
        let (_, rest) = piece.split_once("')").unwrap_or(("", piece));
        format!("{told}{QUOTES}…'){rest}")
    })
}

fn assert_same(bare: &[String], with_agent: &[String], query: &str) {
    for (at, (bare, with_agent)) in bare.iter().zip(with_agent).enumerate() {
        assert_eq!(with_agent, bare, "{query}: line {at} with the agent, and without");
    }
    assert_eq!(with_agent.len(), bare.len(), "{query}: {bare:#?} and {with_agent:#?}");
}

/// Their functions see the same calls, and stay where they put them.
async fn hooks(tab: &Tab) -> Result<()> {
    let pages = Pages::serve(tab).await?;
    for (hook, case) in HOOKS {
        let query = format!("{case}&{hook}");
        let bare = pages.play(&pages.bare, &query).await?;
        ensure!(bare.len() > 3, "{query}: {bare:?}");
        assert_same(&bare, &pages.play(&pages.with_agent, &query).await?, &query);
    }
    Ok(())
}

/// Functions that a page put there first see its own calls as ever, in order; what the agent asks of them comes on top.
async fn wrapped_before(tab: &Tab) -> Result<()> {
    let pages = Pages::serve(tab).await?;
    for case in ["case=go&mode=callbacks", "case=other&mode=", "case=uninstalled&mode=return"] {
        let query = format!("{case}&before=wrap");
        let play = async |server: &Server| -> Result<(Vec<String>, Vec<String>)> {
            let told = pages.play(server, &query).await?;
            Ok((told, serde_json::from_value(tab.eval("seenBy.before").await?)?))
        };
        let (bare, seen) = play(&pages.bare).await?;
        let (with_agent, all_seen) = play(&pages.with_agent).await?;
        assert_same(&bare, &with_agent, &query);
        let entry = |it: &&String| !ASKED.iter().any(|asked| it.starts_with(asked));
        assert_eq!(
            all_seen.iter().filter(entry).collect::<Vec<_>>(),
            seen.iter().filter(entry).collect::<Vec<_>>(),
            "{query}"
        );
        let mut rest = all_seen.iter();
        let missing =
            seen.iter().filter(|it| !it.starts_with("now(")).find(|it| !rest.any(|other| other == *it));
        assert_eq!(missing, None, "{query}: not seen, or out of turn");
    }
    Ok(())
}

async fn faults(tab: &Tab) -> Result<()> {
    let pages = Pages::serve(tab).await?;
    for broken in BROKEN {
        let mut faults = 0;
        for case in ["case=go&mode=exceptions", "case=buffered&mode=callbacks"] {
            let query = format!("{case}&broken={broken}");
            let bare = pages.play(&pages.bare, &query).await?;
            ensure!(bare.len() > 3, "{query}: {bare:?}");
            assert_same(&bare, &pages.play(&pages.with_agent, &query).await?, &query);
            let session = tab.session("gopherscope.snapshot()").await?;
            let told = session
                .meta
                .errors
                .iter()
                .filter(|it| it.message == "broken by the page" && !it.at.is_empty());
            let counted = tab.eval("gopherscope.faults").await?.as_u64().context("no count")?;
            assert_eq!(told.count() as u64, counted.min(MOST_TOLD), "{query}: {:?}", session.meta.errors);
            faults += counted;
        }
        ensure!(faults > 0, "nothing failed without {broken}");
    }
    Ok(())
}

/// The viewer is an element in the page: only that may be seen of it.
async fn with_viewer(tab: &Tab) -> Result<()> {
    let pages = Pages::serve_with(tab, "").await?;
    for query in ["case=go&mode=callbacks", "case=other&mode="] {
        assert_same(
            &pages.play(&pages.bare, query).await?,
            &pages.play(&pages.with_agent, query).await?,
            query,
        );
        tab.until("document.querySelector('gopherscope-overlay')").await?;
    }
    Ok(())
}
