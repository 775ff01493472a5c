//! A table as bytes and back: all or nothing, deadlines unchanged, eviction's order kept.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, missing_docs)]

use crate::common::{living, put};
use ets_session::error::Error;
use ets_session::index::Seed;
use ets_session::snapshot::checksum;
use ets_session::table::{Options, Table};
use ets_session::time::Lifetime;
use ets_session::value::Value;

const NOW: f64 = 1_700_000_000_000.0;

fn table(options: Options) -> Table {
    Table::new(options, Seed::new([3; 16])).unwrap()
}

fn fill(table: &mut Table, rows: usize) {
    for number in 0..rows {
        #[allow(clippy::cast_precision_loss)]
        let fields = [
            ("n".to_owned(), Value::Number(number as f64)),
            ("text".to_owned(), Value::Text("é".repeat(number))),
        ];
        let record = table.encode(&fields).unwrap();
        table.insert(format!("key {number}").as_bytes(), &record, 0, true, NOW).unwrap();
    }
}

fn bytes(table: &mut Table) -> Vec<u8> {
    let mut out = Vec::new();
    table.snapshot(NOW, &mut out).unwrap();
    out
}

#[test]
fn rows_come_back_with_their_values_times_and_versions() {
    let lifetime = Lifetime { idle: Some(60_000), absolute: Some(600_000) };
    let mut one = table(Options { lifetime, ..Options::default() });
    fill(&mut one, 50);
    one.get(b"key 7", NOW + 1_000.0);
    let mut two = table(Options { lifetime, ..Options::default() });
    fill(&mut two, 3);
    assert_eq!(two.restore(&bytes(&mut one), NOW + 2_000.0), Ok(50));
    assert!(two.validate());
    for number in 0..50 {
        let key = format!("key {number}");
        let (a, b) =
            (one.peek(key.as_bytes(), NOW).live().unwrap(), two.peek(key.as_bytes(), NOW).live().unwrap());
        assert_eq!(one.meta(a), two.meta(b));
        assert_eq!(one.decode(one.record(a)), two.decode(two.record(b)));
    }
}

#[test]
fn a_restored_table_evicts_in_the_same_order() {
    let options = Options { max_bytes: 4_096, ..Options::default() };
    let mut one = table(options);
    fill(&mut one, 20);
    let mut two = table(options);
    two.restore(&bytes(&mut one), NOW).unwrap();
    for number in 0..40 {
        let key = format!("new {number}");
        for table in [&mut one, &mut two] {
            let record = table.encode(&[("text".to_owned(), Value::Text("x".repeat(200)))]).unwrap();
            table.insert(key.as_bytes(), &record, 0, true, NOW).unwrap();
            assert!(table.validate());
        }
        for number in 0..20 {
            let key = format!("key {number}");
            let lives = |table: &mut Table| table.peek(key.as_bytes(), NOW).live().is_some();
            assert_eq!(lives(&mut one), lives(&mut two));
        }
    }
}

#[test]
fn what_is_expired_is_not_revived() {
    let lifetime = Lifetime { idle: None, absolute: Some(1_000) };
    let mut one = table(Options { lifetime, ..Options::default() });
    fill(&mut one, 2);
    let snapshot = bytes(&mut one);
    let mut two = table(Options { lifetime, ..Options::default() });
    assert_eq!(two.restore(&snapshot, NOW + 1_000.0), Ok(0));
    assert_eq!(two.restore(&snapshot, NOW + 999.0), Ok(0), "the clock does not run backwards");
    let mut three = table(Options { lifetime, ..Options::default() });
    assert_eq!(three.restore(&snapshot, NOW + 999.0), Ok(2));
}

#[test]
fn altered_bytes_are_refused_and_change_nothing() {
    let mut one = table(Options::default());
    fill(&mut one, 4);
    let snapshot = bytes(&mut one);
    let mut two = table(Options::default());
    fill(&mut two, 1);
    for at in 0..snapshot.len() {
        for bit in 0..8 {
            let mut bad = snapshot.clone();
            *bad.get_mut(at).unwrap() ^= 1 << bit;
            assert_eq!(two.restore(&bad, NOW), Err(Error::BadSnapshot));
        }
        assert_eq!(two.restore(snapshot.get(..at).unwrap(), NOW), Err(Error::BadSnapshot));
    }
    assert_eq!(two.len(), 1);
    assert!(two.validate());
}

