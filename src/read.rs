//! Reading single rows: looked for by key, or where they were met before.

use crate::key::Key;
use crate::record::{self, Name};
use crate::row;
use crate::slab::Row;
use crate::table::{Lookup, TIDY, Table};
use crate::time::Millis;

/// Where a row was met, and how its key begins: whoever comes back is known by it. There are spots in tables alone
/// that hash their keys, so that no other row begins alike, whatever keys are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The row's address.
    pub row: Row,
    /// The first 60 bits of its key.
    pub begin: u64,
}

/// Bits that every engine keeps as an integer where it keeps the variable, also those that compress pointers.
const HALF: u32 = 30;

impl Spot {
    /// A spot by the two halves of its key's beginning.
    #[must_use]
    pub const fn new(row: Row, low: u32, high: u32) -> Self {
        Self { row, begin: low as u64 | (high as u64) << HALF }
    }

    /// The halves of its key's beginning, each below 2³⁰.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)]
    pub const fn halves(&self) -> (u32, u32) {
        (self.begin as u32 & !(u32::MAX << HALF), (self.begin >> HALF) as u32)
    }
}

/// How a row's key begins; `None` for a key that is shorter than a hash.
#[inline(always)]
fn begin(block: &[u8]) -> Option<u64> {
    let bytes = row::key_inline(block).0.first_chunk()?;
    Some(u64::from_le_bytes(*bytes) & !(u64::MAX << HALF << HALF))
}

impl Table {
    /// Looks a row up and refreshes its timestamp.
    pub fn get_by(&mut self, key: Key<'_>, reading: f64) -> Lookup {
        let found = self.touch_by(key, reading);
        self.count_hit(found)
    }

    /// Refreshes a row's timestamp.
    pub fn touch_by(&mut self, key: Key<'_>, reading: f64) -> Lookup {
        let now = self.clock.read(reading);
        let found = self.place_inline(key).map_or(Lookup::Missing, |row| self.refresh(row, now));
        self.tidy(now, TIDY);
        found
    }

    /// Where a row can be met again; `None` in a table that keeps keys as they are.
    #[must_use]
    pub fn spot(&self, row: Row) -> Option<Spot> {
        let begin = begin(self.rows.block(row)).filter(|_| self.options.hash_keys)?;
        Some(Spot { row, begin })
    }

    /// As [`Table::get_by`], of the row that was met at a spot; `None` where it is not there any more, be it that it
    /// has moved or that its id was ended.
    pub fn get_at(&mut self, spot: Spot, reading: f64) -> Option<Lookup> {
        if begin(self.rows.block_at(spot.row)) != Some(spot.begin) {
            return None;
        }
        let now = self.clock.read(reading);
        let found = self.refresh(spot.row, now);
        self.tidy(now, TIDY);
        if found == Lookup::Missing { None } else { Some(self.count_hit(found)) }
    }

    /// Looks a row up and leaves it as it is.
    pub fn peek_by(&mut self, key: Key<'_>, reading: f64) -> Lookup {
        let now = self.clock.read(reading);
        self.find(key, now)
    }

    /// The living row of a key.
    pub(crate) fn find(&mut self, key: Key<'_>, now: Millis) -> Lookup {
        let Some(row) = self.place_inline(key) else { return Lookup::Missing };
        self.living(row, now)
    }

    #[inline(always)]
    fn living(&mut self, row: Row, now: Millis) -> Lookup {
        if row::is_ghost(self.rows.block_inline(row)) {
            return Lookup::Missing;
        }
        if now >= self.quiet_until && now >= self.deadline(row) {
            self.expire(row);
            return Lookup::Expired;
        }
        Lookup::Live(row)
    }

    fn refresh(&mut self, row: Row, now: Millis) -> Lookup {
        let found = self.living(row, now);
        if found.live().is_some() && !row::touch(self.rows.block_mut(row), now) {
            return Lookup::Live(self.widen(row, now));
        }
        found
    }

    fn count_hit(&mut self, found: Lookup) -> Lookup {
        let count = if found.live().is_some() { &mut self.counts.hits } else { &mut self.counts.misses };
        *count = count.wrapping_add(1);
        found
    }

    /// The row's fields, see [`crate::record`].
    #[must_use]
    pub fn record(&self, row: Row) -> &[u8] {
        row::record_inline(self.rows.block_inline(row))
    }

    /// The value of one field of a row.
    #[must_use]
    pub fn field(&self, row: Row, name: Name<'_>) -> Option<&[u8]> {
        record::find(self.record(row), name)
    }
}
