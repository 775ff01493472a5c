//! Blocks: never two in one place, zeroed when given back, and their pages used again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use crate::common::random::Random;
use crate::refusals::alloc::held;
use ets_session::slab::{Row, Slab, block_size};

const PAGE: i64 = 16 * 1024;

#[test]
fn block_sizes_hold_what_was_asked_for_and_little_more() {
    let mut before = 0;
    for size in 1..=70_000 {
        let block = block_size(size);
        assert!(block >= size && block.is_multiple_of(4), "{size}");
        assert!(block >= before, "a larger size in a smaller block");
        assert!(block - size < 16.max(size / 8 + 4), "{size} bytes in a block of {block}");
        assert_eq!(block_size(block), block, "a size of its own");
        before = block;
    }
}

#[test]
fn a_block_is_as_long_as_was_said() {
    let mut slab = Slab::default();
    for size in (1..=5_000).chain([16_384, 16_385, 65_536]) {
        let row = slab.alloc(size).unwrap();
        assert_eq!(slab.block(row).len(), block_size(size));
        assert_eq!(slab.block_mut(row).len(), block_size(size));
    }
}

/// Every living block is filled with a byte of its own, which nobody else may write over.
#[test]
fn blocks_do_not_overlap() {
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let mut slab = Slab::default();
        let mut living: BTreeMap<Row, u8> = BTreeMap::new();
        for step in 0..4_000_u32 {
            let growing = (step / 1_000) % 2 == 0;
            if living.is_empty() || random.below(10) < if growing { 7 } else { 3 } {
                let size = match random.below(8) {
                    0 => 1 + random.size(9_000),
                    1 | 2 => 1 + random.size(1_000),
                    _ => 1 + random.size(250),
                };
                let row = slab.alloc(size).unwrap();
                assert!(slab.block(row).iter().all(|&byte| byte == 0), "a fresh block is not zero");
                let fill = 1 + random.below(255) as u8;
                slab.block_mut(row).fill(fill);
                assert_eq!(living.insert(row, fill), None, "an address given twice");
            } else {
                let row = *living.keys().nth(random.size(living.len())).unwrap();
                let fill = living.remove(&row).unwrap();
                assert!(slab.block(row).iter().all(|&byte| byte == fill), "written over by another");
                slab.free(row);
            }
        }
        for (row, fill) in living {
            assert!(slab.block(row).iter().all(|&byte| byte == fill), "written over by another");
        }
    }
}

#[test]
fn what_a_block_held_is_gone_once_it_is_given_back() {
    let mut slab = Slab::default();
    for size in [16, 100, 256, 300, 4_096, 5_000] {
        let (kept, freed) = (slab.alloc(size).unwrap(), slab.alloc(size).unwrap());
        slab.block_mut(freed).fill(0xAB);
        slab.free(freed);
        assert!(slab.block(freed).iter().all(|&byte| byte != 0xAB), "{size} bytes still there");
        let again = slab.alloc(size).unwrap();
        assert!(slab.block(again).iter().all(|&byte| byte == 0));
        slab.free(kept);
        slab.free(again);
    }
}

#[test]
fn clearing_gives_everything_back() {
    let before = held();
    let mut slab = Slab::default();
    for size in 1..3_000 {
        slab.alloc(size).unwrap();
    }
    assert!(held() > before + 4_000_000);
    slab.clear();
    assert_eq!(held(), before);
}

/// Rows of one size come and go, then rows of another, as in a table whose rows change with the years.
#[test]
fn memory_is_bounded_over_ten_rounds_of_varying_sizes() {
    const BYTES: usize = 8 << 20;
    let begin = held();
    let mut slab = Slab::default();
    let mut first = 0;
    for round in 0..10 {
        let mut random = Random::new(round);
        let middle = [60, 180, 700, 90, 2_500, 130, 250, 40, 1_200, 140][round as usize];
        let (mut rows, mut taken) = (Vec::new(), 0);
        while taken < BYTES {
            let size = middle + random.size(middle / 2);
            rows.push(slab.alloc(size).unwrap());
            taken += block_size(size);
        }
        let listed = (rows.capacity() * size_of::<Row>()) as i64;
        let most = held() - begin - listed;
        if round == 0 {
            first = most;
        }
        assert!(most * 100 <= first * 115, "round {round} holds {most} bytes, the first held {first}");
        while !rows.is_empty() {
            slab.free(rows.swap_remove(random.size(rows.len())));
        }
        drop(rows);
        let left = held() - begin;
        assert!(left <= 4 * PAGE + 64 * 1024, "round {round} leaves {left} bytes behind");
    }
}

/// A few rows that outlive the others cost no more than the pages on which they stand.
#[test]
fn rows_that_stay_keep_only_their_own_pages() {
    let begin = held();
    let mut slab = Slab::default();
    let rows: Vec<Row> = (0..50_000).map(|_| slab.alloc(100).unwrap()).collect();
    for (at, row) in rows.iter().enumerate() {
        if at % 5_000 != 0 {
            slab.free(*row);
        }
    }
    let listed = (rows.capacity() * size_of::<Row>()) as i64;
    let left = held() - begin - listed;
    assert!(left <= (10 + 4) * PAGE + 64 * 1024, "ten rows hold {left} bytes");
}

#[test]
fn addresses_that_were_never_given_lead_nowhere() {
    let mut slab = Slab::default();
    for row in [0, 1, 4_095, 1 << 12, 1 << 31, u32::MAX] {
        assert!(slab.block(row).is_empty());
        assert!(slab.block_mut(row).is_empty());
        slab.free(row);
    }
}
