//! One table: rows by key, with ETS `set` semantics; what it allows, what it counts, and reading its rows.
//! Every operation is atomic: it charges, reserves and checks first, and what it then does cannot fail.

use crate::budget::Budget;
use crate::error::{Error, Setting};
use crate::expiry::{self, Queue};
use crate::index::{self, Index, Seed};
use crate::key::Key;
use crate::names::Names;
use crate::row;
use crate::slab::{Row, Slab};
use crate::subjects::Subjects;
use crate::time::{Clock, Lifetime, Millis};

/// What a row costs on top of its block: its places in the index and in the queue of deadlines.
pub const ROW_OVERHEAD: u64 = index::PLACE_BYTES + expiry::PLACE_BYTES;

/// Bytes that a session of an ordinary size costs, by which the index is laid out.
pub(crate) const TYPICAL_ROW: u64 = 134;
/// Most lifetimes that rows of one table can have between them; one more number is that of ghosts.
const MAX_LIFETIMES: usize = row::GHOST as usize;
/// The part of the budget that numbered names may take, so that hostile names can't clog a small table.
const NAMES_SHARE: u64 = 8;
/// Expired rows that any operation clears on its way.
pub(crate) const TIDY: usize = 2;

/// What a table allows and how long it keeps rows. Lengths of time are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Bound on what rows, keys and indexes take, in bytes.
    pub max_bytes: u64,
    /// Bound on one row, key included, in bytes.
    pub max_row_bytes: u64,
    /// How long rows live.
    pub lifetime: Lifetime,
    /// Refuse what does not fit, instead of evicting what would expire soonest.
    pub refuse: bool,
    /// Keep a one-way hash of each key instead of the key.
    pub hash_keys: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_bytes: 32 << 20,
            max_row_bytes: 64 << 10,
            lifetime: Lifetime::default(),
            refuse: false,
            hash_keys: false,
        }
    }
}

/// What happened in a table so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reads that found a living row.
    pub hits: u64,
    /// Reads that did not.
    pub misses: u64,
    /// Rows that came to be.
    pub inserted: u64,
    /// Rows that were deleted.
    pub deleted: u64,
    /// Rows that were removed because their time was over.
    pub expired: u64,
    /// Rows that were removed to make room.
    pub evicted: u64,
    /// Writes that were refused for want of room.
    pub refused: u64,
}

/// What a key led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A living row.
    Live(Row),
    /// A row whose time is over; it is gone now.
    Expired,
    /// Nothing.
    Missing,
}

impl Lookup {
    /// The living row.
    #[must_use]
    pub const fn live(self) -> Option<Row> {
        if let Self::Live(row) = self { Some(row) } else { None }
    }
}

/// What is known of a row beside its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// When it was created.
    pub created: Millis,
    /// When it was last read or written.
    pub touched: Millis,
    /// When it will be gone; [`crate::time::NEVER`] where nothing says so.
    pub deadline: Millis,
    /// How many times it was written, from 1.
    pub version: u32,
}

