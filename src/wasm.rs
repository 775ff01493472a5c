//! The JavaScript face, the only file that names JavaScript. Numbers and bytes cross, no decisions.
//!
//! Two faces, one set of tables. The package's own calls (`table_…`, `row_…`) take their keys, records and
//! filters from one area of linear memory, whose address [`area`] gives; errors cross as the
//! negative numbers of [`Error::number`]. The plain store takes and gives JavaScript values; the package
//! leaves it out.
//!
//! Randomness is drawn and the time received before a table is borrowed: a call that throws out of a
//! borrow would lock the table for ever.

use std::cell::RefCell;
use std::mem::ManuallyDrop;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Setting};
use crate::fault::{self, Point};
use crate::instance::{Side, State, address, int};
use crate::key::{self, Key, ROOM};
use crate::read::Spot;
use crate::record::Name;
use crate::select::{self, Filter};
use crate::session::{How, Visit};
use crate::slab::Row;
use crate::store::{self, ID_BYTES};
use crate::table::{Lookup, Options, Table};
use crate::tables::Handle;
use crate::tag;
use crate::time::{Lifetime, NEVER};

const MISSING: i32 = 0;
const EXPIRED: i32 = 1;
const LIVES: i32 = 2;
/// The row that was met at a spot is not there any more.
const ELSEWHERE: i32 = 3;
/// What one draw of randomness brings: 2 µs a call, whatever the size.
const DRAW: usize = 4096;

thread_local! {
    // Never dropped, so that each access is an address and not a question whether it lives.
    static STATE: RefCell<ManuallyDrop<State>> = const {
        RefCell::new(ManuallyDrop::new(State::new()))
    };
}

fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    STATE.with(|state| work(&mut state.borrow_mut()))
}

/// Draws the seed of the hashes on first use, and random bytes for ids when they run low. Whoever
/// has no randomness gets no rows.
#[cold]
#[inline(never)]
fn draw() -> Result<(), Error> {
    let (seeded, low) = with(|state| (state.tables.is_seeded(), state.side.pool.is_low()));
    let mut random = [0; DRAW];
    if !seeded || low {
        getrandom::fill(&mut random).map_err(|_| Error::IdExhausted)?;
        // A source that says the same all the time is none.
        if random.iter().all(|byte| Some(byte) == random.first()) {
            return Err(Error::IdExhausted);
        }
        with(|state| {
            let (seed, ids) = random.split_first_chunk().unwrap_or((&[0; 16], &[]));
            if !seeded {
                state.tables.set_seed(*seed);
            }
            state.side.pool.fill(ids);
        });
        random.fill(0);
    }
    Ok(())
}

/// As [`draw`], where something is missing; asked before a table is borrowed.
#[inline(always)]
fn ready(ids: bool) -> Result<(), Error> {
    let ready = with(|state| state.tables.is_seeded() && !(ids && state.side.pool.is_low()));
    if ready { Ok(()) } else { draw() }
}

#[inline(always)]
fn run(table: Handle, work: impl FnOnce(&mut State) -> Result<i32, Error>) -> i32 {
    if let Err(error) = ready(false) {
        return error.number();
    }
    fault::at(Point::Call);
    with(|state| match work(state) {
        Ok(answer) => answer,
        Err(error) => state.refused(Some(table), error),
    })
}

fn on(
    table: Handle,
    length: usize,
    work: impl FnOnce(&mut Table, &[u8], &mut Side) -> Result<i32, Error>,
) -> i32 {
    run(table, |state| {
        let (table, bytes, side) = state.table(table, length)?;
        work(table, bytes, side)
    })
}

