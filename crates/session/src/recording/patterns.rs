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
    check::sampled(told, "jsonCalls", &p.json_calls, nodes, json)?;
    check::sampled(told, "bursts", &p.bursts, nodes, elements)
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
        self.json_calls(instance, &told.json_calls, offset, &stack);
        self.bursts(instance, &told.bursts, offset, &stack);
        if let Some(it) = told.timers {
            instance.timers = Some(timers(&it, instance));
        }
    }

    fn json_calls(
        &mut self,
        instance: &mut Instance,
        told: &protocol::Samples,
        offset: f64,
        stack: &impl Fn(u32) -> Option<u32>,
    ) {
        for row in 0..told.t.len() {
            if !self.json_calls.draw() {
                continue;
            }
            instance.json_calls.push(JsonCall {
                t: told.t[row] + offset,
                op: instance.json.get(told.import[row] as usize).map_or_else(JsonOp::default, |json| json.op),
                stack: stack(told.node[row]),
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
    }

    fn bursts(
        &mut self,
        instance: &mut Instance,
        told: &protocol::Samples,
        offset: f64,
        stack: &impl Fn(u32) -> Option<u32>,
    ) {
        for row in 0..told.t.len() {
            if !self.bursts.draw() {
                continue;
            }
            let kind = instance.elements.get(told.import[row] as usize);
            instance.bursts.push(Burst {
                t: told.t[row] + offset,
                op: kind.map_or_else(ElementOp::default, |elements| elements.op),
                stack: stack(told.node[row]),
                weight: told.weight[row] * self.bursts.stride() as f32,
                length: known(told.bytes[row]).unwrap_or_default(),
            });
            if instance.bursts.len() > MAX_SAMPLED {
                self.bursts.halve_drawn(&mut instance.bursts);
                instance.bursts.iter_mut().for_each(|burst| burst.weight *= 2.0);
            }
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
