//! What the pages load: Go programs, the agent, and the parts of it that two rows call directly.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use gowasm::{Locator, Symbols, Tables};
use protocol::{Frame, Hello, Import, Instance, ModuleTables, NO_MEMBER, NO_PARENT, Node, Samples, Segment};

use super::tracks;
use crate::build::agent;
use crate::demo;
use crate::fresh;
use crate::paths;
use crate::server::Site;
use crate::step::step;
use crate::tools::{go::Go, npm::Npm};

/// Where everything about this command lies.
const HERE: &str = "crates/xtask/src/bench";
const PROGRAMS: [&str; 4] = ["mix", "compute", "start", "deep"];
/// Pages that are measured with and without the agent: as they are, and as `plain-<name>.html`.
const PAIRED: [&str; 6] = ["mix", "late", "compute", "start", "overlay", "hour"];
/// Where paired pages get the agent, and how: alone, or with the view.
const PLACE: &str = "<!-- agent -->";
const AGENT: &str = r#"<script src="agent.js" data-ui="none"></script>"#;
const AGENT_AND_VIEW: &str =
    r#"<script src="kept-root.js"></script><script src="AGENT" data-ui="overlay"></script>"#;
/// Distinct stacks in the frame whose names are timed, each one PC more than another.
pub(super) const STACKS: u32 = 2000;

/// The folder that is served.
pub(super) fn folder() -> PathBuf {
    paths::in_root("target/bench/site")
}

