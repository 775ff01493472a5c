//! A table as bytes: for hibernation, for deploys, for moving house.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `ETSS` |
//! | 1 | version, 1 |
//! | 1 | 1: keys are hashed |
//! | 4 | the next row's place in the order of creation |
//! | count, … | numbered names, each a block |
//! | count, … | rows, see below |
//! | 8 | SipHash-1-3 of all before, under a key that is no secret: against damage |
//!
//! A row is flags (1 packed key, 2 idle, 4 absolute), created, touched, then the idle and absolute
//! lifetime that it has, 8 bytes each, version and order, 4 bytes each, then key, subject and record as
//! blocks. Counts and blocks' lengths are LEB128, other numbers little-endian.
//!
//! ```
//! use ets_session::{error::Error, index::Seed, record, table::{Options, Table}};
//!
//! let mut old = Table::new(Options::default(), Seed::new([7; 16]))?;
//! old.insert(b"key", record::EMPTY, 0, false, 0.0)?;
//! let mut bytes = Vec::new();
//! old.snapshot(1.0, &mut bytes)?;
//!
//! let mut new = Table::new(Options::default(), Seed::new([9; 16]))?;
//! assert_eq!(new.restore(&bytes, 2.0)?, 1);
//! assert!(new.get(b"key", 3.0).live().is_some());
//!
//! bytes[7] ^= 1;
//! assert_eq!(new.restore(&bytes, 4.0), Err(Error::BadSnapshot));
//! assert_eq!(new.len(), 1, "nothing has changed");
//! # Ok::<(), Error>(())
//! ```

use crate::base64;
use crate::budget::Budget;
use crate::error::Error;
use crate::index::Seed;
use crate::key::{Key, ROOM};
use crate::names;
use crate::record::{self, Fields, Name};
use crate::row::{self, Parts};
use crate::table::{Lookup, Table};
use crate::term::{Reader, push_length};
use crate::time::{LATEST, Lifetime, Millis};

const MAGIC: [u8; 4] = *b"ETSS";
const VERSION: u8 = 1;
const CHECK: usize = 8;
const PACKED: u8 = 1;
const IDLE: u8 = 2;
const ABSOLUTE: u8 = 4;
/// What stands before the names, at the most, and again before the rows.
const HEAD: usize = 16;
/// What a row takes beside its lifetimes and its three parts.
const ROW: usize = 1 + 2 * 8 + 2 * 4;

/// What stands behind a snapshot's other bytes.
#[must_use]
pub fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    Seed::new(*b"ets-session/snap").hash(bytes).to_le_bytes()
}

