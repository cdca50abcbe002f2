//! The shared time axis: which stretch every view shows, and which of it the reader has selected.
//!
//! Times are ms since the recording's time origin. What the axis can show is [`Kept`]: from the first request to now.
//! Positions and distances in actions are parts of what is shown, so that whoever sends them need not know times.

use super::span::{self, Span};
use crate::viz::Range;

/// The shortest stretch shown or selected, ms: clocks in browsers tell no more.
pub const SHORTEST_MS: f64 = 1.0;

/// How much less a key shows.
const CLOSER: f64 = 0.7;

/// What there is to show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Kept {
    /// Begin of the first request, or of what was seen, ms.
    pub begin: f64,
    /// Begin of what a full range shows: later than `begin` where the recording was begun anew.
    pub since: f64,
    /// Now, ms.
    pub now: f64,
    /// Whether time goes on: a young recording leaves room to grow.
    pub growing: bool,
}

impl Kept {
    /// All that can be shown.
    pub fn range(self) -> Range {
        let full = self.full();
        Range::new(self.begin.min(full.start), full.end)
    }

    /// All that the recording is of.
    fn full(self) -> Range {
        let end = if self.growing { self.now.max(self.since + span::YOUNG_MS) } else { self.now };
        Range::new(self.since, end.max(self.since + SHORTEST_MS))
    }
}

/// What the axis shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown {
    /// The latest stretch, moving along.
    Follow(Span),
    /// Everything, moving along.
    Full,
    /// A stretch that stays.
    Fixed(Range),
}

/// The axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// What it shows.
    pub shown: Shown,
    /// What the reader selected: it narrows every table.
    pub selection: Option<Range>,
    /// Where keys have put the cursor, ms. The pointer's own is no state: it moves with every picture.
    pub cursor: Option<f64>,
    /// What was followed last, to go back to.
    followed: Span,
}

/// What can happen to the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AxisAction {
    /// Shows `factor` times as long a stretch; what is at `at` (0 to 1) stays there.
    Zoom {
        /// Where, as a part of what is shown.
        at: f64,
        /// Below 1 shows less.
        factor: f64,
    },
    /// Shows less, around the cursor.
    Closer,
    /// Shows more.
    Farther,
    /// Moves towards later times by a part of what is shown.
    Pan {
        /// Below 0 towards earlier ones.
        by: f64,
    },
    /// Shows everything, and goes on with it.
    Full,
    /// Shows the latest stretch, and moves along.
    Follow(Span),
    /// Follows as it did last.
    Now,
    /// Shows a stretch.
    Show(Range),
    /// Moves the cursor towards later times by a part of what is shown.
    Cursor {
        /// Below 0 towards earlier ones.
        by: f64,
    },
    /// Selects from the cursor on.
    SelectFrom,
    /// Selects up to the cursor.
    SelectTo,
    /// Selects a stretch.
    Select(Range),
    /// Selects a stretch, and brings it into what is shown where it is not.
    Find(Range),
    /// Selects nothing, and takes the keys' cursor away.
    ClearSelection,
    /// Shows what is selected.
    ZoomToSelection,
}

impl Default for Axis {
    fn default() -> Self {
        let followed = Span::default();
        Self { shown: Shown::Follow(followed), selection: None, cursor: None, followed }
    }
}

impl Axis {
    /// The stretch shown.
    pub fn range(&self, kept: Kept) -> Range {
        match self.shown {
            Shown::Follow(span) => span.range(kept.since, kept.now, kept.growing),
            Shown::Full => kept.full(),
            Shown::Fixed(range) => within(range, kept.range()),
        }
    }

    /// The axis after an action.
    pub fn after(&self, action: AxisAction, kept: Kept) -> Self {
        let range = self.range(kept);
        match action {
            AxisAction::Zoom { at, factor } => self.showing(zoomed(range, at, factor, kept.range()), kept),
            AxisAction::Closer => self.showing(zoomed(range, self.anchor(range), CLOSER, kept.range()), kept),
            AxisAction::Farther => {
                self.showing(zoomed(range, self.anchor(range), 1.0 / CLOSER, kept.range()), kept)
            }
            AxisAction::Pan { by } => self.panned(range, by, kept),
            AxisAction::Full => Self { shown: Shown::Full, ..*self },
            AxisAction::Follow(span) => Self { shown: Shown::Follow(span), followed: span, ..*self },
            AxisAction::Now => Self { shown: Shown::Follow(self.followed), ..*self },
            AxisAction::Cursor { by } => {
                let from = self.cursor.unwrap_or(if by < 0.0 { range.end } else { range.start });
                let cursor = (from + by * range.len()).clamp(range.start, range.end);
                Self { cursor: Some(cursor), ..*self }
            }
            AxisAction::SelectFrom => self.select_from(range, kept),
            AxisAction::SelectTo => self.select_to(range, kept),
            AxisAction::Show(range) => self.showing(within(range, kept.range()), kept),
            AxisAction::Select(range) => Self { selection: common(range, kept.range()), ..*self },
            AxisAction::Find(found) => {
                let next = Self { selection: common(found, kept.range()), ..*self };
                let unseen = next.selection.filter(|it| it.start < range.start || it.end > range.end);
                unseen.map_or(next, |it| next.showing(around(it, range.len(), kept.range()), kept))
            }
            AxisAction::ClearSelection => Self { selection: None, cursor: None, ..*self },
            AxisAction::ZoomToSelection => match self.selection {
                Some(selection) => self.showing(within(selection, kept.range()), kept),
                None => *self,
            },
        }
    }

