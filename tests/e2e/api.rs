//! `globalThis.gopherscope` as scripts use it: its states, exact counts through all of them, what it gives, and that
//! nothing of it is left in the end.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::Session;
use xtask::server::Server;

use crate::harness::{Scene, Tab, fixture_site};
use crate::programs;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("api: states and counts", states),
        scene.trial("api: from inside a crossing", inside),
        scene.trial("api: errors, report, export", results),
        scene.trial("api: twice the script", twice),
        scene.trial("api: uninstall", uninstall),
    ]
}

async fn open(tab: &Tab, tag: &str) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), tag).await?;
    tab.visit(&server.localhost_url("/calls.html"), "globalThis.isReady").await?;
    Ok(server)
}

/// Calls of every import of the program since `globalThis.base` was set, as the oracle counted them, and what `ask`
/// gives at the same moment.
async fn since_base(tab: &Tab, ask: &str) -> Result<(BTreeMap<String, u64>, Session)> {
    let both = tab
        .eval(&format!(
            "(async () => {{
               const now = oracle.read().calls;
               const session = gopherscope.{ask}();
               const since = Object.entries(now).map(([name, calls]) => [name, calls - (globalThis.base?.[name] ?? 0)]);
               return {{ since: Object.fromEntries(since), session: JSON.stringify(await session) }};
             }})()"
        ))
        .await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let known = |name: &str| session.instances.iter().flat_map(|it| &it.imports).any(|it| it.name == name);
    let since = both["since"].as_object().context("no counts")?.iter();
    let since = since.filter(|(name, calls)| known(name) || **calls != 0);
    Ok((since.map(|(name, calls)| (name.clone(), calls.as_u64().unwrap_or(u64::MAX))).collect(), session))
}

fn counts(session: &Session) -> BTreeMap<String, u64> {
    session.instances.iter().flat_map(|it| &it.imports).map(|it| (it.name.clone(), it.calls)).collect()
}

/// All figures of the session tell of the same crossings.
fn consistent(session: &Session, what: &str) {
    for instance in &session.instances {
        let calls: u64 = instance.imports.iter().map(|it| it.calls).sum();
        let in_slices: u64 = instance.slices.iter().map(|it| u64::from(it.calls)).sum();
        assert_eq!(in_slices, calls, "{what}: calls by stay in Go");
        for (import, buckets) in instance.imports.iter().zip(&instance.series.calls) {
            assert_eq!(buckets.iter().sum::<f64>() as u64, import.calls, "{what}: {} over time", import.name);
            let members = instance.members.iter().filter(|it| it.import == import.name).map(|it| it.calls);
            let members: Vec<u64> = members.collect();
            ensure_eq(&members, import.calls, what, &import.name);
        }
        for (import, at) in instance.imports.iter().zip(0..) {
            let sampled = instance.samples.iter().filter(|it| it.import == at).map(|it| f64::from(it.weight));
            // Where every second sample went, those that are left stand for two by chance.
            let thinned = session.meta.dropped.contains_key("samples");
            assert!(
                thinned || sampled.sum::<f64>() <= import.calls as f64,
                "{what}: {} sampled",
                import.name
            );
        }
    }
}

/// Two sessions of one recording; told field by field, for they are long.
fn same(ours: &Session, theirs: &Session, what: &str) -> Result<()> {
    let [ours, theirs] = [ours, theirs]
        .map(|it| session::file::to_json(it).map(|json| serde_json::from_slice::<Value>(&json)));
    let (ours, theirs) = (ours??, theirs??);
    for table in ["modules", "frames", "stacks"] {
        ensure!(ours[table] == theirs[table], "{what}: other {table}");
    }
    for (field, value) in ours["instances"][0].as_object().context("no instance")? {
        let other = &theirs["instances"][0][field];
        if value != other {
            let (a, b) = (value.to_string(), other.to_string());
            let at = a.bytes().zip(b.bytes()).position(|(a, b)| a != b).unwrap_or(0);
            let cut = |text: &str| text.chars().skip(at.saturating_sub(60)).take(120).collect::<String>();
            anyhow::bail!("{what}: {field} is {}, was {}", cut(&a), cut(&b));
        }
    }
    Ok(())
}

