//! The byte budget: charged before bytes are taken, released after they are given back.

use crate::error::Error;

/// Bytes used and the bound that they never pass.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    used: u64,
    limit: u64,
}

impl Budget {
    /// An empty budget of `limit` bytes.
    #[must_use]
    pub const fn new(limit: u64) -> Self {
        Self { used: 0, limit }
    }

    /// Bytes charged and not released.
    #[must_use]
    pub const fn used(&self) -> u64 {
        self.used
    }

    /// The bound, in bytes.
    #[must_use]
    pub const fn limit(&self) -> u64 {
        self.limit
    }

    /// How many bytes are missing for `needed` more; 0 when they fit.
    #[must_use]
    pub const fn missing(&self, needed: u64) -> u64 {
        needed.saturating_sub(self.limit.wrapping_sub(self.used))
    }

    /// The refusal that says what was asked for.
    #[must_use]
    pub fn refusal(needed: u64) -> Error {
        Error::TableFull { needed: u32::try_from(needed).unwrap_or(u32::MAX) }
    }

    /// Takes `bytes`, or refuses and takes nothing.
    pub fn charge(&mut self, bytes: u64) -> Result<(), Error> {
        if self.missing(bytes) > 0 {
            return Err(Self::refusal(bytes));
        }
        self.used = self.used.wrapping_add(bytes);
        Ok(())
    }

    /// Gives `bytes` back.
    pub const fn release(&mut self, bytes: u64) {
        self.used = self.used.saturating_sub(bytes);
    }
}
