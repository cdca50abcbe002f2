//! Sorting by a heap, compiled once: the standard sort brings 5 KB of wasm for every type it sorts.

use std::{cmp::Ordering, collections::BinaryHeap};

/// Sorts rows; equal ones keep their order.
pub fn sort<T>(rows: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let places = order(rows.len(), &|a, b| compare(&rows[a], &rows[b]));
    let mut old: Vec<Option<T>> = rows.drain(..).map(Some).collect();
    rows.extend(places.into_iter().filter_map(|place| old[place].take()));
}

fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let keys: BinaryHeap<Key> = (0..len).map(|place| Key { place, compare }).collect();
    keys.into_sorted_vec().into_iter().map(|key| key.place).collect()
}

struct Key<'a> {
    place: usize,
    compare: &'a dyn Fn(usize, usize) -> Ordering,
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.compare)(self.place, other.place).then(self.place.cmp(&other.place))
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key<'_> {}

#[cfg(test)]
mod tests {
    #[test]
    fn as_the_standard_sort() {
        let mut rows: Vec<(u32, u32)> = (0..500).map(|at| (at * 7919 % 31, at)).collect();
        let mut expected = rows.clone();
        expected.sort_by_key(|row| std::cmp::Reverse(row.0));
        super::sort(&mut rows, |a, b| b.0.cmp(&a.0));
        assert_eq!(rows, expected);
    }
}
