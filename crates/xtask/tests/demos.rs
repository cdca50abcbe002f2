//! Every demo page, run in a browser without the agent: its program must work by itself, in both variants,
//! and show it. Leaves screenshots for people to look at.

use std::time::Duration;

use anyhow::Result;
use xtask::browser::{Browser, Scheme};
use xtask::build::demos;
use xtask::demo::SCRIPT;
use xtask::paths;
use xtask::server::{Server, Site};
use xtask::tools::npm::Npm;

const PATIENCE: Duration = Duration::from_secs(60);

/// Page, and what is true of it once its program does its work.
const PAGES: [(&str, &str); 32] = [
    ("", "document.links.length === 31"),
    ("bridge/?variant=sick", "document.getElementById('cell-1119')?.textContent"),
    ("bridge/?variant=healthy", "document.getElementById('cell-1119')?.textContent"),
    ("copy/?variant=sick", "document.getElementById('rate').textContent !== '–'"),
    ("copy/?variant=healthy", "document.getElementById('rate').textContent !== '–'"),
    ("elements/?variant=sick", "document.getElementById('took').textContent !== '–'"),
    ("elements/?variant=healthy", "document.getElementById('took').textContent !== '–'"),
    ("startup/?variant=sick", "document.getElementById('log').rows.length > 3"),
    ("startup/?variant=healthy", "document.getElementById('log').rows.length > 3"),
    ("loading/?variant=sick", "document.getElementById('month').textContent.includes(' Mo Tu ')"),
    ("loading/?variant=healthy", "document.getElementById('month').textContent.includes(' Mo Tu ')"),
    ("headers/?variant=sick", "document.getElementById('cities').rows.length === 6"),
    ("headers/?variant=healthy", "document.getElementById('cities').rows.length === 6"),
    ("leak/?variant=sick", "parseInt(document.getElementById('refs').textContent) > 400"),
    ("leak/?variant=healthy", "document.getElementById('made').textContent === '20'"),
    ("values/?variant=sick", "parseInt(document.getElementById('refs').textContent) > 400"),
    ("values/?variant=healthy", "parseInt(document.getElementById('made').textContent) > 200"),
    ("churn/?variant=sick", "parseInt(document.getElementById('cycles').textContent) > 2"),
    ("churn/?variant=healthy", "document.getElementById('cycles').textContent === '0/s'"),
    ("steps/?variant=sick", "document.getElementById('sum').textContent === '…190080'"),
    ("steps/?variant=healthy", "document.getElementById('sum').textContent === '…190080'"),
    ("flood/?variant=sick", "document.getElementById('found').rows.length > 3"),
    ("flood/?variant=healthy", "document.getElementById('found').rows.length > 3"),
    ("hog/?variant=sick", "document.getElementById('took').textContent !== '–'"),
    ("hog/?variant=healthy", "document.getElementById('took').textContent !== '–'"),
    ("goroutines/?variant=sick", "parseInt(document.getElementById('took').textContent) > 200"),
    ("goroutines/?variant=healthy", "parseFloat(document.getElementById('took').textContent) < 50"),
    ("timing/?variant=sick", "document.getElementById('measures').rows.length === 3"),
    ("timing/?variant=healthy", "document.getElementById('measures').rows.length === 3"),
    ("crash/?variant=sick", "document.getElementById('state').textContent === 'running'"),
    (
        "crash/?variant=healthy",
        "(document.getElementById('count').click(), document.getElementById('the').textContent === '6 times')",
    ),
    ("esbuild/", "document.getElementById('files').textContent === '24'"),
];

const LOOKS: [(&str, u32, Scheme); 2] = [("dark", 1280, Scheme::Dark), ("narrow", 420, Scheme::Light)];

#[tokio::test(flavor = "multi_thread")]
async fn every_demo_page_runs() {
    demos::build(&Npm::install().unwrap()).unwrap();
    let tag = format!("<script src=\"{SCRIPT}\"></script>");
    let site = Site::default().mount("/demos/", paths::demos()).replace(&tag, "");
    let server = Server::start(site, 0).await.unwrap();
    let (some, others) = PAGES.split_at(PAGES.len() / 2);
    tokio::try_join!(run(&server, some), run(&server, others)).unwrap();
    shows_its_code(&server).await.unwrap();
}

async fn run(server: &Server, pages: &[(&str, &str)]) -> Result<()> {
    let browser = Browser::start(&[]).await?;
    for (page, works) in pages {
        browser.open(&server.localhost_url(&format!("/demos/{page}"))).await?;
        browser.wait_for(works, PATIENCE).await?;
        // The figures change once a second.
        tokio::time::sleep(Duration::from_millis(1000)).await;
        for (look, width, scheme) in LOOKS {
            browser.view(width, 800, scheme).await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            let wide = browser.eval("document.documentElement.scrollWidth > innerWidth").await?;
            assert_eq!(wide, false, "{page} scrolls sideways at {width} px");
            let name = page.replace("/?variant=", "-").replace('/', "");
            let name = if name.is_empty() { "index" } else { &name };
            browser.screenshot(&format!("demo-{name}-{look}")).await?;
        }
        let console = browser.console().await?;
        assert!(console.is_empty(), "{page}: {console:?}");
    }
    browser.close().await
}

async fn shows_its_code(server: &Server) -> Result<()> {
    let browser = Browser::start(&[]).await?;
    browser.open(&server.localhost_url("/demos/crash/?variant=sick")).await?;
    browser.wait_for("!document.getElementById('count').disabled", PATIENCE).await?;
    browser.eval("document.getElementById('count').click()").await?;
    let ended = "document.getElementById('state').textContent === 'ended with code 2'";
    browser.wait_for(ended, PATIENCE).await?;
    browser.screenshot("demo-crash-ended").await?;
    browser.close().await
}

#[test]
fn the_readme_shows_the_package_that_the_demo_uses() {
    let read = |path: &str| std::fs::read_to_string(paths::in_root(path)).unwrap();
    assert!(read("README.md").contains(&read("demo/timing/usertiming/usertiming.go")));
}
