//! Copies made in a dear way.

use crate::fmt;

pub fn json_title(share: f64) -> String {
    format!("JSON of numbers takes {} of the thread", fmt::percent(share))
}

pub fn json_detail(calls: f64, chars: f64, ms: f64) -> String {
    format!(
        "JavaScript spent {} on {} texts of numbers, {} characters in all; Go writes and reads the same texts at a cost of its own",
        fmt::ms(ms),
        fmt::short(calls),
        fmt::short(chars)
    )
}

pub const JSON_FIX: &str = "keep the numbers in a typed array and copy its bytes: js.CopyBytesToGo into a []byte, \
js.CopyBytesToJS out of it; both take a Uint8Array on the array's buffer";

pub fn elements_title(share: f64) -> String {
    format!("arrays copied element by element take {} of the thread", fmt::percent(share))
}

pub fn elements_detail(elements: f64, bursts: f64, longest: u64) -> String {
    format!(
        "{} numbers crossed one by one, in {} bursts of up to {}: each burst is one copy",
        fmt::short(elements),
        fmt::short(bursts),
        fmt::count(longest)
    )
}

/// `(read, written)`: which of them was done.
pub fn elements_fix(done: (bool, bool)) -> &'static str {
    match done {
        (true, false) => {
            "read the whole array at once with js.CopyBytesToGo, from a Uint8Array on its buffer"
        }
        (false, true) => {
            "fill a []byte in Go and write it at once with js.CopyBytesToJS, to a Uint8Array on the array's buffer"
        }
        _ => {
            "copy the whole array at once, in with js.CopyBytesToGo and out with js.CopyBytesToJS, by a Uint8Array on its buffer"
        }
    }
}
