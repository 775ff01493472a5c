//! Keys as rows hold them: as they are, packed, or hashed, and never one for another.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;

use crate::common::random::Random;
use crate::common::{Wanted, numbers, pages, peek, put, table};
use ets_session::base64;
use ets_session::index::Seed;
use ets_session::key::{self, Key};
use ets_session::table::Options;

fn stored(key: &[u8], hashed: bool) -> (Vec<u8>, bool) {
    let mut room = key::ROOM;
    let key = Key::new(key, hashed, &mut room);
    (key.bytes().to_vec(), key.is_packed())
}

#[test]
fn groups_of_base64url_are_packed() {
    assert_eq!(stored(b"AAAAAAAB", false), (vec![0, 0, 0, 0, 0, 1], true));
    assert_eq!(stored(&[b'_'; 24], false), (vec![0xFF; 18], true));
    assert_eq!(stored(&[b'A'; 64], false), (vec![0; 48], true));
    let kept: [&[u8]; 8] =
        [b"A", b"AAAA", b"AAAAAAA", b"AAAAAAAAA", &[b'A'; 68], b"AAAAAAA+", b"AAAAAA==", &[0; 8]];
    for key in kept {
        assert_eq!(stored(key, false), (key.to_vec(), false));
    }
}

#[test]
fn hashed_keys_are_blake3_cut_to_16_bytes() {
    let hash =
        [0xAF, 0x13, 0x49, 0xB9, 0xF5, 0xF9, 0xA1, 0xA6, 0xA0, 0x40, 0x4D, 0xEA, 0x36, 0xDC, 0xC9, 0x49];
    assert_eq!(stored(b"", true), (hash.to_vec(), false), "the published value for no input");
    let text = key::public_hash(b"");
    assert_eq!(&text, b"rxNJufX5oaagQE3qNtzJSQ");
    assert_eq!(stored(b"AAAAAAAB", true).0.len(), 16);
    assert_ne!(stored(b"AAAAAAAB", true), stored(b"AAAAAAAC", true));
}

#[test]
fn a_hashed_key_over_1024_bytes_is_hashed_piece_by_piece() {
    let key: Vec<u8> = (0..3000_u32).map(|at| at.to_le_bytes()[0]).collect();
    for length in [1023, 1024] {
        assert_eq!(stored(&key[..length], true).0, blake3::hash(&key[..length]).as_bytes()[..16]);
    }
    let first: [u8; 32] = blake3::hash(&key[..1024]).into();
    let second: [u8; 32] = blake3::keyed_hash(&first, &key[1024..2048]).into();
    assert_eq!(stored(&key[..2048], true).0, second[..16]);
    assert_eq!(stored(&key, true).0, blake3::keyed_hash(&second, &key[2048..]).as_bytes()[..16]);
    assert_eq!(stored(&key[..1025], true).0, blake3::keyed_hash(&first, &key[1024..1025]).as_bytes()[..16]);
}

#[test]
fn every_key_is_a_row_of_its_own() {
    let mut random = Random::new(8);
    let mut keys: BTreeSet<Vec<u8>> = BTreeSet::new();
    for key in [&b"AAAAAAAA"[..], &[0; 6], b"AAAAAAA", b"\0", b"\0\0", "é".as_bytes(), "e\u{301}".as_bytes()]
    {
        keys.insert(key.to_vec());
    }
    for _ in 0..2_000 {
        let length = 8 + 4 * random.size(5);
        let packable: Vec<u8> = (0..length).map(|_| *random.pick(b"AB_")).collect();
        let mut packed = [0; 48];
        let length = base64::pack(&packable, &mut packed).unwrap();
        keys.insert(packed[..length].to_vec());
        keys.insert(key::public_hash(&packable).to_vec());
        keys.insert(stored(&packable, true).0);
        keys.insert(packable);
    }
    for hash_keys in [false, true] {
        let mut table = table(Options { hash_keys, ..Options::default() });
        for (n, key) in keys.iter().enumerate() {
            put(&mut table, key, &[("n", n as f64)], 0.0);
        }
        assert_eq!(table.len(), keys.len());
        assert!(table.validate());
        for (n, key) in keys.iter().enumerate() {
            assert_eq!(peek(&mut table, key, 0.0), Some(numbers(&[("n", n as f64)])), "{key:x?}");
        }
        // However pages are cut, each key is shown once, and as it came.
        let shown = |key: &Vec<u8>| if hash_keys { key::public_hash(key).to_vec() } else { key.clone() };
        let expected: BTreeSet<Vec<u8>> = keys.iter().map(shown).collect();
        for limit in [1, 2, 7, 100_000] {
            let all = Wanted::default().bytes(&mut table);
            let listed = pages(&mut table, &all, limit, 0.0);
            assert_eq!(listed.len(), keys.len(), "in pages of {limit}");
            assert_eq!(listed.into_iter().map(|row| row.key).collect::<BTreeSet<_>>(), expected);
        }
    }
}

