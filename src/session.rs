//! The rules of sessions: an id that was ended stays dead, one that was renewed leads on for a while.
//!
//! What remains of such an id is a ghost: a row of the id's key and nothing else that anyone can read, in
//! the same index, queue and budget as rows, and the first to go when the table is full. A dead id's ghost
//! is empty. A renewed id's holds the new one, covered with a hash of the old one, so that only who has
//! the old id can read it, also where there was no grace, for requests that are under way; where the row was
//! bound to a user, it holds a mark alone.
//!
//! A request looks up what its cookie says; a login binds the session to a user, under a fresh id; a logout
//! ends it:
//!
//! ```
//! use ets_session::record;
//! use ets_session::key::{Key, ROOM};
//! use ets_session::session::{How, Visit};
//! use ets_session::store::{self, Id, Pool};
//! use ets_session::table::{Options, Table};
//!
//! # let mut table = Table::new(Options::default(), ets_session::index::Seed::new([7; 16]))?;
//! # let mut pool = Pool::new();
//! # pool.fill(&(0..=255).cycle().take(720).collect::<Vec<u8>>());
//! let id = store::put_new(&mut table, record::EMPTY, 0, &mut pool, 0.0)?;
//!
//! fn visit(table: &mut Table, id: &Id, now: f64) -> Visit {
//!     let hashed = table.options().hash_keys;
//!     table.visit_by(Key::new(id, hashed, &mut { ROOM }), now)
//! }
//! assert!(matches!(visit(&mut table, &id, 1.0), Visit::Live(_)));
//!
//! // A change that sets, removes and counts nothing.
//! let nothing = [&[0, 0, 0], record::EMPTY].concat();
//! let mut commit = |table: &mut Table, id: &Id, how, now| {
//!     let mut room = ROOM;
//!     let key = Key::new(id, table.options().hash_keys, &mut room);
//!     let (_, fresh) = table.commit_by(key, id, &nothing, how, &mut pool, now)?;
//!     fresh.ok_or(ets_session::error::Error::IdExhausted)
//! };
//!
//! // Who had the id before the login, and be it by having chosen it, must not come after it: no grace.
//! let login = How { subject: Some(b"ada"), renew: true, grace: 0 };
//! let of_ada = commit(&mut table, &id, login, 2.0)?;
//! assert_eq!(visit(&mut table, &id, 2.0), Visit::Late);
//!
//! // An id that is only replaced leads on for a while, for requests that are on their way.
//! let renewal = How { subject: None, renew: true, grace: 10_000 };
//! let fresh = commit(&mut table, &of_ada, renewal, 3.0)?;
//! assert_eq!(visit(&mut table, &of_ada, 4.0), Visit::Renewed);
//! assert_eq!(table.follow(&of_ada, false, 4.0), Ok(fresh));
//!
//! assert!(table.end_by(Key::new(&fresh, false, &mut { ROOM }), 5.0));
//! assert_eq!(visit(&mut table, &fresh, 6.0), Visit::Dead);
//! # Ok::<(), ets_session::error::Error>(())
//! ```

use crate::base64;
use crate::error::Error;
use crate::fault::{self, Point};
use crate::key::{Key, ROOM};
use crate::record::Change;
use crate::row::{self, GHOST_BYTES, Parts};
use crate::select::Filter;
use crate::slab::Row;
use crate::store::{self, ID_BYTES, Id, Pool};
use crate::table::{Lookup, TIDY, Table};
use crate::time::{LATEST, Millis};

pub use crate::row::DEAD_FOR;

/// The part of the budget, and the number, that ghosts may come to.
const GHOSTS_SHARE: u64 = 8;
const MOST_GHOSTS: u64 = 65_536;
/// How many renewals are followed.
const FOLLOWED: usize = 8;
/// What the ghost of an id holds that was renewed by a login, and leads nowhere.
const NOWHERE: [u8; 1] = [0];

/// What an id leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// Nothing.
    Missing,
    /// A row whose time is over; it is gone now.
    Expired,
    /// A living row.
    Live(Row),
    /// An id that was ended.
    Dead,
    /// An id that was renewed a moment ago: [`Table::follow`] tells the new one.
    Renewed,
    /// An id that was renewed, and leads on no more.
    Late,
}

impl Visit {
    const fn is_live(self) -> bool {
        matches!(self, Self::Live(_))
    }
}

