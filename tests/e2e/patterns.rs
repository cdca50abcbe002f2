//! JSON, copies by size, elements one by one, timers, and microtasks that Go asked for: against counts the page knows.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{Instance, JsonOp, Session};

use crate::harness::{Scene, Tab, fixture_site};
use crate::programs;

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.trial("patterns: JSON", json),
        scene.trial("patterns: JSON is the page's own", own),
        scene.trial("patterns: copies by size", copies),
        scene.trial("patterns: element by element", elements),
        scene.trial("patterns: timers", timers),
        scene.trial("patterns: microtasks asked for", asked),
    ]
}

async fn open(tab: &Tab) -> Result<xtask::server::Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/patterns.html"), "globalThis.isReady").await?;
    // Go's tables are read once `run` has returned.
    tab.eval("new Promise((done) => setTimeout(done, 200))").await?;
    Ok(server)
}

async fn snapshot(tab: &Tab) -> Result<Session> {
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    Ok(session)
}

/// Functions of the program in a stack.
fn funcs(session: &Session, stack: Option<u32>) -> Vec<&str> {
    stack.into_iter().flat_map(|stack| session.frames_of(stack)).map(|frame| frame.func.as_str()).collect()
}

fn json_row(instance: &Instance, op: JsonOp) -> Result<(u64, u64)> {
    let row = instance.json.iter().find(|row| row.op == op).context("no such row")?;
    ensure!(row.time_ms.is_some() && row.timed_calls > 0, "{row:?}");
    Ok((row.calls, row.bytes))
}

async fn json(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    let before = snapshot(tab).await?;
    ensure!(before.instances[0].json.is_empty(), "{:?}", before.instances[0].json);
    tab.eval("own(300)").await?;
    // In turns: few stacks are read at a time, and those of the first would stand for the others.
    for work in ["stringify(700)", "parse(40)", "own(20)", "invoke(60)", "fail(5)"] {
        tab.eval(&format!("({work}, new Promise((done) => setTimeout(done, 120)))")).await?;
    }
    let lengths = tab.eval("lengths").await?;
    let length = |name: &str| lengths[name].as_u64().context("no length");
    let session = snapshot(tab).await?;
    let instance = &session.instances[0];
    assert_eq!(json_row(instance, JsonOp::Stringify)?, (700, 700 * length("numbers")?));
    let parsed = 40 * r#"{"words": ["one", "two"]}"#.len() as u64 + 60 * length("small")? + 5;
    assert_eq!(json_row(instance, JsonOp::Parse)?, (105, parsed));
    // 700 texts of a thousand characters take longer than a step of the clock, and less than the stay.
    let took = instance.json.iter().map(|row| row.time_ms.unwrap_or_default()).sum::<f64>();
    let stays: f64 = instance.slices.iter().map(|slice| slice.end - slice.start).sum();
    ensure!(took > 0.0 && took <= stays, "{took} ms of {stays} ms in Go");
    for (of, op, numbers, weight) in [
        ("main.stringify", JsonOp::Stringify, true, 700.0),
        ("main.parse", JsonOp::Parse, false, 40.0),
        ("main.invoke", JsonOp::Parse, false, 60.0),
    ] {
        let mine = instance.json_calls.iter().filter(|call| funcs(&session, call.stack).contains(&of));
        let mine: Vec<_> = mine.collect();
        ensure!(mine.iter().all(|call| call.op == op && call.numbers == numbers), "{of}: {mine:?}");
        let stands: f32 = mine.iter().map(|call| call.weight).sum();
        ensure!((stands / weight - 1.0).abs() < 0.5, "{of}: {stands} of {weight}");
    }
    let weights: f32 = instance.json_calls.iter().map(|call| call.weight).sum();
    ensure!(weights <= 805.0, "{weights}");
    // A call inside another is counted, and its time is the other's.
    tab.eval("(page.useJson = () => JSON.stringify(page.nested), invoke(10))").await?;
    let session = snapshot(tab).await?;
    assert_eq!(json_row(&session.instances[0], JsonOp::Stringify)?.0, 710);
    assert_eq!(json_row(&session.instances[0], JsonOp::Parse)?.0, 115);
    // Begun anew, it counts anew; and after an uninstall not at all.
    tab.eval("(gopherscope.clear(), parse(3))").await?;
    let session = snapshot(tab).await?;
    assert_eq!(json_row(&session.instances[0], JsonOp::Parse)?.0, 3);
    tab.eval("(gopherscope.uninstall(), parse(3))").await?;
    Ok(())
}

/// What JSON looks like and does is what it did before the agent, and is again after it.
async fn own(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    assert_eq!(tab.eval("JSON.stringify(looks()) === lookedLike").await?, true);
    let with = tab.eval("behaves()").await?;
    // The same with Go below it.
    let below = tab.eval("(page.useJson = () => { globalThis.below = behaves() }, invoke(1), below)").await?;
    assert_eq!(with, below);
    assert_eq!(tab.eval("natives[0] === JSON.parse || natives[1] === JSON.stringify").await?, false);
    let native = "Function.prototype.toString.call(JSON.parse).includes('[native code]')";
    assert_eq!(tab.eval(native).await?, true);
    tab.eval("gopherscope.uninstall()").await?;
    assert_eq!(tab.eval("natives[0] === JSON.parse && natives[1] === JSON.stringify").await?, true);
    assert_eq!(tab.eval("behaves()").await?, with);
    Ok(())
}

