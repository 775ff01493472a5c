//! One row's block: a head of 20 bytes, then key, subject and record, each behind its length.
//!
//! | bytes | what |
//! |---|---|
//! | 0..4 | place in the queue of deadlines |
//! | 4..11 | created, ms since the epoch, in 53 bits; in the 3 above them the upper bits of touched |
//! | 11..15 | touched, ms after created |
//! | 15..19 | version |
//! | 19 | flags: 1 packed key, 2 subject, 4 wide, the upper half the lifetime's number |
//! | 20..23 | wide rows only: the upper bytes of touched, for those touched 397 days after creation |
//! | 8 more | rows with a subject: the rows before and behind it among those of its subject |
//!
//! The last of the lifetimes is that of ghosts: rows that are no rows any more, see [`crate::session`].

use crate::key::Key;
use crate::record::{self, Name};
use crate::slab::{Row, Slab, block_size};
use crate::term::{Reader, length_size};
use crate::time::{Lifetime, Millis};

const CREATED: usize = 4;
const TOUCHED: usize = 11;
const VERSION: usize = 15;
const FLAGS: usize = 19;
const HEAD: usize = 20;
const WIDE_HEAD: usize = 23;
const LINKS: usize = 8;

/// Bits that a time needs, and bits that are left beside them in its seven bytes.
const CREATED_BITS: u32 = 53;
const SPARE_BITS: u32 = 3;
/// The most milliseconds after its creation that a narrow row can have been touched.
const NARROW: Millis = (1 << (u32::BITS + SPARE_BITS)) - 1;

const PACKED: u8 = 1;
const SUBJECT: u8 = 2;
const WIDE: u8 = 4;

/// The number of the lifetime that ghosts have.
pub const GHOST: u8 = 15;
/// How long an id is known to be dead, and a renewed one to have been renewed once it leads on no more.
pub const DEAD_FOR: Millis = 120_000;
pub(crate) const GHOST_LIFETIME: Lifetime = Lifetime { idle: None, absolute: Some(DEAD_FOR) };
/// What a ghost costs at the most.
pub(crate) const GHOST_BYTES: u64 = 96;
/// Where there is no row.
pub const NO_ROW: Row = Row::MAX;

/// What a row is made of.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The key, as rows hold it.
    pub key: &'a [u8],
    /// Whether the key is packed.
    pub packed: bool,
    /// The user whose row it is; empty for none.
    pub subject: &'a [u8],
    /// The fields.
    pub record: &'a [u8],
    /// When it was created.
    pub created: Millis,
    /// When it was last read or written.
    pub touched: Millis,
    /// How many times it was written, from 1.
    pub version: u32,
    /// Which of the table's lifetimes it has.
    pub lifetime: u8,
}

