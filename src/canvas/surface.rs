//! Painting shapes on a canvas element.

use crate::viz::{Align, Ink, Shape};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::NodeRef;

use super::palette::Palette;

/// How much of its colour a faint area keeps.
const FAINT: f64 = 0.45;

/// Paints on a canvas that is `height` CSS pixels high what `shapes` makes of its width. Without a canvas or a
/// context, nothing happens.
pub fn paint(node: &NodeRef, height: f64, shapes: impl FnOnce(f64) -> Vec<Shape>) {
    let Some(canvas) = node.cast::<HtmlCanvasElement>() else { return };
    let width = f64::from(canvas.client_width());
    let context = canvas.get_context("2d").ok().flatten();
    let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let (Some(context), Some(palette)) = (context, Palette::of(&canvas)) else { return };
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    resize(&canvas, (width * ratio).round() as u32, (height * ratio).round() as u32);
    let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, width, height);
    context.set_font(&palette.font());
    context.set_text_baseline("middle");
    let pen = Pen { context, palette, ratio };
    for shape in shapes(width) {
        pen.draw(&shape);
    }
}

fn resize(canvas: &HtmlCanvasElement, width: u32, height: u32) {
    // Setting a size clears the canvas and drops its memory, so only when it changes.
    if canvas.width() != width {
        canvas.set_width(width);
    }
    if canvas.height() != height {
        canvas.set_height(height);
    }
}

struct Pen {
    context: CanvasRenderingContext2d,
    palette: Palette,
    ratio: f64,
}

impl Pen {
    fn draw(&self, shape: &Shape) {
        match shape {
            Shape::Area { points, ink, faint } => self.area(points, *ink, *faint),
            Shape::Hairline { from, to } => self.hairline(*from, *to),
            Shape::Text { at, align, text } => self.text(*at, *align, text),
        }
    }

    fn area(&self, points: &[(f64, f64)], ink: Ink, faint: bool) {
        self.context.set_fill_style_str(&self.palette.color(ink));
        self.context.set_global_alpha(if faint { FAINT } else { 1.0 });
        self.context.begin_path();
        for (x, y) in points {
            self.context.line_to(*x, *y);
        }
        self.context.fill();
        self.context.set_global_alpha(1.0);
    }

    fn hairline(&self, from: (f64, f64), to: (f64, f64)) {
        let thin = 1.0 / self.ratio;
        let snap = |v: f64| (v * self.ratio).round() / self.ratio;
        self.context.set_fill_style_str(&self.palette.color(Ink::Grid));
        let (width, height) = ((to.0 - from.0).max(thin), (to.1 - from.1).max(thin));
        self.context.fill_rect(snap(from.0), snap(from.1), width, height);
    }

    fn text(&self, (x, y): (f64, f64), align: Align, text: &str) {
        self.context.set_text_align(match align {
            Align::Start => "start",
            Align::Middle => "center",
        });
        // A halo of the background keeps it readable over data.
        self.context.set_line_join("round");
        self.context.set_line_width(3.0);
        self.context.set_stroke_style_str(&self.palette.ground());
        let _ = self.context.stroke_text(text, x, y);
        self.context.set_fill_style_str(&self.palette.color(Ink::Label));
        let _ = self.context.fill_text(text, x, y);
    }
}