/// A named table's rows.
///
/// The methods whose names end in `_by` take a key in its stored form; those of the same names without it
/// take its text. `reading` is the clock's, in milliseconds since the Unix epoch.
///
/// ```
/// use ets_session::index::Seed;
/// use ets_session::table::{Lookup, Options, Table};
/// use ets_session::time::Lifetime;
/// use ets_session::value::Value;
///
/// let half_an_hour = Lifetime { idle: Some(1_800_000), absolute: None };
/// let options = Options { max_bytes: 1 << 20, lifetime: half_an_hour, ..Options::default() };
/// let mut table = Table::new(options, Seed::new([7; 16]))?;
///
/// let record = table.encode(&[("visits".to_owned(), Value::Number(1.0))])?;
/// assert!(table.insert(b"key", &record, 0, true, 0.0)?, "there was none");
/// assert!(!table.insert(b"key", &record, 0, true, 0.0)?, "and now only new ones are asked for");
///
/// assert!(table.get(b"key", 1_799_999.0).live().is_some(), "which is a touch");
/// assert_eq!(table.get(b"key", 3_599_999.0), Lookup::Expired);
/// assert_eq!(table.get(b"key", 3_599_999.0), Lookup::Missing);
/// # Ok::<(), ets_session::error::Error>(())
/// ```
#[derive(Debug)]
pub struct Table {
    pub(crate) options: Options,
    pub(crate) lifetimes: Vec<Lifetime>,
    /// So many of them somebody asked for, or stand before one that was; the others came with a snapshot's rows.
    pub(crate) asked: usize,
    pub(crate) seed: Seed,
    pub(crate) clock: Clock,
    pub(crate) rows: Slab,
    pub(crate) index: Index,
    /// Ghosts, rows without a subject, and rows with one: the order in which they go when it is full.
    pub(crate) queues: [Queue; 3],
    pub(crate) subjects: Subjects,
    /// The second from which the queues count.
    pub(crate) beginning: u64,
    /// Before this instant no row is due, so that looking for one costs a comparison.
    pub(crate) quiet_until: Millis,
    pub(crate) names: Names,
    pub(crate) budget: Budget,
    pub(crate) counts: Counts,
    /// Counts rows as they are created.
    pub(crate) order: u32,
    pub(crate) scratch: Vec<u8>,
}

impl Table {
    /// An empty table. Hashes are keyed with `seed`, which must be random where keys come from outside.
    ///
    /// # Errors
    /// [`Error::BadOption`] when a bound or a lifetime is 0 or a row may take 4 GiB,
    /// [`Error::MemoryRefused`].
    pub fn new(options: Options, seed: Seed) -> Result<Self, Error> {
        let checks = [
            (options.max_bytes == 0, Setting::MaxBytes),
            (options.max_row_bytes == 0 || options.max_row_bytes > u64::from(u32::MAX), Setting::MaxRowBytes),
            (options.lifetime.idle == Some(0), Setting::Idle),
            (options.lifetime.absolute == Some(0), Setting::Absolute),
        ];
        if let Some((_, setting)) = checks.iter().find(|(bad, _)| *bad) {
            return Err(Error::BadOption(*setting));
        }
        let refused = Error::MemoryRefused { needed: 0 };
        let mut lifetimes = Vec::new();
        lifetimes.try_reserve_exact(MAX_LIFETIMES).map_err(|_| refused)?;
        lifetimes.push(options.lifetime);
        Ok(Self {
            options,
            lifetimes,
            asked: 1,
            seed,
            clock: Clock::default(),
            rows: Slab::default(),
            index: Index::new(options.max_bytes / TYPICAL_ROW).ok_or(refused)?,
            queues: [Queue::default(), Queue::default(), Queue::default()],
            subjects: Subjects::default(),
            beginning: 0,
            quiet_until: 0,
            names: Names::default(),
            budget: Budget::new(options.max_bytes),
            counts: Counts::default(),
            order: 0,
            scratch: Vec::new(),
        })
    }

    /// What the table was created with.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Keys the hashes anew; does nothing once there is a row or a numbered name.
    pub fn set_seed(&mut self, seed: Seed) {
        if self.is_bare() && self.names.is_empty() {
            self.seed = seed;
        }
    }

