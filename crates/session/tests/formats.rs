//! The JSON contract, rows and columns, gzip, and bytes that are not a session.

use crate::fixture;
use proptest::prelude::*;
use serde_json::{Value, json};
use session::{Error, Session, export, file, formats};
use std::io::Write;

fn text(session: &Session) -> String {
    String::from_utf8(file::to_json(session).unwrap()).unwrap()
}

fn value(session: &Session) -> Value {
    serde_json::from_str(&text(session)).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    file::read(bytes).unwrap_err().to_string()
}

/// A table of columns turned into rows, cell by cell.
fn rows(columns: &Value) -> Value {
    let columns = columns.as_object().unwrap();
    let len = columns["t"].as_array().unwrap().len();
    let cell = |column: &Value, row: usize| match column {
        Value::Object(by_name) => {
            by_name.iter().map(|(name, cells)| (name.clone(), cells[row].clone())).collect()
        }
        cells => cells[row].clone(),
    };
    let row = |row| columns.iter().map(|(name, column)| (name.clone(), cell(column, row))).collect::<Value>();
    (0..len).map(row).collect()
}

#[test]
fn json_is_the_contract() {
    // Keys sorted: other crates of the workspace may make serde_json keep the order of insertion.
    let mut got = slim(&fixture::grid());
    got.sort_all_objects();
    crate::report::golden("session.json", &serde_json::to_string_pretty(&got).unwrap());
}

/// Three samples are enough to show the form.
fn slim(session: &Session) -> Value {
    let mut session = session.clone();
    let samples = &mut session.instances[0].samples;
    samples.drain(3..405);
    samples.truncate(6);
    value(&session)
}

#[test]
fn written_and_read_it_is_the_same() {
    let session = fixture::grid();
    let packed = file::write(&session).unwrap();
    assert!(packed.starts_with(&[0x1f, 0x8b]));
    assert_eq!(text(&file::read(&packed).unwrap()), text(&session));
    assert_eq!(text(&file::read(text(&session).as_bytes()).unwrap()), text(&session));
    assert_eq!(formats(), ["session"]);
    assert_eq!(export(&session, "session").unwrap(), packed);
    let refused = export(&session, "pprof").unwrap_err();
    assert!(matches!(refused, Error::Unsupported { .. }));
    assert_eq!(refused.to_string(), "format \"pprof\" is not supported; supported: session");
}

#[test]
fn rows_read_as_columns_do() {
    let session = fixture::grid();
    let mut by_rows = value(&session);
    let instance = &mut by_rows["instances"][0];
    for table in ["samples", "series"] {
        instance[table] = rows(&instance[table]);
        assert!(instance[table].is_array());
    }
    let slices = instance["slices"].as_object().unwrap().clone();
    let slice = |row: usize| {
        slices.iter().map(|(name, column)| (name.clone(), column[row].clone())).collect::<Value>()
    };
    instance["slices"] = (0..2).map(slice).collect::<Value>();
    let stacks = &by_rows["stacks"];
    let stack = |row: usize| json!({ "parent": stacks["parent"][row], "frame": stacks["frame"][row] });
    by_rows["stacks"] = (0..6).map(stack).collect();
    assert_eq!(text(&file::read(by_rows.to_string().as_bytes()).unwrap()), text(&session));
}

#[test]
fn frames_and_grows_read_as_columns() {
    let session = fixture::grid();
    let mut by_columns = value(&session);
    for (pointer, table) in [("", "frames"), ("/instances/0", "grows")] {
        let parent = by_columns.pointer_mut(pointer).unwrap();
        let rows = parent[table].as_array().unwrap().clone();
        let names = rows[0].as_object().unwrap().keys();
        let column =
            |name: &String| (name.clone(), rows.iter().map(|row| row[name].clone()).collect::<Value>());
        parent[table] = names.map(column).collect();
        assert!(parent[table].is_object());
    }
    assert_eq!(text(&file::read(by_columns.to_string().as_bytes()).unwrap()), text(&session));
}

