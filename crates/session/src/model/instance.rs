//! One run of a Go program, and how its tables stand in JSON.

use super::{
    Attach,
    held::{Funcs, Refs},
    patterns::{Burst, Copied, Elements, Json, JsonCall, Timers},
    series::{self, Series, SeriesJson},
    table::{self, Num, Table, table},
    words,
};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use std::collections::{BTreeMap, HashMap};

/// One run of a Go program.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "InstanceJson")]
pub struct Instance {
    /// Id.
    pub id: u32,
    /// Id of its module.
    pub module: u32,
    /// Id of its realm.
    pub realm: u32,
    /// When the agent came to it. Late: counts are from then on, times are of what the glue looks up, a lower bound.
    pub attach: Attach,
    /// Set once the program has exited.
    pub exit_code: Option<i32>,
    /// Parts of start-up, ordered by start; download and compile may overlap.
    pub phases: Vec<Phase>,
    /// Imports; exact calls, estimated time.
    pub imports: Vec<Import>,
    /// JS members used by imports.
    pub members: Vec<Member>,
    /// Counters over time.
    pub series: Series,
    /// Sampled crossings.
    pub samples: Vec<Sample>,
    /// Outermost stays of the thread in Go.
    pub slices: Vec<Slice>,
    /// Growths of linear memory.
    pub grows: Vec<Grow>,
    /// Cycles of the garbage collector, from the runtime's own traces.
    pub gc: Vec<Gc>,
    /// Initialisations of packages, from the runtime's own traces.
    pub inits: Vec<Init>,
    /// JSON work while Go was on the stack; empty when none was seen.
    pub json: Vec<Json>,
    /// Sampled calls of it.
    pub json_calls: Vec<JsonCall>,
    /// Copies between Go and JS by import and size.
    pub copies: Vec<Copied>,
    /// Elements of arrays that were read or written one by one.
    pub elements: Vec<Elements>,
    /// Sampled bursts of that.
    pub bursts: Vec<Burst>,
    /// Timers of Go's scheduler; `None` where not known.
    pub timers: Option<Timers>,
    /// JS values it holds; `None` where nothing is known but how many.
    pub refs: Option<Refs>,
    /// `js.Func`; `None` where not known.
    pub funcs: Option<Funcs>,
}

words! {
    /// The parts of start-up.
    PhaseName {
        /// Request to first byte.
        #[default]
        Fetch = "fetch",
        /// First to last byte.
        Download = "download",
        /// The engine compiles.
        Compile = "compile",
        /// The engine links and initialises memory.
        Instantiate = "instantiate",
        /// Go's runtime starts.
        RuntimeInit = "runtime-init",
        /// Package variables and `init` functions.
        PackageInit = "package-init",
        /// `main.main`.
        Main = "main",
        /// TinyGo's `_start` up to its first return: its runtime, its packages and `main.main` cannot be told apart.
        Run = "run",
    }
}

impl PhaseName {
    /// Whether Go first runs in it.
    pub fn starts_go(self) -> bool {
        matches!(self, Self::RuntimeInit | Self::Run)
    }
}

/// A part of start-up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Which.
    pub name: PhaseName,
    /// Begin.
    pub start: f64,
    /// End; `None` while it runs.
    pub end: Option<f64>,
    /// `false` for a bound.
    pub exact: bool,
}

/// One import of the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// `syscall/js.valueCall`, or `module.name` for a `//go:wasmimport`.
    pub name: String,
    /// Exact.
    pub calls: u64,
    /// Estimated time of all calls, ms.
    pub time_ms: Option<f64>,
    /// Half-width of its 95 % interval.
    pub time_error_ms: Option<f64>,
    /// How many calls were timed.
    #[serde(default)]
    pub timed_calls: u64,
    /// Bytes copied, exact; `None` where the import copies none we can know.
    pub bytes: Option<u64>,
}

