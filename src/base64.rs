//! base64url without padding (RFC 4648 section 5), for whole groups: 3 bytes, 4 characters.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const VALUES: [u8; 256] = {
    let mut values = [0xFF_u8; 256];
    let mut i = 0;
    #[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]
    while i < 64 {
        values[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    values
};

fn value(character: u8) -> u32 {
    VALUES.get(usize::from(character)).map_or(0xFF, |&v| u32::from(v))
}

fn character(bits: u32) -> u8 {
    ALPHABET.get((bits & 0x3F) as usize).copied().unwrap_or(b'A')
}

/// How many characters stand for so many bytes; a last group of 1 or 2 bytes gives 2 or 3.
#[must_use]
pub const fn length(bytes: usize) -> usize {
    bytes.saturating_mul(4).div_ceil(3)
}

/// Writes the characters of `bytes`, as many as `out` has room for.
pub fn write(bytes: &[u8], out: &mut [u8]) {
    for (group, to) in bytes.chunks(3).zip(out.chunks_mut(4)) {
        let mut all = [0; 3];
        all.iter_mut().zip(group).for_each(|(to, from)| *to = *from);
        let [a, b, c] = all;
        let bits = u32::from_be_bytes([0, a, b, c]);
        let all = [character(bits >> 18), character(bits >> 12), character(bits >> 6), character(bits)];
        to.iter_mut().zip(&all).for_each(|(to, character)| *to = *character);
    }
}

/// Writes the characters of `bytes` behind what `out` holds.
pub fn push(bytes: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    out.resize(begin.saturating_add(length(bytes.len())), 0);
    write(bytes, out.get_mut(begin..).unwrap_or_default());
}

/// The characters of `bytes` as text.
#[must_use]
pub fn unpack(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    push(bytes, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes the bytes of whole groups into `out` and gives how many, `None` where `text` is not
/// whole groups of the alphabet or `out` is too small.
#[must_use]
pub fn pack(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let (groups, rest) = text.as_chunks::<4>();
    let (to, _) = out.as_chunks_mut::<3>();
    if !rest.is_empty() || groups.len() > to.len() {
        return None;
    }
    for (&[a, b, c, d], out) in groups.iter().zip(to) {
        let (a, b, c, d) = (value(a), value(b), value(c), value(d));
        if (a | b | c | d) > 0x3F {
            return None;
        }
        let [_, x, y, z] = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
        *out = [x, y, z];
    }
    groups.len().checked_mul(3)
}
