//! What the tests share: the profiler's site, browsers that are used again, one tab a test, and pages with the agent.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use libtest_mimic::{Completion, Failed, Trial};
use serde_json::Value;
use session::Session;
use tokio::runtime::Runtime;
use xtask::browser::{Browser, ConsoleLine, Engine};
use xtask::paths;
use xtask::server::{Rule, Server, Site};

/// How long a page may take to do what a test waits for.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Stands in the fixture pages where the agent's script tag goes.
const TAG: &str = "<!--agent-->";

/// Where all tests take place.
#[derive(Clone)]
pub struct Scene {
    shared: Arc<Shared>,
    needs: Vec<Need>,
}

/// What a test asks of the browser, beyond what WebDriver and the standards give everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// DevTools commands: processes that crash, media that are printed, a preferred color scheme.
    DevTools,
    /// Downloads that end in a folder of ours.
    Downloads,
    /// Entries for long tasks.
    LongTasks,
    /// Frames without the credentials of their site.
    Credentialless,
    /// A process of its own for a frame of another site.
    OwnProcess,
    /// Tasks with priorities: `scheduler.postTask`.
    Priorities,
    /// A window that the driver finds again once a page has left its frame for it.
    SameWindow,
    /// Status, type and encoding of a request, as told to the page.
    Requests,
    /// Pictures, taken in Chromium and Firefox alone.
    Pictures,
    /// Time for pictures that only people look at.
    AllPictures,
    /// `cargo xtask record`, which drives a browser of its own.
    Record,
}

impl Need {
    /// Why a test that needs it cannot run; `None` where it can.
    fn refused(self, engine: Engine) -> Option<&'static str> {
        match (self, engine) {
            (Self::AllPictures, _) => {
                (!all_pictures()).then_some("only people look at it: taken where PICTURES=all asks for it")
            }
            (_, Engine::Chromium)
            | (
                Self::SameWindow
                | Self::Requests
                | Self::Pictures
                | Self::Downloads
                | Self::OwnProcess
                | Self::Priorities,
                Engine::Firefox,
            ) => None,
            (Self::OwnProcess, _) => Some("this engine has frames of all sites on the page's own thread"),
            (Self::Priorities, _) => Some(
                "in this engine tasks have no priorities; that the figure is a bound is a test of its own",
            ),
            (Self::SameWindow, _) => {
                Some("where a page leaves its frame, this engine's driver loses the window")
            }
            (Self::Requests, _) => Some("this engine tells less of a page's requests"),
            (Self::Pictures, _) => Some("pictures are taken in Chromium and Firefox alone so far"),
            (Self::Downloads, _) => Some("this engine's driver cannot say where downloads go"),
            (Self::DevTools, _) => Some("needs DevTools commands, which WebDriver has not"),
            (Self::LongTasks, _) => {
                Some("this engine tells no long tasks; that it says so is a test of its own")
            }
            (Self::Credentialless, _) => Some("this engine has no frames without credentials"),
            (Self::Record, _) => Some("the command drives Chromium, and is tried there"),
        }
    }
}

/// Whether the environment variable `PICTURES` asks for `all`: each of a busy page takes seconds.
pub fn all_pictures() -> bool {
    std::env::var("PICTURES").is_ok_and(|it| it == "all")
}

struct Shared {
    engine: Engine,
    runtime: Runtime,
    profiler: Server,
    idle: Mutex<Vec<Browser>>,
    ran: Mutex<Vec<Ran>>,
}

/// A test that passed in the end.
struct Ran {
    named: String,
    took: Duration,
    /// How often it had failed before.
    failed: u32,
}

impl Scene {
    /// Serves what `cargo xtask build` has built.
    pub fn new(engine: Engine) -> Result<Self> {
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
        let (idle, ran) = (Mutex::default(), Mutex::default());
        Ok(Self { shared: Arc::new(Shared { engine, runtime, profiler, idle, ran }), needs: Vec::new() })
    }

    /// One test: it gets a tab of its own. One that fails is tried again, in a fresh browser, and said to have been.
    pub fn trial<F>(&self, name: &str, test: F) -> Trial
    where
        F: AsyncFn(&Tab) -> Result<()> + Send + 'static,
    {
        let scene = self.clone();
        let engine = self.shared.engine;
        let named = match engine {
            Engine::Chromium => name.to_owned(),
            Engine::Firefox | Engine::WebKit => format!("{}: {name}", engine.name()),
        };
        Trial::ignorable_test(named.clone(), move || {
            if let Some(why) = scene.needs.iter().find_map(|need| need.refused(engine)) {
                return Ok(Completion::ignored_with(why));
            }
            let (mut failed, start) = (0, Instant::now());
            while let Err(error) = scene.run(&test) {
                failed += 1;
                if failed == tries(engine) {
                    return Err(Failed::from(format!("{error:#}")));
                }
                eprintln!("{named}: failed, and is tried again: {error:#}");
            }
            let ran = Ran { named: named.clone(), took: start.elapsed(), failed };
            scene.shared.ran.lock().unwrap_or_else(PoisonError::into_inner).push(ran);
            Ok(Completion::Completed)
        })
    }

