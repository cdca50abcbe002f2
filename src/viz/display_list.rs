//! What a chart looks like, as shapes in CSS pixels. Colours are roles (`Ink`); the painter knows the theme.

/// The colour of data by its meaning; the same in every view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
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
    /// Bytes into Go.
    ToGo,
    /// Bytes out of Go.
    ToJs,
    /// Stays in Go that `run` began.
    Run,
    /// Stays in Go that a timer began.
    Timer,
    /// Stays in Go that an event began.
    Event,
    /// Stays in Go that a call of an export began.
    Export,
    /// Cycles of the garbage collector, and what they found alive.
    Gc,
    /// What they did not.
    Garbage,
    /// Pauses of the program for the collector.
    Pause,
    /// References that Go holds to values of JS.
    Refs,
    /// Microtasks that were queued when Go was left.
    Queued,
    /// Microtasks that these queued.
    Chained,
    /// Tasks of the browser.
    Task,
    /// Its animation frames.
    Frame,
    /// Marks and measures of the page.
    Timing,
    /// Growths of linear memory.
    Grow,
    /// What is higher than the track.
    Clipped,
}

/// How a bar is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fill {
    /// Wholly.
    #[default]
    Solid,
    /// Lighter, for what holds only part of the time.
    Faint,
    /// Striped, for what is at most so much.
    Hatched,
}

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text begins at the point.
    Start,
    /// Text is centred on the point.
    Middle,
}

/// The room a chart has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Device pixels to a CSS pixel.
    pub ratio: f64,
}

impl Size {
    /// How many device pixels it is wide.
    pub fn columns(self) -> usize {
        (self.width * self.ratio).round().max(0.0) as usize
    }

    /// How many device pixels it is high.
    pub fn rows(self) -> usize {
        (self.height * self.ratio).round().max(0.0) as usize
    }
}

/// What one pixel column of a stack shows: from here to there above the bottom, in CSS pixels; nothing where both are
/// equal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bar {
    /// Lower end.
    pub from: f32,
    /// Upper end.
    pub to: f32,
}

/// One thing to paint. Hairlines lie behind all bars, texts before them; later shapes cover earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A bar for each device pixel of the width.
    Bars {
        /// From left to right.
        bars: Vec<Bar>,
        /// Their colour.
        ink: Ink,
        /// How they are filled.
        fill: Fill,
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