impl Parts<'_> {
    /// Whether the row has the wider head.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.touched.saturating_sub(self.created) > NARROW
    }

    /// How many bytes of a block the row needs.
    #[must_use]
    pub fn size(&self) -> usize {
        let part = |bytes: &[u8]| length_size(bytes.len()).wrapping_add(bytes.len());
        let subject = if self.subject.is_empty() { 0 } else { part(self.subject).wrapping_add(LINKS) };
        let head = if self.is_wide() { WIDE_HEAD } else { HEAD };
        head.wrapping_add(part(self.key)).wrapping_add(subject).wrapping_add(part(self.record))
    }

    /// Writes the row; the block must have [`Parts::size`] bytes at least. The place in the queue and the
    /// links to other rows of the subject stay.
    #[allow(clippy::cast_possible_truncation)]
    pub fn write(&self, block: &mut [u8]) {
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        let flags = (self.lifetime << 4)
            | flag(self.packed, PACKED)
            | flag(!self.subject.is_empty(), SUBJECT)
            | flag(self.is_wide(), WIDE);
        let delta = self.touched.saturating_sub(self.created).to_le_bytes();
        let mut at = CREATED;
        let mut put = |bytes: &[u8], skip: usize| {
            let end = at.wrapping_add(bytes.len());
            if let Some(to) = block.get_mut(at..end) {
                to.copy_from_slice(bytes);
            }
            at = end.wrapping_add(skip);
        };
        let [d0, d1, d2, d3, wide @ .., _] = delta;
        let spare = if self.is_wide() { 0 } else { u64::from(wide[0]) };
        let [created @ .., _] = (self.created | spare << CREATED_BITS).to_le_bytes();
        put(&created, 0);
        put(&[d0, d1, d2, d3], 0);
        put(&self.version.to_le_bytes(), 0);
        put(&[flags], 0);
        if self.is_wide() {
            put(&wide, 0);
        }
        let subject = Some(self.subject).filter(|subject| !subject.is_empty());
        put(&[], if subject.is_some() { LINKS } else { 0 });
        for part in [Some(self.key), subject, Some(self.record)].iter().flatten() {
            let mut length = part.len();
            while length > 0x7F {
                put(&[(length & 0x7F) as u8 | 0x80], 0);
                length >>= 7;
            }
            put(&[length as u8], 0);
            put(part, 0);
        }
        if let Some(rest) = block.get_mut(at..) {
            rest.fill(0);
        }
    }
}

/// Where the links stand, in rows that have them.
const fn links_at(flags: u8) -> usize {
    if flags & WIDE == 0 { HEAD } else { WIDE_HEAD }
}

#[inline(always)]
fn head_of(block: &[u8]) -> Option<(u8, Reader<'_>)> {
    let flags = *block.get(FLAGS)?;
    let head = links_at(flags).wrapping_add(if flags & SUBJECT == 0 { 0 } else { LINKS });
    Some((flags, Reader::new(block.get(head..)?)))
}

/// The stored key and whether it is packed.
#[must_use]
pub fn key(block: &[u8]) -> (&[u8], bool) {
    key_inline(block)
}

/// As [`key`], on the way of a look-up.
#[inline(always)]
pub(crate) fn key_inline(block: &[u8]) -> (&[u8], bool) {
    let Some((flags, mut rest)) = head_of(block) else { return (&[], false) };
    (rest.block_inline().unwrap_or_default(), flags & PACKED != 0)
}

/// Whether the row in a block has that key.
#[inline(always)]
#[must_use]
pub fn is_of(block: &[u8], key: Key<'_>) -> bool {
    let (bytes, packed) = key_inline(block);
    packed == key.is_packed() && same(bytes, key.bytes())
}

/// Compares eight bytes at a time; a call of `memcmp` takes longer than a key does.
#[inline(always)]
fn same(a: &[u8], b: &[u8]) -> bool {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let equal = |(a, b): (&[u8; 8], &[u8; 8])| u64::from_le_bytes(*a) == u64::from_le_bytes(*b);
    a.len() == b.len()
        && a_rest.len() == b_rest.len()
        && a.iter().zip(b).all(equal)
        && a_rest.iter().zip(b_rest).all(|(a, b)| a == b)
}

/// The record.
#[must_use]
pub fn record(block: &[u8]) -> &[u8] {
    record_inline(block)
}

/// As [`record`], on the way of a look-up.
#[inline(always)]
pub(crate) fn record_inline(block: &[u8]) -> &[u8] {
    head_of(block)
        .and_then(|(flags, mut rest)| {
            rest.block_inline()?;
            if flags & SUBJECT != 0 {
                rest.block_inline()?;
            }
            rest.block_inline()
        })
        .unwrap_or_default()
}

/// The row's parts; `None` for a block that holds no row.
#[must_use]
pub fn parts(block: &[u8]) -> Option<Parts<'_>> {
    let (flags, mut rest) = head_of(block)?;
    let key = rest.block()?;
    let subject = if flags & SUBJECT == 0 { &[][..] } else { rest.block()? };
    let record = rest.block()?;
    let (created, touched) = times(block)?;
    let version = u32::from_le_bytes(*block.get(VERSION..)?.first_chunk()?);
    let lifetime = flags >> 4;
    Some(Parts { key, packed: flags & PACKED != 0, subject, record, created, touched, version, lifetime })
}

