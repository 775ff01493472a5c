//! A row's fields as bytes: found, merged and counted without decoding the others.
//!
//! A record is a byte `1n` (version 1, `n` fields; `1F`: a count follows), then `n` names, then `n`
//! values (see [`crate::term`]). A name is the number under which the table knows it, from 1, as a
//! LEB128 length; 0 says that the name itself, a string value, stands before the field's value.
//!
//! A [`Change`] is what a commit does to a record: flags (bit 0: remove what is there first), the
//! names that are removed and the names that are incremented, each list behind its count, an
//! increment's f64 behind its name; the rest is the record of what is set.
//!
//! ```
//! use ets_session::index::Seed;
//! use ets_session::record::{self, Change, Fields, Name, Value};
//!
//! // For a table that has numbered two names.
//! let (visits, cart) = (Name::Interned(1), Name::Interned(2));
//! let mut record = Vec::new();
//! record::write(&[(visits, Value::Number(5.0)), (cart, Value::Number(6.0))], &mut record)?;
//! assert_eq!(record, [0x12, 1, 2, 5, 6]);
//! assert_eq!(record::find(&record, cart), Some(&[6][..]));
//!
//! // Take the cart away, add 3 to the visits, and set nothing.
//! let change = [&[0, 1, 2, 1, 1], &3_f64.to_le_bytes()[..], record::EMPTY].concat();
//! let mut after = Vec::new();
//! Change::read(&change, 2)?.apply(&record, Seed::new([7; 16]), &mut after)?;
//! let fields: Vec<_> = Fields::new(&after).expect("it is a record").collect();
//! assert_eq!(fields, [(visits, &[8][..])]);
//! # Ok::<(), ets_session::error::Error>(())
//! ```

use crate::error::Error;
use crate::index::{Places, Seed};
use crate::term::{self, Reader};

const VERSION: u8 = 0x10;
const COUNT: u8 = 0x0F;

/// How much was asked for is not known.
const NO_MEMORY: Error = Error::MemoryRefused { needed: 0 };

/// The record of no fields.
pub const EMPTY: &[u8] = &[VERSION];

/// A field's name as records have it.
#[derive(Clone, Copy, Debug, Eq)]
pub enum Name<'a> {
    /// The number that the table gave to the name.
    Interned(usize),
    /// The name as a string value.
    Inline(&'a [u8]),
}

// As it would be derived, but for the inlining: every field passed on the way to another costs one.
impl PartialEq for Name<'_> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Interned(a), Self::Interned(b)) => a == b,
            (Self::Inline(a), Self::Inline(b)) => a == b,
            _ => false,
        }
    }
}

impl<'a> Name<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        Some(match reader.length()? {
            0 => Self::Inline(reader.value()?),
            number => Self::Interned(number),
        })
    }

    /// Whether it is a string, or a number that a table of so many names has given.
    pub(crate) fn is_known(&self, names: usize) -> bool {
        match self {
            Name::Interned(number) => (1..=names).contains(number),
            Name::Inline(name) => term::is_text(name),
        }
    }
}

/// The fields of a record, in its order.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    left: usize,
    names: Reader<'a>,
    values: Reader<'a>,
}

impl<'a> Fields<'a> {
    const NONE: Self = Self { left: 0, names: Reader::new(&[]), values: Reader::new(&[]) };

    /// Reads the head of a record; `None` when that is malformed.
    #[must_use]
    pub fn new(record: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(record);
        let head = reader.u8()?;
        if head & !COUNT != VERSION {
            return None;
        }
        let left = match head & COUNT {
            COUNT => reader.count()?,
            few => usize::from(few),
        };
        let names = reader;
        for _ in 0..left {
            reader.length()?;
        }
        Some(Self { left, names, values: reader })
    }

