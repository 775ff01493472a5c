//! A table as pkg/src/rows.ts shows it: what that file does before and after it calls the core.

use ets_session::error::Error;
use ets_session::record::Name;
use ets_session::select::Filter;
use ets_session::table::{Lookup, Options, Table};
use ets_session::value::{Value, push_text};

use crate::common::{Fields, Listed, Patch, Wanted, pages, table};

pub(crate) type Answer = Result<Value, Error>;

pub(crate) struct Surface {
    table: Table,
}

fn some(found: bool) -> Answer {
    Ok(Value::Bool(found))
}

fn number(count: usize) -> Answer {
    Ok(Value::Number(count as f64))
}

impl Surface {
    pub(crate) fn new(options: Options) -> Self {
        Self { table: table(options) }
    }

    pub(crate) const fn table(&self) -> &Table {
        &self.table
    }

    pub(crate) fn is_valid(&self) -> bool {
        self.table.validate()
    }

    /// A key longer than any row's is not asked about.
    fn known<'a>(&self, key: &'a str) -> Result<Option<&'a [u8]>, Error> {
        if key.is_empty() {
            return Err(Error::BadKey);
        }
        let fits = key.encode_utf16().count() as u64 <= self.table.options().max_row_bytes;
        Ok(fits.then_some(key.as_bytes()))
    }

    /// A key with so many bytes behind it. What is too long for any row is refused before it is counted.
    fn key<'a>(&self, key: &'a str, size: usize) -> Result<&'a [u8], Error> {
        let limit = self.table.options().max_row_bytes;
        let key = self.known(key)?.filter(|_| size as u64 <= limit);
        key.ok_or(Error::RowTooLarge { needed: 0 })
    }

    pub(crate) fn is_too_long(&self, key: &str) -> bool {
        !matches!(self.known(key), Ok(Some(_)))
    }

    fn found(&self, found: Lookup) -> Answer {
        let fields = found.live().map(|row| self.table.decode(self.table.record(row)).unwrap());
        Ok(fields.map_or(Value::Undefined, Value::Object))
    }

    pub(crate) fn insert(&mut self, key: &str, row: &Fields, now: f64) -> Answer {
        self.store(key, row, false, now).map(|_| Value::Undefined)
    }

    pub(crate) fn insert_new(&mut self, key: &str, row: &Fields, now: f64) -> Answer {
        self.store(key, row, true, now).map(Value::Bool)
    }

    fn store(&mut self, key: &str, row: &Fields, new_only: bool, now: f64) -> Result<bool, Error> {
        let record = self.table.encode(row)?;
        let key = self.key(key, record.len())?;
        self.table.insert_valid(key, &record, 0, new_only, now)
    }

    pub(crate) fn lookup(&mut self, key: &str, now: f64) -> Answer {
        let found = self.known(key)?.map_or(Lookup::Missing, |key| self.table.get(key, now));
        self.found(found)
    }

    pub(crate) fn peek(&mut self, key: &str, now: f64) -> Answer {
        let found = self.known(key)?.map_or(Lookup::Missing, |key| self.table.peek(key, now));
        self.found(found)
    }

    pub(crate) fn take(&mut self, key: &str, now: f64) -> Answer {
        let row = self.peek(key, now)?;
        if row != Value::Undefined {
            self.table.delete(key.as_bytes(), now);
        }
        Ok(row)
    }

    pub(crate) fn member(&mut self, key: &str, now: f64) -> Answer {
        let found = self.known(key)?.map_or(Lookup::Missing, |key| self.table.peek(key, now));
        some(found.live().is_some())
    }

    pub(crate) fn touch(&mut self, key: &str, now: f64) -> Answer {
        let found = self.known(key)?.map_or(Lookup::Missing, |key| self.table.touch(key, now));
        some(found.live().is_some())
    }

    pub(crate) fn delete(&mut self, key: &str, now: f64) -> Answer {
        some(self.known(key)?.is_some_and(|key| self.table.delete(key, now)))
    }

    fn name<'a>(&mut self, name: &str, inline: &'a mut Vec<u8>) -> Name<'a> {
        if let Some(number) = self.table.intern(name) {
            return Name::Interned(number);
        }
        push_text(inline, name);
        Name::Inline(inline)
    }

    pub(crate) fn field(&mut self, key: &str, name: &str, now: f64) -> Answer {
        let mut inline = Vec::new();
        let name = self.name(name, &mut inline);
        let found = self.known(key)?.map_or(Lookup::Missing, |key| self.table.get(key, now));
        let value = found.live().and_then(|row| self.table.field(row, name));
        Ok(value.map_or(Value::Undefined, |value| Value::read(value).unwrap()))
    }

    pub(crate) fn update(&mut self, key: &str, set: &Fields, remove: &[String], now: f64) -> Answer {
        let patch = Patch { set: set.clone(), remove: remove.to_vec(), ..Patch::default() };
        let change = patch.bytes(&mut self.table);
        let key = self.key(key, change.len())?;
        some(self.table.update(key, &change, now)?.live().is_some())
    }

    pub(crate) fn count_up(
        &mut self,
        key: &str,
        name: &str,
        by: f64,
        bounds: (f64, f64),
        now: f64,
    ) -> Answer {
        let mut inline = Vec::new();
        let name = self.name(name, &mut inline);
        let size = if let Name::Inline(inline) = name { inline.len() } else { 0 };
        let key = self.key(key, size)?;
        self.table.update_counter(key, name, by, bounds, now).map(Value::Number)
    }

    pub(crate) fn clear(&mut self) -> Answer {
        self.table.clear();
        Ok(Value::Undefined)
    }

    pub(crate) fn sweep(&mut self, limit: usize, now: f64) -> Answer {
        number(self.table.sweep(limit, now))
    }

    pub(crate) fn count(&mut self, wanted: &Wanted, now: f64) -> Answer {
        let filter = wanted.bytes(&mut self.table);
        number(self.table.count(&Filter::read(&filter)?, now))
    }

    pub(crate) fn delete_where(&mut self, wanted: &Wanted, now: f64) -> Answer {
        let filter = wanted.bytes(&mut self.table);
        number(self.table.delete_where(&Filter::read(&filter)?, now))
    }

    /// All pages together, in the order of their keys: a page's own order is chance.
    pub(crate) fn select(&mut self, wanted: &Wanted, limit: usize, now: f64) -> Answer {
        let filter = wanted.bytes(&mut self.table);
        let mut listed = pages(&mut self.table, &filter, limit, now);
        listed.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Value::Array(listed.into_iter().map(|row| self.listed(row)).collect()))
    }

    fn listed(
        &self,
        Listed { times: [created, touched, deadline, version], key, record, .. }: Listed,
    ) -> Value {
        let never = deadline >= u64::MAX as f64;
        let meta = [
            ("createdAt", Value::Number(created)),
            ("touchedAt", Value::Number(touched)),
            ("expiresAt", if never { Value::Undefined } else { Value::Number(deadline) }),
            ("version", Value::Number(version)),
            ("subject", Value::Undefined),
        ];
        let meta = meta.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let row = Value::Object(self.table.decode(&record).unwrap());
        Value::Array(vec![Value::Text(String::from_utf8(key).unwrap()), row, Value::Object(meta)])
    }

    pub(crate) fn keys(&mut self, now: f64) -> Answer {
        let Value::Array(rows) = self.select(&Wanted::default(), 100, now)? else { return Ok(Value::Null) };
        let keys =
            rows.into_iter().map(|row| if let Value::Array(mut row) = row { row.remove(0) } else { row });
        Ok(Value::Array(keys.collect()))
    }

    pub(crate) fn snapshot(&mut self, now: f64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.table.snapshot(now, &mut bytes).map(|()| bytes)
    }

    pub(crate) fn restore(&mut self, bytes: &[u8], now: f64) -> Answer {
        self.table.restore(bytes, now).and_then(number)
    }

    /// Size, bytes, and all that is counted.
    pub(crate) fn info(&self) -> [u64; 9] {
        let counts = self.table.counts();
        let [hits, misses, inserted] = [counts.hits, counts.misses, counts.inserted];
        let [deleted, expired, evicted, refused] =
            [counts.deleted, counts.expired, counts.evicted, counts.refused];
        let size = self.table.len() as u64;
        [size, self.table.bytes(), hits, misses, inserted, deleted, expired, evicted, refused]
    }
}
