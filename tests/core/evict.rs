//! A full table: what goes first, what is refused, and that the budget is never passed.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use crate::common::random::Random;
use crate::common::{is_live, numbers, peek, put, table};
use ets_session::error::Error;
use ets_session::select::Filter;
use ets_session::slab::block_size;
use ets_session::table::{Options, ROW_OVERHEAD, Table};
use ets_session::time::Lifetime;

const MINUTE: u64 = 60_000;

/// What a row takes whose key has one byte and whose record is empty.
fn small() -> u64 {
    ROW_OVERHEAD + block_size(20 + 2 + 2) as u64
}

fn room_for(rows: u64, idle: Option<u64>, refuse: bool) -> Table {
    let lifetime = Lifetime { idle, absolute: None };
    table(Options { max_bytes: rows * small(), lifetime, refuse, ..Options::default() })
}

fn insert(table: &mut Table, key: &str, now: f64) -> Result<bool, Error> {
    table.insert(key.as_bytes(), &[0x10], 0, false, now)
}

/// The keys of all living rows.
fn keys(table: &mut Table, now: f64) -> String {
    let mut keys: Vec<u8> = Vec::new();
    let all = crate::common::Wanted::default().bytes(table);
    for row in crate::common::pages(table, &all, 10, now) {
        keys.extend(row.key);
    }
    keys.sort_unstable();
    String::from_utf8(keys).unwrap()
}

#[test]
fn a_table_holds_exactly_what_its_budget_says() {
    let mut table = room_for(3, None, true);
    for key in ["a", "b", "c"] {
        assert_eq!(insert(&mut table, key, 0.0), Ok(true));
    }
    assert_eq!(table.bytes(), table.options().max_bytes);
    assert_eq!(
        insert(&mut table, "d", 0.0),
        Err(Error::TableFull { needed: u32::try_from(small()).unwrap() })
    );
    let mut table =
        crate::common::table(Options { max_bytes: 3 * small() - 1, refuse: true, ..Options::default() });
    assert!(insert(&mut table, "a", 0.0).is_ok() && insert(&mut table, "b", 0.0).is_ok());
    assert!(insert(&mut table, "c", 0.0).is_err());
}

#[test]
fn the_row_that_would_expire_soonest_goes_first() {
    let mut table = room_for(4, Some(10 * MINUTE), false);
    for (key, at) in [("a", 0.0), ("b", 1_000.0), ("c", 2_000.0), ("d", 3_000.0)] {
        insert(&mut table, key, at).unwrap();
    }
    table.touch(b"a", 4_000.0);
    insert(&mut table, "e", 5_000.0).unwrap();
    assert_eq!(keys(&mut table, 5_000.0), "acde");
    insert(&mut table, "f", 5_000.0).unwrap();
    assert_eq!(keys(&mut table, 5_000.0), "adef");
    insert(&mut table, "g", 5_000.0).unwrap();
    insert(&mut table, "h", 5_000.0).unwrap();
    assert_eq!(keys(&mut table, 5_000.0), "efgh");
    assert_eq!(table.counts().evicted, 4);
}

#[test]
fn within_a_second_the_oldest_goes_first_whatever_was_touched() {
    let mut table = room_for(3, Some(MINUTE), false);
    for (key, at) in [("a", 0.0), ("b", 100.0), ("c", 200.0)] {
        insert(&mut table, key, at).unwrap();
    }
    table.touch(b"a", 900.0);
    insert(&mut table, "d", 999.0).unwrap();
    assert_eq!(keys(&mut table, 999.0), "bcd");
    // A second later it counts.
    table.touch(b"b", 1_000.0);
    insert(&mut table, "e", 1_000.0).unwrap();
    assert_eq!(keys(&mut table, 1_000.0), "bde");
}

