//! A page in a frame of ours, from its first script on watched: how that goes, and why it may not.

/// How it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framed {
    /// The page loads.
    Loading,
    /// It is watched.
    Watched,
    /// It is not.
    Not(Why),
}

/// Why a page cannot be watched in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is no URL of a page.
    NoUrl,
    /// It is of another origin: only pages of our own can be reached into.
    Elsewhere,
    /// It redirects to another origin.
    Redirects,
    /// It forbids to be framed, by this header.
    Forbidden(&'static str),
    /// The server answered with this status.
    Status(u16),
    /// Nothing answers.
    Unreachable,
    /// It went to another origin.
    Left,
    /// The browser dropped what was put in before its scripts.
    Lost,
}

/// What a page's server says to a request of its own origin.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    /// The status; `None` where it redirects.
    pub status: Option<u16>,
    /// `X-Frame-Options`.
    pub frame_options: Option<String>,
    /// `Content-Security-Policy`.
    pub policy: Option<String>,
}

impl Why {
    /// Why a page whose frame cannot be reached into is out of reach.
    pub fn of(headers: &Headers) -> Self {
        let denies = |value: &str| value.trim().eq_ignore_ascii_case("deny");
        match headers {
            Headers { status: None, .. } => Self::Redirects,
            Headers { frame_options: Some(value), .. } if denies(value) => Self::Forbidden("X-Frame-Options"),
            Headers { policy: Some(policy), .. } if policy.contains("frame-ancestors") => {
                Self::Forbidden("Content-Security-Policy: frame-ancestors")
            }
            Headers { status: Some(status), .. } if !(200..300).contains(status) => Self::Status(*status),
            // It answers, and yet it is not there: by then it was somewhere else.
            _ => Self::Left,
        }
    }
}

/// A page's HTML with a script tag before all of its own scripts, and after what has to come first.
pub fn with_tag(html: &str, tag: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let after = |opening: &str| {
        let at = lower.find(opening)?;
        let is_tag = lower[at + opening.len()..].starts_with(['>', ' ', '\n', '\r', '\t']);
        is_tag.then(|| lower[at..].find('>').map(|end| at + end + 1)).flatten()
    };
    let at = after("<head").or_else(|| after("<html")).or_else(|| after("<!doctype")).unwrap_or_default();
    let (before, rest) = html.split_at(at);
    format!("{before}{tag}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_why() {
        let of = |status: Option<u16>, frame_options: Option<&str>, policy: Option<&str>| {
            Why::of(&Headers {
                status,
                frame_options: frame_options.map(Into::into),
                policy: policy.map(Into::into),
            })
        };
        assert_eq!(of(None, None, None), Why::Redirects);
        assert_eq!(of(Some(200), Some(" DENY "), None), Why::Forbidden("X-Frame-Options"));
        assert_eq!(of(Some(200), Some("SAMEORIGIN"), None), Why::Left);
        assert!(matches!(of(Some(200), None, Some("frame-ancestors 'none'")), Why::Forbidden(_)));
        assert_eq!(of(Some(404), None, None), Why::Status(404));
    }

    #[test]
    fn the_tag_comes_before_every_script_and_after_the_doctype() {
        let tag = "<s>";
        assert_eq!(
            with_tag("<!DOCTYPE html><html><head lang=x><script>", tag),
            "<!DOCTYPE html><html><head lang=x><s><script>"
        );
        assert_eq!(
            with_tag("<!doctype html>\n<title>x</title>", tag),
            "<!doctype html><s>\n<title>x</title>"
        );
        assert_eq!(with_tag("<header>x</header>", tag), "<s><header>x</header>");
        assert_eq!(with_tag("", tag), "<s>");
    }
}
