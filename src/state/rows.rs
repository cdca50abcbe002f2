//! How rows of the session's tables are told apart and compared.

use super::table::{Row, directed, unknown_last};
use session::{CostRow, Estimate, GoLine, Place};
use std::cmp::Ordering;

/// A column of the tables by Go line and by import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The Go line or the import.
    Name,
    /// What it crosses as.
    Crosses,
    /// Calls.
    Calls,
    /// Time.
    Time,
    /// Share.
    Share,
    /// Bytes.
    Bytes,
    /// Time per call.
    PerCall,
}

fn value(estimate: Option<Estimate>) -> Option<f64> {
    estimate.map(|estimate| estimate.value)
}

impl Row for GoLine {
    type Key = Place;
    type Column = Column;

    fn key(&self) -> Place {
        self.place.clone()
    }

    fn compare(&self, other: &Self, by: Column, descending: bool) -> Ordering {
        let figure = |line: &Self| match by {
            Column::Calls => Some(line.calls.value),
            Column::Time => value(line.time_ms),
            Column::Share => line.share,
            Column::Bytes => value(line.bytes),
            Column::PerCall => value(line.per_call_ms),
            Column::Name | Column::Crosses => None,
        };
        match by {
            Column::Name => directed(self.place.cmp(&other.place), descending),
            Column::Crosses => directed(self.crosses_as().cmp(other.crosses_as()), descending),
            _ => unknown_last(figure(self), figure(other), descending),
        }
    }
}

impl Row for CostRow {
    type Key = String;
    type Column = Column;

    fn key(&self) -> String {
        self.import.clone()
    }

    fn compare(&self, other: &Self, by: Column, descending: bool) -> Ordering {
        let figure = |row: &Self| match by {
            Column::Calls => Some(row.calls.value),
            Column::Time => value(row.time_ms),
            Column::Share => row.share,
            Column::Bytes => value(row.bytes),
            Column::PerCall => value(row.per_call_ms),
            Column::Name | Column::Crosses => None,
        };
        match by {
            Column::Name | Column::Crosses => directed(self.import.cmp(&other.import), descending),
            _ => unknown_last(figure(self), figure(other), descending),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::table::{Sort, arrange};

    fn row(import: &str, calls: f64, bytes: Option<f64>) -> CostRow {
        CostRow {
            import: import.into(),
            member: None,
            label: String::new(),
            calls: Estimate::exact(calls),
            time_ms: None,
            share: None,
            per_call_ms: None,
            bytes: bytes.map(Estimate::exact),
        }
    }

    #[test]
    fn each_column_sorts_by_its_own_figure() {
        let rows = [row("b", 1.0, Some(9.0)), row("a", 3.0, None), row("c", 2.0, Some(4.0))];
        let names = |by, descending| -> Vec<&str> {
            arrange(&rows, Sort { by, descending }, &[])
                .into_iter()
                .map(|i| rows[i].import.as_str())
                .collect()
        };
        assert_eq!(names(Column::Name, false), ["a", "b", "c"]);
        assert_eq!(names(Column::Calls, true), ["a", "c", "b"]);
        assert_eq!(names(Column::Bytes, true), ["b", "c", "a"]);
        assert_eq!(names(Column::Bytes, false), ["c", "b", "a"]);
        // Nothing was timed: the order the session gave stays.
        assert_eq!(names(Column::Time, true), ["b", "a", "c"]);
    }
}
