//! What is read from files, against what the linker says elsewhere in the same file.

use std::collections::HashMap;

use gowasm::{Compiler, FunctabUnit, Locator, Module, ModuleData, Symbols, Tables, build_version, mod_info};

use crate::toolchain::{BUILDS, workspace};

pub fn tables(module: &Module) -> Tables {
    let data = Locator::new().scan(&module.image).unwrap().expect("a moduledata");
    Tables::new(module.image.clone(), data)
}

/// Function index to name, read by an independent parser.
fn name_section(bytes: &[u8]) -> HashMap<u32, String> {
    use wasmparser::{KnownCustom, Name, Parser, Payload};
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::CustomSection(section) = payload.unwrap()
            && let KnownCustom::Name(reader) = section.as_known()
        {
            for subsection in reader {
                if let Name::Function(map) = subsection.unwrap() {
                    names.extend(map.into_iter().map(|naming| {
                        let naming = naming.unwrap();
                        (naming.index, naming.name.to_owned())
                    }));
                }
            }
        }
    }
    names
}

/// The linker's `nameRegexp` (`cmd/link/internal/wasm/asm.go`): `[^\w.]` becomes `_`.
fn as_in_name_section(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "_.".contains(c) { c } else { '_' }).collect()
}

#[test]
fn functab_names_equal_the_name_section() {
    for build in BUILDS.iter().filter(|build| !build.stripped) {
        let bytes = std::fs::read(build.stacks()).unwrap();
        let module = Module::parse(&bytes).unwrap();
        let (tables, names) = (tables(&module), name_section(&bytes));
        assert!(!module.stripped);
        assert_eq!(tables.func_count(), module.functions, "{build:?}");
        for id in tables.funcs() {
            let slot = tables.table_index(id).unwrap();
            let function =
                module.function_at(slot).unwrap_or_else(|| panic!("{build:?}: slot {slot} is empty"));
            assert_eq!(
                as_in_name_section(tables.name(id).unwrap()),
                names[&function],
                "{build:?}, slot {slot}"
            );
            assert_eq!(tables.func(tables.entry(id).unwrap()), Some(id));
        }
        // And no slot more.
        assert_eq!(module.function_at(0x1000 + u64::from(tables.func_count())), None, "{build:?}");
        assert_eq!(tables.func(0x1000_0000 - 1), None);
        assert_eq!(tables.func(tables.data().maxpc + 0x10000), None);
    }
}

#[test]
fn every_function_has_a_line_in_a_file() {
    for build in BUILDS {
        let module = Module::parse(&std::fs::read(build.stacks()).unwrap()).unwrap();
        let mut symbols = Symbols::new(tables(&module));
        let mut lines = 0;
        for id in symbols.tables().funcs() {
            let entry = symbols.tables().entry(id).unwrap();
            let Some(frame) = symbols.frames(entry).pop() else { continue };
            lines += u32::from(frame.line > 0 && !frame.file.is_empty());
        }
        let wrappers_and_blanks = symbols.tables().func_count() - lines;
        assert!(wrappers_and_blanks < symbols.tables().func_count() / 4, "{build:?}: {wrappers_and_blanks}");
        let main = symbols.tables().func_by_name("main.main").unwrap();
        let main = symbols.frames(symbols.tables().entry(main).unwrap()).pop().unwrap();
        let source = std::fs::read_to_string(crate::toolchain::fixtures().join("stacks/main.go")).unwrap();
        let declared = source.lines().position(|line| line == "func main() {").unwrap() as u32 + 1;
        assert_eq!((main.start_line, main.file.ends_with("stacks/main.go")), (declared, true), "{build:?}");
    }
}

