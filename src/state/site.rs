//! Whether the viewer's document and the page's may share a thread: browsers part sites, not origins.

/// Whether two origins (`https://a.example:8080`) may be of one site. A list of public suffixes would be needed to be
/// sure; without one, equal last two labels of their hosts count, which errs on the careful side.
pub fn may_be_same(a: &str, b: &str) -> bool {
    match (parts(a), parts(b)) {
        (Some((scheme_a, host_a)), Some((scheme_b, host_b))) => {
            scheme_a == scheme_b
                && if is_address(host_a) || is_address(host_b) {
                    host_a == host_b
                } else {
                    tail(host_a) == tail(host_b)
                }
        }
        // Opaque origins: files, sandboxes.
        _ => true,
    }
}

/// The same URL at another site, where a server on this machine answers to two names: `localhost` and `127.0.0.1`.
pub fn elsewhere(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let at = rest.find(['/', ':']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at(at);
    let other = match host {
        "localhost" => "127.0.0.1",
        "127.0.0.1" => "localhost",
        _ => return None,
    };
    Some(format!("{scheme}://{other}{tail}"))
}

fn parts(origin: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = origin.split_once("://")?;
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => rest,
    };
    (!host.is_empty()).then_some((scheme, host))
}

fn is_address(host: &str) -> bool {
    host.starts_with('[')
        || host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
}

fn tail(host: &str) -> &str {
    let labels = host.rmatch_indices('.').nth(1);
    labels.map_or(host, |(at, _)| &host[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_of_two_sites() {
        let url = "http://localhost:8080/x/agent.js";
        let other = elsewhere(url).unwrap();
        assert_eq!(other, "http://127.0.0.1:8080/x/agent.js");
        assert!(!may_be_same("http://localhost:8080", "http://127.0.0.1:8080"));
        assert_eq!(elsewhere(&other).as_deref(), Some(url));
        assert_eq!(elsewhere("https://localhost.example/agent.js"), None);
        assert_eq!(elsewhere("about:blank"), None);
    }

    #[test]
    fn ports_and_subdomains_share_hosts_and_schemes_do_not() {
        let page = "http://localhost:8080";
        assert!(may_be_same(page, "http://localhost:9090"));
        assert!(!may_be_same(page, "http://127.0.0.1:8080"));
        assert!(!may_be_same("http://127.0.0.1", "http://10.0.0.1"));
        assert!(!may_be_same("http://[::1]:80", "http://127.0.0.1:80"));
        assert!(may_be_same("https://a.example.com", "https://b.example.com:444"));
        assert!(!may_be_same("https://a.example.com", "https://example.org"));
        assert!(!may_be_same("https://a.example.com", "http://a.example.com"));
        assert!(may_be_same("null", page));
    }
}
