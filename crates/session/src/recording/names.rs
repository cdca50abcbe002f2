//! The seam between program counters and `gowasm`.

use crate::{Frame, FrameKind, Module, text};
use gowasm::{Callee, Image, ModInfo, ModuleData, Symbols, Tables, build_version, mod_info};
use protocol::{CALLERS_UNKNOWN, ModuleTables};

/// Names program counters of one module.
pub trait Names {
    /// Frames of a return PC whose callee was such, innermost first; empty for what `runtime.Callers` leaves out.
    fn frames(&mut self, pc: u64, callee: Callee) -> Vec<Frame>;
    /// How being called by the function of `pc` changes a frame.
    fn callee(&self, pc: u64) -> Callee;
    /// Fills in what the tables tell about the module.
    fn describe(&self, module: &mut Module);
}

/// How tables become names; tests put their own here.
pub type Open = fn(ModuleTables) -> Result<Box<dyn Names>, String>;

/// Reads a module's tables with `gowasm`.
pub fn open(tables: ModuleTables) -> Result<Box<dyn Names>, String> {
    let pieces = tables.segments.into_iter().map(|segment| (segment.addr, segment.bytes)).collect();
    let image = Image::new(pieces);
    let data = ModuleData::read(&image, tables.moduledata).map_err(|error| error.to_string())?;
    let (info, version) = (mod_info(&image), build_version(&image, &data));
    Ok(Box::new(GoNames { symbols: Symbols::new(Tables::new(image, data)), info, version }))
}

/// The frame of a PC that has no name.
pub fn unknown(pc: u64) -> Frame {
    let func = if pc == CALLERS_UNKNOWN { text::CALLERS_UNKNOWN.into() } else { format!("unknown {pc:#x}") };
    Frame { kind: FrameKind::Go, func, file: None, line: None, inlined: false }
}

struct GoNames {
    symbols: Symbols,
    info: Option<ModInfo>,
    version: Option<String>,
}

impl Names for GoNames {
    fn frames(&mut self, pc: u64, callee: Callee) -> Vec<Frame> {
        if self.symbols.tables().func(pc).is_none() {
            return vec![unknown(pc)];
        }
        let frames = self.symbols.frames_calling(pc, callee).into_iter();
        let frame = |frame: gowasm::Frame| Frame {
            kind: FrameKind::Go,
            func: frame.func,
            file: Some(frame.file).filter(|file| !file.is_empty()),
            line: Some(frame.line).filter(|&line| line != 0),
            inlined: frame.inlined,
        };
        frames.map(frame).collect()
    }

    fn callee(&self, pc: u64) -> Callee {
        self.symbols.callee(pc)
    }

    fn describe(&self, module: &mut Module) {
        module.functions = Some(self.symbols.tables().func_count());
        if let Some(version) = &self.version {
            module.go_version = Some(version.clone());
        }
        if let Some(info) = &self.info {
            module.path = Some(info.path.clone()).filter(|path| !path.is_empty());
            module.settings.clear();
            for (name, value) in &info.settings {
                module.settings.insert(name.clone(), value.clone());
            }
        }
    }
}