/// Pages go by hash, so two keys of the same bytes, one packed and one not, need two hashes.
#[test]
fn a_packed_key_and_its_bytes_have_different_hashes() {
    for byte in 0..=255 {
        let seed = Seed::new([byte; 16]);
        assert_ne!(seed.key((&[0; 6], true)), seed.key((&[0; 6], false)));
    }
}

#[test]
fn a_table_that_hashes_keys_holds_none() {
    let mut table = table(Options { hash_keys: true, ..Options::default() });
    let secret = b"secretsecretsecretsecret";
    put(&mut table, secret, &[], 0.0);
    let row = table.peek(secret, 0.0).live().unwrap();
    assert_eq!(table.key(row), (&stored(secret, true).0[..], false));
    let packed = stored(secret, false).0;
    assert_ne!(table.key(row).0, packed);
    // What a dump shows opens nothing.
    for dumped in [key::public_hash(secret).to_vec(), stored(secret, true).0, packed] {
        assert_eq!(peek(&mut table, &dumped, 0.0), None);
    }
}

#[test]
fn keys_may_be_long_but_not_empty() {
    let mut table = table(Options { max_row_bytes: 1_000, ..Options::default() });
    assert!(table.insert(b"", &[0x10], 0, false, 0.0).is_err());
    assert!(peek(&mut table, b"", 0.0).is_none());
    put(&mut table, &[b'k'; 900], &[], 0.0);
    assert!(table.insert(&[b'k'; 1_000], &[0x10], 0, false, 0.0).is_err());
    assert!(peek(&mut table, &[b'k'; 900], 0.0).is_some());
    assert_eq!(table.len(), 1);
}

#[test]
fn base64url_is_written_and_read_as_the_rfc_says() {
    let vectors: [(&[u8], &str); 7] = [
        (b"", ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"fooba", "Zm9vYmE"),
        (b"foobar", "Zm9vYmFy"),
    ];
    for (bytes, text) in vectors {
        assert_eq!(base64::unpack(bytes), text);
        let mut back = [0; 6];
        let whole = text.len() % 4 == 0;
        assert_eq!(base64::pack(text.as_bytes(), &mut back), whole.then_some(bytes.len()));
    }
    assert_eq!(base64::unpack(&[0xFB, 0xEF, 0xFF]), "--__");
    for bad in ["Zm9+", "Zm9/", "Zm9=", "Zm 9", "Zm9\u{7F}"] {
        assert_eq!(base64::pack(bad.as_bytes(), &mut [0; 6]), None, "{bad}");
    }
    assert_eq!(base64::pack(b"AAAAAAAA", &mut [0; 5]), None, "no room");
}

#[test]
fn any_bytes_are_packed_hashed_and_written_as_by_hand() {
    let mut random = Random::new(5);
    for length in 0..300 {
        let bytes = random.bytes(length % 100);
        crate::common::visits::text(&bytes);
        crate::common::visits::text(ets_session::base64::unpack(&bytes).as_bytes());
    }
}
