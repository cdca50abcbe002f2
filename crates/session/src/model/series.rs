//! Counters over time.

use super::{
    Import,
    table::{Column, Num},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use std::collections::BTreeMap;

/// Buckets of counters: `t[i]` ends bucket i. Calls, times and bytes are sums within the bucket, gauges (memory,
/// references, goroutines) values at `t[i]`. Every column is as long as `t`; NaN is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Ends of the buckets.
    pub t: Vec<f64>,
    /// Calls by position in the instance's imports.
    pub calls: Vec<Vec<f64>>,
    /// Estimated ms by position in the instance's imports.
    pub time_ms: Vec<Vec<f64>>,
    /// Bytes into Go.
    pub bytes_to_go: Vec<f64>,
    /// Bytes out of Go.
    pub bytes_to_js: Vec<f64>,
    /// `mem.buffer.byteLength`.
    pub memory_bytes: Vec<f64>,
    /// JS values Go holds.
    pub js_refs: Vec<f64>,
    /// `js.Func` made and not released.
    pub funcs: Vec<f64>,
    /// The JS heap of the whole page as the engine tells it: coarse, nothing of Go's, without linear memory.
    pub js_heap_bytes: Vec<f64>,
    /// Goroutines.
    pub goroutines: Vec<f64>,
}

impl Series {
    /// All crossings of bucket i.
    pub fn calls_at(&self, i: usize) -> f64 {
        self.calls.iter().filter_map(|column| column.get(i)).filter(|calls| calls.is_finite()).sum()
    }
}

/// Most cells read from a series stored as rows: a new name in a late row fills a whole column.
const MAX_CELLS: usize = 1 << 24;

/// A column of numbers, NaN as null.
#[derive(Default)]
struct Numbers(Vec<f64>);

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Column(cells) = Column::<Num>::deserialize(from)?;
        Ok(Self(cells.unwrap_or_default().into_iter().map(|n| n.0).collect()))
    }
}

/// Series as JSON has them: columns by import name.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SeriesJson {
    t: Numbers,
    calls: BTreeMap<String, Numbers>,
    time_ms: BTreeMap<String, Numbers>,
    bytes_to_go: Numbers,
    bytes_to_js: Numbers,
    memory_bytes: Numbers,
    js_refs: Numbers,
    funcs: Numbers,
    js_heap_bytes: Numbers,
    goroutines: Numbers,
}

impl SeriesJson {
    /// Orders the columns by import and checks their lengths. A column that is not there is unknown throughout.
    pub(super) fn resolve(self, imports: &BTreeMap<&str, u32>) -> Result<Series, String> {
        let rows = self.t.0.len();
        let column = |name: &str, column: Numbers| match column.0.len() {
            0 => Ok(vec![f64::NAN; rows]),
            n if n == rows => Ok(column.0),
            n => Err(format!("series.{name} has {n} rows, series.t {rows}")),
        };
        let by_import = |name: &str, columns: BTreeMap<String, Numbers>| {
            let mut out = vec![Vec::new(); imports.len()];
            for (import, cells) in columns {
                let at = imports.get(import.as_str()).and_then(|&at| out.get_mut(at as usize));
                let at = at.ok_or_else(|| format!("series.{name} names \"{import}\", which is no import"))?;
                *at = column(name, cells)?;
            }
            Ok::<_, String>(out)
        };
        Ok(Series {
            calls: by_import("calls", self.calls)?,
            time_ms: by_import("timeMs", self.time_ms)?,
            bytes_to_go: column("bytesToGo", self.bytes_to_go)?,
            bytes_to_js: column("bytesToJs", self.bytes_to_js)?,
            memory_bytes: column("memoryBytes", self.memory_bytes)?,
            js_refs: column("jsRefs", self.js_refs)?,
            funcs: column("funcs", self.funcs)?,
            js_heap_bytes: column("jsHeapBytes", self.js_heap_bytes)?,
            goroutines: column("goroutines", self.goroutines)?,
            t: self.t.0,
        })
    }

