//! Any bytes as a change to a row of any fields: refused, or a well-formed row afterwards.
#![allow(unreachable_pub)]

use ets_session::index::Seed;
use ets_session::table::{Lookup, Options, Table};

pub fn check(bytes: &[u8]) {
    let Some((&split, rest)) = bytes.split_first() else { return };
    let Some((record, change)) = rest.split_at_checked(usize::from(split)) else { return };
    let mut table = Table::new(
        Options { max_row_bytes: 2_000, max_bytes: 1 << 17, ..Options::default() },
        Seed::default(),
    )
    .unwrap();
    for name in ["a", "b", "c"] {
        table.intern(name);
    }
    if table.insert(b"key", record, 0, false, 0.0).is_err() {
        table.insert(b"key", &[0x12, 1, 2, 0x05, 0x21, b'x'], 0, false, 0.0).unwrap();
    }
    let row = table.peek(b"key", 0.0).live().unwrap();
    let before = (table.record(row).to_vec(), table.meta(row));
    match table.update(b"key", change, 1.0) {
        Ok(Lookup::Live(row)) => {
            assert!(table.decode(table.record(row)).is_some());
            assert_eq!(table.meta(row).unwrap().version, 2);
        }
        Ok(_) => unreachable!("the row lives"),
        Err(_) => {
            let row = table.peek(b"key", 1.0).live().unwrap();
            assert_eq!((table.record(row).to_vec(), table.meta(row)), before);
        }
    }
    assert!(table.validate());
}
