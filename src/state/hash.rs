//! What of the view a link holds: `#/live?view=bridge&range=2100-3400&select=2500-2600&program=2`, times in ms since the
//! recording's time origin; a `range` of `full` shows everything. A link is untrusted: what does not make sense is as if it
//! were not there.

use super::{route::Route, view::ViewId};
use crate::viz::Range;

/// The latest time a link may hold, ms: a month.
const LATEST_MS: f64 = 31.0 * 86_400e3;
/// Times are held to a thousandth of a millisecond.
const PER_MS: f64 = 1e3;

/// The view, what the axis shows where it does not follow now, what is selected, and the program chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// The view.
    pub view: ViewId,
    /// The stretch shown; `None` where it follows now, or shows everything.
    pub range: Option<Range>,
    /// Everything is shown.
    pub full: bool,
    /// The stretch selected.
    pub select: Option<Range>,
    /// The program chosen, by its instance; `None` for the latest.
    pub program: Option<u32>,
}

/// Everything, as a range.
const FULL: &str = "full";

impl Place {
    /// The place that a hash holds.
    pub fn parse(hash: &str) -> Self {
        let query = hash.split_once('?').map_or("", |(_, query)| query);
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        Self {
            view: value("view").and_then(ViewId::from_key).unwrap_or_default(),
            range: value("range").and_then(stretch),
            full: value("range") == Some(FULL),
            select: value("select").and_then(stretch),
            program: value("program").and_then(number),
        }
    }

    /// Whether it says nothing.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The hash that holds it, on a screen.
    pub fn format(&self, route: &Route) -> String {
        let mut parts = Vec::new();
        if self.view != ViewId::default() {
            parts.push(format!("view={}", self.view.key()));
        }
        for (name, range) in [("range", self.range), ("select", self.select)] {
            if let Some(range) = range {
                parts.push(format!("{name}={}-{}", rounded(range.start), rounded(range.end)));
            }
        }
        if self.full {
            parts.push(format!("range={FULL}"));
        }
        if let Some(program) = self.program {
            parts.push(format!("program={program}"));
        }
        let base = route.format();
        let joint = if base.contains('?') { '&' } else { '?' };
        if parts.is_empty() { base } else { format!("{base}{joint}{}", parts.join("&")) }
    }
}

/// Digits only: `parse` would read a sign, too.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn rounded(ms: f64) -> f64 {
    (ms * PER_MS).round() / PER_MS
}

fn stretch(text: &str) -> Option<Range> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (time(start)?, time(end)?);
    (start < end).then(|| Range::new(start, end))
}

/// Digits and a point only: `parse` would read `inf` and `1e300`, too.
fn time(text: &str) -> Option<f64> {
    let plain = text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let ms: f64 = plain.then(|| text.parse().ok()).flatten()?;
    (ms <= LATEST_MS).then(|| rounded(ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_link_in_full_and_the_shortest() {
        let place = Place::parse("#/live?view=bridge&range=2100-3400.5&select=2500-2600");
        assert_eq!(place.view, ViewId::Bridge);
        assert_eq!(place.range, Some(Range::new(2_100.0, 3_400.5)));
        assert_eq!(place.format(&Route::Live), "#/live?view=bridge&range=2100-3400.5&select=2500-2600");
        assert_eq!(Place::parse("#/live"), Place::default());
        assert_eq!(Place::default().format(&Route::Live), "#/live");
    }

    #[test]
    fn everything_and_the_program_of_a_file() {
        let route = Route::parse("#/open?profile=a.gz&view=startup&range=full&program=2");
        let place = Place::parse("#/open?profile=a.gz&view=startup&range=full&program=2");
        assert_eq!((place.full, place.range, place.program), (true, None, Some(2)));
        assert_eq!(place.format(&route), "#/open?profile=a.gz&view=startup&range=full&program=2");
    }

    #[test]
    fn nonsense_is_not_there() {
        for query in [
            "range=5-5",
            "range=9-3",
            "range=-1-3",
            "range=inf-inf",
            "range=NaN-1",
            "range=1e3-1e300",
            "range=",
            "range=1",
            "range=1-2-3",
            "range=0-99999999999999",
            "view=<script>",
            "range",
            "range=Full",
            "program=-1",
            "program=99999999999",
            "select=&range=&view=",
        ] {
            assert_eq!(Place::parse(&format!("#/live?{query}")), Place::default(), "{query}");
        }
    }

    prop_compose! {
        fn range()(start in 0.0..1e8f64, length in 0.01..1e8f64) -> Range {
            Range::new(start, start + length)
        }
    }

    fn near(a: Option<Range>, b: Option<Range>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => (a.start - b.start).abs() < 1e-3 && (a.end - b.end).abs() < 1e-3,
            (a, b) => a == b,
        }
    }

    proptest! {
        #[test]
        fn what_was_written_reads_back(
            view in 0..ViewId::ALL.len(), range in prop::option::of(range()), select in prop::option::of(range()),
            full in any::<bool>(), program in any::<Option<u32>>(),
        ) {
            let place = Place { view: ViewId::ALL[view], range, select, full: full && range.is_none(), program };
            let read = Place::parse(&place.format(&Route::Live));
            prop_assert_eq!((read.view, read.full, read.program), (place.view, place.full, place.program));
            prop_assert!(near(read.range, place.range) && near(read.select, place.select), "{:?}", read);
            // And then stays as it is: no link changes by being opened.
            prop_assert_eq!(Place::parse(&read.format(&Route::Live)), read);
        }

        #[test]
        fn any_text_is_a_place(hash in "\\PC{0,60}", tail in "[-.0-9eEinfa]{0,40}") {
            for hash in [hash.clone(), format!("#/live?range={tail}"), format!("#/live?select={tail}&{hash}")] {
                let place = Place::parse(&hash);
                for range in [place.range, place.select].into_iter().flatten() {
                    prop_assert!(range.start >= 0.0 && range.start < range.end && range.end <= LATEST_MS);
                }
            }
        }
    }
}
