//! Calls and bytes per import, calls per member: against an oracle that counts below the agent, at the same moment.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use session::{Cause, Instance, Session};
use xtask::paths;
use xtask::server::Site;

use crate::harness::{Scene, Tab, dist, fixture_site};
use crate::programs;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let demo = |page: &'static str, module: &'static str, works: &'static str| {
        let name = format!("counts: demo {page}");
        scene.trial(&name, async move |tab| a_demo(tab, page, module, works).await)
    };
    let moved = "document.getElementById('rate').textContent !== '–'";
    let sorted = "document.getElementById('log').rows.length > 2";
    vec![
        demo("bridge/?variant=sick", "bridge/sick", "oracle.read().calls['syscall/js.valueSet'] > 20000"),
        demo(
            "bridge/?variant=healthy",
            "bridge/healthy",
            "oracle.read().calls['syscall/js.copyBytesToJS'] > 20",
        ),
        demo("copy/?variant=sick", "copy/sick", moved),
        demo("copy/?variant=healthy", "copy/healthy", moved),
        demo("startup/?variant=sick", "startup/sick", sorted),
        demo("startup/?variant=healthy", "startup/healthy", sorted),
        demo(
            "esbuild/",
            "esbuild/npm/esbuild-wasm/esbuild",
            "document.getElementById('files').textContent === '24'",
        ),
        scene.trial("counts: copies and names", copies_and_names),
        scene.trial("counts: in the namespace that Go used before 1.21", older_namespace),
        scene.trial("counts: wasmimport", wasmimport),
        scene.trial("counts: two modules at once", two_modules),
    ]
}

/// What the oracle saw.
struct Oracle(Value);

impl Oracle {
    fn table(&self, name: &str) -> BTreeMap<String, u64> {
        let rows = self.0[name].as_object().into_iter().flatten();
        rows.map(|(key, value)| (key.clone(), value.as_u64().unwrap_or(u64::MAX))).collect()
    }

    fn members(&self) -> BTreeMap<(String, String), u64> {
        let rows = self.0["members"].as_object().into_iter().flatten();
        rows.map(|(key, row)| {
            (serde_json::from_str(key).unwrap_or_default(), row["calls"].as_u64().unwrap_or(u64::MAX))
        })
        .collect()
    }
}

/// Both sides at one moment.
async fn compare(tab: &Tab, module: &Path) -> Result<(Oracle, Session)> {
    let (lo, hi) = programs::rodata(&std::fs::read(module)?)?;
    let both = tab.eval(&format!("oracle.compare({lo}, {hi})")).await?;
    let session = both["session"].as_str().context("no session")?.as_bytes();
    Ok((Oracle(both["oracle"].clone()), session::file::read(session)?))
}

fn check(oracle: &Oracle, session: &Session) -> Result<()> {
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    ensure!(session.instances.len() == 1, "{} instances", session.instances.len());
    let instance = &session.instances[0];
    let calls: BTreeMap<_, _> = instance.imports.iter().map(|it| (it.name.clone(), it.calls)).collect();
    let mut expected = oracle.table("calls");
    // Imports of the glue that this module does not have.
    expected.retain(|name, calls| *calls > 0 || instance.imports.iter().any(|it| it.name == *name));
    assert_eq!(calls, expected, "calls per import");
    let bytes: BTreeMap<_, _> =
        instance.imports.iter().filter_map(|it| Some((it.name.clone(), it.bytes?))).collect();
    let mut expected = oracle.table("bytes");
    expected.retain(|name, _| calls.contains_key(name));
    assert_eq!(bytes, expected, "bytes per import");
    let members: BTreeMap<_, _> =
        instance.members.iter().map(|it| ((it.import.clone(), it.name.clone()), it.calls)).collect();
    assert_eq!(members, oracle.members(), "calls per member");
    check_series(oracle, instance)
}

/// The buckets hold what the totals hold.
fn check_series(oracle: &Oracle, instance: &Instance) -> Result<()> {
    let series = &instance.series;
    for (import, buckets) in instance.imports.iter().zip(&series.calls) {
        assert_eq!(buckets.iter().sum::<f64>() as u64, import.calls, "{} over time", import.name);
    }
    let bytes = oracle.table("bytes");
    let sum = |names: [&str; 2]| names.iter().filter_map(|it| bytes.get(*it)).sum::<u64>();
    let [to_go, to_js] = [&series.bytes_to_go, &series.bytes_to_js].map(|it| it.iter().sum::<f64>() as u64);
    assert_eq!(
        to_go,
        sum(["syscall/js.copyBytesToGo", "syscall/js.valueLoadString"]),
        "bytes to Go over time"
    );
    assert_eq!(to_js, sum(["syscall/js.copyBytesToJS", "syscall/js.stringVal"]), "bytes to JS over time");
    let memory = series.memory_bytes.last().copied();
    assert_eq!(memory, oracle.0["memory"].as_f64(), "linear memory is mem.buffer.byteLength");
    ensure!(series.t.is_sorted(), "buckets out of order");
    let in_slices: u64 = instance.slices.iter().map(|slice| u64::from(slice.calls)).sum();
    assert_eq!(in_slices, oracle.table("calls").values().sum::<u64>(), "calls by stay in Go");
    Ok(())
}

