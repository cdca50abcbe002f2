//! What a program holds of JS: which stacks made it hold values, a count of those by kind, and `js.Func`.

#[cfg(target_arch = "wasm32")]
use alloc::string::String;
use alloc::vec::Vec;

use protocol::{Census, Funcs, Held, Maker, NO_NODE};

use crate::rows::Rows;

/// Most stacks told apart; values of further ones are made by a stack that is not known.
const MAX_MAKERS: usize = 4096;
/// Most live `js.Func` looked at for what they call.
pub const MAX_CALLBACKS: u64 = 100_000;
/// Most rows of that.
pub const MAX_ROWS: usize = 1000;
/// A stack without a row.
const NO_ROW: u32 = u32::MAX;
/// The member of Go's glue that makes a `js.Func` callable.
pub const MAKES_FUNC: &str = "_makeFuncWrapper";

/// What one instance holds.
#[derive(Default)]
pub struct HeldLog {
    makers: Rows<Maker>,
    /// Row of each stack, and of values whose stack is not known.
    rows: Vec<u32>,
    row_of_none: Option<u32>,
    /// Names of the census that is being taken, with how many have each.
    #[cfg(target_arch = "wasm32")]
    pub(crate) names: Vec<(String, u64)>,
    census: Option<Census>,
    /// How many were taken.
    censuses: u32,
    funcs: Option<Funcs>,
    /// Position of [`MAKES_FUNC`] among the members.
    pub(crate) func_member: Option<usize>,
    /// `js.Func` made before the recording began, and those of them live then.
    before: (u64, Option<u64>),
    /// Go's table of them is looked for once so many were made.
    search_at: u64,
}

/// Where a reader is.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeldCursor {
    makers: u64,
    censuses: u32,
    funcs: Option<Funcs>,
}

impl HeldLog {
    /// Values of one stack: `made` new ones, and the weight of one sampled value before and after it was looked at.
    pub fn held(&mut self, node: u32, made: f64, before: f64, after: f64) {
        let row = self.row(node);
        let makers = &mut self.makers;
        makers.edit(row as usize, |it| {
            it.made += made;
            it.made_squares += made * made;
            it.live = (it.live + after - before).max(0.0);
            it.live_squares = (it.live_squares + after * after - before * before).max(0.0);
            true
        });
    }

    /// The row of a stack, a new one where it has none yet.
    fn row(&mut self, node: u32) -> u32 {
        let known = self.rows.get(node as usize).copied().unwrap_or(NO_ROW);
        if known != NO_ROW {
            return known;
        }
        if node == NO_NODE || self.makers.len() >= MAX_MAKERS {
            let makers = &mut self.makers;
            let none = Maker { node: NO_NODE, ..Maker::default() };
            return *self.row_of_none.get_or_insert_with(|| makers.push(none));
        }
        if self.rows.len() <= node as usize {
            self.rows.resize(node as usize + 1, NO_ROW);
        }
        let row = self.makers.push(Maker { node, ..Maker::default() });
        self.rows[node as usize] = row;
        row
    }

    /// Whether Go's table of `js.Func` is to be looked for now that `made` were made since the recording began: each time
    /// they have doubled. Returns how many there were in all.
    pub fn searches(&mut self, made: u64) -> Option<u64> {
        let all = made + self.before.0;
        if all < self.search_at.max(1) {
            return None;
        }
        self.search_at = 2 * all;
        Some(all)
    }

    /// `js.Func` made in all.
    pub fn funcs_made(&self) -> u64 {
        self.before.0 + self.funcs.map_or(0, |funcs| funcs.made)
    }

    /// Takes a census.
    pub fn count(&mut self, census: Census) {
        self.census = Some(census);
        self.censuses = self.censuses.wrapping_add(1);
    }

    /// `js.Func` made since the recording began, and live ones by Go's own table (NaN: not found). Returns the live ones,
    /// NaN unknown.
    pub fn count_funcs(&mut self, made: u64, live: f64) -> f64 {
        let none_made = made + self.before.0 == 0;
        let live = if none_made { Some(0) } else { (!live.is_nan()).then_some(live as u64) };
        let there = self.before.1.map(|before| before + made);
        // Before the first is made, Go's table holds none.
        let there = if self.before.0 == 0 { Some(made) } else { there };
        let released = live.zip(there).map(|(live, there)| there.saturating_sub(live));
        self.funcs = Some(Funcs { made, released, live });
        live.map_or(f64::NAN, |live| live as f64)
    }

    /// The program has exited: the glue has let go of everything, and so has Go.
    pub fn exit(&mut self) {
        for row in 0..self.makers.len() {
            self.makers.edit(row, |it| {
                let held = it.live > 0.0;
                (it.live, it.live_squares) = (0.0, 0.0);
                held
            });
        }
        if let Some(funcs) = &mut self.funcs {
            funcs.live = Some(0);
        }
    }

    /// The recording starts over. What is held is so still.
    pub fn clear(&mut self) {
        let funcs = self.funcs.unwrap_or_default();
        self.before = (self.before.0 + funcs.made, funcs.live);
        self.funcs = None;
        self.census = None;
        for row in 0..self.makers.len() {
            self.makers.edit(row, |it| {
                (it.made, it.made_squares) = (0.0, 0.0);
                true
            });
        }
    }

    /// The stacks are gone.
    pub fn free(&mut self) {
        self.makers.amend(|it| it.node = NO_NODE);
        let callbacks = self.census.iter_mut().flat_map(|census| census.callbacks.iter_mut().flatten());
        callbacks.for_each(|row| row.0 = NO_NODE);
    }

    /// Where a reader is that knows all.
    pub fn cursor(&self) -> HeldCursor {
        HeldCursor { makers: self.makers.changes(), censuses: self.censuses, funcs: self.funcs }
    }

    /// Whether there is anything new.
    pub fn news(&self, cursor: &HeldCursor) -> bool {
        self.makers.changes() != cursor.makers
            || self.censuses != cursor.censuses
            || self.funcs != cursor.funcs
    }

    /// What is new.
    pub fn since(&self, cursor: &HeldCursor) -> Held {
        let census = (self.censuses != cursor.censuses).then(|| self.census.clone()).flatten();
        Held { makers: self.makers.since(cursor.makers), census, funcs: self.funcs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_and_held_until_it_is_not() {
        let mut log = HeldLog::default();
        log.held(3, 10.0, 0.0, 10.0);
        log.held(3, 5.0, 0.0, 5.0);
        log.held(4, 1.0, 0.0, 1.0);
        log.held(3, 0.0, 10.0, 0.0);
        let rows: Vec<_> = log.makers.iter().map(|it| (it.node, it.made, it.made_squares, it.live)).collect();
        assert_eq!(rows, [(3, 15.0, 125.0, 5.0), (4, 1.0, 1.0, 1.0)]);
        assert_eq!(log.makers[0].live_squares, 25.0);
    }

    #[test]
    fn released_are_those_made_and_not_live() {
        let mut log = HeldLog::default();
        assert_eq!(log.count_funcs(0, f64::NAN), 0.0);
        assert!(log.count_funcs(7, f64::NAN).is_nan());
        assert_eq!(log.funcs, Some(Funcs { made: 7, released: None, live: None }));
        log.count_funcs(7, 3.0);
        assert_eq!(log.funcs, Some(Funcs { made: 7, released: Some(4), live: Some(3) }));
        log.clear();
        log.count_funcs(2, 1.0);
        assert_eq!(log.funcs, Some(Funcs { made: 2, released: Some(4), live: Some(1) }));
    }
}