async fn copies(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    tab.eval("gopherscope.clear()").await?;
    // Sizes at the ends of their classes.
    let sizes: [u64; 9] = [0, 1, 64, 65, 256, 257, 65_536, 65_537, 5 << 20];
    for size in sizes {
        tab.eval(&format!("(sized({size}), text({size}))")).await?;
    }
    let session = snapshot(tab).await?;
    let copies = &session.instances[0].copies;
    for import in ["copyBytesToGo", "copyBytesToJS", "valueLoadString", "stringVal"] {
        let import = format!("syscall/js.{import}");
        let mut seen = 0;
        for (from, to) in [
            (0, 64),
            (65, 256),
            (257, 1024),
            (4097, 16_384),
            (16_385, 65_536),
            (65_537, 262_144),
            (4_194_305, 16_777_216),
        ] {
            let of = sizes.iter().filter(|size| (from..=to).contains(*size));
            let expected = (of.clone().count() as u64, of.sum::<u64>());
            let row = copies.iter().find(|row| row.import == import && row.size_class == to);
            let got = row.map_or((0, 0), |row| (row.calls, row.bytes));
            // Strings cross for other reasons, too.
            let strings = import.contains("tring") && to <= 256;
            ensure!(
                got == expected || (strings && got.0 >= expected.0),
                "{import} to {to}: {got:?}, {expected:?}"
            );
            seen += got.1;
        }
        let whole = session.instances[0].imports.iter().find(|it| it.name == import).and_then(|it| it.bytes);
        assert_eq!(whole, Some(seen), "{import}");
    }
    Ok(())
}

async fn elements(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    for quiet in
        ["objects(500)", "sparse(900)", "read(31)", "(() => { for (let i = 0; i < 2000; i++) parse(0) })()"]
    {
        tab.eval(quiet).await?;
    }
    let session = snapshot(tab).await?;
    ensure!(session.instances[0].elements.is_empty(), "{:?}", session.instances[0].elements);
    tab.eval("(read(5000), write(3000), read(40), turns(600))").await?;
    // What has not grown since the counters were last told has ended.
    tab.eval("new Promise((done) => setTimeout(done, 400))").await?;
    let session = snapshot(tab).await?;
    let instance = &session.instances[0];
    let rows: Vec<_> =
        instance.elements.iter().map(|row| (row.op.as_str(), row.calls, row.bursts, row.longest)).collect();
    assert_eq!(rows, [("get", 5000 + 40 + 1200, 4, 5000), ("set", 3600, 2, 3000)]);
    let lengths = |of: &str| -> Vec<f64> {
        let bursts = instance.bursts.iter().filter(|burst| funcs(&session, burst.stack).contains(&of));
        bursts.map(|burst| burst.length).collect()
    };
    assert_eq!((lengths("main.read").first(), lengths("main.write").first()), (Some(&5000.0), Some(&3000.0)));
    ensure!(lengths("main.objects").is_empty() && lengths("main.sparse").is_empty(), "{:?}", instance.bursts);
    Ok(())
}

async fn timers(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    tab.eval("gopherscope.clear()").await?;
    let truth = tab.eval("sleep(30)").await?;
    let told = snapshot(tab).await?.instances[0].timers.context("no timers")?;
    let (set, cleared) =
        (truth["set"].as_u64().context("set")?, truth["cleared"].as_u64().context("cleared")?);
    // Where clocks are coarse, one sleep may end with another, by the same timer.
    ensure!(told.fired >= set.min(30) && set >= 20, "{told:?}, {truth}");
    ensure!(told.scheduled >= set && told.retries == 0, "{told:?}, {truth}");
    ensure!(
        told.fired + told.cleared <= told.scheduled && told.cleared + told.fired >= cleared.min(set),
        "{told:?}, {truth}"
    );
    // The glue finds three timers missed, and runs Go again for each.
    let truth = tab.eval("sleep(10, 3)").await?;
    assert_eq!(truth["warnings"], 3);
    let again = snapshot(tab).await?.instances[0].timers.context("no timers")?;
    assert_eq!(again.retries, 3, "{again:?}");
    // Each of those three is set again.
    let more = truth["set"].as_u64().context("set")?.saturating_sub(set + 3);
    ensure!(again.fired >= told.fired + more && more >= 6, "{told:?}, {again:?}, {truth}");
    ensure!(again.fired <= again.scheduled, "{again:?}");
    Ok(())
}

async fn asked(tab: &Tab) -> Result<()> {
    let _server = open(tab).await?;
    tab.eval("gopherscope.clear()").await?;
    tab.eval("alone(() => later(50))").await?;
    tab.eval("new Promise((done) => setTimeout(done, 400))").await?;
    let session = snapshot(tab).await?;
    let lines = session::GoLines::of(&session, None);
    let backlog = session::backlog(&session, &lines, None);
    assert_eq!(backlog.asked, Some(session::Estimate::exact(200.0)));
    let first = backlog.lines.first().context("no line")?;
    ensure!(first.0.func() == "main.later", "{:?}", backlog.lines);
    ensure!(backlog.probes > 0 && backlog.probes <= backlog.stays, "{backlog:?}");
    // Of a range, what was asked for in it: the stay that did, and the time after it.
    let slices = &session.instances[0].slices;
    let stay = slices.iter().max_by_key(|stay| stay.calls).context("no stay")?;
    let asked = |start: f64, end: f64| {
        let range = Some(session::Range { start, end });
        let found = session::backlog(&session, &session::GoLines::of(&session, range), range).asked;
        found.map_or(0.0, |asked| asked.value)
    };
    let (inside, after) = (asked(stay.start - 1.0, stay.end + 1.0), asked(stay.end + 150.0, stay.end + 1e4));
    ensure!((100.0..=300.0).contains(&inside) && after == 0.0, "{inside} inside, {after} after");
    Ok(())
}
