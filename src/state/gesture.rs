//! What a pointer over the plots means: a drag selects, a click clears, the wheel zooms; fingers pan and pinch.
//!
//! Positions are parts of the plots' width, 0 to 1.

use super::axis::AxisAction;
use crate::viz::{Range, Scale};

/// A pointer has to move this far to drag, CSS pixels.
const DRAG_PX: f64 = 3.0;
/// How near to an end of the selection takes hold of it, CSS pixels: 24 across.
const EDGE_PX: f64 = 12.0;
/// How much a wheel's pixel zooms.
const WHEEL: f64 = 0.002;
/// A trackpad's pinch comes as a wheel with Ctrl, of fewer pixels.
const PINCH_WHEEL: f64 = 0.01;

/// Something a pointer did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// Came down.
    Down {
        /// Which.
        id: i32,
        /// Where.
        at: f64,
        /// A finger.
        touch: bool,
    },
    /// Moved, or came over.
    Move {
        /// Which.
        id: i32,
        /// Where.
        at: f64,
    },
    /// Went up.
    Up {
        /// Which.
        id: i32,
    },
    /// Was taken away by the browser.
    Cancel,
    /// Left.
    Leave,
    /// A double click.
    Twice {
        /// Where.
        at: f64,
    },
    /// The wheel.
    Wheel {
        /// Where.
        at: f64,
        /// Sideways, CSS pixels.
        x: f64,
        /// Down, CSS pixels.
        y: f64,
        /// Shift turns it sideways.
        shift: bool,
        /// A pinch.
        ctrl: bool,
    },
}

/// What the pointer is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plots {
    /// The time shown.
    pub range: Range,
    /// Width in CSS pixels.
    pub width: f64,
    /// What is selected.
    pub selection: Option<Range>,
}

impl Plots {
    /// The time at a position.
    pub fn time(&self, at: f64) -> f64 {
        Scale::new(self.range, 1.0).to_value(at)
    }

    /// The other end of the selection, where `at` is near one.
    fn opposite(&self, at: f64) -> Option<f64> {
        let selection = self.selection?;
        let near = |time: f64| {
            let distance = Scale::new(self.range, 1.0).to_pixel(time) - at;
            Some(distance.abs() * self.width).filter(|px| *px <= EDGE_PX)
        };
        match (near(selection.start), near(selection.end)) {
            (Some(start), Some(end)) if end < start => Some(selection.start),
            (Some(_), _) => Some(selection.end),
            (None, Some(_)) => Some(selection.start),
            (None, None) => None,
        }
    }

    fn selected(&self, at: f64) -> bool {
        self.selection.is_some_and(|it| it.start <= self.time(at) && self.time(at) <= it.end)
    }
}

/// What pointers are about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Gesture {
    /// Nothing.
    #[default]
    Idle,
    /// Down, not yet moved.
    Pressed {
        /// Which.
        id: i32,
        /// Where it came down.
        at: f64,
    },
    /// Selecting from a time to a time, in any order.
    Selecting {
        /// Which.
        id: i32,
        /// The end that stays.
        from: f64,
        /// The end that moves.
        to: f64,
    },
    /// A finger pans.
    Panning {
        /// Which.
        id: i32,
        /// Where it was last.
        last: f64,
    },
    /// Two fingers pinch.
    Pinching {
        /// Each finger, and where it was last.
        fingers: [(i32, f64); 2],
    },
}

impl Gesture {
    /// What is being selected.
    pub fn draft(&self) -> Option<Range> {
        match *self {
            Self::Selecting { from, to, .. } => Some(Range::new(from.min(to), from.max(to))),
            _ => None,
        }
    }

    /// What comes of an input, and what it asks of the axis.
    pub fn after(self, input: Input, plots: &Plots) -> (Self, Option<AxisAction>) {
        match input {
            Input::Down { id, at, touch } => (self.down(id, at, touch, plots), None),
            Input::Move { id, at } => self.moved(id, at, plots),
            Input::Up { id } => self.up(id, plots),
            Input::Cancel => (Self::Idle, None),
            Input::Leave => (self, None),
            Input::Twice { at } => (Self::Idle, plots.selected(at).then_some(AxisAction::ZoomToSelection)),
            Input::Wheel { at, x, y, shift, ctrl } => (self, wheel(at, x, y, shift, ctrl, plots.width)),
        }
    }