#[test]
fn rows_that_never_expire_go_by_age_and_after_all_others() {
    let mut table = room_for(3, None, false);
    let short = table.lifetime(Lifetime { idle: Some(1 << 40), absolute: None }).unwrap();
    insert(&mut table, "a", 0.0).unwrap();
    insert(&mut table, "b", 1_000.0).unwrap();
    table.insert(b"c", &[0x10], short, false, 2_000.0).unwrap();
    table.touch(b"a", 3_000.0);
    insert(&mut table, "d", 4_000.0).unwrap();
    assert_eq!(keys(&mut table, 4_000.0), "abd");
    insert(&mut table, "e", 4_000.0).unwrap();
    assert_eq!(keys(&mut table, 4_000.0), "bde");
}

#[test]
fn writing_over_a_row_does_not_make_it_younger() {
    let mut table = room_for(3, None, false);
    for key in ["a", "b", "c"] {
        insert(&mut table, key, 0.0).unwrap();
    }
    insert(&mut table, "a", 0.0).unwrap();
    assert_eq!(table.rename(b"b", || Some(b"x"), 0.0), Ok(Some(b"x")));
    assert_eq!(keys(&mut table, 0.0), "acx");
    insert(&mut table, "d", 0.0).unwrap();
    assert_eq!(keys(&mut table, 0.0), "cdx");
    insert(&mut table, "e", 0.0).unwrap();
    assert_eq!(keys(&mut table, 0.0), "cde", "another key, the same age");
}

#[test]
fn expired_rows_go_before_any_living_one() {
    for refuse in [false, true] {
        let mut table = room_for(3, Some(MINUTE), refuse);
        insert(&mut table, "a", 0.0).unwrap();
        insert(&mut table, "b", 30_000.0).unwrap();
        insert(&mut table, "c", 30_000.0).unwrap();
        insert(&mut table, "d", 60_000.0).unwrap();
        assert_eq!(keys(&mut table, 60_000.0), "bcd");
        assert_eq!((table.counts().evicted, table.counts().expired), (0, 1));
    }
}

#[test]
fn a_refusal_leaves_everything_as_it_was() {
    let mut table = room_for(3, None, true);
    for key in ["a", "b", "c"] {
        insert(&mut table, key, 0.0).unwrap();
    }
    let fields = table.encode(&numbers(&[("n", 1_000.0), ("m", 0.5)])).unwrap();
    let bytes = table.bytes();
    assert!(matches!(table.insert(b"d", &fields, 0, false, 0.0), Err(Error::TableFull { .. })));
    assert!(matches!(table.insert(b"a", &fields, 0, false, 0.0), Err(Error::TableFull { .. })));
    let change = [&[0, 0, 0], &fields[..]].concat();
    assert!(matches!(table.update(b"b", &change, 0.0), Err(Error::TableFull { .. })));
    assert_eq!(table.bytes(), bytes, "names of rows that were refused cost nothing");
    assert_eq!((table.counts().refused, table.counts().evicted, table.len()), (3, 0, 3));
    for key in ["a", "b", "c"] {
        let row = table.peek(key.as_bytes(), 0.0).live().unwrap();
        assert_eq!(table.meta(row).unwrap().version, 1);
        assert_eq!(peek(&mut table, key.as_bytes(), 0.0), Some(Vec::new()));
    }
    assert!(table.validate());
    // Room that a deletion leaves is room.
    assert!(table.delete(b"b", 0.0));
    assert!(insert(&mut table, "d", 0.0).is_ok());
}

#[test]
fn writes_that_need_no_room_work_in_a_full_table() {
    for refuse in [false, true] {
        let mut table = room_for(3, None, refuse);
        for key in ["a", "b", "c"] {
            insert(&mut table, key, 0.0).unwrap();
        }
        assert_eq!(insert(&mut table, "a", 1.0), Ok(true));
        assert_eq!(table.insert(b"a", &[0x10], 0, true, 1.0), Ok(false));
        assert!(table.update(b"b", &[1, 0, 0, 0x10], 1.0).is_ok());
        assert_eq!(table.rename(b"c", || Some(b"x"), 1.0), Ok(Some(b"x")));
        assert_eq!(keys(&mut table, 1.0), "abx");
        assert_eq!((table.counts().evicted, table.counts().refused, table.len()), (0, 0, 3));
        assert!(table.validate());
    }
}

