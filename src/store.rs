//! The store contract of Plug.Session: `get`, `put` and `delete` over a table that exists. Its `init`
//! is [`crate::tables::Tables::find`]: a table is required, and none is made.
//!
//! ```
//! use ets_session::{index::Seed, record, store::{self, Pool}, table::{Options, Table}};
//!
//! # let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
//! # let random = |bytes: &mut [u8]| bytes.fill(42);
//! let mut pool = Pool::new();
//! if pool.is_low() {
//!     let mut bytes = [0; 64 * store::ID_BYTES];
//!     random(&mut bytes);
//!     pool.fill(&bytes);
//! }
//! let id = store::put_new(&mut table, record::EMPTY, 0, &mut pool, 0.0)?;
//! assert_eq!(id.len(), 24);
//! assert!(store::get(&mut table, &id, 1.0).live().is_some());
//! store::delete(&mut table, &id, 2.0);
//! assert!(store::get(&mut table, &id, 3.0).live().is_none());
//! # Ok::<(), ets_session::error::Error>(())
//! ```

use crate::base64;
use crate::error::Error;
use crate::key::{Key, ROOM};
use crate::record;
use crate::table::{Lookup, Table};

/// Random bytes of an id; three are four characters.
pub const ID_BYTES: usize = 18;
/// How many taken ids a new row meets before it is refused. With 144 random bits, one would be news.
pub const TRIES: usize = 8;
/// Characters of an id.
pub const ID_LENGTH: usize = 24;

/// An id as it stands in a cookie: base64url characters.
pub type Id = [u8; ID_LENGTH];

/// The id of some random bytes.
#[must_use]
pub fn id(random: [u8; ID_BYTES]) -> Id {
    let mut text = [0; ID_LENGTH];
    base64::write(&random, &mut text);
    text
}

/// Random bytes in store: drawing them costs the same however many they are. Used ones are wiped.
#[derive(Default)]
pub struct Pool {
    bytes: Vec<u8>,
}

impl core::fmt::Debug for Pool {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Pool(..)")
    }
}

impl Pool {
    /// Nothing in store.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Whether there are bytes for an id that finds the first few taken.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.bytes.len() < TRIES.saturating_mul(ID_BYTES)
    }

    /// Adds random bytes, or where memory is refused none: ids run out then.
    pub fn fill(&mut self, random: &[u8]) {
        if self.bytes.try_reserve(random.len()).is_ok() {
            self.bytes.extend_from_slice(random);
        }
    }

    /// Fresh ids: as many as are tried before a row is refused.
    pub fn ids(&mut self) -> impl FnMut() -> Option<Id> + '_ {
        let mut left = TRIES;
        move || {
            left = left.checked_sub(1)?;
            self.next().map(id)
        }
    }

    fn next(&mut self) -> Option<[u8; ID_BYTES]> {
        let from = self.bytes.len().checked_sub(ID_BYTES)?;
        let last = self.bytes.get_mut(from..)?;
        let taken = <[u8; ID_BYTES]>::try_from(&*last).ok();
        last.fill(0);
        self.bytes.truncate(from);
        taken
    }
}

/// A known id's row, its timestamp refreshed and its data untouched; an unknown id creates nothing.
pub fn get(table: &mut Table, id: &[u8], reading: f64) -> Lookup {
    table.get(id, reading)
}

/// Stores under a fresh id and gives it. A taken id is never overwritten; another is tried.
///
/// # Errors
/// [`Error::IdExhausted`] after [`TRIES`] taken ids or without random bytes, and as for [`Table::insert`].
pub fn put_new(
    table: &mut Table,
    record: &[u8],
    lifetime: u8,
    pool: &mut Pool,
    reading: f64,
) -> Result<Id, Error> {
    put_new_for(table, &[], record, lifetime, pool, reading)
}

/// As [`put_new`], for a subject, whose row it is from the beginning.
///
/// # Errors
/// As there.
pub fn put_new_for(
    table: &mut Table,
    subject: &[u8],
    record: &[u8],
    lifetime: u8,
    pool: &mut Pool,
    reading: f64,
) -> Result<Id, Error> {
    if !record::is_record(record, table.names().len()) {
        return Err(Error::BadRecord);
    }
    put_fresh(table, subject, record, lifetime, pool, reading)
}

/// As [`put_new_for`], of what is known to be a record of this table.
///
/// # Errors
/// As there, but for [`Error::BadRecord`].
pub fn put_fresh(
    table: &mut Table,
    subject: &[u8],
    record: &[u8],
    lifetime: u8,
    pool: &mut Pool,
    reading: f64,
) -> Result<Id, Error> {
    let mut fresh = pool.ids();
    while let Some(id) = fresh() {
        let mut room = ROOM;
        let key = Key::new(&id, table.options().hash_keys, &mut room);
        if table.insert_for(key, subject, record, lifetime, reading)? {
            return Ok(id);
        }
    }
    Err(Error::IdExhausted)
}

/// Stores under a given id, whatever was there.
///
/// # Errors
/// As for [`Table::insert`].
pub fn put(table: &mut Table, id: &[u8], record: &[u8], reading: f64) -> Result<(), Error> {
    table.insert(id, record, 0, false, reading).map(drop)
}

/// Deletes, if there is anything to delete.
pub fn delete(table: &mut Table, id: &[u8], reading: f64) {
    table.delete(id, reading);
}
