//! Bars as pixels: thousands of them in one go, where a drawing context would take a call for each.
//!
//! Ends are rounded to whole device pixels, so that they are crisp and stacked bars leave no seam.

use super::{Bar, Fill};

/// Width of a stripe of what is hatched, CSS pixels.
const STRIPE: f64 = 2.0;

/// A colour: red, green, blue, alpha.
pub type Rgba = [u8; 4];

/// A picture of straight RGBA, row by row from the top; transparent at first.
#[derive(Debug, Default)]
pub struct Pixels {
    width: usize,
    height: usize,
    data: Vec<u8>,
}

impl Pixels {
    /// An empty picture in the memory of this one.
    pub fn clear(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width, height);
        self.data.clear();
        self.data.resize(width * height * 4, 0);
    }

    /// Its bytes.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Paints bars, one for each column; `ratio` device pixels are a CSS pixel. What is there is covered.
    pub fn bars(&mut self, bars: &[Bar], ratio: f64, color: Rgba, fill: Fill) {
        let stripe = (ratio * STRIPE).round().max(1.0) as usize;
        let row = |above: f32| {
            let above = (f64::from(above) * ratio).round().max(0.0) as usize;
            self.height - above.min(self.height)
        };
        for (x, bar) in bars.iter().enumerate().take(self.width) {
            for y in row(bar.to)..row(bar.from) {
                if fill == Fill::Hatched && (x + y) / stripe % 2 == 1 {
                    continue;
                }
                let at = (y * self.width + x) * 4;
                if let Some(pixel) = self.data.get_mut(at..at + 4) {
                    pixel.copy_from_slice(&color);
                }
            }
        }
    }
}

/// Reads `#rrggbb`, as a drawing context gives an opaque colour back.
pub fn color(hex: &str) -> Option<Rgba> {
    let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, r, g, b] = value.to_be_bytes();
    Some([r, g, b, u8::MAX])
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Rgba = [255, 0, 0, 255];
    const BLUE: Rgba = [0, 0, 255, 255];

    fn rows(pixels: &Pixels) -> Vec<String> {
        let letter = |pixel: &[u8]| match pixel {
            [255, ..] => 'r',
            [_, _, 255, _] => 'b',
            _ => '.',
        };
        pixels.data.chunks(pixels.width * 4).map(|row| row.chunks(4).map(letter).collect()).collect()
    }

    #[test]
    fn bars_stand_on_the_bottom_and_stack_without_a_seam() {
        let mut pixels = Pixels::default();
        pixels.clear(3, 4);
        let lower = [(0.0, 1.4), (0.0, 0.0), (0.0, 9.0)].map(|(from, to)| Bar { from, to });
        let upper = [(1.4, 3.0), (0.0, 1.0), (9.0, 9.0)].map(|(from, to)| Bar { from, to });
        pixels.bars(&lower, 1.0, RED, Fill::Solid);
        pixels.bars(&upper, 1.0, BLUE, Fill::Solid);
        assert_eq!(rows(&pixels), ["..r", "b.r", "b.r", "rbr"]);
    }

    #[test]
    fn bars_are_as_high_in_css_pixels_whatever_the_ratio() {
        let mut pixels = Pixels::default();
        pixels.clear(1, 6);
        pixels.bars(&[Bar { from: 0.0, to: 2.0 }], 2.0, RED, Fill::Solid);
        assert_eq!(rows(&pixels), [".", ".", "r", "r", "r", "r"]);
        pixels.clear(1, 1);
        pixels.bars(&[Bar { from: f32::NAN, to: f32::INFINITY }, Bar::default()], 1.0, RED, Fill::Solid);
        assert_eq!(rows(&pixels).len(), 1);
    }

    #[test]
    fn what_is_hatched_is_striped_across() {
        let mut pixels = Pixels::default();
        pixels.clear(5, 2);
        pixels.bars(&[Bar { from: 0.0, to: 2.0 }; 5], 1.0, RED, Fill::Hatched);
        assert_eq!(rows(&pixels), ["rr..r", "r..rr"]);
    }

    #[test]
    fn colours_read_as_the_context_gives_them() {
        assert_eq!(color("#1790ad"), Some([0x17, 0x90, 0xad, 0xff]));
        for no in ["", "#fff", "1790ad", "rgba(0, 0, 0, 0.5)", "#ééé"] {
            assert_eq!(color(no), None, "{no}");
        }
    }
}