async fn a_demo(tab: &Tab, page: &str, module: &str, works: &str) -> Result<()> {
    let tag = format!("{}<script src=\"/oracle.js\"></script>", tab.tag("data-ui=\"none\""));
    let oracle = std::fs::read(paths::in_root("tests/fixtures/site/oracle.js"))?;
    let site = Site::default().mount("/demos/", dist().join("demos")).page("/oracle.js", oracle);
    let server = tab.serve(site.replace("<script src=\"../../agent.js\"></script>", &tag), "").await?;
    tab.visit(&server.localhost_url(&format!("/demos/{page}")), works).await?;
    let module = dist().join(format!("demos/{module}.wasm"));
    for _ in 0..2 {
        let (oracle, session) = compare(tab, &module).await?;
        check(&oracle, &session)?;
    }
    Ok(())
}

async fn copies_and_names(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    tab.eval("(copies(300), names(1000), work(20))").await?;
    let (oracle, session) = compare(tab, &programs::folder().join("calls.wasm")).await?;
    check(&oracle, &session)?;
    let members = &session.instances[0].members;
    let calls = |import: &str, name: &str| {
        let found =
            members.iter().find(|it| it.import == format!("syscall/js.value{import}") && it.name == name);
        found.map(|it| it.calls)
    };
    // Parts of one constant are names of their own; those that the program makes are one row.
    for name in ["one", "two", "one two"] {
        assert_eq!(calls("Get", name), Some(1000), "{name}");
    }
    assert_eq!(calls("Set", "constant"), Some(1000));
    assert_eq!(calls("Set", "(dynamic)"), Some(1000));
    assert_eq!(calls("Delete", "(dynamic)"), Some(1000));
    // In the middle of a crossing, too.
    let (lo, hi) = programs::rodata(&std::fs::read(programs::folder().join("calls.wasm"))?)?;
    tab.eval(&format!("(page.short = () => {{ globalThis.both ??= oracle.compare({lo}, {hi}) }}, work(1))"))
        .await?;
    let both = tab.eval("both").await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    let calls: BTreeMap<_, _> =
        session.instances[0].imports.iter().map(|it| (it.name.clone(), it.calls)).collect();
    let mut expected = Oracle(both["oracle"].clone()).table("calls");
    expected.retain(|name, _| calls.contains_key(name));
    assert_eq!(calls, expected, "calls per import, asked from inside one");
    Ok(())
}

async fn older_namespace(tab: &Tab) -> Result<()> {
    programs::build()?;
    let module = std::fs::read(programs::folder().join("calls.wasm"))?;
    let glue = std::fs::read_to_string(programs::folder().join("wasm_exec.js"))?;
    ensure!(glue.contains("gojs: {"), "the glue names it otherwise");
    let site = fixture_site()
        .page("/go/calls.wasm", renamed(&module)?)
        .page("/go/wasm_exec.js", glue.replace("gojs: {", "go: {"));
    let server = tab.serve(site, &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    tab.eval("(copies(300), names(1000), work(20))").await?;
    let (oracle, session) = compare(tab, &programs::folder().join("calls.wasm")).await?;
    check(&oracle, &session)?;
    let lines = session::GoLines::of(&session, None);
    ensure!(lines.rows.iter().any(|row| row.place.func() == "main.work"), "{:?}", lines.rows);
    Ok(())
}

/// The module with its imports in the namespace `go`: two letters less each, the section otherwise as it is.
fn renamed(wasm: &[u8]) -> Result<Vec<u8>> {
    let (mut at, mut out) = (8, wasm[..8].to_vec());
    while let Some(&id) = wasm.get(at) {
        let (len, body) = number(wasm, at + 1)?;
        let section = wasm.get(body..body + len).context("cut off")?;
        out.push(id);
        at = body + len;
        let named = match id {
            2 => {
                let mut bytes = Vec::new();
                let mut rest = section;
                while let Some(found) = rest.windows(5).position(|it| it == b"\x04gojs") {
                    bytes.extend_from_slice(&rest[..found]);
                    bytes.extend_from_slice(b"\x02go");
                    rest = &rest[found + 5..];
                }
                ensure!(!bytes.is_empty(), "no import of gojs");
                bytes.extend_from_slice(rest);
                bytes
            }
            _ => section.to_vec(),
        };
        let mut len = named.len();
        while len > 127 {
            out.push((len & 127) as u8 | 128);
            len >>= 7;
        }
        out.push(len as u8);
        out.extend(named);
    }
    Ok(out)
}

/// A LEB128 number at `at`, and where it ends.
fn number(wasm: &[u8], mut at: usize) -> Result<(usize, usize)> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *wasm.get(at).context("cut off")?;
        value |= usize::from(byte & 127) << shift;
        (at, shift) = (at + 1, shift + 7);
        if byte < 128 {
            return Ok((value, at));
        }
    }
}

