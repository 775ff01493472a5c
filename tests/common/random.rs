//! Repeatable randomness (SplitMix64), or a fuzzer's bytes in its place.

use std::collections::VecDeque;

use ets_session::time::Lifetime;
use ets_session::value::Value;

use super::{DAY, Patch, Wanted};

pub struct Random {
    state: u64,
    input: Option<VecDeque<u8>>,
}

/// Some that are numbered, one that is too long for it, and one that is an object's trap elsewhere.
const NAMES: [&str; 7] = ["n", "user_id", "", "caché", "__proto__", "zwölf und mehr", "a-name-of-base64"];

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self { state: seed, input: None }
    }

    /// Draws from the bytes, and zeros after them.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self { state: 0, input: Some(bytes.iter().copied().collect()) }
    }

    /// Whether a fuzzer's bytes are used up.
    pub fn is_done(&self) -> bool {
        self.input.as_ref().is_some_and(VecDeque::is_empty)
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&mut self, end: u64) -> u64 {
        let drawn = if let Some(input) = &mut self.input {
            let bytes = if end <= 256 { 1 } else { 8 };
            (0..bytes).fold(0, |drawn: u64, _| drawn << 8 | u64::from(input.pop_front().unwrap_or(0)))
        } else {
            self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        };
        drawn % end.max(1)
    }

    /// True once in `of` times.
    pub fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    pub fn size(&mut self, end: usize) -> usize {
        self.below(end as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.size(from.len())]
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.below(256) as u8).collect()
    }

    pub fn text(&mut self, length: usize) -> String {
        let alphabet: Vec<char> = if self.one_in(4) {
            "aé漢😀\0\u{FEFF}".chars().collect()
        } else if self.one_in(3) {
            " !\"~\u{7F}az".chars().collect()
        } else {
            "ABCXYZabcxyz0189-_".chars().collect()
        };
        (0..length).map(|_| *self.pick(&alphabet)).collect()
    }

    pub fn number(&mut self) -> f64 {
        let edge = [0.0, 31.0, 32.0, 255.0, 256.0, 65_535.0, 65_536.0, 4_294_967_295.0, 4_294_967_296.0];
        let far = [281_474_976_710_655.0, 281_474_976_710_656.0, 2_147_483_648.0, 2_147_483_649.0, 1e300];
        let odd = [-0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, 0.5, f64::MAX];
        match self.below(4) {
            0 => *self.pick(&edge),
            1 => -*self.pick(&far),
            2 => *self.pick(&far),
            _ => *self.pick(&odd),
        }
    }

    pub fn value(&mut self, depth: u32) -> Value {
        let length = self.size(5);
        match self.below(if depth == 0 { 9 } else { 13 }) {
            0 => Value::Undefined,
            1 => Value::Null,
            2 => Value::Bool(self.one_in(2)),
            3 | 4 => Value::Number(self.number()),
            5 => Value::BigInt(self.one_in(2), vec![1; length]),
            6 => {
                let length = *self.pick(&[0, 1, 12, 16, 63, 64, 256, 260]);
                Value::Text(self.text(length))
            }
            7 => Value::Date(self.number()),
            8 => {
                let class = self.below(16) as u8;
                // Whole elements, of whichever size the class has.
                let whole = if class < 4 { length } else { length & !7 };
                Value::Binary(class, self.bytes(whole))
            }
            9 => Value::Array((0..self.size(17)).map(|_| self.value(depth - 1)).collect()),
            10 => Value::Object((0..self.size(17)).map(|n| (n.to_string(), self.value(depth - 1))).collect()),
            11 => Value::Map((0..length).map(|_| (self.value(depth - 1), self.value(depth - 1))).collect()),
            _ => Value::Set((0..length).map(|_| self.value(depth - 1)).collect()),
        }
    }

    pub fn name(&mut self) -> String {
        if self.one_in(24) {
            return "x".repeat(129);
        }
        (*self.pick(&NAMES)).to_owned()
    }

    fn names(&mut self, most: usize) -> Vec<String> {
        let mut names: Vec<String> = (0..self.size(most + 1)).map(|_| self.name()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Fields of distinct names.
    pub fn fields(&mut self, most: usize) -> Vec<(String, Value)> {
        let names = self.names(most);
        names.into_iter().map(|name| (name, self.small_value())).collect()
    }

    fn small_value(&mut self) -> Value {
        if self.one_in(3) { self.value(2) } else { Value::Number(self.below(40) as f64) }
    }

    pub fn patch(&mut self) -> Patch {
        Patch {
            clear: self.one_in(8),
            remove: self.names(2),
            set: self.fields(3),
            add: self.names(1).into_iter().map(|name| (name, self.below(100) as f64 - 50.0)).collect(),
        }
    }

    pub fn wanted(&mut self) -> Wanted {
        let values = |random: &mut Self| (0..random.size(6)).map(|_| random.small_value()).collect();
        let field = self.one_in(2).then(|| (self.name(), values(self)));
        Wanted { field, idle_for: if self.one_in(3) { self.below(5_000) } else { 0 } }
    }

    fn length(&mut self) -> Option<u64> {
        match self.below(6) {
            0 => Some(1 + self.below(2_000)),
            1 => Some(1_000 + self.below(60_000)),
            2 => Some(1 + self.below(500 * DAY)),
            _ => None,
        }
    }

    pub fn lifetime(&mut self) -> Lifetime {
        Lifetime { idle: self.length(), absolute: self.length() }
    }
}