fn on_row(
    table: Handle,
    key: i32,
    behind: usize,
    work: impl FnOnce(&mut Table, Key<'_>, &[u8], &mut Side) -> Result<i32, Error>,
) -> i32 {
    run(table, |state| {
        let (table, key, behind, side) = state.row(table, key, behind)?;
        work(table, key, behind, side)
    })
}

/// As [`on_row`], for what requests do most: without a call on the way.
#[inline(always)]
fn on_row_inline(
    table: Handle,
    key: i32,
    behind: usize,
    work: impl FnOnce(&mut Table, Key<'_>, &[u8]) -> Result<i32, Error>,
) -> i32 {
    run(table, |state| {
        let (table, key, behind, _) = state.row_inline(table, key, behind)?;
        work(table, key, behind)
    })
}

fn record(table: &Table, found: Lookup) -> i32 {
    match found {
        Lookup::Live(row) => address(table.record(row)),
        gone => state_of(gone),
    }
}

const fn state_of(found: Lookup) -> i32 {
    match found {
        Lookup::Live(_) => LIVES,
        Lookup::Expired => EXPIRED,
        Lookup::Missing => MISSING,
    }
}

fn named(number: usize, inline: &[u8]) -> Name<'_> {
    if number > 0 { Name::Interned(number) } else { Name::Inline(inline) }
}

#[allow(clippy::cast_precision_loss)]
fn times(table: &Table, row: Row) -> [f64; 4] {
    table.meta(row).map_or([0.0; 4], |meta| {
        let deadline = if meta.deadline == NEVER { f64::INFINITY } else { meta.deadline as f64 };
        [meta.created as f64, meta.touched as f64, deadline, f64::from(meta.version)]
    })
}

/// Has the next operation that comes to a point stop there.
#[cfg(feature = "faults")]
#[wasm_bindgen]
pub fn fault(point: u32) {
    fault::arm(point);
}

/// Makes the area `length` bytes long at least and gives its address; 0 when memory is refused.
#[wasm_bindgen]
pub fn area(length: usize) -> i32 {
    with(|state| {
        let more = length.saturating_sub(state.area.len());
        if state.area.try_reserve_exact(more).is_err() {
            return 0;
        }
        state.area.resize(length.max(state.area.len()), 0);
        address(&state.area)
    })
}

/// Makes memory large enough for `bytes` more; 0 when that is refused.
#[wasm_bindgen]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn reserve(bytes: f64) -> i32 {
    let mut room: Vec<u8> = Vec::new();
    let reserved = room.try_reserve_exact(bytes as usize).is_ok();
    // Asked for and given back at once: it stays the module's. Nobody may find that this has no effect.
    core::hint::black_box(&room);
    i32::from(reserved)
}

/// The address of the f64 that go with an answer: an error's needed, used and limit; a row's created,
/// touched, deadline and version.
#[wasm_bindgen]
pub fn numbers() -> i32 {
    with(|state| int(state.side.numbers.as_ptr().addr()))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn lifetime_of(idle: f64, absolute: f64) -> Lifetime {
    let millis = |ms: f64| (ms > 0.0).then_some(ms as u64);
    Lifetime { idle: millis(idle), absolute: millis(absolute) }
}

/// Creates a table of the name that begins the area, and gives its handle. Bytes, and milliseconds of
/// which 0 is none.
#[wasm_bindgen]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn table_create(
    name: usize,
    max_bytes: f64,
    max_row_bytes: f64,
    idle: f64,
    absolute: f64,
    refuse: bool,
    hash_keys: bool,
) -> i32 {
    let (max_bytes, max_row_bytes) = (max_bytes as u64, max_row_bytes as u64);
    let lifetime = lifetime_of(idle, absolute);
    let options = Options { max_bytes, max_row_bytes, lifetime, refuse, hash_keys };
    with(|state| {
        let name = state.area.get(..name).and_then(|name| core::str::from_utf8(name).ok());
        let created = state.tables.create(name.unwrap_or_default(), options);
        created.map_or_else(|error| state.refused(None, error), |handle| int(handle as usize))
    })
}

/// Removes a table.
#[wasm_bindgen]
pub fn table_drop(table: Handle) -> i32 {
    with(|state| state.tables.drop(table).map_or_else(Error::number, |()| 0))
}

/// Puts into the numbers what is known of a table as a whole, in the order of `TableInfo`.
#[wasm_bindgen]
#[allow(clippy::cast_precision_loss)]
pub fn table_info(table: Handle) -> i32 {
    on(table, 0, |table, _, side| {
        let counts = table.counts();
        side.numbers = [
            table.len() as u64,
            table.bytes(),
            table.options().max_bytes,
            counts.hits,
            counts.misses,
            counts.inserted,
            counts.deleted,
            counts.expired,
            counts.evicted,
            counts.refused,
        ]
        .map(|number| number as f64);
        Ok(0)
    })
}

/// How many rows there are.
#[wasm_bindgen]
pub fn table_size(table: Handle) -> i32 {
    on(table, 0, |table, _, _| Ok(int(table.len())))
}

/// Removes every row.
#[wasm_bindgen]
pub fn table_clear(table: Handle) -> i32 {
    on(table, 0, |table, _, _| {
        table.clear();
        Ok(0)
    })
}

/// Removes up to `limit` expired rows, and gives how many.
#[wasm_bindgen]
pub fn table_sweep(table: Handle, limit: usize, now: f64) -> i32 {
    on(table, 0, |table, _, _| Ok(int(table.sweep(limit, now))))
}

/// The number under which a table's rows have a lifetime; milliseconds, 0 for none.
#[wasm_bindgen]
pub fn table_lifetime(table: Handle, idle: f64, absolute: f64) -> i32 {
    on(table, 0, |table, _, _| {
        table.lifetime(lifetime_of(idle, absolute)).map(i32::from).ok_or(Error::BadOption(Setting::Idle))
    })
}

/// The number of the field's name that begins the area; 0 says: write it inline.
#[wasm_bindgen]
pub fn table_intern(table: Handle, length: usize) -> i32 {
    on(table, length, |table, name, _| {
        Ok(core::str::from_utf8(name).ok().and_then(|name| table.intern(name)).map_or(0, int))
    })
}