/// What a commit does beside merging a change.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// Whose the row is from now on; `None` leaves that as it is.
    pub subject: Option<&'a [u8]>,
    /// Gives the row a fresh id.
    pub renew: bool,
    /// How long the old id leads on; for requests under way longer, unless there is a subject and no grace.
    pub grace: Millis,
}

/// The bytes that cover what a renewed id leads to.
fn cover(old: &Id) -> [u8; ID_BYTES] {
    const PURPOSE: &[u8; 8] = b"renewed:";
    let mut text = [0; 32];
    let (purpose, rest) = text.split_at_mut(PURPOSE.len());
    purpose.copy_from_slice(PURPOSE);
    rest.copy_from_slice(old);
    blake3::hash(&text).as_bytes().first_chunk().copied().unwrap_or_default()
}

fn covered(mut bytes: [u8; ID_BYTES], old: &Id) -> [u8; ID_BYTES] {
    bytes.iter_mut().zip(&cover(old)).for_each(|(byte, cover)| *byte ^= cover);
    bytes
}

impl Table {
    /// Looks an id up as [`Table::touch_by`] does, and tells what became of those that lead nowhere.
    pub fn visit_by(&mut self, key: Key<'_>, reading: f64) -> Visit {
        let found = match self.touch_by(key, reading) {
            Lookup::Live(row) => Visit::Live(row),
            Lookup::Expired => Visit::Expired,
            Lookup::Missing => match self.ghost(key).map(|ghost| self.rows.block(ghost)) {
                None => Visit::Missing,
                Some(block) if row::record(block).is_empty() => Visit::Dead,
                Some(block) if self.leads_on(block) => Visit::Renewed,
                Some(_) => Visit::Late,
            },
        };
        let count = if found.is_live() { &mut self.counts.hits } else { &mut self.counts.misses };
        *count = count.wrapping_add(1);
        found
    }

    /// Whether a renewed id's grace still lasts.
    fn leads_on(&self, block: &[u8]) -> bool {
        row::times(block).is_some_and(|(until, _)| self.clock.latest() < until)
    }

    /// The ghost of a key, be it over or not.
    fn any_ghost(&self, key: Key<'_>) -> Option<Row> {
        let some = self.queues.first().is_some_and(|ghosts| !ghosts.is_empty());
        let found = some.then(|| self.place_of(key)).flatten();
        found.filter(|&row| row::is_ghost(self.rows.block(row)))
    }

    fn ghost(&self, key: Key<'_>) -> Option<Row> {
        self.any_ghost(key).filter(|&row| self.clock.latest() < self.deadline(row))
    }

    /// Removes the ghost of a key that gets a row again.
    pub(crate) fn lay(&mut self, key: Key<'_>) {
        if let Some(ghost) = self.any_ghost(key) {
            self.remove(ghost);
        }
    }

    /// Leaves a ghost of a key behind; where there is no room for one, there is none.
    fn haunted(&mut self, key: Key<'_>, until: Millis, leads_to: &[u8], now: Millis) {
        let most = MOST_GHOSTS.min(self.options.max_bytes / GHOSTS_SHARE / GHOST_BYTES);
        if most == 0 {
            return;
        }
        while let Some(first) = self.queues.first().filter(|ghosts| ghosts.len() as u64 >= most) {
            let Some(oldest) = first.get(0) else { break };
            self.remove(oldest.row);
        }
        let parts = Parts {
            key: key.bytes(),
            packed: key.is_packed(),
            subject: &[],
            record: leads_to,
            created: until,
            touched: until,
            version: 0,
            lifetime: row::GHOST,
        };
        // A flood of endings must not push out what lives.
        let refuse = core::mem::replace(&mut self.options.refuse, true);
        let _ = self.try_store(None, &parts, now);
        self.options.refuse = refuse;
    }

    /// The living id that a renewed one leads to. A request that is `under_way` since before the renewal
    /// is led on behind the grace too, as long as the renewal is known.
    ///
    /// # Errors
    /// What became of the last id that it leads to: [`Visit::Missing`], [`Visit::Dead`] or [`Visit::Late`].
    pub fn follow(&mut self, id: &[u8], under_way: bool, reading: f64) -> Result<Id, Visit> {
        let now = self.clock.read(reading);
        let mut id = Id::try_from(id).map_err(|_| Visit::Missing)?;
        for _ in 0..FOLLOWED {
            let mut room = ROOM;
            let key = Key::new(&id, self.options.hash_keys, &mut room);
            if self.find(key, now).live().is_some() {
                return Ok(id);
            }
            let block = self.rows.block(self.ghost(key).ok_or(Visit::Missing)?);
            let leads_to = row::record(block);
            if leads_to.is_empty() {
                return Err(Visit::Dead);
            }
            let on = under_way || self.leads_on(block);
            let leads_to = leads_to.first_chunk::<ID_BYTES>().filter(|_| on).ok_or(Visit::Late)?;
            id = store::id(covered(*leads_to, &id));
        }
        Err(Visit::Late)
    }