#[test]
fn the_least_there_is() {
    let least = br#"{"format":"gopherscope-session","version":1,"meta":{},"later":{"x":1},
        "instances":[{"id":1,"module":2,"realm":3,"gc":[],"samples":null}]}"#;
    let session = file::read(least).unwrap();
    assert_eq!((session.instances[0].realm, session.meta.overhead.self_ms), (3, None));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let with = |pointer: &str, value: Value| {
        let mut session = self::value(&fixture::grid());
        *session.pointer_mut(pointer).unwrap() = value;
        refusal(session.to_string().as_bytes())
    };
    let starts = |refusal: String, start: &str| assert!(refusal.starts_with(start), "{refusal}");
    starts(
        with("/format", json!("pprof")),
        r#"not a session: format is "pprof", expected "gopherscope-session" at"#,
    );
    starts(with("/version", json!(2)), "not a session: version is 2, this reader knows 1 at line 1 column");
    starts(with("/stacks/parent/1", json!(4)), "not a session: stacks[1].parent is 4, a parent comes before");
    starts(with("/stacks/frame/1", json!(99)), "not a session: stacks[1].frame is 99, there are 6 frames");
    // Which of the two comes first is up to how the test writes them.
    let uneven = with("/stacks/frame", json!([1]));
    assert!(
        uneven.starts_with("not a session: column parent has 6 rows, the one before it 1 at line 1 column")
            || uneven
                .starts_with("not a session: column frame has 1 rows, the one before it 6 at line 1 column"),
        "{uneven}"
    );
    let samples = "/instances/0/samples";
    starts(
        with(&format!("{samples}/stack/3"), json!(6)),
        "not a session: instances[0].samples[3].stack is 6",
    );
    starts(
        with(&format!("{samples}/import/3"), json!("x")),
        r#"not a session: samples[3].import "x" is in no"#,
    );
    starts(
        with(&format!("{samples}/member/0"), json!("x")),
        r#"not a session: samples[0].member "x" is in no"#,
    );
    starts(with(samples, json!({ "t": [1] })), "not a session: row 0: column import is missing at line");
    starts(
        with(&format!("{samples}/stack/1"), json!(-1)),
        "not a session: row 1: column stack is not a whole number below 2^32 at line 1 column",
    );
    starts(
        with("/instances/0/imports/1/name", json!("runtime.nanotime1")),
        "not a session: import \"runtime.nano",
    );
    starts(
        with("/instances/0/series/jsRefs", json!([1])),
        "not a session: series.jsRefs has 1 rows, series.t 2",
    );
    starts(
        with("/instances/0/series/calls", json!({"x": [1, 2]})),
        "not a session: series.calls names \"x\"",
    );
    starts(with("/instances/0/grows/0/stack", json!(77)), "not a session: instances[0].grows[0].stack is 77");
    starts(
        with("/instances/0/refs/made/stack/0", json!(77)),
        "not a session: instances[0].refs.made[0].stack is 77",
    );
    starts(
        with("/instances/0/refs/census/callbacks/0/stack", json!(77)),
        "not a session: instances[0].refs.census.callbacks[0].stack is 77",
    );
    starts(refusal(b"<html>"), "not a session: expected value at line 1 column 1");
    starts(refusal(b""), "not a session: EOF");
}

#[test]
fn damaged_gzip_is_named_with_its_place() {
    let packed = file::write(&fixture::grid()).unwrap();
    let cut = refusal(&packed[..packed.len() / 2]);
    let (at, len) = (packed.len() / 2, packed.len() / 2);
    assert!(cut.starts_with(&format!("gzip is damaged at byte {at} of {len}: ")), "{cut}");
}

#[test]
fn a_bomb_is_refused() {
    let zeros = vec![b' '; 1 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..=file::MAX_JSON >> 20 {
        gzip.write_all(&zeros).unwrap();
    }
    assert_eq!(
        refusal(&gzip.finish().unwrap()),
        format!("the session is larger than {} bytes", file::MAX_JSON)
    );
}

#[test]
fn deep_json_is_no_deep_stack() {
    for open in ["[", r#"{"x":"#] {
        let deep = format!(r#"{{"format":"gopherscope-session","x":{}"#, open.repeat(1_000_000));
        assert!(refusal(deep.as_bytes()).starts_with("not a session: "));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn altered_bytes_never_panic(at in any::<prop::sample::Index>(), byte: u8, packed: bool) {
        let mut session = fixture::grid();
        session.instances[0].samples.truncate(4);
        let mut bytes = file::to_json(&session).unwrap();
        if packed {
            bytes = gzip(&bytes);
        }
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(session) = file::read(&bytes) {
            let _ = session::report(&session, 80);
            file::read(&file::write(&session).unwrap()).unwrap();
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(file::read(&bytes).is_err());
        prop_assert!(file::read(&[&[0x1f, 0x8b, 8, 0], &*bytes].concat()).is_err());
    }
}
