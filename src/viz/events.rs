//! Events in lanes: a box each where there is room; where there is not, how much of each pixel column they take.
//!
//! An event however short is a mark that can be seen: none vanishes.

use super::{
    Align, Bar, Fill, Ink, Range, Scale, Shape, Size,
    track::{Lane, Reading, Summary},
};
use crate::state::{
    events::{Event, Events, MEASURE_ROWS, What},
    history::{History, LATEST_MS},
};

/// An event as long as this, in device pixels, is a box of its own.
const BOX: f64 = 3.0;
/// How high a mark is at least, as a part of its lane.
const MARK: f32 = 0.4;
/// Room for a name in a box, CSS pixels: its margin, a character, and a lane's least height.
const NAME: (f64, f64, f64) = (4.0, 6.4, 11.0);
/// Names shown at most.
const NAMES: usize = 100;
/// Events told by name at the cursor.
const TOLD: usize = 2;
/// How far from the cursor events are told, in pixels.
pub const REACH: f64 = 2.0;

/// The lanes of a track that are in use.
fn used<'a>(lanes: &'a [Lane], events: &Events) -> &'a [Lane] {
    &lanes[..lanes.len().min(usize::from(events.lanes).max(1))]
}

/// The display list; `name` words what is written into a box.
pub fn shapes(
    lanes: &[Lane],
    events: &Events,
    range: Range,
    size: Size,
    name: fn(&What) -> Option<&str>,
) -> Vec<Shape> {
    let lanes = used(lanes, events);
    let height = (size.height - 1.0) / lanes.len() as f64;
    let mut layouts: Vec<Layout> = lanes.iter().map(|_| Layout::new(size.columns())).collect();
    let (scale, css) = (Scale::new(range, size.columns() as f64), Scale::new(range, size.width));
    let mut names = Vec::new();
    for event in events.over(range.start, range.end) {
        let lane = usize::from(event.lane).min(lanes.len() - 1);
        layouts[lane].add(scale.to_pixel(event.start), scale.to_pixel(event.end));
        let (from, to) = (css.to_pixel(event.start).max(0.0), css.to_pixel(event.end).min(size.width));
        let middle = size.height - (lane as f64 + 0.5) * height;
        // In the row that holds all that is left, names would lie over each other.
        let named = lane < MEASURE_ROWS && height >= NAME.2 && names.len() < NAMES;
        if let Some(text) = name(&event.what).filter(|_| named).and_then(|name| fitting(name, to - from)) {
            names.push(Shape::Text { at: (from + NAME.0, middle), align: Align::Start, text });
        }
    }
    let bars = |(at, layout): (usize, &Layout)| Shape::Bars {
        bars: layout.bars((at as f64 * height) as f32, height as f32),
        ink: lanes[at].ink,
        fill: Fill::Solid,
    };
    let seen = |(_, layout): &(usize, &Layout)| layout.seen;
    layouts.iter().enumerate().filter(seen).map(bars).chain(names).collect()
}

/// As much of a name as a box has room for.
fn fitting(name: &str, width: f64) -> Option<String> {
    let room = ((width - 2.0 * NAME.0) / NAME.1).floor();
    if room < 3.0 {
        return None;
    }
    let room = room as usize;
    if name.chars().count() <= room {
        return Some(name.to_owned());
    }
    Some(name.chars().take(room - 1).chain(['…']).collect())
}

/// Marks over other shapes, at the top.
pub fn marks(events: &Events, ink: Ink, range: Range, size: Size) -> Vec<Shape> {
    let mut layout = Layout::new(size.columns());
    let scale = Scale::new(range, size.columns() as f64);
    for event in events.over(range.start, range.end) {
        layout.add(scale.to_pixel(event.start), scale.to_pixel(event.end));
    }
    if !layout.seen {
        return Vec::new();
    }
    let height = size.height as f32 - 1.0;
    let from = height * (1.0 - MARK);
    let tick = |bar: Bar| if bar.to > bar.from { Bar { from, to: height } } else { bar };
    let bars = layout.bars(0.0, height).into_iter().map(tick).collect();
    vec![Shape::Bars { bars, ink, fill: Fill::Solid }]
}

struct Layout {
    /// The part of each column's time, of what is no box.
    shares: Vec<f32>,
    /// How many more boxes there are from each column on.
    boxes: Vec<i32>,
    seen: bool,
}

impl Layout {
    fn new(columns: usize) -> Self {
        Self { shares: vec![0.0; columns], boxes: vec![0; columns + 1], seen: false }
    }

    fn add(&mut self, from: f64, to: f64) {
        let end = self.shares.len();
        if to - from >= BOX {
            let first = from.round().max(0.0) as usize;
            // A hairline parts it from the next.
            let past = (to.round() - 1.0).max(0.0) as usize;
            if first < past.min(end) {
                self.boxes[first] += 1;
                self.boxes[past.min(end)] -= 1;
                self.seen = true;
            }
            return;
        }
        let first = from.max(0.0) as usize;
        let past = (to.max(0.0).ceil() as usize).max(first + 1);
        for (x, share) in self.shares.iter_mut().enumerate().take(past).skip(first) {
            let part = (to.min(x as f64 + 1.0) - from.max(x as f64)).max(0.0) as f32;
            *share += part.max(f32::MIN_POSITIVE);
            self.seen = true;
        }
    }

