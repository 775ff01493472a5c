//! A table's operations by the text of a key, for callers that do not have its stored form.

use crate::error::Error;
use crate::key::{Key, ROOM};
use crate::record::{self, Name};
use crate::table::{Lookup, Table};

impl Table {
    /// As [`Table::get_by`].
    pub fn get(&mut self, key: &[u8], reading: f64) -> Lookup {
        self.get_by(Key::new(key, self.options.hash_keys, &mut { ROOM }), reading)
    }

    /// As [`Table::touch_by`].
    pub fn touch(&mut self, key: &[u8], reading: f64) -> Lookup {
        self.touch_by(Key::new(key, self.options.hash_keys, &mut { ROOM }), reading)
    }

    /// As [`Table::peek_by`].
    pub fn peek(&mut self, key: &[u8], reading: f64) -> Lookup {
        self.peek_by(Key::new(key, self.options.hash_keys, &mut { ROOM }), reading)
    }

    /// Stores a row that may come from anywhere: as [`Table::insert_by`], once it is looked through.
    ///
    /// # Errors
    /// [`Error::BadRecord`], and as there.
    pub fn insert(
        &mut self,
        key: &[u8],
        record: &[u8],
        lifetime: u8,
        new_only: bool,
        reading: f64,
    ) -> Result<bool, Error> {
        if !record::is_record(record, self.names().len()) {
            return Err(Error::BadRecord);
        }
        self.insert_valid(key, record, lifetime, new_only, reading)
    }

    /// As [`Table::insert_by`].
    ///
    /// # Errors
    /// As there.
    pub fn insert_valid(
        &mut self,
        key: &[u8],
        record: &[u8],
        lifetime: u8,
        new_only: bool,
        reading: f64,
    ) -> Result<bool, Error> {
        if key.is_empty() {
            return Err(Error::BadKey);
        }
        let mut room = ROOM;
        let key = Key::new(key, self.options.hash_keys, &mut room);
        self.insert_by(key, record, lifetime, new_only, reading)
    }

    /// As [`Table::update_by`].
    ///
    /// ```
    /// # use ets_session::{index::Seed, record, table::{Options, Table}, value::Value};
    /// # let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
    /// # table.insert(b"key", record::EMPTY, 0, false, 0.0)?;
    /// // A change that only sets is three zeros and the record of what is set; see `record`.
    /// let set = table.encode(&[("colour".to_owned(), Value::Text("red".to_owned()))])?;
    /// let row = table.update(b"key", &[&[0, 0, 0], &set[..]].concat(), 1.0)?.live();
    /// assert_eq!(table.record(row.expect("it lives")), set);
    /// # Ok::<(), ets_session::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    pub fn update(&mut self, key: &[u8], change: &[u8], reading: f64) -> Result<Lookup, Error> {
        self.update_by(Key::new(key, self.options.hash_keys, &mut { ROOM }), change, reading)
    }

    /// As [`Table::update_counter_by`].
    ///
    /// ```
    /// # use ets_session::{index::Seed, record::Name, table::{Options, Table}};
    /// # let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
    /// let attempts = Name::Interned(table.intern("attempts").expect("a new table numbers names"));
    /// let bounds = (0.0, 5.0);
    /// assert_eq!(table.update_counter(b"ada", attempts, 1.0, bounds, 0.0)?, 1.0);
    /// assert_eq!(table.update_counter(b"ada", attempts, 9.0, bounds, 1.0)?, 5.0);
    /// # Ok::<(), ets_session::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    pub fn update_counter(
        &mut self,
        key: &[u8],
        name: Name<'_>,
        by: f64,
        bounds: (f64, f64),
        reading: f64,
    ) -> Result<f64, Error> {
        if key.is_empty() {
            return Err(Error::BadKey);
        }
        let mut room = ROOM;
        let key = Key::new(key, self.options.hash_keys, &mut room);
        self.update_counter_by(key, name, by, bounds, reading)
    }

    /// As [`Table::delete_by`].
    pub fn delete(&mut self, key: &[u8], reading: f64) -> bool {
        self.delete_by(Key::new(key, self.options.hash_keys, &mut { ROOM }), reading)
    }

    /// As [`Table::rename_by`].
    ///
    /// ```
    /// # use ets_session::{index::Seed, record, table::{Options, Table}};
    /// # let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
    /// # table.insert(b"old", record::EMPTY, 0, false, 0.0)?;
    /// let mut fresh = ["new"].into_iter();
    /// assert_eq!(table.rename(b"old", || fresh.next(), 1.0)?, Some("new"));
    /// assert!(table.get(b"old", 1.0).live().is_none());
    /// assert!(table.get(b"new", 1.0).live().is_some());
    /// # Ok::<(), ets_session::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// As there.
    pub fn rename<K: AsRef<[u8]>>(
        &mut self,
        key: &[u8],
        fresh: impl FnMut() -> Option<K>,
        reading: f64,
    ) -> Result<Option<K>, Error> {
        let mut room = ROOM;
        let key = Key::new(key, self.options.hash_keys, &mut room);
        self.rename_by(key, fresh, reading)
    }
}
