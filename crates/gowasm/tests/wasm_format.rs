//! Parts of the binary format that Go's linker does not use, but `wasm-opt` and TinyGo do.

use gowasm::{Compiler, Error, Kind, Module};

const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";

fn section(id: u8, body: &[u8]) -> Vec<u8> {
    [&[id, body.len() as u8], body].concat()
}

fn name(text: &str) -> Vec<u8> {
    [&[text.len() as u8], text.as_bytes()].concat()
}

fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [PREAMBLE, &sections.concat()].concat()
}

#[test]
fn reads_element_segments_of_every_kind() {
    let active = [0, 0x41, 5, 0x0b, 2, 7, 8];
    let declared = [3, 0, 1, 9];
    let other_table = [2, 1, 0x41, 0, 0x0b, 0, 1, 1];
    let expressions = [4, 0x41, 20, 0x0b, 2, 0xd2, 3, 0x0b, 0xd0, 0x70, 0x0b];
    let imported_start = [0, 0x23, 0, 0x0b, 1, 4];
    let body = [&[5], &active[..], &declared, &other_table, &expressions, &imported_start].concat();
    let module = Module::parse(&module(&[section(9, &body)])).unwrap();
    assert_eq!([5, 6, 20].map(|slot| module.function_at(slot)), [Some(7), Some(8), Some(3)]);
    assert_eq!([0, 4, 7].map(|slot| module.function_at(slot)), [None; 3]);
}

#[test]
fn reads_imports_and_exports_of_every_kind() {
    let import = |field: &str, rest: &[u8]| [name("gojs"), name(field), rest.to_vec()].concat();
    let imports = [
        vec![4],
        import("f", &[0, 3]),
        import("t", &[1, 0x70, 1, 1, 9]),
        import("m", &[2, 0, 1]),
        import("g", &[3, 0x7f, 0]),
    ];
    let exports = [vec![1], name("mem"), vec![2, 0]].concat();
    let module = Module::parse(&module(&[section(2, &imports.concat()), section(7, &exports)])).unwrap();
    let kinds: Vec<_> = module.imports.iter().map(|import| import.kind).collect();
    assert_eq!(kinds, [Kind::Func, Kind::Table, Kind::Memory, Kind::Global]);
    assert_eq!(module.imported_functions(), 1);
    assert_eq!((module.exports[0].name.as_str(), module.exports[0].kind), ("mem", Kind::Memory));
}

#[test]
fn joins_data_segments_but_not_across_the_address_space() {
    let near = [0, 0x41, 16, 0x0b, 2, 1, 2];
    let next = [0, 0x41, 20, 0x0b, 1, 3];
    // i32.const -16 is 0xfffffff0.
    let far = [0, 0x41, 0x70, 0x0b, 1, 4];
    let passive = [1, 1, 9];
    let body = [&[4], &near[..], &next, &far, &passive].concat();
    let image = Module::parse(&module(&[section(11, &body)])).unwrap().image;
    assert_eq!(image.slice(16, 5).unwrap(), [1, 2, 0, 0, 3]);
    assert_eq!(image.u8(0xffff_fff0).unwrap(), 4);
    assert!(image.u8(1 << 20).is_err());
}

#[test]
fn tells_compilers_apart() {
    let producers = |who: &str| {
        let body = [name("producers"), vec![1], name("processed-by"), vec![1], name(who), name("9")].concat();
        Module::parse(&module(&[section(0, &body)])).unwrap().compiler
    };
    assert_eq!(producers("Go cmd/compile"), Compiler::Go);
    assert_eq!(producers("TinyGo"), Compiler::TinyGo);
    assert_eq!(producers("clang"), Compiler::Other);
    let exports = [vec![1], name("go_scheduler"), vec![0, 0]].concat();
    assert_eq!(Module::parse(&module(&[section(7, &exports)])).unwrap().compiler, Compiler::TinyGo);
}

#[test]
fn errors_say_where_and_both_values() {
    let error = Module::parse(&module(&[section(11, &[1, 9])])).unwrap_err();
    assert_eq!(error, Error::Wasm { offset: 12, what: "data segment flags", found: 9, expected: 2 });
    assert_eq!(error.to_string(), "byte 12: data segment flags is 0x9, expected 0x2");
    assert!(Module::parse(b"<html>..").is_err());
}
