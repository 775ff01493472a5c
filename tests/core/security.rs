//! Items of the security policy that only the core can show, by their numbers there.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::collections::HashMap;

use ets_session::index::Seed;

const COUNT: usize = 200;
/// As many bits as lead to a bucket of a segment, and the seven that stand beside it.
const PLACE: u64 = 0x7F << 57 | 0xFF;

/// How many of the keys are in the place where most of them are.
fn crowd(seed: Seed, keys: &[[u8; 8]]) -> usize {
    let mut places: HashMap<u64, usize> = HashMap::new();
    for key in keys {
        *places.entry(seed.key((key, false)) & PLACE).or_default() += 1;
    }
    places.into_values().max().unwrap()
}

/// Keys that all fall into one place for whoever knows the seed.
fn chosen(seed: Seed) -> Vec<[u8; 8]> {
    let keys = (0_u64..).map(u64::to_be_bytes);
    keys.filter(|key| seed.key((key, false)) & PLACE == 0).take(COUNT).collect()
}

#[test]
fn s53_keys_chosen_with_the_code_but_without_the_seed_are_like_any_others() {
    let known = Seed::new([1; 16]);
    let hostile = chosen(known);
    assert_eq!(crowd(known, &hostile), COUNT, "the attack does not work, so the rest proves nothing");
    for byte in 2..40 {
        let crowd = crowd(Seed::new([byte; 16]), &hostile);
        assert!(crowd <= 6, "{crowd} of {COUNT} keys in one place");
    }
}

#[test]
fn a17_every_bit_of_the_seed_moves_the_keys_elsewhere() {
    let known = Seed::default();
    let hostile = chosen(known);
    assert_eq!(crowd(known, &hostile), COUNT);
    for bit in 0..128 {
        let seed = Seed::new((1_u128 << bit).to_le_bytes());
        assert!(crowd(seed, &hostile) <= 6, "bit {bit} of the seed counts for nothing");
    }
}

#[test]
fn a20_the_core_has_no_unsafe_code_and_none_of_the_crates_that_failed() {
    assert!(include_str!("../../src/lib.rs").contains("#![forbid(unsafe_code)]"));
    let manifest = include_str!("../../Cargo.toml");
    for name in ["lru", "slab", "fxhash", "rustc-hash", "ahash", "time", "cookie"] {
        let depends = manifest.lines().any(|line| {
            line.split(['=', ' ', '.']).next().is_some_and(|word| word.trim_matches('"') == name)
        });
        assert!(!depends, "{name} is a dependency");
    }
}