/// The address of the field's name of a number, and its length as the first number.
#[wasm_bindgen]
#[allow(clippy::cast_precision_loss)]
pub fn table_field_name(table: Handle, number: usize) -> i32 {
    on(table, 0, |table, _, side| {
        let name = table.names().name(number).unwrap_or_default();
        side.tell([name.len() as f64]);
        Ok(address(name.as_bytes()))
    })
}

/// Puts a page of the rows that the filter in the area takes where the first number says, as many bytes
/// as the second says. The third and fourth say where the next page begins, the fifth whether there is
/// one. A page begins behind `high` and `low`, or at the beginning.
#[wasm_bindgen]
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::too_many_arguments)]
pub fn table_select(
    table: Handle,
    filter: usize,
    begin: bool,
    high: u32,
    low: u32,
    limit: usize,
    now: f64,
) -> i32 {
    run(table, |state| {
        let State { tables, area, side, .. } = state;
        let table = tables.table(table)?;
        let filter = Filter::read(area.get(..filter).ok_or(Error::BadRecord)?)?;
        let after = (!begin).then_some((u64::from(high) << 32) | u64::from(low));
        let page = table.select(&filter, after, limit, now)?;
        select::write(table, &page, |row| times(table, row), &mut side.out)?;
        let next = page.after.unwrap_or(0);
        let (high, low) = (f64::from((next >> 32) as u32), f64::from(next as u32));
        let more = f64::from(u8::from(page.after.is_some()));
        side.tell([f64::from(address(&side.out)), side.out.len() as f64, high, low, more]);
        Ok(int(page.rows.len()))
    })
}

/// Puts a snapshot where the first number says, as many bytes as the second says. It stands there until
/// [`release`].
#[wasm_bindgen]
#[allow(clippy::cast_precision_loss)]
pub fn table_snapshot(table: Handle, now: f64) -> i32 {
    run(table, |state| {
        let State { tables, side, .. } = state;
        side.out.clear();
        tables.table(table)?.snapshot(now, &mut side.out)?;
        side.tell([f64::from(address(&side.out)), side.out.len() as f64]);
        Ok(0)
    })
}

/// Replaces a table's rows by those of the snapshot in the area, and gives how many there are.
#[wasm_bindgen]
pub fn table_restore(table: Handle, length: usize, now: f64) -> i32 {
    on(table, length, |table, bytes, _| table.restore(bytes, now).map(int))
}

/// Gives back what a large operation made the area and the answers take.
#[wasm_bindgen]
pub fn release() {
    with(|state| {
        state.area.fill(0);
        state.area = Vec::new();
        state.side.out = Vec::new();
    });
}

/// How many rows the filter in the area takes.
#[wasm_bindgen]
pub fn table_count(table: Handle, filter: usize, now: f64) -> i32 {
    on(table, filter, |table, filter, _| Ok(int(table.count(&Filter::read(filter)?, now))))
}

/// Deletes the rows that the filter in the area takes, and gives how many.
#[wasm_bindgen]
pub fn table_delete_where(table: Handle, filter: usize, now: f64) -> i32 {
    on(table, filter, |table, filter, _| Ok(int(table.delete_where(&Filter::read(filter)?, now))))
}

/// The address of a row's record, its timestamp refreshed.
#[wasm_bindgen]
pub fn row_get(table: Handle, key: i32, now: f64) -> i32 {
    on_row_inline(table, key, 0, |table, key, _| {
        let found = table.get_by(key, now);
        Ok(record(table, found))
    })
}

/// As [`row_get`], or for a number above 0 as [`row_field`], of the row that [`row_visit`] met; 3 where it is not
/// there any more.
#[wasm_bindgen]
pub fn row_at(table: Handle, row: u32, low: u32, high: u32, number: usize, now: f64) -> i32 {
    let spot = Spot::new(row, low, high);
    run(table, |state| {
        let table = state.tables.table(table)?;
        Ok(match table.get_at(spot, now) {
            None => ELSEWHERE,
            Some(Lookup::Live(row)) if number > 0 => {
                table.field(row, Name::Interned(number)).map_or(MISSING, address)
            }
            Some(found) => record(table, found),
        })
    })
}

/// The address of a row's record; the row stays as it is.
#[wasm_bindgen]
pub fn row_peek(table: Handle, key: i32, now: f64) -> i32 {
    on_row(table, key, 0, |table, key, _, _| {
        let found = table.peek_by(key, now);
        Ok(record(table, found))
    })
}

/// The address of one field's value, the row's timestamp refreshed. A name without a number stands
/// behind the key as a string value.
#[wasm_bindgen]
pub fn row_field(table: Handle, key: i32, number: usize, inline: usize, now: f64) -> i32 {
    on_row_inline(table, key, inline, |table, key, inline| {
        let Lookup::Live(row) = table.get_by(key, now) else { return Ok(MISSING) };
        Ok(table.field(row, named(number, inline)).map_or(MISSING, address))
    })
}

