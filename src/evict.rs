//! Making room: what is expired goes first, then, where the table evicts, what would expire soonest.

use crate::budget::Budget;
use crate::error::Error;
use crate::expiry::{self, Place, Queue};
use crate::fault::{self, Point};
use crate::record;
use crate::row::{self, NO_ROW};
use crate::slab::Row;
use crate::storage;
use crate::table::Table;
use crate::time::{Millis, NEVER};

/// A full table that the host gives no more memory evicts so many rows more than its budget asks for, to
/// come by a block of the size: as many as lie on a page, of those that sessions have.
const BEYOND: usize = 256;

impl Table {
    /// Removes up to `limit` expired rows, and gives how many.
    pub fn sweep(&mut self, limit: usize, reading: f64) -> usize {
        let now = self.clock.read(reading);
        self.clear_expired(now, limit)
    }

    /// Clears a few expired rows, or files a few touched ones again, in bounded time.
    #[inline(always)]
    pub(crate) fn tidy(&mut self, now: Millis, steps: usize) {
        if now >= self.quiet_until {
            self.tidy_up(now, steps);
        }
    }

    #[cold]
    fn tidy_up(&mut self, now: Millis, steps: usize) {
        for queue in 0..self.queues.len() {
            for _ in 0..steps {
                if !self.step(queue, now) {
                    break;
                }
            }
        }
        let firsts = self.queues.iter().filter_map(|queue| queue.get(0));
        let soonest = firsts.map(|first| expiry::instant(first.due, self.beginning)).min();
        self.quiet_until = soonest.unwrap_or(NEVER);
    }

    /// Looks at the row that stands first; `false` when its time has not come.
    fn step(&mut self, queue: usize, now: Millis) -> bool {
        let Some(first) = self.queues.get(queue).and_then(|queue| queue.get(0)) else { return false };
        if first.due > expiry::second(now, self.beginning) {
            return false;
        }
        let deadline = self.deadline(first.row);
        if now >= deadline {
            self.expire(first.row);
            return true;
        }
        self.refile(queue, first, deadline)
    }

    /// Files the first row under the second of its deadline; `false` when it stands there already.
    fn refile(&mut self, queue: usize, first: Place, deadline: Millis) -> bool {
        let due = expiry::second(deadline, self.beginning);
        let moved = due > first.due;
        if moved && let Some(queue) = self.queues.get_mut(queue) {
            queue.refile(0, due, &mut self.rows);
        }
        moved
    }

    pub(crate) fn expire(&mut self, row: Row) {
        let is_row = !row::is_ghost(self.rows.block(row));
        self.remove(row);
        self.counts.expired = self.counts.expired.wrapping_add(u64::from(is_row));
    }

    fn clear_expired(&mut self, now: Millis, limit: usize) -> usize {
        let before = self.counts.expired;
        for queue in 0..self.queues.len() {
            while self.cleared(before) < limit && self.step(queue, now) {}
            // Taking a row out may lift another to a place already passed.
            while self.clear_this_second(queue, now, limit.saturating_sub(self.cleared(before))) {}
        }
        self.cleared(before)
    }

    fn cleared(&self, before: u64) -> usize {
        usize::try_from(self.counts.expired.saturating_sub(before)).unwrap_or(usize::MAX)
    }

    /// Rows of the second that has begun stand in the order of their creation, so those whose
    /// millisecond has come may stand behind others whose has not. Goes once through them, depth first
    /// and without memory of its own; `true` when it found one.
    fn clear_this_second(&mut self, queue: usize, now: Millis, limit: usize) -> bool {
        let second = expiry::second(now, self.beginning);
        let mut left = limit;
        let mut at = 0_usize;
        while left > 0 {
            match self.queues.get(queue).and_then(|queue| queue.get(at)) {
                Some(place) if place.due <= second && now >= self.deadline(place.row) => {
                    self.expire(place.row);
                    left = left.wrapping_sub(1);
                }
                Some(place) if place.due <= second => at = at.wrapping_mul(4).wrapping_add(1),
                _ => {
                    while at > 0 && at.is_multiple_of(4) {
                        at = (at / 4).wrapping_sub(1);
                    }
                    if at == 0 {
                        break;
                    }
                    at = at.wrapping_add(1);
                }
            }
        }
        left < limit
    }

