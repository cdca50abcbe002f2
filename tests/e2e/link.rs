//! The channel between agent and viewer in a page that is busy when it opens, or in which nothing happens after that.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use xtask::server::Server;

use crate::harness::{Need, Scene, Tab, fixture_site};
use crate::{programs, viewer};

pub fn trials(scene: &Scene) -> Vec<Trial> {
    vec![
        // Elsewhere the viewer is as busy as the page.
        scene.needs(&[Need::OwnProcess]).trial("link: a page too busy to answer at once", piled_up),
        scene.trial("link: an idle page is not quiet", idle),
        scene.trial("link: stopped and started in an idle page", stops),
    ]
}

/// How long an idle page may take to be told to stop, and how often it may be kept from telling that it is there.
const SOON: Duration = Duration::from_secs(20);
const ROUNDS: u32 = 5;

const STATE: &str = "document.querySelector('.stage [role=status]')?.innerText";

/// A page that does nothing after its start, the viewer in it, entered.
async fn page(tab: &Tab) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(fixture_site(), &tab.tag("")).await?;
    viewer::visit(tab, &server.localhost_url("/view.html")).await?;
    viewer::enter(tab).await?;
    tab.until(&format!("{STATE} === 'recording'")).await?;
    Ok(server)
}

/// That the view says nothing but `recording` for five seconds; a machine that keeps both waiting gets another five.
async fn stays(tab: &Tab) -> Result<()> {
    let said = format!(
        "new Promise((done) => {{
            const said = new Set();
            const look = setInterval(() => said.add({STATE}), 50);
            setTimeout(() => (clearInterval(look), done([...said])), 5000);
        }})"
    );
    for round in 1.. {
        let said = tab.eval(&said).await?;
        if said == serde_json::json!(["recording"]) {
            break;
        }
        ensure!(round < ROUNDS, "{said}, {round} times");
    }
    Ok(())
}

async fn idle(tab: &Tab) -> Result<()> {
    let _server = page(tab).await?;
    stays(tab).await
}

/// The viewer says several times that it is ready before the page hears the first; the agent answers them all.
async fn piled_up(tab: &Tab) -> Result<()> {
    let busy = "{
        let heard = 0;
        addEventListener('message', ({ data }) => {
            if (data?.gopherscope !== 'ready' || (globalThis.readies = ++heard) > 1) return;
            for (const end = performance.now() + 4000; performance.now() < end; );
        });
    }";
    tab.browser.on_new_document(busy).await?;
    let _server = page(tab).await?;
    viewer::leave(tab).await?;
    let readies = tab.eval("readies").await?;
    ensure!(readies.as_u64() > Some(2), "ready {readies} times");
    viewer::enter(tab).await?;
    stays(tab).await
}

async fn stops(tab: &Tab) -> Result<()> {
    let _server = page(tab).await?;
    for turn in 0..10 {
        for (ask, state) in
            [("gopherscope.stop().then(() => 1)", "stopped"), ("gopherscope.start() ?? 1", "recording")]
        {
            viewer::leave(tab).await?;
            tab.eval(ask).await?;
            let asked = Instant::now();
            viewer::enter(tab).await?;
            while tab.eval(STATE).await? != state {
                ensure!(asked.elapsed() < SOON, "turn {turn}: not {state} after {} s", SOON.as_secs());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    Ok(())
}
