//! Memory refused at the first, second, third … request of every operation: an error, never an abort,
//! and everything as it was.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use std::cell::RefCell;

use crate::common::{DAY, Patch, Wanted, numbers, put, table};
use crate::refusals::alloc::with_refusals;
use crate::refusals::refused_at_every_request;
use ets_session::error::Error;
use ets_session::index::Seed;
use ets_session::key::{Key, ROOM};
use ets_session::record::Name;
use ets_session::select::{self, Filter};
use ets_session::session::How;
use ets_session::store::{self, ID_BYTES, Pool};
use ets_session::table::{Options, Table};
use ets_session::tables::Tables;
use ets_session::time::Lifetime;
use ets_session::value::Value;

fn with_rows(rows: u32, refuse: bool) -> Table {
    let mut table = table(Options { refuse, max_bytes: 1 << 20, ..Options::default() });
    table.intern("n").unwrap();
    for n in 0..rows {
        put(&mut table, &n.to_be_bytes(), &[("n", 1.0)], 0.0);
    }
    table
}

/// The bytes of fields that a table of [`with_rows`] knows, one of them so many bytes long.
fn record(length: usize) -> Vec<u8> {
    let mut table = with_rows(1, true);
    let text = Value::Text("~".repeat(length));
    table.encode(&[("n".to_owned(), text)]).unwrap()
}

#[test]
fn creating_a_table() {
    for granted in 0.. {
        let (result, refused) = with_refusals(granted, || Table::new(Options::default(), Seed::default()));
        match result {
            Ok(_) => return assert_eq!(refused, 0),
            Err(error) => assert!(matches!(error, Error::MemoryRefused { .. })),
        }
    }
}

#[test]
fn naming_a_table() {
    for granted in 0.. {
        let mut tables = Tables::default();
        let created = with_refusals(granted, || tables.create("a", Options::default()));
        if let (Ok(handle), refused) = created {
            assert_eq!((handle, refused), (0, 0));
            let ((), refused) = with_refusals(0, || tables.drop(handle).unwrap());
            return assert_eq!(refused, 0, "dropping needs no memory");
        }
        assert!(matches!(created.0, Err(Error::MemoryRefused { .. })));
        assert_eq!(tables.find("a"), Err(Error::NoTable));
        assert_eq!(tables.names().count(), 0);
        assert_eq!(tables.create("a", Options::default()), Ok(0));
    }
}

#[test]
fn inserting() {
    // Some of these sizes are those at which the index, the queue or a page has to grow.
    let sizes = (0..130).chain([223, 224, 225, 447, 448, 449, 1_023, 1_024, 1_025]);
    for rows in sizes {
        for length in [0, 200, 3_000, 10_000] {
            let record = record(length);
            for refuse in [true, false] {
                let insert = |table: &mut Table| table.insert(b"new", &record, 0, false, 0.0);
                refused_at_every_request(|| with_rows(rows, refuse), insert);
            }
            if rows > 16 && length > 0 {
                break;
            }
        }
    }
}

#[test]
fn writing_over_a_row() {
    for length in [0, 1, 200, 5_000, 20_000] {
        let record = record(length);
        for refuse in [true, false] {
            let insert = |table: &mut Table| table.insert(&[0; 4], &record, 0, false, 0.0);
            refused_at_every_request(|| with_rows(3, refuse), insert);
        }
    }
}

#[test]
fn storing_under_a_fresh_id() {
    let insert = |table: &mut Table| {
        // Taking random bytes needs none; where there are none to take, no id is made.
        let mut pool = Pool::default();
        pool.fill(&[9; ID_BYTES]);
        match store::put_new(table, &[0x10], 0, &mut pool, 0.0) {
            Err(Error::IdExhausted) => Err(Error::MemoryRefused { needed: 0 }),
            other => other,
        }
    };
    let fresh = |table: &mut Table| {
        table.delete(&store::id([9; ID_BYTES]), 0.0);
        insert(table)
    };
    assert!(refused_at_every_request(|| with_rows(3, true), fresh) > 0);
}

