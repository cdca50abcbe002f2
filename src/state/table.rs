//! Order of a live table's rows: by the chosen column, and still while somebody points at it.

use std::{cmp::Ordering, collections::HashMap, hash::Hash};

/// A row that can be told from others and compared by its columns.
pub trait Row {
    /// What stays the same while its figures change.
    type Key: Clone + Eq + Hash + 'static;
    /// The columns it can be sorted by.
    type Column: Copy + PartialEq + 'static;

    /// Which row this is.
    fn key(&self) -> Self::Key;
    /// Order by a column in the asked direction; unknown figures stand last either way: see [`unknown_last`].
    fn compare(&self, other: &Self, by: Self::Column, descending: bool) -> Ordering;
}

/// The chosen column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort<C> {
    /// Which.
    pub by: C,
    /// Greatest first.
    pub descending: bool,
}

impl<C: Copy + PartialEq> Sort<C> {
    /// After a click on a column's header: the other way round, or a new column with its natural order.
    pub fn clicked(self, column: C, natural_descending: bool) -> Self {
        let descending = if self.by == column { !self.descending } else { natural_descending };
        Self { by: column, descending }
    }
}

/// Compares figures in the asked order, with unknown ones last whatever the order.
pub fn unknown_last(a: Option<f64>, b: Option<f64>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => directed(a.total_cmp(&b), descending),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// An ordering in the asked direction.
pub fn directed(ordering: Ordering, descending: bool) -> Ordering {
    if descending { ordering.reverse() } else { ordering }
}

/// Positions of `rows` in the order to show. Rows in `held` keep their places; others follow them, sorted.
pub fn arrange<R: Row>(rows: &[R], sort: Sort<R::Column>, held: &[R::Key]) -> Vec<usize> {
    let place: HashMap<&R::Key, usize> = held.iter().enumerate().map(|(i, key)| (key, i)).collect();
    let placed = |row: &R| place.get(&row.key()).copied().unwrap_or(usize::MAX);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&rows[*a], &rows[*b]);
        placed(a).cmp(&placed(b)).then_with(|| a.compare(b, sort.by, sort.descending))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Line(&'static str, Option<f64>);

    impl Row for Line {
        type Key = &'static str;
        type Column = ();
        fn key(&self) -> Self::Key {
            self.0
        }
        fn compare(&self, other: &Self, (): (), descending: bool) -> Ordering {
            unknown_last(self.1, other.1, descending)
        }
    }

    fn names(rows: &[Line], descending: bool, held: &[&'static str]) -> Vec<&'static str> {
        arrange(rows, Sort { by: (), descending }, held).into_iter().map(|i| rows[i].0).collect()
    }

    #[test]
    fn unknown_rows_stand_last_both_ways() {
        let rows = [Line("a", None), Line("b", Some(1.0)), Line("c", Some(2.0))];
        assert_eq!(names(&rows, true, &[]), ["c", "b", "a"]);
        assert_eq!(names(&rows, false, &[]), ["b", "c", "a"]);
    }

    #[test]
    fn held_rows_keep_their_places_and_new_ones_follow() {
        let rows =
            [Line("new", Some(9.0)), Line("b", Some(5.0)), Line("c", Some(7.0)), Line("newer", Some(10.0))];
        assert_eq!(names(&rows, true, &["b", "gone", "c"]), ["b", "c", "newer", "new"]);
    }

    #[test]
    fn a_second_click_turns_the_order() {
        let sort = Sort { by: 1, descending: true };
        assert_eq!(sort.clicked(1, true), Sort { by: 1, descending: false });
        assert_eq!(sort.clicked(2, true), Sort { by: 2, descending: true });
    }
}
