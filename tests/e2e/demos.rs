//! The demos: what is wrong with each is to be seen in its recording, with its Go line, and not in its healthy twin's.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{
    Backlog, Cause, GoLines, PhaseName, Place, Session, backlog, go_line, long_tasks, user_timing,
};
use xtask::server::{Server, Site};

use crate::harness::{Need, Scene, Tab, dist};

/// How long each is watched.
const WATCHED: Duration = Duration::from_secs(4);

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        scene.needs(&[Need::LongTasks]).trial("demos: the event loop", event_loop),
        scene.trial("demos: memory", memory),
        scene.trial("demos: marks and ends", marks_and_ends),
    ]
}

/// A demo that has run for some time; it goes on while its server is there.
async fn open(tab: &Tab, page: &str) -> Result<Server> {
    let site = Site::default().mount("/demos/", dist().join("demos"));
    let tag = tab.tag("data-ui=\"none\"");
    let server = tab.serve(site.replace("<script src=\"../../agent.js\"></script>", &tag), "").await?;
    tab.visit(&server.localhost_url(&format!("/demos/{page}")), "globalThis.gopherscope?.programs").await?;
    tokio::time::sleep(WATCHED).await;
    Ok(server)
}

async fn watch(tab: &Tab, page: &str) -> Result<Session> {
    let _server = open(tab, page).await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    ensure!(session.meta.errors.is_empty(), "faults: {:?}", session.meta.errors);
    Ok(session)
}

fn backlog_of(session: &Session) -> Backlog {
    backlog(session, &GoLines::of(session, None), None)
}

async fn event_loop(tab: &Tab) -> Result<()> {
    let sick = backlog_of(&watch(tab, "flood/?variant=sick").await?);
    let longest = sick.longest.context("no probe")?;
    ensure!(longest.drain_ms > 20.0 && longest.queued_ms > 0.9 * longest.drain_ms, "{sick:?}");
    ensure!(sick.asked.is_some_and(|asked| asked.value >= 20_000.0), "{sick:?}");
    let line = sick.lines.first().map(|line| line.0.text()).unwrap_or_default();
    ensure!(line.starts_with("main.rankAll rank_sick.go:"), "{sick:?}");
    let healthy = backlog_of(&watch(tab, "flood/?variant=healthy").await?);
    ensure!(healthy.asked.is_some_and(|asked| asked.value == 0.0), "{healthy:?}");
    ensure!(
        healthy.share.context("no share")? < 0.1 * sick.share.context("no share")?,
        "{healthy:?} {sick:?}"
    );

    let held = |session: &Session| -> Result<usize> {
        let rows = long_tasks(session, None).context("no long tasks")?;
        let own = |place: &Place| place.func() == "main.main";
        let held = rows.iter().filter(|row| row.go_ms > 0.9 * row.task.duration_ms);
        Ok(held.filter(|row| row.lines.iter().any(|line| own(&line.0))).count())
    };
    let sick = held(&watch(tab, "hog/?variant=sick").await?)?;
    let healthy = held(&watch(tab, "hog/?variant=healthy").await?)?;
    ensure!(sick > 3 && healthy < sick / 3, "Go held the thread {sick} and {healthy} times");

    let wakes = |session: &Session| {
        let stays = session.instances.iter().flat_map(|instance| &instance.slices);
        stays.filter(|stay| stay.cause == Cause::Timer).count()
    };
    let sick = wakes(&watch(tab, "goroutines/?variant=sick").await?);
    let healthy = wakes(&watch(tab, "goroutines/?variant=healthy").await?);
    ensure!(sick > 4 * healthy, "timers woke Go {sick} and {healthy} times");
    Ok(())
}

async fn memory(tab: &Tab) -> Result<()> {
    for (page, per_row) in [("leak/?variant=sick", 2.0), ("leak/?variant=healthy", 0.0)] {
        let _server = open(tab, page).await?;
        let (first, rows_before) = references(tab).await?;
        tokio::time::sleep(WATCHED).await;
        let (last, rows) = references(tab).await?;
        let (grown, made) = (last - first, rows - rows_before);
        ensure!((grown - per_row * made).abs() < 30.0, "{page}: {grown} references, {made} rows");
        ensure!(made > 100.0 || per_row == 0.0, "{page}: {made} rows");
    }

    let _server = open(tab, "steps/?variant=sick").await?;
    tab.until("document.getElementById('sum').textContent !== '–'").await?;
    let sick = tab.session("gopherscope.snapshot()").await?;
    let grows = &sick.instances[0].grows;
    let largest =
        grows.iter().max_by(|a, b| (a.to_bytes - a.from_bytes).total_cmp(&(b.to_bytes - b.from_bytes)));
    let line = largest.and_then(|grow| go_line(&sick, grow.stack?)).context("nobody asked")?;
    assert_eq!(line.func, "main.(*sum).add");
    let most =
        |session: &Session| session.instances[0].series.memory_bytes.iter().copied().fold(0.0, f64::max);
    let healthy = watch(tab, "steps/?variant=healthy").await?;
    ensure!(most(&sick) > 60e6 && most(&healthy) < 20e6, "{} and {} bytes", most(&sick), most(&healthy));
    before_main(tab).await
}

/// Memory that package variables take has Go lines, but for the first few growths.
async fn before_main(tab: &Tab) -> Result<()> {
    let session = watch(tab, "startup/?variant=sick").await?;
    let instance = session.instances.first().context("no program")?;
    let main = instance.phases.iter().find(|it| it.name == PhaseName::Main).context("no main")?;
    let before: Vec<_> = instance.grows.iter().filter(|grow| grow.t < main.start).collect();
    let own = before.iter().filter(|grow| {
        let line = grow.stack.and_then(|stack| go_line(&session, stack));
        line.is_some_and(|line| line.func.starts_with("demo/startup/"))
    });
    let (own, all) = (own.count(), before.len());
    ensure!(all > 20 && 2 * own > all, "{own} of {all} growths before main have a line of the program's");
    Ok(())
}

/// References as the session tells them, which are those of Go's own glue; and rows made by then.
async fn references(tab: &Tab) -> Result<(f64, f64)> {
    let both = "(async () => {
        const session = gopherscope.snapshot();
        const refs = go._values.length - 7 - go._idPool.length;
        const made = Number(document.getElementById('made').textContent);
        return [JSON.stringify(await session), refs, made];
      })()";
    let both = tab.eval(both).await?;
    let session = session::file::read(both[0].as_str().context("no session")?.as_bytes())?;
    let told = session.instances[0].series.js_refs.last().copied().context("no references")?;
    assert_eq!(Some(told), both[1].as_f64(), "references");
    Ok((told, both[2].as_f64().context("rows")?))
}

async fn marks_and_ends(tab: &Tab) -> Result<()> {
    for variant in ["sick", "healthy"] {
        let session = watch(tab, &format!("timing/?variant={variant}")).await?;
        let rows = user_timing(&session, None);
        let smooth = rows.iter().find(|row| row.name == "smooth").context("no measure")?;
        ensure!(smooth.count > 10 && smooth.in_go == smooth.count, "{rows:?}");
        let slowest = rows.first().is_some_and(|row| row.name == "smooth");
        assert_eq!(slowest, variant == "sick", "{rows:?}");
    }

    let _server = open(tab, "crash/?variant=sick").await?;
    tab.eval("document.getElementById('count').click()").await?;
    let session = tab.session("gopherscope.snapshot()").await?;
    assert_eq!(session.instances[0].exit_code, Some(2));
    assert_eq!(tab.eval("gopherscope.faults").await?, 0);
    Ok(())
}
