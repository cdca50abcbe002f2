//! Tables that may be stored as rows (`[{"t":1},{"t":2}]`) or as columns (`{"t":[1,2]}`). Readers take both.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use std::{fmt, marker::PhantomData};

/// Most rows read into one table. An honest recording keeps at most 200,000 samples.
pub const MAX_ROWS: usize = 1 << 20;

/// A row type whose table has both forms. Implemented by [`table!`].
pub trait Table: Sized {
    /// All columns of the table, each absent or whole.
    type Columns: for<'de> Deserialize<'de>;
    /// Rows of the columns, or what does not fit.
    fn from_columns(columns: Self::Columns) -> Result<Vec<Self>, String>;
    /// Writes the columns that hold anything.
    fn write_columns<S: Serializer>(rows: &[Self], to: S) -> Result<S::Ok, S::Error>;
}

/// What a cell is when its column is absent.
pub trait Cell: Sized {
    /// The value of an absent cell; `None` if the column must be there.
    fn absent() -> Option<Self> {
        None
    }
    /// Whether the cell need not be written.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Cell for Option<T> {
    fn absent() -> Option<Self> {
        Some(None)
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}
impl Cell for f64 {}
impl Cell for f32 {}
impl Cell for u32 {}
impl Cell for u64 {}
impl Cell for bool {}
impl Cell for String {}
impl Cell for Vec<f64> {}

/// A column that may be absent, of bounded length.
pub struct Column<T>(pub Option<Vec<T>>);

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Column<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        bounded(from).map(|rows| Self(Some(rows)))
    }
}

/// Takes the next cell of each column; used by [`table!`].
pub struct Cells<T> {
    name: &'static str,
    cells: Option<std::vec::IntoIter<T>>,
}

impl<T: Cell> Cells<T> {
    /// Starts on a column and makes its length the table's, or checks it against the table's.
    pub fn new(name: &'static str, column: Column<T>, rows: &mut Option<usize>) -> Result<Self, String> {
        if let Some(cells) = &column.0 {
            let expected = *rows.get_or_insert(cells.len());
            if cells.len() != expected {
                return Err(format!("column {name} has {} rows, the one before it {expected}", cells.len()));
            }
        }
        Ok(Self { name, cells: column.0.map(Vec::into_iter) })
    }

    /// The next cell.
    pub fn next(&mut self) -> Result<T, String> {
        let cell = match &mut self.cells {
            Some(cells) => cells.next(),
            None => T::absent(),
        };
        cell.ok_or_else(|| format!("column {} is missing", self.name))
    }
}

/// Writes one column without building it.
pub struct WriteColumn<'a, R, F>(pub &'a [R], pub F);

impl<R, T: Serialize, F: Fn(&R) -> T> Serialize for WriteColumn<'_, R, F> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(&self.1))
    }
}

/// Adds a column to the map being written, unless no row holds anything in it.
pub fn write_column<R, T, M>(
    map: &mut M,
    name: &str,
    rows: &[R],
    cell: impl Fn(&R) -> T,
) -> Result<(), M::Error>
where
    T: Cell + Serialize,
    M: SerializeMap,
{
    if !rows.is_empty() && rows.iter().all(|row| cell(row).is_absent()) {
        return Ok(());
    }
    map.serialize_entry(name, &WriteColumn(rows, cell))
}