/// When the row was created and touched.
#[must_use]
pub fn times(block: &[u8]) -> Option<(Millis, Millis)> {
    times_inline(block)
}

/// As [`times`], on the way of a look-up.
#[inline(always)]
fn times_inline(block: &[u8]) -> Option<(Millis, Millis)> {
    // Eight bytes at once are one load; the last of them is not its own.
    let bits = u64::from_le_bytes(*block.get(CREATED..)?.first_chunk()?) & (u64::MAX >> 8);
    let created = bits & (u64::MAX >> (u64::BITS - CREATED_BITS));
    let low = u32::from_le_bytes(*block.get(TOUCHED..)?.first_chunk()?);
    let mut delta = u64::from(low) | bits >> CREATED_BITS << u32::BITS;
    if block.get(FLAGS)? & WIDE != 0 {
        let &[x, y, z] = block.get(HEAD..)?.first_chunk::<3>()?;
        delta |= u64::from(u32::from_le_bytes([x, y, z, 0])) << 32;
    }
    Some((created, created.wrapping_add(delta)))
}

/// The number of the row's lifetime.
#[inline]
#[must_use]
pub fn lifetime(block: &[u8]) -> usize {
    block.get(FLAGS).map_or(0, |flags| usize::from(flags >> 4))
}

/// Whether the row has the wider head.
#[inline(always)]
#[must_use]
pub fn is_wide(block: &[u8]) -> bool {
    block.get(FLAGS).is_some_and(|flags| flags & WIDE != 0)
}

/// Whether this is no row any more.
#[inline]
#[must_use]
pub fn is_ghost(block: &[u8]) -> bool {
    matches!(block.get(FLAGS), Some(flags) if flags >> 4 == GHOST)
}

/// The rows before and behind one among those of its subject; [`NO_ROW`] where there is none.
#[must_use]
pub fn links(block: &[u8]) -> (Row, Row) {
    let at = block.get(FLAGS).map_or(HEAD, |&flags| links_at(flags));
    let both = block.get(at..).and_then(|rest| rest.first_chunk::<LINKS>()).copied().unwrap_or([0xFF; LINKS]);
    let both = u64::from_le_bytes(both);
    #[allow(clippy::cast_possible_truncation)]
    (both as u32, (both >> 32) as u32)
}

/// Writes the rows before and behind one among those of its subject.
pub fn set_links(rows: &mut Slab, row: Row, (previous, next): (Row, Row)) {
    let block = rows.block_mut(row);
    let at = block.get(FLAGS).map_or(HEAD, |&flags| links_at(flags));
    if let Some(to) = block.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<LINKS>()) {
        *to = (u64::from(previous) | u64::from(next) << 32).to_le_bytes();
    }
}

/// Writes the row behind one, if that is one.
pub fn set_next(rows: &mut Slab, row: Row, next: Row) {
    if row != NO_ROW {
        let (previous, _) = links(rows.block(row));
        set_links(rows, row, (previous, next));
    }
}

/// Writes the row before one, if that is one.
pub fn set_previous(rows: &mut Slab, row: Row, previous: Row) {
    if row != NO_ROW {
        let (_, next) = links(rows.block(row));
        set_links(rows, row, (previous, next));
    }
}

/// Whether the row has a subject.
#[inline]
#[must_use]
pub fn has_subject(block: &[u8]) -> bool {
    block.get(FLAGS).is_some_and(|flags| flags & SUBJECT != 0)
}

/// The user whose row it is; empty for none.
#[must_use]
pub fn subject(block: &[u8]) -> &[u8] {
    parts(block).map_or(&[], |parts| parts.subject)
}

