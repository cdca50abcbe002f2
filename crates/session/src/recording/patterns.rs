//! One instance's JSON, copies, bursts of elements and timers: checked, then appended.

use super::{
    check::{self, known},
    convert::time,
    tables::put,
    thin::Thinning,
};
use crate::{Burst, Copied, CopyTo, ElementOp, Elements, Error, Instance, Json, JsonCall, JsonOp, Timers};
use protocol::{Instance as Told, Patterns};

/// Sampled calls of JSON, and bursts, of one instance. Even: see [`super::tables::Caps`].
const MAX_SAMPLED: usize = 20_000;
/// Import and size tell copies apart.
const MAX_COPIES: usize = 14 << 10;
/// `parse` and `stringify`; reads and writes.
const MAX_OPS: usize = 2;
/// The imports that set timers and give them up.
const SETS: &str = "runtime.scheduleTimeoutEvent";
const CLEARS: &str = "runtime.clearTimeoutEvent";

/// Checks what an instance with `nodes` and `imports` tells.
pub fn check(have: &Instance, told: &Told, nodes: usize, imports: usize) -> Result<(), Error> {
    let at = |table: &str| format!("instance {}: {table}", told.id);
    let p = &told.patterns;
    let json = check::rows(told, "json", have.json.len(), &p.json)?;
    let copies = check::rows(told, "copies", have.copies.len(), &p.copies)?;
    let elements = check::rows(told, "elements", have.elements.len(), &p.elements)?;
    check::room(|| at("json"), json, MAX_OPS)?;
    check::room(|| at("copies"), copies, MAX_COPIES)?;
    check::room(|| at("elements"), elements, MAX_OPS)?;
    for (row, (_, copied)) in p.copies.iter().enumerate() {
        check::index(|| at(&format!("copies[{row}].import")), copied.import, imports)?;
    }
    check::sampled(told, "sampled", &p.sampled, nodes, 2 * MAX_OPS)?;
    let row = |import: u32| (import as usize) % MAX_OPS;
    let rows = |import: u32| if is_json(import) { json } else { elements };
    match p.sampled.import.iter().position(|&import| row(import) >= rows(import)) {
        Some(at_row) => {
            let import = p.sampled.import[at_row];
            check::index(|| at(&format!("sampled.import[{at_row}]")), row(import) as u32, rows(import))
        }
        None => Ok(()),
    }
}

/// Whether a sampled row is of JSON; others are of elements.
fn is_json(import: u32) -> bool {
    (import as usize) < MAX_OPS
}

/// How far the sampled tables are thinned.
#[derive(Default)]
pub struct PatternTables {
    json_calls: Thinning,
    bursts: Thinning,
}

impl PatternTables {
    /// Sampled rows thrown away here.
    pub fn dropped(&self, instance: &Instance) -> u64 {
        let lost = |thinning: &Thinning, rows: usize| thinning.seen().saturating_sub(rows as u64);
        lost(&self.json_calls, instance.json_calls.len()) + lost(&self.bursts, instance.bursts.len())
    }

    /// Adds what was checked; `stack` gives the stack of a node.
    pub fn apply(
        &mut self,
        instance: &mut Instance,
        told: Patterns,
        offset: f64,
        stack: impl Fn(u32) -> Option<u32>,
    ) {
        for (at, it) in told.json {
            put(&mut instance.json, at, json(&it));
        }
        for (at, it) in told.copies {
            let import = instance.imports.get(it.import as usize);
            put(&mut instance.copies, at, copied(&it, import.map_or("", |import| &import.name)));
        }
        for (at, it) in told.elements {
            put(&mut instance.elements, at, elements(&it));
        }
        for row in 0..told.sampled.t.len() {
            let stack = stack(told.sampled.node[row]);
            if is_json(told.sampled.import[row]) {
                self.json_call(instance, &told.sampled, row, offset, stack);
            } else {
                self.burst(instance, &told.sampled, row, offset, stack);
            }
        }
        if let Some(it) = told.timers {
            instance.timers = Some(timers(&it, instance));
        }
    }

    fn json_call(
        &mut self,
        instance: &mut Instance,
        told: &protocol::Samples,
        row: usize,
        offset: f64,
        stack: Option<u32>,
    ) {
        if !self.json_calls.draw() {
            return;
        }
        instance.json_calls.push(JsonCall {
            t: told.t[row] + offset,
            op: instance.json.get(told.import[row] as usize).map_or_else(JsonOp::default, |json| json.op),
            stack,
            weight: told.weight[row] * self.json_calls.stride() as f32,
            time_ms: Some(told.time_ms[row]).filter(|ms| ms.is_finite()),
            chars: known(told.bytes[row]),
            numbers: told.member[row] == 0,
        });
        if instance.json_calls.len() > MAX_SAMPLED {
            self.json_calls.halve_drawn(&mut instance.json_calls);
            instance.json_calls.iter_mut().for_each(|call| call.weight *= 2.0);
        }
    }

    fn burst(
        &mut self,
        instance: &mut Instance,
        told: &protocol::Samples,
        row: usize,
        offset: f64,
        stack: Option<u32>,
    ) {
        if !self.bursts.draw() {
            return;
        }
        let kind = instance.elements.get(told.import[row] as usize - MAX_OPS);
        instance.bursts.push(Burst {
            t: told.t[row] + offset,
            op: kind.map_or_else(ElementOp::default, |elements| elements.op),
            stack,
            weight: told.weight[row] * self.bursts.stride() as f32,
            length: known(told.bytes[row]).unwrap_or_default(),
        });
        if instance.bursts.len() > MAX_SAMPLED {
            self.bursts.halve_drawn(&mut instance.bursts);
            instance.bursts.iter_mut().for_each(|burst| burst.weight *= 2.0);
        }
    }
}

fn json(told: &protocol::Json) -> Json {
    let (time_ms, time_error_ms) = time(&told.tally);
    Json {
        op: if told.op == "stringify" { JsonOp::Stringify } else { JsonOp::Parse },
        calls: told.tally.calls,
        bytes: told.chars,
        time_ms,
        time_error_ms,
        timed_calls: told.tally.timed_calls,
    }
}

fn copied(told: &protocol::Copied, import: &str) -> Copied {
    let to_go = matches!(import, "syscall/js.copyBytesToGo" | "syscall/js.valueLoadString");
    Copied {
        import: import.into(),
        to: if to_go { CopyTo::Go } else { CopyTo::Js },
        size_class: protocol::size_class(told.class),
        calls: told.calls,
        bytes: told.bytes,
    }
}

fn elements(told: &protocol::Elements) -> Elements {
    Elements {
        op: if told.set { ElementOp::Set } else { ElementOp::Get },
        calls: told.calls,
        bursts: told.bursts,
        longest: told.longest,
    }
}

/// A timer that has fired is given up by Go, too: what is given up beyond those had not come due.
fn timers(told: &protocol::Timers, instance: &Instance) -> Timers {
    let calls = |name: &str| instance.imports.iter().find(|it| it.name == name).map_or(0, |it| it.calls);
    Timers {
        scheduled: calls(SETS),
        fired: told.fired,
        cleared: calls(CLEARS).saturating_sub(told.fired),
        retries: told.retries,
    }
}