/// One JS member used by an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Name of the import.
    pub import: String,
    /// Name of the member, `(dynamic)` for all that are no constants of the program.
    pub name: String,
    /// Exact.
    pub calls: u64,
    /// Estimated time of all calls, ms.
    pub time_ms: Option<f64>,
    /// Half-width of its 95 % interval.
    pub time_error_ms: Option<f64>,
    /// How many calls were timed.
    #[serde(default)]
    pub timed_calls: u64,
}

/// One sampled crossing from Go into JS.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// When it began.
    pub t: f64,
    /// Position in the session's stacks; the leaf is the Go function that crossed.
    pub stack: Option<u32>,
    /// Position in the instance's imports.
    pub import: u32,
    /// Position in the instance's members.
    pub member: Option<u32>,
    /// How many crossings it stands for.
    pub weight: f32,
    /// Its own time, ms; may be below 0 by the clock's cost.
    pub time_ms: Option<f32>,
    /// Bytes it copied.
    pub bytes: Option<f64>,
    /// Goroutine.
    pub goid: Option<u64>,
}

words! {
    /// What entered Go.
    Cause {
        /// The `run` export.
        #[default]
        Run = "run",
        /// A timer the Go scheduler set.
        Timer = "timer",
        /// A JS event: a `js.Func` was called.
        Event = "event",
        /// A `//go:wasmexport`.
        Export = "export",
    }
}
table::word!(Cause);
impl table::Written for &str {}

table! {
    /// One outermost stay of the thread in Go.
    #[derive(Copy)]
    Slice {
        /// Begin.
        start: f64 = "start",
        /// End.
        end: f64 = "end",
        /// What began it.
        cause: Cause = "cause",
        /// Estimated time in imports inside, ms.
        bridge_ms: Option<f32> = "bridgeMs",
        /// Crossings inside, exact.
        calls: u32 = "calls",
    }
}

table! {
    /// One growth of linear memory.
    #[derive(Copy)]
    Grow {
        /// When.
        t: f64 = "t",
        /// Bytes before.
        from_bytes: f64 = "fromBytes",
        /// Bytes after.
        to_bytes: f64 = "toBytes",
        /// Who asked: position in the session's stacks.
        stack: Option<u32> = "stack",
    }
}

table! {
    /// One cycle of Go's garbage collector.
    Gc {
        /// Counts the program's cycles from 1.
        number: u32 = "number",
        /// When it began.
        t: f64 = "t",
        /// By the runtime's clock, from the first pause to the end of the last, ms.
        duration_ms: f64 = "durationMs",
        /// How long the program was stopped, ms: sweep termination, mark termination.
        pause_ms: Vec<f64> = "pauseMs",
        /// Heap when it began.
        heap_trigger_bytes: Option<f64> = "heapTriggerBytes",
        /// Heap when it ended.
        heap_end_bytes: Option<f64> = "heapEndBytes",
        /// What it found alive, in whole MB.
        heap_live_mb: Option<f64> = "heapLiveMB",
        /// The heap's goal, in whole MB.
        goal_mb: Option<f64> = "goalMB",
        /// Asked for by `runtime.GC`.
        forced: bool = "forced",
        /// What allocated when it began: position in the session's stacks.
        stack: Option<u32> = "stack",
    }
}

table! {
    /// Initialisation of one package: its variables and `init` functions.
    Init {
        /// Import path.
        package: String = "package",
        /// Begin.
        start: f64 = "start",
        /// By the runtime's clock, ms.
        duration_ms: f64 = "durationMs",
        /// Bytes allocated.
        bytes: u64 = "bytes",
        /// Allocations.
        allocs: u64 = "allocs",
    }
}

table! {
    /// A sample as JSON has it: names instead of positions.
    SampleJson {
        t: f64 = "t",
        stack: Option<u32> = "stack",
        import: String = "import",
        member: Option<String> = "member",
        weight: f32 = "weight",
        time_ms: Option<f32> = "timeMs",
        bytes: Option<f64> = "bytes",
        goid: Option<u64> = "goid",
    }
}

