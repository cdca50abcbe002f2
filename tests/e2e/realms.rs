//! Go programs in workers and frames of a page: each realm is in the page's own session, its counts exact, its clock aligned,
//! and what the page sees of its workers is as without us.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{GoLines, Instance, RealmKind, Session};
use xtask::server::{Rule, Server, Site};

use crate::harness::{PATIENCE, Scene, Tab, dist, fixture_site};
use crate::programs;

/// What `work(n)` of the program calls.
const WORK: u64 = 640;
const CALLS: u64 = WORK + WORK / 4 + WORK / 64;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let kinds = ["classic", "module", "blob", "data", "data module", "line"].map(|kind| {
        scene.trial(&format!("realms: a {kind} worker"), async move |tab| worker(tab, kind).await)
    });
    let others = vec![
        scene.trial("realms: a worker's URL is its own", its_url),
        scene.trial("realms: what a page sees of its workers", as_without_us),
        scene.trial("realms: workers end, and their record stays", ends),
        scene.trial("realms: the clock of a worker", clock),
        scene.trial("realms: a policy without blobs", policy),
        scene.trial("realms: the agent comes after the worker", after),
        scene.trial("realms: frames of the page", frames),
        scene.trial("realms: two programs at once, and again", two_programs),
        scene.trial("realms: esbuild in its own worker", esbuild),
        scene.trial("realms: shared and service workers", named),
        scene.trial("realms: glue in a minified bundle", bundled),
    ];
    kinds.into_iter().chain(others).collect()
}

/// The site, with the agent where scripts in workers look for it.
pub fn site() -> Result<Site> {
    programs::build()?;
    let agent = std::fs::read(dist().join("agent.js"))?;
    // Workers of data: URLs are of no origin.
    let headers = vec![("access-control-allow-origin".into(), "*".into())];
    let read = Rule { headers, ..Rule::default() };
    Ok(fixture_site().page("/agent.js", agent).rule("/go/*", read.clone()).rule("/in-worker.js", read))
}

async fn open(tab: &Tab) -> Result<Server> {
    let server = tab.serve(site()?, &tab.tag("data-ui=none")).await?;
    tab.visit(&server.localhost_url("/realms.html"), "globalThis.start && true").await?;
    Ok(server)
}

async fn snapshot(tab: &Tab) -> Result<Session> {
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    Ok(session)
}

/// The program of a realm, which `work` was asked for once.
fn counts(instance: &Instance) -> Result<()> {
    for (name, calls) in [("short", WORK), ("middle", WORK / 4), ("long", WORK / 64)] {
        let found = instance.members.iter().find(|it| it.name == name && it.import == "syscall/js.valueCall");
        ensure!(found.map(|it| it.calls) == Some(calls), "{name}: {found:?}");
    }
    Ok(())
}

/// The session, once the page has heard all of the one program in it: it does not wait for a busy realm.
async fn counted(tab: &Tab) -> Result<Session> {
    let began = std::time::Instant::now();
    loop {
        let session = snapshot(tab).await?;
        let [instance] = session.instances.as_slice() else { anyhow::bail!("{:?}", session.instances) };
        match counts(instance) {
            Ok(()) => return Ok(session),
            Err(error) if began.elapsed() > PATIENCE => return Err(error),
            Err(_) => {}
        }
    }
}

async fn work(tab: &Tab, worker: &str) -> Result<()> {
    let calls = tab.eval(&format!("ask('{worker}', ['work', {WORK}])")).await?;
    ensure!(calls == CALLS, "the program works: {calls}");
    Ok(())
}