#[test]
fn making_room_in_a_full_table() {
    let record = record(60);
    let build = || {
        let mut table = table(Options { max_bytes: 1_000, ..Options::default() });
        for n in 0..30_u32 {
            put(&mut table, &n.to_be_bytes(), &[("n", 1.0)], 0.0);
        }
        table
    };
    refused_at_every_request(build, |table| table.insert(b"new", &record, 0, false, 0.0));
}

#[test]
fn updating() {
    let many: Vec<(String, f64)> = (0..100).map(|n| (format!("f{n}"), 1.0)).collect();
    let set: Vec<_> = many.iter().map(|(name, n)| (name.clone(), *n)).collect();
    let patches = [
        Patch { set: numbers(&[("n", 2.0)]), ..Patch::default() },
        Patch { set: numbers(&[("n", 70_000.5), ("m", 0.5)]), ..Patch::default() },
        Patch { set: vec![("t".to_owned(), Value::Text("x".repeat(900)))], ..Patch::default() },
        Patch { remove: vec!["n".to_owned()], ..Patch::default() },
        Patch { add: vec![("n".to_owned(), 1.0), ("m".to_owned(), 0.5)], ..Patch::default() },
        Patch { clear: true, ..Patch::default() },
        Patch {
            remove: many.iter().map(|(name, _)| name.clone()).collect(),
            set: numbers(&set.iter().map(|(name, n)| (name.as_str(), *n)).collect::<Vec<_>>()),
            add: many,
            clear: false,
        },
    ];
    for patch in patches {
        let build = || {
            let mut table = with_rows(2, true);
            let change = patch.bytes(&mut table);
            table.update(&[0, 0, 0, 1], &change, 0.0).unwrap();
            table
        };
        let change = patch.bytes(&mut build());
        refused_at_every_request(build, |table| table.update(&[0; 4], &change, 0.0));
    }
}

#[test]
fn counting() {
    let bounds = (f64::NEG_INFINITY, f64::INFINITY);
    for key in [&[0; 4][..], b"absent"] {
        for by in [1.0, 0.5] {
            let count = |table: &mut Table| table.update_counter(key, Name::Interned(1), by, bounds, 0.0);
            assert!(refused_at_every_request(|| with_rows(5, true), count) > 0);
        }
    }
}

#[test]
fn renaming() {
    for rows in [1, 2, 3, 7, 14, 28, 56, 112] {
        // From a key to one of another length, so that the row may need another block.
        for new in [&b"aaaa"[..], &[b'z'; 300]] {
            let rename = |table: &mut Table| {
                let from = if table.peek(new, 0.0).live().is_some() { new } else { &[0; 4] };
                let mut next = Some(if from == new { &[0; 4] } else { new });
                table.rename(from, || next.take(), 0.0)
            };
            refused_at_every_request(|| with_rows(rows, true), rename);
        }
    }
}

#[test]
fn committing_a_login() {
    for rows in [1, 2, 7, 28, 112] {
        for refuse in [false, true] {
            let patch = Patch { set: numbers(&[("n", 2.0)]), ..Patch::default() };
            let change = patch.bytes(&mut with_rows(1, true));
            let mut pool = Pool::new();
            let random: Vec<u8> = (0..2_000 * ID_BYTES as u32).map(|n| (n / 7) as u8 ^ n as u8).collect();
            pool.fill(&random);
            let pool = RefCell::new(pool);
            let commit = |table: &mut Table| {
                let how = How { subject: Some(b"ann"), renew: true, grace: 1_000 };
                let mut room = ROOM;
                let key = Key::new(&[0; 4], false, &mut room);
                table.commit_by(key, &[0; 4], &change, how, &mut pool.borrow_mut(), 0.0)
            };
            refused_at_every_request(|| with_rows(rows, refuse), commit);
        }
    }
}

#[test]
fn storing_a_row_of_a_subject() {
    let bytes = record(10);
    for rows in [1, 20, 200] {
        let store = |table: &mut Table| {
            let mut room = ROOM;
            let key = Key::new(b"new key", false, &mut room);
            table.insert_for(key, b"ann", &bytes, 0, 0.0)
        };
        refused_at_every_request(|| with_rows(rows, true), store);
    }
}

