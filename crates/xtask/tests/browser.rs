//! The browser helper: answers, errors, the console, and views.

use std::time::Duration;

use xtask::browser::{Browser, Scheme};
use xtask::server::{Server, Site};

const PAGE: &str = "<!doctype html><title>t</title><script>
  console.warn('careful', early);
  setTimeout(() => { throw new Error('uncaught') });
</script>";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_answers_and_its_errors_are_errors() {
    let server = Server::start(Site::default().page("/index.html", PAGE), 0).await.unwrap();
    let browser = Browser::start(&[]).await.unwrap();
    browser.on_new_document("globalThis.early = 'set before the page ran'").await.unwrap();
    browser.open(&server.url("/")).await.unwrap();
    browser.wait_for("document.readyState === 'complete'", Duration::from_secs(10)).await.unwrap();

    assert_eq!(browser.eval("Promise.resolve([1, early.length])").await.unwrap()[1], 23);
    let rejected = browser.eval("Promise.reject(new TypeError('no'))").await.unwrap_err();
    assert!(rejected.to_string().contains("TypeError: no"), "{rejected}");
    assert!(browser.wait_for("0", Duration::from_millis(100)).await.is_err());

    browser.view(420, 300, Scheme::Dark).await.unwrap();
    let seen =
        browser.eval("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]").await.unwrap();
    assert_eq!(seen, serde_json::json!([420, true]));

    let lines = browser.console().await.unwrap();
    assert!(
        lines.iter().any(|line| line.level == "WARNING" && line.text.contains("set before")),
        "{lines:?}"
    );
    assert!(lines.iter().any(|line| line.level == "SEVERE" && line.text.contains("uncaught")), "{lines:?}");
    browser.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_page_is_an_error() {
    let browser = Browser::start(&[]).await.unwrap();
    // Port 1 is never served.
    let refused = browser.open("http://127.0.0.1:1/").await.unwrap_err();
    assert!(format!("{refused:#}").contains("ERR_"), "{refused:#}");
    let unknown = browser.open("http://no-such-host.invalid/").await.unwrap_err();
    assert!(format!("{unknown:#}").contains("ERR_"), "{unknown:#}");
}
