//! What is sampled, and the error stated with it: against exact counts, and times that the page takes below the agent.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{Estimate, GoLine, GoLines, Instance, Session};
use xtask::browser::Engine;
use xtask::server::Rule;

use crate::harness::{Scene, Tab, fixture_site};
use crate::programs;

const CALL: &str = "syscall/js.valueCall";
/// Turns of the loop that crosses from two lines; three in ten from one.
const SPLIT: u64 = 1_200_000;
/// The page's readings lie inside the agent's. Between them, the page writes down a call...
const READING_MS: f64 = 0.001;
/// ... and now and then the engine collects garbage or compiles; a share.
const ENGINE: f64 = 0.02;
/// From this step on, few of the calls see a clock move, ms.
const COARSE_MS: f64 = 1.0;
/// Rounds, one of which must agree: an error stated with 95 % may be exceeded, and the machine does other things too.
const ROUNDS: usize = 5;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("sampled: times, coarse clock", async |tab| times(tab, false).await),
        scene.trial("sampled: times, fine clock", async |tab| times(tab, true).await),
        scene.trial("sampled: weights and Go lines", weights),
    ]
}

async fn open(tab: &Tab, isolated: bool) -> Result<xtask::server::Server> {
    programs::build()?;
    let headers =
        [("cross-origin-opener-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let headers = if isolated { headers.to_vec() } else { Vec::new() };
    let site = fixture_site().rule("/*", Rule { headers, ..Rule::default() });
    let server = tab.serve(site, &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/sampled.html"), "globalThis.isReady").await?;
    assert_eq!(tab.eval("crossOriginIsolated").await?, isolated);
    Ok(server)
}

/// Time of calls, all of it and by member; Go that runs again inside them belongs to none.
async fn times(tab: &Tab, isolated: bool) -> Result<()> {
    let _server = open(tab, isolated).await?;
    for round in 1.. {
        let outcome = one_round(tab, isolated).await;
        if outcome.is_ok() || round == ROUNDS {
            return outcome;
        }
    }
    Ok(())
}

async fn one_round(tab: &Tab, isolated: bool) -> Result<()> {
    let work = "(async () => {
        gopherscope.clear();
        for (const name in exact) delete exact[name];
        for (let i = 0; i < 10; i++) {
          busy(60);
          nest(6);
          await new Promise((f) => setTimeout(f, 5));
        }
        const mine = structuredClone(exact);
        return { mine, session: JSON.stringify(await gopherscope.snapshot()) };
      })()";
    let both = tab.eval(work).await?;
    let session = session::file::read(both["session"].as_str().context("no session")?.as_bytes())?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let step = session.meta.clock_step_ms.context("no step")?;
    let engine = tab.browser.engine();
    let expected = match (engine, isolated) {
        (Engine::Chromium, true) => 0.005,
        (Engine::Chromium, false) => 0.1,
        (Engine::Firefox | Engine::WebKit, true) => 0.02,
        (Engine::Firefox | Engine::WebKit, false) => 1.0,
    };
    ensure!((step - expected).abs() < 0.001, "the clock steps by {step} ms, {engine:?}'s by {expected}");
    let instance = session.instances.first().context("no instance")?;
    let (mut whole, mut all_apart) = (0.0, step);
    for name in ["brief", "lengthy", "around"] {
        let row = &both["mine"][name];
        let (calls, ms) = (row["calls"].as_u64().context("calls")?, row["ms"].as_f64().context("ms")?);
        whole += ms;
        let member = instance.members.iter().find(|it| it.import == CALL && it.name == name);
        let member = member.with_context(|| format!("no member {name}"))?;
        assert_eq!(member.calls, calls, "{name}");
        let ours = Estimate::known(member.time_ms, member.time_error_ms).context("no time")?;
        let in_go = row["inGoMs"].as_f64().context("inGoMs")?;
        let apart = calls as f64 * READING_MS + ENGINE * (ms + in_go);
        all_apart += apart;
        let readings = Readings { step, calls, timed: member.timed_calls };
        agrees(name, ours, (ms, step + apart), &readings)?;
        ensure!(name != "around" || in_go > ms, "only {in_go} ms of Go inside");
    }
    let import = instance.imports.iter().find(|it| it.name == CALL).context("no calls")?;
    let calls =
        both["mine"].as_object().context("no times")?.values().filter_map(|row| row["calls"].as_u64());
    assert_eq!(import.calls, calls.sum::<u64>(), "{CALL}, those inside others included");
    let ours = Estimate::known(import.time_ms, import.time_error_ms).context("no time")?;
    let readings = Readings { step, calls: import.calls, timed: import.timed_calls };
    agrees(CALL, ours, (whole, all_apart), &readings)
}

/// What an estimate is made from: `timed` of the calls, by a clock that moves by `step` ms.
struct Readings {
    step: f64,
    calls: u64,
    timed: u64,
}

impl Readings {
    /// Half-width of the 95 % interval that they leave at best, of `exact` ms in all: calls that are shorter than the step see
    /// it or not, and how many do is a binomial.
    fn error(&self, exact: f64) -> f64 {
        let (calls, timed) = (self.calls as f64, self.timed as f64);
        let seen = timed * exact / calls / self.step;
        1.96 * self.step * calls / timed * (1.0 + (1.0 + seen).sqrt())
    }
}

/// `exact` lies within twice the stated error and what the two readings may lie `apart`; and that error is small enough
/// to tell something, or no larger than so coarse a clock makes it.
fn agrees(name: &str, ours: Estimate, (exact, apart): (f64, f64), readings: &Readings) -> Result<()> {
    let off = (ours.value - exact).abs();
    ensure!(off <= 2.0 * ours.error + apart, "{name}: {ours:?}, exactly {exact} ms");
    let coarse = if readings.step < COARSE_MS { 0.0 } else { 1.5 * readings.error(exact) };
    ensure!(ours.error < coarse.max(0.15 * exact), "{name}: an error that says nothing: {ours:?}");
    ensure!(ours.error < exact, "{name}: an error as large as the time: {ours:?}");
    Ok(())
}

async fn weights(tab: &Tab) -> Result<()> {
    let server = open(tab, false).await?;
    // In pieces, as pages work; the pattern of ten goes on across them.
    let split = format!(
        "(async () => {{ for (let i = 0; i < 40; i++) {{ split({}); busy(20); await new Promise((f) => setTimeout(f, 5)); }} }})()",
        SPLIT / 40
    );
    tab.eval(&split).await?;
    let session = tab.session("gopherscope.stop()").await?;
    drop(server);
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    let instance = session.instances.first().context("no instance")?;
    check_weights(instance)?;
    check_rate(instance)?;
    check_split(&session)
}

/// What samples stand for is what was called, but for the calls since the last sample.
fn check_weights(instance: &Instance) -> Result<()> {
    for (import, at) in instance.imports.iter().zip(0..) {
        let weights = instance.samples.iter().filter(|it| it.import == at).map(|it| f64::from(it.weight));
        let (sum, most) = weights.fold((0.0, 0.0f64), |(sum, most), weight| (sum + weight, most.max(weight)));
        let calls = import.calls as f64;
        ensure!(sum <= calls, "{}: {sum} sampled of {calls}", import.name);
        // Crossings in which the clock ticked and others wait apart, and one countdown is under way.
        ensure!(
            calls - sum <= 3.0 * most.max(40.0),
            "{}: {sum} sampled of {calls}, at most {most} at once",
            import.name
        );
        if import.name == "syscall/js.valueGet" {
            ensure!(
                calls > SPLIT as f64 && most > 10.0 && 3.0 * most < 0.5 * calls,
                "{most} of {calls} at once"
            );
        }
    }
    Ok(())
}

/// At most 2,000 samples in any second.
fn check_rate(instance: &Instance) -> Result<()> {
    let mut times: Vec<f64> = instance.samples.iter().map(|it| it.t).collect();
    times.sort_by(f64::total_cmp);
    for (at, t) in times.iter().enumerate() {
        let within = times[at..].partition_point(|it| *it < t + 1000.0);
        ensure!(within <= 2000, "{within} samples in the second from {t} ms");
    }
    ensure!(times.len() > 500, "{} samples: too few to tell anything", times.len());
    Ok(())
}

/// Calls by Go line: two lines that cross in a fixed pattern, in known shares.
fn check_split(session: &Session) -> Result<()> {
    let source = std::fs::read_to_string(xtask::paths::in_root("tests/fixtures/go/sampled/main.go"))?;
    let lines = GoLines::of(session, None);
    for (words, share) in [("// three in ten", 3), ("// seven in ten", 7)] {
        let number = source.lines().position(|line| line.ends_with(words)).context("no such line")? + 1;
        let position = format!("main.go:{number}");
        let found = |row: &&GoLine| row.place.func() == "main.split" && row.place.position() == position;
        let row = lines.rows.iter().find(found).with_context(|| format!("no {position}"))?;
        let (calls, truth) = (row.calls, (SPLIT * share / 10) as f64);
        ensure!((calls.value - truth).abs() <= 2.0 * calls.error, "{position}: {calls:?}, exactly {truth}");
        ensure!(calls.error < 0.5 * truth, "{position}: an error that says nothing: {calls:?}");
    }
    Ok(())
}
