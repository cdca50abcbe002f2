//! Tables by import, by JS member, and of what is copied.

use super::{Estimate, GoLines, Place, estimate::sum, window};
use crate::{Session, order};
use std::collections::HashMap;

/// Short word for an import: `set` for `syscall/js.valueSet`.
pub fn verb(import: &str) -> &str {
    match import {
        "syscall/js.valueGet" => "get",
        "syscall/js.valueSet" => "set",
        "syscall/js.valueDelete" => "delete",
        "syscall/js.valueIndex" => "index",
        "syscall/js.valueSetIndex" => "set index",
        "syscall/js.valueCall" => "call",
        "syscall/js.valueInvoke" => "invoke",
        "syscall/js.valueNew" => "new",
        "syscall/js.valueLength" => "length",
        "syscall/js.valuePrepareString" => "prepare string",
        "syscall/js.valueLoadString" => "load string",
        "syscall/js.valueInstanceOf" => "instanceof",
        "syscall/js.stringVal" => "make string",
        "syscall/js.copyBytesToGo" => "copy to Go",
        "syscall/js.copyBytesToJS" => "copy to JS",
        "syscall/js.finalizeRef" => "finalize ref",
        other => other.strip_prefix("runtime.").unwrap_or(other),
    }
}

/// Verb and member: `set textContent`.
pub(super) fn label(import: &str, member: Option<&str>) -> String {
    let verb = verb(import);
    member.map_or_else(|| verb.to_owned(), |member| format!("{verb} {member}"))
}

/// Which way bytes are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Into Go's memory.
    ToGo,
    /// Out of Go's memory.
    ToJs,
}

impl Direction {
    /// Which way an import copies. A string into Go counts once, where it is loaded.
    pub fn of(import: &str) -> Option<Self> {
        match import {
            "syscall/js.copyBytesToGo" | "syscall/js.valueLoadString" => Some(Self::ToGo),
            "syscall/js.copyBytesToJS" | "syscall/js.stringVal" => Some(Self::ToJs),
            _ => None,
        }
    }
}

/// A row of the table by import or by member.
#[derive(Clone, Debug, PartialEq)]
pub struct CostRow {
    /// Import.
    pub import: String,
    /// JS member, in the table by member.
    pub member: Option<String>,
    /// Short: `set textContent`.
    pub label: String,
    /// Exact.
    pub calls: u64,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time as a share of the window.
    pub share: Option<f64>,
    /// Time of one, ms.
    pub per_call_ms: Option<Estimate>,
    /// Bytes copied, exact.
    pub bytes: Option<u64>,
}

/// Calls, time and bytes by import, costliest first; imports never called are left out.
pub fn imports(session: &Session) -> Vec<CostRow> {
    let imports = session.instances.iter().flat_map(|instance| &instance.imports);
    table(
        session,
        imports.map(|import| {
            let time = Estimate::known(import.time_ms, import.time_error_ms);
            ((import.name.as_str(), None), import.calls, time, import.bytes)
        }),
    )
}

/// Calls and time by import and JS member, costliest first.
pub fn members(session: &Session) -> Vec<CostRow> {
    let members = session.instances.iter().flat_map(|instance| &instance.members);
    table(
        session,
        members.map(|member| {
            let time = Estimate::known(member.time_ms, member.time_error_ms);
            ((member.import.as_str(), Some(member.name.as_str())), member.calls, time, None)
        }),
    )
}

type Name<'a> = (&'a str, Option<&'a str>);

fn table<'a>(
    session: &Session,
    rows: impl Iterator<Item = (Name<'a>, u64, Option<Estimate>, Option<u64>)>,
) -> Vec<CostRow> {
    let mut places: HashMap<Name, usize> = HashMap::new();
    let mut by_name: Vec<(Name, u64, Option<Estimate>, Option<u64>)> = Vec::new();
    for (name, calls, time, bytes) in rows {
        let place = *places.entry(name).or_insert(by_name.len());
        match by_name.get_mut(place) {
            Some(all) => {
                all.1 = all.1.saturating_add(calls);
                all.2 = sum([all.2, time]);
                all.3 = all.3.map_or(bytes, |had| Some(had.saturating_add(bytes.unwrap_or(0))));
            }
            None => by_name.push((name, calls, time, bytes)),
        }
    }
    let wall = window(session).map(|wall| wall.ms());
    let called = by_name.into_iter().filter(|(_, calls, ..)| *calls > 0);
    let mut rows: Vec<CostRow> = called
        .map(|((import, member), calls, time_ms, bytes)| CostRow {
            import: import.to_owned(),
            member: member.map(str::to_owned),
            label: label(import, member),
            calls,
            time_ms,
            share: time_ms.zip(wall).map(|(time, wall)| time.value / wall),
            per_call_ms: time_ms.map(|time| time.scale(1.0 / calls as f64)),
            bytes,
        })
        .collect();
    let time = |row: &CostRow| row.time_ms.map_or(0.0, |time| time.value);
    order::sort(&mut rows, |a, b| time(b).total_cmp(&time(a)).then(b.calls.cmp(&a.calls)));
    rows
}

/// What was copied between Go and JS.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copies {
    /// Into Go.
    pub to_go: CopyDirection,
    /// Out of Go.
    pub to_js: CopyDirection,
}

/// What was copied one way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CopyDirection {
    /// Exact; `None` where no such import is known.
    pub bytes: Option<u64>,
    /// Bytes per second of the window.
    pub per_s: Option<f64>,
    /// Go lines that copy, most first, estimated.
    pub lines: Vec<(Place, Estimate)>,
}

/// Bytes copied each way, and by which Go lines. `lines` is the session's table.
pub fn copies(session: &Session, lines: &GoLines) -> Copies {
    let one = |direction| copied(session, lines, direction);
    Copies { to_go: one(Direction::ToGo), to_js: one(Direction::ToJs) }
}

fn copied(session: &Session, lines: &GoLines, direction: Direction) -> CopyDirection {
    let imports = session.instances.iter().flat_map(|instance| &instance.imports);
    let imports = imports.filter(|import| Direction::of(&import.name) == Some(direction));
    let bytes = imports.filter_map(|import| import.bytes).reduce(u64::saturating_add);
    let wall_s = window(session).map(|wall| wall.ms() / 1e3);
    let mut lines: Vec<(Place, Estimate)> = lines
        .rows
        .iter()
        .filter_map(|row| {
            let crossings = row.crossings.iter().filter(|c| Direction::of(&c.import) == Some(direction));
            sum(crossings.map(|crossing| crossing.bytes)).map(|bytes| (row.place.clone(), bytes))
        })
        .filter(|(_, bytes)| bytes.value > 0.0)
        .collect();
    order::sort(&mut lines, |a, b| b.1.value.total_cmp(&a.1.value));
    CopyDirection { bytes, per_s: bytes.zip(wall_s).map(|(bytes, s)| bytes as f64 / s), lines }
}
