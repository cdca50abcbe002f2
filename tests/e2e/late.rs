//! Attaching to programs that run already: what is counted from then on, against what counts below the agent; that
//! attaching itself runs no Go, and that nothing of it stays.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{Attach, GoLines, Instance, Session, go_line};
use xtask::build::demos::{self, PROGRAMS, VARIANTS};
use xtask::paths;
use xtask::server::{Server, Site};
use xtask::tools::go::TESTED;

use crate::growth;
use crate::harness::{Scene, Tab, dist, fixture_site};
use crate::programs;

/// Imports that leave no trace where they cross; `wasmExit` ends what is counted.
const UNSEEN: [&str; 3] = ["syscall/js.finalizeRef", "syscall/js.valueInstanceOf", "runtime.wasmExit"];

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let pages = PROGRAMS.into_iter().flat_map(|page| VARIANTS.map(|variant| (page, variant)));
    let demos = pages.map(|(page, variant)| {
        let name = format!("late: demo {page}, {variant}");
        scene.trial(&name, async move |tab| demo(tab, page, variant).await)
    });
    let versions = TESTED.map(|version| {
        scene.trial(&format!("late: Go {version}"), async move |tab| as_the_page_sees(tab, version).await)
    });
    let mut all = vec![
        scene.trial("late: counts of an idle program", idle),
        scene.trial("late: esbuild", esbuild),
        scene.trial("late: no name leads to it", nameless),
        scene.trial("late: programs in frames", in_frames),
        scene.trial("late: uninstall", uninstall),
        scene.trial("late: early beside it", both),
    ];
    all.extend(demos);
    all.extend(versions);
    all
}

/// Runs the agent in a page that has loaded, and waits until it has found a program.
async fn attach(tab: &Tab) -> Result<()> {
    install(tab).await?;
    tab.until("gopherscope.programs === 1").await
}

/// How long a program that is idle crosses no more, and how often that is waited for.
const QUIET: Duration = Duration::from_millis(1500);
const QUIET_TRIES: u32 = 12;
/// How often a program works until a sample of each of its lines is asked for in vain.
const TURNS: u32 = 50;

async fn install(tab: &Tab) -> Result<()> {
    let src = tab.profiler().url("/agent.js");
    let add = format!(
        "(() => {{ const it = document.createElement('script'); it.src = {src:?}; it.dataset.ui = 'none'; document.head.append(it); }})()"
    );
    tab.eval(&add).await?;
    tab.until("globalThis.gopherscope").await
}

/// Calls per import by the oracle.
fn calls(oracle: &Value) -> BTreeMap<String, u64> {
    let rows = oracle["calls"].as_object().into_iter().flatten();
    rows.map(|(name, calls)| (name.clone(), calls.as_u64().unwrap_or(u64::MAX))).collect()
}

fn since(before: &Value, after: &Value, table: &str) -> BTreeMap<String, u64> {
    let at = |of: &Value, name: &str| match &of[table][name] {
        Value::Object(row) => row["calls"].as_u64(),
        n => n.as_u64(),
    };
    let rows = after[table].as_object().into_iter().flatten();
    rows.map(|(name, _)| (name.clone(), at(after, name).unwrap_or(0) - at(before, name).unwrap_or(0)))
        .collect()
}

/// The session counts what the oracle has counted since `before`.
fn check(before: &Value, after: &Value, session: &Session) -> Result<()> {
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    assert_eq!(session.meta.attach, Attach::Late);
    let [instance] = session.instances.as_slice() else {
        anyhow::bail!("{} programs", session.instances.len())
    };
    assert_eq!(instance.attach, Attach::Late);
    let nonzero = |rows: BTreeMap<String, u64>| -> BTreeMap<_, _> {
        rows.into_iter().filter(|(name, n)| *n > 0 && !UNSEEN.contains(&name.as_str())).collect()
    };
    let ours = |of: &dyn Fn(&session::Import) -> u64| {
        nonzero(instance.imports.iter().map(|it| (it.name.clone(), of(it))).collect())
    };
    assert_eq!(ours(&|it| it.calls), nonzero(since(before, after, "calls")), "calls per import");
    assert_eq!(ours(&|it| it.bytes.unwrap_or(0)), nonzero(since(before, after, "bytes")), "bytes per import");
    for name in UNSEEN {
        ensure!(instance.imports.iter().all(|it| it.name != name), "{name} cannot be known");
    }
    let members = instance.members.iter().filter(|it| it.calls > 0);
    let members: BTreeMap<_, _> = members
        .map(|it| (serde_json::to_string(&[&it.import, &it.name]).unwrap_or_default(), it.calls))
        .collect();
    let mut expected = since(before, after, "members");
    expected.retain(|_, calls| *calls > 0);
    assert_eq!(members, expected, "calls per member");
    phases_and_times(instance)
}