fn ensure_eq(members: &[u64], calls: u64, what: &str, import: &str) {
    if !members.is_empty() {
        assert_eq!(members.iter().sum::<u64>(), calls, "{what}: members of {import}");
    }
}

/// A stopped recording gets no longer; what it cost is an estimate that may still get better.
fn check_overhead(again: &Session, stopped: &Session, what: &str) -> Result<()> {
    let (again, stopped) = (&again.meta.overhead, &stopped.meta.overhead);
    assert_eq!(again.wall_ms, stopped.wall_ms, "{what}");
    let (self_ms, wall_ms) = (again.self_ms.context("selfMs")?, stopped.wall_ms.context("wallMs")?);
    ensure!(self_ms < wall_ms, "{what}: {self_ms} ms of our own in {wall_ms} ms");
    Ok(())
}

async fn state(tab: &Tab) -> Result<Value> {
    tab.eval("gopherscope.state").await
}

/// What the oracle counts is the base from now on.
const BASE: &str = "globalThis.base = oracle.read().calls";

async fn states(tab: &Tab) -> Result<()> {
    let _server = open(tab, &tab.tag("data-ui=\"none\" data-autostart=\"false\"")).await?;
    let about = tab
        .eval("[gopherscope.attach, gopherscope.programs, gopherscope.faults, typeof gopherscope.version]")
        .await?;
    assert_eq!(about, json!(["early", 1, 0, "string"]));
    assert_eq!(state(tab).await?, "idle");
    tab.eval("work(50)").await?;
    let (_, session) = since_base(tab, "snapshot").await?;
    assert_eq!(counts(&session).values().sum::<u64>(), 0, "nothing is counted before start()");
    ensure!(session.instances[0].samples.is_empty(), "nor sampled");

    tab.eval(&format!("({BASE}, gopherscope.start(), work(70))")).await?;
    assert_eq!(state(tab).await?, "recording");
    let (since, session) = since_base(tab, "snapshot").await?;
    assert_eq!(counts(&session), since, "from start() on");
    consistent(&session, "start()");

    tab.eval(&format!("({BASE}, gopherscope.clear())")).await?;
    assert_eq!(state(tab).await?, "recording", "clear() leaves the recording on");
    let (since, session) = since_base(tab, "snapshot").await?;
    assert_eq!(since.values().sum::<u64>(), 0);
    assert_eq!(counts(&session), since, "from zero after clear()");
    ensure!(session.instances[0].samples.is_empty() && session.instances[0].slices.is_empty());
    tab.eval("(work(30), copies(3), names(5))").await?;
    let (since, session) = since_base(tab, "snapshot").await?;
    assert_eq!(counts(&session), since, "from clear() on");
    consistent(&session, "clear()");

    tab.eval("work(11)").await?;
    let (since, stopped) = since_base(tab, "stop").await?;
    assert_eq!(state(tab).await?, "stopped");
    assert_eq!(counts(&stopped), since, "up to stop()");
    consistent(&stopped, "stop()");
    tab.eval("(work(500), gopherscope.clear === undefined)").await?;
    for ask in ["stop", "snapshot"] {
        let (_, again) = since_base(tab, ask).await?;
        same(&again, &stopped, &format!("{ask}() after stop()"))?;
        check_overhead(&again, &stopped, &format!("{ask}() after stop()"))?;
    }

    tab.eval(&format!("({BASE}, gopherscope.start({{ maxSamples: 40 }}), work(2000))")).await?;
    assert_eq!(state(tab).await?, "recording");
    let (since, session) = since_base(tab, "stop").await?;
    assert_eq!(counts(&session), since, "start() after stop() begins anew");
    consistent(&session, "start() after stop()");
    let (kept, dropped) = (session.instances[0].samples.len(), session.meta.dropped.get("samples"));
    ensure!((10..=40).contains(&kept) && dropped.is_some_and(|n| *n > 0), "{kept} kept, {dropped:?} dropped");
    Ok(())
}

