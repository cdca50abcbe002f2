//! "Reload with Gopherscope": how that goes, and what keeps a page out of the frame in which its hooks would come first.

/// How it goes. Where it does, this view ends with its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reload {
    /// Nobody asked.
    #[default]
    No,
    /// The page loads, beside the one before.
    Asked,
    /// It does not come.
    Refused(Obstacle),
}

/// What is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The page forbids to be framed, by this header.
    Framed(&'static str),
    /// The page frames nothing of its own, by this directive of its policy.
    Frames(&'static str),
    /// The page's policy lets no text be run: that is how the agent comes into a frame.
    Evaluates,
    /// A script of the page leads the tab out of frames.
    Leaves,
    /// The server answers with this status.
    Status(u16),
    /// It is not known.
    Unknown,
}

/// What the agent has learnt of the page.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The page's policy lets text be run.
    pub evaluates: bool,
    /// The status of its server's answer.
    pub status: Option<u16>,
    /// `X-Frame-Options`.
    pub frame_options: Option<String>,
    /// `Content-Security-Policy`.
    pub policy: Option<String>,
    /// The page would have left its frame, and this page with it.
    pub leaves: bool,
}

impl Obstacle {
    /// What keeps a page of `origin` out of a frame in itself.
    pub fn of(said: &Said, origin: &str) -> Self {
        let policy = said.policy.as_deref().unwrap_or_default();
        let denies = |value: &str| value.trim().eq_ignore_ascii_case("deny");
        let excluding = |name: &str| sources(policy, name).is_some_and(|it| excludes(&it, origin));
        let ruling =
            ["frame-src", "child-src", "default-src"].into_iter().find(|it| sources(policy, it).is_some());
        match said {
            Said { evaluates: false, .. } => Self::Evaluates,
            Said { leaves: true, .. } => Self::Leaves,
            _ if excluding("frame-ancestors") => Self::Framed("Content-Security-Policy (frame-ancestors)"),
            Said { frame_options: Some(value), .. } if denies(value) => Self::Framed("X-Frame-Options"),
            Said { status: Some(status), .. } if !(200..300).contains(status) => Self::Status(*status),
            _ => ruling.filter(|it| excluding(it)).map_or(Self::Unknown, Self::Frames),
        }
    }
}

/// The sources of a policy's directive, where it has that.
fn sources<'a>(policy: &'a str, name: &str) -> Option<Vec<&'a str>> {
    policy.split([';', ',']).find_map(|directive| {
        let mut words = directive.split_ascii_whitespace();
        words.next().filter(|it| it.eq_ignore_ascii_case(name))?;
        Some(words.collect())
    })
}

/// Whether nothing in a list of sources may stand for the page's own `origin`.
fn excludes(sources: &[&str], origin: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    sources.iter().all(|it| {
        let it = it.to_ascii_lowercase();
        !(it == "'self'" || it == "http:" || it == "https:" || it.contains('*') || it.contains(host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_what_is_in_the_way() {
        let of = |frame_options: Option<&str>, policy: &str| {
            let said = Said {
                evaluates: true,
                status: Some(200),
                frame_options: frame_options.map(Into::into),
                policy: Some(policy.into()),
                leaves: false,
            };
            Obstacle::of(&said, "https://a.example:81")
        };
        assert_eq!(of(Some(" Deny"), ""), Obstacle::Framed("X-Frame-Options"));
        assert_eq!(of(Some("SAMEORIGIN"), ""), Obstacle::Unknown);
        assert!(matches!(of(None, "img-src *; Frame-Ancestors 'none'"), Obstacle::Framed(_)));
        assert_eq!(of(None, "frame-ancestors 'self'; default-src 'none'"), Obstacle::Frames("default-src"));
        assert_eq!(of(None, "default-src 'none'; frame-src 'self'"), Obstacle::Unknown);
        assert_eq!(of(None, "frame-src https://b.example"), Obstacle::Frames("frame-src"));
        assert_eq!(of(None, "frame-src https://b.example https://A.example:81/"), Obstacle::Unknown);
        assert_eq!(Obstacle::of(&Said::default(), ""), Obstacle::Evaluates);
        let leaves = Said { evaluates: true, leaves: true, ..Said::default() };
        assert_eq!(Obstacle::of(&leaves, ""), Obstacle::Leaves);
        let forbidden = Said { evaluates: true, status: Some(403), ..Said::default() };
        assert_eq!(Obstacle::of(&forbidden, ""), Obstacle::Status(403));
    }
}
