//! What can go wrong, as codes with numbers. Text is made by whoever talks to people.

use core::fmt;

/// A refusal. Nothing was changed by the operation that returned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// No table of that name, or the table was dropped.
    NoTable,
    /// The name is taken.
    TableExists,
    /// A key or a table's name is empty, or longer than is allowed.
    BadKey,
    /// An option is out of range; the name is the option's, as JavaScript spells it.
    BadOption(&'static str),
    /// The row, key included, is over `maxRowBytes`. Both numbers are bytes.
    RowTooLarge {
        /// What the row would take.
        needed: u64,
        /// The table's `maxRowBytes`.
        limit: u64,
    },
    /// The row does not fit and nothing may make room for it. All numbers are bytes.
    TableFull {
        /// What the row would take on top of what is used.
        needed: u64,
        /// What the table takes now.
        used: u64,
        /// The table's `maxBytes`.
        limit: u64,
    },
    /// A counter met a field that is not a number.
    NotANumber,
    /// Bytes that are no record: truncated, of an unknown version, nested too deep.
    BadRecord,
    /// Bytes that are no snapshot: truncated, altered, of an unknown version.
    BadSnapshot,
    /// No free id was found in the bounded number of tries.
    IdExhausted,
}

impl Error {
    /// The number under which the error crosses to JavaScript; always negative, never reused.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::NoTable => -1,
            Self::TableExists => -2,
            Self::BadKey => -3,
            Self::BadOption(_) => -4,
            Self::RowTooLarge { .. } => -5,
            Self::TableFull { .. } => -6,
            Self::NotANumber => -7,
            Self::BadRecord => -8,
            Self::BadSnapshot => -9,
            Self::IdExhausted => -10,
        }
    }

    /// `needed`, `used`, `limit` in bytes; 0 where the error has no such number.
    #[must_use]
    pub const fn numbers(self) -> [u64; 3] {
        match self {
            Self::RowTooLarge { needed, limit } => [needed, 0, limit],
            Self::TableFull { needed, used, limit } => [needed, used, limit],
            _ => [0; 3],
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTable => f.write_str("no table of that name"),
            Self::TableExists => f.write_str("the table's name is taken"),
            Self::BadKey => f.write_str("a key must be a string of at least one byte"),
            Self::BadOption(name) => write!(f, "option {name} is out of range"),
            Self::RowTooLarge { needed, limit } => {
                write!(f, "the row takes {needed} bytes, maxRowBytes is {limit}")
            }
            Self::TableFull { needed, used, limit } => {
                write!(f, "the row needs {needed} bytes, {used} of {limit} are used")
            }
            Self::NotANumber => f.write_str("the field is not a number"),
            Self::BadRecord => f.write_str("not a record of this version"),
            Self::BadSnapshot => f.write_str("not a snapshot of this version"),
            Self::IdExhausted => f.write_str("no free id was found"),
        }
    }
}

impl core::error::Error for Error {}
