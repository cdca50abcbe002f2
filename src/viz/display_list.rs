//! What a chart looks like, as shapes in CSS pixels. Colours are roles (`Ink`); the painter knows the theme.

/// A colour by its meaning; the same in every view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Hairlines behind the data.
    Grid,
    /// Small print on the chart.
    Label,
    /// Reads of JS properties.
    Get,
    /// Writes of JS properties.
    Set,
    /// Calls of JS functions and methods.
    Call,
    /// Copies of bytes and strings.
    Copy,
    /// Crossings that are none of these.
    Other,
    /// Linear memory.
    Memory,
}

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text begins at the point.
    Start,
    /// Text is centred on the point.
    Middle,
}

/// One thing to paint. Later shapes cover earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled polygon.
    Area {
        /// Its corners.
        points: Vec<(f64, f64)>,
        /// Its colour.
        ink: Ink,
        /// Lighter, for what holds only part of the time.
        faint: bool,
    },
    /// A line one device pixel wide, horizontal or vertical.
    Hairline {
        /// From.
        from: (f64, f64),
        /// To.
        to: (f64, f64),
    },
    /// One line of text; the point lies on its vertical middle.
    Text {
        /// Where.
        at: (f64, f64),
        /// Which end of it.
        align: Align,
        /// What.
        text: String,
    },
}
