//! From hashes to rows: growth, removal, and keys that someone chose to collide.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::common::random::Random;
use crate::common::{is_live, put, table};
use ets_session::index::{Index, Seed};
use ets_session::table::{Options, Table};

/// An index over keys of which the row's address is the number.
struct Keyed {
    index: Index,
    seed: Seed,
    keys: Vec<[u8; 8]>,
}

impl Keyed {
    fn new(seed: Seed, keys: &[[u8; 8]]) -> Self {
        let mut keyed = Self { index: Index::new(1).unwrap(), seed, keys: keys.to_vec() };
        for (row, key) in keys.iter().enumerate() {
            let hash = seed.key((key, false));
            let hash_of = |row: u32| seed.key((&keys[row as usize], false));
            assert!(keyed.index.reserve(hash, &hash_of));
            keyed.index.insert(hash, row as u32, &hash_of);
        }
        keyed
    }

    /// How many keys are compared while each is looked up once.
    fn comparisons(&self) -> usize {
        let mut compared = 0;
        for (row, key) in self.keys.iter().enumerate() {
            let found = self.index.find(self.seed.key((key, false)), |other| {
                compared += 1;
                self.keys[other as usize] == *key
            });
            assert_eq!(found, Some(row as u32));
        }
        compared
    }
}

/// Keys that stand in one place of a table of up to 256 under a seed: the low bits of their hashes say
/// where, the highest seven are kept beside them.
fn colliding(seed: Seed, count: usize) -> Vec<[u8; 8]> {
    let keys = (0_u64..).map(u64::to_be_bytes);
    let collides = |key: &[u8; 8]| seed.key((key, false)) & (0x7F << 57 | 0xFF) == 0;
    keys.filter(collides).take(count).collect()
}

#[test]
fn keys_that_collide_under_one_seed_do_not_under_another() {
    const COUNT: usize = 120;
    let known = Seed::default();
    let hostile = colliding(known, COUNT);
    let mut random = Random::new(1);
    let ordinary: Vec<[u8; 8]> = (0..COUNT).map(|_| random.bytes(8).try_into().unwrap()).collect();
    // Without this the rest would prove nothing: who knows the seed can make look-ups slow.
    let attack = Keyed::new(known, &hostile).comparisons();
    assert!(attack > COUNT * COUNT / 3, "the attack does not work: {attack} comparisons");
    assert!(Keyed::new(known, &ordinary).comparisons() < 2 * COUNT);
    for byte in 1..=50 {
        let secret = Seed::new([byte; 16]);
        let compared = Keyed::new(secret, &hostile).comparisons();
        assert!(compared < 2 * COUNT, "{compared} comparisons for {COUNT} keys");
    }
}

#[test]
fn the_whole_seed_counts_and_is_not_shown() {
    let mut hashes: Vec<u64> = (0..16)
        .map(|at| {
            let mut bytes = [0; 16];
            bytes[at] = 1;
            Seed::new(bytes).hash(b"key")
        })
        .collect();
    hashes.push(Seed::default().hash(b"key"));
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 17);
    assert_eq!(Seed::new([0; 16]).hash(b"key"), Seed::default().hash(b"key"));
    assert_eq!(format!("{:?}", Seed::new([0x41; 16])), "Seed(..)");
}

/// SipHash-1-3's own reference values, so that no weaker function takes its place unnoticed.
#[test]
fn hashes_are_those_of_siphash_1_3() {
    let seed = Seed::new(std::array::from_fn(|at| at as u8));
    let input: Vec<u8> = (0..8).collect();
    assert_eq!(seed.hash(&[]), 0xABAC_0158_050F_C4DC);
    assert_eq!(seed.hash(&input[..1]), 0xC9F4_9BF3_7D57_CA93);
    assert_eq!(seed.hash(&input[..2]), 0x82CB_9B02_4DC7_D44D);
}

#[test]
fn growing_and_shrinking_keeps_every_row_in_its_place() {
    for rows in [1, 800, 1_600, 10_000] {
        let seed = Seed::new([5; 16]);
        let mut index = Index::new(rows).unwrap();
        let hash_of = |row: u32| seed.hash(&row.to_le_bytes());
        let mut random = Random::new(rows);
        let mut living: Vec<u32> = Vec::new();
        for row in 0..12_000_u32 {
            assert!(index.reserve(hash_of(row), &hash_of));
            index.insert(hash_of(row), row, &hash_of);
            living.push(row);
            if random.below(3) == 0 {
                let gone = living.swap_remove(random.size(living.len()));
                index.remove(hash_of(gone), gone);
                assert_eq!(index.find(hash_of(gone), |row| row == gone), None);
            }
        }
        for &row in &living {
            assert_eq!(index.find(hash_of(row), |other| other == row), Some(row));
        }
        let mut all: Vec<u32> = Vec::new();
        for number in 0.. {
            let Some(segment) = index.segment(number) else { break };
            let here: Vec<u32> = segment.collect();
            assert!(here.iter().all(|&row| index.segment_of(hash_of(row)) == number));
            all.extend(here);
        }
        all.sort_unstable();
        living.sort_unstable();
        assert_eq!(all, living);
        index.clear();
        assert_eq!(index.segment(0).map(Iterator::count), Some(0));
    }
}

#[test]
fn segments_go_in_the_order_of_hashes() {
    let index = Index::new(100_000).unwrap();
    let places: Vec<usize> = (0..=255_u64).map(|top| index.segment_of(top << 56)).collect();
    assert!(places.is_sorted());
    assert_eq!(places[0], 0);
    assert!(index.segment(index.segment_of(u64::MAX)).is_some());
    assert!(index.segment(index.segment_of(u64::MAX) + 1).is_none());
}

#[test]
fn a_row_that_moved_is_found_at_its_new_address() {
    let mut index = Index::new(1).unwrap();
    let hash_of = |_: u32| 7;
    for row in [1, 2] {
        assert!(index.reserve(7, &hash_of));
        index.insert(7, row, &hash_of);
    }
    index.replace(7, 1, 3);
    index.replace(7, 9, 4);
    let mut rows: Vec<u32> = index.segment(0).unwrap().collect();
    rows.sort_unstable();
    assert_eq!(rows, [2, 3]);
}

#[test]
fn many_tables_of_rows_under_any_seed_are_the_same_rows() {
    let keys = colliding(Seed::default(), 60);
    for seed in [Seed::default(), Seed::new([1; 16]), Seed::new([255; 16])] {
        let mut table = Table::new(Options::default(), seed).unwrap();
        for key in &keys {
            put(&mut table, key, &[], 0.0);
        }
        assert!(table.validate());
        assert!(keys.iter().all(|key| is_live(&mut table, key, 0.0)));
        assert!(keys.iter().all(|key| table.delete(key, 0.0)));
        assert_eq!((table.len(), table.bytes()), (0, 0));
    }
}

#[test]
fn a_hundred_thousand_rows_come_and_go() {
    let mut table = table(Options::default());
    let key = |n: u32| n.to_be_bytes();
    for n in 0..100_000 {
        put(&mut table, &key(n), &[], 0.0);
    }
    assert!(table.validate());
    for n in (0..100_000).step_by(2) {
        assert!(table.delete(&key(n), 0.0));
    }
    assert!(table.validate());
    assert!((0..100_000).all(|n| is_live(&mut table, &key(n), 0.0) == (n % 2 == 1)));
}