fn phases_and_times(instance: &Instance) -> Result<()> {
    for import in &instance.imports {
        let timeable = import.name != "syscall/js.stringVal" && import.name != "runtime.resetMemoryDataView";
        ensure!(timeable || import.time_ms.is_none(), "{import:?}");
        ensure!(import.time_ms.is_none_or(|ms| ms.is_finite()), "{import:?}");
    }
    let known = [session::PhaseName::Fetch, session::PhaseName::Download];
    ensure!(instance.phases.iter().all(|it| known.contains(&it.name)), "{:?}", instance.phases);
    ensure!(instance.gc.is_empty() && instance.inits.is_empty(), "the runtime was not asked");
    Ok(())
}

async fn compare(tab: &Tab, (lo, hi): (u64, u64)) -> Result<(Value, Session)> {
    let both = tab.eval(&format!("oracle.compare({lo}, {hi})")).await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    Ok((both["oracle"].clone(), session))
}

/// Demos with the oracle in the agent's place.
async fn demo_site(tab: &Tab) -> Result<Server> {
    let oracle = std::fs::read(paths::in_root("tests/fixtures/site/oracle.js"))?;
    let site = Site::default().mount("/demos/", dist().join("demos")).page("/oracle.js", oracle);
    let tag = "<script src=\"/oracle.js\"></script>";
    tab.serve(site.replace("<script src=\"../../agent.js\"></script>", tag), "").await
}

async fn demo(tab: &Tab, page: &str, variant: &str) -> Result<()> {
    let server = demo_site(tab).await?;
    let works = "oracle.read().calls['syscall/js.valueGet'] > 0 && document.readyState === 'complete'";
    tab.visit(&server.localhost_url(&format!("/demos/{page}/?variant={variant}")), works).await?;
    attach(tab).await?;
    let module = dist().join(format!("demos/{page}/{}", demos::module(page, variant)));
    let rodata = programs::rodata(&std::fs::read(module)?)?;
    let (lo, hi) = rodata;
    // From one moment on.
    tab.eval(&format!("(gopherscope.clear(), globalThis.atClear = oracle.read({lo}, {hi}), 0)")).await?;
    if page == "crash" {
        tab.eval("document.getElementById('count').click()").await?;
    }
    let ended = (page == "crash" && variant == "sick").then_some(2);
    for turn in 1.. {
        tokio::time::sleep(Duration::from_secs(if turn == 1 { 3 } else { 1 })).await;
        let (after, session) = compare(tab, rodata).await?;
        assert_eq!(session.instances.first().and_then(|it| it.exit_code), ended, "the exit");
        check(&tab.eval("atClear").await?, &after, &session)?;
        let crossed: u64 = session.instances[0].imports.iter().map(|it| it.calls).sum();
        // Which Go line that was.
        let lines = GoLines::of(&session, None);
        let own = lines.rows.iter().filter(|row| row.place.func().starts_with("main.")).count();
        if crossed > 10 && own > 0 {
            break;
        }
        ensure!(turn < TURNS, "{page} has crossed {crossed} times, from {own} Go lines of its own");
    }
    Ok(())
}