    fn step(&mut self) -> Option<(Name<'a>, &'a [u8])> {
        let name = match self.names.length()? {
            0 => Name::Inline(self.values.value()?),
            number => Name::Interned(number),
        };
        let value = self.values.value()?;
        self.left = self.left.checked_sub(1)?;
        Some((name, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (Name<'a>, &'a [u8]);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 { None } else { self.step() }
    }
}

/// Whether the bytes are one well-formed record whose interned names are at most `names`.
#[must_use]
pub fn is_record(record: &[u8], names: usize) -> bool {
    let Some(mut fields) = Fields::new(record) else { return false };
    while fields.left > 0 {
        match fields.step() {
            Some((name, value)) if name.is_known(names) && term::is_term(value) => {}
            _ => return false,
        }
    }
    fields.values.is_done()
}

/// The value of a field.
#[must_use]
pub fn find<'a>(record: &'a [u8], name: Name<'_>) -> Option<&'a [u8]> {
    match (name, short(record)) {
        (Name::Interned(number), Some((names, mut values))) => {
            for &other in names {
                let value = values.value_inline()?;
                if usize::from(other) == number {
                    return Some(value);
                }
            }
            None
        }
        _ => Fields::new(record)?.find(|(other, _)| *other == name).map(|(_, value)| value),
    }
}

/// Names and values of a record with few fields, all of whose names have numbers of one byte, as most have.
#[inline(always)]
fn short(record: &[u8]) -> Option<(&[u8], Reader<'_>)> {
    let (&head, rest) = record.split_first()?;
    let (names, values) = rest.split_at_checked(usize::from(head & COUNT))?;
    let few = head & !COUNT == VERSION && head & COUNT < COUNT;
    let all = few && names.iter().all(|number| (1..0x80).contains(number));
    all.then_some((names, Reader::new(values)))
}

/// The name and the value of a change that sets one field of a short number and does nothing else: the change that
/// there is most, for which nothing has to be taken apart.
#[must_use]
pub fn one_field(change: &[u8], names: usize) -> Option<(Name<'_>, &[u8])> {
    const ONE: u8 = VERSION | 1;
    match change {
        [0, 0, 0, ONE, number @ 1..=0x7F, value @ ..] => {
            let name = Name::Interned(usize::from(*number));
            (name.is_known(names) && term::is_term(value)).then_some((name, value))
        }
        _ => None,
    }
}

/// Writes a record of the given fields behind what `out` holds.
pub fn write(fields: &[(Name<'_>, Value<'_>)], out: &mut Vec<u8>) -> Result<(), Error> {
    // Three bytes a name and nine a number bound what is not already counted by the values themselves.
    let size = fields.iter().fold(16_usize, |size, (name, value)| {
        let name = if let Name::Inline(name) = name { name.len() } else { 3 };
        size.wrapping_add(name).wrapping_add(value.size()).wrapping_add(1)
    });
    out.try_reserve(size).map_err(|_| Error::no_memory(size))?;
    if fields.len() < usize::from(COUNT) {
        #[allow(clippy::cast_possible_truncation)]
        out.push(VERSION | fields.len() as u8);
    } else {
        out.push(VERSION | COUNT);
        term::push_length(out, fields.len());
    }
    for (name, _) in fields {
        term::push_length(out, if let Name::Interned(number) = name { *number } else { 0 });
    }
    for (name, value) in fields {
        if let Name::Inline(name) = name {
            out.extend_from_slice(name);
        }
        match value {
            Value::Bytes(bytes) => out.extend_from_slice(bytes),
            Value::Number(number) => term::push_number(out, *number),
        }
    }
    Ok(())
}

/// A field's value on its way into a record.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Already encoded.
    Bytes(&'a [u8]),
    /// A number to encode.
    Number(f64),
}

impl Value<'_> {
    const fn size(&self) -> usize {
        match self {
            Value::Bytes(bytes) => bytes.len(),
            Value::Number(_) => 9,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Value::Bytes(bytes) => term::number(bytes),
            Value::Number(number) => Some(*number),
        }
    }
}

/// What a commit does to a record.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    clear: bool,
    set: Fields<'a>,
    remove: Vec<Name<'a>>,
    increment: Vec<(Name<'a>, f64)>,
    /// The least and the most that an increment leads to.
    bounds: (f64, f64),
}

impl<'a> Change<'a> {
    /// Reads and checks a change whose interned names are at most `names`.
    ///
    /// # Errors
    /// [`Error::BadRecord`], and [`Error::MemoryRefused`].
    pub fn read(bytes: &'a [u8], names: usize) -> Result<Self, Error> {
        Self::parse(bytes, names).unwrap_or(Err(Error::BadRecord))
    }

    fn parse(bytes: &'a [u8], names: usize) -> Option<Result<Self, Error>> {
        let known = |name: &Name<'_>| name.is_known(names);
        let mut reader = Reader::new(bytes);
        let clear = reader.u8()? & 1 == 1;
        let bounds = (f64::NEG_INFINITY, f64::INFINITY);
        let set = Fields::NONE;
        let mut change = Self { clear, set, remove: Vec::new(), increment: Vec::new(), bounds };
        let removed = reader.count()?;
        if change.remove.try_reserve_exact(removed).is_err() {
            return Some(Err(NO_MEMORY));
        }
        for _ in 0..removed {
            change.remove.push(Name::read(&mut reader).filter(known)?);
        }
        let incremented = reader.count()?;
        if change.increment.try_reserve_exact(incremented).is_err() {
            return Some(Err(NO_MEMORY));
        }
        for _ in 0..incremented {
            let name = Name::read(&mut reader).filter(known)?;
            change.increment.push((name, f64::from_le_bytes(reader.array()?)));
        }
        let set = reader.rest();
        change.set = Fields::new(set)?;
        is_record(set, names).then_some(Ok(change))
    }

    /// The change that adds to one number and clamps the sum.
    ///
    /// # Errors
    /// [`Error::MemoryRefused`].
    pub fn counter(name: Name<'a>, by: f64, bounds: (f64, f64)) -> Result<Self, Error> {
        let mut increment = Vec::new();
        increment.try_reserve_exact(1).map_err(|_| NO_MEMORY)?;
        increment.push((name, by));
        Ok(Self { clear: false, set: Fields::NONE, remove: Vec::new(), increment, bounds })
    }

