//! Painting shapes on a canvas element.

use crate::viz::{Align, Shape, Size, raster::Pixels};
use std::cell::RefCell;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::palette::Palette;

thread_local! {
    /// One picture for all canvases: they are painted one after the other.
    static PIXELS: RefCell<Pixels> = RefCell::default();
}

/// Paints on a canvas what `shapes` makes of its size. Without a context, nothing happens.
pub fn paint(canvas: &HtmlCanvasElement, shapes: impl FnOnce(Size) -> Vec<Shape>) {
    let context = canvas.get_context("2d").ok().flatten();
    let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let (Some(context), Some(palette)) = (context, Palette::of(canvas)) else { return };
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    let size = Size { width: canvas.client_width().into(), height: canvas.client_height().into(), ratio };
    resize(canvas, size.columns() as u32, size.rows() as u32);
    let pen = Pen { context, palette: &palette, size };
    let shapes = shapes(size);
    pen.bars(&shapes);
    pen.hairlines(&shapes);
    pen.texts(&shapes);
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

struct Pen<'a> {
    context: CanvasRenderingContext2d,
    palette: &'a Palette,
    size: Size,
}

impl Pen<'_> {
    /// All bars at once, over what was there.
    fn bars(&self, shapes: &[Shape]) {
        let (columns, rows) = (self.size.columns(), self.size.rows());
        PIXELS.with_borrow_mut(|pixels| {
            pixels.clear(columns, rows);
            for shape in shapes {
                if let Shape::Bars { bars, ink, fill } = shape {
                    let color = self.palette.bars(*ink, *fill, &self.context);
                    pixels.bars(bars, self.size.ratio, color, *fill);
                }
            }
            let image = ImageData::new_with_u8_clamped_array(Clamped(pixels.data()), columns as u32);
            // A canvas without room has no picture.
            if let Ok(image) = image {
                let _ = self.context.put_image_data(&image, 0.0, 0.0);
            }
        });
    }

    fn hairlines(&self, shapes: &[Shape]) {
        // In device pixels, behind the bars.
        let _ = self.context.set_global_composite_operation("destination-over");
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.context.set_fill_style_str(&self.palette.grid);
        let device = |pixels: f64| (pixels * self.size.ratio).round();
        for shape in shapes {
            if let Shape::Hairline { from, to } = shape {
                let (width, height) = (device(to.0 - from.0).max(1.0), device(to.1 - from.1).max(1.0));
                self.context.fill_rect(device(from.0), device(from.1), width, height);
            }
        }
        let _ = self.context.set_global_composite_operation("source-over");
    }

    fn texts(&self, shapes: &[Shape]) {
        let ratio = self.size.ratio;
        let _ = self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        self.context.set_font(&self.palette.font);
        self.context.set_text_baseline("middle");
        // A halo of the background keeps it readable over data.
        self.context.set_line_join("round");
        self.context.set_line_width(3.0);
        self.context.set_stroke_style_str(&self.palette.ground);
        self.context.set_fill_style_str(&self.palette.label);
        for shape in shapes {
            let Shape::Text { at: (x, y), align, text } = shape else { continue };
            self.context.set_text_align(match align {
                Align::Start => "start",
                Align::Middle => "center",
            });
            let _ = self.context.stroke_text(text, *x, *y);
            let _ = self.context.fill_text(text, *x, *y);
        }
    }
}
