//! Keys as rows hold them: as they are, packed, or hashed.

use crate::base64;

/// Bytes of a hashed key.
pub const HASHED: usize = 16;
/// Characters of a hashed key.
pub const HASHED_TEXT: usize = 22;
/// Longest text that is packed, in characters.
const PACKABLE: usize = 64;

/// Room for a key's stored form, where that is another than its text.
pub type Room = [u8; PACKABLE / 4 * 3];
/// Such a room, empty.
pub const ROOM: Room = [0; PACKABLE / 4 * 3];

/// A key as rows hold it: as it is, four base64url characters in three bytes, or a one-way hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    bytes: &'a [u8],
    packed: bool,
}

impl<'a> Key<'a> {
    /// The stored form of a key.
    #[must_use]
    pub fn new(text: &'a [u8], hashed: bool, room: &'a mut Room) -> Self {
        if hashed {
            let (hash, room) = (hash(text), room.first_chunk_mut::<HASHED>());
            let stored = hash.first_chunk().zip(room).map(|(hash, room)| {
                *room = *hash;
                &room[..]
            });
            return Self::stored(stored.unwrap_or_default(), false);
        }
        if (8..=PACKABLE).contains(&text.len())
            && let Some(length) = base64::pack(text, room)
        {
            return Self::stored(room.get(..length).unwrap_or_default(), true);
        }
        Self::stored(text, false)
    }

    /// The stored form of a key by the text of its hash, as [`public_hash`] gives it.
    #[must_use]
    pub fn by_hash(text: &[u8], room: &'a mut Room) -> Option<Self> {
        // The last of its groups is not whole.
        let mut groups = [b'A'; HASHED_TEXT.next_multiple_of(4)];
        groups.get_mut(..HASHED_TEXT)?.copy_from_slice(<&[u8; HASHED_TEXT]>::try_from(text).ok()?);
        let length = base64::pack(&groups, room)?;
        let (hash, rest) = room.get(..length)?.split_at_checked(HASHED)?;
        rest.iter().all(|&byte| byte == 0).then_some(Self::stored(hash, false))
    }

    /// The stored form, as bytes that were stored before.
    #[must_use]
    pub const fn stored(bytes: &'a [u8], packed: bool) -> Self {
        Self { bytes, packed }
    }

    /// The stored bytes.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether the bytes are a packed form.
    #[must_use]
    pub const fn is_packed(&self) -> bool {
        self.packed
    }
}

/// BLAKE3 of up to 1,024 bytes; of more, a chain of keyed hashes. What is never longer than one of BLAKE3's
/// chunks needs none of its tree's code.
fn hash(plain: &[u8]) -> [u8; blake3::OUT_LEN] {
    let (first, rest) = plain.split_at_checked(blake3::CHUNK_LEN).unwrap_or((plain, &[]));
    let first = blake3::hash(first).into();
    rest.chunks(blake3::CHUNK_LEN).fold(first, |key, piece| blake3::keyed_hash(&key, piece).into())
}

/// The one-way hash that stands for a key wherever it is shown, as base64url.
#[must_use]
pub fn public_hash(key: &[u8]) -> [u8; HASHED_TEXT] {
    let mut text = [0; HASHED_TEXT];
    let mut room = ROOM;
    let key = Key::new(key, true, &mut room);
    base64::write(key.bytes(), &mut text);
    text
}