    /// What the first increment makes of a field's value, or of its absence.
    pub fn count(&self, value: Option<&[u8]>) -> Result<f64, Error> {
        let by = self.increment.first().map_or(0.0, |(_, by)| *by);
        self.add(value.map(Value::Bytes), by)
    }

    fn add(&self, before: Option<Value<'_>>, by: f64) -> Result<f64, Error> {
        let before = before.map_or(Some(0.0), |value| value.number()).ok_or(Error::NotANumber)?;
        let (least, most) = self.bounds;
        let sum = before + by;
        // f64's own min and max pass a NaN over and would make infinity of it.
        Ok(if sum.is_nan() { sum } else { sum.min(most).max(least) })
    }

    /// Writes `record` with the change applied behind what `out` holds. In this order: what is there
    /// is cleared where the change says so, names are removed, fields set, numbers added.
    pub fn apply(&self, record: &[u8], seed: Seed, out: &mut Vec<u8>) -> Result<(), Error> {
        let base = Fields::new(record).ok_or(Error::BadRecord)?;
        let most = base.left.wrapping_add(self.set.left).wrapping_add(self.increment.len());
        let mut fields: Vec<(Name<'_>, Value<'_>)> = Vec::new();
        fields.try_reserve_exact(most).map_err(|_| NO_MEMORY)?;
        let removed = Lookup::new(self.remove.iter().map(|&name| (name, 0)), seed)?;
        if !self.clear {
            let kept = base.filter(|(name, _)| removed.get(*name).is_none());
            fields.extend(kept.map(|(name, value)| (name, Value::Bytes(value))));
        }
        let mut places = Lookup::new(fields.iter().enumerate().map(|(at, (name, _))| (*name, at)), seed)?;
        let set = self.set.map(|(name, value)| (name, Value::Bytes(value)));
        let increment = self.increment.iter().map(|&(name, by)| (name, by));
        for (name, value) in set {
            place(&mut fields, &mut places, name, value)?;
        }
        for (name, by) in increment {
            let before = places.get(name).and_then(|at| fields.get(at)).map(|(_, value)| *value);
            let after = self.add(before, by)?;
            place(&mut fields, &mut places, name, Value::Number(after))?;
        }
        write(&fields, out)
    }
}

fn place<'a>(
    fields: &mut Vec<(Name<'a>, Value<'a>)>,
    places: &mut Lookup<'a>,
    name: Name<'a>,
    value: Value<'a>,
) -> Result<(), Error> {
    if let Some((_, there)) = places.get(name).and_then(|at| fields.get_mut(at)) {
        *there = value;
    } else {
        places.add(name, fields.len())?;
        // There is room for all that may come.
        fields.push((name, value));
    }
    Ok(())
}

/// Where names stand: looked through one by one while they are few, by hash when a hostile row has
/// thousands.
struct Lookup<'a> {
    names: Vec<(Name<'a>, usize)>,
    places: Places,
    seed: Seed,
}

impl<'a> Lookup<'a> {
    const FEW: usize = 32;

    fn new(names: impl Iterator<Item = (Name<'a>, usize)>, seed: Seed) -> Result<Self, Error> {
        let mut lookup = Self { names: Vec::new(), places: Places::default(), seed };
        for (name, at) in names {
            lookup.add(name, at)?;
        }
        Ok(lookup)
    }

    fn hash(seed: Seed, name: Name<'_>) -> u64 {
        match name {
            Name::Interned(number) => seed.hash(&number.to_le_bytes()),
            Name::Inline(name) => seed.hash(name),
        }
    }

    fn get(&self, name: Name<'_>) -> Option<usize> {
        if self.names.len() <= Self::FEW {
            return self.names.iter().find(|(other, _)| *other == name).map(|(_, at)| *at);
        }
        let is = |place: u32| self.names.get(place as usize).is_some_and(|(other, _)| *other == name);
        let place = self.places.find(Self::hash(self.seed, name), is)? as usize;
        self.names.get(place).map(|(_, at)| *at)
    }

    fn add(&mut self, name: Name<'a>, at: usize) -> Result<(), Error> {
        self.names.try_reserve(1).map_err(|_| NO_MEMORY)?;
        self.names.push((name, at));
        if self.names.len() <= Self::FEW {
            return Ok(());
        }
        for place in self.places.len()..self.names.len() {
            let (names, seed) = (&self.names, self.seed);
            let hash = |place: u32| names.get(place as usize).map_or(0, |(name, _)| Self::hash(seed, *name));
            if !self.places.reserve(&hash) {
                return Err(NO_MEMORY);
            }
            let place = u32::try_from(place).map_err(|_| NO_MEMORY)?;
            self.places.insert(hash(place), place, &hash);
        }
        Ok(())
    }
}
