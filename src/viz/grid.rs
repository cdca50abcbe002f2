//! The hairlines behind every track, and the time axis under them.

use super::{Align, Range, Scale, Shape, Size, ticks};

/// Space between two time ticks, in pixels, at least.
const TICKS_APART: f64 = 90.0;

/// Ticks as hairlines from top to bottom, and one across the middle.
pub fn grid(range: Range, size: Size) -> Vec<Shape> {
    let scale = Scale::new(range, size.width);
    let upright = |time: f64| {
        let x = scale.to_pixel(time);
        Shape::Hairline { from: (x, 0.0), to: (x, size.height) }
    };
    let ends = ticks::time(range, size.width, TICKS_APART).into_iter().map(upright);
    let middle = size.height / 2.0;
    ends.chain([Shape::Hairline { from: (0.0, middle), to: (size.width, middle) }]).collect()
}

/// The time axis: ticks and their names, `name` wording a time.
pub fn axis(range: Range, size: Size, name: impl Fn(f64) -> String) -> Vec<Shape> {
    let scale = Scale::new(range, size.width);
    let mut out = Vec::new();
    for time in ticks::time(range, size.width, TICKS_APART) {
        let x = scale.to_pixel(time);
        out.push(Shape::Hairline { from: (x, 0.0), to: (x, 4.0) });
        // A name that would be cut by an edge is left out: its tick still stands.
        if x > 16.0 && x < size.width - 16.0 {
            out.push(Shape::Text {
                at: (x, size.height / 2.0 + 1.0),
                align: Align::Middle,
                text: name(time),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 300.0, height: 20.0, ratio: 1.0 };

    #[test]
    fn every_tick_of_the_axis_has_its_line_in_the_grid() {
        let range = Range::new(0.0, 10e3);
        let x = |shapes: Vec<Shape>| -> Vec<f64> {
            let upright = |shape| match shape {
                Shape::Hairline { from, to } if from.0 == to.0 => Some(from.0),
                _ => None,
            };
            shapes.into_iter().filter_map(upright).collect()
        };
        let ticks = x(axis(range, SIZE, |time| time.to_string()));
        assert_eq!(ticks, [0.0, 150.0, 300.0]);
        assert_eq!(x(grid(range, SIZE)), ticks);
    }

    #[test]
    fn names_at_the_edges_are_left_out() {
        let names: Vec<_> = axis(Range::new(0.0, 10e3), SIZE, |time| time.to_string())
            .into_iter()
            .filter_map(|shape| match shape {
                Shape::Text { text, .. } => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(names, ["5000"]);
        assert!(axis(Range::new(0.0, 1.0), Size { width: 0.0, ..SIZE }, |_| String::new()).len() < 5);
    }
}
