//! What an instance of the module holds: its tables, the area through which keys and records come, and the numbers and
//! bytes of its answers.

use crate::base64;
use crate::error::Error;
use crate::key::{Key, ROOM, Room};
use crate::select;
use crate::store::{ID_BYTES, Id, Pool};
use crate::table::{Options, Table};
use crate::tables::{Handle, Tables};

/// How many numbers an answer can have.
const NUMBERS: usize = 10;

pub(crate) struct State {
    pub(crate) tables: Tables,
    pub(crate) area: Vec<u8>,
    /// For the stored form of the key at hand.
    pub(crate) room: Room,
    pub(crate) side: Side,
}

/// What operations work with beside tables and the area.
pub(crate) struct Side {
    pub(crate) pool: Pool,
    pub(crate) out: Vec<u8>,
    /// What an answer has beside its one number.
    pub(crate) numbers: [f64; NUMBERS],
}

impl Side {
    /// Puts what an answer has beside its one number.
    #[inline(always)]
    pub(crate) fn tell<const N: usize>(&mut self, answer: [f64; N]) {
        if let Some(numbers) = self.numbers.first_chunk_mut::<N>() {
            *numbers = answer;
        }
    }

    /// Puts the bytes of an id where answers stand, and gives their address.
    pub(crate) fn id(&mut self, id: &Id) -> Result<i32, Error> {
        let mut bytes = [0; ID_BYTES];
        base64::pack(id, &mut bytes).ok_or(Error::BadKey)?;
        select::copy(&bytes, &mut self.out)?;
        Ok(address(&self.out))
    }
}

pub(crate) type OnTable<'a> = (&'a mut Table, &'a [u8], &'a mut Side);
pub(crate) type OnRow<'a> = (&'a mut Table, Key<'a>, &'a [u8], &'a mut Side);

impl State {
    pub(crate) const fn new() -> Self {
        Self {
            tables: Tables::new(),
            area: Vec::new(),
            room: ROOM,
            side: Side { pool: Pool::new(), out: Vec::new(), numbers: [0.0; NUMBERS] },
        }
    }

    /// A table, and the bytes that begin the area.
    pub(crate) fn table(&mut self, table: Handle, length: usize) -> Result<OnTable<'_>, Error> {
        let bytes = self.area.get(..length).ok_or(Error::BadRecord)?;
        Ok((self.tables.table(table)?, bytes, &mut self.side))
    }

    #[inline(never)]
    pub(crate) fn row(&mut self, table: Handle, key: i32, behind: usize) -> Result<OnRow<'_>, Error> {
        self.row_inline(table, key, behind)
    }

    /// A table, the key that begins the area, and the bytes behind it. A key's length below zero says
    /// that it stands there in its stored form, packed.
    #[inline(always)]
    pub(crate) fn row_inline(&mut self, table: Handle, key: i32, behind: usize) -> Result<OnRow<'_>, Error> {
        let table = self.tables.table(table)?;
        let (text, rest) = self.area.split_at_checked(key.unsigned_abs() as usize).ok_or(Error::BadKey)?;
        let behind = rest.get(..behind).ok_or(Error::BadRecord)?;
        let key = if key < 0 && !table.options().hash_keys {
            Key::stored(text, true)
        } else {
            Key::new(text, table.options().hash_keys, &mut self.room)
        };
        Ok((table, key, behind, &mut self.side))
    }

    /// What JavaScript is told of an error: its number, with what goes with it among the answer's numbers.
    #[cold]
    #[inline(never)]
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn refused(&mut self, table: Option<Handle>, error: Error) -> i32 {
        let (mut used, mut limit) = (0, 0);
        if let Some(Ok(table)) = table.map(|table| self.tables.table(table)) {
            let Options { max_bytes, max_row_bytes, .. } = *table.options();
            used = table.bytes();
            limit = if matches!(error, Error::RowTooLarge { .. }) { max_row_bytes } else { max_bytes };
        }
        self.side.tell([error.needed().into(), used as f64, limit as f64]);
        error.number()
    }
}

/// Addresses and counts stay below 2³¹: the module is linked with a smaller maximum.
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
pub(crate) const fn int(number: usize) -> i32 {
    number as i32
}

pub(crate) fn address(bytes: &[u8]) -> i32 {
    int(bytes.as_ptr().addr())
}
