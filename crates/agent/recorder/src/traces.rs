//! The lines in which Go's runtime traces itself: `gctrace=1`, `gcpacertrace=1` and `inittrace=1` of Go 1.21 to 1.27.

use alloc::string::String;

use protocol::{Gc, Init, NO_NODE};

use crate::instance::InstanceState;

/// Most cycles and most initialisations kept.
const MAX_GC: usize = 20_000;
const MAX_INITS: usize = 5_000;

/// What a line tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Line<'a> {
    /// A cycle begins.
    Begin,
    /// Marking has ended: heap when it began and now, in bytes.
    Marked { trigger: f64, end: f64 },
    /// A cycle has ended.
    Cycle { number: u32, clock_ms: [f64; 3], live_mb: f64, goal_mb: f64, forced: bool },
    /// A package has been initialised.
    Init { package: &'a str, ms: f64, bytes: f64, allocs: f64 },
    /// A line of the runtime that tells nothing we keep.
    Other,
}

/// Reads a line without its newline. `None` for one that is not the runtime's.
pub fn parse(line: &str) -> Option<Line<'_>> {
    if let Some(rest) = line.strip_prefix("gc ") {
        return cycle(rest);
    }
    if let Some(rest) = line.strip_prefix("init ") {
        let (package, rest) = split(rest, " @")?;
        let (_, rest) = number(rest)?;
        let (ms, rest) = number(rest.strip_prefix(" ms, ")?)?;
        let (bytes, rest) = number(rest.strip_prefix(" ms clock, ")?)?;
        let (allocs, rest) = number(rest.strip_prefix(" bytes, ")?)?;
        return (rest == " allocs").then_some(Line::Init { package, ms, bytes, allocs });
    }
    let rest = line.strip_prefix("pacer: ")?;
    if let Some(rest) = rest.strip_prefix("assist ratio=") {
        return split(split(rest, " MB in ")?.1, " MB) workers=").map(|_| Line::Begin);
    }
    if let Some(rest) = rest.strip_prefix("sweep done at heap size ") {
        return rest.ends_with(" pages/byte").then_some(Line::Other);
    }
    // 106% CPU (25 exp.) for 28400+8176+112936 B work (149416 B exp.) in 4017528 B -> 4156344 B (∆goal -37960, cons/mark 0)
    let (_, rest) = split(rest, " exp.) in ")?;
    let (trigger, rest) = number(rest)?;
    let (end, rest) = number(rest.strip_prefix(" B -> ")?)?;
    rest.starts_with(" B (∆goal ").then_some(Line::Marked { trigger, end })
}

/// `24 @0.162s 11%: 0.019+0.73+0.005 ms clock, 0.019+0.10/0/0+0.005 ms cpu, 3->3->0 MB, 4 MB goal, ..., 1 P (forced)`.
/// Go 1.26 and later may have `(checking for goroutine leaks)` before the colon.
fn cycle(rest: &str) -> Option<Line<'static>> {
    let (count, rest) = number(rest)?;
    let (_, rest) = split(rest.strip_prefix(" @")?, ": ")?;
    let (sweep, rest) = number(rest)?;
    let (mark, rest) = number(rest.strip_prefix('+')?)?;
    let (end, rest) = number(rest.strip_prefix('+')?)?;
    let (_, rest) = split(rest.strip_prefix(" ms clock, ")?, " ms cpu, ")?;
    let (_, rest) = split(rest, "->")?;
    let (_, rest) = split(rest, "->")?;
    let (live_mb, rest) = number(rest)?;
    let (goal_mb, rest) = number(rest.strip_prefix(" MB, ")?)?;
    let forced = rest.strip_prefix(" MB goal, ")?.ends_with(" P (forced)");
    let clock_ms = [sweep, mark, end];
    Some(Line::Cycle { number: count as u32, clock_ms, live_mb, goal_mb, forced })
}

/// What stands before and after the first `mark`, which is ASCII. Lines are short: the standard library's search would
/// take more room in the page than all the rest here.
fn split<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(mark.len()).position(|piece| piece == mark.as_bytes())?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

/// A decimal number without sign or exponent at the beginning of `text`, and what follows it. Short ones are exact: one
/// division of whole numbers.
fn number(text: &str) -> Option<(f64, &str)> {
    let (mut value, mut scale, mut point, mut len) = (0.0, 1.0, false, 0);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10.0 + f64::from(byte - b'0');
                scale *= if point { 10.0 } else { 1.0 };
            }
            b'.' if !point && len > 0 => point = true,
            _ => break,
        }
        len += 1;
    }
    if !(1..=18).contains(&len) {
        return None;
    }
    Some((value / scale, text.get(len..)?))
}

/// What is known of the cycle under way.
#[derive(Clone, Copy, Debug)]
pub struct OpenCycle {
    t: f64,
    node: u32,
    heap: (f64, f64),
}

