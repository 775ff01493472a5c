//! What can go wrong, as codes with numbers. Text is made by whoever talks to people.

use core::fmt;

/// A refusal. Nothing was changed by the operation that returned it.
///
/// It is as small as a number and what was asked for: every function between the one that refuses and the caller hands
/// it on. What the table takes, and what it may take, the table tells ([`crate::table::Table::bytes`],
/// [`crate::table::Table::options`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// No table of that name, or the table was dropped.
    NoTable,
    /// The name is taken.
    TableExists,
    /// A key or a table's name is empty, or longer than is allowed.
    BadKey,
    /// An option is out of range.
    BadOption(Setting),
    /// The row, key included, is over `maxRowBytes`.
    RowTooLarge {
        /// What the row would take, in bytes.
        needed: u32,
    },
    /// The row does not fit into `maxBytes` and nothing may make room for it.
    TableFull {
        /// What the row would take on top of what is used, in bytes; all of a snapshot up to the row that did not fit.
        needed: u32,
    },
    /// A counter met a field that is not a number.
    NotANumber,
    /// Bytes that are no record: truncated, of an unknown version, nested too deep.
    BadRecord,
    /// Bytes that are no snapshot: truncated, altered, of an unknown version.
    BadSnapshot,
    /// No free id was found in the bounded number of tries.
    IdExhausted,
    /// There is no more memory, whatever the table may still take.
    MemoryRefused {
        /// What was asked for, in bytes, where that is known.
        needed: u32,
    },
}

/// What can be set, and set wrong. As wide as the numbers of other errors: an [`Error`] is then two integers, and
/// never a place in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u32)]
pub enum Setting {
    /// The most bytes that a table may take.
    MaxBytes,
    /// The most bytes that a row may take.
    MaxRowBytes,
    /// How long a row may stay untouched.
    Idle,
    /// How long a row may live.
    Absolute,
    /// Which of a table's lifetimes a row has.
    Lifetime,
    /// What a full table does.
    OnFull,
    /// All of them together: not what holds options.
    Options,
}

impl Setting {
    /// The setting's name, as JavaScript spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MaxBytes => "maxBytes",
            Self::MaxRowBytes => "maxRowBytes",
            Self::Idle => "idle",
            Self::Absolute => "absolute",
            Self::Lifetime => "lifetime",
            Self::OnFull => "onFull",
            Self::Options => "options",
        }
    }
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
            Self::MemoryRefused { .. } => -11,
        }
    }

    /// The code under which JavaScript is told of it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoTable => "ERR_NO_TABLE",
            Self::TableExists => "ERR_TABLE_EXISTS",
            Self::BadKey => "ERR_BAD_KEY",
            Self::BadOption(_) => "ERR_BAD_OPTION",
            Self::RowTooLarge { .. } => "ERR_ROW_TOO_LARGE",
            Self::TableFull { .. } | Self::MemoryRefused { .. } => "ERR_TABLE_FULL",
            Self::NotANumber => "ERR_NOT_A_NUMBER",
            Self::BadRecord => "ERR_UNSUPPORTED_VALUE",
            Self::BadSnapshot => "ERR_BAD_SNAPSHOT",
            Self::IdExhausted => "ERR_ID_EXHAUSTED",
        }
    }

    /// The bytes that were asked for; 0 where the error has no such number.
    #[must_use]
    pub const fn needed(self) -> u32 {
        match self {
            Self::RowTooLarge { needed } | Self::TableFull { needed } | Self::MemoryRefused { needed } => {
                needed
            }
            _ => 0,
        }
    }

    pub(crate) fn too_large(needed: usize) -> Self {
        Self::RowTooLarge { needed: bytes(needed) }
    }

    pub(crate) fn no_memory(needed: usize) -> Self {
        Self::MemoryRefused { needed: bytes(needed) }
    }

    /// Whether there is no room, in the budget or in memory.
    pub(crate) const fn is_full(self) -> bool {
        matches!(self, Self::TableFull { .. } | Self::MemoryRefused { .. })
    }
}

fn bytes(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTable => f.write_str("no table of that name"),
            Self::TableExists => f.write_str("the table's name is taken"),
            Self::BadKey => f.write_str("a key must be a string of at least one byte"),
            Self::BadOption(setting) => write!(f, "option {} is out of range", setting.name()),
            Self::RowTooLarge { needed } => write!(f, "the row takes {needed} bytes, more than maxRowBytes"),
            Self::TableFull { needed } => {
                write!(f, "the row needs {needed} bytes, more than are left of maxBytes")
            }
            Self::NotANumber => f.write_str("the field is not a number"),
            Self::BadRecord => f.write_str("not a record of this version"),
            Self::BadSnapshot => f.write_str("not a snapshot of this version"),
            Self::IdExhausted => f.write_str("no free id was found"),
            Self::MemoryRefused { needed } => write!(f, "memory is refused: {needed} bytes"),
        }
    }
}

impl core::error::Error for Error {}
