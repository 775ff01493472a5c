//! The toy that a table is held against: a `BTreeMap`, and the rules in their plainest form.

use std::collections::BTreeMap;

use ets_session::error::Error;
use ets_session::key::{Key, ROOM};
use ets_session::row::Parts;
use ets_session::slab::block_size;
use ets_session::table::{Options, ROW_OVERHEAD, Table};
use ets_session::term;
use ets_session::time::{Lifetime, NEVER};
use ets_session::value::Value;

use super::{Fields, Patch, Wanted};

/// What a numbered name costs beside its bytes.
const NAME_OVERHEAD: u64 = 16;

#[derive(Clone, Debug)]
pub struct Row {
    pub fields: Fields,
    pub record: Vec<u8>,
    pub created: u64,
    pub touched: u64,
    pub version: u32,
    pub lifetime: usize,
    /// Counts rows as they came to be.
    pub order: u64,
}

pub struct Model {
    pub options: Options,
    pub lifetimes: Vec<Lifetime>,
    /// Living rows only.
    pub rows: BTreeMap<Vec<u8>, Row>,
    pub now: u64,
    pub evicted: u64,
    /// What the names take that stored rows brought.
    names: u64,
    order: u64,
}

impl Model {
    pub fn new(options: Options) -> Self {
        let lifetimes = vec![options.lifetime];
        Self { options, lifetimes, rows: BTreeMap::new(), now: 0, evicted: 0, names: 0, order: 0 }
    }

    /// Takes a clock's reading; what is expired then is gone.
    pub fn tick(&mut self, reading: f64) {
        if reading.is_finite() && (0.0..=8.64e15).contains(&reading) {
            self.now = self.now.max(reading as u64);
        }
        let (now, lifetimes) = (self.now, &self.lifetimes);
        self.rows.retain(|_, row| now < deadline(lifetimes, row));
    }

    pub fn deadline(&self, key: &[u8]) -> Option<u64> {
        self.rows.get(key).map(|row| deadline(&self.lifetimes, row))
    }

    fn size(&self, key: &[u8], row: &Row) -> usize {
        let mut room = ROOM;
        let key = Key::new(key, self.options.hash_keys, &mut room);
        let parts = Parts {
            key: key.bytes(),
            packed: key.is_packed(),
            subject: &[],
            record: &row.record,
            created: row.created,
            touched: row.touched,
            version: row.version,
            lifetime: row.lifetime as u8,
        };
        parts.size()
    }

    fn block(&self, key: &[u8], row: &Row) -> u64 {
        block_size(self.size(key, row)) as u64
    }

    /// What the living rows and the names take.
    pub fn used(&self) -> u64 {
        self.rows.iter().fold(self.names, |sum, (key, row)| sum + ROW_OVERHEAD + self.block(key, row))
    }

    /// The row that would expire soonest, to a second, the oldest among equals.
    fn victim(&self, but: Option<&[u8]>) -> Option<Vec<u8>> {
        let others = self.rows.iter().filter(|(key, _)| Some(key.as_slice()) != but);
        let second = |row: &Row| match deadline(&self.lifetimes, row) {
            NEVER => u64::MAX,
            deadline => deadline / 1000,
        };
        others.min_by_key(|(_, row)| (second(row), row.order)).map(|(key, _)| key.clone())
    }

    /// Puts a row where `from` was, or beside the others; makes room, or refuses.
    pub fn store(&mut self, table: &Table, from: Option<&[u8]>, key: &[u8], row: Row) -> Result<(), Error> {
        let limit = self.options.max_bytes;
        let size = self.size(key, &row) as u64;
        if size > self.options.max_row_bytes {
            return Err(Error::RowTooLarge { needed: u32::try_from(size).unwrap() });
        }
        let all_names = all_names(table);
        let block = self.block(key, &row);
        let old = from.map(|from| self.block(from, &self.rows[from]));
        let kept = old.map_or(0, |old| ROW_OVERHEAD + old);
        let more = block + if old.is_none() { ROW_OVERHEAD } else { 0 };
        let needed = more.saturating_sub(old.unwrap_or(0)) + all_names - self.names;
        if self.used() + needed > limit
            && (self.options.refuse || needed > limit.saturating_sub(self.names + kept))
        {
            return Err(Error::TableFull { needed: u32::try_from(needed).unwrap() });
        }
        while self.used() + needed > limit {
            let victim = self.victim(from).unwrap();
            self.rows.remove(&victim);
            self.evicted += 1;
        }
        if let Some(from) = from {
            self.rows.remove(from);
        }
        self.rows.insert(key.to_vec(), row);
        self.names = all_names;
        Ok(())
    }

    /// A row over what is there, or a new one.
    pub fn insert(
        &mut self,
        table: &mut Table,
        key: &[u8],
        fields: &Fields,
        lifetime: u8,
    ) -> Result<(), Error> {
        let row = match self.rows.get(key) {
            Some(old) => Row { version: old.version + 1, ..old.clone() },
            None => {
                let (now, lifetime) = (self.now, usize::from(lifetime));
                let (fields, record) = (Vec::new(), Vec::new());
                Row { fields, record, created: now, touched: now, version: 1, lifetime, order: self.order }
            }
        };
        let from = self.rows.contains_key(key).then_some(key);
        self.write(table, from, key, row, fields)?;
        self.order += u64::from(from.is_none());
        Ok(())
    }

