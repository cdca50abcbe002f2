//! From a PC to names, files and lines, inlined calls included: what `runtime.Callers` and `CallersFrames` would say.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::functab::{FuncId, Tables, pc_b};
use crate::names::name_for_print;

/// One logical frame of a stack, as `runtime.Frame`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The name as Go prints it.
    pub func: String,
    /// Source file as the compiler recorded it; empty if unknown.
    pub file: String,
    /// Line of the call; 0 if unknown.
    pub line: u32,
    /// Whether this call was inlined into the next frame.
    pub inlined: bool,
    /// Line of the `func` keyword; 0 if unknown.
    pub start_line: u32,
}

/// What a frame has called, as far as it changes how the frame reads: Go leaves wrappers out unless they panic.
///
/// Elsewhere than on wasm the caller of `runtime.sigpanic` is named by its PC, not by the one before. Here the compiler
/// sees to it that both have the same position (`cmd/internal/obj/wasm/wasmobj.go`, "advance the PC by 2").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Callee {
    /// An ordinary function, or an import.
    #[default]
    Other,
    /// `runtime.gopanic`, `runtime.sigpanic` or `runtime.panicwrap`.
    Panic,
}

/// Resolves PCs over [`Tables`], each once.
#[derive(Clone, Debug)]
pub struct Symbols {
    tables: Tables,
    gofunc: Option<u64>,
    /// `abi.FuncIDWrapper`, the greatest funcID of every Go version.
    wrapper_id: u8,
    cache: BTreeMap<(u64, Callee), Vec<Frame>>,
}

impl Symbols {
    /// Symbols of `tables`. Looks at all functions once (milliseconds).
    pub fn new(tables: Tables) -> Symbols {
        let wrapper_id = tables.funcs().filter_map(|id| tables.func_id(id)).max().unwrap_or(u8::MAX);
        Symbols { gofunc: tables.find_gofunc(), wrapper_id, tables, cache: BTreeMap::new() }
    }

    /// The tables.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The frames of a return PC whose callee is an ordinary function: see [`Symbols::frames_calling`].
    pub fn frames(&mut self, pc: u64) -> Vec<Frame> {
        self.frames_calling(pc, Callee::Other)
    }

    /// The frames of a return PC, innermost first, the last one not inlined. Empty where `pc` is in no function, or in
    /// a wrapper that `runtime.Callers` leaves out.
    pub fn frames_calling(&mut self, pc: u64, callee: Callee) -> Vec<Frame> {
        if let Some(frames) = self.cache.get(&(pc, callee)) {
            return frames.clone();
        }
        let frames = self.tables.func(pc).and_then(|id| self.resolve(id, pc, callee)).unwrap_or_default();
        self.cache.insert((pc, callee), frames.clone());
        frames
    }

    /// The frames of a whole stack of return PCs, innermost first.
    pub fn stack(&mut self, pcs: &[u64]) -> Vec<Frame> {
        let (mut frames, mut callee) = (Vec::new(), Callee::Other);
        for &pc in pcs {
            frames.extend(self.frames_calling(pc, callee));
            callee = self.callee(pc);
        }
        frames
    }

    /// How the function that `pc` is in affects its caller's frame.
    pub fn callee(&self, pc: u64) -> Callee {
        let name = self.tables.func(pc).and_then(|id| self.tables.name(id));
        name.map_or(Callee::Other, callee_named)
    }

    fn resolve(&self, id: FuncId, pc: u64, callee: Callee) -> Option<Vec<Frame>> {
        let func = self.tables.record(id)?;
        // Of a return PC the call is in the block before; a function's first block has none.
        let (calls, outermost) = self.tables.inlined_at(self.gofunc, &func, pc_b(pc).saturating_sub(1));
        let (mut frames, mut callee) = (Vec::with_capacity(calls.len() + 1), callee);
        let position = |block| self.tables.file_line(&func, block).unwrap_or(("", 0));
        let mut emit = |func_id, name_off, start_line, block, inlined| {
            let name = self.tables.name_at(name_off).unwrap_or("");
            // runtime.tracebackPCs and elideWrapperCalling (traceback.go).
            if func_id != self.wrapper_id || callee != Callee::Other {
                let (file, line) = position(block);
                let func = name_for_print(name).into_owned();
                frames.push(Frame { func, file: file.to_owned(), line, inlined, start_line });
            }
            callee = callee_named(name);
        };
        for (call, block) in calls {
            emit(call.func_id, call.name_off, call.start_line, block, true);
        }
        emit(func.func_id, func.name_off, func.start_line, outermost, false);
        Some(frames)
    }
}

fn callee_named(name: &str) -> Callee {
    match name {
        "runtime.gopanic" | "runtime.sigpanic" | "runtime.panicwrap" => Callee::Panic,
        _ => Callee::Other,
    }
}
