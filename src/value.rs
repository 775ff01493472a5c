//! Values as Rust has them, for those who build rows without JavaScript's codec.
//!
//! ```
//! use ets_session::{index::Seed, table::{Options, Table}, value::Value};
//!
//! let mut table = Table::new(Options::default(), Seed::new([7; 16]))?;
//! let fields = vec![
//!     ("user".to_owned(), Value::Text("ada".to_owned())),
//!     ("since".to_owned(), Value::Date(1_700_000_000_000.0)),
//!     ("cart".to_owned(), Value::Array(vec![Value::Number(7.0), Value::Number(9.0)])),
//! ];
//! let record = table.encode(&fields)?;
//! assert_eq!(table.decode(&record), Some(fields));
//!
//! // One value alone, as bytes.
//! let mut term = Vec::new();
//! Value::Bool(true).push(&mut term)?;
//! assert_eq!(Value::read(&term), Some(Value::Bool(true)));
//! assert_eq!(Value::read(b"no term"), None);
//! # Ok::<(), ets_session::error::Error>(())
//! ```

use crate::base64;
use crate::error::Error;
use crate::record::{self, Fields, Name};
use crate::table::Table;
use crate::term::{self, MAX_DEPTH, Reader, push_length, tag};

/// What the classes of binary values are called, by their number in a term.
pub const CLASSES: [&str; 14] = [
    "Uint8Array",
    "ArrayBuffer",
    "Int8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "DataView",
    "Float16Array",
];

/// Any value that a row can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// JavaScript's undefined, present.
    Undefined,
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, NaN and -0 included.
    Number(f64),
    /// A bigint: whether it is negative, and its magnitude, little-endian, without zeros at the end.
    BigInt(bool, Vec<u8>),
    /// A string.
    Text(String),
    /// A date in milliseconds since the Unix epoch; NaN for an invalid one.
    Date(f64),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Vec<(String, Value)>),
    /// A map.
    Map(Vec<(Value, Value)>),
    /// A set.
    Set(Vec<Value>),
    /// Binary: which class (0 to 15), and its bytes.
    Binary(u8, Vec<u8>),
}

const PACK_FROM: usize = 12;
const PACK_TO: usize = 256;

/// Writes a string in its shortest form.
#[allow(clippy::cast_possible_truncation)]
pub fn push_text(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if (PACK_FROM..=PACK_TO).contains(&bytes.len()) && bytes.len().is_multiple_of(4) {
        let mut packed = [0; PACK_TO / 4 * 3];
        if let Some(packed) = base64::pack(bytes, &mut packed).and_then(|length| packed.get(..length)) {
            out.push(tag::BASE64);
            push_length(out, packed.len() / 3);
            return out.extend_from_slice(packed);
        }
    }
    match (bytes.is_ascii(), bytes.len()) {
        (true, length @ 0..=0x3F) => out.push(tag::ASCII.wrapping_add(length as u8)),
        (true, length) => {
            out.push(tag::ASCII_LONG);
            push_length(out, length);
        }
        (false, length) => {
            out.push(tag::UTF8);
            push_length(out, length);
        }
    }
    out.extend_from_slice(bytes);
}

#[allow(clippy::cast_possible_truncation)]
fn push_count(out: &mut Vec<u8>, few: u8, many: u8, count: usize) {
    if count < 15 {
        out.push(few | count as u8);
    } else {
        out.push(many);
        push_length(out, count);
    }
}

impl Value {
    /// Writes the value as a term.
    ///
    /// # Errors
    /// [`Error::BadRecord`] where it is nested too deep, or holds half an element of a typed array.
    pub fn push(&self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.push_within(out, MAX_DEPTH)
    }