#[test]
fn ending_needs_no_memory() {
    let mut table = with_rows(20, true);
    let mut room = ROOM;
    let (ended, _) = with_refusals(0, || table.end_by(Key::new(&[0; 4], false, &mut room), 0.0));
    assert!(ended, "where there is no room for a ghost there is none");
    let all = Wanted::default().bytes(&mut table);
    let filter = Filter::read(&all).unwrap();
    let (ended, _) = with_refusals(0, || table.end_where(&filter, None, 0.0));
    assert_eq!(ended, 19);
    assert!(table.validate());
}

#[test]
fn reading_and_touching() {
    let later = (400 * DAY) as f64;
    let touch = |table: &mut Table| {
        let found = table.get(&[0; 4], later).live().is_some() && table.peek(&[0; 4], later).live().is_some();
        // A read is never refused.
        if found { Ok(()) } else { Err(Error::NoTable) }
    };
    for rows in [1, 20] {
        let build = || {
            let lifetime = Lifetime { idle: Some(401 * DAY), absolute: None };
            let mut table = table(Options { lifetime, refuse: true, ..Options::default() });
            for n in 0..rows {
                put(&mut table, &[0, 0, 0, n], &[("n", 1.0)], 0.0);
            }
            table
        };
        assert!(refused_at_every_request(build, touch) > 0, "nothing was written anew");
    }
}

#[test]
fn numbering_a_name() {
    for names in 0..40 {
        for granted in 0.. {
            let mut table = with_rows(0, true);
            for n in 0..names {
                table.intern(&format!("name {n}")).unwrap();
            }
            let (number, refused) = with_refusals(granted, || table.intern("new"));
            assert_eq!(number.is_some(), refused == 0);
            // A name that stood inline once must not be numbered later: rows would hold it twice.
            assert_eq!(table.intern("new"), number);
            put(&mut table, b"k", &[("new", 1.0)], 0.0);
            put(&mut table, b"k", &[("new", 2.0)], 0.0);
            assert_eq!(crate::common::peek(&mut table, b"k", 0.0), Some(numbers(&[("new", 2.0)])));
            assert!(table.validate());
            if refused == 0 {
                break;
            }
        }
    }
}

#[test]
fn selecting() {
    let filter =
        Wanted { field: Some(("n".to_owned(), vec![ets_session::value::Value::Number(1.0)])), idle_for: 0 };
    let filter = filter.bytes(&mut with_rows(1, true));
    let select = |table: &mut Table| -> Result<(), Error> {
        let page = table.select(&Filter::read(&filter)?, None, 50, 0.0)?;
        let mut out = Vec::new();
        select::write(table, &page, |_| [0.0; 4], &mut out)?;
        select::copy(&[1; 100], &mut out)
    };
    assert!(refused_at_every_request(|| with_rows(100, true), select) > 3);
}

#[test]
fn writing_a_snapshot() {
    let snapshot = |table: &mut Table| table.snapshot(0.0, &mut Vec::new());
    // All that it takes is asked for at once.
    assert_eq!(refused_at_every_request(|| with_rows(100, true), snapshot), 1);
}

#[test]
fn restoring_a_snapshot() {
    for hash_keys in [false, true] {
        let build = || {
            let mut table = table(Options { hash_keys, refuse: true, ..Options::default() });
            put(&mut table, b"before", &[("m", 1.0)], 0.0);
            table
        };
        let mut bytes = Vec::new();
        let mut other = with_rows(100, true);
        put(&mut other, b"AAAAAAAA", &[("another name", 1.0)], 0.0);
        other.snapshot(0.0, &mut bytes).unwrap();
        assert!(refused_at_every_request(build, |table| table.restore(&bytes, 0.0)) > 10);
    }
}

