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
use crate::error::Error;
use crate::index::Seed;
use crate::names;
use crate::record::{self, Fields, Name};
use crate::row::{self, Key, Parts, ROOM};
use crate::table::{Lookup, Table};
use crate::term::{Reader, push_length};
use crate::time::{LATEST, Lifetime, Millis};

const MAGIC: [u8; 4] = *b"ETSS";
const VERSION: u8 = 1;
const CHECK: usize = 8;
const PACKED: u8 = 1;
const IDLE: u8 = 2;
const ABSOLUTE: u8 = 4;
/// What a row takes beside its three parts, at the most.
const HEAD: usize = 64;

/// What stands behind a snapshot's other bytes.
#[must_use]
pub fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    Seed::new(*b"ets-session/snap").hash(bytes).to_le_bytes()
}

fn block(out: &mut Vec<u8>, bytes: &[u8]) {
    push_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

impl Table {
    /// Writes the table's living rows behind what `out` holds; nothing of the table changes.
    ///
    /// # Errors
    /// [`Error::TableFull`] when memory is refused.
    pub fn snapshot(&mut self, reading: f64, out: &mut Vec<u8>) -> Result<(), Error> {
        let now = self.clock.read(reading);
        let reserve = |out: &mut Vec<u8>, size: usize| {
            out.try_reserve(size).map_err(|_| self.budget.refusal(size as u64))
        };
        let begin = out.len();
        let names = self.names.len();
        let names_size = (1..=names).filter_map(|number| self.names.name(number));
        reserve(out, names_size.fold(HEAD, |size, name| size.saturating_add(name.len()).saturating_add(5)))?;
        out.extend(MAGIC);
        out.extend([VERSION, u8::from(self.options.hash_keys)]);
        out.extend(self.order.to_le_bytes());
        push_length(out, names);
        for number in 1..=names {
            block(out, self.names.name(number).unwrap_or_default().as_bytes());
        }
        let places =
            || self.queues.iter().skip(1).flat_map(|queue| (0..queue.len()).filter_map(|at| queue.get(at)));
        let lives = |row| now < self.deadline(row);
        push_length(out, places().filter(|place| lives(place.row)).count());
        for place in places().filter(|place| lives(place.row)) {
            let bytes = self.rows.block(place.row);
            let Some(parts) = row::parts(bytes) else { continue };
            reserve(out, bytes.len().saturating_add(HEAD))?;
            let lifetime = self.lifetimes.get(usize::from(parts.lifetime)).copied().unwrap_or_default();
            let flag = |set: bool, flag: u8| if set { flag } else { 0 };
            out.push(
                flag(parts.packed, PACKED)
                    | flag(lifetime.idle.is_some(), IDLE)
                    | flag(lifetime.absolute.is_some(), ABSOLUTE),
            );
            let lengths = [lifetime.idle, lifetime.absolute];
            for number in [parts.created, parts.touched].into_iter().chain(lengths.into_iter().flatten()) {
                out.extend(number.to_le_bytes());
            }
            out.extend(parts.version.to_le_bytes());
            out.extend(place.order.to_le_bytes());
            for part in [parts.key, parts.subject, parts.record] {
                block(out, part);
            }
        }
        reserve(out, CHECK)?;
        out.extend(checksum(out.get(begin..).unwrap_or_default()));
        Ok(())
    }

    /// Replaces the rows by those of a snapshot, expired ones left out, and gives how many there are.
    /// All or nothing: an error leaves the table as it was.
    ///
    /// # Errors
    /// [`Error::BadSnapshot`] for bytes that are none, that were altered, that are of a later version or
    /// whose keys are hashed where this table's are not; [`Error::TableFull`] and
    /// [`Error::RowTooLarge`] where the rows do not fit.
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
        fresh.lifetimes.extend(self.lifetimes.iter().skip(1));
        // What does not fit is refused, not evicted: all or nothing.
        fresh.options.refuse = true;
        fresh.read_snapshot(body, now)?;
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
        let lifetime = self.lifetime(lifetime).ok_or(BAD)?;
        let packed = flags & PACKED != 0;
        let mut plain = Vec::new();
        if packed && hashed != self.options.hash_keys {
            plain.try_reserve(stored.len().saturating_mul(2)).map_err(|_| self.budget.refusal(0))?;
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
        let short = |name| matches!(name, Name::Inline(name) if name.len() <= names::MAX_NAME_BYTES.saturating_add(3));
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
