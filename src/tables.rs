//! Named tables, and the handles by which a caller holds on to one.

use crate::error::Error;
use crate::index::Seed;
use crate::table::{Options, Table};

/// Longest name of a table, in bytes of UTF-8.
pub const MAX_NAME_BYTES: usize = 255;
/// Most handles that are given out, so that one always fits the number that crosses to JavaScript.
const MAX_HANDLES: usize = 1 << 20;

/// Which table; never used again once its table is dropped.
pub type Handle = u32;

#[derive(Debug)]
struct Named {
    name: Box<str>,
    table: Table,
}

/// All tables of an instance, by name.
#[derive(Debug, Default)]
pub struct Tables {
    /// By handle, none or one each: a box, but one whose allocation may be refused.
    list: Vec<Vec<Named>>,
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
        self.list.iter_mut().flatten().for_each(|named| named.table.set_seed(seed));
    }

    /// Creates a table.
    ///
    /// # Errors
    /// [`Error::BadKey`] for a name of 0 or more than 255 bytes, [`Error::TableExists`],
    /// [`Error::BadOption`], [`Error::TableFull`] when memory is refused.
    pub fn create(&mut self, name: &str, options: Options) -> Result<Handle, Error> {
        if !(1..=MAX_NAME_BYTES).contains(&name.len()) || self.list.len() >= MAX_HANDLES {
            return Err(Error::BadKey);
        }
        if self.find(name).is_ok() {
            return Err(Error::TableExists);
        }
        let table = Table::new(options, self.seed.unwrap_or_default())?;
        let handle = u32::try_from(self.list.len()).map_err(|_| Error::BadKey)?;
        let refused = Error::TableFull { needed: 0, used: 0, limit: 0 };
        let mut owned = String::new();
        let mut named = Vec::new();
        owned.try_reserve_exact(name.len()).map_err(|_| refused)?;
        named.try_reserve_exact(1).map_err(|_| refused)?;
        self.list.try_reserve(1).map_err(|_| refused)?;
        owned.push_str(name);
        named.push(Named { name: owned.into_boxed_str(), table });
        self.list.push(named);
        Ok(handle)
    }

    /// The handle of the table of that name.
    ///
    /// # Errors
    /// [`Error::NoTable`].
    pub fn find(&self, name: &str) -> Result<Handle, Error> {
        let of_name = |named: &Vec<Named>| named.first().is_some_and(|named| &*named.name == name);
        let at = self.list.iter().position(of_name).ok_or(Error::NoTable)?;
        u32::try_from(at).map_err(|_| Error::NoTable)
    }

    /// The table of a handle.
    ///
    /// # Errors
    /// [`Error::NoTable`] once it is dropped.
    pub fn table(&mut self, handle: Handle) -> Result<&mut Table, Error> {
        let named = self.list.get_mut(handle as usize).and_then(|named| named.first_mut());
        named.map(|named| &mut named.table).ok_or(Error::NoTable)
    }

    /// The name of a handle's table.
    #[must_use]
    pub fn name(&self, handle: Handle) -> Option<&str> {
        self.list.get(handle as usize)?.first().map(|named| &*named.name)
    }

    /// The names of all tables, in the order of their creation.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().flatten().map(|named| &*named.name)
    }

    /// Removes a table with its rows.
    ///
    /// # Errors
    /// [`Error::NoTable`].
    pub fn drop(&mut self, handle: Handle) -> Result<(), Error> {
        self.table(handle)?.clear();
        if let Some(named) = self.list.get_mut(handle as usize) {
            *named = Vec::new();
        }
        Ok(())
    }
}
