//! Frames and the prefix tree of stacks, interned over all instances.

use super::names::{Names, unknown};
use crate::{Frame, Session, Stack};
use gowasm::Callee;
use std::collections::HashMap;

/// Most frames one PC may expand to; Go inlines far less deep.
const MAX_INLINED: usize = 256;

/// Positions of what is interned already.
#[derive(Default)]
pub struct StackTable {
    frames: HashMap<Frame, u32>,
    stacks: HashMap<Stack, u32>,
}

/// The program counters of one module, named as they are asked for.
#[derive(Default)]
pub struct ModuleNames {
    /// `None` until the module's tables are here.
    pub names: Option<Box<dyn Names>>,
    /// Frames of a PC and what it called, outermost first, as positions in the session's frames.
    cache: HashMap<(u64, Callee), Box<[u32]>>,
}

impl ModuleNames {
    /// How being called by the function of `pc` changes a frame.
    pub fn callee(&self, pc: u64) -> Callee {
        self.names.as_ref().map_or(Callee::Other, |names| names.callee(pc))
    }

    /// Forgets positions: the frames they point to are gone.
    pub fn forget(&mut self) {
        self.cache.clear();
    }
}

impl StackTable {
    /// Forgets all frames and stacks, here and in the session.
    pub fn clear(&mut self, session: &mut Session) {
        self.frames.clear();
        self.stacks.clear();
        session.frames.clear();
        session.stacks.clear();
    }

    /// The stack of a PC called from `parent`, itself calling `callee`. Without names the frame is `unknown` and the PC.
    pub fn push(
        &mut self,
        session: &mut Session,
        module: &mut ModuleNames,
        parent: Option<u32>,
        pc: u64,
        callee: Callee,
    ) -> Option<u32> {
        let frames = module.cache.entry((pc, callee)).or_insert_with(|| {
            let named = match &mut module.names {
                Some(names) => names.frames(pc, callee),
                None => vec![unknown(pc)],
            };
            let frames = named.into_iter().take(MAX_INLINED).map(|frame| self.frame(session, frame));
            let mut frames: Vec<u32> = frames.collect();
            frames.reverse();
            frames.into()
        });
        let mut stack = parent;
        for &frame in frames.iter() {
            let node = Stack { parent: stack, frame };
            let stacks = &mut session.stacks;
            stack = Some(*self.stacks.entry(node).or_insert_with(|| {
                stacks.push(node);
                stacks.len() as u32 - 1
            }));
        }
        stack
    }

    fn frame(&mut self, session: &mut Session, frame: Frame) -> u32 {
        if let Some(&at) = self.frames.get(&frame) {
            return at;
        }
        let at = session.frames.len() as u32;
        session.frames.push(frame.clone());
        self.frames.insert(frame, at);
        at
    }
}
