//! Any bytes as a snapshot whose checksum is right: refused whole, or a valid table.
#![allow(unreachable_pub)]

use ets_session::index::Seed;
use ets_session::snapshot::checksum;
use ets_session::table::{Options, Table};

fn table(hash_keys: bool) -> Table {
    let mut table =
        Table::new(Options { hash_keys, max_bytes: 1 << 17, ..Options::default() }, Seed::default()).unwrap();
    let record = table.encode(&[("before".to_owned(), ets_session::value::Value::Null)]).unwrap();
    table.insert(b"before", &record, 0, false, 1e6).unwrap();
    table
}

pub fn check(bytes: &[u8]) {
    let Some((&first, body)) = bytes.split_first() else { return };
    let sealed = [body, &checksum(body)].concat();
    let mut one = table(first & 1 == 1);
    // Bytes that no-one sealed are refused, whatever they are.
    assert!(one.restore(body, 1e6).is_err());
    let Ok(rows) = one.restore(&sealed, 1e6) else {
        assert_eq!(one.len(), 1);
        assert!(one.peek(b"before", 1e6).live().is_some() && one.validate());
        return;
    };
    assert_eq!(one.len(), rows);
    assert!(one.validate());
    let (mut first, mut second) = (Vec::new(), Vec::new());
    one.snapshot(1e6, &mut first).unwrap();
    let mut two = Table::new(*one.options(), Seed::new([1; 16])).unwrap();
    assert_eq!(two.restore(&first, 1e6), Ok(rows));
    assert!(two.validate());
    two.snapshot(1e6, &mut second).unwrap();
    assert_eq!(first.len(), second.len());
    one.sweep(usize::MAX, 1e12);
    assert!(one.validate());
}