async fn worker(tab: &Tab, kind: &str) -> Result<()> {
    let server = open(tab).await?;
    tab.eval(&format!("start('{kind}')")).await?;
    work(tab, kind).await?;
    let session = counted(tab).await?;
    let [window, worker] = session.realms.as_slice() else { anyhow::bail!("realms: {:?}", session.realms) };
    assert_eq!((window.kind, worker.kind), (RealmKind::Window, RealmKind::Worker));
    ensure!(worker.watched && worker.ended.is_none(), "{worker:?}");
    let script = match kind {
        "classic" | "module" => Some(server.localhost_url(&format!("/own-{kind}-worker.js"))),
        "line" => Some(server.localhost_url("/classic-worker.js")),
        _ => None,
    };
    ensure!(script.is_none_or(|url| worker.url == url), "{}", worker.url);
    assert_eq!(worker.name, if kind == "classic" { "the worker" } else { "" });
    let [instance] = session.instances.as_slice() else { anyhow::bail!("{:?}", session.instances) };
    assert_eq!(instance.realm, worker.id);
    ensure!(!instance.phases.is_empty() && session.module_of(instance).is_some());
    let lines = GoLines::of(&session, None);
    ensure!(lines.rows.iter().any(|row| row.place.func() == "main.work"), "{:?}", lines.rows);
    let report = tab.eval("gopherscope.report()").await?;
    ensure!(report.as_str().context("no report")?.contains("main.work main.go:"), "{report}");
    assert_eq!(tab.eval("gopherscope.programs").await?, 1);
    // The page got what the worker sent, and nothing of ours.
    assert_eq!(tab.eval("heard").await?, json!(["ready"]));
    // Told once more, all is as it was; `clear` forgets, and the worker goes on.
    tab.eval("void gopherscope.clear()").await?;
    // The worker hears of it by another way than of its work: what it did until then is forgotten, too.
    tab.until(
        "gopherscope.snapshot().then(({ instances: [it] }) => it.imports.every(({ calls }) => calls === 0))",
    )
    .await?;
    work_again(tab, kind).await
}

async fn work_again(tab: &Tab, kind: &str) -> Result<()> {
    let calls = tab.eval(&format!("ask('{kind}', ['work', {WORK}])")).await?;
    assert_eq!(calls, 2 * CALLS);
    counted(tab).await?;
    tab.session("gopherscope.stop()").await?;
    counted(tab).await?;
    tab.eval(&format!("ask('{kind}', ['work', 64])")).await?;
    counted(tab).await.map(drop)
}

async fn its_url(tab: &Tab) -> Result<()> {
    let server = open(tab).await?;
    for kind in ["classic", "module"] {
        tab.eval(&format!("start('{kind}')")).await?;
        let url = server.localhost_url(&format!("/own-{kind}-worker.js"));
        let path = format!("/own-{kind}-worker.js");
        let name = if kind == "classic" { "the worker" } else { "" };
        assert_eq!(
            tab.eval(&format!("ask('{kind}', ['where'])")).await?,
            json!([url, url, path, true, name, "object"])
        );
    }
    // A worker of a worker, its URL relative to the first one's; it says what it is.
    assert_eq!(tab.eval("ask('classic', ['nested', 'own-classic-worker.js'])").await?, "ready");
    tab.until("gopherscope.programs === 3").await?;
    let session = snapshot(tab).await?;
    let inner = session.realms.iter().find(|realm| realm.name == "inner").context("no inner worker")?;
    assert_eq!(inner.url, server.localhost_url("/own-classic-worker.js"));
    ensure!(inner.watched && session.instances.iter().any(|it| it.realm == inner.id), "{:?}", session.realms);
    Ok(())
}

/// What an expression gives with the agent and without it.
async fn as_without_us(tab: &Tab) -> Result<()> {
    let look = "(async () => {
        const out = [];
        const tell = (what) => { try { out.push(String(what())); } catch (error) { out.push(`${error.name}: ${error.message}`); } };
        const src = () => new Worker(blob());
        const blob = () => URL.createObjectURL(new Blob(['onmessage = ({ data, ports }) => postMessage([data, ports.length, name, self.constructor.name])']));
        tell(() => Worker.name + Worker.length + Worker.prototype.constructor.name + (Worker.prototype.constructor === Worker));
        tell(() => /native code/.test(Function.prototype.toString.call(Worker)));
        tell(() => Worker());
        tell(() => new Worker());
        tell(() => new Worker('http://'));
        tell(() => new Worker('https://elsewhere.example/x.js'));
        tell(() => new Worker('x.js', { type: 'none' }));
        tell(() => src() instanceof Worker);
        tell(() => Object.prototype.toString.call(src()));
        tell(() => Object.keys(src()));
        tell(() => new (class Mine extends Worker { two() { return 2; } })(blob()).two());
        tell(() => new Blob(['a', 'b']).size + Blob.name + Blob.length);
        tell(() => src().postMessage());
        tell(() => src().postMessage(() => {}));
        tell(() => src().postMessage(new ArrayBuffer(1), [{}]));
        const worker = new Worker(blob(), { name: 'its name' });
        const heard = [];
        const answers = new Promise((resolve) => (worker.onmessage = ({ data, isTrusted }) => heard.push([data, isTrusted]) === 2 && resolve(heard)));
        const buffer = new ArrayBuffer(8);
        const data = { n: 1 };
        worker.postMessage(data, [new MessageChannel().port1]);
        data.n = 2;
        worker.postMessage(buffer, { transfer: [buffer] });
        out.push(buffer.byteLength, JSON.stringify(await answers));
        worker.terminate();
        const failed = (url, options) => new Promise((resolve) => (new Worker(url, options).onerror = (event) => resolve([event.type, event.message, event.lineno, event.isTrusted])));
        const bad = (text) => URL.createObjectURL(new Blob([text]));
        out.push(...(await failed(bad('throw new RangeError(\"its own\")'))), ...(await failed(bad('\"use strict\"; unknown = 1'))), ...(await failed(bad('unknown = 1; \"use strict\"; unknown2()'))));
        return out;
    })()";
    let server = open(tab).await?;
    let with = tab.eval(look).await?;
    let plain = tab.serve(site()?, "").await?;
    tab.visit(&plain.localhost_url("/realms.html"), "globalThis.start && true").await?;
    ensure!(tab.eval("typeof gopherscope").await? == "undefined");
    let without = tab.eval(look).await?;
    let [Value::Array(with), Value::Array(without)] = [with, without] else { anyhow::bail!("no answers") };
    for (at, (with, without)) in with.iter().zip(&without).enumerate() {
        // URLs name their own server.
        let plainly = |it: &Value| {
            it.to_string().replace(&server.localhost_url(""), "").replace(&plain.localhost_url(""), "")
        };
        assert_eq!(plainly(with), plainly(without), "answer {at}");
    }
    assert_eq!(with.len(), without.len());
    Ok(())
}

