//! What packages cost before `main`.

use super::{Estimate, phases};
use crate::{Init, Instance, PhaseName, Session, order};

/// Initialisation of one package.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// As the runtime tells it.
    pub init: Init,
    /// How long it took, ms, by two readings of the page's clock.
    pub ms: Estimate,
    /// That as a share of what all packages took; `None` where the clock moved in none.
    pub of_init: Option<f64>,
    /// That as a share of the time from the first request to `main.main`; `None` where that was not seen.
    pub of_startup: Option<f64>,
}

/// The packages of a program, costliest first.
pub fn packages(session: &Session, instance: &Instance) -> Vec<Package> {
    let all: f64 = instance.inits.iter().map(|init| init.duration_ms).sum();
    let startup = startup_ms(instance);
    let share = |ms: f64, whole: Option<f64>| whole.filter(|&whole| whole > 0.0).map(|whole| ms / whole);
    let row = |init: &Init| Package {
        ms: Estimate { value: init.duration_ms, error: session.meta.clock_step_ms.unwrap_or(0.0) },
        of_init: share(init.duration_ms, Some(all)),
        of_startup: share(init.duration_ms, startup),
        init: init.clone(),
    };
    let mut rows: Vec<Package> = instance.inits.iter().map(row).collect();
    order::sort(&mut rows, |a, b| b.ms.value.total_cmp(&a.ms.value).then(b.init.bytes.cmp(&a.init.bytes)));
    rows
}

/// From the first request to `main.main`, ms.
pub(super) fn startup_ms(instance: &Instance) -> Option<f64> {
    phases::of(instance).find(|row| row.name == PhaseName::Main).map(|main| main.after_ms)
}