#[test]
fn hashed_keys_go_where_keys_are_hashed_and_plain_keys_anywhere() {
    let hashing = Options { hash_keys: true, ..Options::default() };
    let (mut plain, mut hashed) = (table(Options::default()), table(hashing));
    fill(&mut plain, 3);
    fill(&mut hashed, 3);
    plain.insert(b"abcdefghijklmnopqrstuvwx", &[0x10], 0, true, NOW).unwrap();
    let mut target = table(hashing);
    assert_eq!(target.restore(&bytes(&mut plain), NOW), Ok(4));
    assert!(target.peek(b"abcdefghijklmnopqrstuvwx", NOW).live().is_some());
    assert!(target.peek(b"key 2", NOW).live().is_some());
    assert_eq!(target.restore(&bytes(&mut hashed), NOW), Ok(3));
    assert_eq!(plain.restore(&bytes(&mut hashed), NOW), Err(Error::BadSnapshot));
    assert_eq!(plain.len(), 4);
}

/// A name that had no room to be numbered stands inline; where there is room, it must not get a number
/// besides.
#[test]
fn a_name_that_stands_inline_is_not_numbered_later() {
    let mut small = table(Options { max_bytes: 1_000, ..Options::default() });
    let name = "a name for which a small table has no room ".repeat(2);
    for number in 0..20 {
        small.intern(&format!("name {number}"));
    }
    let of = |value: f64| [(name.clone(), Value::Number(value))];
    let record = small.encode(&of(1.0)).unwrap();
    small.insert(b"key", &record, 0, true, NOW).unwrap();
    let mut large = table(Options::default());
    large.restore(&bytes(&mut small), NOW).unwrap();
    let change = [&[0, 0, 0], &large.encode(&of(2.0)).unwrap()[..]].concat();
    let row = large.update(b"key", &change, NOW).unwrap().live().unwrap();
    assert_eq!(large.decode(large.record(row)), Some(of(2.0).to_vec()));
}

#[test]
fn what_does_not_fit_is_refused_whole() {
    let mut one = table(Options::default());
    fill(&mut one, 100);
    let mut small = table(Options { max_bytes: 2_048, ..Options::default() });
    fill(&mut small, 2);
    let refused = small.restore(&bytes(&mut one), NOW);
    assert!(
        matches!(refused, Err(Error::TableFull { needed: 2_049.. })),
        "all of it up to there: {refused:?}"
    );
    assert_eq!(small.len(), 2);
    assert!(small.validate());
}

#[test]
fn memory_is_reserved_once_and_to_a_few_bytes() {
    for lifetime in [Lifetime::default(), Lifetime { idle: Some(60_000), absolute: Some(600_000) }] {
        for rows in [0, 1, 127, 128, 300] {
            let mut one = table(Options { lifetime, ..Options::default() });
            fill(&mut one, rows);
            let out = bytes(&mut one);
            assert!(out.capacity() - out.len() < 32, "{} of {} for {rows} rows", out.len(), out.capacity());
        }
    }
}

#[test]
fn what_ends_at_this_very_millisecond_is_not_taken_along() {
    let mut table = table(living(Some(1_000), None));
    put(&mut table, b"a", &[("n", 1.0)], NOW);
    let length = |table: &mut Table, now: f64| {
        let mut bytes = Vec::new();
        table.snapshot(now, &mut bytes).unwrap();
        bytes.len()
    };
    let living = length(&mut table, NOW + 999.0);
    let over = length(&mut table, NOW + 1_000.0);
    assert!(over < living);
    assert_eq!(table.len(), 1, "nobody met it");
    table.sweep(1, NOW + 1_000.0);
    assert!(table.is_empty());
    assert_eq!(length(&mut table, NOW + 1_000.0), over);
}

#[test]
fn a_head_that_is_not_ours_is_refused_with_a_right_checksum_too() {
    let mut full = table(Options::default());
    put(&mut full, b"a", &[("n", 1.0)], NOW);
    let mut bytes = Vec::new();
    full.snapshot(NOW, &mut bytes).unwrap();
    let body = bytes.len() - checksum(&[]).len();
    for at in 0..6 {
        for bit in 0..8 {
            let mut other = bytes[..body].to_vec();
            other[at] ^= 1 << bit;
            let sum = checksum(&other);
            other.extend(sum);
            let mut table = self::table(Options::default());
            assert_eq!(table.restore(&other, NOW), Err(Error::BadSnapshot), "bit {bit} of {at}");
            assert!(table.is_empty());
        }
    }
}