    fn bars(&self, bottom: f32, height: f32) -> Vec<Bar> {
        // A pixel parts a lane from the one above.
        let room = (height - 1.0).max(1.0);
        let mut within = 0;
        let bar = |(share, boxes): (&f32, &i32)| {
            within += boxes;
            let part = if within > 0 { 1.0 } else { share.clamp(MARK, 1.0) };
            let none = within == 0 && *share == 0.0;
            if none { Bar::default() } else { Bar { from: bottom, to: bottom + (room * part).max(1.0) } }
        };
        self.shares.iter().zip(&self.boxes).map(bar).collect()
    }
}

/// Events under a cursor that covers `reach` ms, the longest first.
pub fn at(events: &Events, history: &History, time: f64, reach: f64) -> Reading {
    let (mut first, mut count) = (Vec::<&Event>::new(), 0);
    for event in events.over(time - REACH * reach, time + REACH * reach).filter(|it| is_told(it)) {
        count += 1;
        let longer = |other: &&Event| other.end - other.start >= event.end - event.start;
        let at = first.partition_point(longer);
        if at < TOLD {
            first.insert(at, event);
            first.truncate(TOLD);
        }
    }
    let told = history.begin.is_some_and(|begin| begin <= time) && time <= history.told;
    match count {
        0 if told => Reading::Nothing,
        0 => Reading::Unknown,
        _ => Reading::Events { first: first.into_iter().map(|it| it.what.clone()).collect(), count },
    }
}

/// A pause is told with its cycle.
fn is_told(event: &Event) -> bool {
    *event.what != What::Pause
}

/// How many reach into a range, and the longest.
pub fn summary(events: &Events, history: &History, range: Range) -> Option<Summary> {
    // What the page tells may be older than the program.
    let (from, to) = (range.start, range.end.min(history.told));
    if history.begin.is_none() || from >= to {
        return None;
    }
    let (mut count, mut longest) = (0, 0.0f64);
    for event in events.over(from, to).filter(|it| is_told(it)) {
        count += 1;
        longest = longest.max(event.end - event.start);
    }
    Some(Summary::Events { count, longest })
}

