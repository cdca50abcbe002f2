//! Colours of the current theme, as the style sheet names them: read once, until the theme changes.

use crate::viz::{
    Fill, Ink,
    raster::{self, Rgba},
};
use std::{cell::RefCell, rc::Rc};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element};

/// How much of its colour a faint bar keeps.
const FAINT: f64 = 0.45;

/// The theme's colours and font.
pub struct Palette {
    style: CssStyleDeclaration,
    /// Colours of bars that were asked for.
    bars: RefCell<Vec<(Ink, Rgba)>>,
    /// Hairlines.
    pub grid: String,
    /// Small print.
    pub label: String,
    /// The chart's background.
    pub ground: String,
    /// The font of small print.
    pub font: String,
}

thread_local! {
    static PALETTE: RefCell<Option<Rc<Palette>>> = const { RefCell::new(None) };
}

/// The theme has changed: colours are looked up anew.
pub fn forget() {
    PALETTE.set(None);
}

impl Palette {
    /// The palette of the document; `element` is in it.
    pub fn of(element: &Element) -> Option<Rc<Self>> {
        PALETTE.with_borrow_mut(|known| {
            if known.is_none() {
                let style = web_sys::window()?.get_computed_style(element).ok().flatten()?;
                let value =
                    |property: &str| style.get_property_value(property).unwrap_or_default().trim().to_owned();
                *known = Some(Rc::new(Self {
                    grid: value("--grid"),
                    label: value("--text-2"),
                    ground: value("--plot"),
                    font: value("--font-chart"),
                    bars: RefCell::default(),
                    style,
                }));
            }
            known.clone()
        })
    }

    /// The colour of bars; the context knows how to read what the style sheet says.
    pub fn bars(&self, ink: Ink, fill: Fill, context: &CanvasRenderingContext2d) -> Rgba {
        let known = self.bars.borrow().iter().find(|(known, _)| *known == ink).map(|(_, color)| *color);
        let [r, g, b, _] = known.unwrap_or_else(|| {
            let css = self.style.get_property_value(property(ink)).unwrap_or_default();
            context.set_fill_style_str(css.trim());
            let read = context.fill_style().as_string().and_then(|hex| raster::color(&hex));
            let color = read.unwrap_or([128, 128, 128, 255]);
            self.bars.borrow_mut().push((ink, color));
            color
        });
        [r, g, b, if fill == Fill::Faint { (FAINT * 255.0) as u8 } else { u8::MAX }]
    }
}

fn property(ink: Ink) -> &'static str {
    match ink {
        Ink::Get => "--crossing-get",
        Ink::Set => "--crossing-set",
        Ink::Call => "--crossing-call",
        Ink::Copy => "--crossing-copy",
        Ink::Other => "--crossing-other",
        Ink::Memory | Ink::ToGo | Ink::Timer => "--go",
        Ink::ToJs => "--js",
        Ink::Run => "--go-run",
        Ink::Event => "--go-event",
        Ink::Export => "--go-export",
        Ink::Gc => "--gc",
        Ink::Garbage => "--gc-garbage",
        Ink::Pause => "--gc-pause",
        Ink::Refs | Ink::Chained => "--js",
        Ink::Queued => "--js-queued",
        Ink::Task => "--browser",
        Ink::Frame => "--browser-frame",
        Ink::Timing => "--timing",
        Ink::Grow => "--go-run",
        Ink::Clipped => "--text-2",
    }
}
