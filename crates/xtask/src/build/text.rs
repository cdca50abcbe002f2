//! Bytes as text for a script. Frequent bytes are one character each, so that what repeats still does and a server's gzip
//! finds it: a tenth smaller than hexadecimal text there, a quarter smaller than base64. `crates/agent/unpack.wat` goes back.

use std::fmt::Write;

/// Characters from here on, at two of them, change the table for the one that follows.
const SHIFTS: [u8; 2] = [b'}', b'~'];
/// Entries of one table: a character's code is its position.
const TABLE: usize = 128;

/// Text, and what its characters stand for.
pub struct Text {
    /// Nothing that a string in double quotes or an inline script would need to escape.
    pub text: String,
    /// By character; then by character after the first shift, and after the second.
    pub tables: [u8; 3 * TABLE],
}

impl Text {
    /// Packs `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut counts = [0_u32; 256];
        bytes.iter().for_each(|&byte| counts[usize::from(byte)] += 1);
        let plain: Vec<u8> = (b' '..SHIFTS[0]).filter(|c| !b"\"\\<".contains(c)).collect();
        let mut codes: Vec<u8> = (0..=u8::MAX).collect();
        codes.sort_by_key(|&byte| std::cmp::Reverse(counts[usize::from(byte)]));
        // Neighbours stay neighbours among the frequent ones: bytes that look alike to gzip.
        codes[..plain.len()].sort_unstable();
        let mut text_of = vec![String::new(); 256];
        let mut tables = [0; 3 * TABLE];
        let slots = (0..3).flat_map(|table| plain.iter().map(move |&c| (table, c)));
        for (byte, (table, c)) in codes.into_iter().zip(slots) {
            tables[table * TABLE + usize::from(c)] = byte;
            let shift = table.checked_sub(1).map(|at| char::from(SHIFTS[at]));
            text_of[usize::from(byte)] = shift.into_iter().chain([char::from(c)]).collect();
        }
        Self { text: bytes.iter().map(|&byte| text_of[usize::from(byte)].as_str()).collect(), tables }
    }

    /// The tables as WebAssembly's text format writes bytes.
    pub fn data(&self) -> String {
        self.tables.iter().fold(String::new(), |mut out, byte| {
            write!(out, "\\{byte:02x}").ok();
            out
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `unpack.wat` does.
    fn unpack(text: &Text) -> Vec<u8> {
        let (mut out, mut table) = (Vec::new(), 0);
        for c in text.text.bytes() {
            match SHIFTS.iter().position(|&shift| shift == c) {
                Some(at) => table = (at + 1) * TABLE,
                None => {
                    out.push(text.tables[table + usize::from(c)]);
                    table = 0;
                }
            }
        }
        out
    }

    #[test]
    fn every_byte_comes_back() {
        let mut bytes: Vec<u8> = (0..=u8::MAX).collect();
        bytes.extend(std::iter::repeat_n(0xfe, 300));
        let text = Text::of(&bytes);
        assert_eq!(unpack(&text), bytes);
        assert!(text.text.bytes().all(|c| (b' '..0x7f).contains(&c) && !b"\"\\<".contains(&c)));
        assert!(
            text.text.ends_with(&text.text[text.text.len() - 1..].repeat(300)),
            "a frequent byte is one character"
        );
    }
}
