//! Many rows: filters, and pages that writes in between do not disturb.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;

use crate::common::random::Random;
use crate::common::{Wanted, listed, living, page, pages, put, table};
use ets_session::error::Error;
use ets_session::select::{self, Filter};
use ets_session::table::{Options, Table};
use ets_session::value::Value;

fn all(table: &mut Table) -> Vec<u8> {
    Wanted::default().bytes(table)
}

fn keys(rows: &[crate::common::Listed]) -> Vec<&str> {
    let mut keys: Vec<&str> = rows.iter().map(|row| std::str::from_utf8(&row.key).unwrap()).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_page_says_all_that_is_known_of_its_rows() {
    let mut table = table(living(Some(1_000), None));
    put(&mut table, b"k", &[("n", 1.0)], 5_000.0);
    put(&mut table, b"k", &[("n", 2.0)], 5_400.0);
    let all = all(&mut table);
    let (rows, after) = page(&mut table, &all, None, 10, 5_500.0);
    assert_eq!((rows.len(), after), (1, None));
    assert_eq!(rows[0].times, [5_000.0, 5_400.0, 6_400.0, 2.0]);
    assert_eq!((&rows[0].key[..], &rows[0].subject[..]), (&b"k"[..], &b""[..]));
    assert_eq!(table.decode(&rows[0].record), Some(crate::common::numbers(&[("n", 2.0)])));
}

#[test]
fn pages_are_as_long_as_asked_for_and_end() {
    let mut table = table(Options::default());
    for n in 0..1_000 {
        put(&mut table, n.to_string().as_bytes(), &[], 0.0);
    }
    let all = all(&mut table);
    for limit in [1, 3, 999, 1_000, 1_001] {
        let (mut after, mut seen, mut count) = (None, BTreeSet::new(), 0);
        loop {
            let (rows, next) = page(&mut table, &all, after, limit, 0.0);
            assert!(rows.len() == limit || next.is_none());
            count += rows.len();
            seen.extend(rows.into_iter().map(|row| row.key));
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((count, seen.len()), (1_000, 1_000), "in pages of {limit}");
    }
}

#[test]
fn rows_that_are_there_throughout_come_exactly_once() {
    let mut random = Random::new(1);
    let mut table = table(Options::default());
    let lasting: Vec<String> = (0..500).map(|n| format!("lasting {n}")).collect();
    for key in &lasting {
        put(&mut table, key.as_bytes(), &[("n", 1.0)], 0.0);
    }
    let all = all(&mut table);
    let (mut after, mut shown) = (None, Vec::new());
    for round in 0.. {
        let (rows, next) = page(&mut table, &all, after, 7, 0.0);
        shown.extend(rows.into_iter().map(|row| row.key).filter(|key| key.starts_with(b"lasting")));
        after = next;
        if after.is_none() {
            break;
        }
        for n in 0..40 {
            put(&mut table, format!("coming {round} {n}").as_bytes(), &[], 0.0);
            table.delete(format!("coming {} {n}", random.below(round + 1)).as_bytes(), 0.0);
        }
        // A lasting row may be written, grow and so move.
        let key = random.pick(&lasting).clone();
        put(&mut table, key.as_bytes(), &[("n", random.number()), ("m", 0.5)], 0.0);
    }
    shown.sort();
    let mut expected: Vec<Vec<u8>> = lasting.into_iter().map(String::into_bytes).collect();
    expected.sort();
    assert_eq!(shown, expected);
}

#[test]
fn fields_are_equal_to_one_of_some_values() {
    let mut table = table(Options::default());
    let plan = |plan: &str| Value::Object(vec![("plan".to_owned(), Value::Text(plan.to_owned()))]);
    let rows = [
        ("a", vec![("user", Value::Number(1.0)), ("account", plan("free"))]),
        ("b", vec![("user", Value::Text("1".into())), ("account", plan("paid"))]),
        ("c", vec![("user", Value::Undefined)]),
        ("d", vec![]),
    ];
    for (key, fields) in rows {
        let fields: Vec<_> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let record = table.encode(&fields).unwrap();
        table.insert(key.as_bytes(), &record, 0, false, 0.0).unwrap();
    }
    let mut found = |name: &str, values: Vec<Value>| {
        let filter = Wanted { field: Some((name.to_owned(), values)), idle_for: 0 }.bytes(&mut table);
        let rows = pages(&mut table, &filter, 2, 0.0);
        assert_eq!(table.count(&Filter::read(&filter).unwrap(), 0.0), rows.len());
        keys(&rows).concat()
    };
    assert_eq!(found("user", vec![Value::Number(1.0)]), "a");
    assert_eq!(found("user", vec![Value::Number(1.0), Value::Text("1".into())]), "ab");
    assert_eq!(found("user", vec![Value::Undefined]), "c", "present, and undefined");
    assert_eq!(found("user", vec![]), "", "one of none");
    assert_eq!(found("account", vec![plan("paid"), Value::Null]), "b");
    assert_eq!(found("absent", vec![Value::Null, Value::Undefined]), "");
}

#[test]
fn rows_untouched_for_a_while_are_told_to_the_millisecond() {
    let mut table = table(Options::default());
    put(&mut table, b"a", &[], 1_000.0);
    put(&mut table, b"b", &[], 2_000.0);
    for (now, count) in [(5_999.0, 0), (6_000.0, 1), (6_999.0, 1), (7_000.0, 2)] {
        let filter = Wanted { field: None, idle_for: 5_000 }.bytes(&mut table);
        assert_eq!(table.count(&Filter::read(&filter).unwrap(), now), count, "at {now}");
    }
}

#[test]
fn looking_refreshes_nothing_and_expired_rows_are_not_seen() {
    let mut table = table(living(Some(1_000), None));
    put(&mut table, b"a", &[], 0.0);
    put(&mut table, b"b", &[], 500.0);
    let all = all(&mut table);
    assert_eq!(keys(&pages(&mut table, &all, 10, 999.0)), ["a", "b"]);
    assert_eq!(keys(&pages(&mut table, &all, 10, 1_000.0)), ["b"]);
    assert_eq!(table.count(&Filter::default(), 1_499.0), 1);
    assert_eq!(table.delete_where(&Filter::default(), 1_499.0), 1);
    let counts = table.counts();
    assert_eq!((counts.deleted, counts.hits, counts.misses), (1, 0, 0));
    assert!(table.validate());
}

#[test]
fn as_many_are_deleted_as_are_meant() {
    let mut table = table(Options::default());
    for n in 0..3_000_u32 {
        put(&mut table, &n.to_be_bytes(), &[("odd", f64::from(n % 2))], 0.0);
    }
    let odd = Wanted { field: Some(("odd".into(), vec![Value::Number(1.0)])), idle_for: 0 }.bytes(&mut table);
    assert_eq!(table.delete_where(&Filter::read(&odd).unwrap(), 0.0), 1_500);
    assert_eq!(table.delete_where(&Filter::read(&odd).unwrap(), 0.0), 0);
    assert_eq!((table.len(), table.counts().deleted), (1_500, 1_500));
    assert!(table.validate());
    assert_eq!(table.delete_where(&Filter::default(), 0.0), 1_500);
    assert!(table.is_empty() && table.validate());
}

#[test]
fn rows_with_a_subject_and_without_are_told_apart() {
    let mut table = table(Options::default());
    put(&mut table, b"a", &[], 0.0);
    let flags = |flags: u8, rest: &[u8]| [&[flags][..], &[0; 8], rest].concat();
    let cases = [
        (flags(0, &[0]), 1),
        (flags(2, &[0]), 0),
        (flags(4, &[0]), 1),
        (flags(1, &[1, b'u', 0]), 0),
        (flags(1, &[0, 0]), 0),
    ];
    for (filter, count) in cases {
        assert_eq!(table.count(&Filter::read(&filter).unwrap(), 0.0), count, "{filter:x?}");
    }
}

#[test]
fn filters_cut_or_changed_anywhere_are_refused_or_filters() {
    let mut table = table(Options::default());
    put(&mut table, b"a", &[("n", 1.0)], 0.0);
    let values = vec![Value::Array(vec![Value::Null]), Value::Text("x".into())];
    let mut filter = Wanted { field: Some(("n".into(), values)), idle_for: 1 }.bytes(&mut table);
    filter[0] = 1;
    filter.splice(9..9, [2, b'm', b'e']);
    assert!(Filter::read(&filter).is_ok());
    for end in 0..filter.len() {
        assert_eq!(Filter::read(&filter[..end]).err(), Some(Error::BadRecord), "{end} bytes");
    }
    for at in 0..filter.len() {
        for byte in 0..=255 {
            let mut changed = filter.clone();
            changed[at] = byte;
            if let Ok(filter) = Filter::read(&changed) {
                assert!(table.count(&filter, 0.0) <= 1);
            }
        }
    }
}

#[test]
fn a_copy_takes_the_place_of_what_was_there() {
    let mut out = b"before".to_vec();
    select::copy(b"after", &mut out).unwrap();
    assert_eq!(out, b"after");
    let mut table = table(Options::default());
    let none = table.select(&Filter::default(), None, 10, 0.0).unwrap();
    select::write(&table, &none, |_| [0.0; 4], &mut out).unwrap();
    assert!(listed(&out).is_empty());
}

#[test]
fn nobody_is_no_subject() {
    let mut table = table(Options::default());
    put(&mut table, b"of nobody", &[], 0.0);
    let ann = ets_session::key::Key::stored(b"of ann", false);
    assert_eq!(table.insert_for(ann, b"ann", ets_session::record::EMPTY, 0, 0.0), Ok(true));
    let of = |subject: &[u8]| [&[1][..], &[0; 8], &[subject.len() as u8], subject, &[0]].concat();
    for (subject, expected) in [(&b"ann"[..], vec!["of ann"]), (b"", vec![]), (b"an", vec![])] {
        assert_eq!(keys(&pages(&mut table, &of(subject), 5, 0.0)), expected);
        assert_eq!(table.count(&Filter::read(&of(subject)).unwrap(), 0.0), expected.len());
    }
}
