//! What the tests share: the profiler's site, browsers that are used again, one tab a test, and pages with the agent.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use session::Session;
use tokio::runtime::Runtime;
use xtask::browser::{Browser, ConsoleLine};
use xtask::paths;
use xtask::server::{Rule, Server, Site};

/// How long a page may take to do what a test waits for.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Stands in the fixture pages where the agent's script tag goes.
const TAG: &str = "<!--agent-->";

/// Where all tests take place.
#[derive(Clone)]
pub struct Scene(Arc<Shared>);

struct Shared {
    runtime: Runtime,
    profiler: Server,
    idle: Mutex<Vec<Browser>>,
    again: Mutex<Vec<String>>,
}

impl Scene {
    /// Serves what `cargo xtask build` has built.
    pub fn new() -> Result<Self> {
        let dist = dist();
        for file in ["index.html", "agent.js", "demos/bridge/sick.wasm", "demos/esbuild/index.html"] {
            ensure!(dist.join(file).is_file(), "no dist/{file}: run `cargo xtask build` first");
        }
        let runtime = Runtime::new()?;
        let shared = Rule {
            headers: vec![("cross-origin-resource-policy".into(), "cross-origin".into())],
            ..Rule::default()
        };
        let profiler = runtime.block_on(Server::start(Site::new(dist).rule("/*", shared), 0))?;
        Ok(Self(Arc::new(Shared { runtime, profiler, idle: Mutex::default(), again: Mutex::default() })))
    }

    /// One test: it gets a tab of its own. One that fails is tried once more, and said to have been.
    pub fn trial<F>(&self, name: &str, test: F) -> Trial
    where
        F: AsyncFn(&Tab) -> Result<()> + Send + 'static,
    {
        let scene = self.clone();
        let named = name.to_owned();
        Trial::test(name, move || {
            let Err(first) = scene.run(&test) else { return Ok(()) };
            eprintln!("{named}: failed, and is tried once more: {first:#}");
            scene.run(&test).map_err(|error| Failed::from(format!("{error:#}")))?;
            scene.0.again.lock().unwrap_or_else(PoisonError::into_inner).push(named);
            Ok(())
        })
    }

    fn run(&self, test: &impl AsyncFn(&Tab) -> Result<()>) -> Result<()> {
        let attempt = || {
            self.0.runtime.block_on(async {
                let tab = Tab::open(self.clone()).await?;
                test(&tab).await?;
                // A browser in which a test failed is not used again: it is dropped on the way out.
                tab.close().await
            })
        };
        // What it leaves behind is its tab, which is dropped.
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            Err(anyhow!("{}", said.or(panic.downcast_ref::<&str>().copied()).unwrap_or("panicked")))
        })
    }

    /// The profiler's own site.
    pub fn profiler(&self) -> &Server {
        &self.0.profiler
    }

    /// Ends the browsers; tells which tests passed at their second try only.
    pub fn close(self) {
        let again = std::mem::take(&mut *self.0.again.lock().unwrap_or_else(PoisonError::into_inner));
        if !again.is_empty() {
            eprintln!("passed at the second try: {}\n", again.join(", "));
        }
        let idle = std::mem::take(&mut *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.runtime.block_on(async {
            for browser in idle {
                browser.close().await.ok();
            }
        });
    }
}

/// A fresh tab.
pub struct Tab {
    /// The browser it is in, for all that concerns the page in it.
    pub browser: Browser,
    scene: Scene,
}

impl Tab {
    async fn open(scene: Scene) -> Result<Self> {
        let idle = scene.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let browser = match idle {
            Some(browser) => browser,
            None => Browser::start(&[]).await?,
        };
        let driver = browser.driver();
        let tab = driver.new_tab().await?;
        driver.switch_to_window(tab).await?;
        browser.devtools("Page.bringToFront", serde_json::json!({})).await?;
        browser.console().await?;
        let this = Self { browser, scene };
        this.forget_layout().await?;
        Ok(this)
    }

    /// A viewer remembers for pages at `localhost` where it was put.
    async fn forget_layout(&self) -> Result<()> {
        let key = format!("{}/^0http://localhost", self.profiler().url(""));
        let what = serde_json::json!({ "storageKey": key, "storageTypes": "all" });
        self.browser.devtools("Storage.clearDataForStorageKey", what).await?;
        Ok(())
    }

    async fn close(self) -> Result<()> {
        let Self { browser, scene } = self;
        let driver = browser.driver();
        driver.enter_default_frame().await?;
        driver.close_window().await?;
        let first = driver.windows().await?.into_iter().next().context("the first tab is gone")?;
        driver.switch_to_window(first).await?;
        scene.0.idle.lock().unwrap_or_else(PoisonError::into_inner).push(browser);
        Ok(())
    }

    /// The profiler's own site.
    pub fn profiler(&self) -> &Server {
        self.scene.profiler()
    }

    /// The agent's script tag; `attributes` as in HTML.
    pub fn tag(&self, attributes: &str) -> String {
        format!("<script src=\"{}\" {attributes}></script>", self.profiler().url("/agent.js"))
    }

    /// Serves `site`, `tag` where its pages leave room for the agent.
    pub async fn serve(&self, site: Site, tag: &str) -> Result<Server> {
        Server::start(site.replace(TAG, tag), 0).await
    }

    /// Opens a page and waits until `ready` is truthy in it.
    pub async fn visit(&self, url: &str, ready: &str) -> Result<()> {
        self.browser.open(url).await?;
        self.until(ready).await
    }

    /// Waits until `ready` is truthy in the page; tells the console where it never is.
    pub async fn until(&self, ready: &str) -> Result<()> {
        if let Err(error) = self.browser.wait_for(ready, PATIENCE).await {
            bail!("{error:#}; console: {:#?}", self.console().await?);
        }
        Ok(())
    }

    /// The value of an expression in the page.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        self.browser.eval(expression).await.with_context(|| format!("evaluating {expression}"))
    }

    /// The session that an expression in the page gives.
    pub async fn session(&self, expression: &str) -> Result<Session> {
        let json = self.eval(&format!("({expression}).then((session) => JSON.stringify(session))")).await?;
        Ok(session::file::read(json.as_str().context("no session")?.as_bytes())?)
    }

    /// What the page wrote to its console since the last call.
    pub async fn console(&self) -> Result<Vec<ConsoleLine>> {
        self.browser.console().await
    }
}

/// What `cargo xtask build` has built.
pub fn dist() -> std::path::PathBuf {
    paths::dist()
}

/// The fixture pages at the top of a site, and the Go programs they run.
pub fn fixture_site() -> Site {
    Site::new(paths::in_root("tests/fixtures/site")).mount("/go/", crate::programs::folder())
}
