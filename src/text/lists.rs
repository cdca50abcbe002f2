//! Words of the tables of what happened, and of their cells.

use super::{UNKNOWN, cursor_time};
use crate::state::list::{Between, Bound, Figure, Unit};
use session::{Estimate, Place, fmt};

pub const ROW_OPEN: &str = "Show what led to it";
pub const ROW_CLOSE: &str = "Hide what led to it";
pub const MOMENT_ABOUT: &str = "Select this stretch of time (enter)";
pub const COL_BEGAN: &str = "Began";
pub const COL_BEGAN_ABOUT: &str = "Since the page began; a press selects that stretch of time";
pub const COL_TOOK: &str = "Took";
pub const NOT_READ_YET: &str = "Reading…";

/// How precisely moments are told, ms.
const MOMENT_MS: f64 = 1.0;

/// A moment of the time axis.
pub fn moment(at: f64) -> String {
    cursor_time(at, MOMENT_MS)
}

/// A figure with its unit, its error, and whether it is a bound.
pub fn figure(figure: &Figure) -> String {
    let words = match figure.unit {
        Unit::Count => fmt::calls(figure.value),
        unit => fmt::estimate(figure.value, |value| plain(value, unit)),
    };
    match figure.bound {
        Some(Bound::Most) => format!("≤\u{a0}{words}"),
        None => words,
    }
}

fn plain(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => fmt::calls(Estimate::exact(value)),
        Unit::Ms | Unit::After => fmt::ms(value),
        Unit::Bytes => fmt::bytes(value),
        Unit::BytesPerSecond => fmt::bytes_rate(value),
        Unit::Mebibytes => format!("{}\u{a0}MiB", fmt::digits(value)),
        Unit::Share => fmt::percent(value),
        Unit::Time => moment(value),
    }
}

/// Two figures that belong together.
pub fn pair(both: [Option<f64>; 2], between: Between, unit: Unit) -> String {
    let [a, b] = both.map(|it| it.map_or_else(|| UNKNOWN.to_owned(), |it| plain(it, unit)));
    let between = match between {
        Between::To => "→",
        Between::Plus => "+",
        Between::Of => "of",
    };
    // Of one unit, which stands once.
    let unit_of = |words: &str| words.split_once('\u{a0}').map(|(_, unit)| unit.to_owned());
    let a = match (unit_of(&a), unit_of(&b)) {
        (Some(one), Some(other)) if one == other => a[..a.len() - one.len()].trim_end().to_owned(),
        _ => a,
    };
    format!("{a} {between} {b}")
}

/// A Go line in full.
pub fn line_about(place: &Place) -> String {
    match place {
        Place::Line { func, file, line } => {
            let file = file.as_deref().unwrap_or(UNKNOWN);
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("{func}\n{file}{line}")
        }
        Place::Runtime => "The Go runtime or standard library, without a line of the program".into(),
        Place::NoStack => "The Go stack could not be read".into(),
        Place::Start => "Nothing called it: a goroutine began here".into(),
    }
}

/// Rows left out of a table.
pub fn more(n: usize) -> String {
    format!("{} more ", fmt::count(n as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_figures_of_one_unit_name_it_once() {
        let to = |a, b| pair([a, b], Between::To, Unit::Bytes);
        assert_eq!(to(Some(4.02e6), Some(5.1e6)), "4.02 → 5.10\u{a0}MB");
        assert_eq!(to(Some(999.0), Some(5.1e6)), "999\u{a0}B → 5.10\u{a0}MB");
        assert_eq!(to(Some(4.02e6), None), "4.02\u{a0}MB → –");
        assert_eq!(pair([Some(0.02), Some(0.005)], Between::Plus, Unit::Ms), "20.0 + 5.00\u{a0}µs");
        assert_eq!(pair([Some(3.0), Some(4.0)], Between::Of, Unit::Mebibytes), "3.00 of 4.00\u{a0}MiB");
    }

    #[test]
    fn bounds_and_errors_are_marked() {
        let of = |value, error, bound| {
            figure(&Figure { value: Estimate { value, error }, unit: Unit::Ms, bound, note: None })
        };
        assert_eq!(of(5.0, 0.0, Some(Bound::Most)), "≤\u{a0}5.00\u{a0}ms");
        assert_eq!(of(5.0, 1.0, None), "5.00\u{a0}ms ±20\u{a0}%");
        assert_eq!(moment(12_345.6), "12.346\u{a0}s");
    }
}