/// Refreshes a row's timestamp; 2 where it lives.
#[wasm_bindgen]
pub fn row_touch(table: Handle, key: i32, now: f64) -> i32 {
    on_row_inline(table, key, 0, |table, key, _| Ok(state_of(table.touch_by(key, now))))
}

/// 2 where a row lives; its times and version are the first four numbers, its subject's address and length
/// the next two.
#[wasm_bindgen]
#[allow(clippy::cast_precision_loss)]
pub fn row_meta(table: Handle, key: i32, now: f64) -> i32 {
    on_row(table, key, 0, |table, key, _, side| {
        let found = table.peek_by(key, now);
        if let Some(row) = found.live() {
            let subject = table.subject(row);
            let [created, touched, deadline, version] = times(table, row);
            let (at, length) = (f64::from(address(subject)), subject.len() as f64);
            side.tell([created, touched, deadline, version, at, length]);
        }
        Ok(state_of(found))
    })
}

/// Stores the record that stands behind the key; 0 where `new_only` met a row.
#[wasm_bindgen]
pub fn row_insert(table: Handle, key: i32, record: usize, lifetime: u8, new_only: bool, now: f64) -> i32 {
    on_row_inline(table, key, record, |table, key, record| {
        table.insert_by(key, record, lifetime, new_only, now).map(i32::from)
    })
}

/// Stores the record that stands in the area behind the subject under a fresh id, and gives the address
/// of its 18 bytes.
#[wasm_bindgen]
pub fn row_insert_fresh(table: Handle, subject: usize, record: usize, lifetime: u8, now: f64) -> i32 {
    if ready(true).is_err() {
        return Error::IdExhausted.number();
    }
    on(table, subject.saturating_add(record), |table, both, side| {
        let (subject, record) = both.split_at_checked(subject).ok_or(Error::BadRecord)?;
        // Room first: an id that can't be told would be lost.
        select::copy(&[0; ID_BYTES], &mut side.out)?;
        let id = store::put_fresh(table, subject, record, lifetime, &mut side.pool, now)?;
        side.id(&id)
    })
}

/// Touches a row and tells what its id leads to: 0 nothing, 1 a row that expired just now, 2 a living
/// row, 3 an end, 4 a fresh id, 5 a fresh id once. A living row's times and version are the first numbers;
/// the next is 1 where it has the field of the number `watched`, and three more say where it can be met again:
/// below zero where it can't.
#[wasm_bindgen]
pub fn row_visit(table: Handle, key: i32, watched: usize, now: f64) -> i32 {
    on_row(table, key, 0, |table, key, _, side| {
        let found = table.visit_by(key, now);
        if let Visit::Live(row) = found {
            let has = f64::from(u8::from(table.field(row, Name::Interned(watched)).is_some()));
            let [created, touched, deadline, version] = times(table, row);
            let [place, low, high] = table.spot(row).map_or([-1.0, 0.0, 0.0], |spot| {
                let (low, high) = spot.halves();
                [spot.row, low, high].map(f64::from)
            });
            side.tell([created, touched, deadline, version, has, place, low, high]);
        }
        Ok(visited(found))
    })
}

const fn visited(found: Visit) -> i32 {
    match found {
        Visit::Missing => MISSING,
        Visit::Expired => EXPIRED,
        Visit::Live(_) => LIVES,
        Visit::Dead => 3,
        Visit::Renewed => 4,
        Visit::Late => 5,
    }
}

/// The address of the bytes of the living id to which the renewed one in the area leads, also behind its
/// grace for a request under way; where there is none, what became of the last, as [`row_visit`] says it.
#[wasm_bindgen]
pub fn row_follow(table: Handle, key: usize, under_way: bool, now: f64) -> i32 {
    on(table, key, |table, id, side| match table.follow(id, under_way, now) {
        Ok(id) => side.id(&id),
        Err(found) => Ok(visited(found)),
    })
}

/// Merges the change that stands behind the key's text and the subject into a row, and gives it a fresh id
/// where `grace`, in milliseconds, is not below zero: the answer is then its address, and 2 otherwise.
#[wasm_bindgen]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn row_commit(
    table: Handle,
    key: usize,
    subject: usize,
    has_subject: bool,
    change: usize,
    grace: f64,
    now: f64,
) -> i32 {
    if ready(true).is_err() {
        return Error::IdExhausted.number();
    }
    run(table, |state| {
        let State { tables, area, room, side } = state;
        let table = tables.table(table)?;
        let (id, rest) = area.split_at_checked(key).ok_or(Error::BadKey)?;
        let (subject, rest) = rest.split_at_checked(subject).ok_or(Error::BadRecord)?;
        let change = rest.get(..change).ok_or(Error::BadRecord)?;
        let how = How { subject: has_subject.then_some(subject), renew: grace >= 0.0, grace: grace as u64 };
        // Room first: an id that can't be told would be lost.
        select::copy(&[0; ID_BYTES], &mut side.out)?;
        let key = Key::new(id, table.options().hash_keys, room);
        let (found, fresh) = table.commit_by(key, id, change, how, &mut side.pool, now)?;
        let Some(fresh) = fresh else { return Ok(state_of(found)) };
        side.id(&fresh)
    })
}