/// A program that waits: attaching runs none of it, and all that it does afterwards is counted.
async fn idle(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), "").await?;
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    let module = programs::folder().join("calls.wasm");
    let rodata = programs::rodata(&std::fs::read(&module)?)?;
    let (lo, hi) = rodata;
    // Below us: every way into Go.
    tab.eval(
        "(() => {
          globalThis.entered = 0;
          const { resume } = Go.prototype;
          const exports = go._inst.exports;
          const inner = Go.prototype._resume;
          Go.prototype._resume = function () { entered++; return inner.call(this); };
          globalThis.found = { mem: go.mem, inst: go._inst, real: exports };
        })()",
    )
    .await?;
    let before = tab.eval(&format!("oracle.read({lo}, {hi})")).await?;
    attach(tab).await?;
    assert_eq!(tab.eval("[entered, go._pendingEvent, go.mem === found.mem]").await?, json!([0, null, true]));
    let (after, session) = compare(tab, rodata).await?;
    assert_eq!(calls(&before), calls(&after), "attaching runs no Go");
    assert_eq!(session.instances[0].series.goroutines.last().map(|n| *n > 0.0), Some(true), "goroutines");
    assert_eq!(session.modules[0].go_version.as_deref().map(|it| it.starts_with("go1.")), Some(true));
    ensure!(session.modules[0].url.ends_with("/go/calls.wasm"), "{:?}", session.modules[0].url);
    // Stacks and times are samples: what is not yet among them is so after some more.
    for turn in 1.. {
        tab.eval("(copies(300), names(1000), work(20))").await?;
        let (after, session) = compare(tab, rodata).await?;
        check(&before, &after, &session)?;
        let missing = unsampled(&session);
        if missing.is_empty() {
            break;
        }
        ensure!(turn < TURNS, "of {missing:?} nothing in {turn} turns");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(tab.eval("gopherscope.attach").await?, "late");
    Ok(())
}

/// Functions of the idle program of which there is no stack yet, and an import without a time.
fn unsampled(session: &Session) -> Vec<&'static str> {
    let instance = &session.instances[0];
    let seen: BTreeSet<_> =
        instance.samples.iter().filter_map(|it| Some(go_line(session, it.stack?)?.func.clone())).collect();
    let mut missing = vec!["main.copies", "main.names", "main.work"];
    missing.retain(|func| !seen.contains(*func));
    let calls = instance.imports.iter().find(|it| it.name == "syscall/js.valueCall");
    if calls.and_then(|it| it.time_ms).is_none_or(|ms| ms <= 0.0) {
        missing.push("syscall/js.valueCall");
    }
    missing
}

/// The largest program there is, whose glue no global leads to: it is found when it next runs.
async fn esbuild(tab: &Tab) -> Result<()> {
    let server = demo_site(tab).await?;
    tab.visit(
        &server.localhost_url("/demos/esbuild/"),
        "document.getElementById('files').textContent === '24'",
    )
    .await?;
    let module = dist().join("demos/esbuild/npm/esbuild-wasm/esbuild.wasm");
    let rodata = programs::rodata(&std::fs::read(&module)?)?;
    let (lo, hi) = rodata;
    let read = format!("oracle.read({lo}, {hi})");
    // What the runtime does in the background after its work comes between the two counters otherwise.
    for _ in 0..QUIET_TRIES {
        let before = tab.eval(&read).await?;
        tokio::time::sleep(QUIET).await;
        if tab.eval(&read).await? == before {
            break;
        }
    }
    install(tab).await?;
    let before = tab.eval(&read).await?;
    tab.eval("(document.getElementById('bundle').click(), 0)").await?;
    tab.until("gopherscope.programs === 1").await?;
    tab.until("document.getElementById('files').textContent === '24'").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (after, session) = compare(tab, rodata).await?;
    check(&before, &after, &session)
}

/// A frame of the page's own has a program; beside it is one of another origin, which tells nothing, and an empty one.
async fn in_frames(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), "").await?;
    tab.visit(&server.localhost_url("/realms.html"), "globalThis.frame && true").await?;
    let other = server.url("/calls.html");
    let add = format!(
        "void (globalThis.go = frame('calls.html'), globalThis.other = frame({other:?}), globalThis.empty = frame('about:blank'),
               other.onload = () => (globalThis.isThere = true))"
    );
    tab.eval(&add).await?;
    tab.until("globalThis.isThere && go.contentWindow.isReady").await?;
    let globals = "[go, empty].map(({ contentWindow: it }) =>
        ['WebAssembly', 'Worker', 'gopherscope'].map((key) => Object.getOwnPropertyDescriptor(it, key)?.value))";
    tab.eval(&format!("void (globalThis.before = {globals})")).await?;
    attach(tab).await?;
    tab.eval("go.contentWindow.work(64)").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let [instance] = session.instances.as_slice() else {
        anyhow::bail!("{} programs", session.instances.len())
    };
    assert_eq!(instance.attach, Attach::Late);
    ensure!(instance.imports.iter().any(|it| it.calls > 0), "{:?}", instance.imports);
    let realm = session.realms.iter().find(|it| it.id == instance.realm).context("no realm")?;
    assert_eq!(realm.kind, session::RealmKind::Iframe);
    tab.eval("gopherscope.uninstall()").await?;
    // The frames' agents hear of it by a message.
    tab.until(&format!("{globals}.every((own, at) => own.every((it, key) => it === before[at][key]))")).await
}