/// An instance as JSON has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InstanceJson {
    id: u32,
    module: u32,
    realm: u32,
    #[serde(default)]
    attach: Attach,
    exit_code: Option<i32>,
    #[serde(default)]
    phases: Vec<Phase>,
    #[serde(default)]
    imports: Vec<Import>,
    #[serde(default)]
    members: Vec<Member>,
    #[serde(default, deserialize_with = "series::either")]
    series: SeriesJson,
    #[serde(default, deserialize_with = "table::either")]
    samples: Vec<SampleJson>,
    #[serde(default, deserialize_with = "table::either")]
    slices: Vec<Slice>,
    #[serde(default, deserialize_with = "table::either")]
    grows: Vec<Grow>,
    #[serde(default, deserialize_with = "table::either")]
    gc: Vec<Gc>,
    #[serde(default, deserialize_with = "table::either")]
    inits: Vec<Init>,
    #[serde(default)]
    json: Vec<Json>,
    #[serde(default, deserialize_with = "table::either")]
    json_calls: Vec<JsonCall>,
    #[serde(default)]
    copies: Vec<Copied>,
    #[serde(default)]
    elements: Vec<Elements>,
    #[serde(default, deserialize_with = "table::either")]
    bursts: Vec<Burst>,
    #[serde(default)]
    timers: Option<Timers>,
    #[serde(default)]
    refs: Option<Refs>,
    #[serde(default)]
    funcs: Option<Funcs>,
}

impl TryFrom<InstanceJson> for Instance {
    type Error = String;

    fn try_from(from: InstanceJson) -> Result<Self, String> {
        let imports = positions(&from.imports)?;
        let series = from.series.resolve(&imports)?;
        let members: HashMap<(&str, &str), u32> =
            from.members.iter().zip(0..).map(|(m, at)| ((m.import.as_str(), m.name.as_str()), at)).collect();
        let samples = from.samples.into_iter().enumerate().map(|(row, sample)| {
            let fault = |field: &str, name: &str| format!("samples[{row}].{field} \"{name}\" is in no table");
            let import =
                *imports.get(sample.import.as_str()).ok_or_else(|| fault("import", &sample.import))?;
            let member = sample.member.map(|name| {
                members.get(&(&*sample.import, &*name)).copied().ok_or_else(|| fault("member", &name))
            });
            let SampleJson { t, stack, weight, time_ms, bytes, goid, .. } = sample;
            Ok(Sample { t, stack, import, member: member.transpose()?, weight, time_ms, bytes, goid })
        });
        let samples = samples.collect::<Result<_, String>>()?;
        let InstanceJson {
            id,
            module,
            realm,
            attach,
            exit_code,
            phases,
            imports,
            members,
            slices,
            grows,
            gc,
            inits,
            json,
            json_calls,
            copies,
            elements,
            bursts,
            timers,
            refs,
            funcs,
            ..
        } = from;
        Ok(Self {
            id,
            module,
            realm,
            attach,
            exit_code,
            phases,
            imports,
            members,
            series,
            samples,
            slices,
            grows,
            gc,
            inits,
            json,
            json_calls,
            copies,
            elements,
            bursts,
            timers,
            refs,
            funcs,
        })
    }
}

fn positions(imports: &[Import]) -> Result<BTreeMap<&str, u32>, String> {
    let mut out = BTreeMap::new();
    for (import, at) in imports.iter().zip(0..) {
        if out.insert(import.name.as_str(), at).is_some() {
            return Err(format!("import \"{}\" stands twice", import.name));
        }
    }
    Ok(out)
}

