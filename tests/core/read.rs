//! Rows met again where they were: never another row, and never what only looks like one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use crate::common::random::Random;
use ets_session::index::Seed;
use ets_session::key::{Key, ROOM};
use ets_session::read::Spot;
use ets_session::row::Parts;
use ets_session::slab::block_size;
use ets_session::table::{Lookup, Options, Table};
use ets_session::time::Lifetime;
use ets_session::value::Value;

const KEY: &[u8] = b"one-key-of-24-characters";
const OTHER: &[u8] = b"two-key-of-24-characters";

fn table(lifetime: Lifetime) -> Table {
    Table::new(Options { lifetime, hash_keys: true, ..Options::default() }, Seed::new([7; 16])).unwrap()
}

fn insert(table: &mut Table, key: &[u8], value: Value) {
    let record = table.encode(&[("n".to_owned(), value)]).unwrap();
    table.insert(key, &record, 0, false, 0.0).unwrap();
}

fn meet(table: &mut Table, key: &[u8]) -> Spot {
    let row = table.get(key, 0.0).live().unwrap();
    table.spot(row).unwrap()
}

fn at(table: &mut Table, spot: Spot, now: f64) -> Option<Result<Vec<u8>, Lookup>> {
    // By the numbers that cross.
    let (low, high) = spot.halves();
    assert!(low.max(high) < 1 << 30);
    let found = table.get_at(Spot::new(spot.row, low, high), now)?;
    Some(found.live().map(|row| table.record(row).to_vec()).ok_or(found))
}

#[test]
fn a_row_is_met_again_and_refreshed() {
    let mut table = table(Lifetime { idle: Some(1000), absolute: None });
    insert(&mut table, KEY, Value::Number(1.0));
    let spot = meet(&mut table, KEY);
    let record = table.record(spot.row).to_vec();
    assert_eq!(at(&mut table, spot, 999.0), Some(Ok(record)));
    assert!(table.get(KEY, 1998.0).live().is_some(), "which was a touch");
    let hits = table.counts().hits;
    assert_eq!(at(&mut table, spot, 2998.0), Some(Err(Lookup::Expired)), "exact at the boundary");
    assert_eq!((table.counts().hits, table.counts().misses), (hits, 1));
    assert_eq!(at(&mut table, spot, 2998.0), None);
}

#[test]
fn a_row_written_in_place_is_met_with_what_was_written() {
    let mut table = table(Lifetime::default());
    insert(&mut table, KEY, Value::Number(1.0));
    let spot = meet(&mut table, KEY);
    insert(&mut table, KEY, Value::Number(2.0));
    let now = table.record(spot.row).to_vec();
    assert_eq!(at(&mut table, spot, 0.0), Some(Ok(now)));
}

#[test]
fn a_row_that_went_or_moved_is_not_met() {
    let mut table = table(Lifetime::default());
    insert(&mut table, KEY, Value::Number(1.0));
    let spot = meet(&mut table, KEY);
    insert(&mut table, KEY, Value::Text("x".repeat(300)));
    assert_eq!(at(&mut table, spot, 0.0), None, "it is in another block");

    insert(&mut table, KEY, Value::Number(1.0));
    let spot = meet(&mut table, KEY);
    assert!(table.delete(KEY, 0.0));
    assert_eq!(at(&mut table, spot, 0.0), None);
    insert(&mut table, OTHER, Value::Number(1.0));
    assert_eq!(meet(&mut table, OTHER).row, spot.row, "another has its block");
    assert_eq!(at(&mut table, spot, 0.0), None);
}

#[test]
fn an_id_that_was_ended_is_not_met_where_its_ghost_lies() {
    let mut table = table(Lifetime::default());
    insert(&mut table, KEY, Value::Text("x".to_owned()));
    let spot = meet(&mut table, KEY);
    assert!(table.end_by(Key::new(KEY, true, &mut { ROOM }), 0.0));
    assert_eq!(at(&mut table, spot, 0.0), None);
}

/// Who knows their own key can store what looks like their row with other fields. A page that holds blocks of another
/// size now must not be read in the middle of one.
#[test]
fn the_inside_of_a_row_is_no_row() {
    let mut table = table(Lifetime::default());
    insert(&mut table, KEY, Value::Number(1.0));
    let spot = meet(&mut table, KEY);
    let mut room = ROOM;
    let key = Key::new(KEY, true, &mut room);
    let (key, packed) = (key.bytes(), key.is_packed());
    let (record, subject, times) = (&[0x11, 1, 9][..], &[][..], 0);
    let parts =
        Parts { key, packed, subject, record, created: times, touched: times, version: 1, lifetime: 0 };
    let mut forged = vec![0; block_size(parts.size())];
    parts.write(&mut forged);
    for pad in 0..4 {
        table.clear();
        let large = [vec![0; pad], forged.repeat(20)].concat();
        let size = block_size(large.len() + 64) as u32 / 4;
        insert(&mut table, OTHER, Value::Binary(0, large));
        let there = meet(&mut table, OTHER).row;
        for row in there + 1..there + size {
            assert_eq!(at(&mut table, Spot { row, ..spot }, 0.0), None, "{row}");
        }
    }
}

