//! A cursor over a wasm file. Every read is checked; every error has its byte position.

use crate::Error;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    /// Position of the first of `bytes` in the file.
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, offset: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn error(&self, what: &'static str, found: u64, expected: u64) -> Error {
        Error::Wasm { offset: self.offset, what, found, expected }
    }

    pub(crate) fn u8(&mut self, what: &'static str) -> Result<u8, Error> {
        Ok(self.bytes(1, what)?[0])
    }

    /// A LEB128 u32, as sizes, counts and indices are.
    pub(crate) fn u32(&mut self, what: &'static str) -> Result<u32, Error> {
        let start = *self;
        let value = self.leb(what, 5)?;
        u32::try_from(value).map_err(|_| start.error(what, value, u64::from(u32::MAX)))
    }

    /// A signed LEB128 of up to 64 bits, sign-extended.
    pub(crate) fn signed(&mut self, what: &'static str) -> Result<i64, Error> {
        let before = self.bytes.len();
        let value = self.leb(what, 10)?;
        let bits = 7 * (before - self.bytes.len()) as u32;
        let unused = 64u32.saturating_sub(bits);
        Ok((value << unused) as i64 >> unused)
    }

    fn leb(&mut self, what: &'static str, max: u32) -> Result<u64, Error> {
        let mut value = 0;
        for i in 0..max {
            let byte = self.u8(what)?;
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.error("bytes of a LEB128", u64::from(max) + 1, u64::from(max)))
    }

    pub(crate) fn bytes(&mut self, len: usize, what: &'static str) -> Result<&'a [u8], Error> {
        let Some((bytes, rest)) = self.bytes.split_at_checked(len) else {
            return Err(self.error(what, len as u64, self.bytes.len() as u64));
        };
        (self.bytes, self.offset) = (rest, self.offset + len);
        Ok(bytes)
    }

    /// A length and as many bytes, as a reader of their own.
    pub(crate) fn sized(&mut self, what: &'static str) -> Result<Reader<'a>, Error> {
        let len = self.u32(what)? as usize;
        let offset = self.offset;
        Ok(Reader { bytes: self.bytes(len, what)?, offset })
    }

    /// A name: a length and as many bytes of UTF-8.
    pub(crate) fn name(&mut self, what: &'static str) -> Result<&'a str, Error> {
        let text = self.sized(what)?;
        core::str::from_utf8(text.bytes).map_err(|e| Error::Wasm {
            offset: text.offset + e.valid_up_to(),
            what,
            found: u64::from(text.bytes[e.valid_up_to()]),
            expected: 0x7f,
        })
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// A constant expression; `None` where its value is an imported global.
    pub(crate) fn constant(&mut self) -> Result<Option<u64>, Error> {
        let before = *self;
        let value = match self.u8("constant expression")? {
            // i32.const: addresses are unsigned.
            0x41 => Some(u64::from(self.signed("i32.const")? as u32)),
            0x42 => Some(self.signed("i64.const")? as u64),
            // global.get
            0x23 => {
                self.u32("global index")?;
                None
            }
            other => return Err(before.error("constant expression", u64::from(other), 0x41)),
        };
        self.end()?;
        Ok(value)
    }

    /// The `end` of an expression.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        let before = *self;
        match self.u8("end of expression")? {
            0x0b => Ok(()),
            other => Err(before.error("end of expression", u64::from(other), 0x0b)),
        }
    }
}
