//! Colours of the current theme, as the style sheet names them.

use crate::viz::Ink;
use web_sys::CssStyleDeclaration;

/// Reads colours off a computed style.
pub struct Palette(CssStyleDeclaration);

impl Palette {
    /// The palette of an element's theme.
    pub fn of(element: &web_sys::Element) -> Option<Self> {
        web_sys::window()?.get_computed_style(element).ok().flatten().map(Self)
    }

    /// The CSS colour of an ink.
    pub fn color(&self, ink: Ink) -> String {
        self.value(match ink {
            Ink::Grid => "--grid",
            Ink::Label => "--text-2",
            Ink::Get => "--crossing-get",
            Ink::Set => "--crossing-set",
            Ink::Call => "--crossing-call",
            Ink::Copy => "--crossing-copy",
            Ink::Other => "--crossing-other",
            Ink::Memory => "--go",
        })
    }

    /// The font of text on a chart.
    pub fn font(&self) -> String {
        self.value("--font-chart")
    }

    /// The chart's background.
    pub fn ground(&self) -> String {
        self.value("--plot")
    }

    fn value(&self, property: &str) -> String {
        self.0.get_property_value(property).unwrap_or_default().trim().to_owned()
    }
}