    /// Merges a change into a living row, binds it to a subject and gives it a fresh id, all in one step.
    ///
    /// `id` is the text of the key, which covers the fresh one.
    ///
    /// # Errors
    /// As for [`Table::update_by`], and [`Error::IdExhausted`]; nothing is changed then.
    pub fn commit_by(
        &mut self,
        key: Key<'_>,
        id: &[u8],
        change: &[u8],
        how: How<'_>,
        pool: &mut Pool,
        reading: f64,
    ) -> Result<(Lookup, Option<Id>), Error> {
        let change = Change::read(change, self.names.len())?;
        let now = self.clock.read(reading);
        let found = self.find(key, now);
        let Lookup::Live(row) = found else { return Ok((found, None)) };
        let (mut room, mut fresh) = (ROOM, None);
        if how.renew {
            let mut ids = pool.ids();
            while fresh.is_none() {
                let id = ids().ok_or(Error::IdExhausted)?;
                let key = Key::new(&id, self.options.hash_keys, &mut room);
                fresh = (!self.is_taken(key)).then_some(id);
            }
        }
        let new = fresh.as_ref().map_or(key, |id| Key::new(id, self.options.hash_keys, &mut room));
        let mut buffer = core::mem::take(&mut self.scratch);
        buffer.clear();
        let stored = self.rewrite(row, new, how.subject, &change, now, &mut buffer);
        self.keep_scratch(buffer);
        let stored = stored?;
        if let Some(fresh) = &fresh {
            fault::at(Point::Renewed);
            let mut bytes = [0; ID_BYTES];
            let old = Id::try_from(id).ok().filter(|_| how.grace > 0 || how.subject.is_none());
            let leads_to = old.and_then(|old| base64::pack(fresh, &mut bytes).map(|_| covered(bytes, &old)));
            let until = now.saturating_add(how.grace).min(LATEST);
            self.haunted(key, until, leads_to.as_ref().map_or(&NOWHERE, <[u8; ID_BYTES]>::as_slice), now);
        }
        self.tidy(now, TIDY);
        Ok((Lookup::Live(stored), fresh))
    }

    /// Ends a session: deletes its row, and knows of the id for a while that it is dead. `false` where
    /// there was no living row.
    pub fn end_by(&mut self, key: Key<'_>, reading: f64) -> bool {
        let was = self.delete_by(key, reading);
        if was {
            let now = self.clock.latest();
            self.haunted(key, now, &[], now);
        }
        was
    }

    /// Ends all sessions that a filter takes but the one of a key, and gives how many.
    pub fn end_where(&mut self, filter: &Filter<'_>, except: Option<Key<'_>>, reading: f64) -> usize {
        let now = self.clock.read(reading);
        self.remove_each(filter, now, &mut |table, row| {
            let block = table.rows.block(row);
            if except.is_some_and(|except| row::is_of(block, except)) {
                return false;
            }
            // The longest that a key's stored form can be is kept beside the row that goes.
            let (mut stored, (key, packed)) = (ROOM, row::key(block));
            let length = key.len();
            let kept = stored.get_mut(..length).map(|to| to.copy_from_slice(key)).is_some();
            table.remove(row);
            table.counts.deleted = table.counts.deleted.wrapping_add(1);
            if kept {
                let key = Key::stored(stored.get(..length).unwrap_or_default(), packed);
                table.haunted(key, now, &[], now);
            }
            true
        })
    }

    /// Takes the ghosts over into the table that takes this one's place: what was ended stays so.
    pub(crate) fn haunt(&self, other: &mut Self, now: Millis) {
        let Some(ghosts) = self.queues.first() else { return };
        for place in (0..ghosts.len()).filter_map(|at| ghosts.get(at)) {
            let block = self.rows.block(place.row);
            let (key, packed) = row::key(block);
            let key = Key::stored(key, packed);
            if let Lookup::Live(row) = other.find(key, now) {
                other.remove(row);
            }
            if let Some((until, _)) = row::times(block) {
                other.haunted(key, until, row::record(block), now);
            }
        }
    }
}
