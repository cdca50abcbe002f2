//! Which screen the location's hash names.

/// A screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// How to begin.
    Launcher,
    /// A running recording.
    Live,
}

impl Route {
    /// The screen of a hash such as `#/live` or `#/live?x=1`; anything unknown begins at the beginning.
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').split('?').next().unwrap_or_default();
        match path.trim_matches('/') {
            "live" => Self::Live,
            _ => Self::Launcher,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes() {
        assert_eq!(Route::parse("#/live"), Route::Live);
        assert_eq!(Route::parse("#/live?range=1"), Route::Live);
        for hash in ["", "#", "#/", "#/elsewhere", "#/live/x"] {
            assert_eq!(Route::parse(hash), Route::Launcher, "{hash}");
        }
    }
}