async fn ends(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    for name in ["terminated", "closed"] {
        tab.eval(&format!("start('classic', '{name}')")).await?;
        work(tab, name).await?;
    }
    // So that its last figures are here; terminating asks nobody.
    snapshot(tab).await?;
    tab.eval("workers.terminated.terminate()").await?;
    tab.eval("ask('closed', ['close'])").await?;
    let mut session = snapshot(tab).await?;
    for _ in 0..100 {
        if session.realms.iter().filter(|realm| realm.ended.is_some()).count() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        session = snapshot(tab).await?;
    }
    ensure!(
        session.realms[0].ended.is_none() && session.realms[1..].iter().all(|it| it.ended.is_some()),
        "{:?}",
        session.realms
    );
    assert_eq!(session.instances.len(), 2);
    session.instances.iter().try_for_each(counts)
}

/// A moment in the worker, by the clock of the machine and by the session.
async fn clock(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    tab.eval("start('classic')").await?;
    // Pings take their time.
    let began = std::time::Instant::now();
    let error = async || -> Result<f64> {
        Ok(snapshot(tab).await?.realms[1].offset_error_ms.unwrap_or(f64::INFINITY))
    };
    while error().await? > 50.0 {
        ensure!(began.elapsed() < PATIENCE, "± {} ms", error().await?);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let before = tab.eval("performance.now()").await?.as_f64().context("no time")?;
    tab.eval("ask('classic', ['mark', 'in the worker'])").await?;
    let after = tab.eval("performance.now()").await?.as_f64().context("no time")?;
    // In a task of the page, and at once in the worker: the two lie as near as a message takes.
    let near = "(async () => {
        let best = Infinity, at;
        for (let i = 0; i < 50; i++) {
            const [a, , b] = [performance.now(), await ask('classic', ['mark', `mark ${i}`]), performance.now()];
            if (b - a < best) [best, at] = [b - a, { i, a, b }];
        }
        return at;
    })()";
    let near = tab.eval(near).await?;
    let session = snapshot(tab).await?;
    let worker = &session.realms[1];
    let error = worker.offset_error_ms.context("not measured")?;
    ensure!(error > 0.0 && error <= 50.0, "± {error} ms");
    // What a reading of each clock may be off by itself.
    let error = error + 2.0 * session.meta.clock_step_ms.context("no step")?;
    let at = |name: &str| {
        let mark = session.page.marks.iter().find(|mark| mark.name == name && mark.realm == worker.id);
        mark.map(|mark| mark.t).with_context(|| format!("no mark {name}"))
    };
    let t = at("in the worker")?;
    ensure!(before - error <= t && t <= after + error, "{before} … {t} … {after} ± {error}");
    let (a, b) = (near["a"].as_f64().context("a")?, near["b"].as_f64().context("b")?);
    let t = at(&format!("mark {}", near["i"]))?;
    ensure!(a - error <= t && t <= b + error, "{a} … {t} … {b} ± {error}");
    Ok(())
}

