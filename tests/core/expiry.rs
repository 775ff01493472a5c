//! When rows are gone: exactly at their deadline, whoever asks, and whatever the clock says.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use crate::common::{DAY, Wanted, is_live, living, numbers, peek, put, table};
use ets_session::error::{Error, Setting};
use ets_session::record::Name;
use ets_session::select::Filter;
use ets_session::table::{Lookup, Options, Table};
use ets_session::time::{Lifetime, NEVER};

const START: f64 = 1.7e12;
const MINUTE: u64 = 60_000;

fn one_row(idle: Option<u64>, absolute: Option<u64>) -> Table {
    let mut table = table(living(idle, absolute));
    put(&mut table, b"k", &[("n", 1.0)], START);
    table
}

/// What an operation sees of a row at a time.
type Sees = fn(&mut Table, f64) -> bool;

const WAYS: [(&str, Sees); 9] = [
    ("get", |table, now| table.get(b"k", now).live().is_some()),
    ("peek", |table, now| table.peek(b"k", now).live().is_some()),
    ("touch", |table, now| table.touch(b"k", now).live().is_some()),
    ("delete", |table, now| table.delete(b"k", now)),
    ("update", |table, now| table.update(b"k", &[0, 0, 0, 0x10], now).unwrap().live().is_some()),
    ("insert_new", |table, now| !table.insert(b"k", &[0x10], 0, true, now).unwrap()),
    ("rename", |table, now| table.rename(b"k", || Some(b"new"), now).unwrap().is_some()),
    ("count", |table, now| table.count(&Filter::default(), now) == 1),
    ("delete_where", |table, now| table.delete_where(&Filter::default(), now) == 1),
];

#[test]
fn a_row_is_gone_exactly_at_its_deadline() {
    for (idle, absolute) in [(Some(MINUTE), None), (None, Some(MINUTE)), (Some(MINUTE), Some(2 * MINUTE))] {
        for (name, sees) in WAYS {
            for (off, lives) in [(-1.0, true), (0.0, false), (1.0, false)] {
                let mut table = one_row(idle, absolute);
                let now = START + MINUTE as f64 + off;
                assert_eq!(sees(&mut table, now), lives, "{name} {off} ms from the deadline");
                assert!(table.validate());
            }
        }
    }
}

#[test]
fn a_counter_begins_anew_at_the_deadline() {
    for (off, sum) in [(-1.0, 2.0), (0.0, 1.0)] {
        let mut table = one_row(Some(MINUTE), None);
        let bounds = (f64::NEG_INFINITY, f64::INFINITY);
        let now = START + MINUTE as f64 + off;
        assert_eq!(table.update_counter(b"k", Name::Interned(1), 1.0, bounds, now), Ok(sum));
    }
}

#[test]
fn a_sweep_takes_what_is_due_to_the_millisecond() {
    for (off, swept) in [(-1.0, 0), (0.0, 1), (1.0, 1)] {
        let mut table = one_row(None, Some(MINUTE));
        assert_eq!(table.sweep(usize::MAX, START + MINUTE as f64 + off), swept);
        assert_eq!((table.len(), table.counts().expired), (1 - swept, swept as u64));
        assert!(table.validate());
    }
}

#[test]
fn an_expired_row_is_told_from_one_that_never_was() {
    let mut table = one_row(Some(MINUTE), None);
    let late = START + MINUTE as f64;
    assert_eq!(table.get(b"other", late), Lookup::Missing);
    let mut table = one_row(Some(MINUTE), None);
    assert_eq!(table.get(b"k", late), Lookup::Expired);
    assert_eq!(table.get(b"k", late), Lookup::Missing, "it is cleared away by then");
    assert_eq!((table.counts().misses, table.counts().expired), (2, 1));
}

#[test]
fn reads_keep_a_row_until_its_absolute_end() {
    let mut table = one_row(Some(MINUTE), Some(5 * MINUTE));
    for half in 1..10 {
        assert!(table.get(b"k", START + (half * MINUTE / 2) as f64).live().is_some(), "{half} half minutes");
    }
    assert_eq!(table.sweep(usize::MAX, START + (5 * MINUTE) as f64 - 1.0), 0);
    assert_eq!(table.sweep(usize::MAX, START + (5 * MINUTE) as f64), 1);
}

#[test]
fn a_touched_row_is_filed_again() {
    let mut table = table(living(Some(MINUTE), None));
    for n in 0..100_u8 {
        put(&mut table, &[b'k', n], &[], START);
    }
    let later = START + 59_000.0;
    for n in (0..100).step_by(3) {
        assert!(table.touch(&[b'k', n], later).live().is_some());
    }
    assert_eq!(table.sweep(usize::MAX, START + 60_000.0), 66);
    assert!(table.validate());
    assert_eq!(table.sweep(usize::MAX, later + 59_999.0), 0);
    assert_eq!(table.sweep(usize::MAX, later + 60_000.0), 34);
}