    /// Gives a block of `block` bytes and charges `cost` for it. Nothing is evicted where evicting
    /// everything would not be enough beside the `kept` bytes that have to stay, nor where the host refuses
    /// memory to a table that is not full: what that would free need not be of the size that is asked for.
    pub(crate) fn make_room(
        &mut self,
        cost: u64,
        block: usize,
        kept: u64,
        now: Millis,
    ) -> Result<Row, Error> {
        if self.budget.missing(cost) > 0 {
            self.clear_expired(now, usize::MAX);
        }
        let most = self.budget.limit().saturating_sub(self.names.bytes()).saturating_sub(kept);
        if self.budget.missing(cost) > 0 && (cost > most || self.options.refuse && self.all_stay(cost)) {
            return Err(Budget::refusal(cost));
        }
        let mut row = self.rows.alloc(block);
        if row.is_none() && self.clear_expired(now, usize::MAX) > 0 {
            row = self.rows.alloc(block);
        }
        if row.is_none() && self.budget.missing(cost) == 0 {
            return Err(Error::no_memory(block));
        }
        let mut beyond = BEYOND;
        loop {
            let missing = self.budget.missing(cost) > 0;
            if !missing && (row.is_some() || beyond == 0) || !self.evict() {
                break;
            }
            beyond = beyond.saturating_sub(usize::from(!missing));
            fault::at(Point::Evicted);
            row = row.or_else(|| self.rows.alloc(block));
        }
        let row = row.ok_or_else(|| Error::no_memory(block))?;
        if let Err(error) = self.budget.charge(cost) {
            self.rows.free(row);
            return Err(error);
        }
        Ok(row)
    }

    /// Whether ghosts alone, which give way in every table, are not enough.
    fn all_stay(&self, cost: u64) -> bool {
        let ghosts = self.queues.first().map_or(0, Queue::len) as u64;
        ghosts.wrapping_mul(row::GHOST_BYTES) < self.budget.missing(cost)
    }

    /// Removes the row that would expire soonest, ghosts first, then rows without a subject; `false` when
    /// there is none that may go.
    fn evict(&mut self) -> bool {
        let queues = if self.options.refuse { 1 } else { self.queues.len() };
        for queue in 0..queues {
            while let Some(first) = self.queues.get(queue).and_then(|queue| queue.get(0)) {
                let deadline = self.deadline(first.row);
                if self.refile(queue, first, deadline) {
                    continue;
                }
                self.remove(first.row);
                self.counts.evicted = self.counts.evicted.wrapping_add(u64::from(queue > 0));
                return true;
            }
        }
        false
    }

    /// The second in which a row is due, as the queue counts it.
    #[must_use]
    pub fn due(&self, row: Row) -> u32 {
        expiry::second(self.deadline(row), self.beginning)
    }

    /// Recounts everything from the rows; for tests. `false` when any figure is off.
    #[must_use]
    pub fn validate(&self) -> bool {
        let mut used = self.names.bytes();
        let mut rows = 0_usize;
        for (number, queue) in self.queues.iter().enumerate() {
            for at in 0..queue.len() {
                let Some(place) = queue.get(at) else { return false };
                let block = self.rows.block(place.row);
                let parent = queue.get(at.saturating_sub(1) / 4);
                let (key, packed) = row::key(block);
                let found = self.index.find(self.seed.key((key, packed)), |row| {
                    row::key(self.rows.block(row)) == (key, packed)
                });
                let fine = row::place(&self.rows, place.row) == at
                    && storage::queue_of(block) == number
                    && found == Some(place.row)
                    && place.due <= self.due(place.row)
                    && parent.is_some_and(|parent| parent.due <= place.due)
                    && self.is_linked(place.row)
                    && (number == 0 || record::is_record(row::record(block), self.names.len()));
                if !fine {
                    return false;
                }
                used = used.wrapping_add(storage::cost(block.len(), row::has_subject(block)));
                rows = rows.wrapping_add(1);
            }
        }
        let indexed: usize = (0..).map_while(|n| self.index.segment(n)).map(Iterator::count).sum();
        used == self.budget.used() && used <= self.budget.limit() && indexed == rows
    }

    /// Whether a row stands among those of its subject, between the two that know it.
    fn is_linked(&self, row: Row) -> bool {
        let block = self.rows.block(row);
        if !row::has_subject(block) {
            return true;
        }
        let (previous, next) = row::links(block);
        let first = self.subjects.first(row::subject(block), &self.rows, self.seed);
        let before = if previous == NO_ROW {
            first == Some(row)
        } else {
            row::links(self.rows.block(previous)).1 == row
        };
        before && (next == NO_ROW || row::links(self.rows.block(next)).0 == row)
    }
}
