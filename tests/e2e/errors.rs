//! What goes wrong in pages, and programs that end: said in the view and in the report, in the same words.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use xtask::browser::{Engine, Scheme};
use xtask::server::{Rule, Site};

use crate::harness::{Scene, Tab, fixture_site};
use crate::{programs, viewer};

/// Modules that pages fail to run, or load badly: the page's query, and what must be said, with the reason in the words of
/// Chromium, Firefox and WebKit.
const MODULES: [(&str, &str, [&str; 3]); 8] = [
    (
        "a URL that is not there",
        "module=missing.wasm",
        ["missing.wasm: the server answered HTTP 404; check the URL"; 3],
    ),
    (
        "a host that is not there",
        "module=http://127.0.0.1:1/app.wasm",
        [
            "the module failed: Failed to fetch; check its URL, and that its server lets this page load it",
            "the module failed: NetworkError when attempting to fetch resource; check its URL, and that its server lets \
             this page load it",
            "the module failed: Load failed; check its URL, and that its server lets this page load it",
        ],
    ),
    (
        "a page in its place",
        "module=page.wasm&fallback",
        [
            "page.wasm failed: WebAssembly.instantiate(): expected magic word 00 61 73 6d, found 3c 21 64 6f @+0; its \
             URL gives something else: open it and see",
            "page.wasm failed: wasm validation error: at offset 4: failed to match magic number; its URL gives something \
             else: open it and see",
            "page.wasm failed: WebAssembly.Module doesn't parse at byte 0: module doesn't start with '\\0asm'; its URL gives \
             something else: open it and see",
        ],
    ),
    // Of a stream that ends too soon Firefox says one thing or another, "out of memory" among them.
    (
        "a module cut short",
        "module=cut.wasm",
        ["cut.wasm failed: WebAssembly.instantiateStreaming(): ", "cut.wasm failed: ", "cut.wasm failed: "],
    ),
    (
        "another Go's wasm_exec.js",
        "module=imports.wasm",
        [
            "imports.wasm failed: WebAssembly.instantiate(): Import #0 \"gojs\" \"runtime.unheardOf\": function \
             import requires a callable; wasm_exec.js must be of the Go release that built it",
            "imports.wasm failed: import object field 'runtime.unheardOf' is not a Function; wasm_exec.js must be of the Go \
             release that built it",
            "imports.wasm failed: import function gojs:runtime.unheardOf must be callable; wasm_exec.js must be of the Go \
             release that built it",
        ],
    ),
    ("no module of Go's", "module=other.wasm", ["no Go program yet: other.wasm was not built by Go"; 3]),
    (
        "another MIME type",
        "module=plain/ends.wasm&fallback&mode=return",
        ["ends.wasm came as text/plain, so streaming failed and a copy was compiled: serve it as application/wasm";
            3],
    ),
    (
        "another MIME type, without a copy",
        "module=plain/ends.wasm",
        [
            "ends.wasm failed: Failed to execute 'compile' on 'WebAssembly': Incorrect response MIME type. Expected \
             'application/wasm'; serve it as application/wasm",
            "ends.wasm failed: WebAssembly: Response has unsupported MIME type 'text/plain' expected 'application/wasm'; \
             serve it as application/wasm",
            "ends.wasm failed: Unexpected response MIME type. Expected 'application/wasm'; serve it as application/wasm",
        ],
    ),
];

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let module = |(name, query, words): (&'static str, &'static str, [&'static str; 3])| {
        scene.trial(&format!("errors: {name}"), async move |tab| {
            is_said(tab, query, words[tab.browser.engine() as usize]).await
        })
    };
    let end = |mode: &'static str, code: i32| {
        scene
            .trial(&format!("errors: {mode}, code {code}"), async move |tab| has_ended(tab, mode, code).await)
    };
    let ends = [end("return", 0), end("exit", 3), end("panic", 2)];
    let others = [
        scene.trial("errors: no WebAssembly at all", no_module),
        scene.trial("errors: the viewer opened by hand", alone),
    ];
    MODULES.into_iter().map(module).chain(ends).chain(others).collect()
}

/// Imports a function that no wasm_exec.js has.
const IMPORTS: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x1a\x01\x04gojs\x11runtime.unheardOf\0\0";

