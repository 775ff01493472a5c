//! Writing single rows: inserted, merged into, counted up, renamed, deleted.

use crate::error::{Error, Setting};
use crate::key::{Key, ROOM};
use crate::record::{self, Change, Name};
use crate::row::{self, Parts};
use crate::select;
use crate::slab::Row;
use crate::table::{Lookup, TIDY, Table};
use crate::time::Millis;

impl Table {
    /// Stores a row of a well-formed record. Over a living row it keeps `created` and raises the version, or, with `new_only`,
    /// changes nothing and gives `false`.
    ///
    /// # Errors
    /// [`Error::BadKey`], [`Error::RowTooLarge`], [`Error::TableFull`], [`Error::MemoryRefused`],
    /// [`Error::BadOption`] for a lifetime that [`Table::lifetime`] never gave.
    pub fn insert_by(
        &mut self,
        key: Key<'_>,
        record: &[u8],
        lifetime: u8,
        new_only: bool,
        reading: f64,
    ) -> Result<bool, Error> {
        if key.bytes().is_empty() {
            return Err(Error::BadKey);
        }
        if usize::from(lifetime) >= self.lifetimes.len() {
            return Err(Error::BadOption(Setting::Lifetime));
        }
        let now = self.clock.read(reading);
        let old = self.find(key, now).live();
        if old.is_some() && new_only {
            return Ok(false);
        }
        // Names that wait to be charged are charged with a row that is stored, not written over.
        let stored = match old {
            Some(row)
                if self.names.unsettled_bytes() == 0
                    && row::rewrite(self.rows.block_mut(row), record, self.options.max_row_bytes, now) =>
            {
                Ok(row)
            }
            _ => self.insert_over(old, key, record, lifetime, now),
        };
        self.tidy(now, TIDY);
        stored.map(|_| true)
    }

    /// Stores a new row of a subject; `false` where the key is taken, be it by a ghost.
    ///
    /// # Errors
    /// As for [`Table::insert_by`].
    pub fn insert_for(
        &mut self,
        key: Key<'_>,
        subject: &[u8],
        record: &[u8],
        lifetime: u8,
        reading: f64,
    ) -> Result<bool, Error> {
        if usize::from(lifetime) >= self.lifetimes.len() {
            return Err(Error::BadOption(Setting::Lifetime));
        }
        let now = self.clock.read(reading);
        // Asked first: a fresh key, as good as every one that comes here, is looked for once.
        if self.is_taken(key) && (self.find(key, now).live().is_some() || self.is_taken(key)) {
            return Ok(false);
        }
        let parts = Parts {
            key: key.bytes(),
            packed: key.is_packed(),
            subject,
            record,
            created: now,
            touched: now,
            version: 1,
            lifetime,
        };
        let stored = self.store(None, &parts, now);
        self.tidy(now, TIDY);
        stored.map(|_| true)
    }

    fn insert_over(
        &mut self,
        old: Option<Row>,
        key: Key<'_>,
        record: &[u8],
        lifetime: u8,
        now: Millis,
    ) -> Result<Row, Error> {
        let there = old.and_then(|row| row::parts(self.rows.block(row)));
        let created = there.map_or(now, |parts| parts.created);
        let version = there.map_or(1, |parts| parts.version.wrapping_add(1));
        let lifetime = there.map_or(lifetime, |parts| parts.lifetime);
        let touched = there.map_or(now, |parts| parts.touched.max(now));
        let mut subject = core::mem::take(&mut self.scratch);
        select::copy(there.map_or(&[], |parts| parts.subject), &mut subject)?;
        let parts = Parts {
            key: key.bytes(),
            packed: key.is_packed(),
            subject: &subject,
            record,
            created,
            touched,
            version,
            lifetime,
        };
        let stored = self.store(old, &parts, now);
        self.keep_scratch(subject);
        stored
    }

    /// Applies a change to a living row in one step; `Missing` where there is none, and none is made.
    ///
    /// # Errors
    /// [`Error::BadRecord`], [`Error::NotANumber`], [`Error::RowTooLarge`], [`Error::TableFull`],
    /// [`Error::MemoryRefused`].
    pub fn update_by(&mut self, key: Key<'_>, change: &[u8], reading: f64) -> Result<Lookup, Error> {
        // Names that wait to be charged are charged with a row that is stored, not written over.
        if self.names.unsettled_bytes() == 0
            && let Some((name, value)) = record::one_field(change, self.names.len())
        {
            let now = self.clock.read(reading);
            let found = self.find(key, now);
            if found.live().is_none_or(|row| row::overwrite(self.rows.block_mut(row), name, value, now)) {
                self.tidy(now, TIDY);
                return Ok(found);
            }
        }
        let change = Change::read(change, self.names.len())?;
        let now = self.clock.read(reading);
        let found = self.find(key, now);
        let result = match found {
            Lookup::Live(row) => self.change(row, key, &change, now).map(Lookup::Live),
            gone => Ok(gone),
        };
        self.tidy(now, TIDY);
        result
    }

