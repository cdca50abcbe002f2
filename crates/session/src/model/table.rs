//! Tables that may be stored as rows (`[{"t":1},{"t":2}]`) or as columns (`{"t":[1,2]}`). Readers take both.

use super::raw::{self, Raw};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use std::{fmt, marker::PhantomData};

/// Most rows read into one table. An honest recording keeps at most 200,000 samples.
pub const MAX_ROWS: usize = 1 << 20;

/// A row type whose table has both forms. Implemented by [`table!`].
pub trait Table: Sized {
    /// The names of its columns.
    const NAMES: &'static [&'static str];
    /// A row of its cells, in the order of the names; or what does not fit.
    fn from_cells(cells: &mut dyn Iterator<Item = Raw>) -> Result<Self, String>;
    /// Writes the columns that hold anything.
    fn write_columns<S: Serializer>(rows: &[Self], to: S) -> Result<S::Ok, S::Error>;
}

/// What a column holds.
pub trait Cell: Sized {
    /// What a cell has to be, in words.
    const EXPECTED: &'static str;
    /// Reads a cell; `None` if it is something else, or has to be there and is not.
    fn read(raw: Raw) -> Option<Self>;
}

/// What a column can be written from.
pub trait Written {
    /// Whether the cell need not be.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T: Cell> Cell for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn read(raw: Raw) -> Option<Self> {
        match raw {
            Raw::Absent | Raw::Null => Some(None),
            raw => T::read(raw).map(Some),
        }
    }
}

impl<T> Written for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// Implements [`Cell`] for a type from the forms of [`Raw`] that it takes.
macro_rules! cell {
    ($type:ty, $expected:literal, $($form:pat => $value:expr),*) => {
        impl $crate::model::table::Written for $type {}
        impl $crate::model::table::Cell for $type {
            const EXPECTED: &'static str = $expected;
            fn read(raw: $crate::model::raw::Raw) -> Option<Self> {
                match raw {
                    $($form => $value,)*
                    _ => None,
                }
            }
        }
    };
}

/// Implements [`Cell`] for one of the contract's words.
macro_rules! word {
    ($type:ty) => {
        $crate::model::table::cell!($type, "a word of the contract", $crate::model::raw::Raw::Text(word) => <$type>::parse(&word));
    };
}

cell!(f64, "a number", Raw::Int(n) => Some(n as f64), Raw::Num(n) => Some(n));
cell!(f32, "a number", Raw::Int(n) => Some(n as f32), Raw::Num(n) => Some(n as f32));
cell!(u32, "a whole number below 2^32", Raw::Int(n) => n.try_into().ok());
cell!(u64, "a whole number", Raw::Int(n) => Some(n));
cell!(bool, "true or false", Raw::Bool(is) => Some(is));
cell!(String, "a string", Raw::Text(text) => Some(text.into()));
cell!(Vec<f64>, "an array of numbers", Raw::Nums(numbers) => Some(numbers.into()));

/// The next cell of a row; used by [`table!`].
pub fn next<T: Cell>(cells: &mut dyn Iterator<Item = Raw>, name: &str) -> Result<T, String> {
    let raw = cells.next().unwrap_or_default();
    let absent = matches!(raw, Raw::Absent);
    T::read(raw).ok_or_else(|| refusal(name, absent, T::EXPECTED))
}

fn refusal(name: &str, absent: bool, expected: &str) -> String {
    if absent { format!("column {name} is missing") } else { format!("column {name} is not {expected}") }
}

/// A column of series that may be absent, of bounded length.
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
    T: Written + Serialize,
    M: SerializeMap,
{
    if !rows.is_empty() && rows.iter().all(|row| cell(row).is_absent()) {
        return Ok(());
    }
    map.serialize_entry(name, &WriteColumn(rows, cell))
}

/// Declares a row struct with its JSON names, and both forms of its table.
macro_rules! table {
    ($(#[$meta:meta])* $row:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty = $name:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct $row {
            $($(#[$field_meta])* #[serde(rename = $name)] pub $field: $type,)*
        }

        impl $crate::model::table::Table for $row {
            const NAMES: &'static [&'static str] = &[$($name,)*];

            fn from_cells(cells: &mut dyn Iterator<Item = $crate::model::raw::Raw>) -> Result<Self, String> {
                Ok(Self { $($field: $crate::model::table::next(cells, $name)?,)* })
            }

            fn write_columns<S: serde::Serializer>(rows: &[Self], to: S) -> Result<S::Ok, S::Error> {
                let mut map = to.serialize_map(None)?;
                $($crate::model::table::write_column(&mut map, $name, rows, |row| row.$field.clone())?;)*
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}
pub(crate) use cell;
pub(crate) use table;
pub(crate) use word;

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
        R: Table,
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
        R: Table,
        D: Deserializer<'de>,
    {
        struct Rows<R>(Vec<R>);
        impl<'de, R: Table> Deserialize<'de> for Rows<R> {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                super::either(from).map(Self)
            }
        }
        Ok(Option::<Rows<R>>::deserialize(from)?.map(|rows| rows.0))
    }
}

/// Reads a table in either form.
pub fn either<'de, R: Table, D: Deserializer<'de>>(from: D) -> Result<Vec<R>, D::Error> {
    let table = raw::read(R::NAMES, from)?;
    let mut columns: Vec<_> = table.columns.into_iter().map(Vec::into_iter).collect();
    let row = |at| {
        R::from_cells(&mut columns.iter_mut().map(|column| column.next().unwrap_or_default()))
            .map_err(|what| format!("row {at}: {what}"))
    };
    (0..table.rows).map(row).collect::<Result<_, _>>().map_err(de::Error::custom)
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

impl Written for Num {}
impl Cell for Num {
    const EXPECTED: &'static str = "a number or null";
    fn read(raw: Raw) -> Option<Self> {
        Option::read(raw).map(|n| Self(n.unwrap_or(f64::NAN)))
    }
}

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