/// The pages, and the demos with a script before the agent. The agent that shows the view is at `agent`.
pub(super) fn pages(agent: &str) -> Site {
    let demo = format!(
        r#"<script src="/kept-root.js"></script><script src="/picture.js"></script><script src="{agent}">"#
    );
    Site::new(folder())
        .mount("/demos/", paths::demos())
        .replace(&format!(r#"<script src="{}">"#, demo::SCRIPT), &demo)
        .replace(r#""AGENT""#, &format!(r#""{agent}""#))
}

/// The built site, its pages watched.
pub(super) fn viewer() -> Result<Site> {
    let watch = read(&paths::in_root(HERE).join("pages/viewer.js"))?;
    let head = r#"<head><script src="./bench-viewer.js"></script>"#;
    Ok(Site::new(paths::dist()).page("/bench-viewer.js", watch).replace("<head>", head))
}

/// Fills the folder. The agent must have been built.
pub(super) fn build(npm: &Npm) -> Result<()> {
    let (go, site) = (Go::exactly(crate::tools::go::CURRENT)?, folder());
    step(&format!("Building the programs to measure with Go {}", go.version), || {
        for name in PROGRAMS {
            let programs = paths::in_root(HERE).join("programs");
            go.build(&programs, &format!("./{name}"), &site.join(format!("{name}.wasm")), &[])?;
        }
        fresh::copy(&go.wasm_exec()?, &site.join("wasm_exec.js"))
    })?;
    copy_pages(&site)?;
    fresh::copy(&agent::script(), &site.join("agent.js"))?;
    fresh::copy(&agent::core_module(), &site.join("core.wasm"))?;
    agent::bundle_with_recorder(npm, &format!("{HERE}/pages/unwind.js"), &site.join("unwind.js"))?;
    let esbuild = read(&npm.path("esbuild-wasm/esbuild.wasm"))?;
    fresh::write(&site.join("frame.bin"), &frame(&esbuild)?.encode()?)
}

/// Copies the pages, the paired ones twice.
fn copy_pages(site: &Path) -> Result<()> {
    let pages = paths::in_root(HERE).join("pages");
    for name in [
        "bench.js",
        "mix.js",
        "hour.js",
        "kept-root.js",
        "picture.js",
        "tracks.js",
        "install.html",
        "attach.html",
        "unwind.html",
        "names.html",
    ] {
        fresh::copy(&pages.join(name), &site.join(name))?;
    }
    fresh::copy(&paths::in_root("styles"), &site.join("styles"))?;
    for name in ["tracks.html", "uplot.html"] {
        let page =
            String::from_utf8(read(&pages.join(name))?)?.replace("<!-- styles -->", &tracks::styles()?);
        fresh::write(&site.join(name), page.as_bytes())?;
    }
    for name in PAIRED {
        let plain = String::from_utf8(read(&pages.join(format!("{name}.html")))?)?;
        fresh::write(&site.join(format!("plain-{name}.html")), plain.as_bytes())?;
        let with = plain.replace(PLACE, if name == "overlay" { AGENT_AND_VIEW } else { AGENT });
        if with == plain {
            bail!("{name}.html has no place for the agent");
        }
        fresh::write(&site.join(format!("{name}.html")), with.as_bytes())?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// A recording's first frame: the tables of `module`, and a sample for each of [`STACKS`] stacks. Stack k is a PC
/// of its own on top of stack (k-1)/2, so that stacks are about ten deep and share
/// callers as those of programs do.
fn frame(module: &[u8]) -> Result<Frame> {
    let image = gowasm::Module::parse(module)?.image;
    let data = Locator::new().scan(&image)?.context("no Go tables in esbuild.wasm")?;
    let segment = |(addr, end): (u64, u64)| -> Result<Segment> {
        Ok(Segment { addr, bytes: image.slice(addr, end - addr)?.to_vec() })
    };
    let segments = vec![segment(data.tables_range())?, segment(data.own_range())?];
    let pcs = pcs(Tables::new(image.clone(), data))?;
    let parent = |k: u32| k.checked_sub(1).map_or(NO_PARENT, |above| above / 2);
    let count = STACKS as usize;
    let samples = Samples {
        t: (0..STACKS).map(f64::from).collect(),
        node: (0..STACKS).collect(),
        import: vec![0; count],
        member: vec![NO_MEMBER; count],
        weight: vec![1.0; count],
        time_ms: vec![0.001; count],
        bytes: vec![f64::NAN; count],
        goid: vec![1; count],
    };
    let instance = Instance {
        imports: vec![(0, Import { name: "syscall/js.valueCall".to_owned(), ..Import::default() })],
        nodes: (0..STACKS).map(|k| Node { parent: parent(k), pc: k }).collect(),
        pcs,
        samples,
        ..Instance::default()
    };
    Ok(Frame {
        t: f64::from(STACKS),
        hello: Some(Hello { recorder: true, ..Hello::default() }),
        modules: vec![protocol::Module { compiler: "go".to_owned(), ..protocol::Module::default() }],
        tables: vec![ModuleTables { module: 0, segments, moduledata: data.addr }],
        instances: vec![instance],
        ..Frame::default()
    })
}

/// [`STACKS`] return PCs that have names, scattered over all functions and the first calls in them.
fn pcs(tables: Tables) -> Result<Vec<u64>> {
    /// Prime, so that its multiples visit every function.
    const STRIDE: usize = 7919;
    let entries: Vec<_> = tables.funcs().filter_map(|id| Some((id, tables.entry(id)?))).collect();
    let scattered = (0..entries.len()).map(|k| (entries[k * STRIDE % entries.len()], 1 + k as u32 % 8));
    let calling =
        scattered.filter(|&((id, _), block)| tables.frame_size(id, block).is_some_and(|size| size > 0));
    let calling: Vec<u64> = calling.map(|((_, entry), block)| entry | u64::from(block)).collect();
    let mut symbols = Symbols::new(tables);
    let named = calling.into_iter().filter(|&pc| !symbols.frames(pc).is_empty());
    let pcs: Vec<u64> = named.take(STACKS as usize).collect();
    match pcs.len() {
        enough if enough == STACKS as usize => Ok(pcs),
        few => bail!("esbuild.wasm has {few} functions that call, {STACKS} are wanted"),
    }
}