#[test]
fn rows_of_one_second_go_each_in_its_millisecond() {
    let mut table = table(living(Some(MINUTE), None));
    let keys: Vec<[u8; 4]> = (0..1_000_u32).map(u32::to_be_bytes).collect();
    for key in &keys {
        put(&mut table, key, &[], START);
    }
    // Touched the other way round: those that stand first are due last.
    for (ms, key) in keys.iter().rev().enumerate() {
        assert!(table.touch(key, START + 1_000.0 + ms as f64).live().is_some());
    }
    for (at, left) in [(-1.0, 1_000), (0.0, 999), (1.0, 998), (499.0, 500), (998.0, 1), (999.0, 0)] {
        let now = START + 61_000.0 + at;
        table.sweep(usize::MAX, now);
        assert!(table.validate());
        assert_eq!(table.len(), left, "{at} ms into the second");
        assert_eq!(table.count(&Filter::default(), now), left);
    }
}

#[test]
fn a_sweep_takes_no_more_than_its_limit() {
    let mut table = table(living(None, Some(MINUTE)));
    for n in 0..100_u8 {
        put(&mut table, &[b'k', n], &[], START + f64::from(n) * 10.0);
    }
    let now = START + 60_495.0;
    for (limit, swept) in [(0, 0), (1, 1), (30, 30), (1_000, 19), (1, 0)] {
        assert_eq!(table.sweep(limit, now), swept, "up to {limit}");
    }
    assert_eq!(table.len(), 50);
}

#[test]
fn any_operation_clears_a_few_expired_rows() {
    let mut table = table(living(None, Some(MINUTE)));
    for n in 0..100_u8 {
        put(&mut table, &[b'k', n], &[], START);
    }
    let late = START + MINUTE as f64;
    let mut left = table.len();
    while left > 0 {
        table.get(b"absent", late);
        let cleared = left - table.len();
        assert!((1..=2).contains(&cleared), "{cleared} rows in one operation");
        left = table.len();
    }
    assert!(table.validate());
}

#[test]
fn rows_have_lifetimes_of_their_own_within_the_tables() {
    let mut table = table(living(Some(MINUTE), None));
    let short = table.lifetime(Lifetime { idle: Some(1_000), absolute: None }).unwrap();
    let long = table.lifetime(Lifetime { idle: Some(DAY), absolute: Some(90_000) }).unwrap();
    put(&mut table, b"own", &[], START);
    table.insert(b"short", &[0x10], short, false, START).unwrap();
    table.insert(b"long", &[0x10], long, false, START).unwrap();
    // Over a living row, the lifetime that it has stays.
    table.insert(b"short", &[0x10], long, false, START).unwrap();
    let lives = |table: &mut Table, after: f64| {
        ["own", "short", "long"].map(|key| is_live(table, key.as_bytes(), START + after))
    };
    assert_eq!(lives(&mut table, 999.0), [true, true, true]);
    assert_eq!(lives(&mut table, 1_000.0), [true, false, true]);
    assert!(table.touch(b"long", START + 59_999.0).live().is_some());
    assert_eq!(lives(&mut table, 60_000.0), [false, false, true], "the table's idle is the stricter");
    assert_eq!(lives(&mut table, 89_999.0), [false, false, true]);
    assert_eq!(lives(&mut table, 90_000.0), [false, false, false]);
}

#[test]
fn there_are_fifteen_lifetimes_and_no_others() {
    let mut table = table(Options::default());
    let of = |idle| Lifetime { idle: Some(idle), absolute: None };
    for n in 1..15 {
        assert_eq!(table.lifetime(of(u64::from(n))), Some(n));
    }
    assert_eq!(table.lifetime(of(15)), None);
    assert_eq!(table.lifetime(of(7)), Some(7));
    assert_eq!(table.lifetime(Lifetime::default()), Some(0));
    for number in [15, 16, 255] {
        let stored = table.insert(b"k", &[0x10], number, false, START);
        assert_eq!(stored, Err(Error::BadOption(Setting::Lifetime)));
    }
    assert!(table.insert(b"k", &[0x10], 14, false, START).unwrap());
    assert!(table.validate());
}

#[test]
fn a_clock_that_is_wrong_revives_nothing_and_loses_nothing() {
    let wrong = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 8.64e15 + 1.0, 0.0, START - 1e9];
    for reading in wrong {
        let mut table = one_row(Some(MINUTE), None);
        assert!(is_live(&mut table, b"k", reading), "{reading} lost a row");
        assert!(table.touch(b"k", START + 59_999.0).live().is_some());
        put(&mut table, b"new", &[], reading);
        let new = table.peek(b"new", reading).live().unwrap();
        assert_eq!(table.meta(new).unwrap().created, START as u64 + 59_999, "{reading}");
        assert!(!is_live(&mut table, b"k", START + 119_999.0));
        assert!(!is_live(&mut table, b"new", reading), "{reading} revived a row");
        assert!(table.validate());
    }
}

