//! Start-up: phases against the page's own clock readings and those of the Go program itself, and how modules came.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use session::{Instance, LoadingKind, Module, Network, Phase, PhaseName, Session};
use std::time::Duration;
use xtask::server::{Drip, Rule};

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::programs;

/// Ways to load a program; whether the module is compiled while it loads.
const WAYS: [(&str, bool); 4] =
    [("streaming", true), ("compiled", true), ("buffered", false), ("constructed", false)];
/// The server thinks this long before it answers...
const DELAY: Duration = Duration::from_millis(60);
/// ... and before each piece of the body, of which there are at least two.
const DRIP: Drip = Drip { bytes: 1 << 20, pause: Duration::from_millis(30) };

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let way = |(way, streamed): (&'static str, bool)| {
        scene.trial(&format!("phases: {way}"), async move |tab| in_order(tab, way, streamed).await)
    };
    let mut trials: Vec<Trial> = WAYS.into_iter().map(way).collect();
    trials.push(scene.trial("phases: main does not cross", no_crossing));
    let requested = scene.needs(&[Need::Requests]);
    trials.push(requested.trial("phases: the request", requests));
    trials
}

/// Loads a program from a server with `rule`; gives what the page has noted, and the session.
async fn load(tab: &Tab, way: &str, program: &str, rule: Rule) -> Result<(Value, Session)> {
    programs::build()?;
    let module = program.split('&').next().context("no module")?;
    let site = fixture_site().rule(&format!("/go/{module}"), rule);
    let server = tab.serve(site, &tab.tag("data-ui=\"none\"")).await?;
    let url = server.localhost_url(&format!("/phases.html?way={way}&module=go/{program}"));
    tab.visit(&url, "globalThis.finished").await?;
    // Resource Timing tells of a request some time after it has ended.
    let told = "gopherscope.snapshot().then((it) => it.modules.at(-1).network?.wireBytes ?? it.modules.at(-1).network?.status)";
    tab.until(told).await?;
    let noted = "{ ...times, ...Object.fromEntries(performance.getEntriesByType('mark').map((it) => [it.name, it.startTime])), \
                 words, origin: performance.timeOrigin, url }";
    let noted = tab.eval(&format!("({noted})")).await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    assert_eq!(noted["origin"], session.meta.time_origin, "times count from the page's origin");
    Ok((noted, session))
}

fn slow() -> Rule {
    Rule { delay: DELAY, drip: Some(DRIP), ..Rule::default() }
}

async fn in_order(tab: &Tab, way: &str, streamed: bool) -> Result<()> {
    let (noted, session) = load(tab, way, "phases.wasm", slow()).await?;
    let instance = session.instances.first().context("no instance")?;
    check_order(instance)?;
    let step = session.meta.clock_step_ms.context("no step")? + 1e-6;
    let between = |what: &str, from: &str, t: f64, to: &str| -> Result<()> {
        let (begin, end) = (time(&noted, from)?, time(&noted, to)?);
        ensure!(
            begin - step <= t && t <= end + step,
            "{way}: {what} at {t}, not in {begin}..{end}: {instance:?}"
        );
        Ok(())
    };
    let arrived = if streamed { "instance" } else { "bytes" };
    let compiled = if noted["module"].is_null() { "instance" } else { "module" };
    let linking = if noted["module"].is_null() { arrived } else { "module" };
    let linking = if linking == "instance" { "fetch" } else { linking };
    let phase = |name| phase(instance, name);
    let end = |name| -> Result<f64> { phase(name)?.end.with_context(|| format!("{name:?} has no end")) };
    between("fetch", "fetch", phase(PhaseName::Fetch)?.start, arrived)?;
    between("end of download", "fetch", end(PhaseName::Download)?, arrived)?;
    between("compile", if streamed { "fetch" } else { "bytes" }, phase(PhaseName::Compile)?.start, compiled)?;
    between("end of compile", if streamed { "fetch" } else { "bytes" }, end(PhaseName::Compile)?, compiled)?;
    between("instantiate", linking, phase(PhaseName::Instantiate)?.start, "instance")?;
    between("end of instantiate", linking, end(PhaseName::Instantiate)?, "instance")?;
    between("runtime-init", "instance", phase(PhaseName::RuntimeInit)?.start, "go:variable")?;
    between("package-init", "instance", phase(PhaseName::PackageInit)?.start, "go:variable")?;
    between("main", "go:init", phase(PhaseName::Main)?.start, "go:main")?;
    assert_eq!(phase(PhaseName::Main)?.end, None, "main waits for ever");
    ensure!(instance.phases.iter().all(|phase| phase.exact), "{:?}", instance.phases);
    // The server cannot have been quicker than it waited.
    let length = |name| -> Result<f64> { Ok(end(name)? - phase(name)?.start) };
    ensure!(length(PhaseName::Fetch)? + step >= DELAY.as_millis() as f64, "{:?}", instance.phases);
    ensure!(length(PhaseName::Download)? + step >= DRIP.pause.as_millis() as f64, "{:?}", instance.phases);
    // Only a streaming compilation begins before the last byte is there.
    let early = phase(PhaseName::Compile)?.start < end(PhaseName::Download)?;
    assert_eq!(early, streamed, "{way}: {:?}", instance.phases);
    let report = tab.eval("gopherscope.report()").await?;
    ensure!(!report.as_str().context("no report")?.contains('~'), "a bound among exact phases: {report}");
    Ok(())
}

