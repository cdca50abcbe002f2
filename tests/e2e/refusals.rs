//! Each refusal is told within 2 s of the page's own clock. That clock is the test's: nothing passes but what it lets pass, so
//! that a busy machine changes nothing.

use std::time::Duration;

use anyhow::{Context, Result};
use libtest_mimic::Trial;
use xtask::server::{Rule, Server, Site};

use crate::bookmark::{self, Bookmarks};
use crate::harness::{Scene, Tab, dist, fixture_site};
use crate::policies::{self, MINI, Route};
use crate::{programs, viewer};

/// By then it is told, ms.
const BOUND: u32 = 2000;

/// Timers and `performance.now()` of a page, which go on only as far as they are told to.
const CLOCK: &str = "{
  let t = 0, last = 0;
  const due = new Map(), native = setTimeout;
  const put = (every) => (act, ms = 0, ...args) => {
    ms = Math.max(Number(ms) || 0, every ? 1 : 0);
    due.set(++last, { at: t + ms, every: every && ms, act: () => act(...args) });
    return last;
  };
  globalThis.setTimeout = put(false);
  globalThis.setInterval = put(true);
  globalThis.clearTimeout = globalThis.clearInterval = (id) => void due.delete(id);
  globalThis.waiting = () => due.size;
  performance.now = () => t;
  globalThis.advance = async (to) => {
    for (;;) {
      let next;
      for (const [id, it] of due) if (it.at <= to && !(it.at >= next?.[1].at)) next = [id, it];
      if (!next) break;
      const [id, it] = next;
      t = Math.max(t, it.at);
      if (it.every) it.at += it.every;
      else due.delete(id);
      it.act();
      await new Promise((done) => native.call(globalThis, done));
    }
    t = to;
  };
  globalThis.loads = 0;
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    if (this.localName === 'gopherscope-overlay') {
      const seen = new WeakSet();
      const look = () => {
        for (const it of root.querySelectorAll('iframe[src]')) {
          if (!seen.has(it)) it.addEventListener('load', () => loads++);
          seen.add(it);
        }
      };
      new MutationObserver(look).observe(root, { childList: true, subtree: true });
    }
    return root;
  };
}";

pub fn trials(scene: &Scene) -> Vec<Trial> {
    let mut trials: Vec<Trial> = policies::refused()
        .map(|(name, headers, refused)| {
            scene.trial(&format!("refusals: {name}, within 2 s"), async move |tab| {
                let bookmarks = bookmark::take(tab, &tab.profiler().url("/")).await?;
                stop_clocks(tab).await?;
                for (route, notice) in &refused {
                    let policy = policy(tab, headers, &bookmarks, *route, *notice);
                    policy.await.with_context(|| format!("{route:?}"))?;
                }
                Ok(())
            })
        })
        .collect();
    trials.extend([
        scene.trial("refusals: a window that is blocked, within 2 s", window),
        scene.trial("refusals: a profiler that is silent, within 2 s", silent),
        scene.trial("refusals: a frame that is refused late, within 2 s", late),
    ]);
    trials
}

/// Of all pages from now on.
async fn stop_clocks(tab: &Tab) -> Result<()> {
    tab.browser.on_new_document(viewer::KEEP_ROOT).await?;
    tab.browser.on_new_document(CLOCK).await
}

async fn open(tab: &Tab, site: Site, tag: &str) -> Result<Server> {
    programs::build()?;
    let server = tab.serve(site, tag).await?;
    tab.visit(
        &server.localhost_url("/policy.html"),
        "globalThis.begin && document.readyState === 'complete'",
    )
    .await?;
    Ok(server)
}

const FRAMED: &str = "globalThis.overlayRoot && overlayRoot.querySelector('iframe') && true";
const NOTICE: &str = "document.querySelector('gopherscope-notice')?.textContent.length > 0";

/// The view is tried, at once.
async fn tried(tab: &Tab) -> Result<()> {
    tab.eval("begin().then(() => true, () => false)").await?;
    tab.until(&format!("advance(0).then(() => {FRAMED})")).await
}

/// Lets the bound pass: what is then to be waited for comes without any more time.
async fn told(tab: &Tab) -> Result<()> {
    tried(tab).await?;
    tab.eval(&format!("advance({BOUND})")).await?;
    tab.until(&format!("{MINI}?.querySelector('p')?.textContent.endsWith('.')")).await?;
    assert_eq!(tab.eval("performance.now()").await?, f64::from(BOUND));
    Ok(())
}

async fn policy(
    tab: &Tab,
    headers: &[(&str, &str)],
    bookmarks: &Bookmarks,
    route: Route,
    notice: bool,
) -> Result<()> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let site = fixture_site().rule("*", Rule { headers, ..Rule::default() });
    let tag = if route == Route::Tag { tab.tag("nonce=\"n\"") } else { String::new() };
    let _server = open(tab, site, &tag).await?;
    match route {
        Route::Tag => {}
        Route::Loader => bookmark::click(tab, &bookmarks.loader).await?,
        Route::Whole => bookmark::click(tab, &bookmarks.whole).await?,
    }
    if notice {
        // A bookmark's click may come after the driver's answer.
        tab.until("waiting() > 0").await?;
        tab.eval(&format!("advance({BOUND})")).await?;
        return tab.until(NOTICE).await;
    }
    told(tab).await
}

async fn window(tab: &Tab) -> Result<()> {
    stop_clocks(tab).await?;
    tab.browser.on_new_document("globalThis.open = () => null").await?;
    let rule = Rule { headers: vec![(policies::CSP.into(), "frame-src 'none'".into())], ..Rule::default() };
    let _server = open(tab, fixture_site().rule("*", rule), &tab.tag("")).await?;
    told(tab).await?;
    policies::press_for_window(tab).await?;
    tab.eval(&format!("advance({})", 2 * BOUND)).await?;
    tab.until(&format!("{MINI}?.querySelector('p')?.textContent.includes('pop-ups')")).await
}

/// A page that has loaded gets the agent of a profiler that answers by `rule` when it is asked for the view.
async fn attach(tab: &Tab, rule: Rule) -> Result<[Server; 2]> {
    let profiler = Server::start(Site::new(dist()).rule("/", rule), 0).await?;
    stop_clocks(tab).await?;
    let page = open(tab, fixture_site(), "").await?;
    let src = profiler.url("/agent.js");
    let add =
        format!("document.head.append(Object.assign(document.createElement('script'), {{ src: {src:?} }}))");
    tab.eval(&format!("void {add}")).await?;
    tried(tab).await?;
    Ok([profiler, page])
}

async fn silent(tab: &Tab) -> Result<()> {
    let delay = Duration::from_secs(3600);
    let _servers = attach(tab, Rule { delay, ..Rule::default() }).await?;
    told(tab).await
}

/// The refusal of the first frame takes so long that there is little time left for another kind of frame.
async fn late(tab: &Tab) -> Result<()> {
    let delay = Duration::from_secs(2);
    let headers = vec![("x-frame-options".into(), "DENY".into())];
    let _servers = attach(tab, Rule { headers, delay, ..Rule::default() }).await?;
    tab.eval("advance(1150)").await?;
    tab.until("loads > 0").await?;
    told(tab).await
}
