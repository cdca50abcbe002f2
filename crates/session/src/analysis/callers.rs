//! From a row of the bridge's tables outwards: the Go lines of an import or member, their callers, and theirs.
//!
//! An inverted call tree of the samples' stacks. A node is a frame at its line, with what the samples that came
//! through it stand for; nodes of one level add up to the node they hang from. Only levels that are open are made:
//! a tree of deep stacks is large.

use super::{
    Estimate, Place,
    go_line::is_own,
    live::{GoLineLive, Reading, StratumId, Tallies, costlier, share},
    tally::Tally,
};
use crate::{Frame, Instance, Member, Sample, Session, order, text};
use std::collections::BTreeMap;

/// Most levels: a program that calls itself may have thousands, which nobody reads one by one.
const MAX_LEVELS: usize = 256;

/// A row whose crossings can be followed to where they come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A Go line: its callers.
    Line(Place),
    /// An import: the Go lines that use it, and their callers.
    Import(String),
    /// A JS member of an import: the same.
    Member {
        /// Import.
        import: String,
        /// Member.
        member: String,
    },
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    /// Stays the same while the recording goes on: made of the lines from the row to here.
    pub key: u64,
    /// The calling line; [`Place::Start`] where there is none.
    pub place: Place,
    /// Whether it is the program's own, not the runtime's or the standard library's bridge.
    pub own: bool,
    /// Whether the compiler inlined it into its caller.
    pub inlined: bool,
    /// Samples it rests on.
    pub samples: u64,
    /// Crossings that came through it.
    pub calls: Estimate,
    /// Time in them, ms.
    pub time_ms: Option<Estimate>,
    /// Time, on the thread that has most of it, as a share of the window.
    pub share: Option<Estimate>,
    /// Bytes copied.
    pub bytes: Option<Estimate>,
    /// Time of one crossing, ms.
    pub per_call_ms: Option<Estimate>,
    /// Whether something called it.
    pub has_callers: bool,
    /// Who called it, costliest first; `None` while it is closed.
    pub callers: Option<Vec<Caller>>,
}

/// Says by a node's key, and whether it is the only one of its level, if it is open.
pub type IsOpen<'a> = &'a dyn Fn(u64, bool) -> bool;

/// Samples of one import with the same way outwards.
struct Way {
    stratum: StratumId,
    /// Position in the session's stacks of the next frame outwards.
    next: Option<u32>,
    tally: Tally,
}

/// Samples of a row, by positions.
enum Wanted {
    Place(u32),
    Import(u32),
    Member(u32, u32),
}

impl Wanted {
    fn takes(&self, sample: &Sample, live: &GoLineLive) -> bool {
        match *self {
            Self::Place(place) => live.place_of(sample.stack) == place,
            Self::Import(import) => sample.import == import,
            Self::Member(import, member) => sample.import == import && sample.member == Some(member),
        }
    }
}

/// Tallies by stack, instance and import.
type ByStack = Tallies<(Option<u32>, u32, u32)>;

