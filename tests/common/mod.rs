//! What the tests share: repeatable randomness, and the bytes of changes, filters and pages.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::panic)]

pub mod describe;
pub mod model;
pub mod random;
pub mod trace;
pub mod visits;

use ets_session::index::Seed;
use ets_session::select::Filter;
use ets_session::slab::Row;
use ets_session::table::{Lookup, Options, Table};
use ets_session::time::Lifetime;
use ets_session::value::{Value, push_text};

pub type Fields = Vec<(String, Value)>;

pub const HOUR: u64 = 3_600_000;
pub const DAY: u64 = 24 * HOUR;

pub fn table(options: Options) -> Table {
    Table::new(options, Seed::new([7; 16])).unwrap()
}

pub fn living(idle: Option<u64>, absolute: Option<u64>) -> Options {
    Options { lifetime: Lifetime { idle, absolute }, ..Options::default() }
}

/// Fields of numbers, for tests to which values do not matter.
pub fn numbers(fields: &[(&str, f64)]) -> Fields {
    fields.iter().map(|(name, number)| ((*name).to_owned(), Value::Number(*number))).collect()
}

pub fn put(table: &mut Table, key: &[u8], fields: &[(&str, f64)], now: f64) {
    let record = table.encode(&numbers(fields)).unwrap();
    assert!(table.insert(key, &record, 0, false, now).unwrap());
}

pub fn peek(table: &mut Table, key: &[u8], now: f64) -> Option<Fields> {
    let row = table.peek(key, now).live()?;
    Some(table.decode(table.record(row)).unwrap())
}

/// What is still there, without clearing anything away.
pub fn is_live(table: &mut Table, key: &[u8], now: f64) -> bool {
    matches!(table.peek(key, now), Lookup::Live(_))
}

pub fn term(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    value.push(&mut out).unwrap();
    out
}

pub fn push_length(out: &mut Vec<u8>, mut length: usize) {
    while length > 0x7F {
        out.push((length % 128) as u8 | 0x80);
        length /= 128;
    }
    out.push(length as u8);
}

/// A field's name as records have it.
pub fn push_name(table: &mut Table, out: &mut Vec<u8>, name: &str) {
    let number = table.intern(name).unwrap_or(0);
    push_length(out, number);
    if number == 0 {
        push_text(out, name);
    }
}

/// What a commit does to a row.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    pub clear: bool,
    pub remove: Vec<String>,
    pub set: Fields,
    pub add: Vec<(String, f64)>,
}

impl Patch {
    pub fn bytes(&self, table: &mut Table) -> Vec<u8> {
        let mut out = vec![u8::from(self.clear)];
        push_length(&mut out, self.remove.len());
        self.remove.iter().for_each(|name| push_name(table, &mut out, name));
        push_length(&mut out, self.add.len());
        for (name, by) in &self.add {
            push_name(table, &mut out, name);
            out.extend(by.to_le_bytes());
        }
        out.extend(table.encode(&self.set).unwrap());
        out
    }
}

/// Which rows are meant: one field that equals one of some values, and a time untouched.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub field: Option<(String, Vec<Value>)>,
    pub idle_for: u64,
}

impl Wanted {
    pub fn bytes(&self, table: &mut Table) -> Vec<u8> {
        let mut out = vec![0];
        out.extend((self.idle_for as f64).to_le_bytes());
        push_length(&mut out, usize::from(self.field.is_some()));
        if let Some((name, values)) = &self.field {
            push_name(table, &mut out, name);
            push_length(&mut out, values.len());
            values.iter().for_each(|value| value.push(&mut out).unwrap());
        }
        out
    }
}

/// One row of a page as it is written out.
#[derive(Debug, PartialEq)]
pub struct Listed {
    pub times: [f64; 4],
    pub key: Vec<u8>,
    pub subject: Vec<u8>,
    pub record: Vec<u8>,
}

pub fn times(table: &Table, row: Row) -> [f64; 4] {
    let meta = table.meta(row).unwrap();
    [meta.created as f64, meta.touched as f64, meta.deadline as f64, f64::from(meta.version)]
}

fn take_block(bytes: &mut &[u8]) -> Vec<u8> {
    let (mut length, mut shift) = (0_usize, 0);
    loop {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        length |= usize::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    let (block, rest) = bytes.split_at(length);
    *bytes = rest;
    block.to_vec()
}

/// Reads a page as the other side does.
pub fn listed(mut bytes: &[u8]) -> Vec<Listed> {
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let (head, rest) = bytes.split_first_chunk::<32>().unwrap();
        bytes = rest;
        let number = |at: usize| f64::from_le_bytes(head[at * 8..at * 8 + 8].try_into().unwrap());
        let times = [number(0), number(1), number(2), number(3)];
        let (key, subject, record) = (take_block(&mut bytes), take_block(&mut bytes), take_block(&mut bytes));
        rows.push(Listed { times, key, subject, record });
    }
    rows
}

/// One page, written out and read again, and where the next one begins.
pub fn page(
    table: &mut Table,
    filter: &[u8],
    after: Option<u64>,
    limit: usize,
    now: f64,
) -> (Vec<Listed>, Option<u64>) {
    let filter = Filter::read(filter).unwrap();
    let page = table.select(&filter, after, limit, now).unwrap();
    let mut out = Vec::new();
    ets_session::select::write(table, &page, |row| times(table, row), &mut out).unwrap();
    (listed(&out), page.after)
}

/// All pages of up to `limit` rows.
pub fn pages(table: &mut Table, filter: &[u8], limit: usize, now: f64) -> Vec<Listed> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = page(table, filter, after, limit, now);
        assert!(rows.len() <= limit, "a page is longer than was asked for");
        all.extend(rows);
        after = next;
        if after.is_none() {
            return all;
        }
    }
}
