//! Tables by import, by JS member, and of what is copied.

use super::{
    Estimate, GoLines, Place,
    estimate::sum,
    live::{Part, Reading, share},
    strata::{Stratum, strata},
    threads::ByThread,
    window,
};
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
    /// Exact but for a range.
    pub calls: Estimate,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time, on the thread that has most of it, as a share of the window.
    pub share: Option<Estimate>,
    /// Time of one, ms.
    pub per_call_ms: Option<Estimate>,
    /// Bytes copied, exact but for a range.
    pub bytes: Option<Estimate>,
}

/// Calls, time and bytes by import, costliest first; imports never called are left out.
pub fn imports(session: &Session) -> Vec<CostRow> {
    let whole: Vec<_> = session.instances.iter().map(|instance| strata(instance, None)).collect();
    imports_of(session, &whole, window(session).map(|wall| wall.ms()))
}

/// Calls and time by import and JS member, costliest first.
pub fn members(session: &Session) -> Vec<CostRow> {
    let instances = session.instances.iter().enumerate();
    let all = instances.flat_map(|(at, it)| it.members.iter().map(move |member| (at, member)));
    let members = all.map(|(at, member)| {
        let time = Estimate::known(member.time_ms, member.time_error_ms);
        let thread = ByThread::of(session, at, time);
        let part = Part { calls: Estimate::exact(member.calls as f64), time, bytes: None, thread };
        ((member.import.as_str(), Some(member.name.as_str())), part)
    });
    table(members, window(session).map(|wall| wall.ms()))
}

impl Reading<'_> {
    /// By import, costliest first; imports not called are left out. Calls are exact but where the range cuts a bucket.
    pub fn imports(&self) -> Vec<CostRow> {
        imports_of(self.session, &self.strata, self.wall_ms())
    }

    /// By import and JS member, costliest first. In a range they share their import's figures as the samples do.
    pub fn members(&self) -> Vec<CostRow> {
        if self.live.range().is_none() {
            return members(self.session);
        }
        let mut cells: Vec<_> =
            self.live.cells.iter().map(|(cell, tally)| ((cell.1, cell.2, cell.3), tally)).collect();
        order::sort(&mut cells, |a, b| a.0.cmp(&b.0));
        let members = cells.chunk_by(|a, b| a.0 == b.0).filter_map(|cells| {
            let (instance, import, member) = cells[0].0;
            let part = self.join(cells.iter().map(|(_, tally)| ((instance, import), *tally)));
            let member = self.session.instances[instance as usize].members.get(member? as usize)?;
            Some(((member.import.as_str(), Some(member.name.as_str())), Part { bytes: None, ..part }))
        });
        table(members, self.wall_ms())
    }
}

fn imports_of(session: &Session, strata: &[Vec<Stratum>], wall_ms: Option<f64>) -> Vec<CostRow> {
    let instances = session.instances.iter().zip(strata).enumerate();
    let imports =
        instances.flat_map(|(at, (i, strata))| i.imports.iter().zip(strata).map(move |it| (at, it)));
    let part = |at, &Stratum { calls, time, bytes }: &Stratum| Part {
        calls,
        time,
        bytes,
        thread: ByThread::of(session, at, time),
    };
    table(imports.map(|(at, (import, it))| ((import.name.as_str(), None), part(at, it))), wall_ms)
}

type Name<'a> = (&'a str, Option<&'a str>);

fn table<'a>(rows: impl Iterator<Item = (Name<'a>, Part)>, wall_ms: Option<f64>) -> Vec<CostRow> {
    let mut places: HashMap<Name, usize> = HashMap::new();
    let mut by_name: Vec<(Name, Part)> = Vec::new();
    for (name, part) in rows {
        let place = *places.entry(name).or_insert(by_name.len());
        match by_name.get_mut(place) {
            Some(all) => all.1 = all.1.join(part),
            None => by_name.push((name, part)),
        }
    }
    let called = by_name.into_iter().filter(|(_, part)| part.calls.value > 0.0);
    let called = called.map(|(name, part)| (name, part.bounded(wall_ms)));
    let mut rows: Vec<CostRow> = called
        .map(|((import, member), part)| CostRow {
            import: import.to_owned(),
            member: member.map(str::to_owned),
            label: label(import, member),
            calls: part.calls,
            time_ms: part.time,
            share: share(part.thread.most(), wall_ms),
            per_call_ms: part.per_call(),
            bytes: part.bytes,
        })
        .collect();
    let time = |row: &CostRow| row.time_ms.map_or(0.0, |time| time.value);
    order::sort(&mut rows, |a, b| time(b).total_cmp(&time(a)).then(b.calls.value.total_cmp(&a.calls.value)));
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