/// Deletes a row and knows its id for dead; 1 where there was one.
#[wasm_bindgen]
pub fn row_end(table: Handle, key: i32, now: f64) -> i32 {
    on_row(table, key, 0, |table, key, _, _| Ok(i32::from(table.end_by(key, now))))
}

/// As [`row_end`], of a table that hashes its keys, by the text of the hash.
#[wasm_bindgen]
pub fn row_end_hashed(table: Handle, hash: usize, now: f64) -> i32 {
    on(table, hash, |table, hash, _| {
        let mut room = ROOM;
        let key = Key::by_hash(hash, &mut room).filter(|_| table.options().hash_keys);
        Ok(i32::from(key.is_some_and(|key| table.end_by(key, now))))
    })
}

/// Ends the rows that the filter in the area takes, but the one whose key's text stands behind it, and
/// gives how many.
#[wasm_bindgen]
pub fn table_end_where(table: Handle, filter: usize, except: usize, now: f64) -> i32 {
    run(table, |state| {
        let table = state.tables.table(table)?;
        let (filter, rest) = state.area.split_at_checked(filter).ok_or(Error::BadRecord)?;
        let except = rest.get(..except).filter(|except| !except.is_empty());
        let mut room = ROOM;
        let except = except.map(|text| Key::new(text, table.options().hash_keys, &mut room));
        Ok(int(table.end_where(&Filter::read(filter)?, except, now)))
    })
}

/// Writes the key of the tags of one table's ids over the secret that begins the area, and gives its
/// length. The table's name stands behind the secret.
#[wasm_bindgen]
pub fn tag_key(secret: usize, name: usize) -> i32 {
    with(|state| {
        let key = tag::key(
            state.area.get(..secret).unwrap_or_default(),
            state.area.get(secret..).and_then(|rest| rest.get(..name)).unwrap_or_default(),
        );
        // The secret does not stay.
        let used = secret.saturating_add(name).min(state.area.len());
        state.area.iter_mut().take(used).for_each(|byte| *byte = 0);
        state.area.iter_mut().zip(&key).for_each(|(to, byte)| *to = *byte);
        int(key.len())
    })
}

/// Writes the tag that a key gives an id over both of them, which begin the area, and gives its length.
/// With a tag behind them: whether that is the right one, in constant time.
#[wasm_bindgen]
pub fn tag_of(id: usize, tag: usize) -> i32 {
    with(|state| {
        let (key, rest) = state.area.split_first_chunk().unwrap_or((&[0; 32], &[]));
        let (id, rest) = rest.split_at_checked(id).unwrap_or_default();
        let right = tag::of(key, id);
        if tag > 0 {
            return i32::from(rest.get(..tag).is_some_and(|given| tag::same(given, &right)));
        }
        state.area.iter_mut().zip(&right).for_each(|(to, byte)| *to = *byte);
        int(right.len())
    })
}

/// Writes the one-way hash of a key, as base64url, over it, and gives its length.
#[wasm_bindgen]
pub fn key_hash(key: usize) -> i32 {
    with(|state| {
        let hash = key::public_hash(state.area.get(..key).unwrap_or_default());
        state.area.iter_mut().zip(&hash).for_each(|(to, byte)| *to = *byte);
        int(hash.len())
    })
}

/// Applies the change that stands behind the key to a row, if it lives; 2 where it does.
#[wasm_bindgen]
pub fn row_update(table: Handle, key: i32, change: usize, now: f64) -> i32 {
    on_row_inline(table, key, change, |table, key, change| table.update_by(key, change, now).map(state_of))
}

/// Adds to a field, named as for [`row_field`], within bounds; the sum is the first of the numbers.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn row_count(
    table: Handle,
    key: i32,
    number: usize,
    inline: usize,
    by: f64,
    least: f64,
    most: f64,
    now: f64,
) -> i32 {
    on_row(table, key, inline, |table, key, inline, side| {
        side.tell([table.update_counter_by(key, named(number, inline), by, (least, most), now)?]);
        Ok(0)
    })
}

/// Deletes a row; 1 where there was one.
#[wasm_bindgen]
pub fn row_delete(table: Handle, key: i32, now: f64) -> i32 {
    on_row(table, key, 0, |table, key, _, _| Ok(i32::from(table.delete_by(key, now))))
}

