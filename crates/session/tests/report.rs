//! The report against golden files. `BLESS=1 cargo test -p session` writes them anew.

use crate::{findings, fixture, held, patterns};
use session::{Instance, Module, Session, brief_report, report};

/// Compares with a file in `tests/golden`, or writes it.
pub fn golden(name: &str, got: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let got = format!("{}\n", got.trim_end());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &got).unwrap();
    }
    assert_eq!(got, std::fs::read_to_string(&path).unwrap(), "{name} differs; BLESS=1 accepts");
}

#[test]
fn report_of_a_grid() {
    golden("report-100.txt", &report(&fixture::grid(), 100));
    golden("report-70.txt", &report(&fixture::grid(), 70));
}

#[test]
fn report_with_all_that_is_wrong() {
    golden("report-ill.txt", &report(&findings::ill(), 100));
}

#[test]
fn report_of_json_copies_and_what_is_held() {
    golden("report-busy.txt", &report(&patterns::busy(), 100));
    golden("report-held.txt", &report(&held::unreleased(), 100));
}

/// All that a page's own report says stands in the full one, in the same order.
#[test]
fn a_brief_report_leaves_tables_out() {
    for session in [fixture::grid(), findings::ill(), patterns::busy(), held::unreleased()] {
        let (full, brief) = (report(&session, 100), brief_report(&session, 100));
        let mut rest = full.split("\n\n");
        assert!(
            brief.split("\n\n").all(|section| rest.any(|it| it.trim_end() == section.trim_end())),
            "{brief}"
        );
        assert!(!brief.contains("\nMemory\n") && full.contains("\nMemory\n"));
    }
}

#[test]
fn report_of_nothing_and_of_failure() {
    golden("report-empty.txt", &report(&Session::default(), 80));
    let mut failed = Session::default();
    let failure = Some("CompileError: expected magic word 00 61 73 6d, found 3c 21 44 4f @+0".into());
    failed.modules = vec![Module { failure, ..fixture::module() }];
    golden("report-failed.txt", &report(&failed, 80));
}

#[test]
fn lines_fit() {
    for width in [80, 100, 120] {
        for session in [fixture::grid(), findings::ill(), patterns::busy(), held::unreleased()] {
            let report = report(&session, width);
            // The headline and sentences on loading stand in one line each, so that they can be looked for.
            let below = report.lines().skip_while(|line| !line.is_empty());
            for line in below.filter(|line| !line.starts_with("  app.wasm")) {
                assert!(line.chars().count() <= width, "{line}");
            }
        }
    }
}

#[test]
fn a_terminal_is_never_told_what_to_do() {
    let mut session = fixture::grid();
    session.frames[1].func = "main.\u{1b}[2Jevil\nline".into();
    session.instances.push(Instance { module: 1, ..Instance::default() });
    assert!(!report(&session, 80).contains('\u{1b}'));
}