/// The page's policy refuses what we make: its workers run all the same, and a line in them lets us see.
async fn policy(tab: &Tab) -> Result<()> {
    let headers = vec![("content-security-policy".into(), "worker-src 'self'".into())];
    let site = site()?.rule("/realms.html", Rule { headers, ..Rule::default() });
    let server = tab.serve(site, &tab.tag("data-ui=none")).await?;
    tab.visit(&server.localhost_url("/realms.html"), "globalThis.start && true").await?;
    for kind in ["classic", "module", "line"] {
        tab.eval(&format!("start('{kind}')")).await?;
        let calls = tab.eval(&format!("ask('{kind}', ['work', {WORK}])")).await?;
        assert_eq!(calls, CALLS, "{kind}");
    }
    assert_eq!(tab.eval("heard").await?, json!(["ready", "ready", "ready"]));
    tab.until("gopherscope.programs === 1").await?;
    let session = snapshot(tab).await?;
    let told: Vec<_> =
        session.realms.iter().map(|it| (it.url.rsplit('/').next().unwrap_or_default(), it.watched)).collect();
    assert_eq!(
        told,
        [
            ("realms.html", true),
            ("own-classic-worker.js", false),
            ("own-module-worker.js", false),
            ("classic-worker.js", true)
        ]
    );
    counts(&session.instances[0])
}

/// A worker that brings the agent itself, in a page that has none at first.
async fn after(tab: &Tab) -> Result<()> {
    let server = tab.serve(site()?, "").await?;
    tab.visit(&server.localhost_url("/realms.html"), "globalThis.start && true").await?;
    tab.eval("start('line')").await?;
    work(tab, "line").await?;
    // Without an agent in the page nobody hears of it.
    assert_eq!(tab.eval("heard").await?, json!(["ready"]));
    let load = "new Promise((done) => document.head.append(Object.assign(document.createElement('script'), { src: 'agent.js', onload: () => done(1) })))";
    tab.eval(load).await?;
    tab.until("gopherscope.programs === 1").await?;
    let session = snapshot(tab).await?;
    let worker = session.realms.get(1).context("no worker")?;
    ensure!(worker.watched && worker.url.ends_with("/classic-worker.js"), "{worker:?}");
    counts(&session.instances[0])?;
    assert_eq!(tab.eval("heard").await?, json!(["ready"]));
    Ok(())
}