    fn write(
        &mut self,
        table: &mut Table,
        from: Option<&[u8]>,
        key: &[u8],
        row: Row,
        fields: &Fields,
    ) -> Result<(), Error> {
        let (fields, record) = (fields.clone(), table.encode(fields)?);
        self.store(table, from, key, Row { fields, record, touched: self.now, ..row })
    }

    /// Refreshes a timestamp. A touch 397 days after the creation needs room for three more bytes, and is
    /// lost where there is none.
    pub fn touch(&mut self, table: &Table, key: &[u8]) {
        let Some(row) = self.rows.get(key).cloned() else { return };
        let touched = Row { touched: self.now, ..row.clone() };
        if self.size(key, &touched) == self.size(key, &row) {
            self.rows.insert(key.to_vec(), touched);
        } else {
            // A read pushes nothing out.
            let refuse = std::mem::replace(&mut self.options.refuse, true);
            let _ = self.store(table, Some(key), key, touched);
            self.options.refuse = refuse;
        }
    }

    pub fn update(&mut self, table: &mut Table, key: &[u8], patch: &Patch) -> Result<bool, Error> {
        let Some(row) = self.rows.get(key).cloned() else { return Ok(false) };
        let mut fields = if patch.clear { Vec::new() } else { row.fields.clone() };
        fields.retain(|(name, _)| !patch.remove.contains(name));
        for (name, value) in &patch.set {
            set(&mut fields, name, value.clone());
        }
        for (name, by) in &patch.add {
            let sum = number(&fields, name)? + by;
            set(&mut fields, name, Value::Number(sum));
        }
        let row = Row { version: row.version + 1, ..row };
        self.write(table, Some(key), key, row, &fields).map(|()| true)
    }

    pub fn count(
        &mut self,
        table: &mut Table,
        key: &[u8],
        (name, by): (&str, f64),
        (least, most): (f64, f64),
    ) -> Result<f64, Error> {
        let old = self.rows.get(key);
        let mut fields = old.map_or_else(Vec::new, |row| row.fields.clone());
        let lifetime = old.map_or(0, |row| row.lifetime as u8);
        let sum = number(&fields, name)? + by;
        let sum = if sum > most { most } else { sum };
        let sum = if sum < least { least } else { sum };
        set(&mut fields, name, Value::Number(sum));
        self.insert(table, key, &fields, lifetime).map(|()| sum)
    }

    /// Another key for a row, and nothing else.
    pub fn rename(&mut self, table: &Table, key: &[u8], new: &[u8]) -> Result<(), Error> {
        let row = Row { touched: self.now, ..self.rows[key].clone() };
        self.store(table, Some(key), new, row)
    }

    /// All names that are numbered come with the rows there are, if they fit.
    pub fn settle(&mut self, table: &Table) -> bool {
        let names = all_names(table);
        let fits = self.rows.is_empty() || self.used() - self.names + names <= self.options.max_bytes;
        if fits {
            self.names = if self.rows.is_empty() { 0 } else { names };
        }
        fits
    }

    pub fn clear(&mut self) {
        self.rows.clear();
        self.names = 0;
    }

    pub fn wanted(&self, wanted: &Wanted) -> Vec<Vec<u8>> {
        let equals = |row: &Row| {
            wanted.field.as_ref().is_none_or(|(name, values)| {
                let found = row.fields.iter().find(|(other, _)| other == name);
                found.is_some_and(|(_, there)| {
                    values.iter().any(|value| term::same(&super::term(there), &super::term(value)))
                })
            })
        };
        let idle = |row: &Row| self.now - row.touched >= wanted.idle_for;
        self.rows.iter().filter(|(_, row)| equals(row) && idle(row)).map(|(key, _)| key.clone()).collect()
    }
}

/// What the numbered names take, those included that no stored row brought yet.
fn all_names(table: &Table) -> u64 {
    let numbered = (1..=table.names().len()).filter_map(|number| table.names().name(number));
    numbered.map(|name| NAME_OVERHEAD + name.len() as u64).sum()
}

fn deadline(lifetimes: &[Lifetime], row: &Row) -> u64 {
    let lifetime = lifetimes[row.lifetime];
    let idle = lifetime.idle.map_or(NEVER, |idle| row.touched + idle);
    idle.min(lifetime.absolute.map_or(NEVER, |absolute| row.created + absolute))
}

fn set(fields: &mut Fields, name: &str, value: Value) {
    match fields.iter_mut().find(|(other, _)| other == name) {
        Some((_, there)) => *there = value,
        None => fields.push((name.to_owned(), value)),
    }
}

fn number(fields: &Fields, name: &str) -> Result<f64, Error> {
    match fields.iter().find(|(other, _)| other == name) {
        None => Ok(0.0),
        Some((_, Value::Number(number))) => Ok(*number),
        Some(_) => Err(Error::NotANumber),
    }
}
