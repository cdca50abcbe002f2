//! Packages that take much of start-up to initialise.

use super::{list, severity};
use crate::{
    Finding, Instance, Session,
    analysis::{Package, packages, packages::startup_ms},
    fmt,
    text::findings::packages as text,
};

/// Initialising packages, as a share of start-up: below it other parts of start-up are worth more.
pub const INIT_SHARE: f64 = 0.1;
/// And ms: what is shorter than a long task nobody notices.
pub const INIT_MS: f64 = 50.0;

/// Adds one, of the program that it costs most.
pub fn add(session: &Session, out: &mut Vec<Finding>) {
    let all = session.instances.iter().filter_map(|instance| init(session, instance));
    out.extend(all.max_by(|a, b| a.cost_ms.unwrap_or(0.0).total_cmp(&b.cost_ms.unwrap_or(0.0))));
}

/// Packages' initialisation; where the runtime tells none of it, there are only bounds.
fn init(session: &Session, instance: &Instance) -> Option<Finding> {
    let packages = packages(session, instance);
    let ms: f64 = packages.iter().map(|package| package.ms.value).sum();
    let share = startup_ms(instance).filter(|&startup| startup > 0.0).map(|startup| ms / startup)?;
    if ms < INIT_MS || share <= INIT_SHARE {
        return None;
    }
    let named = |it: &Package| format!("{} {}", it.init.package, fmt::ms(it.init.duration_ms));
    Some(Finding {
        id: "package-init".into(),
        severity: severity(share / INIT_SHARE),
        title: text::title(share),
        detail: text::detail(ms, &list(packages.iter().map(named))),
        cost_ms: Some(ms),
        at: packages.first().map(|package| package.init.package.clone()),
        fix: text::FIX.into(),
        ..Finding::default()
    })
}
