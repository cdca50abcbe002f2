//! A worker whose own script loads the agent records a session of its own there.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::json;
use session::{GoLines, RealmKind};

use crate::harness::{Scene, Tab, fixture_site};
use crate::programs;

/// What `work(n)` of the program calls.
const WORK: u64 = 640;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let trial = |kind: &'static str| {
        scene.trial(&format!("worker: {kind}"), async move |tab| records(tab, kind).await)
    };
    ["classic", "module"].map(trial).into()
}

async fn records(tab: &Tab, kind: &str) -> Result<()> {
    programs::build()?;
    let agent = std::fs::read(crate::harness::dist().join("agent.js"))?;
    let server = tab.serve(fixture_site().page("/agent.js", agent), "").await?;
    tab.visit(&server.localhost_url(&format!("/worker.html?kind={kind}")), "globalThis.isReady").await?;
    let calls = tab.eval(&format!("ask(['work', {WORK}])")).await?;
    assert_eq!(calls, WORK + WORK / 4 + WORK / 64, "the program works");
    assert_eq!(tab.eval("ask(['ui'])").await?, json!(["undefined", 0, "recording"]));
    let session = tab.eval("ask(['session'])").await?;
    let session = session::file::read(session.as_str().context("no session")?.as_bytes())?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let [realm] = session.realms.as_slice() else { anyhow::bail!("realms: {:?}", session.realms) };
    assert_eq!(realm.kind, RealmKind::Worker);
    assert_eq!(realm.url, server.localhost_url(&format!("/{kind}-worker.js")));
    let [instance] = session.instances.as_slice() else { anyhow::bail!("{:?}", session.instances) };
    assert_eq!(instance.realm, realm.id);
    for (name, calls) in [("short", WORK), ("middle", WORK / 4), ("long", WORK / 64)] {
        let found = instance.members.iter().find(|it| it.name == name && it.import == "syscall/js.valueCall");
        assert_eq!(found.map(|it| it.calls), Some(calls), "{name}");
    }
    let lines = GoLines::of(&session, None);
    let named = |func: &str| lines.rows.iter().any(|row| row.place.func() == func);
    ensure!(named("main.work") && named("main.main"), "{:?}", lines.rows);
    let report = tab.eval("ask(['report'])").await?;
    ensure!(report.as_str().context("no report")?.contains("main.work main.go:"), "{report}");
    // Neither in the worker nor in the page is there anything to show: nothing was asked of the site but the script.
    assert_eq!(tab.eval("document.documentElement.children.length").await?, 2, "head and body only");
    assert_eq!(tab.eval("typeof gopherscope").await?, "undefined", "the page itself has no agent");
    Ok(())
}