/// The glue within a module, as a bundler leaves it: only its instance will show.
async fn nameless(tab: &Tab) -> Result<()> {
    let page = "<!doctype html><title>bundled</title><link rel=\"icon\" href=\"data:,\" /><button>go</button>
      <script src=\"oracle.js\"></script><script src=\"go/wasm_exec.js\"></script>
      <script>globalThis.page = { bytes: new Uint8Array(3000), short() {}, middle() {}, long() {} };</script>
      <script type=\"module\">
        const Inner = Go;
        delete globalThis.Go;
        const run = { copies: 0, names: 0, work: 0 };
        globalThis.ready = () => {
          for (const name of Object.keys(run)) { run[name] = globalThis[name]; delete globalThis[name]; }
          const { names } = run;
          document.querySelector('button').addEventListener('click', () => names(100));
          globalThis.isReady = true;
        };
        const own = new Inner();
        const { instance } = await WebAssembly.instantiateStreaming(fetch('go/calls.wasm'), own.importObject);
        own.run(instance);
      </script>";
    programs::build()?;
    let server = tab.serve(fixture_site().page("/bundled.html", page), "").await?;
    tab.visit(&server.localhost_url("/bundled.html"), "globalThis.isReady").await?;
    let rodata = programs::rodata(&std::fs::read(programs::folder().join("calls.wasm"))?)?;
    let (lo, hi) = rodata;
    install(tab).await?;
    let before = tab.eval(&format!("oracle.read({lo}, {hi})")).await?;
    assert_eq!(tab.eval("gopherscope.programs").await?, 0);
    tab.eval("(document.querySelector('button').click(), 0)").await?;
    assert_eq!(tab.eval("gopherscope.programs").await?, 1);
    let (after, session) = compare(tab, rodata).await?;
    check(&before, &after, &session)?;
    let causes: Vec<_> = session.instances[0].slices.iter().map(|it| it.cause).collect();
    assert_eq!(causes, [session::Cause::Event]);
    Ok(())
}