impl Serialize for Instance {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("module", &self.module)?;
        map.serialize_entry("realm", &self.realm)?;
        map.serialize_entry("attach", &self.attach)?;
        map.serialize_entry("exitCode", &self.exit_code)?;
        map.serialize_entry("phases", &self.phases)?;
        map.serialize_entry("imports", &self.imports)?;
        map.serialize_entry("members", &self.members)?;
        map.serialize_entry("series", &series::Write(&self.series, &self.imports))?;
        map.serialize_entry("samples", &Samples(self))?;
        map.serialize_entry("slices", &Columns(&self.slices))?;
        map.serialize_entry("grows", &self.grows)?;
        if !self.gc.is_empty() {
            map.serialize_entry("gc", &Columns(&self.gc))?;
        }
        if !self.inits.is_empty() {
            map.serialize_entry("inits", &Columns(&self.inits))?;
        }
        if !self.json.is_empty() {
            map.serialize_entry("json", &self.json)?;
        }
        if !self.json_calls.is_empty() {
            map.serialize_entry("jsonCalls", &Columns(&self.json_calls))?;
        }
        if !self.copies.is_empty() {
            map.serialize_entry("copies", &self.copies)?;
        }
        if !self.elements.is_empty() {
            map.serialize_entry("elements", &self.elements)?;
        }
        if !self.bursts.is_empty() {
            map.serialize_entry("bursts", &Columns(&self.bursts))?;
        }
        if let Some(timers) = &self.timers {
            map.serialize_entry("timers", timers)?;
        }
        if let Some(refs) = &self.refs {
            map.serialize_entry("refs", refs)?;
        }
        if let Some(funcs) = &self.funcs {
            map.serialize_entry("funcs", funcs)?;
        }
        map.end()
    }
}

struct Columns<'a, R>(&'a [R]);

impl<R: Table> Serialize for Columns<'_, R> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        R::write_columns(self.0, to)
    }
}

/// Samples written straight from the instance, names looked up on the way.
struct Samples<'a>(&'a Instance);

impl Serialize for Samples<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Instance { samples, imports, members, .. } = self.0;
        let import = |s: &Sample| imports.get(s.import as usize).map(|import| import.name.as_str());
        let member = |s: &Sample| members.get(s.member? as usize).map(|member| member.name.as_str());
        let mut map = to.serialize_map(None)?;
        table::write_column(&mut map, "t", samples, |s| Num(s.t))?;
        table::write_column(&mut map, "stack", samples, |s| s.stack)?;
        table::write_column(&mut map, "import", samples, import)?;
        table::write_column(&mut map, "member", samples, member)?;
        table::write_column(&mut map, "weight", samples, |s| s.weight)?;
        table::write_column(&mut map, "timeMs", samples, |s| s.time_ms)?;
        table::write_column(&mut map, "bytes", samples, |s| s.bytes.map(Num))?;
        table::write_column(&mut map, "goid", samples, |s| s.goid)?;
        map.end()
    }
}

impl Instance {
    /// Checks positions in tables outside the instance.
    pub(super) fn check(&self, stacks: usize) -> Result<(), String> {
        let good = |name: &str, mut rows: &mut dyn Iterator<Item = Option<u32>>| {
            let bad =
                (&mut rows).enumerate().find(|(_, stack)| stack.is_some_and(|it| it as usize >= stacks));
            match bad {
                Some((row, Some(stack))) => {
                    Err(format!("{name}[{row}].stack is {stack}, there are {stacks} stacks"))
                }
                _ => Ok(()),
            }
        };
        good("samples", &mut self.samples.iter().map(|it| it.stack))?;
        good("grows", &mut self.grows.iter().map(|it| it.stack))?;
        good("gc", &mut self.gc.iter().map(|it| it.stack))?;
        good("jsonCalls", &mut self.json_calls.iter().map(|it| it.stack))?;
        good("bursts", &mut self.bursts.iter().map(|it| it.stack))?;
        good("refs.made", &mut self.refs.iter().flat_map(|it| &it.made).map(|it| it.stack))?;
        let census = self.refs.iter().filter_map(|it| it.census.as_ref());
        let mut callbacks = census.flat_map(|it| it.callbacks.iter().flatten()).map(|it| it.stack);
        good("refs.census.callbacks", &mut callbacks)?;
        Ok(())
    }
}
