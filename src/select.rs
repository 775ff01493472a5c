//! Many rows: picked by their fields, page after page, in an order that writes do not disturb.
//!
//! ```
//! use ets_session::{select::Filter, store::{self, Pool}, table::{Options, Table}};
//!
//! # let mut table = Table::new(Options::default(), ets_session::index::Seed::new([7; 16]))?;
//! # let mut pool = Pool::new();
//! # pool.fill(&(0..=255).cycle().take(720).collect::<Vec<u8>>());
//! # let empty = ets_session::record::EMPTY;
//! for subject in ["ada", "ada", "bob"] {
//!     store::put_new_for(&mut table, subject.as_bytes(), empty, 0, &mut pool, 0.0)?;
//! }
//! // Flag 1, no time untouched, the subject behind its length, no fields.
//! let ada = [&[1][..], &0_f64.to_le_bytes(), &[3], b"ada", &[0]].concat();
//! let ada = Filter::read(&ada)?;
//! assert_eq!(table.count(&ada, 1.0), 2);
//!
//! let page = table.select(&Filter::default(), None, 2, 1.0)?;
//! let rest = table.select(&Filter::default(), page.after, 2, 1.0)?;
//! assert_eq!((page.rows.len(), rest.rows.len(), rest.after), (2, 1, None));
//!
//! assert_eq!(table.end_where(&ada, None, 2.0), 2);
//! assert_eq!(table.len(), 1);
//! # Ok::<(), ets_session::error::Error>(())
//! ```

use crate::base64;
use crate::error::Error;
use crate::record::{self, Name};
use crate::row::{self, NO_ROW};
use crate::slab::Row;
use crate::table::Table;
use crate::term::{self, Reader};
use crate::time::Millis;

/// How much was asked for is not known.
const NO_MEMORY: Error = Error::MemoryRefused { needed: 0 };
/// Rows that are found before they are deleted.
const BATCH: usize = 256;

/// Which rows are meant. Conditions hold together; none means all.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    /// Top-level fields that must equal one of some values.
    fields: Vec<(Name<'a>, Vec<&'a [u8]>)>,
    subject: Option<&'a [u8]>,
    has_subject: Option<bool>,
    idle_for: Millis,
}

impl<'a> Filter<'a> {
    /// Reads a filter: flags (1: a subject follows as a block; 2: rows with a subject; 4: rows without),
    /// the milliseconds untouched as f64, then the fields behind their count: name, count, values.
    ///
    /// # Errors
    /// [`Error::BadRecord`], and [`Error::MemoryRefused`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::parse(bytes).unwrap_or(Err(Error::BadRecord))
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn parse(bytes: &'a [u8]) -> Option<Result<Self, Error>> {
        let mut reader = Reader::new(bytes);
        let flags = reader.u8()?;
        let idle_for = f64::from_le_bytes(reader.array()?) as Millis;
        let subject = if flags & 1 == 0 { None } else { Some(reader.block()?) };
        let has_subject = match flags & 6 {
            2 => Some(true),
            4 => Some(false),
            _ => None,
        };
        let mut fields = Vec::new();
        for _ in 0..reader.count()? {
            let name = Name::read(&mut reader)?;
            let mut values = Vec::new();
            let count = reader.count()?;
            if values.try_reserve_exact(count).is_err() || fields.try_reserve(1).is_err() {
                return Some(Err(NO_MEMORY));
            }
            for _ in 0..count {
                values.push(reader.value().filter(|value| term::is_term(value))?);
            }
            fields.push((name, values));
        }
        reader.is_done().then_some(Ok(Self { fields, subject, has_subject, idle_for }))
    }

    fn takes(&self, block: &[u8], now: Millis) -> bool {
        let Some(parts) = row::parts(block) else { return false };
        let subject = parts.subject;
        now.saturating_sub(parts.touched) >= self.idle_for
            && self.subject.is_none_or(|wanted| wanted == subject && !subject.is_empty())
            && self.has_subject.is_none_or(|wanted| wanted != subject.is_empty())
            && self.fields.iter().all(|(name, values)| {
                let found = record::find(parts.record, *name);
                found.is_some_and(|value| values.iter().any(|wanted| term::same(value, wanted)))
            })
    }
}

/// A page of rows, and where the next one begins; `None` after the last.
#[derive(Debug, Default)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// What to ask with for the next page.
    pub after: Option<u64>,
}

