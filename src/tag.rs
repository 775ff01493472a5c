//! Tags that make ids authentic: who has no secret can make none, and a table's tags are no other's.

use crate::store::{self, ID_BYTES, Id};

/// The key of a table's tags, from a secret of whatever length.
#[must_use]
pub fn key(secret: &[u8], table: &[u8]) -> [u8; 32] {
    *blake3::keyed_hash(blake3::hash(secret).as_bytes(), table).as_bytes()
}

/// The tag of an id: 18 bytes of a keyed BLAKE3 hash, in base64url.
#[must_use]
pub fn of(key: &[u8; 32], id: &[u8]) -> Id {
    let hash = blake3::keyed_hash(key, id);
    store::id(hash.as_bytes().first_chunk::<ID_BYTES>().copied().unwrap_or_default())
}

/// Whether two are the same, in a time that says nothing of where they differ.
#[must_use]
pub fn same(given: &[u8], right: &Id) -> bool {
    given.len() == right.len() && given.iter().zip(right).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
