//! The start-up view's packages: as many as Go's runtime told, ordered by what the session holds, and drawn in their
//! phase's lane.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use session::{Instance, fmt};
use xtask::browser::Scheme;
use xtask::demo;

use crate::harness::{Scene, Tab};
use crate::{view, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![scene.trial("packages: by cost, by bytes, and in their lane", packages)]
}

/// The packages' names in the order of a column, greatest first; those that share a figure are left out.
fn ordered(instance: &Instance, by: impl Fn(&session::Init) -> f64) -> Vec<String> {
    let mut inits: Vec<_> = instance.inits.iter().collect();
    inits.sort_by(|a, b| by(b).total_cmp(&by(a)));
    let apart = |at: usize| inits.get(at + 1).is_none_or(|next| by(next) < by(inits[at]));
    let names = (0..inits.len()).take_while(|at| apart(*at)).map(|at| inits[at].package.clone());
    names.collect()
}

async fn packages(tab: &Tab) -> Result<()> {
    let running = demo::serve(0, tab.browser.preload()).await?;
    tab.browser.view(1280, 1600, Scheme::Light).await?;
    viewer::visit(tab, &running.targets.localhost_url("/demos/startup/?variant=sick")).await?;
    viewer::enter(tab).await?;
    tab.until("document.querySelector('.plots canvas[role=img]') && true").await?;
    viewer::leave(tab).await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let session = tab.session("gopherscope.stop()").await?;
    let instance = session.instances.last().context("no program")?;
    viewer::enter(tab).await?;
    tab.eval("void document.getElementById('tab-startup').click()").await?;
    tab.until("document.querySelector('.packages-table tbody tr') && true").await?;
    let table = "packages";
    let shown = viewer::rows(tab, table).await?;
    let names = |rows: &[Vec<String>]| -> Vec<String> { rows.iter().map(|row| row[0].clone()).collect() };
    let first = names(&shown).first().cloned().context("no rows")?;
    let first = instance.inits.iter().find(|it| it.package == first).context("gone")?;
    let most = instance.inits.iter().map(|it| it.duration_ms).fold(0.0, f64::max);
    assert_eq!(first.duration_ms, most, "{shown:?}");
    let allocs = fmt::count(first.allocs);
    ensure!(shown[0].contains(&allocs), "{allocs} are not in {:?}", shown[0]);
    let all = instance.inits.len().min(20);
    ensure!(shown.len() == all, "{} rows of {all}", shown.len());

    viewer::click(tab, "document.querySelector('.packages-table th.bytes button')").await?;
    tab.until("document.querySelector('.packages-table th.bytes').ariaSort === 'descending'").await?;
    let bytes = ordered(instance, |init| init.bytes as f64);
    let shown = names(&viewer::rows(tab, table).await?);
    let same = bytes.len().min(shown.len()).min(5);
    ensure!(same > 0 && shown[..same] == bytes[..same], "{shown:?}, not {bytes:?}");

    // The costliest stands inside its phase, where its times are.
    let lane = "document.querySelector('.lane .init').closest('.lane')";
    let title = tab.eval("document.querySelector('.lane .init').title").await?;
    ensure!(title.as_str().is_some_and(|title| title.starts_with(&first.package)), "{title}");
    let inside = format!(
        "(() => {{
            const phase = {lane}.querySelector('.phase-bar').getBoundingClientRect();
            const init = {lane}.querySelector('.init').getBoundingClientRect();
            return init.left >= phase.left - 2 && init.right <= phase.right + 2;
        }})()"
    );
    ensure!(tab.eval(&inside).await? == true, "it is not in its phase");
    // A press on its time selects it.
    viewer::click(tab, "document.querySelector('.packages-table .moment')").await?;
    tab.until("document.querySelector('.range-chip') && true").await?;
    view::check_with_axe(tab, "packages").await
}
