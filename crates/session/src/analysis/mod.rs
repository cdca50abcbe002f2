//! What a session says: pure functions of it, and one accumulator for live use.

mod backlog;
mod callers;
mod costs;
mod estimate;
mod go_line;
mod go_lines;
mod headline;
mod live;
mod loading;
mod long_tasks;
mod phases;
mod place;
mod status;
mod strata;
mod tally;
mod user_timing;
mod window;

pub use backlog::{Backlog, backlog};
pub use callers::{Caller, Subject};
pub use costs::{Copies, CopyDirection, CostRow, Direction, copies, imports, members, verb};
pub use estimate::Estimate;
pub use go_line::{go_line, is_own};
pub use go_lines::{Crossing, GoLine, GoLines};
pub use headline::{Headline, HeadlineState, Hot, headline, headline_of};
pub use live::{GoLineLive, Reading};
pub(crate) use loading::Longest;
pub use loading::{LoadingFact, LoadingKind, loading};
pub use long_tasks::{LongTaskRow, long_tasks};
pub use phases::{PhaseRow, phases};
pub use place::Place;
pub use status::{Status, status};
pub use user_timing::{Lengths, TimingRow, user_timing};
pub use window::{Range, window};