fn block(out: &mut Vec<u8>, bytes: &[u8]) {
    push_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn block_size(bytes: &[u8]) -> usize {
    let (mut size, mut length) = (bytes.len().wrapping_add(1), bytes.len() >> 7);
    while length > 0 {
        (size, length) = (size.wrapping_add(1), length >> 7);
    }
    size
}

fn row_size(parts: &Parts<'_>, lifetime: Lifetime) -> usize {
    let mut size = ROW;
    for _ in [lifetime.idle, lifetime.absolute].iter().flatten() {
        size = size.wrapping_add(8);
    }
    for part in [parts.key, parts.subject, parts.record] {
        size = size.wrapping_add(block_size(part));
    }
    size
}

impl Table {
    /// Writes the table's living rows behind what `out` holds; nothing of the table changes.
    ///
    /// # Errors
    /// [`Error::MemoryRefused`].
    pub fn snapshot(&mut self, reading: f64, out: &mut Vec<u8>) -> Result<(), Error> {
        let now = self.clock.read(reading);
        let begin = out.len();
        let names = self.names.paid();
        let name = |number| self.names.name(number).unwrap_or_default().as_bytes();
        // Counted first and reserved at once: a buffer that grows by doubling has no room beside a large table.
        let mut size = 2 * HEAD + CHECK;
        for number in 1..=names {
            size = size.wrapping_add(block_size(name(number)));
        }
        let mut rows = 0_usize;
        self.each_living(now, &mut |_, parts, lifetime| {
            rows = rows.wrapping_add(1);
            size = size.wrapping_add(row_size(parts, lifetime));
        });
        out.try_reserve_exact(size).map_err(|_| Error::no_memory(size))?;
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&[VERSION, u8::from(self.options.hash_keys)]);
        out.extend_from_slice(&self.order.to_le_bytes());
        push_length(out, names);
        for number in 1..=names {
            block(out, name(number));
        }
        push_length(out, rows);
        self.each_living(now, &mut |order, parts, lifetime| {
            let flag = |set: bool, flag: u8| if set { flag } else { 0 };
            out.push(
                flag(parts.packed, PACKED)
                    | flag(lifetime.idle.is_some(), IDLE)
                    | flag(lifetime.absolute.is_some(), ABSOLUTE),
            );
            out.extend_from_slice(&parts.created.to_le_bytes());
            out.extend_from_slice(&parts.touched.to_le_bytes());
            for length in [lifetime.idle, lifetime.absolute].iter().flatten() {
                out.extend_from_slice(&length.to_le_bytes());
            }
            out.extend_from_slice(&parts.version.to_le_bytes());
            out.extend_from_slice(&order.to_le_bytes());
            for part in [parts.key, parts.subject, parts.record] {
                block(out, part);
            }
        });
        out.extend_from_slice(&checksum(out.get(begin..).unwrap_or_default()));
        Ok(())
    }

    fn each_living(&self, now: Millis, visit: &mut dyn FnMut(u32, &Parts<'_>, Lifetime)) {
        for queue in self.queues.iter().skip(1) {
            for place in (0..queue.len()).filter_map(|at| queue.get(at)) {
                let Some(parts) = row::parts(self.rows.block(place.row)) else { continue };
                if now < self.deadline(place.row) {
                    let lifetime = self.lifetimes.get(usize::from(parts.lifetime)).copied();
                    visit(place.order, &parts, lifetime.unwrap_or_default());
                }
            }
        }
    }

    /// Replaces the rows by those of a snapshot, expired ones left out, and gives how many there are.
    /// All or nothing: an error leaves the table as it was.
    ///
    /// # Errors
    /// [`Error::BadSnapshot`] for bytes that are none, that were altered, that are of a later version or
    /// whose keys are hashed where this table's are not; [`Error::TableFull`] and
    /// [`Error::RowTooLarge`] where the rows do not fit, [`Error::MemoryRefused`].
    pub fn restore(&mut self, bytes: &[u8], reading: f64) -> Result<usize, Error> {
        let now = self.clock.read(reading);
        let (body, sum) = bytes
            .len()
            .checked_sub(CHECK)
            .and_then(|at| bytes.split_at_checked(at))
            .ok_or(Error::BadSnapshot)?;
        if checksum(body) != sum {
            return Err(Error::BadSnapshot);
        }
        let mut fresh = Self::new(self.options, self.seed)?;
        fresh.clock = self.clock;
        // Whoever asked for a lifetime holds its number; there is room for as many as there may be.
        fresh.lifetimes.extend(self.lifetimes.iter().take(self.asked).skip(1));
        fresh.asked = self.asked;
        // What does not fit is refused, not evicted: all or nothing.
        fresh.options.refuse = true;
        fresh.read_snapshot(body, now).map_err(|error| match error {
            // What the rows before it took counts too: it is given back.
            Error::TableFull { needed } => Budget::refusal(fresh.bytes().wrapping_add(needed.into())),
            other => other,
        })?;
        fresh.options = self.options;
        fresh.counts = self.counts;
        self.haunt(&mut fresh, now);
        let rows = fresh.len();
        self.rows.clear();
        *self = fresh;
        Ok(rows)
    }

    fn read_snapshot(&mut self, body: &[u8], now: Millis) -> Result<(), Error> {
        const BAD: Error = Error::BadSnapshot;
        let mut reader = Reader::new(body);
        let head = reader.array::<6>().ok_or(BAD)?;
        let [magic @ .., version, hashed] = head;
        if magic != MAGIC || version != VERSION || hashed > u8::from(self.options.hash_keys) {
            return Err(BAD);
        }
        let order = u32::from_le_bytes(reader.array().ok_or(BAD)?);
        let names = reader.count().ok_or(BAD)?;
        for number in 1..=names {
            let name = core::str::from_utf8(reader.block().ok_or(BAD)?).map_err(|_| BAD)?;
            self.names.restore(name, number, self.seed)?;
        }
        for _ in 0..reader.count().ok_or(BAD)? {
            self.read_row(&mut reader, hashed == 1, now)?;
        }
        self.order = order;
        if reader.is_done() { Ok(()) } else { Err(BAD) }
    }

    fn read_row(&mut self, reader: &mut Reader<'_>, hashed: bool, now: Millis) -> Result<(), Error> {
        const BAD: Error = Error::BadSnapshot;
        let flags = reader.u8().ok_or(BAD)?;
        let mut number = || reader.array().map(u64::from_le_bytes).ok_or(BAD);
        let (created, touched) = (number()?, number()?);
        let mut length = |flag: u8| if flags & flag == 0 { Ok(None) } else { number().map(Some) };
        let lifetime = Lifetime { idle: length(IDLE)?, absolute: length(ABSOLUTE)? };
        let version = u32::from_le_bytes(reader.array().ok_or(BAD)?);
        self.order = u32::from_le_bytes(reader.array().ok_or(BAD)?);
        let stored = reader.block().ok_or(BAD)?;
        let subject = reader.block().ok_or(BAD)?;
        let record = reader.block().ok_or(BAD)?;
        let lifetime = self.lifetime_for(lifetime).ok_or(BAD)?;
        let packed = flags & PACKED != 0;
        let mut plain = Vec::new();
        if packed && hashed != self.options.hash_keys {
            plain.try_reserve(stored.len().wrapping_mul(2)).map_err(|_| Error::no_memory(stored.len()))?;
            base64::push(stored, &mut plain);
        }
        let mut room = ROOM;
        let key = match (hashed, packed) {
            // Bytes that were stored, packed or hashed, stay as they are where this table stores them so.
            _ if hashed == self.options.hash_keys => Key::stored(stored, packed),
            (_, true) => Key::new(&plain, true, &mut room),
            (_, false) => Key::new(stored, true, &mut room),
        };
        let parts = Parts {
            key: key.bytes(),
            packed: key.is_packed(),
            subject,
            record,
            created,
            touched,
            version,
            lifetime,
        };
        let times = (created..=LATEST).contains(&touched);
        if stored.is_empty() || !record::is_record(record, self.names.len()) || !times {
            return Err(BAD);
        }
        // Where such a name came from, there was no room to number it.
        let short =
            |name| matches!(name, Name::Inline(name) if name.len() <= names::MAX_NAME_BYTES.wrapping_add(3));
        if Fields::new(record).is_some_and(|mut fields| fields.any(|(name, _)| short(name))) {
            self.names.close();
        }
        let lifetime = self.lifetimes.get(usize::from(lifetime)).copied().unwrap_or_default();
        if now >= lifetime.deadline(created, touched) {
            return Ok(());
        }
        if self.find(key, now) != Lookup::Missing {
            return Err(BAD);
        }
        self.try_store(None, &parts, now).map(drop)
    }
}
