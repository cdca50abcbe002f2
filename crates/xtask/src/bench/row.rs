//! A row of the result: what was measured, beside the control where there is one, against the reach.

use std::fmt;

use serde_json::{Value, json};

use super::stats::{Estimate, compared};

/// What was measured.
#[derive(Debug)]
pub(super) enum Measured {
    /// Pairs of a page without the agent and the same page with it.
    Pairs(Vec<[f64; 2]>),
    /// Pages of one kind.
    Single(Vec<f64>),
    /// Known exactly.
    Exact(f64),
}

/// How far the project wants to get.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reach {
    /// The median, or the value, is at most this.
    AtMost(f64),
    /// The ratio of the medians is at most this.
    Ratio(f64),
    /// The ratio of the medians is at most the first, or their difference at most the second.
    RatioOrMore(f64, f64),
    /// The agent's median is not above the interval of the control's.
    WithinControl,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// Such as `bridge mix`.
    pub what: &'static str,
    /// Unit of the values.
    pub unit: &'static str,
    pub reach: Reach,
    pub measured: Measured,
    /// How it was measured, and what else was seen.
    pub notes: Vec<String>,
}

impl Row {
    fn control(&self) -> Option<Estimate> {
        let Measured::Pairs(pairs) = &self.measured else { return None };
        Some(Estimate::of(&side(pairs, 0)))
    }

    fn agent(&self) -> Estimate {
        match &self.measured {
            Measured::Pairs(pairs) => Estimate::of(&side(pairs, 1)),
            Measured::Single(values) => Estimate::of(values),
            Measured::Exact(value) => Estimate::of(&[*value]),
        }
    }

    fn ratio(&self) -> Option<Estimate> {
        let Measured::Pairs(pairs) = &self.measured else { return None };
        Some(compared(pairs, |control, agent| agent / control))
    }

    fn difference(&self) -> Option<Estimate> {
        let Measured::Pairs(pairs) = &self.measured else { return None };
        Some(compared(pairs, |control, agent| agent - control))
    }

    /// Whether the medians are within reach.
    pub fn met(&self) -> bool {
        let (ratio, difference) = (self.ratio().map(|r| r.median), self.difference().map(|d| d.median));
        match self.reach {
            Reach::AtMost(most) => self.agent().median <= most,
            Reach::Ratio(most) => ratio.is_some_and(|ratio| ratio <= most),
            Reach::RatioOrMore(most, more) => {
                ratio.is_some_and(|ratio| ratio <= most)
                    || difference.is_some_and(|difference| difference <= more)
            }
            Reach::WithinControl => self.control().is_some_and(|control| self.agent().median <= control.high),
        }
    }

    fn reach_text(&self) -> String {
        match self.reach {
            Reach::AtMost(most) => format!("<= {most} {}", self.unit),
            Reach::Ratio(most) => format!("<= {most}"),
            Reach::RatioOrMore(most, more) => format!("<= {most} or +{more} {}", self.unit),
            Reach::WithinControl => "in control's".to_owned(),
        }
    }

    /// For the file: everything, each value included.
    pub fn json(&self) -> Value {
        let values = match &self.measured {
            Measured::Pairs(pairs) => json!({ "control": side(pairs, 0), "agent": side(pairs, 1) }),
            Measured::Single(values) => json!({ "agent": values }),
            Measured::Exact(value) => json!({ "agent": [value] }),
        };
        json!({
            "what": self.what, "unit": self.unit, "reach": self.reach_text(), "met": self.met(),
            "control": self.control().map(estimate), "agent": estimate(self.agent()),
            "ratio": self.ratio().map(estimate), "difference": self.difference().map(estimate),
            "values": values, "notes": self.notes,
        })
    }
}

/// One column of pairs: 0 the control, 1 the agent.
pub(super) fn side(pairs: &[[f64; 2]], side: usize) -> Vec<f64> {
    pairs.iter().map(|pair| pair[side]).collect()
}

fn estimate(Estimate { median, low, high }: Estimate) -> Value {
    json!({ "median": median, "low": low, "high": high })
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.met() { "met" } else { "SHORT" };
        let name = format!("{}, {}", self.what, self.unit);
        let control = self.control().map(|control| three(control, 0)).unwrap_or_default();
        let agent = match &self.measured {
            Measured::Exact(value) => format!("{value:.1}"),
            _ => three(self.agent(), 0),
        };
        let ratio = self.ratio().map(|ratio| three(ratio, 3)).unwrap_or_default();
        let reach = self.reach_text();
        write!(f, "{name:<38} {control:<23} {agent:<23} {ratio:<21} {reach:<17} {verdict}")?;
        if let (Reach::RatioOrMore(..), Some(more)) = (self.reach, self.difference()) {
            write!(f, "\n    difference {} {}", three(more, 0), self.unit)?;
        }
        for note in &self.notes {
            write!(f, "\n    {note}")?;
        }
        Ok(())
    }
}

/// The table's head, as wide as its rows.
pub(super) fn head() -> String {
    format!("{:<38} {:<23} {:<23} {:<21} {:<17}", "median [95 %]", "control", "agent", "ratio", "reach")
}

/// An estimate with `decimals`, or with as many as its size asks for.
fn three(Estimate { median, low, high }: Estimate, decimals: usize) -> String {
    let decimals = match median.abs() {
        _ if decimals > 0 => decimals,
        size if size < 10.0 => 2,
        size if size < 1000.0 => 1,
        _ => 0,
    };
    format!("{median:.decimals$} [{low:.decimals$}, {high:.decimals$}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(reach: Reach, pairs: &[[f64; 2]]) -> Row {
        Row { what: "x", unit: "ms", reach, measured: Measured::Pairs(pairs.to_vec()), notes: Vec::new() }
    }

    #[test]
    fn a_row_says_what_falls_short() {
        let pairs: Vec<[f64; 2]> = (0..20).map(|i| f64::from(100 + i % 5)).map(|c| [c, c * 1.04]).collect();
        assert!(row(Reach::Ratio(1.05), &pairs).met());
        assert!(!row(Reach::Ratio(1.03), &pairs).met());
        assert!(row(Reach::RatioOrMore(1.03, 5.0), &pairs).met(), "4 ms more");
        assert!(!row(Reach::RatioOrMore(1.03, 4.0), &pairs).met());
        assert!(!row(Reach::WithinControl, &pairs).met());
        let text = row(Reach::Ratio(1.03), &pairs).to_string();
        assert!(text.contains("102.0 [101.0, 103.0]") && text.ends_with("SHORT"), "{text}");
        assert!(!row(Reach::Ratio(1.05), &[[f64::NAN, 1.0]]).met(), "no figure is not a good one");
    }
}
