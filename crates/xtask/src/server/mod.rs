//! A static file server for this machine: `cargo xtask demo`, `cargo xtask record DIR` and the tests.
//! What it serves is a [`Site`]; a test adds [`Rule`]s to it to get the faults of real servers. It never
//! lists folders, never leaves a mounted folder, and tells browsers to store nothing.

mod respond;
mod site;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) use self::respond::decode;
pub use self::site::{Drip, Preload, Rule, Site};

/// A running server; dropping it stops it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves `site` on 127.0.0.1; port 0 takes a free one.
    pub async fn start(site: Site, port: u16) -> Result<Self> {
        Self::on(listen(port).await?, site)
    }

    /// Serves `site` on a listener, for a site that must know its own URL.
    pub fn on(listener: TcpListener, site: Site) -> Result<Self> {
        let address = listener.local_addr()?;
        let router = Router::new().fallback(respond::respond).with_state(Arc::new(site));
        let task = tokio::spawn(async move {
            // Ends only with the task.
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { address, task })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// `path` (with its leading slash) on `http://127.0.0.1`.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port())
    }

    /// `path` on `http://localhost`: another site than [`Server::url`] to a browser, and so another process.
    pub fn localhost_url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port())
    }
}

/// Listens on 127.0.0.1; port 0 takes a free one.
pub async fn listen(port: u16) -> Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.with_context(|| format!("cannot listen on 127.0.0.1:{port}"))
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