#[test]
fn reads_who_built_it_and_how() {
    for build in BUILDS {
        let module = Module::parse(&std::fs::read(build.stacks()).unwrap()).unwrap();
        let tables = tables(&module);
        let version = format!("go{}", build.version);
        assert_eq!(module.compiler, Compiler::Go);
        assert_eq!(module.go_version.as_ref(), Some(&version));
        assert_eq!(build_version(&module.image, tables.data()), Some(version));
        assert_eq!(module.stripped, build.stripped);
        assert!(
            module.build_id.as_ref().is_some_and(|id| id.split('/').count() == 4),
            "{:?}",
            module.build_id
        );
        let info = mod_info(&module.image).unwrap();
        assert_eq!(info.path, "example.com/stacks");
        assert_eq!(info.main.as_ref().map(|(path, _)| path.as_str()), Some("example.com/stacks"));
        let setting = |key: &str| info.settings.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        assert_eq!(setting("GOARCH"), Some("wasm"));
        // The linker leaves its flags out of trimmed builds.
        assert_eq!(setting("-trimpath"), build.stripped.then_some("true"));
        let unit = if build.minor() < 25 { FunctabUnit::Pc } else { FunctabUnit::PcF };
        assert_eq!(tables.data().functab_unit, unit);
        assert!(module.exports.iter().any(|export| export.name == "mem"));
        assert!(module.imports.iter().any(|i| i.module == "gojs" && i.name == "syscall/js.valueInvoke"));
    }
}

#[test]
fn moduledata_is_found_in_memory_that_arrives_in_pieces() {
    for build in BUILDS {
        let module = Module::parse(&std::fs::read(build.stacks()).unwrap()).unwrap();
        let whole = Locator::new().scan(&module.image).unwrap().unwrap();
        let (lo, hi) = module.image.bounds();
        for step in [4096, 65_528, 1 << 20] {
            let mut image = gowasm::Image::growing(lo, 0);
            let (mut locator, mut at, mut found) = (Locator::new(), lo, None);
            while found.is_none() && at < hi {
                let next = (at + step).min(hi);
                image.push(module.image.slice(at, next - at).unwrap());
                found = locator.scan(&image).unwrap();
                at = next;
            }
            assert_eq!(found, Some(whole), "{build:?}, {step} bytes a piece");
        }
        // What goes to a viewer: the read-only tables and the moduledata, no more.
        let mut small = module.image.clone();
        let ((lo, hi), (from, to)) = (whole.tables_range(), whole.own_range());
        small.truncate_to(lo, hi);
        let own = module.image.slice(from, to - from).unwrap().to_vec();
        let small = gowasm::Image::new(small.into_segments().chain([(from, own)]).collect());
        assert_eq!(ModuleData::read(&small, from).unwrap(), whole, "{build:?}");
        assert_eq!(build_version(&small, &whole), module.go_version, "{build:?}");
        assert_eq!(mod_info(&small), mod_info(&module.image), "{build:?}");
        assert_eq!(Tables::new(small, whole).find_gofunc(), tables(&module).find_gofunc());
    }
}

#[test]
fn gofunc_is_where_its_release_puts_it() {
    for build in BUILDS {
        let tables = tables(&Module::parse(&std::fs::read(build.stacks()).unwrap()).unwrap());
        let offset = if build.minor() < 27 { 320 } else { 344 };
        let word = tables.image().u64(tables.data().addr + offset).unwrap();
        assert_eq!(tables.find_gofunc(), Some(word), "{build:?}");
    }
}

/// A program of another origin: stripped, no build id, Go 1.26.
#[test]
fn reads_esbuild() {
    let path = workspace().join("target/tools/npm/node_modules/esbuild-wasm/esbuild.wasm");
    let bytes = std::fs::read(&path).expect("esbuild-wasm: run `cargo xtask test`, which installs it");
    let module = Module::parse(&bytes).unwrap();
    assert_eq!((module.compiler, module.stripped), (Compiler::Go, true));
    let tables = tables(&module);
    assert_eq!(tables.func_count(), module.functions);
    assert!(tables.funcs().all(|id| tables.name(id).is_some_and(|name| !name.is_empty())));
    assert!(tables.funcs().all(|id| module.function_at(tables.table_index(id).unwrap()).is_some()));
    assert!(tables.find_gofunc().is_some());
    assert_eq!(build_version(&module.image, tables.data()), module.go_version);
    assert_eq!(mod_info(&module.image).unwrap().path, "github.com/evanw/esbuild/cmd/esbuild");
}
