//! What can be wrong with bytes that claim to be a session or a frame.

use crate::fmt::plain;

/// Why a session could not be read, written or extended. Positions are those of the input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no frame.
    #[error(transparent)]
    Protocol(#[from] protocol::Error),
    /// A frame is missing: tables continue where the previous frame ended, so nothing after it can be placed.
    #[error("frame {got} came where frame {expected} was due")]
    Gap {
        /// The frame that came.
        got: u32,
        /// The frame that was due.
        expected: u32,
    },
    /// A frame came for a recording that was read from a file.
    #[error("a saved recording cannot go on")]
    Ended,
    /// A frame came from a realm that has not begun to tell.
    #[error("a frame of realm {realm} came before its first")]
    Realm {
        /// The realm.
        realm: u32,
    },
    /// A reference leaves its table.
    #[error("{at} is {got}, its table has {len} rows")]
    Index {
        /// Which cell.
        at: String,
        /// What it holds.
        got: u64,
        /// Length of the table it refers to.
        len: u64,
    },
    /// A member is another import's than it must be.
    #[error("{at} belongs to import {owner}, {other}")]
    Foreign {
        /// Which cell.
        at: String,
        /// The import the member belongs to.
        owner: u32,
        /// Whose it must be.
        other: String,
    },
    /// Two columns of one table differ in length.
    #[error("{at} has {got} rows, expected {expected}")]
    Length {
        /// Which table or column.
        at: String,
        /// Its length.
        got: usize,
        /// The length it must have.
        expected: usize,
    },
    /// A number that must be finite is not, or is below 0.
    #[error("{at} is {}, expected a finite number of at least {}", plain(*got), plain(*least))]
    Number {
        /// Which cell.
        at: String,
        /// What it holds.
        got: f64,
        /// The least it may be.
        least: f64,
    },
    /// More rows than any honest recording has.
    #[error("{at} has {got} rows, at most {cap} are read")]
    TooMany {
        /// Which table.
        at: String,
        /// Its length.
        got: usize,
        /// The cap.
        cap: usize,
    },
    /// One name stands for two imports, or an import changed its own.
    #[error("import \"{name}\" stands twice in instance {instance}")]
    Twice {
        /// The name.
        name: String,
        /// The instance.
        instance: u32,
    },
    /// The gzip stream is damaged.
    #[error("gzip is damaged at byte {at} of {len}: {source}")]
    Gzip {
        /// Compressed bytes read before the fault.
        at: usize,
        /// Compressed bytes in all.
        len: usize,
        /// What the decoder says.
        source: std::io::Error,
    },
    /// The file is larger than we are willing to hold.
    #[error("the session is larger than {cap} bytes")]
    TooBig {
        /// The cap, in bytes of JSON.
        cap: usize,
    },
    /// The JSON is not a session. The message ends with line and column.
    #[error("not a session: {0}")]
    Json(#[from] serde_json::Error),
    /// A row of a stack refers to one that does not exist or does not come before it.
    #[error("not a session: {0}")]
    Table(String),
    /// Nothing here writes that format.
    #[error("format \"{format}\" is not supported; supported: {}", crate::formats().join(", "))]
    Unsupported {
        /// The format asked for.
        format: String,
    },
}