    fn change(&mut self, row: Row, key: Key<'_>, change: &Change<'_>, now: Millis) -> Result<Row, Error> {
        let mut buffer = core::mem::take(&mut self.scratch);
        buffer.clear();
        let result = self.rewrite(row, key, None, change, now, &mut buffer);
        self.keep_scratch(buffer);
        result
    }

    /// Writes what a change makes of a row, under a key and for a subject, which may be others than it had.
    pub(crate) fn rewrite(
        &mut self,
        row: Row,
        key: Key<'_>,
        subject: Option<&[u8]>,
        change: &Change<'_>,
        now: Millis,
        buffer: &mut Vec<u8>,
    ) -> Result<Row, Error> {
        let Some(old) = row::parts(self.rows.block(row)) else { return Ok(row) };
        let (created, touched, lifetime) = (old.created, old.touched.max(now), old.lifetime);
        let version = old.version.wrapping_add(1);
        let subject = subject.unwrap_or(old.subject);
        buffer.try_reserve(subject.len()).map_err(|_| Error::no_memory(subject.len()))?;
        buffer.extend_from_slice(subject);
        let split = buffer.len();
        change.apply(old.record, self.seed, buffer)?;
        let (subject, record) = buffer.split_at_checked(split).unwrap_or_default();
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
        self.store(Some(row), &parts, now)
    }

    /// Adds to a number in a row, clamps the sum, and gives it. An absent row is created with the one
    /// field; an absent field counts from 0.
    ///
    /// # Errors
    /// [`Error::NotANumber`] where the field is something else, [`Error::BadRecord`] for a name that is
    /// none, and as for [`Table::insert`].
    pub fn update_counter_by(
        &mut self,
        key: Key<'_>,
        name: Name<'_>,
        by: f64,
        bounds: (f64, f64),
        reading: f64,
    ) -> Result<f64, Error> {
        if key.bytes().is_empty() {
            return Err(Error::BadKey);
        }
        if !name.is_known(self.names.len()) {
            return Err(Error::BadRecord);
        }
        let now = self.clock.read(reading);
        let old = self.find(key, now).live();
        let change = Change::counter(name, by, bounds)?;
        let after = change.count(old.and_then(|row| self.field(row, name)))?;
        if let Some(row) = old {
            self.change(row, key, &change, now)?;
        } else {
            let mut record = Vec::new();
            record::write(&[(name, record::Value::Number(after))], &mut record)?;
            self.insert_by(key, &record, 0, true, reading)?;
        }
        self.tidy(now, TIDY);
        Ok(after)
    }

    /// Takes a row out; `false` when there was none that lived.
    pub fn delete_by(&mut self, key: Key<'_>, reading: f64) -> bool {
        let now = self.clock.read(reading);
        let found = self.find(key, now).live();
        if let Some(row) = found {
            self.remove(row);
            self.counts.deleted = self.counts.deleted.wrapping_add(1);
        }
        self.tidy(now, TIDY);
        found.is_some()
    }

    /// Gives a living row a fresh key, one of those that `fresh` brings, and keeps everything else of it;
    /// the old key leads nowhere. `None` where there is no such row.
    ///
    /// # Errors
    /// [`Error::IdExhausted`] when `fresh` brings no free key, [`Error::TableFull`], [`Error::MemoryRefused`].
    pub fn rename_by<K: AsRef<[u8]>>(
        &mut self,
        key: Key<'_>,
        mut fresh: impl FnMut() -> Option<K>,
        reading: f64,
    ) -> Result<Option<K>, Error> {
        let now = self.clock.read(reading);
        let Some(row) = self.find(key, now).live() else { return Ok(None) };
        let mut room = ROOM;
        let new = loop {
            let new = fresh().ok_or(Error::IdExhausted)?;
            let key = Key::new(new.as_ref(), self.options.hash_keys, &mut room);
            if !new.as_ref().is_empty() && self.find(key, now).live().is_none() {
                break new;
            }
        };
        let key = Key::new(new.as_ref(), self.options.hash_keys, &mut room);
        let mut copy = core::mem::take(&mut self.scratch);
        select::copy(self.rows.block(row), &mut copy)?;
        let renamed = row::parts(&copy).map_or(Ok(row), |old| {
            let parts =
                Parts { key: key.bytes(), packed: key.is_packed(), touched: old.touched.max(now), ..old };
            self.store(Some(row), &parts, now)
        });
        self.keep_scratch(copy);
        self.tidy(now, TIDY);
        renamed.map(|_| Some(new))
    }
}
