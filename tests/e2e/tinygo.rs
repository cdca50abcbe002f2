//! Published programs of TinyGo, one for each generation of its glue: calls, members, bytes and memory against a counter
//! below the agent; and a program of Go 1.18, whose glue's namespace is `go`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use gowasm::Module;
use libtest_mimic::Trial;
use serde_json::Value;
use session::{Compiler, PhaseName, Session, Stackless, stackless};
use xtask::server::Site;
use xtask::tools::npm::Npm;

use crate::harness::{Scene, Tab, fixture_site};

/// A program, its module, its version as it tells it, and what it makes of the page's input.
struct Target {
    name: &'static str,
    module: &'static str,
    version: Option<&'static str>,
    made: &'static str,
}

const TARGETS: [Target; 5] = [
    Target { name: "tinygo-0.22", module: "astro.wasm", version: None, made: "title" },
    Target { name: "tinygo-0.25", module: "main.wasm", version: None, made: "echo hello" },
    Target { name: "tinygo-0.31", module: "gofmt.wasm", version: Some("0.31.2"), made: "func f() {}" },
    Target { name: "tinygo-0.40", module: "gofmt.wasm", version: Some("0.40.1"), made: "func f() {}" },
    Target { name: "tinygo-0.42", module: "main.wasm", version: Some("0.42.0"), made: "echo hello" },
];

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let mut trials: Vec<Trial> = TARGETS
        .into_iter()
        .map(|target| {
            let name = format!("{}: counts as what is below", target.name);
            scene.trial(&name, async move |tab| counts(tab, &target).await)
        })
        .collect();
    trials.push(scene.trial("go 1.18: counts as what is below", old_go));
    trials
}

/// The packages, installed once.
fn targets() -> Result<&'static Npm> {
    static INSTALLED: OnceLock<Result<Npm, String>> = OnceLock::new();
    let installed = INSTALLED.get_or_init(|| Npm::targets().map_err(|error| format!("{error:#}")));
    installed.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
}

fn site(npm: &Npm) -> Site {
    fixture_site().mount("/targets/", npm.path(""))
}

/// Runs the program and lets it work; returns what both sides counted at one moment.
async fn run(tab: &Tab, npm: &Npm, name: &str, made: &str) -> Result<(Value, Session)> {
    let server = tab.serve(site(npm), &tab.tag("data-ui=none")).await?;
    tab.visit(&server.localhost_url(&format!("/target.html?of={name}")), "globalThis.isReady").await?;
    for _ in 0..3 {
        let result = tab.eval("work()").await?;
        ensure!(result.to_string().contains(made), "the program made {result}");
    }
    let both = tab.eval("below.compare()").await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    Ok((both["below"].clone(), session))
}

fn table(of: &Value) -> BTreeMap<String, u64> {
    let rows = of.as_object().into_iter().flatten();
    rows.map(|(key, value)| (key.clone(), value.as_u64().unwrap_or(u64::MAX))).collect()
}

