//! One value as bytes: a tag, then its payload. Numbers are little-endian, every form is canonical
//! (the shortest that holds the value), so equal scalars have equal bytes.
//!
//! | tag | payload | value |
//! |---|---|---|
//! | `00..1F` | | the integer 0 to 31 |
//! | `20..5F` | that many bytes, 0 to 63 | ASCII string |
//! | `60..6F` | values; `6F`: a count before them | array |
//! | `70..7F` | key, value, …; `7F`: a count before them | object |
//! | `80 81 82 83` | | null, undefined, false, true |
//! | `84` | f64 | number |
//! | `85 86 87 88` | u8, u16, u32, u48 | integer |
//! | `89` | i32 | negative integer |
//! | `8A 8B` | length, bytes | string: UTF-8, ASCII |
//! | `8C` | count of 3-byte groups, bytes | string of 4 base64url characters a group |
//! | `8D` | sign (0 or 1), length, magnitude | bigint |
//! | `8E` | f64, ms since the epoch; NaN: invalid | Date |
//! | `8F` | count, key, value, … | Map |
//! | `90` | count, values | Set |
//! | `A0..AF` | length, bytes | binary; the low half says which class |
//!
//! Lengths and counts are LEB128 of at most 5 bytes. An object's keys are string values.

use std::borrow::Cow;

use crate::base64;

/// Deepest nesting of arrays, objects, maps and sets that is stored.
pub const MAX_DEPTH: u32 = 200;

pub(crate) mod tag {
    pub(crate) const ASCII: u8 = 0x20;
    pub(crate) const ARRAY: u8 = 0x60;
    pub(crate) const ARRAY_LONG: u8 = 0x6F;
    pub(crate) const OBJECT: u8 = 0x70;
    pub(crate) const OBJECT_LONG: u8 = 0x7F;
    pub(crate) const NULL: u8 = 0x80;
    pub(crate) const UNDEFINED: u8 = 0x81;
    pub(crate) const FALSE: u8 = 0x82;
    pub(crate) const TRUE: u8 = 0x83;
    pub(crate) const F64: u8 = 0x84;
    pub(crate) const U8: u8 = 0x85;
    pub(crate) const U16: u8 = 0x86;
    pub(crate) const U32: u8 = 0x87;
    pub(crate) const U48: u8 = 0x88;
    pub(crate) const I32: u8 = 0x89;
    pub(crate) const UTF8: u8 = 0x8A;
    pub(crate) const ASCII_LONG: u8 = 0x8B;
    pub(crate) const BASE64: u8 = 0x8C;
    pub(crate) const BIGINT: u8 = 0x8D;
    pub(crate) const DATE: u8 = 0x8E;
    pub(crate) const MAP: u8 = 0x8F;
    pub(crate) const SET: u8 = 0x90;
    pub(crate) const BINARY: u8 = 0xA0;
    pub(crate) const BINARY_LAST: u8 = 0xAF;
}

/// The bits of a length that no binary value of a class has, by the sizes of what the class holds.
pub(crate) const fn unaligned(class: u8) -> usize {
    match class {
        4 | 5 | 13 => 1,
        6..=8 => 3,
        9..=11 => 7,
        _ => 0,
    }
}

/// What a value of a tag takes where the tag alone says it, itself included: most of what sessions hold is
/// stepped over by it.
const SIZES: [u8; 256] = {
    let mut sizes = [UNSIZED; 256];
    let mut tag = 0_u8;
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
    while tag < UNSIZED {
        sizes[tag as usize] = match tag {
            0x00..=0x1F | tag::NULL..=tag::TRUE => 1,
            tag::ASCII..tag::ARRAY => 1 + tag - tag::ASCII,
            tag::U8 => 2,
            tag::U16 => 3,
            tag::U32 | tag::I32 => 5,
            tag::U48 => 7,
            tag::F64 | tag::DATE => 9,
            _ => UNSIZED,
        };
        tag += 1;
    }
    sizes
};
const UNSIZED: u8 = u8::MAX;

