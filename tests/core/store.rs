//! The store contract: get, put and delete, and ids that are always fresh.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;

use crate::common::random::Random;
use crate::common::{numbers, peek, put as insert, table};
use ets_session::base64;
use ets_session::error::Error;
use ets_session::store::{self, ID_BYTES, Pool, TRIES};
use ets_session::table::{Lookup, Options, Table};
use ets_session::time::Lifetime;

/// A pool whose ids come in this order: bytes are taken from its end.
fn pool(ids: &[u8]) -> Pool {
    let mut pool = Pool::default();
    pool.fill(&ids.iter().rev().flat_map(|&byte| [byte; ID_BYTES]).collect::<Vec<u8>>());
    pool
}

fn id(byte: u8) -> [u8; 24] {
    store::id([byte; ID_BYTES])
}

fn put_new(table: &mut Table, n: f64, pool: &mut Pool, now: f64) -> Result<store::Id, Error> {
    let record = table.encode(&numbers(&[("n", n)])).unwrap();
    store::put_new(table, &record, 0, pool, now)
}

#[test]
fn get_of_a_known_id_refreshes_its_timestamp_and_leaves_its_data() {
    let mut table = table(Options::default());
    insert(&mut table, b"sid", &[("n", 1.0)], 1_000.0);
    let row = store::get(&mut table, b"sid", 2_000.0).live().unwrap();
    let meta = table.meta(row).unwrap();
    assert_eq!((meta.created, meta.touched, meta.version), (1_000, 2_000, 1));
    assert_eq!(peek(&mut table, b"sid", 2_000.0), Some(numbers(&[("n", 1.0)])));
}

#[test]
fn get_of_an_unknown_id_creates_nothing() {
    let mut table = table(Options::default());
    for id in [&b""[..], b"sid", &[0xFF; 1_000]] {
        assert_eq!(store::get(&mut table, id, 0.0), Lookup::Missing);
    }
    assert_eq!((table.len(), table.bytes()), (0, 0));
}

#[test]
fn put_with_an_id_stores_whatever_was_there() {
    let mut table = table(Options::default());
    for (n, version) in [(1.0, 1), (2.0, 2)] {
        let record = table.encode(&numbers(&[("n", n)])).unwrap();
        store::put(&mut table, b"any id at all", &record, 0.0).unwrap();
        let row = table.peek(b"any id at all", 0.0).live().unwrap();
        assert_eq!(table.record(row), record);
        assert_eq!(table.meta(row).unwrap().version, version);
    }
    assert_eq!(table.len(), 1);
    assert_eq!(store::put(&mut table, b"", &[0x10], 0.0), Err(Error::BadKey));
}

#[test]
fn delete_is_content_either_way() {
    let mut table = table(Options::default());
    insert(&mut table, b"sid", &[], 0.0);
    store::delete(&mut table, b"sid", 0.0);
    store::delete(&mut table, b"sid", 0.0);
    assert_eq!((table.len(), table.counts().deleted), (0, 1));
}

#[test]
fn an_id_is_its_random_bytes_and_nothing_else() {
    let mut random = Random::new(1);
    let mut seen = BTreeSet::new();
    for _ in 0..10_000 {
        let bytes: [u8; ID_BYTES] = random.bytes(ID_BYTES).try_into().unwrap();
        let id = store::id(bytes);
        assert!(id.iter().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(c)));
        let mut back = [0; ID_BYTES];
        assert_eq!(base64::pack(&id, &mut back), Some(ID_BYTES));
        assert_eq!(back, bytes);
        assert!(seen.insert(id));
    }
    assert_eq!(&store::id([0; ID_BYTES]), b"AAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(&store::id([0xFF; ID_BYTES]), b"________________________");
}

#[test]
fn put_without_an_id_mints_a_fresh_one() {
    let mut table = table(Options::default());
    let mut pool = Pool::default();
    assert!(pool.is_low());
    let mut random = Random::new(2);
    pool.fill(&random.bytes(ID_BYTES * 50));
    assert!(!pool.is_low());
    let mut ids = BTreeSet::new();
    for n in 0..50 {
        ids.insert(put_new(&mut table, f64::from(n), &mut pool, 0.0).unwrap());
    }
    assert_eq!((ids.len(), table.len()), (50, 50));
    for id in ids {
        assert!(store::get(&mut table, &id, 0.0).live().is_some());
    }
}

#[test]
fn a_pool_says_when_it_may_not_last() {
    let mut pool = Pool::new();
    pool.fill(&[0; TRIES * ID_BYTES - 1]);
    assert!(pool.is_low());
    pool.fill(&[0; 1]);
    assert!(!pool.is_low());
    assert_eq!(format!("{pool:?}"), "Pool(..)", "no random byte is shown");
}

