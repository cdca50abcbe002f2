//! A wasm file, as far as a profiler of Go needs it: imports, exports, the table that Go's PCs index, initial memory,
//! and who made it. Code is counted, not read. Sections: WebAssembly core specification, "Binary Format / Modules".

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::data_section::{data_segments, initial_memory};
use crate::wasm_reader::Reader;
use crate::{Error, Image};

/// The kinds of things modules import and export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function.
    Func,
    /// A table.
    Table,
    /// A memory.
    Memory,
    /// A global.
    Global,
    /// An exception tag.
    Tag,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its namespace; `gojs` for Go's own.
    pub module: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// An export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its index among its kind, imports first.
    pub index: u32,
}

/// Who compiled a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compiler {
    /// The Go project's `cmd/compile`.
    Go,
    /// TinyGo (LLVM).
    TinyGo,
    /// Neither.
    #[default]
    Other,
}

/// A wasm file's outline.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Imports, in order.
    pub imports: Vec<Import>,
    /// Exports, in order.
    pub exports: Vec<Export>,
    /// Functions the module defines.
    pub functions: u32,
    /// Memory as the data section leaves it.
    pub image: Image,
    /// The Go version in the `producers` section.
    pub go_version: Option<String>,
    /// The `go:buildid` section.
    pub build_id: Option<String>,
    /// Whether there is no `name` section.
    pub stripped: bool,
    /// Who compiled it.
    pub compiler: Compiler,
    /// Runs of table slots: the first slot and the functions from there on.
    elements: Vec<(u32, Vec<u32>)>,
}

impl Module {
    /// Reads a file.
    ///
    /// # Errors
    /// `Wasm` with the position of the first byte that breaks the format.
    pub fn parse(bytes: &[u8]) -> Result<Module, Error> {
        let mut reader = Reader::new(bytes);
        let preamble = reader.bytes(8, "preamble")?;
        if preamble != b"\0asm\x01\0\0\0" {
            let (found, expected) = (le(preamble), le(b"\0asm\x01\0\0\0"));
            return Err(Error::Wasm { offset: 0, what: "preamble", found, expected });
        }
        let mut module = Module { stripped: true, ..Module::default() };
        let mut data = Vec::new();
        while !reader.is_empty() {
            let id = reader.u8("section id")?;
            let mut section = reader.sized("section size")?;
            match id {
                0 => module.custom(&mut section)?,
                2 => module.imports(&mut section)?,
                3 => module.functions = section.u32("function count")?,
                7 => module.exports(&mut section)?,
                9 => module.elements(&mut section)?,
                11 => data = data_segments(&mut section)?,
                _ => {}
            }
        }
        module.image = initial_memory(data, bytes.len() as u64);
        module.compiler = module.compiler();
        Ok(module)
    }

    /// Number of imported functions: the index of the first defined one.
    pub fn imported_functions(&self) -> u32 {
        self.imports.iter().filter(|import| import.kind == Kind::Func).count() as u32
    }

    /// The function (its index, imports first) in slot `PC_F` of the table. Go's linker fills the table in order, but
    /// `wasm-opt` does not keep that.
    pub fn function_at(&self, slot: u64) -> Option<u32> {
        self.elements.iter().rev().find_map(|(start, functions)| {
            let at = slot.checked_sub(u64::from(*start))?;
            functions.get(usize::try_from(at).ok()?).copied()
        })
    }

    fn custom(&mut self, section: &mut Reader<'_>) -> Result<(), Error> {
        match section.name("custom section name")? {
            "name" => self.stripped = false,
            // `go.buildid` up to Go 1.19.
            "go:buildid" | "go.buildid" => {
                self.build_id = Some(String::from_utf8_lossy(build_id_text(section.rest())).into_owned());
            }
            // A tool may leave it damaged, and nothing needs it.
            "producers" => drop(self.producers(section)),
            _ => {}
        }
        Ok(())
    }

