//! Protocol's words to the session's.

use super::check::known;
use crate::{Attach, Cause, Gc, Import, Init, Member, Phase, PhaseName};
use protocol::{PhaseKind, Tally};

/// Name of all members that are no constants of the program.
const DYNAMIC: &str = "(dynamic)";

pub fn attach(told: protocol::Attach) -> Attach {
    match told {
        protocol::Attach::Early => Attach::Early,
        protocol::Attach::Late => Attach::Late,
    }
}

pub fn phase(told: &protocol::Phase, offset: f64) -> Phase {
    Phase {
        name: match told.kind {
            PhaseKind::Fetch => PhaseName::Fetch,
            PhaseKind::Download => PhaseName::Download,
            PhaseKind::Compile => PhaseName::Compile,
            PhaseKind::Instantiate => PhaseName::Instantiate,
            PhaseKind::RuntimeInit => PhaseName::RuntimeInit,
            PhaseKind::PackageInit => PhaseName::PackageInit,
            PhaseKind::Main => PhaseName::Main,
            PhaseKind::Run => PhaseName::Run,
        },
        start: told.start + offset,
        end: told.end.map(|end| end + offset),
        exact: told.exact,
    }
}

pub fn import(told: protocol::Import) -> Import {
    let (time_ms, time_error_ms) = time(&told.tally);
    Import {
        name: told.name,
        calls: told.tally.calls,
        time_ms,
        time_error_ms,
        timed_calls: told.tally.timed_calls,
        bytes: told.bytes,
    }
}

pub fn member(told: protocol::Member, imports: &[Import]) -> Member {
    let (time_ms, time_error_ms) = time(&told.tally);
    Member {
        import: imports.get(told.import as usize).map(|import| import.name.clone()).unwrap_or_default(),
        name: told.name.unwrap_or_else(|| DYNAMIC.into()),
        calls: told.tally.calls,
        time_ms,
        time_error_ms,
        timed_calls: told.tally.timed_calls,
    }
}

pub fn gc(told: &protocol::Gc, stack: Option<u32>, offset: f64) -> Gc {
    Gc {
        number: told.number,
        t: told.t + offset,
        duration_ms: told.duration_ms,
        pause_ms: told.pause_ms.to_vec(),
        heap_trigger_bytes: known(told.heap_trigger_bytes),
        heap_end_bytes: known(told.heap_end_bytes),
        heap_live_mb: known(told.heap_live_mb),
        goal_mb: known(told.goal_mb),
        forced: told.forced,
        stack,
    }
}

pub fn init(told: protocol::Init, offset: f64) -> Init {
    Init {
        package: told.package,
        start: told.start + offset,
        duration_ms: told.duration_ms,
        bytes: told.bytes,
        allocs: told.allocs,
    }
}

pub fn cause(told: protocol::Cause) -> Cause {
    match told {
        protocol::Cause::Run => Cause::Run,
        protocol::Cause::Timer => Cause::Timer,
        protocol::Cause::Event => Cause::Event,
        protocol::Cause::Export => Cause::Export,
    }
}

/// Time and its error; none where nothing was timed.
pub fn time(tally: &Tally) -> (Option<f64>, Option<f64>) {
    if tally.timed_calls == 0 {
        return (None, None);
    }
    (known(tally.time_ms), known(tally.time_error_ms))
}