    /// The same place, for tests that run only where the engine has these.
    pub fn needs(&self, needs: &[Need]) -> Self {
        let needs = [&self.needs, needs].concat();
        Self { needs, ..self.clone() }
    }

    fn run(&self, test: &impl AsyncFn(&Tab) -> Result<()>) -> Result<()> {
        let attempt = || {
            self.shared.runtime.block_on(async {
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
        &self.shared.profiler
    }

    /// Ends the browsers; tells which tests passed at a later try only, and which took longest.
    pub fn close(self) {
        let mut ran = std::mem::take(&mut *self.shared.ran.lock().unwrap_or_else(PoisonError::into_inner));
        ran.sort_by_key(|it| Reverse(it.took));
        let slowest =
            ran.iter().take(SLOWEST).map(|it| format!("{} {:.0} s", it.named, it.took.as_secs_f64()));
        eprintln!("slowest: {}\n", slowest.collect::<Vec<_>>().join(", "));
        let again: Vec<_> = ran.iter().filter(|it| it.failed > 0).map(|it| it.named.as_str()).collect();
        if !again.is_empty() {
            eprintln!("passed at a later try only: {}\n", again.join(", "));
        }
        let idle = std::mem::take(&mut *self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner));
        self.shared.runtime.block_on(async {
            for browser in idle {
                browser.close().await.ok();
            }
        });
    }
}

/// How many of the slowest tests are named.
const SLOWEST: usize = 12;

/// How often a test is tried: a busy machine fails some, and more in WebKit, whose clock is coarse.
const fn tries(engine: Engine) -> u32 {
    match engine {
        Engine::Chromium | Engine::Firefox => 3,
        Engine::WebKit => 5,
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
        let idle = scene.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let browser = match idle {
            Some(browser) => browser,
            None => Browser::of(scene.shared.engine).await?,
        };
        // A WebKit is never used again, and draws nothing in tabs beside its first.
        if browser.engine() != Engine::WebKit {
            let tab = browser.driver().new_tab().await?;
            browser.driver().switch_to_window(tab).await?;
        }
        let this = Self { browser, scene };
        this.browser.forget().await?;
        this.forget_layout().await?;
        this.console().await?;
        Ok(this)
    }

    /// A viewer remembers where it was put and its colours, for itself and for pages at `localhost`.
    async fn forget_layout(&self) -> Result<()> {
        if self.browser.engine() == Engine::Chromium {
            self.browser.devtools("Page.bringToFront", serde_json::json!({})).await?;
            let own = self.profiler().url("/");
            for key in [format!("{own}^0http://localhost"), own] {
                let what = serde_json::json!({ "storageKey": key, "storageTypes": "all" });
                self.browser.devtools("Storage.clearDataForStorageKey", what).await?;
            }
        }
        Ok(())
    }

    async fn close(self) -> Result<()> {
        let Self { browser, scene } = self;
        if browser.engine() == Engine::WebKit {
            return browser.close().await;
        }
        browser.preload().clear();
        let driver = browser.driver();
        driver.enter_default_frame().await?;
        driver.close_window().await?;
        let first = driver.windows().await?.into_iter().next().context("the first tab is gone")?;
        driver.switch_to_window(first).await?;
        scene.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).push(browser);
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
        Server::start(site.replace(TAG, tag).preload(self.browser.preload()), 0).await
    }

    /// Opens a page and waits until `ready` is truthy in it.
    pub async fn visit(&self, url: &str, ready: &str) -> Result<()> {
        self.browser.open(url).await?;
        self.until(ready).await
    }

    /// How long a page may take: WebKit has the viewer on the page's own thread, of which that takes little.
    pub fn patience(&self) -> Duration {
        if self.browser.engine() == Engine::WebKit { 2 * PATIENCE } else { PATIENCE }
    }

    /// Waits until `ready` is truthy in the page; tells the console where it never is.
    pub async fn until(&self, ready: &str) -> Result<()> {
        if let Err(error) = self.browser.wait_for(ready, self.patience()).await {
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
