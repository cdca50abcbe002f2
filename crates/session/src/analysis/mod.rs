//! What a session says: pure functions of it, and one accumulator for live use.

mod costs;
mod estimate;
mod go_line;
mod go_lines;
mod headline;
mod loading;
mod phases;
mod status;
mod tally;
mod window;

pub use costs::{Copies, CopyDirection, CostRow, Direction, copies, imports, members, verb};
pub use estimate::Estimate;
pub use go_line::{go_line, is_own};
pub use go_lines::{Crossing, GoLine, GoLineLive, GoLines, Place};
pub use headline::{Headline, HeadlineState, Hot, headline, headline_of};
pub use loading::{LoadingFact, LoadingKind, loading};
pub use phases::{PhaseRow, phases};
pub use status::{Status, status};
pub use window::{Range, window};
