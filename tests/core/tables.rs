//! Named tables and the handles that lead to them.
#![allow(clippy::unwrap_used)]

use crate::common::{is_live, put};
use ets_session::error::{Error, Setting};
use ets_session::table::Options;
use ets_session::tables::Tables;
use ets_session::time::Lifetime;

fn create(tables: &mut Tables, name: &str) -> Result<u32, Error> {
    tables.create(name, Options::default())
}

fn names(tables: &Tables) -> Vec<&str> {
    tables.names().collect()
}

#[test]
fn a_name_has_1_to_255_bytes() {
    let mut tables = Tables::default();
    assert_eq!(create(&mut tables, ""), Err(Error::BadKey));
    assert_eq!(create(&mut tables, &"n".repeat(256)), Err(Error::BadKey));
    assert_eq!(create(&mut tables, &"é".repeat(128)), Err(Error::BadKey), "bytes, not characters");
    assert_eq!(names(&tables), [""; 0]);
    for name in ["n", &"n".repeat(255), &"é".repeat(127), "\0", "__proto__"] {
        let handle = create(&mut tables, name).unwrap();
        assert_eq!(tables.find(name), Ok(handle));
        assert_eq!(tables.name(handle), Some(name));
    }
    assert_eq!(names(&tables).len(), 5);
}

#[test]
fn a_name_is_taken_once() {
    let mut tables = Tables::default();
    let first = create(&mut tables, "a").unwrap();
    put(tables.table(first).unwrap(), b"k", &[], 0.0);
    assert_eq!(create(&mut tables, "a"), Err(Error::TableExists));
    assert_eq!(tables.table(first).unwrap().len(), 1, "the first is as it was");
    assert!(create(&mut tables, "A").is_ok());
}

#[test]
fn tables_share_nothing() {
    let mut tables = Tables::default();
    let (a, b) = (create(&mut tables, "a").unwrap(), create(&mut tables, "b").unwrap());
    put(tables.table(a).unwrap(), b"k", &[("n", 1.0)], 1e12);
    assert_eq!((tables.table(b).unwrap().len(), tables.table(b).unwrap().names().len()), (0, 0));
    assert!(!is_live(tables.table(b).unwrap(), b"k", 0.0));
    put(tables.table(b).unwrap(), b"k", &[], 5.0);
    let row = tables.table(b).unwrap().peek(b"k", 0.0).live().unwrap();
    assert_eq!(tables.table(b).unwrap().meta(row).unwrap().created, 5, "each has its clock");
    tables.table(a).unwrap().clear();
    assert!(is_live(tables.table(b).unwrap(), b"k", 0.0));
}

#[test]
fn a_handle_is_dead_once_its_table_is_dropped() {
    let mut tables = Tables::default();
    let old = create(&mut tables, "a").unwrap();
    let other = create(&mut tables, "b").unwrap();
    put(tables.table(old).unwrap(), b"k", &[], 0.0);
    tables.drop(old).unwrap();
    assert_eq!(tables.find("a"), Err(Error::NoTable));
    assert_eq!(tables.table(old).err(), Some(Error::NoTable));
    assert_eq!(tables.name(old), None);
    assert_eq!(tables.drop(old), Err(Error::NoTable));
    assert_eq!(names(&tables), ["b"]);
    // A new table of the name is another table.
    let new = create(&mut tables, "a").unwrap();
    assert_ne!(new, old);
    assert_eq!(tables.table(old).err(), Some(Error::NoTable));
    assert!(tables.table(new).unwrap().is_empty());
    assert_eq!(names(&tables).len(), 2);
    assert!(tables.table(other).is_ok());
}

#[test]
fn tables_that_come_and_go_leave_room_for_more() {
    let mut tables = Tables::default();
    let small = Options { max_bytes: 1000, ..Options::default() };
    let kept = tables.create("kept", small).unwrap();
    let mut last = None;
    for _ in 0..70_000 {
        let handle = tables.create("a", small).unwrap();
        assert!(i32::try_from(handle).is_ok() && last != Some(handle));
        assert!(last.is_none_or(|last| tables.table(last).is_err()));
        tables.drop(handle).unwrap();
        last = Some(handle);
    }
    assert_eq!(tables.name(kept), Some("kept"));
    // Places that were never given out and a place that was, in one more turn.
    for handle in [2, 1 << 16, kept | 1 << 16, kept | 1 << 31] {
        assert_eq!(tables.table(handle).err(), Some(Error::NoTable));
    }
}

#[test]
fn handles_that_were_never_given_lead_nowhere() {
    let mut tables = Tables::default();
    create(&mut tables, "a").unwrap();
    for handle in [1, 2, u32::MAX] {
        assert_eq!(tables.table(handle).err(), Some(Error::NoTable));
        assert_eq!(tables.name(handle), None);
        assert_eq!(tables.drop(handle), Err(Error::NoTable));
    }
}

#[test]
fn a_bad_option_makes_no_table() {
    let good = Options::default();
    let life = |idle, absolute| Options { lifetime: Lifetime { idle, absolute }, ..good };
    let bad = [
        (Setting::MaxBytes, Options { max_bytes: 0, ..good }),
        (Setting::MaxRowBytes, Options { max_row_bytes: 0, ..good }),
        (Setting::MaxRowBytes, Options { max_row_bytes: 1 << 32, ..good }),
        (Setting::Idle, life(Some(0), None)),
        (Setting::Absolute, life(None, Some(0))),
    ];
    let mut tables = Tables::default();
    for (setting, options) in bad {
        assert_eq!(tables.create("a", options), Err(Error::BadOption(setting)));
        assert_eq!(tables.find("a"), Err(Error::NoTable));
    }
    assert!(tables.create("a", Options { max_bytes: u64::MAX, ..good }).is_ok());
    assert!(tables.create("b", Options { max_bytes: 1, ..good }).is_ok());
}

#[test]
fn tables_created_before_the_seed_is_drawn_are_keyed_by_it() {
    let mut tables = Tables::default();
    let early = create(&mut tables, "early").unwrap();
    assert!(!tables.is_seeded());
    tables.set_seed([9; 16]);
    assert!(tables.is_seeded());
    let late = create(&mut tables, "late").unwrap();
    // Rows of tables with one seed come in one order, which shows it.
    let mut orders = [early, late].map(|handle| {
        let table = tables.table(handle).unwrap();
        for n in 0..50_u8 {
            put(table, &[n], &[], 0.0);
        }
        let all = crate::common::Wanted::default().bytes(table);
        crate::common::pages(table, &all, 7, 0.0).into_iter().map(|row| row.key).collect::<Vec<_>>()
    });
    assert_eq!(orders[0], orders[1]);
    assert_eq!(orders[0].len(), 50);
    orders[0].sort();
    assert_ne!(orders[0], orders[1]);
}

#[test]
fn a_seed_drawn_late_loses_no_row() {
    let mut tables = Tables::default();
    let handle = create(&mut tables, "a").unwrap();
    let table = tables.table(handle).unwrap();
    put(table, b"k", &[("n", 1.0)], 0.0);
    tables.set_seed([9; 16]);
    let table = tables.table(handle).unwrap();
    assert!(is_live(table, b"k", 0.0));
    assert_eq!(table.intern("n"), Some(1));
    // Once it is empty and forgot its names it may be keyed anew.
    table.clear();
    tables.set_seed([10; 16]);
    let table = tables.table(handle).unwrap();
    put(table, b"k", &[("n", 1.0)], 0.0);
    assert!(is_live(table, b"k", 0.0) && table.validate());
}
