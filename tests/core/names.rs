//! Numbered names: how many, how long, for how many bytes, and what a snapshot may say of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use ets_session::error::Error;
use ets_session::index::Seed;
use ets_session::names::{MAX_NAME_BYTES, MAX_NAMES, Names};

const SEED: Seed = Seed::new([9; 16]);
const ROOM: u64 = u64::MAX;

#[test]
fn names_are_numbered_up_to_a_length_and_a_number() {
    let mut names = Names::default();
    assert!(names.is_empty());
    assert_eq!(names.intern(&"x".repeat(MAX_NAME_BYTES + 1), SEED, ROOM), None);
    assert_eq!(names.intern(&"x".repeat(MAX_NAME_BYTES), SEED, ROOM), Some(1));
    assert!(!names.is_empty());
    for number in 2..=MAX_NAMES {
        assert_eq!(names.intern(&format!("n{number}"), SEED, ROOM), Some(number));
    }
    assert_eq!(names.intern("one more", SEED, ROOM), None);
    assert_eq!(names.intern("n2", SEED, ROOM), Some(2), "known ones stay known");
    assert_eq!(names.len(), MAX_NAMES);
}

#[test]
fn names_take_the_room_they_are_given_to_the_last_byte() {
    let cost = |name: &str| {
        let mut names = Names::default();
        names.intern(name, SEED, ROOM).unwrap();
        names.bytes() + names.unsettled_bytes()
    };
    let (one, two) = (cost("one"), cost("another"));
    let mut names = Names::default();
    assert_eq!(names.intern("one", SEED, one - 1), None);
    assert_eq!(names.intern("one", SEED, one), Some(1));
    assert_eq!(names.intern("another", SEED, one + two - 1), None);
    assert_eq!(names.intern("another", SEED, one + two), Some(2));
}

#[test]
fn names_come_back_under_their_numbers_alone() {
    let mut names = Names::default();
    let bad = Err(Error::BadSnapshot);
    assert_eq!(names.restore("a", 2, SEED), bad, "not the next");
    assert_eq!(names.restore("a", 0, SEED), bad);
    assert_eq!(names.restore(&"x".repeat(MAX_NAME_BYTES + 1), 1, SEED), bad, "too long");
    assert_eq!(names.restore(&"x".repeat(MAX_NAME_BYTES), 1, SEED), Ok(()));
    assert_eq!(names.restore(&"x".repeat(MAX_NAME_BYTES), 2, SEED), bad, "twice");
    for number in 2..=MAX_NAMES {
        assert_eq!(names.restore(&format!("n{number}"), number, SEED), Ok(()));
    }
    assert_eq!(names.restore("one more", MAX_NAMES + 1, SEED), bad, "too many");
    assert_eq!(names.number("n7", SEED), Some(7));
}