#[test]
fn a_taken_id_is_never_overwritten() {
    for hash_keys in [false, true] {
        let mut table = table(Options { hash_keys, ..Options::default() });
        assert_eq!(put_new(&mut table, 1.0, &mut pool(&[7]), 0.0), Ok(id(7)));
        assert_eq!(put_new(&mut table, 2.0, &mut pool(&[7, 7, 7, 8]), 0.0), Ok(id(8)));
        assert_eq!(peek(&mut table, &id(7), 0.0), Some(numbers(&[("n", 1.0)])));
        assert_eq!(peek(&mut table, &id(8), 0.0), Some(numbers(&[("n", 2.0)])));
        let row = table.peek(&id(7), 0.0).live().unwrap();
        assert_eq!(table.meta(row).unwrap().version, 1);
    }
}

#[test]
fn eight_taken_ids_are_enough() {
    let mut table = table(Options::default());
    put_new(&mut table, 1.0, &mut pool(&[7]), 0.0).unwrap();
    let seven = [[7; TRIES - 1].as_slice(), &[8]].concat();
    assert_eq!(put_new(&mut table, 2.0, &mut pool(&seven), 0.0), Ok(id(8)));
    let eight = [[7; TRIES].as_slice(), &[9]].concat();
    let mut pool = pool(&eight);
    assert_eq!(put_new(&mut table, 3.0, &mut pool, 0.0), Err(Error::IdExhausted));
    assert_eq!(table.len(), 2);
    assert_eq!(peek(&mut table, &id(7), 0.0), Some(numbers(&[("n", 1.0)])));
    assert!(table.validate());
    // The next try goes on with bytes that were not used.
    assert_eq!(put_new(&mut table, 3.0, &mut pool, 0.0), Ok(id(9)));
}

#[test]
fn without_random_bytes_there_is_no_id() {
    let mut table = table(Options::default());
    let mut short = Pool::default();
    short.fill(&[1; ID_BYTES - 1]);
    for pool in [&mut Pool::default(), &mut short] {
        assert_eq!(put_new(&mut table, 1.0, pool, 0.0), Err(Error::IdExhausted));
        assert_eq!(table.rename(b"k", pool.ids(), 0.0), Ok(None), "nothing to rename is no failure");
    }
    insert(&mut table, b"k", &[], 0.0);
    assert_eq!(table.rename(b"k", short.ids(), 0.0), Err(Error::IdExhausted));
    assert_eq!(table.len(), 1);
}

#[test]
fn the_id_of_an_expired_row_is_free() {
    let lifetime = Lifetime { idle: Some(1_000), absolute: None };
    let mut table = table(Options { lifetime, ..Options::default() });
    put_new(&mut table, 1.0, &mut pool(&[7]), 0.0).unwrap();
    assert_eq!(put_new(&mut table, 2.0, &mut pool(&[7]), 999.0), Err(Error::IdExhausted));
    assert_eq!(put_new(&mut table, 2.0, &mut pool(&[7]), 1_000.0), Ok(id(7)));
    let row = table.peek(&id(7), 1_000.0).live().unwrap();
    assert_eq!(table.meta(row).unwrap().created, 1_000, "another row, not the old one");
}

#[test]
fn a_rename_keeps_everything_but_the_key() {
    let mut table = table(Options::default());
    insert(&mut table, b"another", &[("n", 5.0)], 500.0);
    insert(&mut table, b"old", &[("n", 1.0)], 1_000.0);
    insert(&mut table, b"old", &[("n", 2.0)], 2_000.0);
    insert(&mut table, &id(7), &[("n", 3.0)], 2_000.0);
    let renamed = table.rename(b"old", pool(&[7, 7, 8]).ids(), 3_000.0);
    assert_eq!(renamed, Ok(Some(id(8))), "taken ids are passed over");
    assert_eq!(table.peek(b"old", 3_000.0), Lookup::Missing);
    let row = table.peek(&id(8), 3_000.0).live().unwrap();
    let meta = table.meta(row).unwrap();
    assert_eq!((meta.created, meta.touched, meta.version), (1_000, 3_000, 2));
    assert_eq!(peek(&mut table, &id(8), 3_000.0), Some(numbers(&[("n", 2.0)])));
    assert_eq!(peek(&mut table, &id(7), 3_000.0), Some(numbers(&[("n", 3.0)])));
    assert_eq!((table.len(), table.counts().inserted, table.counts().deleted), (3, 3, 0));
    assert!(table.validate());
}

/// Renaming writes over the old place, so it must not disturb what stands near it.
#[test]
fn a_thousand_renames_lose_no_row() {
    let mut table = table(Options::default());
    let mut random = Random::new(4);
    let mut ids: Vec<store::Id> = Vec::new();
    for n in 0..1_000 {
        let mut pool = Pool::default();
        pool.fill(&random.bytes(ID_BYTES));
        ids.push(put_new(&mut table, f64::from(n), &mut pool, 0.0).unwrap());
    }
    for id in &mut ids {
        let mut pool = Pool::default();
        pool.fill(&random.bytes(ID_BYTES));
        *id = table.rename(&*id, pool.ids(), 0.0).unwrap().unwrap();
    }
    assert!(table.validate());
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(peek(&mut table, id, 0.0), Some(numbers(&[("n", n as f64)])));
    }
}