    /// The axis once what is kept has changed: a selection of what is gone goes too.
    pub fn kept(&self, kept: Kept) -> Self {
        Self { selection: self.selection.filter(|it| common(*it, kept.full()).is_some()), ..*self }
    }

    /// Selects from the cursor to the selection's end where that is later, else to the end of what is shown.
    fn select_from(&self, range: Range, kept: Kept) -> Self {
        let Some(at) = self.cursor else { return *self };
        let end = self.selection.map(|it| it.end).filter(|end| *end > at).unwrap_or(range.end);
        Self { selection: common(Range::new(at, end), kept.range()), ..*self }
    }

    /// The other end.
    fn select_to(&self, range: Range, kept: Kept) -> Self {
        let Some(at) = self.cursor else { return *self };
        let start = self.selection.map(|it| it.start).filter(|start| *start < at).unwrap_or(range.start);
        Self { selection: common(Range::new(start, at), kept.range()), ..*self }
    }

    /// What keys zoom at, as a part of what is shown: the cursor, or the middle.
    fn anchor(&self, range: Range) -> f64 {
        let cursor = self.cursor.filter(|at| (range.start..=range.end).contains(at));
        cursor.map_or(0.5, |at| (at - range.start) / range.len())
    }

    /// A pan that gets nowhere fixes nothing: who follows now and pans to later times still follows.
    fn panned(&self, range: Range, by: f64, kept: Kept) -> Self {
        let by = if by.is_finite() { by * range.len() } else { 0.0 };
        let moved = within(Range { start: range.start + by, end: range.end + by }, kept.range());
        if moved.start == range.start { *self } else { self.showing(moved, kept) }
    }

    fn showing(&self, range: Range, kept: Kept) -> Self {
        let all = kept.range();
        let shown = if range.len() >= all.len() { Shown::Full } else { Shown::Fixed(range) };
        Self { shown, ..*self }
    }
}

fn zoomed(range: Range, at: f64, factor: f64, all: Range) -> Range {
    let at = if at.is_finite() { at.clamp(0.0, 1.0) } else { 0.5 };
    let factor = if factor.is_finite() && factor > 0.0 { factor } else { 1.0 };
    let length = (range.len() * factor).clamp(SHORTEST_MS, all.len());
    let time = range.start + at * range.len();
    let start = time - at * length;
    within(Range { start, end: start + length }, all)
}

/// A stretch of some length with `range` in its middle, or longer where that does not fit in.
fn around(range: Range, length: f64, all: Range) -> Range {
    let more = ((length - range.len()) / 2.0).max(range.len() / 2.0);
    within(Range { start: range.start - more, end: range.end + more }, all)
}

/// `range` moved into `all`, at its length where that fits; no shorter than the shortest.
fn within(range: Range, all: Range) -> Range {
    let range = Range::new(range.start, range.end);
    let length = range.len().max(SHORTEST_MS).min(all.len());
    let start = range.start.min(all.end - length).max(all.start);
    Range { start, end: start + length }
}