async fn frames(tab: &Tab) -> Result<()> {
    let server = open(tab).await?;
    // Its own tag would bring the agent: this page has none.
    tab.eval("void (globalThis.child = frame('calls.html?frame'))").await?;
    tab.until("child.contentWindow.isReady").await?;
    tab.eval(&format!("void child.contentWindow.work({WORK})")).await?;
    let session = snapshot(tab).await?;
    let realm = session.realms.iter().find(|it| it.kind == RealmKind::Iframe).context("no frame")?;
    assert_eq!(realm.url, server.localhost_url("/calls.html?frame"));
    let instance = session.instances.iter().find(|it| it.realm == realm.id).context("no program")?;
    counts(instance)?;
    ensure!(instance.phases.iter().any(|it| it.name == session::PhaseName::Compile), "{:?}", instance.phases);
    // A frame of another origin is its own affair, and one that goes is told as gone.
    tab.eval("void child.remove()").await?;
    for _ in 0..100 {
        let session = snapshot(tab).await?;
        if session.realms.iter().any(|it| it.id == realm.id && it.ended.is_some()) {
            return session.instances.iter().try_for_each(counts);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("the frame never ended")
}

async fn two_programs(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    tab.eval("Promise.all([start('classic', 'one'), start('blob', 'two'), start('module', 'three')])")
        .await?;
    for name in ["one", "two", "three"] {
        work(tab, name).await?;
    }
    let session = snapshot(tab).await?;
    assert_eq!((session.realms.len(), session.instances.len()), (4, 3));
    session.instances.iter().try_for_each(counts)
}

/// npm's esbuild as it comes: a Go program in a worker made from a blob, its `Go` class within a function there.
async fn esbuild(tab: &Tab) -> Result<()> {
    let page = r#"<!doctype html><title>esbuild</title><link rel="icon" href="data:," /><!--agent--><script type="module">
        import * as esbuild from "./npm/esbuild-wasm/esm/browser.min.js";
        await esbuild.initialize({ wasmURL: new URL("npm/esbuild-wasm/esbuild.wasm", location).href });
        globalThis.minify = (code) => esbuild.transform(code, { minify: true }).then((result) => result.code);
        globalThis.isReady = true;
    </script>"#;
    let site = site()?.page("/esbuild.html", page).mount("/npm/", dist().join("demos/esbuild/npm"));
    let server = tab.serve(site, &tab.tag("data-ui=none")).await?;
    tab.visit(&server.localhost_url("/esbuild.html"), "globalThis.isReady").await?;
    let code = "minify('const answer = 40 + 2; export { answer }')";
    assert_eq!(tab.eval(code).await?, "const e=42;export{e as answer};\n");
    let before = snapshot(tab).await?;
    for _ in 0..20 {
        tab.eval(code).await?;
    }
    let after = snapshot(tab).await?;
    let [instance] = after.instances.as_slice() else { anyhow::bail!("{:?}", after.instances) };
    let realm = after.other_realm_of(instance).context("it runs in the page")?;
    ensure!(realm.kind == RealmKind::Worker && realm.watched && realm.url.starts_with("blob:"), "{realm:?}");
    let module = after.module_of(instance).context("no module")?;
    ensure!(module.go_version.as_ref().is_some_and(|it| it.starts_with("go1.")), "{module:?}");
    // Each answer is written to stdout, which the worker posts: esbuild's glue hands that out as `fs.writeSync`.
    let calls = |session: &Session| session.instances[0].imports.iter().map(|it| it.calls).sum::<u64>();
    ensure!(calls(&after) >= calls(&before) + 20, "{} then {}", calls(&before), calls(&after));
    let lines = GoLines::of(&after, None);
    ensure!(lines.rows.iter().any(|row| row.place.func().starts_with("main.")), "{:?}", lines.rows);
    Ok(())
}

/// Workers that cannot be watched are named.
async fn named(tab: &Tab) -> Result<()> {
    let script = "onconnect = ({ ports: [port] }) => port.postMessage('shared');";
    let site = site()?.page("/shared.js", script).page("/service.js", "// Nothing.");
    let server = tab.serve(site, &tab.tag("data-ui=none")).await?;
    tab.visit(&server.localhost_url("/realms.html"), "globalThis.start && true").await?;
    let said = tab.eval("new Promise((done) => (new SharedWorker('shared.js', 'its name').port.onmessage = ({ data }) => done(data)))").await?;
    assert_eq!(said, "shared");
    tab.eval("navigator.serviceWorker.register('service.js').then(() => 1)").await?;
    // So that there is something to tell it in.
    tab.eval("start('classic')").await?;
    let session = snapshot(tab).await?;
    tab.eval("navigator.serviceWorker.getRegistration().then((it) => it.unregister())").await?;
    let told: Vec<_> = session.realms.iter().map(|it| (it.kind, it.name.as_str(), it.watched)).collect();
    assert_eq!(
        told,
        [
            (RealmKind::Window, "", true),
            (RealmKind::SharedWorker, "its name", false),
            (RealmKind::ServiceWorker, "", false),
            (RealmKind::Worker, "the worker", true),
        ]
    );
    ensure!(session.realms[2].url == server.localhost_url("/service.js"), "{:?}", session.realms[2]);
    Ok(())
}

/// Go's glue bundled and minified as a module of the page: nothing of it is a global.
async fn bundled(tab: &Tab) -> Result<()> {
    programs::build()?;
    let entry = "import './wasm_exec.js';
        const go = new globalThis.Go();
        delete globalThis.Go;
        WebAssembly.instantiateStreaming(fetch('go/calls.wasm'), go.importObject).then(({ instance }) => go.run(instance));";
    let folder = programs::folder();
    let source = folder.join("bundle-entry.js");
    std::fs::write(&source, entry)?;
    let mut command = xtask::tools::npm::Npm::install()?.node("esbuild-wasm/bin/esbuild");
    command.arg(&source).args(["--bundle", "--format=esm", "--minify", "--log-level=warning"]);
    let bundle = command.output()?;
    ensure!(bundle.status.success(), "{}", String::from_utf8_lossy(&bundle.stderr));
    let page = "<!doctype html><title>bundled</title><link rel='icon' href='data:,' /><!--agent--><script>
        globalThis.page = { calls: 0, short() { this.calls++; }, middle() { this.calls++; }, long() { this.calls++; } };
        globalThis.ready = () => (globalThis.isReady = true);
        </script><script type='module' src='bundle.js'></script>";
    let site = fixture_site().page("/bundled.html", page).page("/bundle.js", bundle.stdout);
    let server = tab.serve(site, &tab.tag("data-ui=none")).await?;
    tab.visit(&server.localhost_url("/bundled.html"), "globalThis.isReady").await?;
    tab.eval(&format!("void work({WORK})")).await?;
    assert_eq!(tab.eval("page.calls").await?, CALLS);
    let session = snapshot(tab).await?;
    assert_eq!(session.meta.attach, session::Attach::Early);
    counts(&session.instances[0])
}
