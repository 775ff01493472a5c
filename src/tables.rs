//! Named tables, and the handles by which a caller holds on to one.

use crate::error::Error;
use crate::index::Seed;
use crate::table::{Options, Table};

/// Longest name of a table, in bytes of UTF-8.
pub const MAX_NAME_BYTES: usize = 255;
/// Most tables at a time: a place takes 16 bits of a handle.
const MAX_TABLES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 16;
/// How often a place is given out before its first handle comes again; with it a handle has 31 bits, and
/// fits the number that crosses to JavaScript.
const TURNS: u32 = 1 << 15;

/// Which table. Once its table is dropped it leads nowhere, until its place was given out 32,768 times more.
pub type Handle = u32;

#[derive(Debug)]
struct Named {
    name: Box<str>,
    table: Table,
}

/// A place for a table.
#[derive(Debug, Default)]
struct Slot {
    /// How often it was given out.
    turn: u32,
    /// None or one: a box, but one whose allocation may be refused.
    named: Vec<Named>,
}

impl Slot {
    fn handle(&self, place: usize) -> Option<Handle> {
        Some(u32::try_from(place).ok()? | (self.turn % TURNS) << PLACE_BITS)
    }

    /// Whether a handle of this place is the one that was given out last.
    #[inline(always)]
    const fn leads(&self, handle: Handle) -> bool {
        handle >> PLACE_BITS == self.turn % TURNS
    }
}

/// All tables of an instance, by name.
///
/// ```
/// use ets_session::{error::Error, record, table::Options, tables::Tables};
///
/// let mut tables = Tables::new();
/// let sessions = tables.create("sessions", Options::default())?;
/// tables.set_seed([7; 16]); // random bytes, at the latest before the first row
/// tables.table(sessions)?.insert(b"key", record::EMPTY, 0, false, 0.0)?;
///
/// assert_eq!(tables.find("sessions")?, sessions);
/// assert_eq!(tables.find("carts"), Err(Error::NoTable));
/// tables.drop(sessions)?;
/// assert_eq!(tables.table(sessions).map(|table| table.len()), Err(Error::NoTable));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Tables {
    list: Vec<Slot>,
    seed: Option<Seed>,
}

impl Tables {
    /// No tables.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new(), seed: None }
    }

    /// Whether hashes are keyed yet. Constructors draw no randomness, since edge runtimes forbid that
    /// at start-up; the first use of a table does.
    #[must_use]
    pub const fn is_seeded(&self) -> bool {
        self.seed.is_some()
    }

    /// Keys the hashes of all tables, those that will be created included.
    pub fn set_seed(&mut self, bytes: [u8; 16]) {
        let seed = Seed::new(bytes);
        self.seed = Some(seed);
        let all = self.list.iter_mut().flat_map(|slot| slot.named.iter_mut());
        all.for_each(|named| named.table.set_seed(seed));
    }

    /// Creates a table.
    ///
    /// # Errors
    /// [`Error::BadKey`] for a name of 0 or more than 255 bytes, [`Error::TableExists`],
    /// [`Error::BadOption`], [`Error::MemoryRefused`], also where there are as many tables as there may be.
    pub fn create(&mut self, name: &str, options: Options) -> Result<Handle, Error> {
        if !(1..=MAX_NAME_BYTES).contains(&name.len()) {
            return Err(Error::BadKey);
        }
        if self.find(name).is_ok() {
            return Err(Error::TableExists);
        }
        let refused = Error::MemoryRefused { needed: 0 };
        let free = self.list.iter().position(|slot| slot.named.is_empty());
        let place = free.unwrap_or(self.list.len());
        if place >= MAX_TABLES {
            return Err(refused);
        }
        let table = Table::new(options, self.seed.unwrap_or_default())?;
        let mut owned = String::new();
        let mut named = Vec::new();
        owned.try_reserve_exact(name.len()).map_err(|_| refused)?;
        named.try_reserve_exact(1).map_err(|_| refused)?;
        if free.is_none() {
            self.list.try_reserve(1).map_err(|_| refused)?;
            self.list.push(Slot::default());
        }
        owned.push_str(name);
        named.push(Named { name: owned.into_boxed_str(), table });
        let slot = self.list.get_mut(place).ok_or(refused)?;
        slot.named = named;
        slot.handle(place).ok_or(refused)
    }

    fn slot(&self, handle: Handle) -> Option<&Slot> {
        self.list.get(handle as usize % MAX_TABLES).filter(|slot| slot.leads(handle))
    }

    fn slot_mut(&mut self, handle: Handle) -> Option<&mut Slot> {
        self.list.get_mut(handle as usize % MAX_TABLES).filter(|slot| slot.leads(handle))
    }

    /// The handle of the table of that name.
    ///
    /// # Errors
    /// [`Error::NoTable`].
    pub fn find(&self, name: &str) -> Result<Handle, Error> {
        let named = |slot: &Slot| slot.named.first().is_some_and(|named| &*named.name == name);
        let mut slots = self.list.iter().enumerate();
        let (place, slot) = slots.find(|(_, slot)| named(slot)).ok_or(Error::NoTable)?;
        slot.handle(place).ok_or(Error::NoTable)
    }

    /// The table of a handle.
    ///
    /// # Errors
    /// [`Error::NoTable`] once it is dropped.
    #[inline(always)]
    pub fn table(&mut self, handle: Handle) -> Result<&mut Table, Error> {
        let named = self.slot_mut(handle).and_then(|slot| slot.named.first_mut());
        named.map(|named| &mut named.table).ok_or(Error::NoTable)
    }

    /// The name of a handle's table.
    #[must_use]
    pub fn name(&self, handle: Handle) -> Option<&str> {
        self.slot(handle)?.named.first().map(|named| &*named.name)
    }

    /// The names of all tables, in no particular order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().flat_map(|slot| &slot.named).map(|named| &*named.name)
    }

    /// Removes a table with its rows.
    ///
    /// # Errors
    /// [`Error::NoTable`].
    pub fn drop(&mut self, handle: Handle) -> Result<(), Error> {
        let slot = self.slot_mut(handle).filter(|slot| !slot.named.is_empty()).ok_or(Error::NoTable)?;
        slot.named = Vec::new();
        slot.turn = slot.turn.wrapping_add(1);
        Ok(())
    }
}
