//! Names of Go lines and of the ways that lead to them, each made once for a reading.

use crate::{
    state::{
        group::{Groups, sort},
        list::{Cell, Child},
        rows::Name,
    },
    text,
};
use session::{Frame, Place, Session, is_own};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};

/// Most frames of a way that are shown: a program that calls itself has thousands.
const LONGEST: usize = 64;

/// The frames outwards from a Go line, its caller first.
pub type Way = Rc<[Rc<Name>]>;

/// Names by position in the session's tables.
pub struct Places<'a> {
    session: &'a Session,
    frames: Vec<Rc<Name>>,
    frame_groups: Groups,
    stacks: Vec<(Rc<Name>, Way)>,
    stack_groups: Groups,
}

impl<'a> Places<'a> {
    /// None made yet.
    pub fn of(session: &'a Session) -> Self {
        let (frame_groups, stack_groups) = Default::default();
        Self { session, frames: Vec::new(), frame_groups, stacks: Vec::new(), stack_groups }
    }

    /// The Go line of a stack and the way to it. A stack of the runtime alone is the runtime's, its frames the way.
    pub fn line(&mut self, stack: Option<u32>) -> (Rc<Name>, Way) {
        let at = self.stack_groups.at(stack.map_or(0, |stack| u64::from(stack) + 1));
        if let Some(known) = self.stacks.get(at) {
            return known.clone();
        }
        let mut frames: Vec<u32> = Vec::new();
        let mut next = stack;
        let mut line = None;
        while let Some(at) = next.map(|at| at as usize) {
            let Some(node) = self.session.stacks.get(at) else { break };
            if line.is_none() && self.session.frames.get(node.frame as usize).is_some_and(is_own) {
                frames.clear();
                line = Some(node.frame);
            } else if frames.len() < LONGEST {
                frames.push(node.frame);
            }
            // Parents come first; anything else would not end.
            next = node.parent.filter(|&parent| (parent as usize) < at);
        }
        let name = match (stack, line) {
            (None, _) => Rc::new(place(&Place::NoStack)),
            (Some(_), None) => Rc::new(place(&Place::Runtime)),
            (Some(_), Some(frame)) => self.frame(frame),
        };
        let way: Way = frames.into_iter().map(|frame| self.frame(frame)).collect();
        self.stacks.push((name.clone(), way.clone()));
        (name, way)
    }

    fn frame(&mut self, at: u32) -> Rc<Name> {
        let frame = self.session.frames.get(at as usize);
        let name = || Rc::new(frame.map_or_else(|| place(&Place::NoStack), of_frame));
        self.frame_groups.of(&mut self.frames, at.into(), name).clone()
    }
}

/// The name of a place.
pub fn place(place: &Place) -> Name {
    let own = matches!(place, Place::Line { .. });
    Name { own, ..Name::of(place, text::line_about(place)) }
}

fn of_frame(frame: &Frame) -> Name {
    Name { own: is_own(frame), inlined: frame.inlined, ..place(&Place::of(frame)) }
}

/// An id made of what stays the same.
pub fn id_of(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The id of a name.
pub fn id_of_name(name: &Name) -> u64 {
    id_of((&*name.func, &*name.about))
}

/// Ways to one line, and how much came along each, as a tree: the greatest first. `cell` is what stands beside a name.
pub fn callers(ways: &[(Way, f64)], under: u64, cell: &dyn Fn(f64) -> (&'static str, Cell)) -> Vec<Child> {
    level(&ways.iter().map(|(way, much)| (&**way, *much)).collect::<Vec<_>>(), under, cell)
}

fn level(ways: &[(&[Rc<Name>], f64)], under: u64, cell: &dyn Fn(f64) -> (&'static str, Cell)) -> Vec<Child> {
    let (mut groups, mut nodes) = (Groups::default(), Vec::new());
    for (way, much) in ways {
        let Some((caller, rest)) = way.split_first() else { continue };
        let id = id_of((under, id_of_name(caller)));
        let node =
            groups.of(&mut nodes, id, || Node { id, name: caller.clone(), much: 0.0, ways: Vec::new() });
        node.much += much;
        node.ways.push((rest, *much));
    }
    let nodes = sort(nodes, usize::MAX, |a, b| b.much.total_cmp(&a.much).then_with(|| a.id.cmp(&b.id)));
    let child = |node: Node<'_>| Child {
        id: node.id,
        cells: vec![("name", Cell::Name(node.name)), cell(node.much)],
        children: level(&node.ways, node.id, cell),
    };
    nodes.into_iter().map(child).collect()
}

/// Ways that begin with one frame.
struct Node<'a> {
    id: u64,
    name: Rc<Name>,
    much: f64,
    ways: Vec<(&'a [Rc<Name>], f64)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::Stack;

    fn frame(func: &str) -> Frame {
        Frame { func: func.into(), ..Frame::default() }
    }

    /// `main.main` calls `main.draw`, which allocates; and the runtime by itself.
    fn session() -> Session {
        let mut session = Session::default();
        session.frames =
            ["runtime.mallocgc", "main.draw", "main.main", "runtime.bgsweep"].map(frame).to_vec();
        let stack = |parent, frame| Stack { parent, frame };
        session.stacks = vec![stack(None, 2), stack(Some(0), 1), stack(Some(1), 0), stack(None, 3)];
        session
    }

    fn names(way: &Way) -> Vec<&str> {
        way.iter().map(|name| &*name.func).collect()
    }

    #[test]
    fn a_line_is_the_programs_and_the_way_leads_outwards() {
        let session = session();
        let mut places = Places::of(&session);
        let (line, way) = places.line(Some(2));
        assert_eq!((&*line.func, names(&way)), ("main.draw", vec!["main.main"]));
        let (line, way) = places.line(Some(3));
        assert_eq!((&*line.func, names(&way)), (Place::Runtime.func(), vec!["runtime.bgsweep"]));
        assert!(!way[0].own);
        let (line, way) = places.line(None);
        assert_eq!((&*line.func, way.len()), (Place::NoStack.func(), 0));
        assert!(Rc::ptr_eq(&places.line(Some(2)).0, &places.line(Some(2)).0), "made once");
    }

    #[test]
    fn ways_that_share_their_begin_share_their_nodes() {
        let name = |func: &str| Rc::new(place(&Place::Line { func: func.into(), file: None, line: None }));
        let (a, b, c) = (name("a"), name("b"), name("c"));
        let ways: [(Way, f64); 3] =
            [(Rc::from([a.clone(), b]), 1.0), (Rc::from([c.clone()]), 5.0), (Rc::from([a, c]), 2.0)];
        let cell = |much| ("cycles", Cell::exact(much, crate::state::list::Unit::Count, ""));
        let tree = callers(&ways, 7, &cell);
        let shape: Vec<_> = tree.iter().map(|it| (it.cells[1].1.clone(), it.children.len())).collect();
        assert_eq!(shape, [(cell(5.0).1, 0), (cell(3.0).1, 2)]);
        assert_eq!(tree[1].children[0].cells[1].1, cell(2.0).1);
        assert_eq!(callers(&ways, 7, &cell)[1].id, tree[1].id, "ids stay");
    }
}
