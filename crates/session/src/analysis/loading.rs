//! What was wrong with how a module was loaded, each with what to do.

use crate::{Module, Network, Session, text};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadingKind {
    /// It never became an instance.
    Failed,
    /// The server answered with an error.
    HttpStatus,
    /// Streaming failed and a copy of the bytes was compiled.
    FellBack,
    /// It was compiled after it had arrived.
    NotStreamed,
    /// It came without compression.
    Uncompressed,
}

impl LoadingKind {
    /// Whether the module cannot run.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::HttpStatus)
    }
}

/// One fact on loading.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadingFact {
    /// Id of the module.
    pub module: u32,
    /// What is wrong.
    pub kind: LoadingKind,
    /// The sentence.
    pub text: String,
}

/// Below this compression is not worth a word.
const SMALL: u64 = 100_000;

/// Facts on how modules were loaded, the gravest first.
pub fn loading(session: &Session) -> Vec<LoadingFact> {
    session.modules.iter().filter(|module| !is_replaced(module, session)).flat_map(facts).collect()
}

/// Whether streaming failed and the page went on with a copy of the bytes: the copy's facts tell of both.
fn is_replaced(module: &Module, session: &Session) -> bool {
    let is_copy = |it: &Module| it.network.as_ref().is_some_and(|network| network.fallback.is_some());
    let mut others = session.modules.iter().filter(|it| it.id != module.id && it.url == module.url);
    module.failure.is_some() && others.any(is_copy)
}

fn facts(module: &Module) -> Vec<LoadingFact> {
    let name = name(module);
    let mut out = Vec::new();
    let mut add = |kind, text| out.push(LoadingFact { module: module.id, kind, text });
    let network = module.network.as_ref();
    let refused = network.and_then(|network| network.status).filter(|&status| status >= 400);
    if let Some(status) = refused {
        add(LoadingKind::HttpStatus, text::http_status(&name, status));
    } else if let Some(words) = &module.failure {
        let content_type = network.and_then(|network| network.content_type.as_deref());
        add(LoadingKind::Failed, text::failed(&name, words, content_type));
    }
    // What cannot run need not load faster.
    let runs = refused.is_none() && module.failure.is_none();
    let Some(network) = network.filter(|_| runs) else { return out };
    if let Some(words) = &network.fallback {
        add(LoadingKind::FellBack, text::fell_back(&name, network.content_type.as_deref(), words));
    } else if network.streamed == Some(false) {
        add(LoadingKind::NotStreamed, text::not_streamed(&name));
    }
    if let Some(bytes) = module.bytes.filter(|&bytes| uncompressed(network, bytes)) {
        add(LoadingKind::Uncompressed, text::uncompressed(&name, bytes));
    }
    out
}

/// Whether as many bytes came over the wire as the module has: a cache's answer is smaller or none.
fn uncompressed(network: &Network, bytes: u64) -> bool {
    let encoded = network.encoding.as_deref().is_some_and(|encoding| !matches!(encoding, "" | "identity"));
    !encoded && bytes >= SMALL && network.wire_bytes.is_some_and(|wire| wire >= bytes)
}

/// A module's file name, as a person would call it.
pub(super) fn name(module: &Module) -> String {
    let path = module.url.split(['?', '#']).next().unwrap_or_default();
    match path.rsplit('/').next() {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => text::UNNAMED_MODULE.to_owned(),
    }
}