/// Scripts may ask while Go waits for them: the call they are in belongs to what was before.
async fn inside(tab: &Tab) -> Result<()> {
    let _server = open(tab, &tab.tag("data-ui=\"none\"")).await?;
    // In each of the first calls, timed or not.
    for (at, nth) in (1..=24).enumerate() {
        tab.eval(&format!(
            "(() => {{
               let calls = 0;
               page.short = () => {{ if (++calls === {nth}) {{ {BASE}; gopherscope.clear(); }} }};
               work(40);
             }})()"
        ))
        .await?;
        let (since, session) = since_base(tab, "snapshot").await?;
        assert_eq!(counts(&session), since, "clear() in call {nth}, round {at}");
        consistent(&session, "clear() inside");
    }
    tab.eval(
        "(() => {
           let calls = 0;
           const now = () => oracle.read().calls;
           page.short = () => { if (++calls === 7) { globalThis.atStop = now(); globalThis.stopped = gopherscope.stop(); } };
           work(40);
         })()",
    )
    .await?;
    let stopped = tab.session("stopped").await?;
    let mut expected: BTreeMap<String, i64> = serde_json::from_value(tab.eval("atStop").await?)?;
    let base: BTreeMap<String, i64> = serde_json::from_value(tab.eval("base").await?)?;
    expected.iter_mut().for_each(|(name, calls)| *calls -= base[name]);
    for (name, calls) in counts(&stopped) {
        assert_eq!(i64::try_from(calls)?, expected[&name], "{name} at stop() inside");
    }
    tab.eval("work(100)").await?;
    let again = tab.session("gopherscope.stop()").await?;
    assert_eq!(counts(&again), counts(&stopped), "stop() inside ends counting");
    check_overhead(&again, &stopped, "stop() inside")?;
    tab.eval(
        "(() => {
           let calls = 0;
           page.short = () => { if (++calls === 7) { globalThis.base = oracle.read().calls; gopherscope.start(); } };
           work(40);
         })()",
    )
    .await?;
    let (since, session) = since_base(tab, "snapshot").await?;
    assert_eq!(counts(&session), since, "start() inside");
    consistent(&session, "start() inside");
    Ok(())
}

async fn results(tab: &Tab) -> Result<()> {
    let _server = open(tab, &tab.tag("data-ui=\"none\"")).await?;
    tab.eval("(work(300), copies(20))").await?;
    let code = |ask: &str| {
        format!("{ask}.then(() => 'fine', (e) => [e instanceof Error, e.code, e.message.includes('perf')])")
    };
    assert_eq!(tab.eval(&code("gopherscope.export('perf')")).await?, json!([true, "unsupported", true]));
    let modes = "(() => { try { gopherscope.start({ mode: 'sample' }); } catch (e) { return e.code; } })()";
    assert_eq!(tab.eval(modes).await?, "unsupported");
    assert_eq!(
        tab.eval("[gopherscope.formats, Object.isFrozen(gopherscope.formats)]").await?,
        json!([["session"], true])
    );

    let stopped = tab.session("gopherscope.stop()").await?;
    let bytes =
        tab.eval("gopherscope.export('session').then((it) => [it instanceof Uint8Array, [...it]])").await?;
    assert_eq!(bytes[0], true);
    let bytes: Vec<u8> = serde_json::from_value(bytes[1].clone())?;
    ensure!(bytes.starts_with(&[0x1f, 0x8b]), "not gzip: {:x?}", &bytes[..2]);
    let exported = session::file::read(&bytes)?;
    same(&exported, &stopped, "export()")?;
    ensure!(counts(&exported)["syscall/js.valueCall"] > 300, "{:?}", counts(&exported));

    let report = tab.eval("gopherscope.report()").await?;
    let report = report.as_str().context("no report")?;
    // But for our own cost, of which a later estimate may know better.
    let known = |report: &str| report.split("\nRecording\n").next().map(str::to_owned);
    assert_eq!(known(report), known(&session::brief_report(&exported, 100)), "the same report from the file");
    for words in ["main.work main.go:", "syscall/js.valueCall", "syscall/js.copyBytesToGo", "call long"] {
        ensure!(report.contains(words), "no {words} in {report}");
    }
    Ok(())
}

