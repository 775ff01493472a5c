//! The field names that a table has numbered, so that its rows hold a byte instead of a name.
//! Bounded: what does not fit stays inline in its record, so hostile names cannot grow the list.

use crate::error::Error;
use crate::index::{Places, Seed};

/// Most names a table numbers.
pub const MAX_NAMES: usize = 1024;
/// Longest name, in bytes of UTF-8, that is numbered.
pub const MAX_NAME_BYTES: usize = 128;
/// What a numbered name costs on top of its bytes: its place in the list and in the look-up.
const OVERHEAD: u64 = 16;

/// Names by number, from 1, and numbers by name.
#[derive(Debug, Default)]
pub struct Names {
    list: Vec<Box<str>>,
    numbers: Places,
    /// What all of them take, in bytes.
    total: u64,
    /// What those take that a stored row has brought; the others are not charged yet, so that a write
    /// that is refused after numbering its names leaves no trace in the account.
    settled: u64,
    /// How many those are: the first of the list.
    paid: usize,
    /// A name went inline that might be numbered later, as when memory was refused. It must stay inline,
    /// or rows would hold it twice.
    closed: bool,
}

impl Names {
    /// How many names are numbered; the numbers are 1 to this.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether no name is numbered.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The name of a number.
    #[must_use]
    pub fn name(&self, number: usize) -> Option<&str> {
        self.list.get(number.checked_sub(1)?).map(AsRef::as_ref)
    }

    /// The number of a name.
    #[must_use]
    pub fn number(&self, name: &str, seed: Seed) -> Option<usize> {
        let same = |number: u32| self.name(number as usize) == Some(name);
        self.numbers.find(seed.hash(name.as_bytes()), same).map(|number| number as usize)
    }

    /// What the names that stored rows brought take, in bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.settled
    }

    /// What the names take that the next stored row brings.
    #[must_use]
    pub const fn unsettled_bytes(&self) -> u64 {
        self.total.saturating_sub(self.settled)
    }

    /// All names are paid for now.
    pub const fn settle(&mut self) {
        self.settled = self.total;
        self.paid = self.list.len();
    }

    /// How many names stored rows have brought; no row has one of the others.
    #[must_use]
    pub const fn paid(&self) -> usize {
        self.paid
    }

    /// The number of a name, numbering it if all names together stay within `room` bytes; `None` says: write it inline.
    pub fn intern(&mut self, name: &str, seed: Seed, room: u64) -> Option<usize> {
        if let Some(number) = self.number(name, seed) {
            return Some(number);
        }
        let next = self.list.len().wrapping_add(1);
        let total = self.total.wrapping_add(cost(name));
        if self.closed || next > MAX_NAMES || name.len() > MAX_NAME_BYTES || total > room {
            return None;
        }
        let added = self.add(name, next, seed);
        self.closed = added.is_none();
        added
    }

    /// Numbers a name as it was numbered elsewhere.
    ///
    /// # Errors
    /// [`Error::BadSnapshot`] where that number is not the next, [`Error::MemoryRefused`].
    pub fn restore(&mut self, name: &str, number: usize, seed: Seed) -> Result<(), Error> {
        let next = self.list.len().wrapping_add(1);
        let allowed = number == next && next <= MAX_NAMES && name.len() <= MAX_NAME_BYTES;
        if !allowed || self.number(name, seed).is_some() {
            return Err(Error::BadSnapshot);
        }
        self.add(name, next, seed).map(drop).ok_or_else(|| Error::no_memory(name.len()))
    }

    /// Numbers no further names: there are rows that hold one inline which might get a number now.
    pub const fn close(&mut self) {
        self.closed = true;
    }

    fn add(&mut self, name: &str, next: usize, seed: Seed) -> Option<usize> {
        let mut owned = String::new();
        owned.try_reserve_exact(name.len()).ok()?;
        owned.push_str(name);
        self.list.try_reserve(1).ok()?;
        let Self { list, numbers, .. } = self;
        let hash_of = |number: u32| {
            let name = (number as usize).checked_sub(1).and_then(|at| list.get(at));
            name.map_or(0, |name| seed.hash(name.as_bytes()))
        };
        if !numbers.reserve(&hash_of) {
            return None;
        }
        numbers.insert(seed.hash(name.as_bytes()), u32::try_from(next).ok()?, &hash_of);
        list.push(owned.into_boxed_str());
        self.total = self.total.wrapping_add(cost(name));
        Some(next)
    }
}

fn cost(name: &str) -> u64 {
    OVERHEAD.wrapping_add(name.len() as u64)
}
