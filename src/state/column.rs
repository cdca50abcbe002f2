//! A column that grows at its end and can be handed on at little cost: copies share all but the last few rows.

use std::rc::Rc;

/// Rows that are copied at most when a shared column grows.
const CHUNK: usize = 128;

/// Rows in chunks. Every chunk but the last is full.
#[derive(Clone, Debug)]
pub struct Column<T> {
    chunks: Vec<Rc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Column<T> {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// A row.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.chunks.get(at / CHUNK)?.get(at % CHUNK)
    }

    /// The last row.
    pub fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    /// Rows from a position on.
    pub fn from(&self, at: usize) -> impl Iterator<Item = &T> {
        let chunks = self.chunks.get(at / CHUNK..).unwrap_or_default();
        chunks.iter().flat_map(|chunk| chunk.iter()).skip(at % CHUNK)
    }

    /// The first row that `before` does not hold for, where it holds for all rows before that one.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let full = self.chunks.partition_point(|chunk| chunk.last().is_some_and(&before));
        let rest = self.chunks.get(full).map_or(0, |chunk| chunk.partition_point(&before));
        (full * CHUNK + rest).min(self.len)
    }

    /// Adds a row.
    pub fn push(&mut self, row: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Rc::new(Vec::with_capacity(CHUNK)));
        }
        if let Some(last) = self.chunks.last_mut() {
            Rc::make_mut(last).push(row);
            self.len += 1;
        }
    }

    /// Takes away all rows from `len` on.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.chunks.truncate(len.div_ceil(CHUNK));
        if let Some(last) = self.chunks.last_mut().filter(|_| !len.is_multiple_of(CHUNK)) {
            Rc::make_mut(last).truncate(len % CHUNK);
        }
        self.len = len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_a_vector(steps in prop::collection::vec((0usize..400, 0usize..300), 1..8), at in 0usize..900) {
            let (mut column, mut vector) = (Column::default(), Vec::new());
            let mut copies = Vec::new();
            for (more, fewer) in steps {
                for _ in 0..more {
                    column.push(vector.len());
                    vector.push(vector.len());
                }
                let len = vector.len().saturating_sub(fewer);
                column.truncate(len);
                vector.truncate(len);
                copies.push((column.clone(), vector.clone()));
            }
            // What was handed on before stays as it was.
            for (column, vector) in copies {
                prop_assert_eq!(column.len(), vector.len());
                prop_assert_eq!(column.get(at), vector.get(at));
                prop_assert_eq!(column.last(), vector.last());
                prop_assert!(column.from(at).eq(vector.iter().skip(at)));
                let before = |row: &usize| *row < at;
                prop_assert_eq!(column.partition_point(before), vector.partition_point(before));
            }
        }
    }
}
