//! What an error says, without `core::fmt`: that would be 4 KB of every agent, for a fault that hardly any page has.

use alloc::string::String;

use gowasm::Error;

/// The same as the error's `Display`.
pub fn words(error: &Error) -> String {
    let mut out = Words(String::new());
    match *error {
        Error::OutOfImage { addr, need, have } => {
            out.text("address ").hex(addr).text(": ").number(need, 10).text(" bytes wanted, ");
            out.number(have, 10).text(" in the image");
        }
        Error::Table { addr, what, found, expected } => {
            out.text("address ").hex(addr).found(what, found, expected);
        }
        Error::Wasm { offset, what, found, expected } => {
            out.text("byte ").number(offset as u64, 10).found(what, found, expected);
        }
        Error::NotFound { what, from, to } => {
            out.text("no ").text(what).text(" in [").hex(from).text(", ").hex(to).text(")");
        }
    }
    out.0
}

struct Words(String);

impl Words {
    fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(text);
        self
    }

    fn number(&mut self, n: u64, base: u64) -> &mut Self {
        if n >= base {
            self.number(n / base, base);
        }
        let digit = (n % base) as u8;
        self.0.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
        self
    }

    fn hex(&mut self, n: u64) -> &mut Self {
        self.text("0x").number(n, 16)
    }

    fn found(&mut self, what: &str, found: u64, expected: u64) {
        self.text(": ").text(what).text(" is ").hex(found).text(", expected ").hex(expected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn errors_say_what_they_display() {
        let (addr, what, found, expected) = (0x1f_0a00, "ftab[0].entryoff", u64::MAX, 0);
        for error in [
            Error::OutOfImage { addr, need: 4096, have: 0 },
            Error::Table { addr, what, found, expected },
            Error::Wasm { offset: 1234, what, found, expected },
            Error::NotFound { what, from: 0, to: addr },
        ] {
            assert_eq!(words(&error), error.to_string());
        }
    }
}