/// Writes when the row was touched; `false` when a narrow row can't hold it and must be written anew.
#[inline(always)]
pub fn touch(block: &mut [u8], now: Millis) -> bool {
    let Some((created, touched)) = times_inline(block) else { return true };
    // A row of a snapshot from a clock that was ahead.
    let delta = now.max(touched).saturating_sub(created);
    let wide = is_wide(block);
    if !wide && delta > NARROW {
        return false;
    }
    let [a, b, c, d, x, y, z, _] = delta.to_le_bytes();
    let spare = if wide { 0 } else { x << (u8::BITS - SPARE_BITS) };
    if let Some(to) = block.get_mut(TOUCHED.wrapping_sub(1)..).and_then(|rest| rest.first_chunk_mut::<5>()) {
        *to = [to[0] & (u8::MAX >> SPARE_BITS) | spare, a, b, c, d];
    }
    if wide && let Some(to) = block.get_mut(HEAD..).and_then(|rest| rest.first_chunk_mut::<3>()) {
        *to = [x, y, z];
    }
    true
}

/// Writes a field's value over one of the same length, with the time and the next version; `false`, and
/// nothing written, where that can't be done in place.
pub fn overwrite(block: &mut [u8], name: Name<'_>, value: &[u8], now: Millis) -> bool {
    let begin = block.as_ptr().addr();
    let Some(old) = record::find(record(block), name).filter(|old| old.len() == value.len()) else {
        return false;
    };
    let at = old.as_ptr().addr().wrapping_sub(begin);
    if !touch(block, now) {
        return false;
    }
    if let Some(to) = block.get_mut(at..at.wrapping_add(value.len())) {
        to.copy_from_slice(value);
    }
    if let Some(version) = block.get_mut(VERSION..).and_then(|rest| rest.first_chunk_mut::<4>()) {
        *version = u32::from_le_bytes(*version).wrapping_add(1).to_le_bytes();
    }
    true
}

/// Writes another record over a row's, with the time and the next version; `false`, and nothing written,
/// where the row would need a block of another size or more than `most` bytes, or has more than a key.
pub fn rewrite(block: &mut [u8], record: &[u8], most: u64, now: Millis) -> bool {
    let plain = block.get(FLAGS).is_some_and(|flags| flags & (SUBJECT | WIDE) == 0);
    let Some(&key) = block.get(HEAD).filter(|&&length| plain && length < 0x80) else { return false };
    let (mut at, mut rest) = (HEAD.wrapping_add(1).wrapping_add(usize::from(key)), record.len());
    let size = at.wrapping_add(length_size(rest)).wrapping_add(rest);
    if block_size(size) != block.len() || size as u64 > most || !touch(block, now) {
        return false;
    }
    if let Some(version) = block.get_mut(VERSION..).and_then(|rest| rest.first_chunk_mut::<4>()) {
        *version = u32::from_le_bytes(*version).wrapping_add(1).to_le_bytes();
    }
    let mut put = |byte: u8| {
        if let Some(to) = block.get_mut(at) {
            *to = byte;
        }
        at = at.wrapping_add(1);
    };
    while rest > 0x7F {
        put((rest & 0x7F) as u8 | 0x80);
        rest >>= 7;
    }
    put((rest & 0x7F) as u8);
    if let Some((to, end)) = block.get_mut(at..).and_then(|rest| rest.split_at_mut_checked(record.len())) {
        to.copy_from_slice(record);
        end.fill(0);
    }
    true
}

/// The row's place in the queue of deadlines.
#[inline]
#[must_use]
pub fn place(rows: &Slab, row: Row) -> usize {
    rows.block(row).first_chunk::<4>().map_or(usize::MAX, |bytes| u32::from_le_bytes(*bytes) as usize)
}

/// Writes the row's place in the queue of deadlines.
#[inline]
#[allow(clippy::cast_possible_truncation)]
pub fn set_place(rows: &mut Slab, row: Row, place: usize) {
    if let Some(bytes) = rows.block_mut(row).first_chunk_mut::<4>() {
        *bytes = (place as u32).to_le_bytes();
    }
}