/// What `range` and `all` have in common, widened to the shortest; nothing where they do not touch.
fn common(range: Range, all: Range) -> Option<Range> {
    let (start, end) = (range.start.max(all.start), range.end.min(all.end));
    // Written so that NaN has nothing in common.
    (start <= end).then(|| within(Range { start, end: end.max(start + SHORTEST_MS) }, all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEPT: Kept = Kept { begin: 1e3, since: 1e3, now: 121e3, growing: true };

    fn fixed(start: f64, end: f64) -> Axis {
        Axis { shown: Shown::Fixed(Range::new(start, end)), ..Axis::default() }
    }

    #[test]
    fn follows_until_it_is_fixed_and_then_stays() {
        let later = Kept { now: 151e3, ..KEPT };
        let axis = Axis::default();
        assert_eq!(axis.range(KEPT), Range::new(61e3, 121e3));
        assert_eq!(axis.range(later), Range::new(91e3, 151e3));
        let zoomed = axis.after(AxisAction::Zoom { at: 0.5, factor: 0.5 }, KEPT);
        assert_eq!(zoomed.range(KEPT), Range::new(76e3, 106e3));
        assert_eq!(zoomed.range(later), zoomed.range(KEPT));
        let full = zoomed.after(AxisAction::Full, KEPT);
        assert_eq!(full.range(later), Range::new(1e3, 151e3));
        assert_eq!(
            zoomed.after(AxisAction::Follow(Span::TenSeconds), KEPT).range(later),
            Range::new(141e3, 151e3)
        );
    }

    #[test]
    fn zooming_out_to_everything_follows_again() {
        let axis = fixed(50e3, 60e3).after(AxisAction::Zoom { at: 0.3, factor: 100.0 }, KEPT);
        assert_eq!(axis.shown, Shown::Full);
    }

    #[test]
    fn a_pan_that_gets_nowhere_fixes_nothing() {
        let axis = Axis::default();
        assert_eq!(axis.after(AxisAction::Pan { by: 0.5 }, KEPT), axis);
        let moved = axis.after(AxisAction::Pan { by: -0.5 }, KEPT);
        assert_eq!(moved.shown, Shown::Fixed(Range::new(31e3, 91e3)));
        assert_eq!(fixed(1e3, 5e3).after(AxisAction::Pan { by: -9.0 }, KEPT), fixed(1e3, 5e3));
    }

    #[test]
    fn a_selection_lies_in_what_is_kept() {
        let select =
            |start, end| Axis::default().after(AxisAction::Select(Range { start, end }), KEPT).selection;
        assert_eq!(select(0.0, 9e3), Some(Range::new(1e3, 9e3)));
        assert_eq!(select(200e3, 201e3), None);
        assert_eq!(select(f64::NAN, 9e3).map(|range| range.len().is_finite()), Some(true));
        let axis = fixed(1e3, 9e3).after(AxisAction::Select(Range::new(2e3, 3e3)), KEPT);
        assert_eq!(axis.after(AxisAction::ZoomToSelection, KEPT).range(KEPT), Range::new(2e3, 3e3));
        assert_eq!(axis.after(AxisAction::ClearSelection, KEPT).selection, None);
        let anew = Kept { begin: 500e3, since: 500e3, now: 501e3, growing: true };
        assert_eq!(axis.kept(KEPT), axis);
        assert_eq!(axis.kept(anew).selection, None);
    }

    #[test]
    fn what_is_found_is_selected_and_in_sight() {
        let find = |axis: Axis, start, end| axis.after(AxisAction::Find(Range::new(start, end)), KEPT);
        let following = find(Axis::default(), 100e3, 101e3);
        assert_eq!(
            (following.shown, following.selection),
            (Axis::default().shown, Some(Range::new(100e3, 101e3)))
        );
        let moved = find(fixed(80e3, 90e3), 20e3, 21e3);
        assert_eq!(
            (moved.shown, moved.selection),
            (Shown::Fixed(Range::new(15.5e3, 25.5e3)), Some(Range::new(20e3, 21e3)))
        );
        assert_eq!(find(fixed(80e3, 81e3), 20e3, 30e3).range(KEPT), Range::new(15e3, 35e3));
    }

    #[test]
    fn keys_move_a_cursor_and_select_at_it() {
        let keys = |axis: Axis, actions: &[AxisAction]| {
            actions.iter().fold(axis, |axis, action| axis.after(*action, KEPT))
        };
        let (back, on) = (AxisAction::Cursor { by: -0.25 }, AxisAction::Cursor { by: 0.5 });
        let axis = keys(fixed(10e3, 50e3), &[back]);
        assert_eq!(axis.cursor, Some(40e3));
        assert_eq!(keys(axis, &[on]).cursor, Some(50e3));
        // From here to the end of what is shown, then its other end.
        let from = keys(axis, &[AxisAction::SelectFrom]);
        assert_eq!(from.selection, Some(Range::new(40e3, 50e3)));
        let both = keys(from, &[AxisAction::Cursor { by: 0.1 }, AxisAction::SelectTo]);
        assert_eq!(both.selection, Some(Range::new(40e3, 44e3)));
        // An end beyond the other begins anew.
        let anew = keys(both, &[on, AxisAction::SelectFrom]);
        assert_eq!(anew.selection.map(|it| it.start), Some(50e3));
        let wider = keys(both, &[AxisAction::Cursor { by: -0.5 }, AxisAction::SelectFrom]);
        assert_eq!(wider.selection, Some(Range::new(24e3, 44e3)));
        assert_eq!(keys(axis, &[AxisAction::Closer]).range(KEPT).start, 40e3 - 0.75 * 28e3);
        assert_eq!(keys(axis, &[AxisAction::ClearSelection]).cursor, None);
        assert_eq!(keys(fixed(10e3, 50e3), &[AxisAction::SelectFrom]).selection, None);
    }

    #[test]
    fn now_goes_back_to_what_was_followed() {
        let axis = Axis::default().after(AxisAction::Follow(Span::TenSeconds), KEPT);
        let away = axis.after(AxisAction::Pan { by: -1.0 }, KEPT).after(AxisAction::Full, KEPT);
        assert_eq!(away.after(AxisAction::Now, KEPT).shown, Shown::Follow(Span::TenSeconds));
    }

    #[test]
    fn before_anything_is_kept_there_is_a_range() {
        for growing in [true, false] {
            let nothing = Kept { growing, ..Kept::default() };
            for shown in [Shown::Full, Shown::Follow(Span::Minute), Shown::Fixed(Range::new(5.0, 9.0))] {
                assert!(Axis { shown, ..Axis::default() }.range(nothing).len() > 0.0, "{shown:?}");
            }
        }
    }

    prop_compose! {
        fn kept()(begin in 0.0..1e6f64, length in 0.0..4e6f64, growing: bool) -> Kept {
            Kept { begin, since: begin, now: begin + length, growing }
        }
    }

    prop_compose! {
        fn axis()(kind in 0..5u8, start in -1e6..5e6f64, length in 0.0..4e6f64) -> Axis {
            let shown = match kind {
                0 => Shown::Full,
                1 => Shown::Follow(Span::TenSeconds),
                2 => Shown::Follow(Span::TenMinutes),
                _ => Shown::Fixed(Range::new(start, start + length)),
            };
            Axis { shown, ..Axis::default() }
        }
    }

    fn inside(range: Range, kept: Kept) -> bool {
        let all = kept.range();
        range.start >= all.start - 1e-6 && range.end <= all.end + 1e-6
    }

    proptest! {
        #[test]
        fn zoom_keeps_the_time_under_the_pointer(kept in kept(), axis in axis(), at in 0.0..1.0f64, factor in 0.01..100.0f64) {
            let before = axis.range(kept);
            let after = axis.after(AxisAction::Zoom { at, factor }, kept).range(kept);
            prop_assert!(inside(after, kept), "{after:?}");
            prop_assert!(after.len() >= SHORTEST_MS * 0.999 || before.len() < SHORTEST_MS);
            let all = kept.range();
            // Unless the end of what is kept came in between.
            if after.start > all.start + 1e-6 && after.end < all.end - 1e-6 {
                let time = |range: Range| range.start + at * range.len();
                prop_assert!((time(before) - time(after)).abs() < 1e-6 * all.end.max(1.0));
            }
        }

        #[test]
        fn pan_keeps_the_length(kept in kept(), axis in axis(), by in -3.0..3.0f64) {
            let before = axis.range(kept);
            let after = axis.after(AxisAction::Pan { by }, kept).range(kept);
            prop_assert!((before.len() - after.len()).abs() < 1e-6 * before.len().max(1.0));
            prop_assert!(inside(after, kept));
        }

        #[test]
        fn there_and_back_again(kept in kept(), by in -0.5..0.5f64) {
            let all = kept.range();
            let middle = Range::new(all.start + all.len() * 0.4, all.start + all.len() * 0.5);
            let axis = Axis { shown: Shown::Fixed(middle), ..Axis::default() };
            let start = axis.range(kept);
            let back = axis.after(AxisAction::Pan { by }, kept).after(AxisAction::Pan { by: -by }, kept);
            prop_assert!((back.range(kept).start - start.start).abs() < 1e-6 * all.end.max(1.0));
        }

        #[test]
        fn nothing_leaves_what_is_kept(kept in kept(), axis in axis(), start in -1e7..1e7f64, end in -1e7..1e7f64) {
            for action in [AxisAction::Show(Range { start, end }), AxisAction::Select(Range { start, end })] {
                let after = axis.after(action, kept);
                prop_assert!(inside(after.range(kept), kept));
                prop_assert!(after.selection.is_none_or(|it| inside(it, kept) && it.len() > 0.0));
            }
        }
    }
}