    fn push<E: de::Error>(&mut self, row: SeriesRow) -> Result<(), E> {
        let rows = self.t.0.len();
        for (columns, cells) in [(&mut self.calls, row.calls), (&mut self.time_ms, row.time_ms)] {
            for (name, cell) in cells {
                let column = &mut columns.entry(name).or_default().0;
                column.resize(rows, f64::NAN);
                column.push(cell.0);
            }
        }
        self.t.0.push(row.t.0);
        self.bytes_to_go.0.push(row.bytes_to_go.0);
        self.bytes_to_js.0.push(row.bytes_to_js.0);
        self.memory_bytes.0.push(row.memory_bytes.0);
        self.js_refs.0.push(row.js_refs.0);
        self.funcs.0.push(row.funcs.0);
        self.js_heap_bytes.0.push(row.js_heap_bytes.0);
        self.goroutines.0.push(row.goroutines.0);
        let names = self.calls.len() + self.time_ms.len() + 8;
        if (rows + 1).saturating_mul(names) > MAX_CELLS {
            return Err(E::custom(format_args!("series has more than {MAX_CELLS} cells")));
        }
        Ok(())
    }

    fn square(&mut self) {
        let rows = self.t.0.len();
        for column in self.calls.values_mut().chain(self.time_ms.values_mut()) {
            column.0.resize(rows, f64::NAN);
        }
    }
}

/// A bucket, where series are stored as rows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SeriesRow {
    t: Num,
    calls: BTreeMap<String, Num>,
    time_ms: BTreeMap<String, Num>,
    bytes_to_go: Num,
    bytes_to_js: Num,
    memory_bytes: Num,
    js_refs: Num,
    funcs: Num,
    js_heap_bytes: Num,
    goroutines: Num,
}

impl Default for SeriesRow {
    fn default() -> Self {
        let unknown = Num(f64::NAN);
        let none = BTreeMap::new;
        Self {
            t: unknown,
            calls: none(),
            time_ms: none(),
            bytes_to_go: unknown,
            bytes_to_js: unknown,
            memory_bytes: unknown,
            js_refs: unknown,
            funcs: unknown,
            js_heap_bytes: unknown,
            goroutines: unknown,
        }
    }
}

/// Reads series as rows or columns.
pub(super) fn either<'de, D: Deserializer<'de>>(from: D) -> Result<SeriesJson, D::Error> {
    struct Either;
    impl<'de> de::Visitor<'de> for Either {
        type Value = SeriesJson;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("series, as an array of rows or an object of columns")
        }
        fn visit_unit<E>(self) -> Result<SeriesJson, E> {
            Ok(SeriesJson::default())
        }
        fn visit_seq<A: de::SeqAccess<'de>>(self, mut rows: A) -> Result<SeriesJson, A::Error> {
            let mut series = SeriesJson::default();
            while let Some(row) = rows.next_element()? {
                series.push(row)?;
            }
            series.square();
            Ok(series)
        }
        fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<SeriesJson, A::Error> {
            SeriesJson::deserialize(de::value::MapAccessDeserializer::new(map))
        }
    }
    from.deserialize_any(Either)
}

/// Writes series as columns. What is unknown throughout is left out.
pub(super) struct Write<'a>(pub &'a Series, pub &'a [Import]);

impl Serialize for Write<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Self(series, imports) = *self;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("t", &Cells(&series.t))?;
        map.serialize_entry("calls", &ByImport(&series.calls, imports))?;
        map.serialize_entry("timeMs", &ByImport(&series.time_ms, imports))?;
        let sums = [("bytesToGo", &series.bytes_to_go), ("bytesToJs", &series.bytes_to_js)];
        let gauges = [
            ("memoryBytes", &series.memory_bytes),
            ("jsRefs", &series.js_refs),
            ("funcs", &series.funcs),
            ("jsHeapBytes", &series.js_heap_bytes),
            ("goroutines", &series.goroutines),
        ];
        for (name, column) in sums.into_iter().chain(gauges) {
            if column.iter().any(|n| !n.is_nan()) {
                map.serialize_entry(name, &Cells(column))?;
            }
        }
        map.end()
    }
}

struct Cells<'a>(&'a [f64]);

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|&n| Num(n)))
    }
}

struct ByImport<'a>(&'a [Vec<f64>], &'a [Import]);

impl Serialize for ByImport<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let columns = self.0.iter().zip(self.1).filter(|(column, _)| !column.is_empty());
        to.collect_map(columns.map(|(column, import)| (import.name.as_str(), Cells(column))))
    }
}
