//! Tags of ids: a secret's, a table's, and no other's.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use ets_session::store::ID_LENGTH;
use ets_session::tag;

const ID: &[u8; 24] = b"abcdefghijklmnopqrstuvwx";

#[test]
fn a_tag_is_of_one_secret_one_table_and_one_id() {
    let key = tag::key(b"a secret of some length, as they are", b"sessions");
    let right = tag::of(&key, ID);
    assert_eq!(right, tag::of(&key, ID));
    let others = [
        tag::of(&tag::key(b"a secret of some length, as they are.", b"sessions"), ID),
        tag::of(&tag::key(b"a secret of some length, as they are", b"session"), ID),
        tag::of(&tag::key(b"a secret of some length, as they ares", b"essions"), ID),
        tag::of(&key, b"abcdefghijklmnopqrstuvwy"),
        tag::of(&[0; 32], ID),
        tag::of(&tag::key(b"", b""), ID),
    ];
    for (n, other) in others.iter().enumerate() {
        assert!(!tag::same(other, &right), "{n}");
    }
}

/// Cookies outlive versions: what was signed by one must be right for the next.
#[test]
fn tags_stay_what_they_are() {
    let key = tag::key(b"a secret of some length, as they are", b"sessions");
    assert_eq!(core::str::from_utf8(&tag::of(&key, ID)).unwrap(), "JcEtf1_i2vYYF8f-ajQc2P8u");
}

#[test]
fn a_tag_that_differs_in_a_bit_or_in_its_length_is_another() {
    let right = tag::of(&tag::key(b"secret", b"t"), ID);
    assert!(tag::same(&right, &right));
    for at in 0..ID_LENGTH {
        for bit in 0..8 {
            let mut given = right;
            given[at] ^= 1 << bit;
            assert!(!tag::same(&given, &right), "bit {bit} of {at}");
        }
    }
    // Two wrong bytes do not make up for each other.
    let mut given = right;
    given[3] ^= 5;
    given[9] ^= 5;
    assert!(!tag::same(&given, &right));
    assert!(!tag::same(&right[..23], &right));
    assert!(!tag::same(&[&right[..], b"A"].concat(), &right));
    assert!(!tag::same(b"", &right));
}