/// Deletes a row and gives the address of a copy of its record.
#[wasm_bindgen]
pub fn row_take(table: Handle, key: i32, now: f64) -> i32 {
    on_row(table, key, 0, |table, key, _, side| {
        let found = table.peek_by(key, now);
        let Some(row) = found.live() else { return Ok(state_of(found)) };
        select::copy(table.record(row), &mut side.out)?;
        table.delete_by(key, now);
        Ok(address(&side.out))
    })
}

/// The plain store: `init`, `get`, `put`, `delete` over JavaScript values, and `createTable` for them: all that those
/// need who use `wasm-pack build`.
#[cfg(feature = "plain")]
pub mod plain {
    use js_sys::{Array, BigInt, Date, JsString, Map, Object, Reflect, Set, Uint8Array};
    use serde::{Deserialize, Serialize};
    use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

    use super::{lifetime_of, ready, with};
    use crate::error::{Error, Setting};
    use crate::store;
    use crate::table::Options;
    use crate::tables::Handle;
    use crate::term::MAX_DEPTH;
    use crate::value::{CLASSES, Value};

    /// Options as JavaScript has them: bytes, and milliseconds of which 0 is none.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
    struct JsOptions {
        max_bytes: f64,
        max_row_bytes: f64,
        idle: f64,
        absolute: f64,
        on_full: String,
        hash_keys: bool,
    }

    impl Default for JsOptions {
        fn default() -> Self {
            let Options { max_bytes, max_row_bytes, hash_keys, .. } = Options::default();
            #[allow(clippy::cast_precision_loss)]
            let (max_bytes, max_row_bytes) = (max_bytes as f64, max_row_bytes as f64);
            Self { max_bytes, max_row_bytes, idle: 0.0, absolute: 0.0, on_full: "evict".into(), hash_keys }
        }
    }

