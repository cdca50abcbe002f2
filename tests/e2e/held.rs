//! What a Go program holds of JS: against what the page sees in the glue, and what the program says it made and let go of.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{Instance, Session, go_line};
use xtask::server::Server;
use xtask::tools::go::TESTED;

use crate::growth::{at_once, build};
use crate::harness::{Scene, Tab, fixture_site};

/// Boxes kept, and as many made beside them.
const KEPT: u64 = 3000;
const WRAPPED: u64 = 50;
const RELEASED: u64 = 20;
/// Functions that the program makes at its start, by `main.set` and by `main.main`.
const FIRST: (u64, u64) = (8, 1);

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let each = |version: &'static str| {
        [
            scene.trial(&format!("held: values, Go {version}"), async move |tab| values(tab, version).await),
            scene.trial(&format!("held: functions, Go {version}"), async move |tab| {
                functions(tab, version).await
            }),
        ]
    };
    TESTED.into_iter().flat_map(each).collect()
}

async fn open(tab: &Tab, version: &str) -> Result<Server> {
    let site = fixture_site().mount("/build/", build(version)?);
    let server = tab.serve(site, &tab.tag("data-ui=\"none\"")).await?;
    tab.visit(&server.localhost_url("/growth.html"), "globalThis.isReady").await?;
    Ok(server)
}

fn first(session: &Session) -> Result<&Instance> {
    session.instances.first().context("no instance")
}

/// Values that stacks of a Go line made and that are live, with the error of both.
fn made(session: &Session, func: &str) -> Result<[f64; 4]> {
    let refs = first(session)?.refs.as_ref().context("no references")?;
    let rows = refs.made.iter().filter(|row| {
        row.stack.and_then(|stack| go_line(session, stack)).is_some_and(|line| line.func == func)
    });
    let [mut made, mut made_error, mut live, mut live_error] = [0.0; 4];
    for row in rows {
        made += row.made;
        made_error += row.made_error * row.made_error;
        live += row.live;
        live_error += row.live_error * row.live_error;
    }
    Ok([made, made_error.sqrt(), live, live_error.sqrt()])
}

async fn values(tab: &Tab, version: &str) -> Result<()> {
    let _server = open(tab, version).await?;
    // In small parts, so that there are samples of all of it.
    let parts = KEPT / 50;
    tab.eval(&format!(
        "(async () => {{ for (let i = 0; i < {parts}; i++) {{ keep(50); await new Promise((r) => setTimeout(r, 10)); }} collect(3); }})()"
    ))
    .await?;
    let (page, session) = at_once(tab, "({ values: references() - 7, kinds: kinds() })").await?;
    let instance = first(&session)?;
    assert_eq!(instance.series.js_refs.last().copied(), page["values"].as_f64(), "Go {version}: live values");
    let census = instance.refs.as_ref().and_then(|refs| refs.census.as_ref()).context("no census")?;
    ensure!(census.exact && Some(census.values) == page["values"].as_u64(), "Go {version}: {census:?}");
    for row in &census.by_constructor {
        assert_eq!(Some(row.count), page["kinds"][&row.name].as_u64(), "Go {version}: {}", row.name);
    }
    assert_eq!(census.by_constructor.iter().map(|row| row.count).sum::<u64>(), census.values);
    let boxes = census.by_constructor.iter().find(|row| row.name == "Box").map_or(0, |row| row.count);
    // Of each part one that was dropped may share its place with one that is kept.
    ensure!((KEPT..=KEPT + 2 * parts).contains(&boxes), "Go {version}: {boxes} boxes");
    // Twice as wide as stated: the machine does other things, too.
    let near = |is: f64, error: f64, truth: f64| (is - truth).abs() <= 2.0 * error + (2 * parts) as f64;
    let [all, all_error, live, live_error] = made(&session, "main.keep")?;
    ensure!(
        near(all, all_error, KEPT as f64) && near(live, live_error, KEPT as f64),
        "Go {version}: {all} ± {all_error} made, {live} ± {live_error} live"
    );
    let [all, all_error, live, live_error] = made(&session, "main.drop")?;
    ensure!(
        near(all, all_error, KEPT as f64) && near(live, live_error, 0.0),
        "Go {version}: {all} ± {all_error} dropped, {live} live"
    );
    exits(tab, version).await
}

/// A program that has exited holds nothing.
async fn exits(tab: &Tab, version: &str) -> Result<()> {
    tab.eval("(() => { try { leave(3); } catch {} return 0; })()").await?;
    let (page, session) = at_once(tab, "'_values' in go").await?;
    let instance = first(&session)?;
    assert_eq!((page, instance.exit_code), (false.into(), Some(3)), "Go {version}");
    assert_eq!(instance.series.js_refs.last(), Some(&0.0), "Go {version}");
    assert_eq!(instance.funcs.and_then(|funcs| funcs.live), Some(0), "Go {version}");
    let refs = instance.refs.as_ref().context("no references")?;
    ensure!(refs.made.iter().all(|row| row.live == 0.0), "Go {version}: {:?}", refs.made);
    Ok(())
}

async fn functions(tab: &Tab, version: &str) -> Result<()> {
    let _server = open(tab, version).await?;
    let (_, session) = at_once(tab, "0").await?;
    let started = FIRST.0 + FIRST.1;
    let funcs = first(&session)?.funcs.context("no functions")?;
    assert_eq!((funcs.made, funcs.released, funcs.live), (started, Some(0), Some(started)), "Go {version}");
    let (_, session) = at_once(tab, &format!("(wrap({WRAPPED}), release({RELEASED}), 0)")).await?;
    let instance = first(&session)?;
    let funcs = instance.funcs.context("no functions")?;
    let all = started + WRAPPED + 1;
    let expected = (all, Some(RELEASED), Some(all - RELEASED));
    assert_eq!((funcs.made, funcs.released, funcs.live), expected, "Go {version}");
    assert_eq!(instance.series.funcs.last(), Some(&((all - RELEASED) as f64)), "Go {version}");
    let census = instance.refs.as_ref().and_then(|refs| refs.census.as_ref()).context("no census")?;
    let rows = census.callbacks.as_ref().context("no callbacks")?.iter().map(|row| {
        let func =
            row.stack.and_then(|stack| session.frames_of(stack).last()).map(|frame| frame.func.as_str());
        (func.unwrap_or_default(), row.count)
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_unstable();
    let (set, main) = FIRST;
    let expected = [
        ("main.answer", WRAPPED - RELEASED),
        ("main.main.func1", main),
        ("main.set.func1", set),
        ("main.wrap.func1", 1),
    ];
    assert_eq!(rows.len(), expected.len(), "Go {version}: {rows:?}");
    for (func, count) in expected {
        // The compiler may put the closures of an inlined function down to its caller.
        let same = rows.contains(&(func, count));
        let inlined =
            func == "main.set.func1" && rows.iter().any(|row| row.1 == count && row.0.contains("set"));
        ensure!(
            same || inlined
                || (func == "main.main.func1"
                    && rows.iter().any(|row| row.1 == count && row.0.starts_with("main.main."))),
            "Go {version}: {func} in {rows:?}"
        );
    }
    // A new recording counts from zero; what lives, lives.
    let (_, session) = at_once(tab, "(gopherscope.clear(), wrap(1), release(1), 0)").await?;
    let funcs = first(&session)?.funcs.context("no functions")?;
    assert_eq!(
        (funcs.made, funcs.released, funcs.live),
        (2, Some(1), Some(all - RELEASED + 1)),
        "Go {version}"
    );
    Ok(())
}
