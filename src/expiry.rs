//! Who is due: rows in a four-way heap by the second of their deadline, the oldest first among
//! equals. A touch leaves the heap as it is: a row's place there is never later than its deadline,
//! and a row found due before its time is filed again. Evicting is expiring early.

use crate::row;
use crate::slab::{Row, Slab};
use crate::time::{Millis, NEVER};

/// What a row's place here takes, in bytes.
pub const PLACE_BYTES: u64 = 12;

const CHUNK: usize = 1024;
const CHUNK_BITS: u32 = 10;

/// A row and the second in which it is due.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The second of the deadline, counted from the queue's beginning.
    pub due: u32,
    /// Counts rows as they are created.
    pub order: u32,
    /// The row.
    pub row: Row,
}

impl Place {
    fn is_before(&self, other: &Self) -> bool {
        // The counter may come round; rows are never half of its range apart.
        self.due < other.due || (self.due == other.due && self.order.wrapping_sub(other.order) > u32::MAX / 2)
    }
}

/// The heap, in pieces, so that growing copies nothing.
#[derive(Debug, Default)]
pub struct Queue {
    chunks: Vec<Vec<Place>>,
    length: usize,
}

/// The second of a deadline, counted from the second `beginning`; what never comes is last.
#[must_use]
pub fn second(deadline: Millis, beginning: u64) -> u32 {
    if deadline == NEVER {
        return u32::MAX;
    }
    let seconds = (deadline / 1000).saturating_sub(beginning);
    u32::try_from(seconds).unwrap_or(u32::MAX).min(u32::MAX.wrapping_sub(1))
}

/// The first millisecond of such a second. Both are far from where the product would not fit: a clock reads no more
/// than 8.64e15.
#[must_use]
pub const fn instant(second: u32, beginning: u64) -> Millis {
    if second == u32::MAX { NEVER } else { beginning.wrapping_add(second as u64).wrapping_mul(1000) }
}

impl Queue {
    /// How many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The place with that number; the first is due first.
    #[inline]
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Place> {
        self.chunks.get(at >> CHUNK_BITS)?.get(at % CHUNK).copied()
    }

    fn put(&mut self, at: usize, place: Place, rows: &mut Slab) {
        if let Some(to) = self.chunks.get_mut(at >> CHUNK_BITS).and_then(|c| c.get_mut(at % CHUNK)) {
            *to = place;
            row::set_place(rows, place.row, at);
        }
    }

    /// Makes sure that one more row can be added; `false` when memory is refused.
    pub fn reserve(&mut self) -> bool {
        if self.length < self.chunks.len().wrapping_mul(CHUNK) {
            return true;
        }
        let mut chunk = Vec::new();
        if self.chunks.try_reserve(1).is_err() || chunk.try_reserve_exact(CHUNK).is_err() {
            return false;
        }
        self.chunks.push(chunk);
        true
    }

    /// Adds a row, for which there must be room reserved.
    pub fn push(&mut self, place: Place, rows: &mut Slab) {
        let at = self.length;
        if let Some(chunk) = self.chunks.get_mut(at >> CHUNK_BITS) {
            chunk.push(place);
            self.length = at.wrapping_add(1);
            self.rise(at, place, rows);
        }
    }

    /// Takes out the row at a place, and gives what stood there.
    pub fn remove(&mut self, at: usize, rows: &mut Slab) -> Option<Place> {
        let taken = self.get(at)?;
        let last = self.length.checked_sub(1)?;
        let moved = self.chunks.get_mut(last >> CHUNK_BITS)?.pop()?;
        self.length = last;
        // One empty chunk stays, so that a row coming and going does not allocate each time.
        if self.chunks.len() > (last >> CHUNK_BITS).wrapping_add(2) {
            self.chunks.pop();
        }
        if at != last {
            self.settle(at, moved, rows);
        }
        Some(taken)
    }

    /// Files the row at a place under another second.
    pub fn refile(&mut self, at: usize, due: u32, rows: &mut Slab) {
        if let Some(place) = self.get(at) {
            self.settle(at, Place { due, ..place }, rows);
        }
    }

    fn settle(&mut self, at: usize, place: Place, rows: &mut Slab) {
        let parent = self.get(at.wrapping_sub(1) / 4);
        if at > 0 && parent.is_some_and(|parent| place.is_before(&parent)) {
            self.rise(at, place, rows);
        } else {
            self.sink(at, place, rows);
        }
    }

    fn rise(&mut self, mut at: usize, place: Place, rows: &mut Slab) {
        while at > 0 {
            let above = at.wrapping_sub(1) / 4;
            match self.get(above) {
                Some(parent) if place.is_before(&parent) => self.put(at, parent, rows),
                _ => break,
            }
            at = above;
        }
        self.put(at, place, rows);
    }

    fn sink(&mut self, mut at: usize, place: Place, rows: &mut Slab) {
        loop {
            let first = at.wrapping_mul(4).wrapping_add(1);
            let below = (first..first.wrapping_add(4)).filter_map(|child| Some((child, self.get(child)?)));
            let least = below.reduce(|a, b| if b.1.is_before(&a.1) { b } else { a });
            match least {
                Some((child, down)) if down.is_before(&place) => {
                    self.put(at, down, rows);
                    at = child;
                }
                _ => break,
            }
        }
        self.put(at, place, rows);
    }

    /// Forgets every row.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
