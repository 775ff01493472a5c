//! Any bytes as a value and as a record: refused, or stored and read back.
#![allow(unreachable_pub)]

use ets_session::index::Seed;
use ets_session::record;
use ets_session::table::{Options, Table};
use ets_session::term::{is_term, is_text, same, text};
use ets_session::value::Value;

pub fn check(bytes: &[u8]) {
    let read = Value::read(bytes);
    assert_eq!(read.is_some(), is_term(bytes));
    assert_eq!(is_text(bytes), text(bytes).is_some());
    assert!(same(bytes, bytes));
    if let Some(read) = read {
        let mut again = Vec::new();
        read.push(&mut again).unwrap();
        // Longer where text comes packed that we would not pack.
        assert!(again.len() <= 2 * bytes.len());
        let mut third = Vec::new();
        Value::read(&again).unwrap().push(&mut third).unwrap();
        assert_eq!(again, third);
    }
    let mut table =
        Table::new(Options { max_bytes: 1 << 17, ..Options::default() }, Seed::default()).unwrap();
    for name in ["a", "b", "c"] {
        table.intern(name);
    }
    let stored = table.insert(b"key", bytes, 0, false, 0.0);
    assert_eq!(stored.is_ok(), record::is_record(bytes, 3) && bytes.len() < 65_000);
    if stored.is_ok() {
        let row = table.peek(b"key", 0.0).live().unwrap();
        assert_eq!(table.record(row), bytes);
        let fields = table.decode(bytes).unwrap();
        let record = table.encode(&fields).unwrap();
        assert!(table.insert(b"other", &record, 0, false, 0.0).is_ok());
    }
    assert!(table.validate());
}
