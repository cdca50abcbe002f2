//! The views of a recording: one is shown at a time, below the timeline that all of them share.

/// A view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewId {
    /// A little of everything.
    #[default]
    Overview,
    /// From the first request to `main.main`.
    Startup,
    /// Who crosses into JavaScript, and at what cost.
    Bridge,
}

impl ViewId {
    /// All views, in the order of their tabs and digits.
    pub const ALL: [Self; 3] = [Self::Overview, Self::Startup, Self::Bridge];

    /// Its name in links and in the document.
    pub fn key(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Startup => "startup",
            Self::Bridge => "bridge",
        }
    }
}
