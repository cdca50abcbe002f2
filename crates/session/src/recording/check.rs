//! Checks on untrusted frames: references, lengths, numbers.

use crate::{Error, Instance};
use protocol::{Instance as Told, NO_MEMBER, NO_NODE};
use std::collections::HashSet;

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

/// Imports and members of an instance as they are after a frame; samples refer to them.
pub struct Names<'a> {
    /// Names of imports.
    pub imports: Vec<&'a str>,
    /// Imports of members.
    pub members: Vec<u32>,
}

/// Rows of imports and members change or are the next, and never change their names: others refer to them.
pub fn names<'a>(have: &'a Instance, members: &[u32], told: &'a Told) -> Result<Names<'a>, Error> {
    let mut names = Names {
        imports: have.imports.iter().map(|import| import.name.as_str()).collect(),
        members: members.to_vec(),
    };
    let mut known: HashSet<&str> = names.imports.iter().copied().collect();
    for (row, (at, import)) in told.imports.iter().enumerate() {
        index(|| table(told, &format!("imports[{row}]")), *at, names.imports.len() + 1)?;
        match names.imports.get(*at as usize) {
            Some(name) if *name == import.name => {}
            None if known.insert(&import.name) => names.imports.push(&import.name),
            _ => return Err(Error::Twice { name: import.name.clone(), instance: told.id }),
        }
    }
    for (row, (at, member)) in told.members.iter().enumerate() {
        let cell = |field: &str| table(told, &format!("members[{row}]{field}"));
        index(|| cell(""), *at, names.members.len() + 1)?;
        index(|| cell(".import"), member.import, names.imports.len())?;
        match names.members.get(*at as usize) {
            Some(import) if *import == member.import => {}
            None => names.members.push(member.import),
            Some(import) => {
                let other = format!("it was told of import {import}");
                return Err(Error::Foreign { at: cell(""), owner: member.import, other });
            }
        }
    }
    Ok(names)
}

fn table(told: &Told, name: &str) -> String {
    format!("instance {}: {name}", told.id)
}

/// Columns of sampled events, of an instance that has `nodes` and a table of `kinds` with these.
pub fn sampled(
    told: &Told,
    name: &str,
    s: &protocol::Samples,
    nodes: usize,
    kinds: usize,
) -> Result<(), Error> {
    let at = |field: &str| table(told, &format!("{name}.{field}"));
    columns(
        &table(told, name),
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
        index(|| at(&format!("import[{row}]")), import, kinds)?;
    }
    Ok(())
}

/// Samples, of an instance that has `nodes` with these.
pub fn samples(told: &Told, names: &Names<'_>, nodes: usize) -> Result<(), Error> {
    let s = &told.samples;
    let at = |field: &str| table(told, &format!("samples.{field}"));
    sampled(told, "samples", s, nodes, names.imports.len())?;
    references(|| at("member"), &s.member, NO_MEMBER, names.members.len())?;
    // In JSON a member is known by its name and its sample's import: it must be that import's own.
    for (row, (&import, &member)) in s.import.iter().zip(&s.member).enumerate() {
        let owner = names.members.get(member as usize).copied();
        if let Some(owner) = owner.filter(|&owner| owner != import) {
            let other = format!("the sample is of import \"{}\"", names.imports[import as usize]);
            return Err(Error::Foreign { at: at(&format!("member[{row}]")), owner, other });
        }
    }
    Ok(())
}

/// Series: a column per import, or fewer.
pub fn series(told: &Told, imports: usize) -> Result<(), Error> {
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
            ("funcs", s.funcs.len()),
            ("jsHeapBytes", s.js_heap_bytes.len()),
            ("goroutines", s.goroutines.len()),
        ],
    )?;
    room(|| at("calls"), s.calls.len(), imports)?;
    room(|| at("timeMs"), s.time_ms.len(), imports)?;
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

/// Rows of the garbage collector change or are the next, of an instance that has `rows` of them and these `nodes`;
/// initialisations. Returns how many rows there are then.
pub fn traces(told: &Told, rows: usize, nodes: usize) -> Result<usize, Error> {
    let mut rows = rows;
    for (row, (to, gc)) in told.gc.iter().enumerate() {
        let cell = |field: &str| table(told, &format!("gc[{row}]{field}"));
        index(|| cell(""), *to, rows + 1)?;
        rows = rows.max(*to as usize + 1);
        times(|| cell(".t"), &[gc.t])?;
        amounts(|| cell(".durationMs"), &[gc.duration_ms], false)?;
        amounts(|| cell(".pauseMs"), &gc.pause_ms, false)?;
        let sizes = [gc.heap_trigger_bytes, gc.heap_end_bytes, gc.heap_live_mb, gc.goal_mb];
        amounts(|| cell(""), &sizes, true)?;
        references(|| cell(".node"), &[gc.node], NO_NODE, nodes)?;
    }
    for (row, init) in told.inits.iter().enumerate() {
        let cell = |field: &str| table(told, &format!("inits[{row}].{field}"));
        times(|| cell("start"), &[init.start])?;
        amounts(|| cell("durationMs"), &[init.duration_ms], false)?;
    }
    Ok(rows)
}

/// Rows that are told by position change or are the next, in a table that has `rows` of them. Returns how many there are
/// then.
pub fn rows<T>(told: &Told, name: &str, rows: usize, those: &[(u32, T)]) -> Result<usize, Error> {
    let mut rows = rows;
    for (row, (at, _)) in those.iter().enumerate() {
        index(|| table(told, &format!("{name}[{row}]")), *at, rows + 1)?;
        rows = rows.max(*at as usize + 1);
    }
    Ok(rows)
}

/// Cells refer to rows, or to `none`.
pub fn references(at: impl Fn() -> String, cells: &[u32], none: u32, len: usize) -> Result<(), Error> {
    match cells.iter().position(|&cell| cell != none && cell as usize >= len) {
        Some(row) => index(|| format!("{}[{row}]", at()), cells[row], len),
        None => Ok(()),
    }
}