/// Declares a row struct with its JSON names, and both forms of its table.
macro_rules! table {
    ($(#[$meta:meta])* $row:ident, $columns:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty = $name:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $row {
            $($(#[$field_meta])* #[serde(rename = $name)] pub $field: $type,)*
        }

        #[doc(hidden)]
        #[derive(Default, serde::Deserialize)]
        pub struct $columns {
            $(#[serde(rename = $name, default = "Default::default")] $field: $crate::model::table::Column<$type>,)*
        }

        impl $crate::model::table::Table for $row {
            type Columns = $columns;

            fn from_columns(columns: $columns) -> Result<Vec<Self>, String> {
                let mut rows = None;
                $(let mut $field = $crate::model::table::Cells::new($name, columns.$field, &mut rows)?;)*
                (0..rows.unwrap_or(0)).map(|_| Ok(Self { $($field: $field.next()?,)* })).collect()
            }

            fn write_columns<S: serde::Serializer>(rows: &[Self], to: S) -> Result<S::Ok, S::Error> {
                let mut map = to.serialize_map(None)?;
                $($crate::model::table::write_column(&mut map, $name, rows, |row| row.$field.clone())?;)*
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}
pub(crate) use table;

/// `#[serde(with = "table::columns")]`: written as columns, read as either.
pub mod columns {
    use super::{Deserializer, Serializer, Table};

    /// Writes columns.
    pub fn serialize<R: Table, S: Serializer>(rows: &[R], to: S) -> Result<S::Ok, S::Error> {
        R::write_columns(rows, to)
    }

    /// Reads rows or columns.
    pub fn deserialize<'de, R, D>(from: D) -> Result<Vec<R>, D::Error>
    where
        R: Table + serde::Deserialize<'de>,
        D: Deserializer<'de>,
    {
        super::either(from)
    }
}

/// `#[serde(with = "table::maybe")]`: the same of a table that may be absent or null, which is not the same as empty.
pub mod maybe {
    use super::{Deserialize, Deserializer, Serializer, Table};

    /// Writes columns, or null.
    pub fn serialize<R: Table, S: Serializer>(rows: &Option<Vec<R>>, to: S) -> Result<S::Ok, S::Error> {
        match rows {
            Some(rows) => R::write_columns(rows, to),
            None => to.serialize_none(),
        }
    }

    /// Reads rows, columns, or null.
    pub fn deserialize<'de, R, D>(from: D) -> Result<Option<Vec<R>>, D::Error>
    where
        R: Table + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        struct Rows<R>(Vec<R>);
        impl<'de, R: Table + Deserialize<'de>> Deserialize<'de> for Rows<R> {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                super::either(from).map(Self)
            }
        }
        Ok(Option::<Rows<R>>::deserialize(from)?.map(|rows| rows.0))
    }
}

/// Reads a table in either form.
pub fn either<'de, R, D>(from: D) -> Result<Vec<R>, D::Error>
where
    R: Table + Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Either<R>(PhantomData<R>);
    impl<'de, R: Table + Deserialize<'de>> de::Visitor<'de> for Either<R> {
        type Value = Vec<R>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table, as an array of rows or an object of columns")
        }
        fn visit_unit<E>(self) -> Result<Vec<R>, E> {
            Ok(Vec::new())
        }
        fn visit_seq<A: de::SeqAccess<'de>>(self, rows: A) -> Result<Vec<R>, A::Error> {
            collect(rows)
        }
        fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Vec<R>, A::Error> {
            let columns = R::Columns::deserialize(de::value::MapAccessDeserializer::new(map))?;
            R::from_columns(columns).map_err(de::Error::custom)
        }
    }
    from.deserialize_any(Either(PhantomData))
}

/// Reads an array of at most [`MAX_ROWS`] elements.
pub fn bounded<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    struct Bounded<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Bounded<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }
        fn visit_seq<A: de::SeqAccess<'de>>(self, cells: A) -> Result<Vec<T>, A::Error> {
            collect(cells)
        }
    }
    from.deserialize_seq(Bounded(PhantomData))
}

fn collect<'de, T: Deserialize<'de>, A: de::SeqAccess<'de>>(mut from: A) -> Result<Vec<T>, A::Error> {
    let mut out = Vec::new();
    while let Some(next) = from.next_element()? {
        if out.len() == MAX_ROWS {
            return Err(de::Error::custom(format_args!("a table has more than {MAX_ROWS} rows")));
        }
        out.push(next);
    }
    Ok(out)
}

/// A number as JSON holds it: whole ones without a point, `null` for one that is not known (NaN).
#[derive(Clone, Copy)]
pub struct Num(pub f64);

impl Cell for Num {}

impl Serialize for Num {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Up to 2^53 every whole f64 is that very integer.
        if self.0.fract() == 0.0 && self.0.abs() <= 9_007_199_254_740_992.0 {
            to.serialize_i64(self.0 as i64)
        } else if self.0.is_finite() {
            to.serialize_f64(self.0)
        } else {
            to.serialize_unit()
        }
    }
}

impl<'de> Deserialize<'de> for Num {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(Option::<f64>::deserialize(from)?.unwrap_or(f64::NAN)))
    }
}