impl InstanceState {
    /// A cycle begins at `t`, in the stack `node`. Where that could be read only later, its cycle gets it now: one that has
    /// none, as several begin at one reading of a coarse clock.
    pub fn gc_trigger(&mut self, t: f64, node: u32) {
        if self.keeps()
            && node != NO_NODE
            && let Some(at) = self.gc.iter().rposition(|cycle| cycle.t == t && cycle.node == NO_NODE)
        {
            self.gc.edit(at, |cycle| crate::rows::set(&mut cycle.node, node));
        } else if let Some(open) = self.cycle.as_mut().filter(|open| open.t == t) {
            open.node = node;
        } else {
            self.cycle = Some(OpenCycle { t, node, heap: (f64::NAN, f64::NAN) });
        }
    }

    /// Takes a line of the runtime, complete at `t`; returns whether it is one. `keep`: what it tells is wanted.
    pub fn trace(&mut self, t: f64, line: &str, keep: bool) -> bool {
        let Some(line) = parse(line) else { return false };
        if keep && self.keeps() {
            self.keep_trace(t, line);
        }
        true
    }

    fn keep_trace(&mut self, t: f64, line: Line<'_>) {
        match line {
            Line::Begin | Line::Other => {}
            Line::Marked { trigger, end } => {
                if let Some(open) = &mut self.cycle {
                    open.heap = (trigger, end);
                }
            }
            Line::Cycle { number, clock_ms: [sweep, mark, end], live_mb, goal_mb, forced } => {
                let duration_ms = sweep + mark + end;
                let unknown = OpenCycle { t: t - duration_ms, node: NO_NODE, heap: (f64::NAN, f64::NAN) };
                let open = self.cycle.take().unwrap_or(unknown);
                if self.gc.len() >= MAX_GC {
                    self.traces_dropped += 1;
                    return;
                }
                self.gc.push(Gc {
                    number,
                    t: open.t,
                    duration_ms,
                    pause_ms: [sweep, end],
                    heap_trigger_bytes: open.heap.0,
                    heap_end_bytes: open.heap.1,
                    heap_live_mb: live_mb,
                    goal_mb,
                    forced,
                    node: open.node,
                });
            }
            Line::Init { package, ms, bytes, allocs } => {
                if self.inits.len() >= MAX_INITS {
                    self.traces_dropped += 1;
                    return;
                }
                let package = String::from(package);
                let (bytes, allocs) = (bytes as u64, allocs as u64);
                self.inits.push(Init { package, start: t - ms, duration_ms: ms, bytes, allocs });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_of_all_versions() {
        let gc = |line| match parse(line) {
            Some(Line::Cycle { number, clock_ms, live_mb, goal_mb, forced }) => {
                (number, clock_ms, live_mb, goal_mb, forced)
            }
            other => panic!("{line}: {other:?}"),
        };
        assert_eq!(
            gc(
                "gc 24 @0.162s 11%: 0.019+0.73+0.005 ms clock, 0.019+0.10/0/0+0.005 ms cpu, 3->3->0 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 1 P"
            ),
            (24, [0.019, 0.73, 0.005], 0.0, 4.0, false)
        );
        assert_eq!(
            gc(
                "gc 1 @12.004s 0%: 0+123+4.5 ms clock, 0+0/123/0+4.5 ms cpu, 64->65->33 MB, 67 MB goal, 0 MB stacks, 1 MB globals, 1 P (forced)"
            ),
            (1, [0.0, 123.0, 4.5], 33.0, 67.0, true)
        );
        assert_eq!(
            gc(
                "gc 3 @0.1s 2% (checking for goroutine leaks): 0.1+0.2+0.3 ms clock, 0.1+0/0.2/0+0.3 ms cpu, 1->1->1 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 1 P (forced)"
            ),
            (3, [0.1, 0.2, 0.3], 1.0, 4.0, true)
        );
    }

    /// What a program that allocates 25 MB and then calls `runtime.GC` wrote, built by the last patch of each version at hand.
    const WRITTEN: [(&str, &str); 7] = [
        ("1.21", include_str!("../tests/traces/go1.21.txt")),
        ("1.22", include_str!("../tests/traces/go1.22.txt")),
        ("1.23", include_str!("../tests/traces/go1.23.txt")),
        ("1.24", include_str!("../tests/traces/go1.24.txt")),
        ("1.25", include_str!("../tests/traces/go1.25.txt")),
        ("1.26", include_str!("../tests/traces/go1.26.txt")),
        ("1.27", include_str!("../tests/traces/go1.27.txt")),
    ];

    #[test]
    fn golden_lines_of_every_version() {
        for (version, lines) in WRITTEN {
            let (mut inits, mut begun, mut cycles, mut heaps) = (0, 0, 0, 0);
            let mut marked = None;
            for line in lines.lines() {
                match parse(line).unwrap_or_else(|| panic!("Go {version}: {line}")) {
                    Line::Init { ms, allocs, .. } => inits += u32::from(ms >= 0.0 && allocs >= 0.0),
                    Line::Begin => begun += 1,
                    Line::Marked { trigger, end } => marked = Some((trigger, end)),
                    Line::Cycle { number, clock_ms, forced, .. } => {
                        cycles += 1;
                        assert_eq!(number, cycles, "Go {version}");
                        assert_eq!(forced, line.ends_with("(forced)"), "Go {version}: {line}");
                        assert!(clock_ms.iter().all(|ms| (0.0..1e3).contains(ms)), "Go {version}: {line}");
                        let told = marked.take();
                        // Nothing is told of the heap where nothing was allocated meanwhile, as in most forced ones.
                        let bytes = told.is_none_or(|(trigger, end)| trigger > 1e6 && end >= trigger);
                        assert!(bytes, "Go {version}: {line}");
                        heaps += u32::from(told.is_some());
                    }
                    Line::Other => {}
                }
            }
            assert_eq!((inits, begun), (6, cycles), "Go {version}");
            assert!(cycles > 3 && heaps > 2, "Go {version}: {heaps} of {cycles}");
        }
    }

    #[test]
    fn the_pacers_lines_and_inits() {
        assert_eq!(
            parse("pacer: assist ratio=+8.437500e-001 (scan 0 MB in 3->4 MB) workers=0+2.500000e-001"),
            Some(Line::Begin)
        );
        assert_eq!(
            parse(
                "pacer: 106% CPU (25 exp.) for 28400+8176+112936 B work (149416 B exp.) in 4017528 B -> 4156344 B (∆goal -37960, cons/mark +0.000000e+000)"
            ),
            Some(Line::Marked { trigger: 4_017_528.0, end: 4_156_344.0 })
        );
        assert_eq!(
            parse(
                "pacer: sweep done at heap size 2MB; allocated 2MB during sweep; swept 539 pages at +1.984000e-004 pages/byte"
            ),
            Some(Line::Other)
        );
        assert_eq!(
            parse("init encoding/base32 @2.5 ms, 0.071 ms clock, 640 bytes, 2 allocs"),
            Some(Line::Init { package: "encoding/base32", ms: 0.071, bytes: 640.0, allocs: 2.0 })
        );
    }

    #[test]
    fn what_programs_print_is_not_the_runtimes() {
        for line in [
            "",
            "gc",
            "gc ",
            "gc 7",
            "gc is fun",
            "gc 1 @",
            "gc 1 @x: 1+2",
            "init ",
            "init done",
            "init main @",
            "init a @1 ms, 2 ms clock, 3 bytes, 4 allocs!",
            "init a @1..2 ms, 2 ms clock, 3 bytes, 4 allocs",
            "pacer: ",
            "pacer: assist ratio=1",
            "pacer: sweep done at heap size 2MB",
            "pacer: 1 exp.) in 2 B -> x",
            "gc 1 @0s 0%: 1+2+3 ms clock, 1 ms cpu, 3->3->99999999999999999999 MB, 4 MB goal, 1 P",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn a_cycle_gets_its_trigger_at_once_or_later() {
        let mut instance = InstanceState::default();
        let gc = "gc 1 @0s 0%: 1+2+3 ms clock, 1+0/2/0+3 ms cpu, 3->4->2 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 1 P";
        let marked =
            "pacer: 1% CPU (25 exp.) for 1+1+1 B work (3 B exp.) in 7 B -> 9 B (∆goal -1, cons/mark 0)";
        instance.gc_trigger(10.0, 3);
        assert!(instance.trace(15.0, marked, true) && instance.trace(16.0, gc, true));
        instance.gc_trigger(20.0, NO_NODE);
        assert!(instance.trace(26.0, gc, true));
        assert!(instance.trace(46.0, gc, true) && instance.trace(47.0, gc, false));
        let seen = instance.gc.changes();
        instance.gc_trigger(20.0, 5);
        assert_eq!(instance.gc.since(seen).len(), 1);
        let rows: Vec<_> =
            instance.gc.iter().map(|it| (it.t, it.node, it.heap_trigger_bytes.is_nan())).collect();
        assert_eq!(rows, [(10.0, 3, false), (20.0, 5, true), (40.0, NO_NODE, true)]);
        assert!(!instance.trace(50.0, "gc is fun", true));
        // Two that begin at one reading of the clock.
        for node in [6, 7] {
            instance.gc_trigger(60.0, node);
            assert!(instance.trace(60.0, gc, true));
        }
        let rows: Vec<_> = instance.gc.iter().skip(3).map(|it| (it.t, it.node)).collect();
        assert_eq!(rows, [(60.0, 6), (60.0, 7)]);
    }
}
