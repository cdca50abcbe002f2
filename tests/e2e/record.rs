//! `cargo xtask record`: what it prints and writes, and its exit codes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use xtask::{fresh, paths};

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::programs;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let scene = scene.needs(&[Need::Record]);
    vec![
        scene.trial("record: pages that never answer, or never run Go", silence),
        scene.trial("record: a folder, into a file", folder),
        scene.trial("record: a URL, and a program that ends", urls),
        scene.trial("record: what cannot be reached or is not understood", refused),
        scene.trial("record: a page that leaves", leaves),
    ]
}

/// What a command did.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

/// `cargo xtask record` with `words`.
async fn record(words: &[&str]) -> Result<Ended> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "xtask", "--", "record"]).args(words);
    command.current_dir(paths::root()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().context("cannot start cargo")?;
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(|| child.wait_with_output()).await??;
    Ok(Ended { code: status.code(), out: String::from_utf8(stdout)?, err: String::from_utf8(stderr)? })
}

/// A folder of its own under `target/e2e`.
fn own_folder(name: &str) -> Result<PathBuf> {
    let folder = paths::in_root("target/e2e").join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What `record` waits for in vain for half a minute, both at once.
async fn silence(tab: &Tab) -> Result<()> {
    programs::build()?;
    // `ready` is the program's first call.
    let busy = "<!doctype html><script src=\"go/wasm_exec.js\"></script><script>
        globalThis.page = {};
        globalThis.ready = () => setTimeout(() => { for (;;); }, 1000);
        const go = new Go();
        WebAssembly.instantiateStreaming(fetch('go/calls.wasm'), go.importObject).then((it) => go.run(it.instance));
    </script>";
    let site = fixture_site().page("/busy.html", busy);
    let server =
        tab.serve(site.page("/none.html", "<script>console.warn('no Go here')</script>"), "").await?;
    let (none, busy) = (server.url("/none.html"), server.url("/busy.html"));
    let (none, busy) = ([none.as_str()], [busy.as_str()]);
    let (none, busy) = tokio::join!(record(&none), record(&busy));
    let (none, busy) = (none?, busy?);
    assert_eq!(none.code, Some(3), "{}", none.err);
    for words in ["waiting for a Go program", "no Go program ran within 30 s", "no Go here"] {
        ensure!(none.err.contains(words), "no {words:?} in {}", none.err);
    }
    assert_eq!(busy.code, Some(4), "{}", busy.err);
    ensure!(busy.err.contains("left a question unanswered for 30 s"), "{}", busy.err);
    assert_eq!((none.out, busy.out), (String::new(), String::new()));
    Ok(())
}

/// A copy of a demo as a folder of its own, without the agent in its page.
fn app() -> Result<PathBuf> {
    let folder = own_folder("record-app")?;
    fresh::copy(&paths::dist().join("demos/bridge"), &folder)?;
    let page = std::fs::read_to_string(folder.join("index.html"))?;
    let page = page.replace("<script src=\"../../agent.js\"></script>", "").replace("../demo", "demo");
    std::fs::write(folder.join("index.html"), page)?;
    for file in ["demo.js", "demo.css"] {
        fresh::copy(&paths::dist().join("demos").join(file), &folder.join(file))?;
    }
    Ok(folder)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

async fn folder(_: &Tab) -> Result<()> {
    let app = app()?;
    let file = own_folder("record-out")?.join("app.gopherscope.json.gz");
    std::fs::remove_file(&file).ok();
    let words = [&text(&app), "--seconds", "3", "--export", "session", "-o", &text(&file)];
    let Ended { code, out, err } = record(&words).await?;
    assert_eq!(code, Some(0), "{err}");
    let first = out.lines().next().unwrap_or_default();
    ensure!(first.starts_with("main after "), "headline: {first}");
    for words in [
        "Start-up",
        "package init",
        "Go lines that call into JS",
        "main.(*Grid).Draw draw_sick.go:",
        "syscall/js.valueCall",
        "call getElementById",
        "Copied between Go and JS",
        "our cost",
    ] {
        ensure!(out.contains(words), "no {words:?} in:\n{out}");
    }
    let session = session::file::read(&std::fs::read(&file)?)?;
    assert_eq!(session.instances.len(), 1);
    // The file holds what the report tells.
    assert_eq!(session::report(&session, 100).trim_end(), out.trim_end());
    ensure!(err.contains(&format!("Wrote {}", file.display())), "{err}");
    // From the program's start, not from the page's.
    let recorded = session.meta.overhead.wall_ms.context("no wall time")?;
    ensure!(recorded > 3000.0, "{recorded} ms recorded");
    Ok(())
}

async fn urls(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), "").await?;
    let Ended { code, out, err } = record(&[&server.url("/calls.html"), "--seconds", "0.5"]).await?;
    assert_eq!(code, Some(0), "{err}");
    ensure!(out.starts_with("main after ") && out.contains("runtime.nanotime1"), "{out}");
    let ends = server.url("/load.html?module=go/ends.wasm&mode=exit");
    let Ended { code, out, err } = record(&[&ends, "--seconds", "0.5"]).await?;
    assert_eq!(code, Some(0), "{err}");
    ensure!(out.starts_with("exited with code 3 after "), "{out}");
    Ok(())
}

async fn refused(tab: &Tab) -> Result<()> {
    let server = tab.serve(fixture_site(), "").await?;
    let empty = text(&own_folder("record-empty")?);
    let page = server.url("/view.html?idle");
    let cases: [(&[&str], &str); 7] = [
        (&[&server.url("/missing.html")], "404"),
        (&["http://127.0.0.1:1/"], "ERR_"),
        (&[&empty], "index.html"),
        (&["no/such/folder"], "no/such/folder"),
        (&[&page, "--export", "tarot"], "tarot; there is: session"),
        (&[&page, "--seconds", "soon"], "--seconds needs a number"),
        (&[], "usage: cargo xtask"),
    ];
    for (words, told) in cases {
        let Ended { code, out, err } = record(words).await?;
        assert_eq!((code, out.as_str()), (Some(2), ""), "{words:?}: {err}");
        ensure!(err.contains(told), "{words:?}: {err}");
    }
    Ok(())
}

async fn leaves(tab: &Tab) -> Result<()> {
    programs::build()?;
    let page = std::fs::read_to_string(paths::in_root("tests/fixtures/site/calls.html"))?;
    let leave = "<script>setTimeout(() => (location.href = '/view.html?idle'), 3000)</script>";
    let server = tab.serve(fixture_site().page("/leaves.html", page + leave), "").await?;
    let Ended { code, err, .. } = record(&[&server.url("/leaves.html"), "--seconds", "60"]).await?;
    ensure!(code == Some(4) && err.contains("/view.html?idle while it was recorded"), "{code:?}: {err}");
    Ok(())
}
