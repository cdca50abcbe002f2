//! Checks on untrusted frames: references, lengths, numbers.

use crate::Error;
use protocol::{Instance as Told, NO_MEMBER, NO_NODE};

/// A reference must fall inside its table.
pub fn index(at: impl Fn() -> String, got: u32, len: usize) -> Result<(), Error> {
    if (got as usize) < len {
        return Ok(());
    }
    Err(Error::Index { at: at(), got: got.into(), len: len as u64 })
}

/// Columns of one table are equally long.
pub fn columns(table: &str, rows: usize, columns: &[(&str, usize)]) -> Result<(), Error> {
    match columns.iter().find(|(_, len)| *len != rows) {
        Some((column, got)) => {
            Err(Error::Length { at: format!("{table}.{column}"), got: *got, expected: rows })
        }
        None => Ok(()),
    }
}

/// Times are finite.
pub fn times(at: impl Fn() -> String, times: &[f64]) -> Result<(), Error> {
    match times.iter().position(|t| !t.is_finite()) {
        Some(row) => {
            Err(Error::Number { at: format!("{}[{row}]", at()), got: times[row], least: f64::NEG_INFINITY })
        }
        None => Ok(()),
    }
}

/// Quantities are finite and not below 0; NaN is unknown where that is allowed.
pub fn amounts<T: Copy + Into<f64>>(at: impl Fn() -> String, cells: &[T], nan: bool) -> Result<(), Error> {
    let good = |x: f64| (x.is_finite() && x >= 0.0) || (nan && x.is_nan());
    match cells.iter().position(|&x| !good(x.into())) {
        Some(row) => {
            Err(Error::Number { at: format!("{}[{row}]", at()), got: cells[row].into(), least: 0.0 })
        }
        None => Ok(()),
    }
}

/// A table stays below its cap.
pub fn room(at: impl Fn() -> String, got: usize, cap: usize) -> Result<(), Error> {
    if got <= cap { Ok(()) } else { Err(Error::TooMany { at: at(), got, cap }) }
}

/// What is infinite or NaN becomes unknown.
pub fn known(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// A table that is told whole may only grow: others refer to its rows.
pub fn grown(at: impl Fn() -> String, had: usize, got: usize) -> Result<(), Error> {
    if got >= had { Ok(()) } else { Err(Error::Length { at: at(), got, expected: had }) }
}

fn table(told: &Told, name: &str) -> String {
    format!("instance {}: {name}", told.id)
}

/// Samples, of an instance that has `nodes` with these.
pub fn samples(told: &Told, nodes: usize) -> Result<(), Error> {
    let s = &told.samples;
    let at = |field: &str| table(told, &format!("samples.{field}"));
    columns(
        &table(told, "samples"),
        s.t.len(),
        &[
            ("node", s.node.len()),
            ("import", s.import.len()),
            ("member", s.member.len()),
            ("weight", s.weight.len()),
            ("timeMs", s.time_ms.len()),
            ("bytes", s.bytes.len()),
            ("goid", s.goid.len()),
        ],
    )?;
    times(|| at("t"), &s.t)?;
    amounts(|| at("weight"), &s.weight, false)?;
    amounts(|| at("bytes"), &s.bytes, true)?;
    references(|| at("node"), &s.node, NO_NODE, nodes)?;
    for (row, &import) in s.import.iter().enumerate() {
        index(|| at(&format!("import[{row}]")), import, told.imports.len())?;
    }
    references(|| at("member"), &s.member, NO_MEMBER, told.members.len())?;
    // In JSON a member is known by its name and its sample's import: it must be that import's own.
    for (row, (&import, &member)) in s.import.iter().zip(&s.member).enumerate() {
        let member = told.members.get(member as usize);
        if let Some(member) = member.filter(|member| member.import != import) {
            let sample = format!("import \"{}\"", told.imports[import as usize].name);
            return Err(Error::Foreign { at: at(&format!("member[{row}]")), owner: member.import, sample });
        }
    }
    Ok(())
}

/// Series: a column per import, or fewer.
pub fn series(told: &Told) -> Result<(), Error> {
    let s = &told.series;
    let at = |field: &str| table(told, &format!("series.{field}"));
    let rows = s.t.len();
    columns(
        &table(told, "series"),
        rows,
        &[
            ("bytesToGo", s.bytes_to_go.len()),
            ("bytesToJs", s.bytes_to_js.len()),
            ("memoryBytes", s.memory_bytes.len()),
            ("jsRefs", s.js_refs.len()),
            ("goroutines", s.goroutines.len()),
        ],
    )?;
    room(|| at("calls"), s.calls.len(), told.imports.len())?;
    room(|| at("timeMs"), s.time_ms.len(), told.imports.len())?;
    for (name, by_import) in [
        ("calls", s.calls.iter().map(Vec::len).collect::<Vec<_>>()),
        ("timeMs", s.time_ms.iter().map(Vec::len).collect()),
    ] {
        if let Some((column, &got)) = by_import.iter().enumerate().find(|(_, len)| **len != rows) {
            return Err(Error::Length { at: at(&format!("{name}[{column}]")), got, expected: rows });
        }
    }
    times(|| at("t"), &s.t)?;
    amounts(|| at("bytesToGo"), &s.bytes_to_go, true)?;
    amounts(|| at("bytesToJs"), &s.bytes_to_js, true)
}

/// Slices.
pub fn slices(told: &Told) -> Result<(), Error> {
    let s = &told.slices;
    columns(
        &table(told, "slices"),
        s.start.len(),
        &[
            ("end", s.end.len()),
            ("cause", s.cause.len()),
            ("bridgeMs", s.bridge_ms.len()),
            ("calls", s.calls.len()),
        ],
    )?;
    times(|| table(told, "slices.start"), &s.start)?;
    times(|| table(told, "slices.end"), &s.end)
}

/// Growths, of an instance that has `nodes` with these.
pub fn grows(told: &Told, nodes: usize) -> Result<(), Error> {
    let g = &told.grows;
    let at = |field: &str| table(told, &format!("grows.{field}"));
    columns(
        &table(told, "grows"),
        g.t.len(),
        &[("fromBytes", g.from_bytes.len()), ("toBytes", g.to_bytes.len()), ("node", g.node.len())],
    )?;
    times(|| at("t"), &g.t)?;
    amounts(|| at("fromBytes"), &g.from_bytes, false)?;
    amounts(|| at("toBytes"), &g.to_bytes, false)?;
    references(|| at("node"), &g.node, NO_NODE, nodes)
}

fn references(at: impl Fn() -> String, cells: &[u32], none: u32, len: usize) -> Result<(), Error> {
    match cells.iter().position(|&cell| cell != none && cell as usize >= len) {
        Some(row) => index(|| format!("{}[{row}]", at()), cells[row], len),
        None => Ok(()),
    }
}
