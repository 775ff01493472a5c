//! A row's way into its block, the indexes and its queue, and out of all of them. Whatever can be refused
//! is asked for first: budget, memory, places; what follows then cannot fail.

use crate::error::Error;
use crate::expiry::{self, Place, Queue};
use crate::fault::{self, Point};
use crate::index;
use crate::key::Key;
use crate::row::{self, Parts};
use crate::slab::{self, Row};
use crate::table::{ROW_OVERHEAD, TYPICAL_ROW, Table};
use crate::time::Millis;

/// What a row in such a block costs; one with a subject has a place in the index of subjects.
pub(crate) const fn cost(block: usize, has_subject: bool) -> u64 {
    let places = if has_subject { ROW_OVERHEAD.wrapping_add(index::PLACE_BYTES) } else { ROW_OVERHEAD };
    places.wrapping_add(block as u64)
}

/// The number of the queue that a row stands in.
pub(crate) fn queue_of(block: &[u8]) -> usize {
    if row::is_ghost(block) { 0 } else { 1_usize.wrapping_add(usize::from(row::has_subject(block))) }
}

fn queue_for(parts: &Parts<'_>) -> usize {
    if parts.lifetime == row::GHOST {
        0
    } else {
        1_usize.wrapping_add(usize::from(!parts.subject.is_empty()))
    }
}

impl Table {
    /// Writes a row over `old`, or as a new one, and gives its address.
    pub(crate) fn store(&mut self, old: Option<Row>, parts: &Parts<'_>, now: Millis) -> Result<Row, Error> {
        let result = self.try_store(old, parts, now);
        if result.is_err_and(Error::is_full) {
            self.counts.refused = self.counts.refused.wrapping_add(1);
        }
        result
    }

    pub(crate) fn try_store(
        &mut self,
        old: Option<Row>,
        parts: &Parts<'_>,
        now: Millis,
    ) -> Result<Row, Error> {
        let size = parts.size();
        if size as u64 > self.options.max_row_bytes {
            return Err(Error::too_large(size));
        }
        let block = slab::block_size(size);
        let names = self.names.unsettled_bytes();
        let same = |row: Row| {
            let there = self.rows.block(row);
            there.len() == block
                && row::key(there) == (parts.key, parts.packed)
                && row::subject(there) == parts.subject
                && (parts.subject.is_empty() || row::is_wide(there) == parts.is_wide())
        };
        let stored = match old {
            Some(row) if same(row) && self.budget.missing(names) == 0 => {
                self.budget.charge(names)?;
                parts.write(self.rows.block_mut(row));
                row
            }
            Some(row) => self.store_elsewhere(row, block, names, parts, now)?,
            None => self.store_new(block, names, parts, now)?,
        };
        self.names.settle();
        Ok(stored)
    }

    /// Makes sure that the indexes and the queue take one more row of these parts, and gives the hash of its key.
    fn reserve(&mut self, parts: &Parts<'_>, queue: usize) -> Option<u64> {
        let (rows, seed) = (&self.rows, self.seed);
        let hash = seed.key((parts.key, parts.packed));
        let capacity = self.options.max_bytes / TYPICAL_ROW;
        let reserved = self.index.reserve(hash, &|row| seed.key(row::key(rows.block(row))))
            && self.subjects.reserve(parts.subject, capacity, rows, seed)
            && self.queues.get_mut(queue).is_some_and(Queue::reserve);
        reserved.then_some(hash)
    }

