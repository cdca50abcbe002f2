//! The programs that a browser session consists of: a WebDriver server, an X server where the browser needs one, and a
//! folder of its own. Dropping any of them removes it, with all that it started.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use crate::tools::browser::{Chromium, Firefox, WebKit};
use crate::{fresh, paths};

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program in a process group of its own, so that what it starts dies with it.
pub struct Group(Child);

impl Group {
    fn start(command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        command.process_group(0);
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).kill_on_drop(true).spawn();
        Ok(Self(child.with_context(|| format!("cannot start {name}"))?))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if cfg!(unix)
            && let Some(id) = self.0.id()
        {
            let group = format!("-{id}");
            std::process::Command::new("kill").args(["-KILL", "--", &group]).status().ok();
        }
    }
}

/// chromedriver, and its URL.
pub async fn chromedriver(installed: &Chromium) -> Result<(Group, String)> {
    let mut command = Command::new(&installed.chromedriver);
    command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut group = Group::start(&mut command)?;
    let stdout = group.0.stdout.take();
    Ok((group, said_port(stdout, "started successfully on port ").await.context("chromedriver")?))
}

/// geckodriver, and its URL. What it and Firefox say goes to `log`.
pub async fn geckodriver(installed: &Firefox, folder: &Path, log: &Path) -> Result<(Group, String)> {
    let port = free_port()?;
    let mut command = Command::new(&installed.geckodriver);
    command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
    // The second is not used, but is taken at start.
    command.args(["--websocket-port", &free_port()?.to_string()]);
    // Bookmarks are clicked in the browser's own window.
    command.arg("--allow-system-access");
    command.arg("--profile-root").arg(folder).env("TMPDIR", folder).env("HOME", folder);
    let log = File::create(log).context("a log for Firefox")?;
    command.stdout(log.try_clone()?).stderr(log);
    let group = Group::start(&mut command)?;
    Ok((group, listening(port).await.context("geckodriver")?))
}

/// WebKitWebDriver on an X server's display, and its URL.
pub async fn webkit_driver(installed: &WebKit, folder: &Path, display: &Display) -> Result<(Group, String)> {
    let port = free_port()?;
    fresh::write(&folder.join("gtk-3.0/gtk.css"), NARROW.as_bytes())?;
    let mut command = Command::new(&installed.driver);
    command.args(["--host=127.0.0.1", &format!("--port={port}")]).env("DISPLAY", &display.name);
    for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
        command.env(variable, folder);
    }
    // Else each browser looks through all of its media plugins again.
    command.env("GST_REGISTRY", paths::in_root("target/webkit-plugins.bin"));
    command.envs(WEBKIT_ENV).stdout(Stdio::null()).stderr(Stdio::null());
    let group = Group::start(&mut command)?;
    Ok((group, listening(port).await.context("WebKitWebDriver")?))
}

/// The browser's own buttons would keep its window from being as narrow as a page may be.
const NARROW: &str = "* { min-width: 0; padding: 0; }";

/// No sandbox (tests run as root, in containers), no other display, no desktop; and nothing is composited by OpenGL, which
/// without a GPU takes half of the processor.
const WEBKIT_ENV: [(&str, &str); 5] = [
    ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1"),
    ("GDK_BACKEND", "x11"),
    ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
    ("GTK_A11Y", "none"),
    ("NO_AT_BRIDGE", "1"),
];

/// An X server without a screen.
pub struct Display {
    name: String,
    _server: Group,
}

impl Display {
    /// On the first display that is free.
    pub async fn start(xvfb: &Path) -> Result<Self> {
        let mut command = Command::new(xvfb);
        command.args(["-displayfd", "1", "-screen", "0", "1920x2200x24", "-nolisten", "tcp"]);
        let mut server = Group::start(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let stdout = server.0.stdout.take().context("Xvfb without stdout")?;
        let mut lines = BufReader::new(stdout).lines();
        let said =
            tokio::time::timeout(PATIENCE, lines.next_line()).await.context("Xvfb names no display")??;
        let number = said.context("Xvfb ended without naming its display")?;
        Ok(Self { name: format!(":{}", number.trim()), _server: server })
    }
}

/// Reads on until the port is told; the output must be read to its end, or a full pipe would stop the program.
async fn said_port(output: Option<impl AsyncRead + Unpin + Send + 'static>, before: &str) -> Result<String> {
    let mut lines = BufReader::new(output.context("no output")?).lines();
    while let Some(line) = lines.next_line().await? {
        let port = line.split_once(before);
        if let Some(port) = port.and_then(|(_, rest)| rest.trim_end_matches('.').parse::<u16>().ok()) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(format!("http://127.0.0.1:{port}"));
        }
    }
    bail!("ended without naming its port");
}

/// A port that nobody listens on now.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?.local_addr()?.port())
}

async fn listening(port: u16) -> Result<String> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if tokio::time::Instant::now() >= deadline {
            bail!("does not listen on port {port}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(format!("http://127.0.0.1:{port}"))
}

/// A fresh folder for all that a browser keeps.
pub struct Profile(pub PathBuf);

impl Profile {
    /// Under `target/`.
    pub fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = paths::in_root("target/browser-profiles").join(name);
        std::fs::create_dir_all(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}
