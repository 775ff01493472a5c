//! From a key's hash to its row. The table is cut into segments by the hash's upper half, so that
//! growing rehashes one small segment and never everything at once.

use hashbrown::HashTable;
use siphasher::sip::SipHasher13;

use crate::slab::Row;

/// What a row's place here is counted as, in bytes: an address and a control byte at the usual load.
pub const PLACE_BYTES: u64 = 8;

/// Rows a segment is laid out for: a little under what 1,024 buckets hold.
const ROWS_A_SEGMENT: u64 = 800;
const MOST_SEGMENTS: u64 = 8192;

/// The secret that makes hashes of keys unpredictable. Every hasher's default is the same in each
/// process on wasm32, so that collisions could be computed in advance.
#[derive(Clone, Copy, Default)]
pub struct Seed(u64, u64);

impl core::fmt::Debug for Seed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Seed(..)")
    }
}

impl Seed {
    /// A seed of 16 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        let both = u128::from_le_bytes(bytes);
        #[allow(clippy::cast_possible_truncation)]
        Self(both as u64, (both >> 64) as u64)
    }

    /// The keyed hash (SipHash-1-3) of some bytes.
    #[must_use]
    pub fn hash(self, bytes: &[u8]) -> u64 {
        SipHasher13::new_with_keys(self.0, self.1).hash(bytes)
    }

    /// The keyed hash of a key as rows hold it, and whether it is packed. A packed key and a plain one of
    /// the same bytes are two keys, so they must not share the hash by which pages of rows go.
    #[inline]
    #[must_use]
    pub fn key(self, (bytes, packed): (&[u8], bool)) -> u64 {
        let hash = self.hash(bytes);
        if packed { !hash } else { hash }
    }
}

/// Numbers by hash: the one way in which this crate uses hashbrown, so that its code is there once.
#[derive(Debug, Default)]
pub(crate) struct Places {
    table: HashTable<u32>,
}

/// How places are hashed again when their table grows.
pub(crate) type HashOf<'a> = &'a dyn Fn(u32) -> u64;

fn hasher(hash_of: HashOf<'_>) -> impl Fn(&u32) -> u64 {
    move |&place| hash_of(place)
}

impl Places {
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    #[inline]
    pub(crate) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        self.table.find(hash, |&place| is(place)).copied()
    }

    /// Makes sure that one more can be added; `false` when memory is refused.
    pub(crate) fn reserve(&mut self, hash_of: HashOf<'_>) -> bool {
        self.table.try_reserve(1, hasher(hash_of)).is_ok()
    }

    /// Adds one, for which there must be room reserved.
    pub(crate) fn insert(&mut self, hash: u64, place: u32, hash_of: HashOf<'_>) {
        self.table.insert_unique(hash, place, hasher(hash_of));
    }
}

/// Row addresses by hash.
#[derive(Debug)]
pub struct Index {
    segments: Vec<Places>,
}

impl Index {
    /// An index laid out for `rows` rows; it takes more, and takes memory only for those that come.
    /// `None` when memory is refused.
    #[must_use]
    pub fn new(rows: u64) -> Option<Self> {
        let count = usize::try_from((rows / ROWS_A_SEGMENT).clamp(1, MOST_SEGMENTS)).ok()?;
        let mut segments = Vec::new();
        segments.try_reserve_exact(count).ok()?;
        segments.resize_with(count, Places::default);
        Some(Self { segments })
    }

    #[allow(clippy::cast_possible_truncation)]
    fn place(&self, hash: u64) -> usize {
        ((hash >> 32).wrapping_mul(self.segments.len() as u64) >> 32) as usize
    }

    /// The row of that hash for which `is` holds.
    #[inline]
    pub fn find(&self, hash: u64, is: impl FnMut(Row) -> bool) -> Option<Row> {
        self.segments.get(self.place(hash))?.find(hash, is)
    }

    /// Makes sure that one more row of that hash can be added; `false` when memory is refused.
    pub fn reserve(&mut self, hash: u64, hash_of: HashOf<'_>) -> bool {
        let place = self.place(hash);
        let segment = self.segments.get_mut(place);
        segment.is_some_and(|segment| segment.reserve(hash_of))
    }

    /// Adds a row, for which there must be room reserved.
    pub fn insert(&mut self, hash: u64, row: Row, hash_of: HashOf<'_>) {
        let place = self.place(hash);
        if let Some(segment) = self.segments.get_mut(place) {
            segment.insert(hash, row, hash_of);
        }
    }

    /// Writes the row's new address over its old one.
    pub fn replace(&mut self, hash: u64, old: Row, new: Row) {
        let place = self.place(hash);
        if let Some(there) =
            self.segments.get_mut(place).and_then(|s| s.table.find_mut(hash, |&row| row == old))
        {
            *there = new;
        }
    }

    /// Takes a row out.
    pub fn remove(&mut self, hash: u64, row: Row) {
        let place = self.place(hash);
        if let Some(segment) = self.segments.get_mut(place)
            && let Ok(entry) = segment.table.find_entry(hash, |&other| other == row)
        {
            entry.remove();
        }
    }

    /// How many segments there are, and which one holds a hash: a way through all rows that writes do
    /// not disturb.
    #[must_use]
    pub fn segment(&self, number: usize) -> Option<impl Iterator<Item = Row>> {
        self.segments.get(number).map(|segment| segment.table.iter().copied())
    }

    /// The number of the segment that holds a hash.
    #[must_use]
    pub fn segment_of(&self, hash: u64) -> usize {
        self.place(hash)
    }

    /// Forgets every row.
    pub fn clear(&mut self) {
        for segment in &mut self.segments {
            *segment = Places::default();
        }
    }
}