    /// How many rows there are, expired ones that nobody met yet included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queues.iter().skip(1).fold(0, |sum: usize, queue| sum.wrapping_add(queue.len()))
    }

    /// Whether there is neither row nor ghost.
    pub(crate) fn is_bare(&self) -> bool {
        self.queues.iter().all(Queue::is_empty)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What rows, keys, indexes and numbered names take, in bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.budget.used()
    }

    /// What happened so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// The numbered field names.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// The number of a field's name; `None` says: write it inline.
    pub fn intern(&mut self, name: &str) -> Option<usize> {
        self.names.intern(name, self.seed, self.options.max_bytes / NAMES_SHARE)
    }

    /// The number under which rows have this lifetime, or the table's own where that is stricter.
    /// `None` when the table has too many already.
    ///
    /// ```
    /// # use ets_session::{index::Seed, record, table::{Options, Table}, time::Lifetime};
    /// # let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
    /// let a_minute = Lifetime { absolute: Some(60_000), idle: None };
    /// let number = table.lifetime(a_minute).expect("a table has room for 15");
    /// table.insert(b"short", record::EMPTY, number, false, 0.0)?;
    /// assert!(table.get(b"short", 60_000.0).live().is_none());
    /// # Ok::<(), ets_session::error::Error>(())
    /// ```
    pub fn lifetime(&mut self, lifetime: Lifetime) -> Option<u8> {
        let number = self.lifetime_for(lifetime)?;
        self.asked = self.asked.max(usize::from(number).wrapping_add(1));
        Some(number)
    }

    /// As [`Table::lifetime`], for rows that a snapshot brings: the next one need not keep it.
    pub(crate) fn lifetime_for(&mut self, lifetime: Lifetime) -> Option<u8> {
        let wanted = lifetime.stricter(self.options.lifetime);
        let known = self.lifetimes.iter().position(|known| *known == wanted);
        let number = known.unwrap_or(self.lifetimes.len());
        if number >= MAX_LIFETIMES {
            return None;
        }
        if known.is_none() {
            // There is room for as many as there may be.
            self.lifetimes.push(wanted);
        }
        u8::try_from(number).ok()
    }

    /// Whose the row is; empty for nobody's.
    #[must_use]
    pub fn subject(&self, row: Row) -> &[u8] {
        row::subject(self.rows.block(row))
    }

    /// The row's key as the table has it, and whether it is packed.
    #[must_use]
    pub fn key(&self, row: Row) -> (&[u8], bool) {
        row::key(self.rows.block(row))
    }

    /// What is known of a row beside its fields.
    #[must_use]
    pub fn meta(&self, row: Row) -> Option<Meta> {
        let parts = row::parts(self.rows.block(row))?;
        let (created, touched, version) = (parts.created, parts.touched, parts.version);
        Some(Meta { created, touched, version, deadline: self.deadline(row) })
    }

    /// Whether there is a row or a ghost of a key.
    pub(crate) fn is_taken(&self, key: Key<'_>) -> bool {
        self.place_of(key).is_some()
    }

    /// The row or the ghost of a key, be its time over or not.
    pub(crate) fn place_of(&self, key: Key<'_>) -> Option<Row> {
        self.place_inline(key)
    }

    #[inline(always)]
    pub(crate) fn place_inline(&self, key: Key<'_>) -> Option<Row> {
        let hash = self.seed.key((key.bytes(), key.is_packed()));
        self.index.find(hash, |row| row::is_of(self.rows.block_inline(row), key))
    }

    /// Takes every row out and forgets the numbered names.
    pub fn clear(&mut self) {
        self.counts.deleted = self.counts.deleted.wrapping_add(self.len() as u64);
        self.rows.clear();
        self.index.clear();
        self.queues.iter_mut().for_each(Queue::clear);
        self.subjects.clear();
        self.names = Names::default();
        self.budget = Budget::new(self.options.max_bytes);
    }

    /// When a row will be gone.
    #[must_use]
    pub fn deadline(&self, row: Row) -> Millis {
        let block = self.rows.block(row);
        let lifetime = self.lifetime_of(row::lifetime(block));
        row::times(block).map_or(0, |(created, touched)| lifetime.deadline(created, touched))
    }

    pub(crate) fn lifetime_of(&self, number: usize) -> Lifetime {
        let ghosts = (number == usize::from(row::GHOST)).then_some(row::GHOST_LIFETIME);
        ghosts.or_else(|| self.lifetimes.get(number).copied()).unwrap_or(self.options.lifetime)
    }

    pub(crate) fn keep_scratch(&mut self, mut buffer: Vec<u8>) {
        const KEPT: usize = 16 * 1024;
        buffer.fill(0);
        if buffer.capacity() <= KEPT {
            self.scratch = buffer;
        }
    }
}
