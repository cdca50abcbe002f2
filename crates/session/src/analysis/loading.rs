//! What was wrong with how a module was loaded, each with what to do.

use super::phases::{self, PhaseRow};
use crate::{Instance, Module, Network, PhaseName, Session, text};

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
    /// The browser may not keep it.
    Uncacheable,
    /// It was long until `main.main` ran.
    LateMain,
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
    /// What to do, with which the sentence ends; `None` where it is of no use without the rest.
    pub fix: Option<&'static str>,
}

impl LoadingFact {
    fn new(module: &Module, kind: LoadingKind, what: String, fix: Option<&'static str>) -> Self {
        let text = fix.map(|fix| format!("{what}: {fix}")).unwrap_or(what);
        Self { module: module.id, kind, text, fix }
    }

    /// The sentence without what to do.
    pub(super) fn what(&self) -> &str {
        let what = self.fix.and_then(|fix| self.text.strip_suffix(fix)?.strip_suffix(": "));
        what.unwrap_or(&self.text)
    }
}

/// Below this compression is not worth a word.
const SMALL: u64 = 100_000;

/// From the first request to `main.main`, ms: what takes longer than a second breaks a person's train of thought, and
/// until then a page that waits for Go shows nothing.
const LATE_MS: f64 = 1e3;

/// Facts on how modules were loaded, each module's gravest first.
pub fn loading(session: &Session) -> Vec<LoadingFact> {
    let kept = session.modules.iter().filter(|module| !is_replaced(module, session));
    kept.flat_map(|module| facts(module, session).into_iter().chain(late_main(module, session))).collect()
}

/// Whether streaming failed and the page went on with a copy of the bytes: the copy's facts tell of both.
fn is_replaced(module: &Module, session: &Session) -> bool {
    let is_copy = |it: &Module| it.network.as_ref().is_some_and(|network| network.fallback.is_some());
    let mut others = session.modules.iter().filter(|it| it.id != module.id && it.url == module.url);
    module.failure.is_some() && others.any(is_copy)
}

/// What the answer to a streaming call told that failed, of a module whose bytes tell nothing but themselves.
fn answered<'a>(
    module: &'a Module,
    session: &'a Session,
    of: impl Fn(&Network) -> Option<&str>,
) -> Option<&'a str> {
    let stands_in = module.network.as_ref().is_some_and(|network| network.fallback.is_some());
    let failed =
        session.modules.iter().filter(|it| stands_in && it.failure.is_some() && it.url == module.url);
    [module].into_iter().chain(failed).find_map(|it| of(it.network.as_ref()?))
}

fn facts(module: &Module, session: &Session) -> Vec<LoadingFact> {
    let name = name(module);
    let mut out = Vec::new();
    let mut add = |kind, what, fix| out.push(LoadingFact::new(module, kind, what, fix));
    let network = module.network.as_ref();
    let refused = network.and_then(|network| network.status).filter(|&status| status >= 400);
    if let Some(status) = refused {
        add(LoadingKind::HttpStatus, text::http_status(&name, status), None);
    } else if let Some(words) = &module.failure {
        let content_type = network.and_then(|network| network.content_type.as_deref());
        add(LoadingKind::Failed, text::failed(&name, words, content_type), None);
    }
    // What cannot run need not load faster.
    let runs = refused.is_none() && module.failure.is_none();
    let Some(network) = network.filter(|_| runs) else { return out };
    if let Some(words) = &network.fallback {
        let (what, fix) =
            text::fell_back(&name, answered(module, session, |it| it.content_type.as_deref()), words);
        add(LoadingKind::FellBack, what, fix);
    } else if network.streamed == Some(false) {
        add(LoadingKind::NotStreamed, text::not_streamed(&name), Some(text::STREAM));
    }
    if let Some(bytes) = module.bytes.filter(|&bytes| uncompressed(network, bytes)) {
        add(LoadingKind::Uncompressed, text::uncompressed(&name, bytes), Some(text::COMPRESS));
    }
    let cache = answered(module, session, |it| it.cache.as_deref());
    if module.bytes.is_some_and(|bytes| bytes >= SMALL) && cache.is_some_and(forbids_keeping) {
        add(LoadingKind::Uncacheable, text::uncacheable(&name), Some(text::KEEP));
    }
    out
}

/// Whether `Cache-Control` says so; a missing one leaves it to the browser.
fn forbids_keeping(cache: &str) -> bool {
    cache.split(',').any(|directive| directive.trim().eq_ignore_ascii_case("no-store"))
}

/// What took a start-up so long: a phase, or the page, which let time pass between two.
#[derive(Clone, Copy)]
pub enum Longest {
    /// A phase.
    Phase(PhaseName),
    /// Nothing of the module's before this phase.
    WaitBefore(PhaseName),
}

/// Of the module's first program only: those after it start with a module that is there.
fn late_main(module: &Module, session: &Session) -> Option<LoadingFact> {
    let first = session.instances.iter().find(|instance| instance.module == module.id)?;
    let (main, ms, longest) = start_up(first)?;
    let what = || text::late_main(&name(module), main.after_ms, main.exact, ms, longest);
    (main.after_ms > LATE_MS).then(|| LoadingFact::new(module, LoadingKind::LateMain, what(), None))
}

/// When main began, and what took longest until then.
fn start_up(instance: &Instance) -> Option<(PhaseRow, f64, Longest)> {
    let rows: Vec<PhaseRow> = phases::of(instance).collect();
    let main = rows.iter().find(|row| row.name == PhaseName::Main).copied()?;
    let mut best: Option<(f64, Longest)> = None;
    let mut longer = |ms: f64, what| {
        if best.is_none_or(|(most, _)| ms > most) {
            best = Some((ms, what));
        }
    };
    let mut reached = 0.0_f64;
    for row in rows.iter().take_while(|row| row.after_ms <= main.after_ms) {
        longer(row.after_ms - reached, Longest::WaitBefore(row.name));
        if row.name != PhaseName::Main {
            let ms = row.ms.unwrap_or(0.0).min(main.after_ms - row.after_ms);
            longer(ms, Longest::Phase(row.name));
            reached = reached.max(row.after_ms + ms);
        }
    }
    best.map(|(ms, longest)| (main, ms, longest))
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
