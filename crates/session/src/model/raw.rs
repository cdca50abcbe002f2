//! A table as JSON has it, rows or columns, before its cells have types: one reader for all tables, since a reader for each
//! is what a viewer would mostly consist of.

use super::table::MAX_ROWS;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What one cell says.
#[derive(Debug, Default)]
pub enum Raw {
    /// Nothing: its column is not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number from 0.
    Int(u64),
    /// Any other.
    Num(f64),
    /// A text.
    Text(Box<str>),
    /// Numbers.
    Nums(Box<[f64]>),
}

/// Cells of a table by column, and its length in rows.
#[derive(Default)]
pub struct RawTable {
    pub rows: usize,
    /// In the order of the names that were asked for; none where the column is not there.
    pub columns: Vec<Vec<Raw>>,
}

/// Reads the columns of these names.
pub fn read<'de, D: Deserializer<'de>>(names: &[&str], from: D) -> Result<RawTable, D::Error> {
    from.deserialize_any(Either(names))
}

fn too_many<E: de::Error>() -> E {
    E::custom(format_args!("a table has more than {MAX_ROWS} rows"))
}

struct Either<'a>(&'a [&'a str]);

impl<'de> Visitor<'de> for Either<'_> {
    type Value = RawTable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table, as an array of rows or an object of columns")
    }

    fn visit_unit<E>(self) -> Result<RawTable, E> {
        Ok(RawTable::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<RawTable, A::Error> {
        let mut columns: Vec<Vec<Raw>> = self.0.iter().map(|_| Vec::new()).collect();
        let mut count = 0;
        while rows.next_element_seed(Row { names: self.0, columns: &mut columns })?.is_some() {
            if count == MAX_ROWS {
                return Err(too_many());
            }
            count += 1;
            for column in &mut columns {
                // What the row left out.
                column.resize_with(count, Raw::default);
            }
        }
        Ok(RawTable { rows: count, columns })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawTable, A::Error> {
        let mut columns: Vec<Vec<Raw>> = self.0.iter().map(|_| Vec::new()).collect();
        let mut rows = None;
        while let Some(at) = map.next_key_seed(Key(self.0))? {
            let Some((name, column)) = at.and_then(|at| Some((self.0.get(at)?, columns.get_mut(at)?))) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if !column.is_empty() {
                return Err(de::Error::custom(format_args!("duplicate field `{name}`")));
            }
            let Some(cells) = map.next_value_seed(Column)? else { continue };
            let expected = *rows.get_or_insert(cells.len());
            if cells.len() != expected {
                let len = cells.len();
                return Err(de::Error::custom(format_args!(
                    "column {name} has {len} rows, the one before it {expected}"
                )));
            }
            *column = cells;
        }
        Ok(RawTable { rows: rows.unwrap_or(0), columns })
    }
}

/// Position of a key among the names, `None` for another.
struct Key<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<usize>, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column's name")
    }
    fn visit_str<E>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|name| *name == key))
    }
}

/// Adds one row's cells to the columns.
struct Row<'a, 'b> {
    names: &'a [&'a str],
    columns: &'b mut [Vec<Raw>],
}

impl<'de> DeserializeSeed<'de> for Row<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let rows = self.columns.iter().map(Vec::len).min().unwrap_or(0);
        while let Some(at) = map.next_key_seed(Key(self.names))? {
            let Some(column) = at.and_then(|at| self.columns.get_mut(at)) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            // A key twice: the latter counts.
            column.truncate(rows);
            column.push(map.next_value_seed(Cell)?);
        }
        Ok(())
    }
}

/// A column's cells; `None` for null.
struct Column;

impl<'de> DeserializeSeed<'de> for Column {
    type Value = Option<Vec<Raw>>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<Vec<Raw>>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Column {
    type Value = Option<Vec<Raw>>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }
    fn visit_unit<E>(self) -> Result<Option<Vec<Raw>>, E> {
        Ok(None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Option<Vec<Raw>>, A::Error> {
        let mut cells = Vec::new();
        while let Some(cell) = from.next_element_seed(Cell)? {
            if cells.len() == MAX_ROWS {
                return Err(too_many());
            }
            cells.push(cell);
        }
        Ok(Some(cells))
    }
}

struct Cell;

impl<'de> DeserializeSeed<'de> for Cell {
    type Value = Raw;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Raw, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell {
    type Value = Raw;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cell of a table")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Int(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Num(value as f64))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Num(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.into()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Raw, A::Error> {
        let mut numbers = Vec::new();
        while let Some(number) = from.next_element()? {
            if numbers.len() == MAX_ROWS {
                return Err(too_many());
            }
            numbers.push(number);
        }
        Ok(Raw::Nums(numbers.into()))
    }
}
