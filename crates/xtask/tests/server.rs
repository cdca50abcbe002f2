//! The server as a browser meets it: types, faults on demand, and nothing outside its folders.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use xtask::fresh;
use xtask::paths;
use xtask::server::{Drip, Rule, Server, Site};

/// A response: head in lower case, and the body as it came.
struct Answer {
    head: String,
    body: Vec<u8>,
}

async fn get(server: &Server, path: &str) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    // A cut connection is an error here, after the bytes that did come.
    stream.read_to_end(&mut bytes).await.ok();
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    Answer {
        head: String::from_utf8_lossy(&bytes[..split]).to_lowercase(),
        body: bytes[split + 4..].to_vec(),
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = paths::in_root("target/test-server").join(name);
    fresh::write(&folder.join("site/index.html"), b"<script src=\"here.js\"></script>").unwrap();
    fresh::write(&folder.join("site/sub/index.html"), b"sub").unwrap();
    fresh::write(&folder.join("site/a b.wasm"), &[7; 10_000]).unwrap();
    fresh::write(&folder.join("secret.txt"), b"secret").unwrap();
    folder.join("site")
}

#[tokio::test]
async fn files_have_their_types_and_are_not_stored() {
    let server = Server::start(Site::new(folder("types")), 0).await.unwrap();
    let page = get(&server, "/").await;
    assert!(page.head.starts_with("http/1.1 200"), "{}", page.head);
    assert!(page.head.contains("content-type: text/html; charset=utf-8"), "{}", page.head);
    assert!(page.head.contains("cache-control: no-store"), "{}", page.head);
    let module = get(&server, "/a%20b.wasm").await;
    assert!(module.head.contains("content-type: application/wasm"), "{}", module.head);
    assert_eq!(module.body.len(), 10_000);
    let folder = get(&server, "/sub").await;
    assert!(folder.head.contains("308") && folder.head.contains("location: /sub/"), "{}", folder.head);
    assert!(get(&server, "/none.js").await.head.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn nothing_outside_a_mounted_folder_is_served() {
    let server = Server::start(Site::new(folder("climb")), 0).await.unwrap();
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/sub/..%2f../secret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
    ] {
        let answer = get(&server, path).await;
        assert!(answer.head.starts_with("http/1.1 404"), "{path}: {}", answer.head);
    }
    assert!(get(&server, "/%zz").await.head.starts_with("http/1.1 400"));
}

#[tokio::test]
async fn rules_change_status_type_headers_and_encoding() {
    let rule = Rule {
        status: Some(418),
        content_type: Some("text/plain".into()),
        headers: vec![("Cross-Origin-Opener-Policy".into(), "same-origin".into())],
        gzip: true,
        ..Rule::default()
    };
    let site = Site::new(folder("rules")).rule("/a*", rule).replace("here.js", "there.js");
    let server = Server::start(site, 0).await.unwrap();
    let answer = get(&server, "/a%20b.wasm").await;
    assert!(answer.head.starts_with("http/1.1 418"), "{}", answer.head);
    assert!(answer.head.contains("content-type: text/plain"), "{}", answer.head);
    assert!(answer.head.contains("cross-origin-opener-policy: same-origin"), "{}", answer.head);
    assert!(answer.head.contains("content-encoding: gzip"), "{}", answer.head);
    let mut body = Vec::new();
    GzDecoder::new(answer.body.as_slice()).read_to_end(&mut body).unwrap();
    assert_eq!(body, [7; 10_000]);
    assert_eq!(get(&server, "/").await.body, b"<script src=\"there.js\"></script>");
}

#[tokio::test]
async fn bodies_come_slowly_or_stop_early() {
    let cut = Rule { truncate: Some(1234), ..Rule::default() };
    let slow = Rule { drip: Some(Drip { bytes: 4000, pause: Duration::from_millis(40) }), ..Rule::default() };
    let site = Site::new(folder("bodies")).page("/slow.wasm", vec![9; 10_000]).rule("/slow.wasm", slow);
    let server = Server::start(site.rule("/a b.wasm", cut), 0).await.unwrap();
    let answer = get(&server, "/a%20b.wasm").await;
    assert!(answer.head.contains("content-length: 10000"), "{}", answer.head);
    assert_eq!(answer.body.len(), 1234);
    let start = Instant::now();
    assert_eq!(get(&server, "/slow.wasm").await.body, vec![9; 10_000]);
    assert!(start.elapsed() >= Duration::from_millis(120), "three pieces, each after its pause");
}