async fn wasmimport(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/wasmimport.html"), "globalThis.said").await?;
    assert_eq!(tab.eval("said").await?, serde_json::json!([true, 4711]), "values pass unharmed");
    assert_eq!(tab.eval("program.exports.double(21)").await?, 42);
    assert_eq!(tab.eval("inTable()").await?, serde_json::json!([true, true, null, 42]));
    let (oracle, session) = compare(tab, &programs::folder().join("wasmimport.wasm")).await?;
    check(&oracle, &session)?;
    let instance = &session.instances[0];
    for (name, calls) in [("host.add", 302), ("host.wide", 100), ("host.named", 3), ("another/host.at", 1)] {
        let found = instance.imports.iter().find(|it| it.name == name);
        assert_eq!(found.map(|it| it.calls), Some(calls), "{name}");
    }
    let added = instance.samples.iter().find(|it| instance.imports[it.import as usize].name == "host.add");
    let stack = added.and_then(|it| it.stack).context("no stack of host.add")?;
    let names: Vec<_> = session.frames_of(stack).map(|frame| frame.func.as_str()).collect();
    ensure!(names.contains(&"main.main"), "{names:?}");

    // A module that knows only the table calls Go behind our back: its crossings count, its stay does not.
    assert_eq!(tab.eval("throughTable(4)").await?, 8);
    let session = tab.session("gopherscope.snapshot()").await?;
    let instance = &session.instances[0];
    let added = instance.imports.iter().find(|it| it.name == "host.add").map(|it| it.calls);
    let stays = instance.slices.iter().filter(|it| it.cause == Cause::Export).count();
    assert_eq!((added, stays), (Some(303), 2));
    Ok(())
}

/// Two programs of two modules in one realm, both watched from their start: what either does is its own.
async fn two_modules(tab: &Tab) -> Result<()> {
    programs::build()?;
    let page = std::fs::read_to_string(paths::in_root("tests/fixtures/site/calls.html"))?;
    let both = "for (const name of ['calls', 'phases']) {
        const go = new Go();
        WebAssembly.instantiateStreaming(fetch(`go/${name}.wasm`), go.importObject).then(({ instance }) => go.run(instance));
      }";
    let start = page.find("  const go = new Go();").context("the page starts no program")?;
    let page =
        format!("{}{both}</script>", &page[..start]).replace("<script src=\"oracle.js\"></script>", "");
    let server = tab.serve(fixture_site().page("/calls.html", page), &tab.tag("data-ui=\"none\"")).await?;
    let ready = "globalThis.isReady && performance.getEntriesByName('go:main').length";
    tab.visit(&server.localhost_url("/calls.html"), ready).await?;
    tab.eval("names(7)").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let told = session.instances.iter().map(|instance| {
        let module = session.modules.iter().find(|it| it.id == instance.module);
        let url = module.map(|it| it.url.as_str()).unwrap_or_default();
        let deleted = instance.imports.iter().find(|it| it.name == "syscall/js.valueDelete");
        let marked = instance.members.iter().find(|it| it.name == "mark");
        let main = instance.phases.iter().any(|it| it.name == session::PhaseName::Main);
        let name = url.rsplit('/').next().unwrap_or_default().to_owned();
        (name, deleted.map_or(0, |it| it.calls), marked.map_or(0, |it| it.calls), main)
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    let expected = [("calls.wasm", 7, 0, true), ("phases.wasm", 0, 3, true)];
    assert_eq!(told, expected.map(|(name, deleted, marked, main)| (name.to_owned(), deleted, marked, main)));
    Ok(())
}