/// Bytes read from the front; every read answers `None` where they end too early.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline(always)]
    pub(crate) fn u8(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    #[inline(always)]
    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    /// A length or count; `None` past 5 bytes, past u32 or in a longer form than needed.
    pub(crate) fn length(&mut self) -> Option<usize> {
        self.length_inline()
    }

    /// As [`Reader::length`], on the way of a look-up.
    #[inline(always)]
    fn length_inline(&mut self) -> Option<usize> {
        match self.u8()? {
            byte @ 0..=0x7F => Some(usize::from(byte)),
            byte => {
                let length;
                // Itself and not a reference to it: what nothing points at stays in registers.
                (*self, length) = self.long_length(byte)?;
                Some(length)
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn long_length(mut self, first: u8) -> Option<(Self, usize)> {
        let mut value = u64::from(first & 0x7F);
        for shift in [7_u32, 14, 21, 28] {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7F).wrapping_shl(shift);
            if byte < 0x80 {
                let length = u32::try_from(value).ok()?.try_into().ok()?;
                return if byte == 0 { None } else { Some((self, length)) };
            }
        }
        None
    }

    /// A length and that many bytes.
    pub(crate) fn block(&mut self) -> Option<&'a [u8]> {
        self.block_inline()
    }

    /// As [`Reader::block`], on the way of a look-up.
    #[inline(always)]
    pub(crate) fn block_inline(&mut self) -> Option<&'a [u8]> {
        let length = self.length_inline()?;
        self.take(length)
    }

    /// The next value's bytes, tag included, without looking at what they mean.
    #[inline(never)]
    pub(crate) fn value(&mut self) -> Option<&'a [u8]> {
        self.value_inline()
    }

    /// As [`Reader::value`], for what looks for one field.
    #[inline(always)]
    pub(crate) fn value_inline(&mut self) -> Option<&'a [u8]> {
        let first = *self.rest.first()?;
        match SIZES.get(usize::from(first)) {
            Some(&size) if size != UNSIZED => self.take(usize::from(size)),
            _ => self.long_value(),
        }
    }

    fn long_value(&mut self) -> Option<&'a [u8]> {
        let before = self.rest;
        self.skip()?;
        before.get(..before.len().checked_sub(self.rest.len())?)
    }

    /// Steps over one value, however deep, in constant memory.
    #[inline]
    fn skip(&mut self) -> Option<()> {
        let mut pending = 1_usize;
        while pending > 0 {
            pending = pending.checked_sub(1)?.checked_add(self.head()?)?;
        }
        Some(())
    }

    /// Steps over a tag and its own payload; gives how many values follow as its parts.
    #[inline]
    pub(crate) fn head(&mut self) -> Option<usize> {
        let first = self.u8()?;
        let bytes = match first {
            tag::ARRAY..tag::ARRAY_LONG => return Some(usize::from(first & 0x0F)),
            tag::ARRAY_LONG | tag::SET => return self.count(),
            tag::OBJECT..tag::OBJECT_LONG => return Some(usize::from(first & 0x0F).wrapping_mul(2)),
            tag::OBJECT_LONG | tag::MAP => return Some(self.count()?.wrapping_mul(2)),
            tag::BIGINT => {
                self.u8()?;
                self.length()?
            }
            tag::UTF8 | tag::ASCII_LONG => self.length()?,
            tag::BINARY..=tag::BINARY_LAST => {
                self.length().filter(|length| length & unaligned(first & 0x0F) == 0)?
            }
            tag::BASE64 => self.length()?.checked_mul(3)?,
            _ => match SIZES.get(usize::from(first)) {
                Some(&size) if size != UNSIZED => usize::from(size.wrapping_sub(1)),
                _ => return None,
            },
        };
        self.take(bytes)?;
        Some(0)
    }

    /// A count of values; each takes a byte at least, so a larger count than bytes is a lie.
    pub(crate) fn count(&mut self) -> Option<usize> {
        self.length().filter(|&count| count <= self.rest.len())
    }
}

