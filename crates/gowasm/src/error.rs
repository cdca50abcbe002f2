//! The one error of this crate: where, what was there, and what should have been.

/// Why bytes could not be read as a Go wasm module, its memory or its tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The image has no `need` bytes at `addr`.
    #[error("address {addr:#x}: {need} bytes wanted, {have} in the image")]
    OutOfImage {
        /// Linear-memory address.
        addr: u64,
        /// Bytes wanted.
        need: u64,
        /// Bytes of the image from `addr` on.
        have: u64,
    },
    /// A field of Go's tables holds a value it cannot hold.
    #[error("address {addr:#x}: {what} is {found:#x}, expected {expected:#x}")]
    Table {
        /// Linear-memory address of the field.
        addr: u64,
        /// Its name in Go's source.
        what: &'static str,
        /// Its value.
        found: u64,
        /// The value, or the bound, it breaks.
        expected: u64,
    },
    /// The file is not what the wasm binary format says.
    #[error("byte {offset}: {what} is {found:#x}, expected {expected:#x}")]
    Wasm {
        /// Byte position in the file.
        offset: usize,
        /// The field's name in the wasm specification.
        what: &'static str,
        /// Its value.
        found: u64,
        /// The value, or the bound, it breaks.
        expected: u64,
    },
    /// A search came to its end.
    #[error("no {what} in [{from:#x}, {to:#x})")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Lowest address searched.
        from: u64,
        /// End of the search.
        to: u64,
    },
}