#[test]
fn an_address_that_was_never_given_leads_nowhere() {
    let mut table = table(Lifetime::default());
    insert(&mut table, KEY, Value::Number(1.0));
    let spot = meet(&mut table, KEY);
    for row in [spot.row + 1, spot.row + 4096, u32::MAX >> 1, u32::MAX, 1 << 31] {
        assert_eq!(at(&mut table, Spot { row, ..spot }, 0.0), None, "{row}");
    }
}

#[test]
fn a_spot_has_the_first_sixty_bits_of_a_key() {
    let mut table = table(Lifetime::default());
    for number in 0..64_u8 {
        insert(&mut table, &[number], Value::Number(1.0));
        let spot = meet(&mut table, &[number]);
        let key = table.key(spot.row).0.first_chunk().unwrap();
        assert_eq!(spot.begin, u64::from_le_bytes(*key) % (1 << 60));
        assert!(at(&mut table, spot, 0.0).is_some());
    }
}

#[test]
fn a_key_that_begins_otherwise_is_another() {
    let mut table = table(Lifetime::default());
    insert(&mut table, KEY, Value::Number(1.0));
    let spot = meet(&mut table, KEY);
    for bit in 0..60 {
        let other = Spot { begin: spot.begin ^ (1 << bit), ..spot };
        assert_eq!(at(&mut table, other, 0.0), None, "{bit}");
    }
    assert!(at(&mut table, spot, 0.0).is_some());
}

#[test]
fn rows_too_large_for_pages_are_met() {
    let mut table = table(Lifetime::default());
    insert(&mut table, KEY, Value::Text("x".repeat(9000)));
    let spot = meet(&mut table, KEY);
    assert!(at(&mut table, spot, 0.0).is_some_and(|found| found.is_ok()));
    assert!(table.delete(KEY, 0.0));
    assert_eq!(at(&mut table, spot, 0.0), None);
}

/// Two keys that somebody made by hand may begin alike.
#[test]
fn rows_whose_keys_are_kept_as_they_are_are_looked_for() {
    let mut table = Table::new(Options::default(), Seed::new([7; 16])).unwrap();
    for key in [KEY, b"k"] {
        insert(&mut table, key, Value::Number(1.0));
        let row = table.get(key, 0.0).live().unwrap();
        assert_eq!(table.spot(row), None);
    }
}

/// Whatever happened meanwhile: a spot leads to the row that its key leads to, or nowhere.
#[test]
fn a_spot_never_leads_to_another_row() {
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let mut table = table(Lifetime { idle: Some(200), absolute: None });
        let (mut spots, mut now, mut met) = (Vec::new(), 0.0, 0);
        for _ in 0..1_500 {
            let key = format!("key-{}", random.below(40)).into_bytes();
            match random.below(12) {
                0 => drop(table.delete(&key, now)),
                1 => drop(table.end_by(Key::new(&key, true, &mut { ROOM }), now)),
                2 => drop(table.sweep(3, now)),
                3 if random.below(60) == 0 => table.clear(),
                4 => now += random.below(60) as f64,
                5..=8 => {
                    let record = table.encode(&[("t".to_owned(), Value::Text("x".repeat(random.size(90))))]);
                    table.insert(&key, &record.unwrap(), 0, false, now).unwrap();
                }
                _ => {
                    if let Some(row) = table.get(&key, now).live() {
                        spots.push((key, table.spot(row).unwrap()));
                    }
                }
            }
            if spots.is_empty() {
                continue;
            }
            let (key, spot) = &spots[random.size(spots.len())];
            let expected = table.peek(key, now);
            match table.get_at(*spot, now) {
                None => {}
                Some(Lookup::Live(row)) => {
                    assert_eq!(Lookup::Live(row), expected, "seed {seed}");
                    met += 1;
                }
                Some(other) => panic!("seed {seed}: {other:?} where peek() had just removed what is over"),
            }
            assert!(table.validate());
        }
        assert!(met > 100, "seed {seed}: {met} rows were met again");
    }
}