#[test]
fn a_row_that_grows_does_not_evict_itself() {
    let mut table = room_for(5, None, false);
    for key in ["a", "b", "c", "d", "e"] {
        insert(&mut table, key, 0.0).unwrap();
    }
    let fields: Vec<(String, _)> = numbers(&[("a", 0.5), ("b", 0.5)]);
    let change = [&[0, 0, 0], &table.encode(&fields).unwrap()[..]].concat();
    assert!(table.update(b"a", &change, 0.0).unwrap().live().is_some());
    assert_eq!(peek(&mut table, b"a", 0.0), Some(fields));
    assert!(!is_live(&mut table, b"b", 0.0));
    assert!(table.bytes() <= table.options().max_bytes);
    assert!(table.validate());
}

#[test]
fn what_fits_in_no_way_evicts_nothing() {
    let mut table = room_for(3, None, false);
    for key in ["a", "b", "c"] {
        insert(&mut table, key, 0.0).unwrap();
    }
    let inline: Vec<(String, _)> = numbers(&[(&"n".repeat(200), 1.0)]);
    let record = table.encode(&inline).unwrap();
    assert!(matches!(table.insert(b"d", &record, 0, false, 0.0), Err(Error::TableFull { .. })));
    let change = [&[0, 0, 0], &record[..]].concat();
    assert!(matches!(table.update(b"a", &change, 0.0), Err(Error::TableFull { .. })));
    assert_eq!(keys(&mut table, 0.0), "abc");
    assert!(table.validate());
}

#[test]
fn a_row_is_too_large_by_one_byte() {
    let size = 20 + 2 + 2;
    for (limit, fits) in [(size, true), (size - 1, false)] {
        let mut table = table(Options { max_row_bytes: limit, ..Options::default() });
        let expected =
            if fits { Ok(true) } else { Err(Error::RowTooLarge { needed: u32::try_from(size).unwrap() }) };
        assert_eq!(insert(&mut table, "a", 0.0), expected);
        assert_eq!(table.len(), usize::from(fits));
        assert_eq!(table.counts().refused, 0, "a row too large is not for want of room");
    }
}

#[test]
fn the_budget_is_never_passed() {
    let mut random = Random::new(3);
    for refuse in [false, true] {
        let mut table = table(Options { max_bytes: 20_000, refuse, ..Options::default() });
        for step in 0..3_000 {
            let key = random.below(400).to_string();
            let fields = random.fields(6);
            let record = table.encode(&fields).unwrap();
            let _ = table.insert(key.as_bytes(), &record, 0, false, f64::from(step));
            assert!(table.bytes() <= 20_000);
            if step % 50 == 0 {
                assert!(table.validate());
            }
        }
        let counts = table.counts();
        assert!(if refuse { counts.refused } else { counts.evicted } > 500, "the table was never full");
        assert_eq!(table.len(), table.count(&Filter::default(), 0.0));
    }
}

#[test]
fn names_are_paid_for_once_and_within_the_budget() {
    let mut table = table(Options { max_bytes: 2_000, ..Options::default() });
    put(&mut table, b"a", &[("n", 1.0)], 0.0);
    let first = table.bytes();
    put(&mut table, b"b", &[("n", 1.0)], 0.0);
    assert_eq!(first - (table.bytes() - first), 16 + 1, "the name's own cost");
    table.clear();
    assert_eq!((table.bytes(), table.len(), table.names().len()), (0, 0, 0));
    put(&mut table, b"a", &[("n", 1.0)], 0.0);
    assert_eq!(table.bytes(), first);
}