    fn down(self, id: i32, at: f64, touch: bool, plots: &Plots) -> Self {
        match self {
            Self::Panning { id: first, last } if touch => {
                Self::Pinching { fingers: [(first, last), (id, at)] }
            }
            _ if touch => Self::Panning { id, last: at },
            _ => match plots.opposite(at) {
                Some(from) => Self::Selecting { id, from, to: plots.time(at) },
                None => Self::Pressed { id, at },
            },
        }
    }

    fn moved(self, id: i32, to: f64, plots: &Plots) -> (Self, Option<AxisAction>) {
        match self {
            Self::Pressed { id: own, at } if own == id && (to - at).abs() * plots.width >= DRAG_PX => {
                (Self::Selecting { id, from: plots.time(at), to: plots.time(to) }, None)
            }
            Self::Selecting { id: own, from, .. } if own == id => {
                (Self::Selecting { id, from, to: plots.time(to) }, None)
            }
            Self::Panning { id: own, last } if own == id => {
                (Self::Panning { id, last: to }, Some(AxisAction::Pan { by: last - to }))
            }
            Self::Pinching { fingers } => pinched(fingers, id, to),
            _ => (self, None),
        }
    }

    fn up(self, id: i32, plots: &Plots) -> (Self, Option<AxisAction>) {
        match self {
            // A click where nothing is selected, or beside what is.
            Self::Pressed { id: own, at } if own == id => {
                let clears = plots.selection.is_some() && !plots.selected(at);
                (Self::Idle, clears.then_some(AxisAction::ClearSelection))
            }
            Self::Selecting { id: own, .. } if own == id => {
                (Self::Idle, self.draft().map(AxisAction::Select))
            }
            Self::Panning { id: own, .. } if own == id => (Self::Idle, None),
            Self::Pinching { fingers } => match fingers.into_iter().find(|(finger, _)| *finger != id) {
                Some((id, last)) => (Self::Panning { id, last }, None),
                None => (Self::Idle, None),
            },
            _ => (self, None),
        }
    }
}

fn pinched(mut fingers: [(i32, f64); 2], id: i32, to: f64) -> (Gesture, Option<AxisAction>) {
    let apart = |fingers: &[(i32, f64); 2]| (fingers[0].1 - fingers[1].1).abs().max(0.01);
    let before = apart(&fingers);
    for finger in fingers.iter_mut().filter(|(finger, _)| *finger == id) {
        finger.1 = to;
    }
    let at = (fingers[0].1 + fingers[1].1) / 2.0;
    let zoom = AxisAction::Zoom { at, factor: before / apart(&fingers) };
    (Gesture::Pinching { fingers }, Some(zoom))
}

