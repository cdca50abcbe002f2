//! One request, answered from a [`Site`].

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use flate2::{Compression, write::GzEncoder};
use futures_util::stream;

use super::site::{Drip, Rule, Site, content_type};

/// What was found at a path.
enum Found {
    File {
        body: Vec<u8>,
        kind: &'static str,
    },
    /// A folder asked for without its slash: relative links need the slash.
    Folder,
    Nothing,
}

pub(super) async fn respond(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
    }
    let Some(path) = decode(request.uri().path()) else {
        return plain(StatusCode::BAD_REQUEST, "not a path");
    };
    let rule = site.rule_for(&path);
    if let Some(script) = site.preloaded(&path) {
        let rule = Rule { headers: rule.headers, ..Rule::default() };
        return answer(script.into_bytes(), content_type(Path::new(&path)), &rule, false);
    }
    tokio::time::sleep(rule.delay).await;
    match find(&site, &path).await {
        Found::File { body, kind } => {
            let zip = rule.gzip && accepts_gzip(request.headers());
            let body = if zip { site.zipped(&path, || gzip(&body)) } else { body };
            answer(body, kind, &rule, zip)
        }
        Found::Folder => redirect(&format!("{}/", request.uri().path())),
        Found::Nothing => plain(StatusCode::NOT_FOUND, "no such file"),
    }
}

async fn find(site: &Site, path: &str) -> Found {
    let name = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let kind = content_type(Path::new(&name));
    let body = match site.in_memory(&name) {
        Some(body) => body.to_vec(),
        None => match on_disk(site, &name).await {
            Ok(body) => body,
            Err(other) => return other,
        },
    };
    let body = if kind.starts_with("text/html") { site.rewrite(body) } else { body };
    Found::File { body, kind }
}

async fn on_disk(site: &Site, name: &str) -> Result<Vec<u8>, Found> {
    let file: PathBuf = site.file(name).ok_or(Found::Nothing)?;
    if file.is_dir() {
        return Err(Found::Folder);
    }
    tokio::fs::read(file).await.map_err(|_| Found::Nothing)
}

fn answer(body: Vec<u8>, kind: &str, rule: &Rule, zip: bool) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() =
        rule.status.and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    common(headers);
    set(headers, "content-type", rule.content_type.as_deref().unwrap_or(kind));
    set(headers, "content-length", &body.len().to_string());
    if zip {
        set(headers, "content-encoding", "gzip");
    }
    for (name, value) in &rule.headers {
        set(headers, name, value);
    }
    *response.body_mut() = send(body, rule);
    response
}

/// The body whole, in pieces, or cut short.
fn send(body: Vec<u8>, rule: &Rule) -> Body {
    if rule.drip.is_none() && rule.truncate.is_none() {
        return Body::from(body);
    }
    let end = rule.truncate.map_or(body.len(), |cut| cut.min(body.len()));
    let drip = rule.drip.unwrap_or(Drip { bytes: usize::MAX, pause: Duration::ZERO });
    let body = Bytes::from(body);
    let whole = end == body.len();
    Body::from_stream(stream::unfold(Some(0), move |at| {
        let body = body.clone();
        async move {
            let at = at?;
            if at == end {
                if whole {
                    return None;
                }
                // An error discards what hyper has not written yet.
                tokio::time::sleep(Duration::from_millis(50)).await;
                let cut = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut short by a rule");
                return Some((Err(cut), None));
            }
            tokio::time::sleep(drip.pause).await;
            let next = at.saturating_add(drip.bytes.max(1)).min(end);
            Some((Ok(body.slice(at..next)), Some(next)))
        }
    }))
}

fn common(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("timing-allow-origin"), HeaderValue::from_static("*"));
}

fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    common(response.headers_mut());
    set(response.headers_mut(), "content-type", "text/plain; charset=utf-8");
    response
}

fn redirect(to: &str) -> Response {
    let mut response = plain(StatusCode::PERMANENT_REDIRECT, "");
    set(response.headers_mut(), "location", to);
    response
}

fn accepts_gzip(asked: &HeaderMap) -> bool {
    asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"))
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to a Vec does not fail.
    encoder.write_all(body).ok();
    encoder.finish().unwrap_or_default()
}

/// Undoes percent-encoding; `None` for a broken escape or text that is not UTF-8.
pub(crate) fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            bytes.push((digit(rest.next())? * 16 + digit(rest.next())?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
