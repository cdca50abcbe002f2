//! What came over the network, and how.

use super::severity;
use crate::{
    Finding, LoadingKind, PhaseName, Session,
    analysis::loading::{loading, name},
    text::findings::loading as text,
};

/// Parts of start-up are worth as much as a long task, ms.
const LOADING_MS: f64 = 50.0;

/// Adds one of each fact that has a fix.
pub fn add(session: &Session, out: &mut Vec<Finding>) {
    for fact in loading(session) {
        let module = session.modules.iter().find(|it| it.id == fact.module);
        let named = module.and_then(|module| text::id_and_title(fact.kind, &name(module)));
        let Some(((id, title), fix)) = named.zip(fact.fix) else { continue };
        let took = |name: PhaseName| {
            let first = session.instances.iter().find(|instance| instance.module == fact.module)?;
            let phase = first.phases.iter().find(|phase| phase.name == name)?;
            phase.end.map(|end| end - phase.start)
        };
        let download = || module?.network.as_ref()?.download_ms.or_else(|| took(PhaseName::Download));
        let cost_ms = match fact.kind {
            // What streaming would have done at once.
            LoadingKind::NotStreamed | LoadingKind::FellBack => {
                download().zip(took(PhaseName::Compile)).map(|(down, compile)| down.min(compile))
            }
            _ => download(),
        };
        out.push(Finding {
            id: id.into(),
            severity: severity(cost_ms.unwrap_or(0.0) / LOADING_MS),
            title,
            subject: module.map(|module| module.url.clone()),
            detail: text::detail(fact.what(), fact.kind, cost_ms),
            cost_ms,
            at: module.map(|module| module.url.clone()),
            fix: fix.into(),
        });
    }
}