    fn push_within(&self, out: &mut Vec<u8>, depth: u32) -> Result<(), Error> {
        let inner = || depth.checked_sub(1).ok_or(Error::BadRecord);
        match self {
            Self::Undefined => out.push(tag::UNDEFINED),
            Self::Null => out.push(tag::NULL),
            Self::Bool(bool) => out.push(if *bool { tag::TRUE } else { tag::FALSE }),
            Self::Number(number) => term::push_number(out, *number),
            Self::BigInt(negative, magnitude) => {
                out.extend([tag::BIGINT, u8::from(*negative)]);
                push_length(out, magnitude.len());
                out.extend_from_slice(magnitude);
            }
            Self::Text(text) => push_text(out, text),
            Self::Date(ms) => {
                out.push(tag::DATE);
                out.extend(ms.to_le_bytes());
            }
            Self::Array(values) => {
                let depth = inner()?;
                push_count(out, tag::ARRAY, tag::ARRAY_LONG, values.len());
                values.iter().try_for_each(|value| value.push_within(out, depth))?;
            }
            Self::Object(fields) => {
                let depth = inner()?;
                push_count(out, tag::OBJECT, tag::OBJECT_LONG, fields.len());
                for (name, value) in fields {
                    push_text(out, name);
                    value.push_within(out, depth)?;
                }
            }
            Self::Map(entries) => {
                let depth = inner()?;
                out.push(tag::MAP);
                push_length(out, entries.len());
                for (key, value) in entries {
                    key.push_within(out, depth)?;
                    value.push_within(out, depth)?;
                }
            }
            Self::Set(values) => {
                let depth = inner()?;
                out.push(tag::SET);
                push_length(out, values.len());
                values.iter().try_for_each(|value| value.push_within(out, depth))?;
            }
            Self::Binary(class, bytes) => {
                if bytes.len() & term::unaligned(class & 0x0F) != 0 {
                    return Err(Error::BadRecord);
                }
                out.push(tag::BINARY | (class & 0x0F));
                push_length(out, bytes.len());
                out.extend_from_slice(bytes);
            }
        }
        Ok(())
    }

    /// Reads a term; `None` where the bytes are malformed.
    #[must_use]
    pub fn read(term: &[u8]) -> Option<Self> {
        if !term::is_term(term) {
            return None;
        }
        Self::next(&mut Reader::new(term))
    }

    fn next(reader: &mut Reader<'_>) -> Option<Self> {
        let bytes = reader.value()?;
        if let Some(text) = term::text(bytes) {
            return Some(Self::Text(text.into_owned()));
        }
        if let Some(number) = term::number(bytes) {
            return Some(Self::Number(number));
        }
        let mut inner = Reader::new(bytes);
        let first = inner.u8()?;
        Some(match first {
            tag::NULL => Self::Null,
            tag::FALSE => Self::Bool(false),
            tag::TRUE => Self::Bool(true),
            tag::DATE => Self::Date(f64::from_le_bytes(inner.array()?)),
            tag::BIGINT => Self::BigInt(inner.u8()? == 1, inner.block()?.to_vec()),
            tag::BINARY..=tag::BINARY_LAST => Self::Binary(first & 0x0F, inner.block()?.to_vec()),
            tag::ARRAY..=tag::OBJECT_LONG | tag::MAP | tag::SET => {
                let parts = Reader::new(bytes).head()?;
                if first >= tag::MAP || first & 0x0F == 0x0F {
                    inner.length()?;
                }
                let mut values = Vec::new();
                for _ in 0..parts {
                    values.push(Self::next(&mut inner)?);
                }
                Self::container(first, values)
            }
            _ => Self::Undefined,
        })
    }

    fn container(first: u8, values: Vec<Self>) -> Self {
        match first {
            tag::ARRAY..=tag::ARRAY_LONG => Self::Array(values),
            tag::SET => Self::Set(values),
            _ => {
                let mut values = values.into_iter();
                let pairs = core::iter::from_fn(|| Some((values.next()?, values.next()?)));
                if first == tag::MAP {
                    return Self::Map(pairs.collect());
                }
                let named = pairs.filter_map(|(name, value)| match name {
                    Self::Text(name) => Some((name, value)),
                    _ => None,
                });
                Self::Object(named.collect())
            }
        }
    }
}

impl Table {
    /// A record of some fields, their names numbered by this table where it has room.
    ///
    /// # Errors
    /// [`Error::BadRecord`] where a value is nested too deep.
    pub fn encode(&mut self, fields: &[(String, Value)]) -> Result<Vec<u8>, Error> {
        let mut names = Vec::with_capacity(fields.len());
        let mut values = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let mut inline = Vec::new();
            let number = self.intern(name);
            if number.is_none() {
                push_text(&mut inline, name);
            }
            names.push((number, inline));
            let mut term = Vec::new();
            value.push(&mut term)?;
            values.push(term);
        }
        let fields: Vec<_> = names
            .iter()
            .zip(&values)
            .map(|((number, inline), value)| {
                (number.map_or(Name::Inline(inline), Name::Interned), record::Value::Bytes(value))
            })
            .collect();
        let mut out = Vec::new();
        record::write(&fields, &mut out)?;
        Ok(out)
    }

    /// The fields of a record of this table; `None` where it is malformed.
    #[must_use]
    pub fn decode(&self, record: &[u8]) -> Option<Vec<(String, Value)>> {
        let fields = Fields::new(record)?;
        fields
            .map(|(name, value)| {
                let name = match name {
                    Name::Interned(number) => self.names().name(number)?.to_owned(),
                    Name::Inline(name) => term::text(name)?.into_owned(),
                };
                Some((name, Value::read(value)?))
            })
            .collect()
    }
}
