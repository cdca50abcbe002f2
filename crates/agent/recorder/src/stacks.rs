//! Distinct stacks as a prefix tree of return PCs: a node is one PC and its caller's node.

use alloc::vec::Vec;

use hashbrown::HashMap;
use protocol::{NO_NODE, NO_PARENT, Node};
use rustc_hash::FxBuildHasher;

/// Most nodes kept; a program's stacks are far fewer, recursion without end is cut here.
const MAX_NODES: usize = 500_000;

/// The tree of one instance. Ids are positions and never change.
#[derive(Default)]
pub struct StackTable {
    /// Distinct PCs.
    pub pcs: Vec<u64>,
    /// Distinct stacks.
    pub nodes: Vec<Node>,
    pc_ids: HashMap<u64, u32, FxBuildHasher>,
    node_ids: HashMap<(u32, u64), u32, FxBuildHasher>,
}

impl StackTable {
    /// The node of a stack given innermost first; [`NO_NODE`] for an empty one or a full table.
    pub fn intern(&mut self, pcs: &[u64]) -> u32 {
        let mut parent = NO_PARENT;
        for &pc in pcs.iter().rev() {
            parent = match self.node_ids.get(&(parent, pc)) {
                Some(&node) => node,
                None if self.nodes.len() >= MAX_NODES => return NO_NODE,
                None => self.add(parent, pc),
            };
        }
        if parent == NO_PARENT { NO_NODE } else { parent }
    }

    fn add(&mut self, parent: u32, pc: u64) -> u32 {
        let pcs = &mut self.pcs;
        let pc_id = *self.pc_ids.entry(pc).or_insert_with(|| {
            pcs.push(pc);
            (pcs.len() - 1) as u32
        });
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { parent, pc: pc_id });
        self.node_ids.insert((parent, pc), node);
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_share_their_callers() {
        let mut table = StackTable::default();
        let (a, b) = (table.intern(&[3, 2, 1]), table.intern(&[4, 2, 1]));
        assert_ne!(a, b);
        assert_eq!(table.intern(&[3, 2, 1]), a);
        assert_eq!(table.pcs, [1, 2, 3, 4]);
        assert_eq!(table.nodes.len(), 4);
        assert_eq!(table.nodes[a as usize].parent, table.nodes[b as usize].parent);
        assert_eq!(table.intern(&[]), NO_NODE);
    }
}