fn time(noted: &Value, name: &str) -> Result<f64> {
    noted[name].as_f64().with_context(|| format!("the page noted no {name}: {noted}"))
}

fn phase(instance: &Instance, name: PhaseName) -> Result<Phase> {
    let mut found = instance.phases.iter().filter(|phase| phase.name == name);
    let phase = *found.next().with_context(|| format!("no {name:?} in {:?}", instance.phases))?;
    ensure!(found.next().is_none(), "{name:?} twice: {:?}", instance.phases);
    Ok(phase)
}

/// Ordered by their start; only download and compile may overlap.
fn check_order(instance: &Instance) -> Result<()> {
    let phases = &instance.phases;
    ensure!(phases.is_sorted_by_key(|phase| phase.start), "out of order: {phases:?}");
    for (at, before) in phases.iter().enumerate() {
        ensure!(before.end.is_none_or(|end| before.start <= end), "ends before it begins: {before:?}");
        for after in &phases[at + 1..] {
            let pair = [before.name, after.name];
            let may = pair.contains(&PhaseName::Download) && pair.contains(&PhaseName::Compile);
            ensure!(may || before.end.is_some_and(|end| end <= after.start), "{before:?} overlaps {after:?}");
        }
    }
    Ok(())
}

/// A `main` that never crosses: where it began is a bound, and nothing else is said of it.
async fn no_crossing(tab: &Tab) -> Result<()> {
    for (program, exits) in [("quiet.wasm", false), ("quiet.wasm&returns", true)] {
        let (noted, session) = load(tab, "streaming", program, Rule::default()).await?;
        let instance = session.instances.first().context("no instance")?;
        check_order(instance)?;
        let main = phase(instance, PhaseName::Main)?;
        ensure!(!main.exact, "{program}: {main:?} is a bound");
        ensure!(!phase(instance, PhaseName::PackageInit)?.exact, "what ends where main begins: {instance:?}");
        ensure!(phase(instance, PhaseName::RuntimeInit)?.exact, "what ends before: {instance:?}");
        let step = session.meta.clock_step_ms.context("no step")? + 1e-6;
        let (from, to) = (time(&noted, "go:variable")?, time(&noted, "ran")?);
        ensure!(from - step <= main.start && main.start <= to + step, "{main:?} not in {from}..{to}");
        assert_eq!(main.end.is_some(), exits, "{program}: {main:?}");
        assert_eq!(instance.exit_code, exits.then_some(0), "{program}");
        let report = tab.eval("gopherscope.report()").await?;
        ensure!(report.as_str().context("no report")?.contains("~ a bound, not exact"), "{report}");
    }
    Ok(())
}