async fn counts(tab: &Tab, target: &Target) -> Result<()> {
    let npm = targets()?;
    let (below, session) = run(tab, npm, target.name, target.made).await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let module = session.modules.last().context("no module")?;
    assert_eq!(module.compiler, Compiler::Tinygo);
    assert_eq!(module.compiler_version.as_deref(), target.version);
    // Some of them are instantiated for each piece of work.
    let programs = &session.instances;
    ensure!(!programs.is_empty(), "no program");
    let mut calls = BTreeMap::new();
    let mut bytes = BTreeMap::new();
    let mut members = BTreeMap::new();
    for program in programs {
        for it in &program.imports {
            *calls.entry(it.name.clone()).or_insert(0) += it.calls;
            if let Some(copied) = it.bytes {
                *bytes.entry(it.name.clone()).or_insert(0) += copied;
            }
        }
        for it in &program.members {
            *members.entry((it.import.clone(), it.name.clone())).or_insert(0) += it.calls;
        }
        let phase = |name| program.phases.iter().find(move |phase| phase.name == name);
        let run = phase(PhaseName::Run).context("it has not run")?;
        let linked = phase(PhaseName::Instantiate).context("not instantiated")?;
        ensure!(linked.end.is_some_and(|end| end <= run.start), "{:?}", program.phases);
        ensure!(phase(PhaseName::Main).is_none() && phase(PhaseName::RuntimeInit).is_none(), "unknown");
        ensure!(!program.slices.is_empty(), "no stay in Go");
        ensure!(program.samples.iter().all(|it| it.stack.is_none()), "TinyGo's stacks are not told");
        ensure!(program.series.goroutines.iter().all(|it| it.is_nan()), "nor its goroutines");
    }
    calls.retain(|_, calls| *calls > 0);
    bytes.retain(|_, bytes| *bytes > 0);
    assert_eq!(calls, table(&below["calls"]), "calls per import");
    let mut expected = table(&below["bytes"]);
    expected.retain(|_, bytes| *bytes > 0);
    assert_eq!(bytes, expected, "bytes per import");
    assert_eq!(members, named(&below, &std::fs::read(npm.path(target.name).join(target.module))?)?);
    let memory = programs.last().and_then(|it| it.series.memory_bytes.last()).copied();
    assert_eq!(memory.map(|bytes| bytes as u64), below["memory"].as_u64());
    for program in programs {
        let mut last = None;
        for grow in &program.grows {
            ensure!(
                grow.from_bytes < grow.to_bytes && last.is_none_or(|last| last == grow.from_bytes),
                "{grow:?}"
            );
            last = Some(grow.to_bytes);
        }
    }
    let report = tab.eval("gopherscope.report()").await?;
    let why = stackless(&session).context("it has stacks")?.text();
    ensure!(report.as_str().is_some_and(|it| it.contains(&why)), "{report}");
    Ok(())
}

/// Calls per member: names that stand in the module's data where Go says they do, all others together.
fn named(below: &Value, wasm: &[u8]) -> Result<BTreeMap<(String, String), u64>> {
    let module = Module::parse(wasm)?;
    let mut sums = BTreeMap::new();
    for row in below["members"].as_array().context("no members")? {
        let text = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
        let (name, at) = (text(1), row[2].as_u64().unwrap_or(u64::MAX));
        let constant = module.image.slice(at, name.len() as u64).is_ok_and(|bytes| bytes == name.as_bytes());
        let name = if constant { name } else { "(dynamic)".into() };
        *sums.entry((text(0), name)).or_insert(0) += row[3].as_u64().unwrap_or(u64::MAX);
    }
    Ok(sums)
}

async fn old_go(tab: &Tab) -> Result<()> {
    let (below, session) = run(tab, targets()?, "go-1.18", "Stmt").await?;
    ensure!(session.meta.errors.iter().all(|it| it.at == "tables"), "faults: {:?}", session.meta.errors);
    let module = session.modules.last().context("no module")?;
    assert_eq!((module.compiler, module.go_version.as_deref()), (Compiler::Go, Some("go1.18")));
    assert_eq!(session.instances.len(), 3, "one for each piece of work");
    ensure!(session.instances.iter().all(|it| it.exit_code == Some(0)), "all have ended");
    let sum = |rows: &mut dyn Iterator<Item = (String, u64)>| {
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        rows.for_each(|(name, n)| *sums.entry(name).or_insert(0) += n);
        sums.retain(|_, n| *n > 0);
        sums
    };
    let imports = || session.instances.iter().flat_map(|it| &it.imports);
    assert_eq!(sum(&mut imports().map(|it| (it.name.clone(), it.calls))), table(&below["calls"]));
    let bytes = sum(&mut imports().filter_map(|it| Some((it.name.clone(), it.bytes?))));
    assert_eq!(bytes, sum(&mut table(&below["bytes"]).into_iter()));
    // Its tables are none that we read: that is said.
    let why = Stackless::TooOld("go1.18".into());
    assert_eq!(stackless(&session), Some(why.clone()));
    let report = tab.eval("gopherscope.report()").await?;
    ensure!(report.as_str().is_some_and(|it| it.contains(&why.text())), "{report}");
    Ok(())
}
