//! Rows that belong to someone: kept through every write, told apart by filters, evicted last. They are
//! brought in by a snapshot written here by hand.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use crate::common::{Patch, Wanted, living, numbers, page, push_length, put, table};
use ets_session::select::Filter;
use ets_session::snapshot::checksum;
use ets_session::table::{Options, Table};

const START: u64 = 1_000_000;
const NOW: f64 = START as f64;

/// A snapshot of rows without fields: key, subject, created.
fn snapshot(rows: &[(&str, &str, u64)]) -> Vec<u8> {
    let mut out = b"ETSS\x01\x00".to_vec();
    out.extend((rows.len() as u32).to_le_bytes());
    out.push(0);
    push_length(&mut out, rows.len());
    for (order, (key, subject, created)) in rows.iter().enumerate() {
        out.push(0);
        out.extend([created.to_le_bytes(), created.to_le_bytes()].concat());
        out.extend([1_u32.to_le_bytes(), (order as u32).to_le_bytes()].concat());
        for part in [key.as_bytes(), subject.as_bytes(), &[0x10]] {
            push_length(&mut out, part.len());
            out.extend(part);
        }
    }
    out.extend(checksum(&out));
    out
}

fn holding(rows: &[(&str, &str, u64)], options: Options) -> Table {
    let mut table = table(options);
    assert_eq!(table.restore(&snapshot(rows), NOW), Ok(rows.len()));
    assert!(table.validate());
    table
}

fn subject(table: &mut Table, key: &str) -> String {
    let all = Wanted::default().bytes(table);
    let (rows, _) = page(table, &all, None, 100, 0.0);
    let row = rows.into_iter().find(|row| row.key == key.as_bytes()).unwrap();
    String::from_utf8(row.subject).unwrap()
}

fn filter(flags: u8, subject: &str) -> Vec<u8> {
    let mut out = [&[flags][..], &[0; 8]].concat();
    if flags & 1 == 1 {
        push_length(&mut out, subject.len());
        out.extend(subject.as_bytes());
    }
    out.push(0);
    out
}

fn keys(table: &mut Table, filter: &[u8]) -> String {
    let mut keys: Vec<u8> =
        crate::common::pages(table, filter, 2, NOW).into_iter().flat_map(|row| row.key).collect();
    keys.sort_unstable();
    assert_eq!(table.count(&Filter::read(filter).unwrap(), NOW), keys.len());
    String::from_utf8(keys).unwrap()
}

#[test]
fn filters_tell_whose_rows_are_whose() {
    let rows =
        [("a", "ann", START), ("b", "", START), ("c", "bob", START), ("d", "ann", START), ("e", "an", START)];
    let mut table = holding(&rows, Options::default());
    assert_eq!(keys(&mut table, &filter(0, "")), "abcde");
    assert_eq!(keys(&mut table, &filter(1, "ann")), "ad");
    assert_eq!(keys(&mut table, &filter(1, "an")), "e");
    assert_eq!(keys(&mut table, &filter(1, "carl")), "");
    assert_eq!(keys(&mut table, &filter(1, "")), "", "no subject is nobody's");
    assert_eq!(keys(&mut table, &filter(2, "")), "acde");
    assert_eq!(keys(&mut table, &filter(4, "")), "b");
    assert_eq!(keys(&mut table, &filter(5, "ann")), "");
    let anns = filter(1, "ann");
    assert_eq!(table.delete_where(&Filter::read(&anns).unwrap(), NOW), 2);
    assert_eq!(keys(&mut table, &filter(0, "")), "bce");
    assert!(table.validate());
}

#[test]
fn every_write_keeps_the_subject() {
    let mut table = holding(&[("a", "ann", START)], Options::default());
    put(&mut table, b"a", &[("n", 1.0)], NOW);
    assert_eq!(subject(&mut table, "a"), "ann");
    let patches = [
        Patch { set: numbers(&[("n", 2.0)]), ..Patch::default() },
        Patch { set: numbers(&[("m", 0.5)]), ..Patch::default() },
        Patch { clear: true, ..Patch::default() },
    ];
    for patch in patches {
        let change = patch.bytes(&mut table);
        assert!(table.update(b"a", &change, NOW).unwrap().live().is_some());
        assert_eq!(subject(&mut table, "a"), "ann");
        assert!(table.validate());
    }
    assert!(table.touch(b"a", NOW + 60.0 * 86_400_000.0).live().is_some());
    assert!(table.rename(b"a", || Some(b"a key of another length"), NOW).unwrap().is_some());
    assert_eq!(subject(&mut table, "a key of another length"), "ann");
    assert!(table.validate());
    let mut bytes = Vec::new();
    table.snapshot(NOW, &mut bytes).unwrap();
    table.restore(&bytes, NOW).unwrap();
    assert_eq!(subject(&mut table, "a key of another length"), "ann");
}