/// Writes a length or count.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn push_length(out: &mut Vec<u8>, mut length: usize) {
    while length > 0x7F {
        out.push((length & 0x7F) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

/// How many bytes [`push_length`] writes.
pub(crate) const fn length_size(length: usize) -> usize {
    match length {
        0..=0x7F => 1,
        0x80..=0x3FFF => 2,
        0x4000..=0x1F_FFFF => 3,
        0x20_0000..=0xFFF_FFFF => 4,
        _ => 5,
    }
}

/// Writes a number in its shortest form; -0 and what is no small integer stay an f64.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn push_number(out: &mut Vec<u8>, number: f64) {
    const U48_END: f64 = 281_474_976_710_656.0;
    if number.trunc() == number && (0.0..U48_END).contains(&number) && !number.is_sign_negative() {
        let whole = number as u64;
        let bytes = whole.to_le_bytes();
        let (tag, size) = match whole {
            0..=0x1F => return out.push(whole as u8),
            0x20..=0xFF => (tag::U8, 1),
            0x100..=0xFFFF => (tag::U16, 2),
            0x1_0000..=0xFFFF_FFFF => (tag::U32, 4),
            _ => (tag::U48, 6),
        };
        out.push(tag);
        out.extend_from_slice(bytes.get(..size).unwrap_or_default());
    } else if number.trunc() == number && (-2_147_483_648.0..0.0).contains(&number) {
        out.push(tag::I32);
        out.extend_from_slice(&(number as i32).to_le_bytes());
    } else {
        let one_nan = if number.is_nan() { f64::NAN } else { number };
        out.push(tag::F64);
        out.extend_from_slice(&one_nan.to_le_bytes());
    }
}

/// The number a value holds, `None` where it is not one.
pub(crate) fn number(value: &[u8]) -> Option<f64> {
    let mut reader = Reader::new(value);
    let tag = reader.u8()?;
    #[allow(clippy::cast_precision_loss)]
    let wide = |low: u16, high: u32| (u64::from(low) | u64::from(high) << 16) as f64;
    let number = match tag {
        0x00..=0x1F => f64::from(tag),
        tag::F64 => f64::from_le_bytes(reader.array()?),
        tag::U8 => f64::from(reader.u8()?),
        tag::U16 => f64::from(u16::from_le_bytes(reader.array()?)),
        tag::U32 => f64::from(u32::from_le_bytes(reader.array()?)),
        tag::U48 => wide(u16::from_le_bytes(reader.array()?), u32::from_le_bytes(reader.array()?)),
        tag::I32 => f64::from(i32::from_le_bytes(reader.array()?)),
        _ => return None,
    };
    reader.is_done().then_some(number)
}

/// Whether the bytes are one well-formed value, nested no deeper than [`MAX_DEPTH`], and nothing more.
#[must_use]
pub fn is_term(value: &[u8]) -> bool {
    let mut reader = Reader::new(value);
    check(&mut reader, MAX_DEPTH).is_some() && reader.is_done()
}

fn check(reader: &mut Reader<'_>, depth: u32) -> Option<()> {
    let first = *reader.rest.first()?;
    if is_container(first) {
        let depth = depth.checked_sub(1)?;
        let keyed = matches!(first, tag::OBJECT..=tag::OBJECT_LONG);
        for part in 0..reader.head()? {
            if keyed && part % 2 == 0 {
                text_parts(reader.value()?)?;
            } else {
                check(reader, depth)?;
            }
        }
        return Some(());
    }
    let value = reader.value()?;
    match first {
        tag::ASCII..tag::ARRAY | tag::UTF8 | tag::ASCII_LONG => text_parts(value).map(drop),
        tag::BIGINT => (*value.get(1)? <= 1).then_some(()),
        _ => Some(()),
    }
}

const fn is_container(tag: u8) -> bool {
    matches!(tag, tag::ARRAY..=tag::OBJECT_LONG | tag::MAP | tag::SET)
}

/// Whether the bytes are one well-formed string value.
#[must_use]
pub fn is_text(value: &[u8]) -> bool {
    text_parts(value).is_some()
}

/// The text of a string value, `None` where it is another value or ill-formed.
#[must_use]
pub fn text(value: &[u8]) -> Option<Cow<'_, str>> {
    text_parts(value).map(|(text, packed)| match text {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(base64::unpack(packed)),
    })
}

/// A string value's text, or where it is packed the bytes that make it.
fn text_parts(value: &[u8]) -> Option<(Option<&str>, &[u8])> {
    let mut reader = Reader::new(value);
    let first = reader.u8()?;
    let bytes = match first {
        tag::ASCII..tag::ARRAY => reader.take(usize::from(first.wrapping_sub(tag::ASCII)))?,
        tag::ASCII_LONG | tag::UTF8 => reader.block()?,
        tag::BASE64 => {
            let groups = reader.length()?;
            let packed = reader.take(groups.checked_mul(3)?)?;
            return reader.is_done().then_some((None, packed));
        }
        _ => return None,
    };
    if !reader.is_done() || (first != tag::UTF8 && !bytes.is_ascii()) {
        return None;
    }
    core::str::from_utf8(bytes).ok().map(|text| (Some(text), bytes))
}

/// Whether two well-formed values are equal; the order of an object's fields does not count.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a == b || same_parts(a, b).unwrap_or(false)
}

fn same_parts(a: &[u8], b: &[u8]) -> Option<bool> {
    let (mut left, mut right) = (Reader::new(a), Reader::new(b));
    let first = *left.rest.first()?;
    if !is_container(first) || first != *right.rest.first()? {
        return Some(false);
    }
    let parts = left.head()?;
    if parts != right.head()? {
        return Some(false);
    }
    if matches!(first, tag::OBJECT..=tag::OBJECT_LONG) {
        for _ in 0..parts / 2 {
            let (key, value) = (left.value()?, left.value()?);
            let mut others = right;
            let mut found = false;
            while !found && !others.is_done() {
                let (other, with) = (others.value()?, others.value()?);
                found = other == key && same(with, value);
            }
            if !found {
                return Some(false);
            }
        }
    } else {
        for _ in 0..parts {
            if !same(left.value()?, right.value()?) {
                return Some(false);
            }
        }
    }
    Some(true)
}
