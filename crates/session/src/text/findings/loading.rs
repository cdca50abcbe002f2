//! How a module came.

use crate::{LoadingKind, fmt};

/// Id and title of what is wrong with loading; what makes a module fail or late is told elsewhere.
pub fn id_and_title(kind: LoadingKind, module: &str) -> Option<(&'static str, String)> {
    let (id, what) = match kind {
        LoadingKind::FellBack => ("wrong-mime", " could not be streamed for its content type"),
        LoadingKind::NotStreamed => ("not-streamed", " is not streamed"),
        LoadingKind::Uncompressed => ("uncompressed", " is not compressed"),
        LoadingKind::Uncacheable => ("uncacheable", " may not be kept by browsers"),
        LoadingKind::Failed | LoadingKind::HttpStatus | LoadingKind::LateMain => return None,
    };
    Some((id, [module, what].concat()))
}

/// The ids of these.
pub const IDS: [&str; 4] = ["wrong-mime", "not-streamed", "uncompressed", "uncacheable"];

/// What was seen, and what it cost.
pub fn detail(what: &str, kind: LoadingKind, cost_ms: Option<f64>) -> String {
    let Some(ms) = cost_ms.map(fmt::ms) else { return what.to_owned() };
    match kind {
        LoadingKind::FellBack | LoadingKind::NotStreamed => {
            format!("{what}; streamed, {ms} of compiling would have passed while it loaded")
        }
        _ => format!("{what}; its download took {ms}"),
    }
}
