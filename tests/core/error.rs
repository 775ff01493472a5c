//! Refusals: each with its number, its figures and a text, and with nothing done.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;

use crate::common::{living, numbers, put, table};
use ets_session::error::{Error, Setting};
use ets_session::index::Seed;
use ets_session::key::{Key, ROOM};
use ets_session::record::{self, Name};
use ets_session::snapshot::checksum;
use ets_session::store::{self, ID_BYTES, Pool};
use ets_session::table::{Options, Table};

const NOW: f64 = 1e12;

#[test]
fn errors_cross_as_numbers_that_never_change() {
    let full = Error::TableFull { needed: 3 };
    let large = Error::RowTooLarge { needed: 9 };
    let refused = Error::MemoryRefused { needed: 5 };
    let all = [
        (Error::NoTable, -1, 0, "ERR_NO_TABLE"),
        (Error::TableExists, -2, 0, "ERR_TABLE_EXISTS"),
        (Error::BadKey, -3, 0, "ERR_BAD_KEY"),
        (Error::BadOption(Setting::Idle), -4, 0, "ERR_BAD_OPTION"),
        (large, -5, 9, "ERR_ROW_TOO_LARGE"),
        (full, -6, 3, "ERR_TABLE_FULL"),
        (Error::NotANumber, -7, 0, "ERR_NOT_A_NUMBER"),
        (Error::BadRecord, -8, 0, "ERR_UNSUPPORTED_VALUE"),
        (Error::BadSnapshot, -9, 0, "ERR_BAD_SNAPSHOT"),
        (Error::IdExhausted, -10, 0, "ERR_ID_EXHAUSTED"),
        (refused, -11, 5, "ERR_TABLE_FULL"),
    ];
    for (error, number, needed, code) in all {
        assert_eq!((error.number(), error.needed(), error.code()), (number, needed, code), "{error:?}");
    }
    assert_eq!(size_of::<Result<u32, Error>>(), 8, "it travels in two registers");
    let texts: BTreeSet<String> = all.iter().map(|(error, ..)| error.to_string()).collect();
    assert_eq!(texts.len(), all.len(), "each says something of its own");
    assert_eq!(full.to_string(), "the row needs 3 bytes, more than are left of maxBytes");
    assert_eq!(large.to_string(), "the row takes 9 bytes, more than maxRowBytes");
    assert_eq!(refused.to_string(), "memory is refused: 5 bytes");
    let settings = [
        (Setting::MaxBytes, "maxBytes"),
        (Setting::MaxRowBytes, "maxRowBytes"),
        (Setting::Idle, "idle"),
        (Setting::Absolute, "absolute"),
        (Setting::Lifetime, "lifetime"),
        (Setting::OnFull, "onFull"),
        (Setting::Options, "options"),
    ];
    for (setting, name) in settings {
        assert_eq!(Error::BadOption(setting).to_string(), format!("option {name} is out of range"));
    }
}

#[test]
fn an_empty_key_and_an_unknown_lifetime_are_refused() {
    let mut table = table(Options::default());
    let n = Name::Interned(table.intern("n").unwrap());
    let bounds = (f64::NEG_INFINITY, f64::INFINITY);
    assert_eq!(table.insert(b"", record::EMPTY, 0, false, NOW), Err(Error::BadKey));
    assert_eq!(table.insert_by(Key::stored(b"", false), record::EMPTY, 0, true, NOW), Err(Error::BadKey));
    assert_eq!(table.update_counter(b"", n, 1.0, bounds, NOW), Err(Error::BadKey));
    assert_eq!(table.update_counter_by(Key::stored(b"", false), n, 1.0, bounds, NOW), Err(Error::BadKey));
    let unknown = Err(Error::BadOption(Setting::Lifetime));
    assert_eq!(table.insert(b"a", record::EMPTY, 1, false, NOW), unknown);
    let key = Key::new(b"a", false, &mut { ROOM }).bytes().to_vec();
    assert_eq!(table.insert_for(Key::stored(&key, false), b"ann", record::EMPTY, 1, NOW), unknown);
    assert_eq!((table.len(), table.counts().inserted), (0, 0));
    // The last number is that of ghosts, and of no lifetime.
    assert_eq!(table.insert(b"a", record::EMPTY, 15, false, NOW), unknown);
}

#[test]
fn a_row_of_a_subject_is_stored_over_no_other() {
    let mut table = table(living(Some(1_000), None));
    let key = Key::stored(b"a", false);
    assert_eq!(table.insert_for(key, b"ann", record::EMPTY, 0, NOW), Ok(true));
    assert_eq!(table.insert_for(key, b"bob", record::EMPTY, 0, NOW + 999.0), Ok(false));
    let row = table.peek(b"a", NOW).live().unwrap();
    assert_eq!(table.subject(row), b"ann");
    assert_eq!(table.insert_for(key, b"bob", record::EMPTY, 0, NOW + 1_000.0), Ok(true));
    assert!(table.end_by(key, NOW + 1_001.0));
    assert_eq!(
        table.insert_for(key, b"carl", record::EMPTY, 0, NOW + 1_002.0),
        Ok(false),
        "an id that ended"
    );
    assert!(table.validate());
}

#[test]
fn bytes_that_are_no_record_get_no_id() {
    let (mut table, mut pool) = (table(Options::default()), Pool::new());
    pool.fill(&[1; ID_BYTES]);
    assert_eq!(store::put_new(&mut table, &[0xFF], 0, &mut pool, NOW), Err(Error::BadRecord));
    assert_eq!(table.len(), 0);
    assert!(store::put_new(&mut table, record::EMPTY, 0, &mut pool, NOW).is_ok(), "no id was spent");
}

#[test]
fn a_snapshot_that_names_a_key_twice_is_refused() {
    let mut full = table(Options::default());
    for key in [b"key-of-one", b"key-of-two"] {
        put(&mut full, key, &[("n", 1.0)], NOW);
    }
    let mut bytes = Vec::new();
    full.snapshot(NOW, &mut bytes).unwrap();
    bytes.truncate(bytes.len() - checksum(&[]).len());
    let at = bytes.windows(10).position(|part| part == b"key-of-two").unwrap();
    bytes[at..at + 10].copy_from_slice(b"key-of-one");
    bytes.extend(checksum(&bytes));
    let mut other = Table::new(Options::default(), Seed::new([3; 16])).unwrap();
    put(&mut other, b"before", &[], NOW);
    assert_eq!(other.restore(&bytes, NOW), Err(Error::BadSnapshot));
    assert_eq!(other.len(), 1);
    let fields = crate::common::peek(&mut other, b"before", NOW);
    assert_eq!(fields, Some(numbers(&[])));
}

#[test]
fn a_table_too_small_for_ghosts_has_none() {
    let mut table = table(Options { max_bytes: 700, ..Options::default() });
    let key = Key::stored(b"a", false);
    assert!(table.insert(b"a", record::EMPTY, 0, false, NOW).unwrap());
    assert!(table.end_by(key, NOW));
    assert_eq!(table.bytes(), 0);
    assert!(table.insert_for(key, b"", record::EMPTY, 0, NOW).unwrap(), "nothing knows of the end");
}