#[test]
fn taking_rows_away_needs_no_memory() {
    let build = || {
        let lifetime = Lifetime { idle: Some(1_000), absolute: None };
        let mut table = table(Options { lifetime, ..Options::default() });
        for n in 0..2_000_u32 {
            put(&mut table, &n.to_be_bytes(), &[], f64::from(n));
        }
        table
    };
    let filter = Filter::default();
    let mut table = build();
    // A failed check inside would need memory for its words.
    let (counts, refused) = with_refusals(0, || {
        let deleted = table.delete(&1_500_u32.to_be_bytes(), 1_999.0);
        let (before, swept) = (table.len(), table.sweep(usize::MAX, 2_250.0));
        let counted = table.count(&filter, 2_250.0);
        let number = table.lifetime(Lifetime { idle: Some(5), absolute: None });
        (deleted, before - swept, counted, number, table.delete_where(&filter, 2_250.0))
    });
    assert_eq!(counts, (true, 748, 748, Some(1), 748));
    assert_eq!((refused, table.len()), (0, 0));
    assert!(table.validate());
    let mut table = build();
    let ((), refused) = with_refusals(0, || table.clear());
    assert_eq!((refused, table.len(), table.bytes()), (0, 0, 0));
}

/// A table that evicts, with so many rows of that many bytes.
fn evicting(rows: u32, length: usize, options: Options) -> Table {
    let mut table = table(options);
    for n in 0..rows {
        let text = Value::Text("~".repeat(length));
        let record = table.encode(&[("n".to_owned(), text)]).unwrap();
        table.insert(&n.to_be_bytes(), &record, 0, false, 0.0).unwrap();
    }
    table
}

#[test]
fn a_table_that_is_not_full_evicts_nothing_for_refused_memory() {
    let roomy = Options { max_bytes: 1 << 22, ..Options::default() };
    for (rows, length) in [(300, 40), (40, 3_000), (3, 9_000)] {
        for other in [10, 700, 3_500, 20_000] {
            let record = record(other);
            for granted in 0.. {
                let mut table = evicting(rows, length, roomy);
                let (result, _) = with_refusals(granted, || table.insert(b"new", &record, 0, false, 0.0));
                assert_eq!(table.counts().evicted, 0, "{rows} of {length}, one of {other}");
                if result.is_ok() {
                    break;
                }
                assert!(matches!(result, Err(Error::MemoryRefused { .. })));
                assert_eq!(table.len(), rows as usize);
            }
        }
    }
}

#[test]
fn what_is_expired_makes_room_where_memory_is_refused() {
    let lifetime = Lifetime { idle: Some(1_000), absolute: None };
    let (record, mut helped) = (record(3_000), 0);
    for rows in 1..40 {
        let options = Options { max_bytes: 1 << 22, lifetime, ..Options::default() };
        let mut table = evicting(rows, 3_000, options);
        let (refused, _) = with_refusals(0, || table.insert(b"new", &record, 0, false, 999.0));
        if refused.is_ok() {
            continue;
        }
        let (result, _) = with_refusals(0, || table.insert(b"new", &record, 0, false, 1_000.0));
        assert_eq!(table.counts().evicted, 0);
        helped += u32::from(result.is_ok());
        assert!(table.validate());
    }
    assert!(helped > 2, "{helped} of 40");
}

#[test]
fn a_full_table_evicts_no_more_than_a_page_of_rows_for_refused_memory() {
    let record = record(700);
    for (lengths, fits) in [([40, 40], true), ([40, 70], false)] {
        let build = |max_bytes| {
            let mut table = table(Options { max_bytes, ..Options::default() });
            for n in 0..2_000_u32 {
                let text = Value::Text("~".repeat(lengths[n as usize % 2]));
                let record = table.encode(&[("n".to_owned(), text)]).unwrap();
                table.insert(&n.to_be_bytes(), &record, 0, false, 0.0).unwrap();
            }
            table
        };
        let mut table = build(build(1 << 22).bytes());
        let (result, _) = with_refusals(0, || table.insert(b"new", &record, 0, false, 0.0));
        assert_eq!(result.is_ok(), fits, "{lengths:?}: {result:?}");
        let evicted = table.counts().evicted;
        assert!((20..=256 + 20).contains(&evicted), "{lengths:?}: {evicted} went");
        assert_eq!(table.len() as u64, 2_000 + u64::from(fits) - evicted);
        assert!(table.validate());
    }
}
