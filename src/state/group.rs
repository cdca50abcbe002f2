//! Grouping and sorting by position, each compiled once for all tables: a map or a sort for every type of row would
//! bring the page several KB each.

use std::{cmp::Ordering, collections::HashMap};

/// Positions of groups by what tells them apart.
#[derive(Default)]
pub struct Groups(HashMap<u64, usize>);

impl Groups {
    /// The position of a group; those that are new come at the end.
    pub fn at(&mut self, key: u64) -> usize {
        let next = self.0.len();
        *self.0.entry(key).or_insert(next)
    }

    /// The rows of a group, made where it is new.
    pub fn of<'a, T>(&mut self, groups: &'a mut Vec<T>, key: u64, make: impl FnOnce() -> T) -> &'a mut T {
        let at = self.at(key);
        if at >= groups.len() {
            groups.push(make());
        }
        let last = groups.len() - 1;
        &mut groups[at.min(last)]
    }
}

/// The first `limit` of `len` positions in order; equal ones as they come.
pub fn sorted(len: usize, limit: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    let compare = |a: &usize, b: &usize| compare(*a, *b).then(a.cmp(b));
    if limit > 0 && limit < len {
        places.select_nth_unstable_by(limit - 1, compare);
    }
    places.truncate(limit);
    places.sort_unstable_by(compare);
    places
}

/// The first `limit` rows in order.
pub fn sort<T>(rows: Vec<T>, limit: usize, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let places = sorted(rows.len(), limit, &|a, b| compare(&rows[a], &rows[b]));
    let mut rows: Vec<Option<T>> = rows.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| rows[place].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn groups_come_as_their_first_rows_do() {
        let (mut groups, mut sums) = (Groups::default(), Vec::new());
        for (key, much) in [(7, 1), (3, 10), (7, 2)] {
            *groups.of(&mut sums, key, || 0) += much;
        }
        assert_eq!(sums, [3, 10]);
    }

    proptest! {
        #[test]
        fn the_first_are_those_of_a_whole_sort(rows in prop::collection::vec(0..9u8, 0..40), limit in 0..50usize) {
            let places = sorted(rows.len(), limit, &|a, b| rows[b].cmp(&rows[a]));
            let mut whole: Vec<usize> = (0..rows.len()).collect();
            whole.sort_by_key(|&at| std::cmp::Reverse(rows[at]));
            whole.truncate(limit);
            prop_assert_eq!(places, whole);
        }
    }
}