impl Table {
    /// Up to `limit` living rows that a filter takes, from behind `after`. Rows come in the order of
    /// their keys' hashes, so one that is there throughout comes exactly once.
    ///
    /// # Errors
    /// [`Error::MemoryRefused`].
    pub fn select(
        &mut self,
        filter: &Filter<'_>,
        after: Option<u64>,
        limit: usize,
        reading: f64,
    ) -> Result<Page, Error> {
        let now = self.clock.read(reading);
        let mut page = Page::default();
        // Nobody asks for the rows of a subject segment by segment.
        let first = after.filter(|_| filter.subject.is_none()).map_or(0, |hash| self.index.segment_of(hash));
        for number in first.. {
            let mut found: Vec<(u64, Row)> = Vec::new();
            let mut refused = false;
            let more = self.each(filter, number, now, &mut |row| {
                let hash = self.seed.key(self.key(row));
                if after.is_some_and(|after| hash <= after) {
                    return;
                }
                // A page is small: keeping it in order as it comes needs no sort's code.
                let at = found.partition_point(|(other, _)| *other < hash);
                if at <= limit {
                    refused |= found.try_reserve(1).is_err();
                    if !refused {
                        found.insert(at, (hash, row));
                        found.truncate(limit.saturating_add(1));
                    }
                }
            });
            if refused || page.rows.try_reserve(found.len()).is_err() {
                return Err(NO_MEMORY);
            }
            for (hash, row) in found {
                if page.rows.len() >= limit {
                    return Ok(page);
                }
                page.rows.push(row);
                page.after = Some(hash);
            }
            if !more {
                break;
            }
        }
        page.after = None;
        Ok(page)
    }

    /// Shows the living rows of a segment that a filter takes; all of a subject's count as one segment.
    /// `false` where there is no such segment.
    fn each(&self, filter: &Filter<'_>, number: usize, now: Millis, visit: &mut dyn FnMut(Row)) -> bool {
        let mut show = |row: Row| {
            let block = self.rows.block(row);
            if now < self.deadline(row) && !row::is_ghost(block) && filter.takes(block, now) {
                visit(row);
            }
        };
        if let Some(subject) = filter.subject {
            if number > 0 {
                return false;
            }
            self.subjects.rows(subject, &self.rows, self.seed).for_each(show);
            return true;
        }
        let Some(segment) = self.index.segment(number) else { return false };
        segment.for_each(&mut show);
        true
    }

    /// How many living rows a filter takes.
    pub fn count(&mut self, filter: &Filter<'_>, reading: f64) -> usize {
        let now = self.clock.read(reading);
        let mut count = 0_usize;
        let mut number = 0_usize;
        while self.each(filter, number, now, &mut |_| count = count.wrapping_add(1)) {
            number = number.wrapping_add(1);
        }
        count
    }

    /// Deletes the living rows that a filter takes, and gives how many.
    pub fn delete_where(&mut self, filter: &Filter<'_>, reading: f64) -> usize {
        let now = self.clock.read(reading);
        self.remove_each(filter, now, &mut |table, row| {
            table.remove(row);
            table.counts.deleted = table.counts.deleted.wrapping_add(1);
            true
        })
    }

    /// Has the living rows that a filter takes removed, and gives how many: `remove` says whether it did,
    /// and may leave some alone, fewer than [`BATCH`].
    pub(crate) fn remove_each(
        &mut self,
        filter: &Filter<'_>,
        now: Millis,
        remove: &mut dyn FnMut(&mut Self, Row) -> bool,
    ) -> usize {
        let mut removed = 0_usize;
        let mut number = 0_usize;
        loop {
            let mut batch = [NO_ROW; BATCH];
            let mut to = batch.iter_mut();
            let is_there = self.each(filter, number, now, &mut |row| {
                if let Some(to) = to.next() {
                    *to = row;
                }
            });
            if !is_there {
                return removed;
            }
            let full = to.next().is_none();
            for &row in batch.iter().take_while(|&&row| row != NO_ROW) {
                removed = removed.wrapping_add(usize::from(remove(self, row)));
            }
            if !full {
                number = number.wrapping_add(1);
            }
        }
    }

    /// Writes the key as the table's users see it, behind its length: the key, or the hash that stands for
    /// it as base64url.
    fn push_public_key(&self, row: Row, out: &mut Vec<u8>) -> Result<(), Error> {
        let (key, packed) = self.key(row);
        let text = packed || self.options.hash_keys;
        let length = if text { base64::length(key.len()) } else { key.len() };
        reserve(out, length.wrapping_add(5))?;
        term::push_length(out, length);
        if text {
            base64::push(key, out);
        } else {
            out.extend_from_slice(key);
        }
        Ok(())
    }
}

/// Writes a page: for each row four f64, then key, subject and record, each behind its length.
///
/// # Errors
/// [`Error::MemoryRefused`].
pub fn write(
    table: &Table,
    page: &Page,
    times: impl Fn(Row) -> [f64; 4],
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    out.clear();
    for &row in &page.rows {
        let block = table.rows.block(row);
        let parts = [row::subject(block), row::record(block)];
        let size = parts.iter().fold(64_usize, |size, part| size.wrapping_add(part.len()));
        reserve(out, size)?;
        for number in times(row) {
            out.extend_from_slice(&number.to_le_bytes());
        }
        table.push_public_key(row, out)?;
        reserve(out, size)?;
        for part in parts {
            term::push_length(out, part.len());
            out.extend_from_slice(part);
        }
    }
    Ok(())
}

/// Writes a copy of some bytes.
///
/// # Errors
/// [`Error::MemoryRefused`].
pub fn copy(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    out.clear();
    if !bytes.is_empty() {
        reserve(out, bytes.len())?;
        out.extend_from_slice(bytes);
    }
    Ok(())
}

fn reserve(out: &mut Vec<u8>, size: usize) -> Result<(), Error> {
    out.try_reserve(size).map_err(|_| Error::no_memory(size))
}
