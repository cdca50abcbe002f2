//! `cargo xtask build`: writes `dist/`, a static site for any host and any sub-path.
//!
//! ```text
//! dist/index.html, *.js, *.wasm, *.css   the app, by Trunk
//! dist/agent.js, gopherscope.d.ts        the agent, one classic script, and its types
//! dist/demos/<name>/                     Go programs that misbehave on purpose, and esbuild
//! dist/demos/bridge.gopherscope.json.gz  a recording of one of them
//! ```
//! Each part is built under `target/` and copied when it changed; each skips itself when its inputs did not.

pub mod agent;
mod app;
pub mod demos;
pub mod sizes;
mod text;

use std::path::Path;

use anyhow::Result;

use crate::server::{Server, Site};
use crate::step::say;
use crate::tools::{browser, npm::Npm};
use crate::{fresh, paths, record};

/// The command: the site, and a recording of a demo where there is a browser to make it.
pub async fn all() -> Result<()> {
    site()?;
    match browser::chromium() {
        Ok(_) => recording().await,
        Err(why) => {
            say(&format!("No recording in dist/: {why}"));
            Ok(())
        }
    }
}

/// Builds all but the recording, and prints the sizes of what pages load.
pub fn site() -> Result<()> {
    let npm = Npm::install()?;
    parts(&npm)?;
    app::build(&npm)?;
    copy_parts(&paths::dist())?;
    for line in sizes::measure()? {
        say(&line.to_string());
    }
    Ok(())
}

/// The internal `cargo xtask agent`: everything but the app, put into the folder that Trunk is filling
/// (`TRUNK_STAGING_DIR`), or into `dist/`.
pub fn beside_the_app() -> Result<()> {
    parts(&Npm::install()?)?;
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map_or_else(paths::dist, Into::into);
    copy_parts(&staging)
}

/// Builds the agent's script, all that a recording needs.
pub fn agent_only() -> Result<()> {
    agent::build(&Npm::install()?)
}

fn parts(npm: &Npm) -> Result<()> {
    agent::build(npm)?;
    demos::build(npm)
}

fn copy_parts(site: &Path) -> Result<()> {
    fresh::copy(&agent::script(), &site.join("agent.js"))?;
    fresh::copy(&paths::in_root("crates/agent/gopherscope.d.ts"), &site.join("gopherscope.d.ts"))?;
    fresh::copy(&paths::demos(), &site.join("demos"))
}

/// Records the sick bridge for a few seconds, once for each agent and program.
async fn recording() -> Result<()> {
    let out = paths::dist().join("demos/bridge.gopherscope.json.gz");
    let inputs = fresh::Inputs::new().tree(&agent::script()).tree(&paths::demos().join("bridge"));
    if fresh::known("recording", &inputs, std::slice::from_ref(&out)) {
        return Ok(());
    }
    let server = Server::start(Site::default().mount("/demos/", paths::demos()), 0).await?;
    let target = server.url("/demos/bridge/");
    let recorded =
        record::record(&record::Options { target, seconds: 5.0, export: Some("session".into()) }).await?;
    fresh::write(&out, &recorded.exported.unwrap_or_default())?;
    fresh::remember("recording", &inputs)
}