#[test]
fn rows_without_a_subject_are_evicted_before_rows_with_one() {
    // Those with a subject would expire sooner, and are older.
    let rows = [
        ("a", "ann", START - 9_000),
        ("b", "bob", START - 8_000),
        ("c", "", START - 1_000),
        ("d", "", START - 2_000),
        ("e", "", START - 1_000),
    ];
    let options = living(Some(60_000), None);
    let full = holding(&rows, options).bytes();
    let mut table = holding(&rows, Options { max_bytes: full, ..options });
    let all = filter(0, "");
    for (key, left) in [("1", "1abce"), ("2", "12abe"), ("3", "123ab"), ("4", "234ab"), ("5", "345ab")] {
        assert!(table.insert(key.as_bytes(), &[0x10], 0, false, NOW).unwrap());
        assert_eq!(keys(&mut table, &all), left);
    }
    // One that takes the place of everything, but for the last to expire.
    let long = "~".repeat(table.bytes() as usize - 120);
    let record = table.encode(&[(long, ets_session::value::Value::Null)]).unwrap();
    assert!(table.insert(b"6", &record, 0, false, NOW).unwrap());
    assert_eq!(keys(&mut table, &all), "6b");
    assert_eq!(table.counts().evicted, 5 + 4);
    assert!(table.validate());
}

#[test]
fn both_kinds_expire() {
    let rows = [("a", "ann", START - 500), ("b", "", START - 400), ("c", "bob", START - 300)];
    let mut table = holding(&rows, living(Some(1_000), None));
    for (after, left) in [(499.0, 3), (500.0, 2), (600.0, 1), (700.0, 0)] {
        table.sweep(usize::MAX, NOW + after);
        assert_eq!(table.len(), left, "{after} ms later");
        assert!(table.validate());
    }
}

#[test]
fn a_cleared_table_knows_nobody() {
    let rows = [("a", "ann", START), ("b", "ann", START), ("c", "bob", START)];
    let mut table = holding(&rows, Options::default());
    assert!(!table.is_empty());
    table.clear();
    assert!(table.is_empty() && table.validate());
    assert_eq!(keys(&mut table, &filter(1, "ann")), "");
    let key = ets_session::key::Key::stored(b"d", false);
    assert_eq!(table.insert_for(key, b"ann", ets_session::record::EMPTY, 0, NOW), Ok(true));
    assert!(table.validate());
    assert_eq!(keys(&mut table, &filter(1, "ann")), "d");
}

/// 397 days after its creation a row's head grows by three bytes, and what lies behind it moves.
#[test]
fn rows_that_live_for_months_stay_their_subjects() {
    let months = NOW + 400.0 * 86_400_000.0;
    for length in 0..40 {
        let text = "x".repeat(length);
        let rows = [("a", "ann", START), ("b", "ann", START), ("c", "ann", START), ("d", "bob", START)];
        let mut table = holding(&rows, Options::default());
        let change = |table: &mut Table, key: &str, text: &str, now: f64| {
            let set = vec![("t".to_owned(), ets_session::value::Value::Text(text.to_owned()))];
            let patch = Patch { set, ..Patch::default() }.bytes(table);
            assert!(table.update(key.as_bytes(), &patch, now).unwrap().live().is_some());
            assert!(table.validate(), "{length}");
        };
        for key in ["a", "b", "c"] {
            change(&mut table, key, &text, NOW);
        }
        // One is written, one touched, one is written with less; in the midst of a list of three.
        change(&mut table, "b", &text, months);
        assert!(table.touch(b"a", months).live().is_some() && table.validate());
        change(&mut table, "c", text.get(..length.saturating_sub(3)).unwrap(), months);
        change(&mut table, "b", "yy", months + 1.0);
        let over = table.encode(&[("t".to_owned(), ets_session::value::Value::Text(text))]).unwrap();
        assert_eq!(table.insert(b"c", &over, 0, false, months), Ok(true));
        let row = table.peek(b"c", months).live().unwrap();
        assert_eq!((table.record(row), table.subject(row)), (&over[..], &b"ann"[..]));
        assert!(table.validate());
        for subject in ["ann", "bob"] {
            let expected = if subject == "ann" { "abc" } else { "d" };
            let found = crate::common::pages(&mut table, &filter(1, subject), 2, months + 2.0);
            let mut keys: Vec<u8> = found.iter().flat_map(|row| row.key.clone()).collect();
            keys.sort_unstable();
            assert_eq!(keys, expected.as_bytes(), "{length}");
        }
        let meta = |table: &mut Table, key: &[u8]| {
            let row = table.peek(key, months + 3.0).live().unwrap();
            (table.meta(row).unwrap().created, table.meta(row).unwrap().touched)
        };
        assert_eq!(meta(&mut table, b"a"), (START, months as u64));
        assert_eq!(meta(&mut table, b"b"), (START, months as u64 + 1));
        assert!(table.delete(b"b", months + 3.0) && table.validate());
        assert_eq!(table.count(&Filter::read(&filter(1, "ann")).unwrap(), months + 3.0), 2);
    }
}

