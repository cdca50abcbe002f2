//! Which screen the location's hash names.

/// A screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// How to begin.
    Launcher,
    /// A running recording.
    Live,
    /// A recording that is over.
    Open(Source),
    /// The page at this URL, in a frame that is watched from its first script on.
    Frame(String),
}

/// Where a recording that is over is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A session file at this URL.
    Profile(String),
    /// What this browser kept of a run, by its id.
    Run(String),
    /// A file that the reader put here; a link cannot hold it.
    File,
}

impl Route {
    /// The screen of a hash such as `#/live` or `#/live?x=1`; anything unknown begins at the beginning.
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').split('?').next().unwrap_or_default();
        match path.trim_matches('/') {
            "live" => Self::Live,
            "open" => Self::Open(match (value(hash, "profile"), value(hash, "run")) {
                (Some(url), _) => Source::Profile(url),
                (None, Some(run)) => Source::Run(run),
                (None, None) => Source::File,
            }),
            "frame" => value(hash, "url").map_or(Self::Launcher, Self::Frame),
            _ => Self::Launcher,
        }
    }

    /// The hash that names it.
    pub fn format(&self) -> String {
        match self {
            Self::Launcher => "#/".into(),
            Self::Live => "#/live".into(),
            Self::Open(Source::Profile(url)) => format!("#/open?profile={}", escape(url)),
            Self::Open(Source::Run(run)) => format!("#/open?run={}", escape(run)),
            Self::Open(Source::File) => "#/open".into(),
            Self::Frame(url) => format!("#/frame?url={}", escape(url)),
        }
    }
}

/// A value of the hash's query, its escapes undone; one that is empty or no text is as if it were not there.
fn value(hash: &str, name: &str) -> Option<String> {
    let (_, query) = hash.split_once('?')?;
    let given = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let mut bytes = Vec::with_capacity(given.len());
    let mut rest = given.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            bytes.push((digit(rest.next())? * 16 + digit(rest.next())?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|it| !it.is_empty())
}

/// A value for a query: what would end it, or what browsers would escape in their own way, as escapes.
fn escape(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:?=,@!".contains(&byte);
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hashes() {
        assert_eq!(Route::parse("#/live"), Route::Live);
        assert_eq!(Route::parse("#/live?range=1"), Route::Live);
        for hash in ["", "#", "#/", "#/elsewhere", "#/live/x", "#/frame", "#/frame?url="] {
            assert_eq!(Route::parse(hash), Route::Launcher, "{hash}");
        }
    }

    #[test]
    fn what_is_over_is_named_by_url_or_run() {
        let profile = |url: &str| Route::Open(Source::Profile(url.into()));
        assert_eq!(Route::parse("#/open?profile=demos/a.gz"), profile("demos/a.gz"));
        assert_eq!(
            Route::parse("#/open?view=bridge&profile=https%3A%2F%2Fa.example%2Fb%3Fc%26d&range=1-2"),
            profile("https://a.example/b?c&d")
        );
        assert_eq!(Route::parse("#/open?profile=%zz"), Route::Open(Source::File));
        assert_eq!(Route::parse("#/open?profile=%ff"), Route::Open(Source::File));
        assert_eq!(Route::parse("#/open"), Route::Open(Source::File));
    }

    proptest! {
        #[test]
        fn what_was_written_reads_back(text in "\\PC{1,40}", at in 0..3usize) {
            let route = match at {
                0 => Route::Open(Source::Profile(text)),
                1 => Route::Open(Source::Run(text)),
                _ => Route::Frame(text),
            };
            let hash = route.format();
            prop_assert!(hash.is_ascii() && !hash.contains(['&', ' ', '"', '<']));
            prop_assert_eq!(Route::parse(&hash), route);
        }

        #[test]
        fn any_text_is_a_route(hash in "\\PC{0,60}", query in "(profile|run|url)=[%0-9a-f&=]{0,20}") {
            Route::parse(&hash);
            Route::parse(&format!("#/open?{query}"));
            Route::parse(&format!("#/frame?{query}"));
        }
    }
}
