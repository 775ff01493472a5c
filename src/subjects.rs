//! Whose row is whose: the rows of one subject are linked with one another through their heads, and an
//! index leads to the first of them.

use crate::index::{Index, Seed};
use crate::row::{self, NO_ROW};
use crate::slab::{Row, Slab};

/// The index of subjects; it takes memory once a row has one.
#[derive(Debug, Default)]
pub(crate) struct Subjects {
    heads: Option<Index>,
}

fn hash_of(rows: &Slab, seed: Seed) -> impl Fn(Row) -> u64 {
    move |row| seed.hash(row::subject(rows.block(row)))
}

impl Subjects {
    /// The first row of a subject.
    pub(crate) fn first(&self, subject: &[u8], rows: &Slab, seed: Seed) -> Option<Row> {
        let is = |row| row::subject(rows.block(row)) == subject;
        self.heads.as_ref()?.find(seed.hash(subject), is)
    }

    /// The rows of a subject.
    pub(crate) fn rows<'a>(
        &self,
        subject: &[u8],
        rows: &'a Slab,
        seed: Seed,
    ) -> impl Iterator<Item = Row> + use<'a> {
        let next = |row: &Row| Some(row::links(rows.block(*row)).1).filter(|&next| next != NO_ROW);
        core::iter::successors(self.first(subject, rows, seed), next)
    }

    /// Makes sure that a row of the subject can be linked; `false` when memory is refused. `capacity` is
    /// how many rows the index is laid out for.
    pub(crate) fn reserve(&mut self, subject: &[u8], capacity: u64, rows: &Slab, seed: Seed) -> bool {
        if subject.is_empty() {
            return true;
        }
        if self.heads.is_none() {
            self.heads = Index::new(capacity);
        }
        let heads = self.heads.as_mut();
        heads.is_some_and(|heads| heads.reserve(seed.hash(subject), &hash_of(rows, seed)))
    }

    /// Links a row that has a subject, for which there must be room reserved.
    pub(crate) fn link(&mut self, row: Row, rows: &mut Slab, seed: Seed) {
        let subject = row::subject(rows.block(row));
        if subject.is_empty() {
            return;
        }
        if let Some(first) = self.first(subject, rows, seed) {
            let (_, next) = row::links(rows.block(first));
            row::set_links(rows, row, (first, next));
            row::set_next(rows, first, row);
            row::set_previous(rows, next, row);
            return;
        }
        let hash = seed.hash(subject);
        row::set_links(rows, row, (NO_ROW, NO_ROW));
        if let Some(heads) = &mut self.heads {
            heads.insert(hash, row, &hash_of(rows, seed));
        }
    }

    /// Takes a row out of its subject's, before its block is given back.
    pub(crate) fn unlink(&mut self, row: Row, rows: &mut Slab, seed: Seed) {
        let subject = row::subject(rows.block(row));
        if subject.is_empty() {
            return;
        }
        let (previous, next) = row::links(rows.block(row));
        if previous == NO_ROW
            && let Some(heads) = &mut self.heads
        {
            let hash = seed.hash(subject);
            if next == NO_ROW {
                heads.remove(hash, row);
            } else {
                heads.replace(hash, row, next);
            }
        }
        row::set_next(rows, previous, next);
        row::set_previous(rows, next, previous);
    }

    pub(crate) fn clear(&mut self) {
        self.heads = None;
    }
}