impl Reading<'_> {
    /// The first level of a row's tree, and of what is open in it.
    pub fn callers(&self, of: &Subject, is_open: IsOpen<'_>) -> Vec<Caller> {
        let stacks = self.by_stack(of);
        let key = FNV_BASIS;
        match of {
            Subject::Line(_) => {
                let ways = stacks.iter().filter_map(|((stack, at, import), tally)| {
                    let line = self.line_of(stack?);
                    Some(Way { stratum: (at, import), next: self.outwards(stack?, line), tally: *tally })
                });
                self.level(ways.collect(), key, 0, is_open)
            }
            Subject::Import(_) | Subject::Member { .. } => self.lines_of(&stacks, key, is_open),
        }
    }

    /// Samples of a row by stack, instance and import.
    fn by_stack(&self, of: &Subject) -> ByStack {
        let mut stacks = Tallies::default();
        for (at, instance) in self.session.instances.iter().enumerate() {
            let Some(wanted) = self.wanted(of, instance) else { continue };
            let known = self.live.wholes.get(at).map_or(0, Vec::len);
            for sample in &instance.samples {
                if wanted.takes(sample, self.live)
                    && self.live.holds(sample)
                    && known > sample.import as usize
                {
                    stacks.add((sample.stack, at as u32, sample.import), sample);
                }
            }
        }
        stacks
    }

    /// Which samples of an instance are a row's; `None` where it has none of them.
    fn wanted(&self, of: &Subject, instance: &Instance) -> Option<Wanted> {
        let import = |name: &str| instance.imports.iter().position(|it| it.name == name);
        Some(match of {
            Subject::Line(place) => Wanted::Place(self.live.place_id(place)?),
            Subject::Import(name) => Wanted::Import(import(name)? as u32),
            Subject::Member { import: of, member } => {
                let own = |it: &Member| it.import == *of && it.name == *member;
                Wanted::Member(import(of)? as u32, instance.members.iter().position(own)? as u32)
            }
        })
    }

    /// The node of a stack's Go line; `None` where the runtime crosses by itself.
    fn line_of(&self, stack: u32) -> Option<u32> {
        let mut next = Some(stack);
        while let Some(at) = next {
            let node = self.session.stacks.get(at as usize)?;
            if self.live.place_of_frame(node.frame).is_some() {
                return Some(at);
            }
            next = parent(self.session, at);
        }
        None
    }

    /// Where the way outwards begins: beyond the Go line, or at the function that crossed.
    fn outwards(&self, stack: u32, line: Option<u32>) -> Option<u32> {
        line.map_or(Some(stack), |line| parent(self.session, line))
    }

    /// The Go lines of some samples.
    fn lines_of(&self, stacks: &ByStack, key: u64, is_open: IsOpen<'_>) -> Vec<Caller> {
        let mut lines: BTreeMap<u32, (Option<u32>, Vec<Way>)> = BTreeMap::new();
        for ((stack, at, import), tally) in stacks.iter() {
            let line = stack.and_then(|stack| self.line_of(stack));
            let next = stack.and_then(|stack| self.outwards(stack, line));
            let (node, ways) = lines.entry(self.live.place_of(stack)).or_default();
            *node = line;
            ways.push(Way { stratum: (at, import), next, tally: *tally });
        }
        let only = lines.len() == 1;
        let lines = lines.into_iter().map(|(place, (node, ways))| {
            let frame = node.and_then(|node| frame(self.session, node));
            self.node(self.live.place(place).clone(), frame, ways, key, (only, 0), is_open)
        });
        sorted(lines.collect())
    }

    /// The nodes of one level, by the frame each way comes to next.
    fn level(&self, ways: Vec<Way>, key: u64, level: usize, is_open: IsOpen<'_>) -> Vec<Caller> {
        let mut by_frame: BTreeMap<Option<u32>, Vec<Way>> = BTreeMap::new();
        for way in ways {
            let node = way.next.and_then(|next| self.session.stacks.get(next as usize));
            let next = way.next.and_then(|next| parent(self.session, next));
            by_frame.entry(node.map(|node| node.frame)).or_default().push(Way { next, ..way });
        }
        // Where nothing called any of them, there is no more to tell.
        if by_frame.keys().all(Option::is_none) {
            return Vec::new();
        }
        // A line may be two frames: inlined here, called there.
        let mut by_line: BTreeMap<u64, (Place, Option<&Frame>, Vec<Way>)> = BTreeMap::new();
        for (at, ways) in by_frame {
            let frame = at.and_then(|at| self.session.frames.get(at as usize));
            let place = frame.map_or(Place::Start, Place::of);
            let line = by_line.entry(hash(key, &place)).or_insert((place, frame, Vec::new()));
            line.2.extend(ways);
        }
        let only = by_line.len() == 1;
        let nodes = by_line.into_values();
        let nodes =
            nodes.map(|(place, frame, ways)| self.node(place, frame, ways, key, (only, level), is_open));
        sorted(nodes.collect())
    }

    fn node(
        &self,
        place: Place,
        frame: Option<&Frame>,
        ways: Vec<Way>,
        above: u64,
        (only, level): (bool, usize),
        is_open: IsOpen<'_>,
    ) -> Caller {
        let key = hash(above, &place);
        let whole = self.join(ways.iter().map(|way| (way.stratum, &way.tally))).bounded(self.wall_ms());
        let samples = ways.iter().map(|way| way.tally.samples).sum();
        let has_callers = level + 1 < MAX_LEVELS && ways.iter().any(|way| way.next.is_some());
        let open = has_callers && is_open(key, only);
        Caller {
            key,
            place,
            own: frame.is_some_and(is_own),
            inlined: frame.is_some_and(|frame| frame.inlined),
            samples,
            calls: whole.calls,
            time_ms: whole.time,
            share: share(whole.thread.most(), self.wall_ms()),
            bytes: whole.bytes,
            per_call_ms: whole.per_call(),
            has_callers,
            callers: open.then(|| self.level(ways, key, level + 1, is_open)),
        }
    }
}

fn sorted(mut level: Vec<Caller>) -> Vec<Caller> {
    order::sort(&mut level, |a, b| {
        costlier(a.time_ms, a.calls, b.time_ms, b.calls).then_with(|| a.place.cmp(&b.place))
    });
    level
}

/// Parents come first; anything else would not end.
fn parent(session: &Session, at: u32) -> Option<u32> {
    session.stacks.get(at as usize)?.parent.filter(|&parent| parent < at)
}

fn frame(session: &Session, at: u32) -> Option<&Frame> {
    session.frames.get(session.stacks.get(at as usize)?.frame as usize)
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: positions of frames change when names come late, this does not.
fn hash(above: u64, place: &Place) -> u64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let (func, file, line) = match place {
        Place::Line { func, file, line } => (func.as_str(), file.as_deref().unwrap_or_default(), *line),
        other => (other.func(), text::IN_RUNTIME, None),
    };
    let line = line.map_or([0; 4], u32::to_le_bytes);
    let bytes = func.as_bytes().iter().chain(&[0]).chain(file.as_bytes()).chain(&[0]).chain(&line);
    bytes.fold(above.rotate_left(5), mix)
}