#[test]
fn a_row_written_over_may_be_as_long_as_rows_may_be_and_no_longer() {
    let mut table = table(Options { max_row_bytes: 100, ..Options::default() });
    let record = |table: &mut Table, length: usize| {
        let text = ets_session::value::Value::Text("~".repeat(length));
        table.encode(&[("t".to_owned(), text)]).unwrap()
    };
    let mut longest = 0;
    for length in 0..120 {
        let bytes = record(&mut table, length);
        if table.insert(b"probe", &bytes, 0, false, NOW).is_ok() {
            longest = length;
        }
        table.delete(b"probe", NOW);
    }
    for first in longest - 8..=longest {
        let bytes = record(&mut table, first);
        assert_eq!(table.insert(b"probe", &bytes, 0, false, NOW), Ok(true));
        for second in longest - 8..longest + 8 {
            let bytes = record(&mut table, second);
            let stored = table.insert(b"probe", &bytes, 0, false, NOW);
            assert_eq!(stored.is_ok(), second <= longest, "{first} and then {second}");
        }
    }
}

/// Lengths are written with a byte more from 128 on, of keys and of records.
#[test]
fn rows_written_over_keep_their_bytes_at_every_length() {
    let lengths = (118..140).chain([200, 255, 256, 300, 384]);
    for key in lengths.clone().map(|length| "k".repeat(length)) {
        let mut table = table(Options::default());
        for length in lengths.clone() {
            let text = ets_session::value::Value::Text("~".repeat(length));
            let record = table.encode(&[("t".to_owned(), text)]).unwrap();
            for _ in 0..2 {
                assert_eq!(table.insert(key.as_bytes(), &record, 0, false, NOW), Ok(true));
                let row = table.peek(key.as_bytes(), NOW).live().unwrap();
                assert_eq!(table.record(row), record, "{} and {length}", key.len());
                assert!(table.validate());
            }
        }
        assert_eq!(table.len(), 1);
    }
}

#[test]
fn a_snapshot_of_rows_that_cannot_be_is_refused() {
    let right = snapshot(&[("key", "ann", START)]);
    let body = right.len() - checksum(&[]).len();
    let sealed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = right[..body].to_vec();
        change(&mut bytes);
        let sum = checksum(&bytes);
        bytes.extend(sum);
        table(Options::default()).restore(&bytes, NOW)
    };
    assert_eq!(sealed(&|_| ()), Ok(1));
    let bad = Err(ets_session::error::Error::BadSnapshot);
    // Its record is the last byte, and its key stands before the subject.
    assert_eq!(sealed(&|bytes| bytes[body - 1] = 0xFF), bad, "no record");
    assert_eq!(sealed(&|bytes| drop(bytes.splice(body - 10..body - 6, [0]))), bad, "no key");
    let touched = body - 10 - 8 - 8;
    assert_eq!(sealed(&|bytes| bytes[touched + 7] = 0xFF), bad, "touched behind the last date");
    assert_eq!(sealed(&|bytes| bytes[touched..touched + 8].fill(0)), bad, "touched before it was made");
}