fn site(engine: Engine) -> Result<Site> {
    let of_type = |kind: &str| Rule { content_type: Some(kind.into()), ..Rule::default() };
    let page = "<!doctype html><title>Not here</title>";
    Ok(fixture_site()
        .mount("/plain/", programs::folder())
        .rule("/plain/*", of_type("text/plain"))
        .page("/page.wasm", page)
        .rule("/page.wasm", of_type("text/html"))
        .page("/missing.wasm", page)
        .rule("/missing.wasm", Rule { status: Some(404), ..of_type("text/html") })
        .page("/imports.wasm", IMPORTS)
        .page("/other.wasm", &IMPORTS[..8])
        .page("/cut.wasm", programs::cut(engine)?))
}

async fn is_said(tab: &Tab, query: &str, words: &str) -> Result<()> {
    tab.browser.view(1280, 1400, Scheme::Light).await?;
    let server = tab.serve(site(tab.browser.engine())?, &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url(&format!("/load.html?{query}"))).await?;
    tab.until("globalThis.finished").await?;
    let report = tab.eval("gopherscope.report()").await?;
    let report = report.as_str().context("no report")?;
    // Of a copy that runs nothing is said to have failed.
    ensure!(!query.contains("mode=") || !report.contains("failed: "), "{report}");
    let line = report.lines().find(|line| line.trim_start().starts_with(words));
    let line = line.with_context(|| format!("no line with {words:?} in:\n{report}"))?.trim();
    viewer::enter(tab).await?;
    // Of a program that runs, the start-up view tells what is wrong with loading.
    let said = "(document.getElementById('tab-startup')?.click(),
        ['.headline', '.wrong'].map((it) => document.querySelector(it)?.innerText ?? '').join('\\n').replaceAll('\\u00a0', ' '))";
    let plain = Value::from(line);
    tab.until(&format!("{said}.includes({plain})")).await?;
    let said = tab.eval(said).await?;
    let said = said.as_str().context("no headline")?;
    ensure!(said.matches(line).count() == 1, "{line:?} is to be said once in the view: {said}");
    Ok(())
}

async fn has_ended(tab: &Tab, mode: &str, code: i32) -> Result<()> {
    let server = tab.serve(site(tab.browser.engine())?, &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url(&format!("/load.html?module=go/ends.wasm&mode={mode}"))).await?;
    tab.until("globalThis.finished").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    assert_eq!(session.instances[0].exit_code, Some(code));
    let report = tab.eval("gopherscope.report()").await?;
    let report = report.as_str().context("no report")?;
    let words =
        if code == 0 { "exited after ".to_owned() } else { format!("exited with code {code} after ") };
    ensure!(report.starts_with(&words), "{report}");
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]').innerText === 'exited'").await?;
    let headline = Value::from(words);
    tab.until(&format!("document.querySelector('.headline h2')?.innerText.startsWith({headline})")).await?;
    let notice = viewer::text(tab, ".notice").await?;
    let notice = notice.as_str().context("no notice")?;
    ensure!(notice.starts_with(&format!("The Go program exited with code {code}")), "{notice}");
    // What it did is still there.
    ensure!(!viewer::rows(tab, "imports").await?.is_empty(), "no imports");
    Ok(())
}

async fn no_module(tab: &Tab) -> Result<()> {
    let server = tab.serve(site(tab.browser.engine())?, &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/load.html")).await?;
    let report = tab.eval("gopherscope.report()").await?;
    let report = report.as_str().context("no report")?;
    ensure!(report.starts_with("waiting for a Go program: none has been loaded yet\n"), "{report}");
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.stage [role=status]').innerText === 'waiting'").await?;
    let notice = viewer::text(tab, ".notice").await?;
    let notice = notice.as_str().context("no notice")?;
    ensure!(notice.starts_with("No Go program seen yet.") && notice.contains("script tag"), "{notice}");
    Ok(())
}

async fn alone(tab: &Tab) -> Result<()> {
    tab.visit(&tab.profiler().url("/#/live"), "document.querySelector('.notice') && true").await?;
    tab.until("document.querySelector('.stage [role=status]').innerText === 'no page'").await?;
    let notice = viewer::text(tab, ".notice").await?;
    let notice = notice.as_str().context("no notice")?;
    ensure!(notice.starts_with("No page is connected.") && notice.contains("script tag"), "{notice}");
    Ok(())
}
