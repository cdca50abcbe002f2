//! The views of a recording: one is shown at a time, below the timeline that all of them share.

use super::facts::Topic;

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
    /// What is held of memory, and by whom.
    Memory,
    /// Garbage collection.
    Gc,
    /// The event loop.
    Loop,
    /// What the page lets a Go program use.
    Environment,
}

impl ViewId {
    /// All views, in the order of their tabs and digits.
    pub const ALL: [Self; 7] =
        [Self::Overview, Self::Startup, Self::Bridge, Self::Memory, Self::Gc, Self::Loop, Self::Environment];

    /// Its name in links and in the document.
    pub fn key(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Startup => "startup",
            Self::Bridge => "bridge",
            Self::Memory => "memory",
            Self::Gc => "gc",
            Self::Loop => "loop",
            Self::Environment => "environment",
        }
    }

    /// What of the recording is read for it alone.
    pub fn topic(self) -> Option<Topic> {
        match self {
            Self::Memory => Some(Topic::Memory),
            Self::Gc => Some(Topic::Gc),
            Self::Loop => Some(Topic::Loop),
            Self::Environment => Some(Topic::Environment),
            Self::Overview | Self::Startup | Self::Bridge => None,
        }
    }

    /// The view of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for view in ViewId::ALL {
            assert_eq!(ViewId::from_key(view.key()), Some(view));
        }
        assert_eq!(ViewId::from_key("Overview"), None);
    }
}