    /// Reads options whose lengths of time are in units of so many milliseconds.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn options_of(options: JsValue, unit: f64) -> Result<Options, Error> {
        let mut wanted = JsOptions::default();
        if !options.is_undefined() {
            wanted =
                serde_wasm_bindgen::from_value(options).map_err(|_| Error::BadOption(Setting::Options))?;
        }
        let refuse = match wanted.on_full.as_str() {
            "refuse" => true,
            "evict" => false,
            _ => return Err(Error::BadOption(Setting::OnFull)),
        };
        Ok(Options {
            max_bytes: wanted.max_bytes as u64,
            max_row_bytes: wanted.max_row_bytes as u64,
            lifetime: lifetime_of(wanted.idle * unit, wanted.absolute * unit),
            refuse,
            hash_keys: wanted.hash_keys,
        })
    }

    /// A JavaScript value that serde hands on as it is.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Js(#[serde(with = "serde_wasm_bindgen::preserve")] JsValue);

    /// What the plain store hands out for a table; made by [`init`].
    #[derive(Serialize, Deserialize)]
    struct Config {
        table: String,
    }

    /// An error as the plain store throws it: an `Error` with a `code`, and a `path` where a value is to blame.
    fn thrown(code: &str, text: &str, path: Option<&str>) -> JsValue {
        let error = js_sys::Error::new(text);
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&error, &"code".into(), &code.into());
        if let Some(path) = path {
            let _ = Reflect::set(&error, &"path".into(), &path.into());
        }
        error.into()
    }

    fn refused(error: Error) -> JsValue {
        thrown(error.code(), &error.to_string(), None)
    }

    /// Creates a named table for the plain store. Options are those of the package's `createTable`, with
    /// numbers only: bytes, and seconds.
    #[wasm_bindgen(js_name = createTable)]
    pub fn create_table(name: &str, options: JsValue) -> Result<(), JsValue> {
        let options = options_of(options, 1000.0).map_err(refused)?;
        with(|state| state.tables.create(name, options)).map(drop).map_err(refused)
    }

    /// The store contract's `init`: a table is required and must exist; none is made.
    #[wasm_bindgen]
    pub fn init(options: JsValue) -> Result<JsValue, JsValue> {
        let missing = |_| thrown("ERR_MISSING_OPTION", "option table is required", None);
        let config: Config = serde_wasm_bindgen::from_value(options).map_err(missing)?;
        with(|state| state.tables.find(&config.table)).map_err(refused)?;
        serde_wasm_bindgen::to_value(&config).map_err(JsValue::from)
    }

    fn handle_of(config: JsValue) -> Result<Handle, JsValue> {
        ready(true).map_err(refused)?;
        let config: Config = serde_wasm_bindgen::from_value(config).map_err(|_| refused(Error::NoTable))?;
        with(|state| state.tables.find(&config.table)).map_err(refused)
    }

    fn key_of(sid: &JsValue) -> Result<String, JsValue> {
        let text = sid.dyn_ref::<JsString>().filter(|text| text.is_valid_utf16() && text.length() > 0);
        text.map(String::from).ok_or_else(|| refused(Error::BadKey))
    }

    /// A known id: itself and its data, the timestamp refreshed. An unknown id: null and no data.
    #[wasm_bindgen]
    pub fn get(sid: JsValue, config: JsValue) -> Result<JsValue, JsValue> {
        let (handle, key, now) = (handle_of(config)?, key_of(&sid)?, Date::now());
        let fields = with(|state| {
            let table = state.tables.table(handle)?;
            let found = store::get(table, key.as_bytes(), now).live();
            found.map(|row| table.decode(table.record(row)).ok_or(Error::BadRecord)).transpose()
        });
        let (sid, fields) = match fields.map_err(refused)? {
            Some(fields) => (sid, fields),
            None => (JsValue::NULL, Vec::new()),
        };
        let data = to_js(&Value::Object(fields))?;
        serde_wasm_bindgen::to_value(&[Js(sid), Js(data)]).map_err(JsValue::from)
    }

    /// Stores under an id, or with null under a fresh one, and gives the id.
    #[wasm_bindgen]
    pub fn put(sid: JsValue, data: JsValue, config: JsValue) -> Result<JsValue, JsValue> {
        let (handle, now) = (handle_of(config)?, Date::now());
        let key = if sid.is_null() { None } else { Some(key_of(&sid)?) };
        let mut path = String::new();
        let bad = |path: &str| thrown("ERR_UNSUPPORTED_VALUE", "this value can't be stored", Some(path));
        let Some(Value::Object(fields)) = from_js(&data, &mut path, MAX_DEPTH.saturating_add(1)) else {
            return Err(bad(&path));
        };
        let stored = with(|state| {
            let table = state.tables.table(handle)?;
            let record = table.encode(&fields)?;
            match &key {
                Some(key) => store::put(table, key.as_bytes(), &record, now).map(|()| None),
                None => store::put_new(table, &record, 0, &mut state.side.pool, now).map(Some),
            }
        });
        match stored.map_err(refused)? {
            Some(id) => Ok(String::from_utf8_lossy(&id).as_ref().into()),
            None => Ok(sid),
        }
    }

    /// Deletes, if there is anything to delete; "ok" either way.
    /// wasm-bindgen gives a function no keyword for its name: JavaScript imports this one as `_delete`.
    #[wasm_bindgen(js_name = "delete")]
    pub fn delete(sid: JsValue, config: JsValue) -> Result<JsValue, JsValue> {
        let (handle, key, now) = (handle_of(config)?, key_of(&sid)?, Date::now());
        let deleted = with(|state| {
            store::delete(state.tables.table(handle)?, key.as_bytes(), now);
            Ok(())
        });
        deleted.map(|()| "ok".into()).map_err(refused)
    }

    /// A value out of JavaScript; `None`, and the path to the culprit, where it can't be stored.
    fn from_js(value: &JsValue, path: &mut String, depth: u32) -> Option<Value> {
        if value.is_undefined() {
            return Some(Value::Undefined);
        } else if value.is_null() {
            return Some(Value::Null);
        } else if let Some(bool) = value.as_bool() {
            return Some(Value::Bool(bool));
        } else if let Some(number) = value.as_f64() {
            return Some(Value::Number(number));
        } else if let Some(text) = value.dyn_ref::<JsString>() {
            return text.is_valid_utf16().then(|| Value::Text(text.into()));
        } else if let Some(big) = value.dyn_ref::<BigInt>() {
            let hex = String::from(big.to_string(16).ok()?);
            let (negative, digits) = hex.strip_prefix('-').map_or((false, hex.as_str()), |rest| (true, rest));
            let pair = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
            let mut magnitude: Vec<u8> = digits.as_bytes().rchunks(2).map(pair).collect::<Option<_>>()?;
            while magnitude.last() == Some(&0) {
                magnitude.pop();
            }
            return Some(Value::BigInt(negative, magnitude));
        } else if let Some(date) = value.dyn_ref::<Date>() {
            return Some(Value::Date(date.get_time()));
        } else if let Some(binary) = binary_from(value) {
            return Some(binary);
        }
        let depth = depth.checked_sub(1)?;
        if Array::is_array(value) {
            let length = value.unchecked_ref::<Array>().length();
            let hole = (0..length).find(|at| !Reflect::has(value, &(*at).into()).unwrap_or(false));
            if let Some(at) = hole {
                path.push_str(&format!("[{at}]"));
                return None;
            }
            let values: Vec<Js> = serde_wasm_bindgen::from_value(value.clone()).ok()?;
            return members(&values, path, depth).map(Value::Array);
        } else if let Some(set) = value.dyn_ref::<Set>() {
            let values: Vec<Js> = serde_wasm_bindgen::from_value(Array::from(set).into()).ok()?;
            return members(&values, path, depth).map(Value::Set);
        } else if let Some(map) = value.dyn_ref::<Map>() {
            let pairs: Vec<(Js, Js)> = serde_wasm_bindgen::from_value(Array::from(map).into()).ok()?;
            let convert = |(key, value): &(Js, Js)| {
                Some((from_js(&key.0, path, depth)?, from_js(&value.0, path, depth)?))
            };
            return pairs.iter().map(convert).collect::<Option<_>>().map(Value::Map);
        }
        object_from(value.dyn_ref::<Object>()?, path, depth)
    }

    fn members(values: &[Js], path: &mut String, depth: u32) -> Option<Vec<Value>> {
        let begin = path.len();
        let mut out = Vec::with_capacity(values.len());
        for (at, value) in values.iter().enumerate() {
            path.push_str(&format!("[{at}]"));
            out.push(from_js(&value.0, path, depth)?);
            path.truncate(begin);
        }
        Some(out)
    }

    fn object_from(object: &Object, path: &mut String, depth: u32) -> Option<Value> {
        if object.is_function() {
            return None;
        }
        let prototype = Reflect::get_prototype_of(object).ok()?;
        if !prototype.is_null() && !Reflect::get_prototype_of(&prototype).ok()?.is_null() {
            return None;
        }
        let begin = path.len();
        let mut fields = Vec::new();
        for key in Reflect::own_keys(object).ok()?.iter() {
            // Symbols name no fields.
            let Some(name) = key.dyn_ref::<JsString>() else { continue };
            if !object.property_is_enumerable(&key) {
                continue;
            }
            if begin > 0 {
                path.push('.');
            }
            path.push_str(&String::from(name));
            if !name.is_valid_utf16() {
                return None;
            }
            let value = Reflect::get(object, &key).ok()?;
            fields.push((name.into(), from_js(&value, path, depth)?));
            path.truncate(begin);
        }
        Some(Value::Object(fields))
    }

    fn binary_from(value: &JsValue) -> Option<Value> {
        let property = |name: &str| Reflect::get(value, &name.into()).ok();
        let (class, bytes) = if let Some(buffer) = value.dyn_ref::<js_sys::ArrayBuffer>() {
            ("ArrayBuffer".to_owned(), Uint8Array::new(buffer))
        } else if js_sys::ArrayBuffer::is_view(value) {
            let class = Reflect::get(value, &js_sys::Symbol::to_string_tag()).ok()?.as_string()?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let number = |name: &str| property(name)?.as_f64().map(|number| number as u32);
            let (at, length) = (number("byteOffset")?, number("byteLength")?);
            (class, Uint8Array::new_with_byte_offset_and_length(&property("buffer")?, at, length))
        } else {
            return None;
        };
        let number = CLASSES.iter().position(|name| *name == class)?;
        Some(Value::Binary(u8::try_from(number).ok()?, bytes.to_vec()))
    }

    fn to_js(value: &Value) -> Result<JsValue, JsValue> {
        let all = |values: &[Value]| -> Result<JsValue, JsValue> {
            let values = values.iter().map(|value| to_js(value).map(Js)).collect::<Result<Vec<_>, _>>()?;
            serde_wasm_bindgen::to_value(&values).map_err(JsValue::from)
        };
        Ok(match value {
            Value::Undefined => JsValue::UNDEFINED,
            Value::Null => JsValue::NULL,
            Value::Bool(bool) => (*bool).into(),
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::Date(ms) => Date::new(&(*ms).into()).into(),
            Value::BigInt(negative, magnitude) => {
                let digits: String = magnitude.iter().rev().map(|byte| format!("{byte:02x}")).collect();
                let big = BigInt::new(&format!("0x0{digits}").into())?;
                #[allow(clippy::arithmetic_side_effects)]
                if *negative { (-big).into() } else { big.into() }
            }
            Value::Array(values) => all(values)?,
            Value::Set(values) => Set::new(&all(values)?).into(),
            Value::Map(pairs) => {
                let map = Map::new();
                for (key, value) in pairs {
                    map.set(&to_js(key)?, &to_js(value)?);
                }
                map.into()
            }
            // Through entries, so that a field named __proto__ is a field.
            Value::Object(fields) => {
                let entries = Array::new();
                for (name, value) in fields {
                    entries.push(&Array::of2(&name.as_str().into(), &to_js(value)?));
                }
                Object::from_entries(&entries)?.into()
            }
            Value::Binary(class, bytes) => {
                let buffer: JsValue = Uint8Array::from(bytes.as_slice()).buffer().into();
                match CLASSES.get(usize::from(*class)) {
                    None | Some(&"ArrayBuffer") => buffer,
                    Some(name) => {
                        let class = Reflect::get(&js_sys::global(), &(*name).into())?;
                        let class: js_sys::Function = class.unchecked_into();
                        Reflect::construct(&class, &Array::of1(&buffer))?
                    }
                }
            }
        })
    }
}