#[test]
fn a_clock_that_leaps_ends_what_is_due_and_the_rest_goes_on() {
    let mut table = one_row(Some(MINUTE), None);
    let never = table.lifetime(Lifetime::default());
    assert_eq!(never, Some(0), "the table's own is the stricter");
    put(&mut table, b"late", &[], 8.64e15);
    assert!(!is_live(&mut table, b"k", START));
    assert!(is_live(&mut table, b"late", START));
    assert!(table.validate());
    let row = table.peek(b"late", 0.0).live().unwrap();
    assert_eq!(table.meta(row).unwrap().deadline, 8_640_000_000_000_000 + MINUTE);
    assert_eq!(table.sweep(usize::MAX, START), 0);
}

#[test]
fn what_has_no_lifetime_never_goes() {
    let mut table = one_row(None, None);
    let row = table.peek(b"k", 8.64e15).live().unwrap();
    assert_eq!(table.meta(row).unwrap().deadline, NEVER);
    assert_eq!(table.sweep(usize::MAX, 8.64e15), 0);
}

/// Rows hold their last touch in 35 bits of milliseconds, 397 days, until they need more.
#[test]
fn touches_long_after_the_creation_are_exact() {
    // The second begins with all of the bits that a time may have.
    for begin in [START, 6.9e15] {
        touched_from(begin);
    }
}

fn touched_from(begin: f64) {
    const LOW: u64 = u32::MAX as u64;
    const NARROW: u64 = (1 << 35) - 1;
    let touches = [
        [40 * DAY, LOW - 1, LOW, LOW + 1, 60 * DAY, 60 * DAY + 1],
        [390 * DAY, NARROW - 1, NARROW, NARROW + 1, 9_000 * DAY, 20_000 * DAY],
    ]
    .concat();
    let mut table = table(living(Some(12_000 * DAY), None));
    let mut before = 0;
    for key in [&b"k"[..], b"another key of another length"] {
        table.insert(key, &[0x10], 0, false, begin).unwrap();
        let fields = table.encode(&numbers(&[("n", 1.0)])).unwrap();
        table.insert(key, &fields, 0, false, begin).unwrap();
    }
    for after in touches {
        let now = begin + after as f64;
        for key in [&b"k"[..], b"another key of another length"] {
            assert!(is_live(&mut table, key, now));
            let row = table.touch(key, now).live().unwrap();
            let meta = table.meta(row).unwrap();
            assert_eq!(meta.touched, begin as u64 + after, "touched {after} ms after the creation");
            assert_eq!((meta.created, meta.version), (begin as u64, 2));
            assert_eq!(meta.deadline, meta.touched + 12_000 * DAY);
            assert_eq!(peek(&mut table, key, now), Some(numbers(&[("n", 1.0)])));
            assert!(table.validate());
        }
        assert_eq!(table.sweep(usize::MAX, now), 0);
        assert!(after > before);
        before = after;
    }
    let filter = Wanted { idle_for: 1, ..Wanted::default() }.bytes(&mut table);
    let now = begin + before as f64;
    assert_eq!(table.count(&Filter::read(&filter).unwrap(), now), 0);
    assert_eq!(table.count(&Filter::read(&filter).unwrap(), now + 1.0), 2);
}

/// A row that has no byte to spare is touched where it is.
#[test]
fn a_full_table_takes_touches_for_more_than_a_year() {
    let build = |max_bytes| {
        let options = Options { max_bytes, refuse: true, ..living(Some(391 * DAY), None) };
        let mut table = table(options);
        for n in 0..50_u8 {
            let record = table.encode(&numbers(&[("n", 1.0)])).unwrap();
            table.insert(&[n; 13], &record, 0, false, START).unwrap();
        }
        table
    };
    let mut table = build(build(1 << 20).bytes());
    let later = START + (390 * DAY) as f64;
    for n in 0..50_u8 {
        let row = table.touch(&[n; 13], later).live().unwrap();
        assert_eq!(table.meta(row).unwrap().touched, later as u64);
    }
    assert_eq!((table.len(), table.counts().refused), (50, 0));
}

#[test]
fn a_row_rewritten_long_after_its_creation_keeps_both_times() {
    let mut table = one_row(Some(500 * DAY), None);
    let later = START + (400 * DAY) as f64;
    put(&mut table, b"k", &[("m", 2.0)], later);
    let row = table.peek(b"k", later).live().unwrap();
    let meta = table.meta(row).unwrap();
    assert_eq!((meta.created, meta.touched), (START as u64, START as u64 + 400 * DAY));
    assert!(table.validate());
}