/// What the session and the report say of a request, by how the server answered it.
async fn requests(tab: &Tab) -> Result<()> {
    type Check = fn(&Module, &Network, &Value) -> Result<()>;
    // Browsers may keep it, but ask again: the server's own word is no-store, which is a fact of its own.
    let kept = Rule { headers: vec![("cache-control".into(), "no-cache".into())], ..Rule::default() };
    let gzip = Rule { gzip: true, ..kept.clone() };
    let wrong = Rule { content_type: Some("text/plain".into()), ..gzip.clone() };
    let missing = Rule { status: Some(404), ..gzip.clone() };
    let cases: [(&str, Rule, &[LoadingKind], Check); 6] = [
        ("streaming", gzip.clone(), &[], compressed),
        ("streaming", kept, &[LoadingKind::Uncompressed], uncompressed),
        ("streaming", Rule { gzip: true, ..Rule::default() }, &[LoadingKind::Uncacheable], compressed),
        ("buffered", gzip, &[LoadingKind::NotStreamed], not_streamed),
        ("fallback", wrong, &[LoadingKind::FellBack], fell_back),
        ("streaming", missing, &[LoadingKind::HttpStatus], refused),
    ];
    for (way, rule, kinds, check) in cases {
        let what = format!("{way} {rule:?}");
        let (mut noted, session) = load(tab, way, "phases.wasm", rule).await?;
        noted["tellsStatus"] = tab.eval("'responseStatus' in PerformanceResourceTiming.prototype").await?;
        noted["tellsEncoding"] = tab.eval("'contentEncoding' in PerformanceResourceTiming.prototype").await?;
        let module = session.modules.last().context("no module")?;
        assert_eq!(noted["url"], module.url, "{what}");
        let network = module.network.as_ref().with_context(|| format!("no request of {what}: {module:?}"))?;
        check(module, network, &noted).with_context(|| format!("{what}: {module:?}; the page: {noted}"))?;
        // How long it took is the machine's affair.
        let told = session::loading(&session).into_iter().filter(|it| it.module == module.id);
        let facts: Vec<_> = told.filter(|it| it.kind != LoadingKind::LateMain).collect();
        assert_eq!(facts.iter().map(|fact| fact.kind).collect::<Vec<_>>(), kinds, "{what}: {facts:?}");
        let report = tab.eval("gopherscope.report()").await?;
        let breakable = |text: &str| text.replace('\u{a0}', " ");
        let report = breakable(report.as_str().context("no report")?);
        for fact in &facts {
            ensure!(report.contains(&breakable(&fact.text)), "no \"{}\" in {report}", fact.text);
        }
        ensure!(!kinds.is_empty() || !report.contains("\nLoading\n"), "{what}: {report}");
    }
    Ok(())
}

/// The length of the module itself.
fn length() -> Result<u64> {
    Ok(std::fs::metadata(programs::folder().join("phases.wasm"))?.len())
}

fn compressed(module: &Module, network: &Network, _: &Value) -> Result<()> {
    ensure!(network.streamed == Some(true) && network.status == Some(200) && network.fallback.is_none());
    ensure!(network.content_type.as_deref() == Some("application/wasm"));
    ensure!(network.encoding.as_deref() == Some("gzip") && module.bytes == Some(length()?));
    ensure!(network.wire_bytes.is_some_and(|wire| wire > 0 && wire < length().unwrap_or(0)));
    Ok(())
}

fn uncompressed(module: &Module, network: &Network, _: &Value) -> Result<()> {
    ensure!(network.streamed == Some(true) && network.encoding.is_none());
    ensure!(network.wire_bytes == Some(length()?) && module.bytes == Some(length()?));
    Ok(())
}

fn not_streamed(module: &Module, network: &Network, noted: &Value) -> Result<()> {
    ensure!(network.streamed == Some(false) && network.fallback.is_none());
    ensure!(network.status == (noted["tellsStatus"] == true).then_some(200));
    // Of what the page itself reads, only the browser can tell; where it does not, nothing is said.
    let gzip_where_told = (noted["tellsEncoding"] == true).then_some("gzip");
    ensure!(network.encoding.as_deref() == gzip_where_told && module.bytes == Some(length()?));
    Ok(())
}

fn fell_back(_: &Module, network: &Network, noted: &Value) -> Result<()> {
    ensure!(network.streamed == Some(false) && network.content_type.as_deref() == Some("text/plain"));
    ensure!(
        network.fallback.is_some() && json!(network.fallback) == noted["words"],
        "the engine's own words"
    );
    Ok(())
}

fn refused(module: &Module, network: &Network, noted: &Value) -> Result<()> {
    ensure!(
        network.status == Some(404) && json!(module.failure) == noted["words"] && module.failure.is_some()
    );
    Ok(())
}