/// Memory, references, goroutines, growth and the exit, with every Go under test.
async fn as_the_page_sees(tab: &Tab, version: &str) -> Result<()> {
    let site = fixture_site().mount("/build/", growth::build(version)?);
    let server = tab.serve(site, "").await?;
    tab.visit(&server.localhost_url("/growth.html"), "globalThis.isReady").await?;
    attach(tab).await?;
    tab.eval("(globalThis.had = sizes.length, hoard(20 << 20), hold(1234), park(50), 0)").await?;
    let (page, session) = growth::at_once(
        tab,
        "{ goroutines: goroutines(), sizes: sizes.slice(had - 1), references: references() - 7 }",
    )
    .await?;
    let instance = &session.instances[0];
    let grown: Vec<_> = instance.grows.iter().flat_map(|it| [it.from_bytes, it.to_bytes]).collect();
    let sizes: Vec<f64> = page["sizes"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let expected: Vec<_> = sizes.windows(2).flatten().copied().collect();
    assert_eq!(grown, expected, "growths");
    let lines: Vec<_> = instance
        .grows
        .iter()
        .filter_map(|it| go_line(&session, it.stack?))
        .map(|place| place.func.clone())
        .collect();
    ensure!(lines.iter().any(|func| func == "main.hoard"), "{lines:?}");
    let series = &instance.series;
    assert_eq!(series.js_refs.last().copied(), page["references"].as_f64(), "references");
    assert_eq!(series.memory_bytes.last().copied(), sizes.last().copied(), "memory");
    assert_eq!(series.goroutines.last().copied(), page["goroutines"].as_f64(), "goroutines");
    let made = instance.imports.iter().find(|it| it.name == "syscall/js.valueNew");
    assert_eq!(made.map(|it| it.calls), Some(1234));

    tab.eval("(() => { globalThis.instance = go._inst; try { leave(3) } catch {} })()").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    assert_eq!(session.instances[0].exit_code, Some(3), "exit code");
    assert_eq!(
        tab.eval("Object.hasOwn(instance, 'exports')").await?,
        false,
        "nothing is left on the instance"
    );
    assert_eq!(tab.eval("gopherscope.faults").await?, 0);
    Ok(())
}

const TOUCHED: &str = "[Reflect.get, Reflect.set, Reflect.apply, Reflect.construct, Reflect.deleteProperty, parseInt, \
    setTimeout, clearTimeout, performance.now, Date.prototype.getTime, TextEncoder.prototype.encode, \
    Object.getPrototypeOf(Uint8Array.prototype).set, Crypto.prototype.getRandomValues, fs.writeSync, \
    Object.getOwnPropertyDescriptor(WebAssembly.Instance.prototype, 'exports').get, go._inst, go.mem, \
    Object.hasOwn(go._inst, 'exports')]";

async fn uninstall(tab: &Tab) -> Result<()> {
    programs::build()?;
    let server = tab.serve(fixture_site(), "").await?;
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    tab.eval(&format!("(globalThis.touched = () => {TOUCHED}, globalThis.was = touched(), 0)")).await?;
    attach(tab).await?;
    let ours = "touched().map((it, i) => it !== was[i])";
    let mut expected = vec![true; 18];
    // The instance and the glue's view of memory stay what they are.
    (expected[15], expected[16]) = (false, false);
    assert_eq!(tab.eval(ours).await?, json!(expected));
    // They look like what they stand in for.
    assert_eq!(
        tab.eval(
            "touched().slice(0, 15).every((it, i) => it.name === was[i].name && it.length === was[i].length)"
        )
        .await?,
        true
    );
    tab.eval("(names(10), gopherscope.uninstall(), names(10))").await?;
    assert_eq!(tab.eval(ours).await?, json!(vec![false; 18]));
    assert_eq!(tab.eval("typeof gopherscope").await?, "undefined");

    // What someone has put in front of ours since stays, and goes on working.
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    attach(tab).await?;
    tab.eval(
        "(() => { const { get } = Reflect; Reflect.get = globalThis.theirs = (...args) => get(...args); gopherscope.uninstall(); names(10) })()",
    )
    .await?;
    assert_eq!(tab.eval("Reflect.get === theirs").await?, true);
    Ok(())
}

/// A program that starts later is watched from its start, beside the one that ran.
async fn both(tab: &Tab) -> Result<()> {
    programs::build()?;
    let page = std::fs::read_to_string(paths::in_root("tests/fixtures/site/calls.html"))?;
    let page = page.replace("<script src=\"oracle.js\"></script>", "");
    let server = tab.serve(fixture_site().page("/calls.html", page), "").await?;
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    attach(tab).await?;
    tab.eval("(globalThis.first = { names }, isReady = false, 0)").await?;
    tab.eval(
        "(() => { const second = new Go();
          WebAssembly.instantiateStreaming(fetch('go/calls.wasm'), second.importObject).then(({ instance }) => second.run(instance)); })()",
    )
    .await?;
    tab.until("isReady").await?;
    tab.eval("(first.names(3), names(5))").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let attached: Vec<_> = session.instances.iter().map(|it| it.attach).collect();
    assert_eq!(attached, [Attach::Late, Attach::Early]);
    assert_eq!(session.meta.attach, Attach::Late);
    let deleted = session.instances.iter().map(|instance| {
        instance.imports.iter().find(|it| it.name == "syscall/js.valueDelete").map_or(0, |it| it.calls)
    });
    assert_eq!(deleted.collect::<Vec<_>>(), [3, 5], "each program's own");
    ensure!(session.instances[0].phases.iter().all(|it| it.name < session::PhaseName::Compile));
    ensure!(session.instances[1].phases.iter().any(|it| it.name == session::PhaseName::Main));
    Ok(())
}