/// How many began within the last second.
pub fn latest(events: &Events, history: &History) -> Option<f64> {
    let end = history.fresh(history.told)?;
    let from = end - LATEST_MS;
    let began = |event: &&Event| is_told(event) && event.start > from && event.start <= end;
    Some(events.over(from, end).filter(began).count() as f64 / LATEST_MS * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::events::{NO_ROWS, add_cycles, add_grows, add_timing};
    use proptest::prelude::*;
    use session::{Gc, Grow, Mark, Measure, Session};

    const TWO: &[Lane] = &[Lane { name: "a", ink: Ink::Gc }, Lane { name: "b", ink: Ink::Pause }];
    const SIZE: Size = Size { width: 10.0, height: 21.0, ratio: 1.0 };

    fn cycles(all: &[(f64, f64)]) -> Events {
        let cycle = |(number, (t, ms)): (u32, &(f64, f64))| Gc {
            number,
            t: *t,
            duration_ms: *ms,
            pause_ms: vec![0.0, 0.0],
            heap_trigger_bytes: None,
            heap_end_bytes: None,
            heap_live_mb: None,
            goal_mb: None,
            forced: false,
            stack: None,
        };
        let mut events = Events::default();
        let all: Vec<Gc> = (1..).zip(all).map(cycle).collect();
        add_cycles(&mut events, &Session::default(), &all, 0);
        events
    }

    fn timing(marks: &[f64], measures: &[(f64, f64)]) -> Events {
        let mut events = Events::default();
        let mark = |t: &f64| Mark { t: *t, realm: 0, name: "here".into() };
        let measure = |(start, ms): &(f64, f64)| Measure {
            start: *start,
            duration_ms: *ms,
            realm: 0,
            name: "wide".into(),
        };
        let (marks, measures): (Vec<_>, Vec<_>) =
            (marks.iter().map(mark).collect(), measures.iter().map(measure).collect());
        add_timing(&mut events, &mut NO_ROWS.clone(), &marks, &measures);
        events
    }

    fn drawn(events: &Events, range: Range) -> Vec<(Ink, Vec<f32>)> {
        let bars = |shape| match shape {
            Shape::Bars { bars, ink, .. } => Some((ink, bars.iter().map(|bar| bar.to - bar.from).collect())),
            _ => None,
        };
        shapes(TWO, events, range, SIZE, |_| None).into_iter().filter_map(bars).collect()
    }

    #[test]
    fn long_ones_are_boxes_and_short_ones_marks_that_can_be_seen() {
        let shown = drawn(&cycles(&[(1.0, 4.0), (8.5, 0.001)]), Range::new(0.0, 10.0));
        let (none, full, mark) = (0.0, 9.0, 9.0 * MARK);
        assert_eq!(shown[0], (Ink::Gc, vec![none, full, full, full, none, none, none, none, mark, none]));
        // Pauses of no length: two a cycle, in the lane above.
        assert_eq!(shown[1].0, Ink::Pause);
        let paused: Vec<usize> = (0..10).filter(|at| shown[1].1[*at] > 0.0).collect();
        assert_eq!(paused, [1, 5, 8]);
    }

    #[test]
    fn from_afar_a_column_is_as_high_as_its_time() {
        let all: Vec<(f64, f64)> = (0..1000).map(|i| (f64::from(i), 0.6)).collect();
        let shown = drawn(&cycles(&all), Range::new(0.0, 1e3));
        assert!(shown[0].1.iter().all(|height| (height - 0.6 * 9.0).abs() < 0.1), "{shown:?}");
    }

    #[test]
    fn names_stand_in_boxes_that_have_room() {
        const LANES: &[Lane] = &[Lane { name: "a", ink: Ink::Timing }, Lane { name: "b", ink: Ink::Timing }];
        let events = timing(&[5.0], &[(10.0, 20.0), (40.0, 3.0)]);
        let size = Size { width: 100.0, height: 41.0, ratio: 1.0 };
        let name = crate::text::event_name;
        let named = |size, range| -> Vec<(f64, String)> {
            let text = |shape| match shape {
                Shape::Text { at, text, .. } => Some((at.0, text)),
                _ => None,
            };
            shapes(LANES, &events, range, size, name).into_iter().filter_map(text).collect()
        };
        assert_eq!(named(size, Range::new(0.0, 50.0)), [(24.0, "wide".to_owned())]);
        assert_eq!(named(size, Range::new(0.0, 20.0)), [(54.0, "wide".to_owned())]);
        assert_eq!(named(Size { height: 15.0, ..size }, Range::new(0.0, 50.0)), []);
        assert_eq!(fitting("a long name", 45.0), Some("a lo…".into()));
    }

    #[test]
    fn the_cursor_tells_the_longest_and_how_many() {
        let mut history = History::default();
        (history.begin, history.told, history.now) = (Some(0.0), 100.0, 100.0);
        let events = cycles(&[(10.0, 1.0), (12.0, 3.0), (15.5, 2.0), (60.0, 1.0)]);
        let number = |what: &What| if let What::Cycle(gc, _) = what { gc.number } else { 0 };
        let found = |time, reach| match at(&events, &history, time, reach) {
            Reading::Events { first, count } => (first.iter().map(|it| number(it)).collect(), count),
            other => (Vec::new(), usize::from(other == Reading::Unknown)),
        };
        assert_eq!(found(13.0, 0.1), (vec![2], 1));
        assert_eq!(found(13.0, 2.0), (vec![2, 3], 3), "pauses are told with their cycles");
        assert_eq!(found(30.0, 1.0), (vec![], 0));
        assert_eq!(found(200.0, 1.0), (vec![], 1));
        assert_eq!(latest(&events, &history), Some(4.0));
        let all = summary(&events, &history, Range::new(11.5, 50.0));
        assert_eq!(all, Some(Summary::Events { count: 2, longest: 3.0 }));
    }

    #[test]
    fn marks_stand_at_the_top() {
        let grow = |t| Grow { t, from_bytes: 1.0, to_bytes: 2.0, stack: None };
        let mut events = Events::default();
        add_grows(&mut events, &Session::default(), &[grow(2.5), grow(7.5)]);
        let shown = marks(&events, Ink::Grow, Range::new(0.0, 10.0), SIZE);
        let Some(Shape::Bars { bars, ink: Ink::Grow, .. }) = shown.first() else { panic!("{shown:?}") };
        let at: Vec<usize> = (0..10).filter(|at| bars[*at].to == 20.0).collect();
        assert_eq!(at, [2, 7]);
        assert!(marks(&Events::default(), Ink::Grow, Range::new(0.0, 10.0), SIZE).is_empty());
    }

    proptest! {
        #[test]
        fn no_event_vanishes(all in prop::collection::vec((0.0..1e3f64, 0.0..50.0f64), 1..99), width in 1.0..300.0f64) {
            let size = Size { width, height: 21.0, ratio: 1.0 };
            let range = Range::new(0.0, 1100.0);
            let scale = Scale::new(range, size.columns() as f64);
            let events = timing(&all.iter().map(|it| it.0).collect::<Vec<_>>(), &[]);
            let shapes = shapes(TWO, &events, range, size, |_| None);
            let Some(Shape::Bars { bars, .. }) = shapes.first() else { return Err(TestCaseError::fail("none")) };
            for (start, _) in all {
                prop_assert!(bars[scale.to_pixel(start) as usize].to > 0.0);
            }
        }
    }
}
