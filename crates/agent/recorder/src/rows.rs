//! Rows that change in place. Readers are told of those that have since they last were.

use alloc::vec::Vec;
use core::ops::Deref;

/// A table whose rows may change; positions never do.
pub struct Rows<T> {
    rows: Vec<T>,
    /// Per row, `changes` as it was after its last.
    changed: Vec<u64>,
    changes: u64,
}

impl<T> Default for Rows<T> {
    fn default() -> Rows<T> {
        Rows { rows: Vec::new(), changed: Vec::new(), changes: 0 }
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rows
    }
}

impl<T: Clone> Rows<T> {
    /// Appends a row; returns its position.
    pub fn push(&mut self, row: T) -> u32 {
        self.changes += 1;
        self.rows.push(row);
        self.changed.push(self.changes);
        (self.rows.len() - 1) as u32
    }

    /// Changes row `at`, if there is one; `work` says whether it did.
    pub fn edit(&mut self, at: usize, work: impl FnOnce(&mut T) -> bool) {
        if let (Some(row), Some(changed)) = (self.rows.get_mut(at), self.changed.get_mut(at))
            && work(row)
        {
            self.changes += 1;
            *changed = self.changes;
        }
    }

    /// Changes every row without telling readers that have it.
    pub fn amend(&mut self, work: impl FnMut(&mut T)) {
        self.rows.iter_mut().for_each(work);
    }

    /// How many changes there were; 0 before the first.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Rows changed after the first `changes` changes, each with its position.
    pub fn since(&self, changes: u64) -> Vec<(u32, T)> {
        let rows = self.rows.iter().zip(&self.changed).zip(0..);
        rows.filter(|((_, changed), _)| **changed > changes).map(|((row, _), at)| (at, row.clone())).collect()
    }
}

/// Sets a part of a row; returns whether that changed it.
pub fn set<T: PartialEq>(part: &mut T, value: T) -> bool {
    let changed = *part != value;
    *part = value;
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let mut rows = Rows::default();
        for row in 0..3 {
            assert_eq!(rows.push(row), row as u32);
        }
        let seen = rows.changes();
        assert_eq!(rows.since(0), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(rows.since(seen), []);
        rows.edit(1, |row| set(row, 7));
        rows.edit(2, |row| set(row, 2));
        rows.edit(9, |row| set(row, 2));
        assert_eq!(rows.since(seen), [(1, 7)]);
        assert_eq!(*rows, [0, 7, 2]);
    }
}
