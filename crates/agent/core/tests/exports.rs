//! The raw exports, called as the agent's JavaScript calls them.
#![allow(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "tests")]

use gopherscope_core::{
    core_alloc, core_apply, core_free, core_report, core_result_len, core_result_ptr, core_session_json,
};
use protocol::{Frame, Hello, Import, Instance, Tally};

/// Puts bytes into a buffer of the core's, as JavaScript writes into its memory.
fn put(bytes: &[u8]) -> usize {
    let ptr = core_alloc(bytes.len());
    assert_ne!(ptr, 0);
    // Sound: the core keeps `bytes.len()` bytes at `ptr` until `core_free`, and nobody else uses them meanwhile.
    unsafe {
        std::ptr::copy_nonoverlapping(
            bytes.as_ptr(),
            std::ptr::with_exposed_provenance_mut(ptr),
            bytes.len(),
        );
    };
    ptr
}

fn with_input(bytes: &[u8], call: extern "C" fn(usize, usize) -> i32) -> i32 {
    let ptr = put(bytes);
    let failed = call(ptr, bytes.len());
    core_free(ptr, bytes.len());
    failed
}

fn result() -> Vec<u8> {
    let ptr = std::ptr::with_exposed_provenance(core_result_ptr());
    // Sound: the core keeps its last result there until the next call.
    unsafe { std::slice::from_raw_parts(ptr, core_result_len()) }.to_vec()
}

fn text() -> String {
    String::from_utf8(result()).unwrap()
}

fn frame() -> Vec<u8> {
    let tally = Tally { calls: 3, ..Tally::default() };
    let import = Import { name: "syscall/js.valueGet".into(), tally, bytes: None };
    let instance = Instance { id: 1, imports: vec![(0, import)], ..Instance::default() };
    let hello = Some(Hello { url: "http://127.0.0.1/".into(), ..Hello::default() });
    Frame { hello, instances: vec![instance], ..Frame::default() }.encode().unwrap()
}

#[test]
fn frames_in_session_and_report_out() {
    assert_eq!(with_input(&frame(), core_apply), 0);
    assert_eq!(core_session_json(), 0);
    let session = session::file::read(&result()).unwrap();
    assert_eq!((session.meta.url.as_str(), session.instances[0].imports[0].calls), ("http://127.0.0.1/", 3));
    assert_eq!(core_report(80), 0);
    assert_eq!(text(), session::report(&session, 80));
}

#[test]
fn faults_leave_their_words() {
    assert_eq!(with_input(b"abc", core_apply), 1);
    assert_eq!(text(), "a frame has at least 4 bytes, this one has 3");
    assert_eq!(core_apply(4096, 8), 1);
    assert_eq!(text(), "no buffer of 8 bytes at 0x1000");
    let ptr = put(b"1234");
    assert_eq!(core_apply(ptr, 5), 1, "longer than the buffer");
    core_free(ptr, 4);
    assert_eq!(core_apply(ptr, 4), 1, "given back");
    assert_eq!(core_alloc(usize::MAX), 0);
}

#[test]
fn the_core_works_on_after_a_fault() {
    assert_eq!(with_input(&frame(), core_apply), 0);
    let lost = Frame { seq: 5, ..Frame::default() };
    assert_eq!(with_input(&lost.encode().unwrap(), core_apply), 1);
    assert_eq!(text(), "frame 5 came where frame 1 was due");
    assert_eq!(core_session_json(), 0);
    assert_eq!(with_input(&frame(), core_apply), 0);
}