/// A page may come to load the script twice.
async fn twice(tab: &Tab) -> Result<()> {
    let tag = tab.tag("data-ui=\"overlay\"");
    let tags = format!("{tag}<script>globalThis.first = gopherscope</script>{tag}");
    let _server = open(tab, &tags).await?;
    assert_eq!(tab.eval("first === gopherscope").await?, true);
    tab.eval("(work(100), names(10))").await?;
    let (since, session) = since_base(tab, "snapshot").await?;
    assert_eq!(counts(&session), since, "each call once");
    consistent(&session, "twice");
    assert_eq!((session.instances.len(), session.realms.len()), (1, 1));
    tab.until("document.querySelector('gopherscope-overlay')").await?;
    assert_eq!(tab.eval("document.querySelectorAll('gopherscope-overlay').length").await?, 1);
    Ok(())
}

/// After `uninstall()` a page's built-ins are those it had before, and what runs goes on.
async fn uninstall(tab: &Tab) -> Result<()> {
    programs::build()?;
    let plain = tab.serve(fixture_site(), "").await?;
    tab.visit(&plain.localhost_url("/census.html"), "globalThis.isReady").await?;
    ensure!(tab.eval("census.size").await?.as_u64().is_some_and(|size| size > 3000), "a census of little");
    // WebKit makes some things anew each time they are asked for.
    let without: Vec<String> = serde_json::from_value(changes(tab).await.context("of a page without us")?)?;

    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    tab.visit(&server.localhost_url("/census.html"), "globalThis.isReady").await?;
    assert_eq!(
        tab.eval("enumerableAfter").await?,
        tab.eval("census.enumerable").await?,
        "enumerable globals"
    );
    let changed: Vec<String> = serde_json::from_value(tab.eval("changed").await?)?;
    for path in [
        "new globalThis.gopherscope",
        "globalThis.WebAssembly.Instance",
        "globalThis.WebAssembly.instantiate",
    ] {
        ensure!(changed.iter().any(|it| it == path), "the census does not see {path}: {changed:?}");
    }
    let own = [
        "globalThis.WebAssembly.",
        "globalThis.JSON.",
        "gopherscope",
        "Worker",
        "Blob",
        "globalThis.File.__proto__",
        "URL.createObjectURL",
        "URL.revokeObjectURL",
        "HTMLIFrameElement.prototype.src",
    ];
    let ours = |path: &&String| !own.iter().any(|own| path.contains(own));
    let changed_by_us = changed.iter().filter(|path| !without.contains(path)).find(ours);
    assert_eq!(changed_by_us, None, "all that the agent changes");
    tab.until("document.querySelector('gopherscope-overlay')").await?;
    tab.eval("(work(100), gopherscope.uninstall())").await?;
    assert_eq!(changes(tab).await?, json!(without), "as without us");
    no_trace(tab).await?;

    // Before the viewer has shown: it must not show later either.
    tab.visit(&server.localhost_url("/census.html?early"), "globalThis.gopherscope").await?;
    tab.eval("gopherscope.uninstall()").await?;
    tab.until("globalThis.isReady").await?;
    assert_eq!(changes(tab).await?, json!(without), "as without us");
    // Longer than the viewer waits for a program.
    tokio::time::sleep(Duration::from_millis(3500)).await;
    no_trace(tab).await
}

/// What has changed since the census.
async fn changes(tab: &Tab) -> Result<Value> {
    tab.eval("census.changes()").await
}

async fn no_trace(tab: &Tab) -> Result<()> {
    assert_eq!(tab.eval("typeof gopherscope").await?, "undefined");
    let elements = "document.querySelectorAll('gopherscope-overlay, iframe').length";
    assert_eq!(tab.eval(elements).await?, 0, "no overlay");
    // The program that ran goes on, and the next one is the engine's own.
    assert_eq!(
        tab.eval("(() => { const before = calls; work(64); return calls - before; })()").await?,
        64 + 16 + 1
    );
    let native = tab.eval("run().then((it) => Object.hasOwn(it, 'exports'))").await?;
    assert_eq!(native, false, "the engine's own instance");
    assert_eq!(
        tab.eval("(() => { const before = calls; work(64); return calls - before; })()").await?,
        64 + 16 + 1
    );
    Ok(())
}
