//! `cargo xtask demo`: the profiler and its targets, on two hosts. A browser gives two sites two processes, so
//! that the viewer in its frame does not take time from the target.

use std::time::Duration;

use anyhow::Result;

use crate::build;
use crate::paths;
use crate::server::{self, Drip, Preload, Rule, Server, Site};
use crate::step::{paint, say};

/// The demo pages' script tag as it stands in their source; served on another host, it must name the profiler's.
pub const SCRIPT: &str = "../../agent.js";

/// The profiler's site and the targets', running.
pub struct Running {
    /// Serves `dist/`; use its 127.0.0.1 URLs.
    pub profiler: Server,
    /// Serves the demo pages; use its localhost URLs.
    pub targets: Server,
}

/// Serves what was built: the profiler on `port` (0 for any free one), the targets, with these scripts, on another.
pub async fn serve(port: u16, preload: &Preload) -> Result<Running> {
    let listener = server::listen(port).await?;
    let agent = format!("http://{}/agent.js", listener.local_addr()?);
    // On a slow line it matters that a module is not compressed.
    let slow = Some(Drip { bytes: 128 << 10, pause: Duration::from_millis(15) });
    let plain = Rule { gzip: false, drip: slow, ..Rule::hosted() };
    // This server's own way is to let browsers keep nothing.
    let unkept = Rule { gzip: true, ..Rule::default() };
    let site = Site::default()
        .mount("/demos/", paths::dist().join("demos"))
        .replace(SCRIPT, &agent)
        .rule("/demos/*", Rule::hosted())
        .rule("/demos/loading/sick.wasm", plain)
        .rule("/demos/headers/sick.bin", unkept)
        .preload(preload);
    let targets = Server::start(site, 0).await?;
    // The profiler's own link to the demos leads to the other host, too.
    let elsewhere = vec![("Location".to_owned(), targets.localhost_url("/demos/"))];
    let redirect = Rule { status: Some(307), headers: elsewhere, ..Rule::default() };
    let profiler = Server::on(listener, Site::new(paths::dist()).rule("/demos/", redirect))?;
    Ok(Running { profiler, targets })
}

/// Builds everything, serves it, and prints the URLs; ends with Ctrl-C.
pub async fn run(port: u16) -> Result<()> {
    build::site()?;
    let running = serve(port, &Preload::default()).await?;
    println!("Profiler  {}", running.profiler.url("/"));
    println!("Targets   {}", running.targets.localhost_url("/demos/"));
    for name in build::demos::PROGRAMS {
        let page = running.targets.localhost_url(&format!("/demos/{name}/"));
        println!("          {}", paint("1", &page));
    }
    println!("          {}", running.targets.localhost_url("/demos/esbuild/"));
    say("Open a target: the profiler docks in its page. Ctrl-C ends.");
    tokio::signal::ctrl_c().await?;
    Ok(())
}