    /// Stores a row that has another size, key or subject than before: in another block.
    fn store_elsewhere(
        &mut self,
        old: Row,
        block: usize,
        names: u64,
        parts: &Parts<'_>,
        now: Millis,
    ) -> Result<Row, Error> {
        let there = self.rows.block(old);
        let before = cost(there.len(), row::has_subject(there));
        let after = cost(block, !parts.subject.is_empty());
        let grown = after.saturating_sub(before).wrapping_add(names);
        let (from, to) = (queue_of(there), queue_for(parts));
        let Some(hash) = self.reserve(parts, to) else { return Err(Error::no_memory(block)) };
        let at = row::place(&self.rows, old);
        let place = self.queues.get_mut(from).and_then(|queue| queue.remove(at, &mut self.rows));
        let new = self.make_room(grown, block, before, now);
        let (row, queue) = new.as_ref().map_or((old, from), |&row| (row, to));
        if let (Some(place), Some(queue)) = (place, self.queues.get_mut(queue)) {
            // The room it had is still there.
            queue.push(Place { row, ..place }, &mut self.rows);
        }
        new?;
        self.unindex(old);
        fault::at(Point::Moving);
        let place = row::place(&self.rows, row);
        parts.write(self.rows.block_mut(row));
        row::set_place(&mut self.rows, row, place);
        self.rows.free(old);
        self.enter(row, hash);
        self.budget.release(before.saturating_sub(after));
        Ok(row)
    }

    fn store_new(&mut self, block: usize, names: u64, parts: &Parts<'_>, now: Millis) -> Result<Row, Error> {
        let cost = cost(block, !parts.subject.is_empty()).wrapping_add(names);
        let queue = queue_for(parts);
        let Some(hash) = self.reserve(parts, queue) else { return Err(Error::no_memory(block)) };
        fault::at(Point::Reserved);
        let row = self.make_room(cost, block, 0, now)?;
        self.lay(Key::stored(parts.key, parts.packed));
        parts.write(self.rows.block_mut(row));
        fault::at(Point::Written);
        self.enter(row, hash);
        if self.is_bare() {
            self.beginning = now / 1000;
        }
        let lifetime = self.lifetime_of(usize::from(parts.lifetime));
        let due = expiry::second(lifetime.deadline(parts.created, parts.touched), self.beginning);
        self.quiet_until = self.quiet_until.min(expiry::instant(due, self.beginning));
        let order = self.order;
        self.order = order.wrapping_add(1);
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.push(Place { due, order, row }, &mut self.rows);
        }
        if parts.lifetime != row::GHOST {
            self.counts.inserted = self.counts.inserted.wrapping_add(1);
        }
        Ok(row)
    }

    /// Enters a row, whose key has that hash, into the indexes, for which there must be room reserved.
    fn enter(&mut self, row: Row, hash: u64) {
        let (rows, seed) = (&self.rows, self.seed);
        self.index.insert(hash, row, &|row| seed.key(row::key(rows.block(row))));
        self.subjects.link(row, &mut self.rows, seed);
    }

    /// Takes a row out of the indexes.
    fn unindex(&mut self, row: Row) {
        self.index.remove(self.seed.key(row::key(self.rows.block(row))), row);
        self.subjects.unlink(row, &mut self.rows, self.seed);
    }

    /// Takes a row out of everything that knows it.
    pub(crate) fn remove(&mut self, row: Row) {
        let block = self.rows.block(row);
        let (queue, cost) = (queue_of(block), cost(block.len(), row::has_subject(block)));
        let at = row::place(&self.rows, row);
        self.unindex(row);
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.remove(at, &mut self.rows);
        }
        self.rows.free(row);
        self.budget.release(cost);
    }

    /// Writes a row anew whose head has no room for a touch 397 days after its creation. Where there is
    /// no room for that the touch is lost: a read must not push out what lives.
    #[cold]
    pub(crate) fn widen(&mut self, row: Row, now: Millis) -> Row {
        let mut copy = core::mem::take(&mut self.scratch);
        copy.clear();
        let block = self.rows.block(row);
        let mut wide = row;
        if copy.try_reserve(block.len()).is_ok() {
            copy.extend_from_slice(block);
            if let Some(parts) = row::parts(&copy) {
                let refuse = core::mem::replace(&mut self.options.refuse, true);
                wide = self.try_store(Some(row), &Parts { touched: now, ..parts }, now).unwrap_or(row);
                self.options.refuse = refuse;
            }
        }
        self.keep_scratch(copy);
        wide
    }
}