    fn producers(&mut self, section: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..section.u32("producers field count")? {
            let _field = section.name("producers field")?;
            for _ in 0..section.u32("producers value count")? {
                let (name, version) = (section.name("producers name")?, section.name("producers version")?);
                match name {
                    "TinyGo" => self.compiler = Compiler::TinyGo,
                    "Go" | "Go cmd/compile" => {
                        self.compiler = Compiler::Go;
                        self.go_version = Some(version.to_owned());
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn imports(&mut self, section: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..section.u32("import count")? {
            let module = section.name("import module")?.to_owned();
            let name = section.name("import name")?.to_owned();
            let kind = kind(section)?;
            match kind {
                Kind::Func => drop(section.u32("type index")?),
                Kind::Table => {
                    section.u8("reference type")?;
                    limits(section)?;
                }
                Kind::Memory => limits(section)?,
                Kind::Global => drop((section.u8("value type")?, section.u8("mutability")?)),
                Kind::Tag => drop((section.u8("tag attribute")?, section.u32("type index")?)),
            }
            self.imports.push(Import { module, name, kind });
        }
        Ok(())
    }

    fn exports(&mut self, section: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..section.u32("export count")? {
            let name = section.name("export name")?.to_owned();
            self.exports.push(Export { name, kind: kind(section)?, index: section.u32("export index")? });
        }
        Ok(())
    }

    fn elements(&mut self, section: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..section.u32("element segment count")? {
            let flags = section.u32("element segment flags")?;
            if flags > 7 {
                return Err(section.error("element segment flags", u64::from(flags), 7));
            }
            let (passive, indexed, expressions) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
            let table = if indexed && !passive { section.u32("table index")? } else { 0 };
            let start = if passive { None } else { section.constant()? };
            if passive || indexed {
                section.u8("element kind")?;
            }
            let mut functions = Vec::new();
            for _ in 0..section.u32("element count")? {
                functions.push(if expressions {
                    reference(section)?
                } else {
                    section.u32("function index")?
                });
            }
            if let Some(Ok(start)) = start.map(u32::try_from)
                && table == 0
            {
                self.elements.push((start, functions));
            }
        }
        Ok(())
    }

    /// What `producers` says, or, where that was removed, what only one of the compilers leaves behind.
    fn compiler(&self) -> Compiler {
        let exports = |name: &str| self.exports.iter().any(|export| export.name == name);
        match self.compiler {
            Compiler::Other if exports("go_scheduler") || exports("tinygo_getCurrentStackPointer") => {
                Compiler::TinyGo
            }
            Compiler::Other if exports("getsp") && exports("resume") && exports("mem") => Compiler::Go,
            known => known,
        }
    }
}

fn kind(reader: &mut Reader<'_>) -> Result<Kind, Error> {
    let before = *reader;
    Ok(match reader.u8("external kind")? {
        0 => Kind::Func,
        1 => Kind::Table,
        2 => Kind::Memory,
        3 => Kind::Global,
        4 => Kind::Tag,
        other => return Err(before.error("external kind", u64::from(other), 4)),
    })
}

fn limits(reader: &mut Reader<'_>) -> Result<(), Error> {
    let flags = reader.u8("limits flags")?;
    reader.signed("minimum")?;
    if flags & 1 != 0 {
        reader.signed("maximum")?;
    }
    Ok(())
}

/// `ref.func f` or `ref.null`: a null slot holds no function, which no index says better than the greatest.
fn reference(reader: &mut Reader<'_>) -> Result<u32, Error> {
    let before = *reader;
    let function = match reader.u8("element expression")? {
        0xd2 => reader.u32("function index")?,
        0xd0 => {
            reader.signed("heap type")?;
            u32::MAX
        }
        other => return Err(before.error("element expression", u64::from(other), 0xd2)),
    };
    reader.end()?;
    Ok(function)
}

/// `\xff Go build ID: "ID"\n \xff`, or an ID alone.
fn build_id_text(bytes: &[u8]) -> &[u8] {
    let mut quoted = bytes.split(|&b| b == b'"');
    match (quoted.next(), quoted.next()) {
        (_, Some(id)) => id,
        (id, None) => id.unwrap_or(bytes),
    }
}

fn le(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}
