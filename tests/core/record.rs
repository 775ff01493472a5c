//! Records and changes: fields found, merged, removed and counted; malformed bytes refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use crate::common::random::Random;
use crate::common::{Fields, Patch, numbers, peek, put};
use ets_session::error::Error;
use ets_session::index::Seed;
use ets_session::record::{self, Change, Name};
use ets_session::table::{Lookup, Options, Table};
use ets_session::value::{Value, push_text};

fn table() -> Table {
    crate::common::table(Options::default())
}

fn patched(fields: &[(&str, f64)], patch: &Patch) -> Result<Fields, Error> {
    let mut table = table();
    put(&mut table, b"k", fields, 0.0);
    let before = peek(&mut table, b"k", 0.0);
    let change = patch.bytes(&mut table);
    let result = table.update(b"k", &change, 0.0);
    if let Err(error) = result {
        assert_eq!(peek(&mut table, b"k", 0.0), before, "a refused change left a trace");
        return Err(error);
    }
    assert!(table.validate());
    Ok(peek(&mut table, b"k", 0.0).unwrap())
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn an_empty_record_has_no_fields() {
    let mut table = table();
    assert_eq!(table.encode(&[]).unwrap(), record::EMPTY);
    assert_eq!(table.decode(record::EMPTY), Some(Vec::new()));
    assert!(record::is_record(record::EMPTY, 0));
}

#[test]
fn set_fields_keep_their_place_and_new_ones_come_last() {
    let patch = Patch { set: numbers(&[("b", 20.0), ("d", 4.0)]), ..Patch::default() };
    let after = patched(&[("a", 1.0), ("b", 2.0), ("c", 3.0)], &patch).unwrap();
    assert_eq!(after, numbers(&[("a", 1.0), ("b", 20.0), ("c", 3.0), ("d", 4.0)]));
}

#[test]
fn removals_come_before_sets_and_increments_last() {
    let patch = Patch {
        remove: names(&["a", "b", "absent"]),
        set: numbers(&[("a", 10.0), ("n", 5.0)]),
        add: vec![("n".to_owned(), 2.0), ("m".to_owned(), -1.5)],
        ..Patch::default()
    };
    let after = patched(&[("a", 1.0), ("b", 2.0), ("c", 3.0)], &patch).unwrap();
    assert_eq!(after, numbers(&[("c", 3.0), ("a", 10.0), ("n", 7.0), ("m", -1.5)]));
}

#[test]
fn a_clearing_change_leaves_what_it_sets_and_counts() {
    let patch = Patch {
        clear: true,
        set: numbers(&[("b", 1.0)]),
        add: vec![("a".to_owned(), 1.0)],
        ..Patch::default()
    };
    assert_eq!(patched(&[("a", 41.0), ("b", 2.0)], &patch).unwrap(), numbers(&[("b", 1.0), ("a", 1.0)]));
}

#[test]
fn the_same_field_counted_twice_is_counted_twice() {
    let patch = Patch { add: vec![("n".to_owned(), 1.0), ("n".to_owned(), 2.0)], ..Patch::default() };
    assert_eq!(patched(&[("n", 4.0)], &patch).unwrap(), numbers(&[("n", 7.0)]));
}

#[test]
fn counting_what_is_no_number_changes_nothing() {
    let others =
        [Value::Text("5".into()), Value::Null, Value::Undefined, Value::Date(5.0), Value::Bool(true)];
    for value in others {
        let set = vec![("n".to_owned(), value), ("m".to_owned(), Value::Number(9.0))];
        let patch = Patch { set, add: vec![("n".to_owned(), 1.0)], ..Patch::default() };
        assert_eq!(patched(&[("n", 4.0)], &patch), Err(Error::NotANumber));
    }
}

#[test]
fn counters_clamp_and_not_a_number_stays_that() {
    let mut table = table();
    let n = Name::Interned(table.intern("n").unwrap());
    let mut count = |by, least, most| table.update_counter(b"k", n, by, (least, most), 0.0).unwrap();
    assert_eq!(count(5.0, f64::NEG_INFINITY, 3.0), 3.0);
    assert_eq!(count(-10.0, -2.0, f64::INFINITY), -2.0);
    assert_eq!(count(0.25, f64::NEG_INFINITY, f64::INFINITY), -1.75);
    assert!(count(f64::NAN, -1.0, 1.0).is_nan());
    assert!(count(1.0, f64::NEG_INFINITY, f64::INFINITY).is_nan());
}

#[test]
fn counters_take_no_name_that_is_none() {
    let mut table = table();
    put(&mut table, b"k", &[("n", 1.0)], 0.0);
    let unbounded = (f64::NEG_INFINITY, f64::INFINITY);
    for name in [Name::Interned(2), Name::Interned(0), Name::Inline(&[0x80]), Name::Inline(&[])] {
        for key in [&b"k"[..], b"absent"] {
            let counted = table.update_counter(key, name, 1.0, unbounded, 0.0);
            assert_eq!(counted, Err(Error::BadRecord), "{name:?}");
        }
    }
    assert!(table.validate());
    assert_eq!(table.len(), 1);
}

#[test]
fn fifteen_fields_and_more_need_a_count() {
    let mut table = table();
    for count in [0, 1, 14, 15, 16, 127, 128, 300] {
        let fields: Fields = (0..count).map(|n| (format!("f{n}"), Value::Number(f64::from(n)))).collect();
        let record = table.encode(&fields).unwrap();
        assert!(record::is_record(&record, table.names().len()));
        assert_eq!(record[0], if count < 15 { 0x10 + count as u8 } else { 0x1F });
        assert_eq!(table.decode(&record), Some(fields.clone()));
        assert!(table.insert(b"k", &record, 0, false, 0.0).unwrap());
        for (name, value) in &fields {
            let name = Name::Interned(table.intern(name).unwrap());
            assert_eq!(record::find(&record, name), Some(&crate::common::term(value)[..]));
        }
    }
}

#[test]
fn names_that_are_not_numbered_stand_inline() {
    let mut table = table();
    let long = "n".repeat(129);
    let fields = vec![(long.clone(), Value::Number(1.0)), ("n".to_owned(), Value::Null)];
    let record = table.encode(&fields).unwrap();
    assert_eq!(table.names().len(), 1);
    assert_eq!(table.decode(&record).unwrap(), fields);
    let mut inline = Vec::new();
    push_text(&mut inline, &long);
    assert_eq!(record::find(&record, Name::Inline(&inline)), Some(&[1][..]));
    assert_eq!(record::find(&record, Name::Interned(1)), Some(&[0x80][..]));
    assert!(!record::is_record(&record, 0), "a number that no name has");
}

#[test]
fn hostile_names_do_not_grow_the_list() {
    let mut table = crate::common::table(Options { max_bytes: 8_000, ..Options::default() });
    for n in 0..5_000 {
        table.intern(&format!("field number {n}"));
    }
    let taken: usize = (1..=table.names().len()).map(|n| table.names().name(n).unwrap().len() + 16).sum();
    assert!(taken <= 1_000, "{taken} bytes of names in a table of 8,000");
    put(&mut table, b"k", &[("field number 4999", 1.0)], 0.0);
    assert!(table.validate());
}

/// Nothing is timed: were each name looked for among all others, this would take many minutes.
#[test]
fn hundreds_of_thousands_of_fields_are_merged_in_linear_work() {
    const COUNT: usize = 200_000;
    let names = |prefix: &str| -> Vec<Vec<u8>> {
        let inline = |n: usize| {
            let mut name = Vec::new();
            push_text(&mut name, &format!("{prefix}{n}"));
            name
        };
        (0..COUNT).map(inline).collect()
    };
    let (kept, lost, counted) = (names("kept"), names("lost"), names("counted"));
    let mut base = Vec::new();
    let fields: Vec<_> =
        kept.iter().chain(&lost).map(|n| (Name::Inline(n), record::Value::Number(1.0))).collect();
    record::write(&fields, &mut base).unwrap();
    let mut change = vec![0];
    crate::common::push_length(&mut change, COUNT);
    lost.iter().for_each(|name| change.extend([&[0][..], name].concat()));
    crate::common::push_length(&mut change, 2 * COUNT);
    for name in kept.iter().chain(&counted) {
        change.extend([&[0][..], name, &2_f64.to_le_bytes()].concat());
    }
    record::write(&fields[..COUNT], &mut change).unwrap();
    let mut out = Vec::new();
    Change::read(&change, 0).unwrap().apply(&base, Seed::new([3; 16]), &mut out).unwrap();
    let after = record::Fields::new(&out).unwrap();
    assert_eq!(after.count(), 2 * COUNT);
    assert!(after.take(COUNT).all(|(_, value)| value == [3]), "set to 1, and 2 added");
    assert!(after.skip(COUNT).all(|(_, value)| value == [2]), "counted from nothing");
}

#[test]
fn bytes_cut_anywhere_are_no_record() {
    for record in samples() {
        for end in 0..record.len() {
            assert!(!record::is_record(&record[..end], 64), "{end} of {record:x?}");
        }
        let longer = [&record[..], &[0]].concat();
        assert!(!record::is_record(&longer, 64), "a byte too many");
    }
}

#[test]
fn bytes_changed_anywhere_are_refused_or_a_record() {
    let mut table = numbered();
    for record in samples() {
        assert!(record::is_record(&record, 64));
        for at in 0..record.len() {
            for byte in 0..=255 {
                let mut changed = record.clone();
                changed[at] = byte;
                check_hostile(&mut table, &changed);
            }
        }
    }
}

#[test]
fn changes_cut_or_changed_anywhere_are_refused_or_a_change() {
    for (at, mut change) in samples().into_iter().enumerate() {
        let head = [&[1, 2, 1, 0, 0x21, b'x', 1, 2][..], &(at as f64).to_le_bytes()].concat();
        change.splice(0..0, head);
        assert!(Change::read(&change, 64).is_ok(), "{change:x?}");
        for end in 0..change.len() {
            assert!(Change::read(&change[..end], 64).is_err(), "{end} of {change:x?}");
        }
        for at in 0..change.len() {
            for byte in 0..=255 {
                let mut changed = change.clone();
                changed[at] = byte;
                if let Ok(change) = Change::read(&changed, 64) {
                    let mut out = Vec::new();
                    if change.apply(&[0x11, 2, 0x05], Seed::new([1; 16]), &mut out).is_ok() {
                        assert!(record::is_record(&out, 64), "{changed:x?} made {out:x?}");
                    }
                }
            }
        }
    }
}

fn numbered() -> Table {
    let mut table = table();
    for n in 1..=64 {
        table.intern(&format!("name {n}"));
    }
    table
}

/// Records of every kind of value, with names 1 to 64 numbered.
fn samples() -> Vec<Vec<u8>> {
    let mut table = numbered();
    let mut random = Random::new(11);
    let mut draw = |count: i32| {
        let mut fields: Fields = (1..=count).map(|n| (format!("name {n}"), random.value(1))).collect();
        fields.push(("inline ".repeat(20), random.value(2)));
        table.encode(&fields).unwrap()
    };
    let drawn = [1, 2, 3, 4].map(|count| {
        loop {
            let record = draw(count);
            if (180..400).contains(&record.len()) {
                break record;
            }
        }
    });
    let many: Fields = (1..=20).map(|n| (format!("name {n}"), Value::Number(f64::from(n)))).collect();
    [vec![record::EMPTY.to_vec(), table.encode(&many).unwrap()], drawn.to_vec()].concat()
}

/// What is taken for a record can be stored, found, changed and read.
fn check_hostile(table: &mut Table, bytes: &[u8]) {
    let stored = table.insert(b"k", bytes, 0, false, 0.0);
    assert_eq!(stored.is_ok(), record::is_record(bytes, 64), "{bytes:x?}");
    if stored.is_err() {
        return assert_eq!(stored, Err(Error::BadRecord));
    }
    let decoded = table.decode(bytes);
    assert!(decoded.is_some(), "{bytes:x?} is taken for a record and can't be read");
    assert!(matches!(table.update(b"k", &[0, 0, 0, 0x10], 0.0), Ok(Lookup::Live(_))));
    assert_eq!(peek(table, b"k", 0.0).map(|fields| fields.len()), decoded.map(|fields| fields.len()));
    assert!(table.validate());
}

#[test]
fn a_field_is_found_as_a_search_through_all_of_them_finds_it() {
    let mut random = Random::new(11);
    for _ in 0..2_000 {
        let count = random.size(20);
        let text = |number: usize| [vec![0x21], vec![b'a' + number as u8 % 26]].concat();
        let inline: Vec<Vec<u8>> = (0..count).map(text).collect();
        let fields: Vec<_> = (0..count)
            .map(|i| {
                let numbered = random.below(8) > 0;
                let name =
                    if numbered { Name::Interned(1 + random.size(160)) } else { Name::Inline(&inline[i]) };
                (name, record::Value::Number(random.below(300_000) as f64))
            })
            .collect();
        let mut bytes = Vec::new();
        record::write(&fields, &mut bytes).unwrap();
        let names = (1..170).map(Name::Interned).chain(inline.iter().map(|name| Name::Inline(name)));
        for name in names {
            let expected = record::Fields::new(&bytes).unwrap().find(|(other, _)| *other == name);
            assert_eq!(record::find(&bytes, name), expected.map(|(_, value)| value), "{name:?}");
        }
    }
}

#[test]
fn what_is_no_record_has_no_fields() {
    for bytes in [&[][..], &[0x21, 1, 5], &[0x11], &[0x11, 1], &[0x12, 1, 2, 5], &[0x11, 1, 0xFF]] {
        assert_eq!(record::find(bytes, Name::Interned(2)), None, "{bytes:?}");
    }
}

#[test]
fn a_change_of_one_field_that_is_malformed_is_refused() {
    let mut table = table();
    put(&mut table, b"k", &[("n", 1.0)], 0.0);
    let before = peek(&mut table, b"k", 0.0);
    for tail in [&[1][..], &[1, 0xFF], &[1, 5, 5], &[2, 5], &[0, 5], &[0x7F, 5], &[1, 0x25, b'a']] {
        let change = [&[0, 0, 0, 0x11], tail].concat();
        assert_eq!(record::one_field(&change, 1), None, "{tail:?}");
        for key in [&b"k"[..], b"none"] {
            assert_eq!(table.update(key, &change, 0.0), Err(Error::BadRecord), "{tail:?}");
        }
        assert_eq!(peek(&mut table, b"k", 0.0), before);
    }
    let change = [0, 0, 0, 0x11, 1, 7];
    assert_eq!(record::one_field(&change, 1), Some((Name::Interned(1), &[7][..])));
    assert_eq!(table.update(b"none", &change, 0.0), Ok(Lookup::Missing));
    assert!(matches!(table.update(b"k", &change, 0.0), Ok(Lookup::Live(_))));
    assert_eq!(peek(&mut table, b"k", 0.0), Some(vec![("n".to_owned(), Value::Number(7.0))]));
}