/// A wheel zooms; sideways it pans.
fn wheel(at: f64, x: f64, y: f64, shift: bool, ctrl: bool, width: f64) -> Option<AxisAction> {
    let sideways = if shift && x == 0.0 { y } else { x };
    if (shift || x.abs() > y.abs()) && !ctrl {
        return Some(AxisAction::Pan { by: sideways / width.max(1.0) });
    }
    let speed = if ctrl { PINCH_WHEEL } else { WHEEL };
    // A wheel of large steps must not jump.
    let factor = (y * speed).clamp(-0.7, 0.7).exp();
    (y != 0.0).then_some(AxisAction::Zoom { at, factor })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOTS: Plots = Plots { range: Range { start: 1e3, end: 2e3 }, width: 1e3, selection: None };

    fn play(plots: &Plots, inputs: &[Input]) -> (Gesture, Vec<AxisAction>) {
        let mut actions = Vec::new();
        let gesture = inputs.iter().fold(Gesture::Idle, |gesture, input| {
            let (gesture, action) = gesture.after(*input, plots);
            actions.extend(action);
            gesture
        });
        (gesture, actions)
    }

    fn drag(plots: &Plots, from: f64, to: f64, touch: bool) -> (Gesture, Vec<AxisAction>) {
        let (down, to, up) =
            (Input::Down { id: 1, at: from, touch }, Input::Move { id: 1, at: to }, Input::Up { id: 1 });
        play(plots, &[down, to, up])
    }

    #[test]
    fn a_drag_selects_in_either_direction() {
        let select = AxisAction::Select(Range::new(1_200.0, 1_500.0));
        assert_eq!(drag(&PLOTS, 0.2, 0.5, false), (Gesture::Idle, vec![select]));
        assert_eq!(drag(&PLOTS, 0.5, 0.2, false), (Gesture::Idle, vec![select]));
        let (half, none) =
            play(&PLOTS, &[Input::Down { id: 1, at: 0.2, touch: false }, Input::Move { id: 1, at: 0.5 }]);
        assert_eq!((half.draft(), none), (Some(Range::new(1_200.0, 1_500.0)), vec![]));
        // Another pointer is none of it, and what the browser takes away selects nothing.
        assert_eq!(half.after(Input::Up { id: 2 }, &PLOTS), (half, None));
        assert_eq!(half.after(Input::Cancel, &PLOTS), (Gesture::Idle, None));
    }

    #[test]
    fn a_click_clears_but_not_in_the_selection_and_twice_zooms_to_it() {
        let plots = Plots { selection: Some(Range::new(1_200.0, 1_500.0)), ..PLOTS };
        assert_eq!(drag(&plots, 0.7, 0.7019, false).1, [AxisAction::ClearSelection]);
        assert_eq!(drag(&plots, 0.3, 0.3, false).1, []);
        assert_eq!(drag(&PLOTS, 0.3, 0.3, false).1, []);
        assert_eq!(play(&plots, &[Input::Twice { at: 0.3 }]).1, [AxisAction::ZoomToSelection]);
        assert_eq!(play(&plots, &[Input::Twice { at: 0.6 }]).1, []);
    }

    #[test]
    fn ends_of_the_selection_can_be_dragged() {
        let plots = Plots { selection: Some(Range::new(1_200.0, 1_500.0)), ..PLOTS };
        let select = |start, end| AxisAction::Select(Range::new(start, end));
        assert_eq!(drag(&plots, 0.211, 0.1, false).1, [select(1_100.0, 1_500.0)]);
        assert_eq!(drag(&plots, 0.489, 0.6, false).1, [select(1_200.0, 1_600.0)]);
        assert_eq!(drag(&plots, 0.5, 0.1, false).1, [select(1_100.0, 1_200.0)]);
        // Where both are near, the nearer.
        let narrow = Plots { selection: Some(Range::new(1_200.0, 1_205.0)), ..PLOTS };
        assert_eq!(drag(&narrow, 0.204, 0.3, false).1, [select(1_200.0, 1_300.0)]);
        assert_eq!(drag(&narrow, 0.201, 0.1, false).1, [select(1_100.0, 1_205.0)]);
    }

    #[test]
    fn fingers_pan_and_pinch() {
        assert_eq!(drag(&PLOTS, 0.5, 0.25, true), (Gesture::Idle, vec![AxisAction::Pan { by: 0.25 }]));
        let down = |id, at| Input::Down { id, at, touch: true };
        let (gesture, actions) = play(
            &PLOTS,
            &[down(1, 0.25), down(2, 0.5), Input::Move { id: 2, at: 0.75 }, Input::Up { id: 1 }],
        );
        assert_eq!(actions, [AxisAction::Zoom { at: 0.5, factor: 0.5 }]);
        assert_eq!(gesture, Gesture::Panning { id: 2, last: 0.75 });
    }

    #[test]
    fn the_wheel_zooms_and_pans() {
        let wheel = |x, y, shift, ctrl| play(&PLOTS, &[Input::Wheel { at: 0.5, x, y, shift, ctrl }]).1;
        assert_eq!(wheel(0.0, 100.0, true, false), [AxisAction::Pan { by: 0.1 }]);
        assert_eq!(wheel(-50.0, 10.0, false, false), [AxisAction::Pan { by: -0.05 }]);
        let factor = |actions: Vec<AxisAction>| match actions[..] {
            [AxisAction::Zoom { at: 0.5, factor }] => factor,
            _ => panic!("{actions:?}"),
        };
        assert!(factor(wheel(0.0, 100.0, false, false)) > 1.0);
        // In and out again is where it was.
        let there = factor(wheel(0.0, -120.0, false, false));
        assert!((there * factor(wheel(0.0, 120.0, false, false)) - 1.0).abs() < 1e-12);
        assert!(factor(wheel(0.0, 1e9, false, false)) < 3.0);
        assert!(factor(wheel(0.0, -4.0, false, true)) < factor(wheel(0.0, -4.0, false, false)));
        assert_eq!(wheel(0.0, 0.0, false, false), []);
    }
}
