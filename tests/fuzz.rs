//! The fuzz targets of tests/fuzz without a fuzzer: inputs that are right, and what chance makes of them.
//!
//! Each input is made of a number, its seed; a failure names it, and `FUZZ_SEED=n cargo test --test fuzz TARGET`
//! runs that one alone. `FUZZ_SECONDS=n` runs for so long from a seed of the clock's, instead of a fixed number
//! from 0.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

#[path = "fuzz/checks/change.rs"]
mod change;
mod common;
#[path = "fuzz/checks/filter.rs"]
mod filter;
#[path = "fuzz/checks/record.rs"]
mod record;
#[path = "fuzz/checks/snapshot.rs"]
mod snapshot;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use common::random::Random;
use common::trace::{KEYS, Trace};
use common::visits::{self, Visits};
use common::{living, table, term};
use ets_session::table::{Options, Table};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Runs a target on many inputs; each begins as `right` makes it of what is random.
fn fuzz(name: &str, runs: u64, right: fn(&mut Random) -> Vec<u8>, check: fn(&[u8])) {
    let one = |seed: u64| {
        let mut random = Random::new(seed);
        let mut bytes = right(&mut random);
        spoil(&mut bytes, &mut random, right);
        if let Err(failure) = catch_unwind(AssertUnwindSafe(|| check(&bytes))) {
            eprintln!("FUZZ_SEED={seed} cargo test --test fuzz {name}");
            resume_unwind(failure);
        }
    };
    if let Some(seed) = number("FUZZ_SEED") {
        return one(seed);
    }
    let Some(seconds) = number("FUZZ_SECONDS") else { return (0..runs).for_each(one) };
    let first = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let (begin, mut done) = (Instant::now(), 0);
    while begin.elapsed() < Duration::from_secs(seconds) {
        (0..64).for_each(|n| one(first.wrapping_add(done + n)));
        done += 64;
    }
    println!("{name}: {done} inputs from seed {first} on");
}

/// Leaves some as they are, and damages others in a few places.
fn spoil(bytes: &mut Vec<u8>, random: &mut Random, right: fn(&mut Random) -> Vec<u8>) {
    for _ in 0..random.below(5) {
        let (at, end) = (random.size(bytes.len() + 1), random.size(bytes.len() + 1));
        let (from, to) = (at.min(end), at.max(end).min(at.min(end) + 16));
        match random.below(8) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            // Lengths, counts and tags lie at the edges of these.
            2 | 3 if at < bytes.len() => {
                bytes[at] = *random.pick(&[0, 1, 2, 0x0F, 0x10, 0x1F, 0x7F, 0x80, 0xEF, 0xFF]);
            }
            4 => bytes.truncate(at),
            5 => drop(bytes.drain(from..to)),
            6 => {
                let copy = bytes[from..to].to_vec();
                drop(bytes.splice(from..from, copy));
            }
            _ => {
                let other = right(random);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[random.size(other.len() + 1)..]);
            }
        }
    }
}

/// A table with the names that the targets number.
fn named() -> Table {
    let mut table = table(Options::default());
    for name in ["a", "b", "c"] {
        table.intern(name);
    }
    table
}

fn a_record(random: &mut Random) -> Vec<u8> {
    let mut fields = random.fields(4);
    for (field, name) in fields.iter_mut().zip(["a", "b", "c"]) {
        if random.one_in(2) {
            field.0 = name.to_owned();
        }
    }
    named().encode(&fields).unwrap()
}

fn a_change(random: &mut Random) -> Vec<u8> {
    let mut record = a_record(random);
    record.truncate(255);
    let change = random.patch().bytes(&mut named());
    [vec![record.len() as u8], record, change].concat()
}

fn a_filter(random: &mut Random) -> Vec<u8> {
    let mut wanted = random.wanted();
    if let Some((name, _)) = &mut wanted.field {
        "a".clone_into(name);
    }
    wanted.bytes(&mut named())
}

fn a_snapshot(random: &mut Random) -> Vec<u8> {
    let hash_keys = random.one_in(2);
    let lifetime = random.lifetime();
    let mut table = table(Options { hash_keys, ..living(lifetime.idle, lifetime.absolute) });
    for key in KEYS.iter().take(random.size(6)) {
        let record = table.encode(&random.fields(3)).unwrap();
        table.insert(key.as_bytes(), &record, 0, false, 1e6).unwrap();
    }
    let mut bytes = vec![u8::from(hash_keys)];
    table.snapshot(1e6, &mut bytes).unwrap();
    // The target puts a right checksum behind it.
    bytes.truncate(bytes.len() - 16);
    bytes
}

#[test]
fn records() {
    fuzz("records", 10_000, a_record, record::check);
}

#[test]
fn values() {
    fuzz("values", 10_000, |random| term(&random.value(3)), record::check);
}

#[test]
fn changes() {
    fuzz("changes", 10_000, a_change, change::check);
}

#[test]
fn filters() {
    fuzz("filters", 10_000, a_filter, filter::check);
}

#[test]
fn snapshots() {
    fuzz("snapshots", 5_000, a_snapshot, snapshot::check);
}

#[test]
fn traces() {
    let bytes = |random: &mut Random| {
        let length = random.size(3_000);
        random.bytes(length)
    };
    fuzz("traces", 1_000, bytes, |bytes| Trace::new(Random::from_bytes(bytes)).run(200));
}

/// The inputs that longer runs of the fuzzer came upon.
#[test]
fn what_is_kept_of_the_corpora() {
    type Check = fn(&[u8]);
    let checks: [(&str, Check); 6] = [
        ("record", record::check),
        ("change", change::check),
        ("filter", filter::check),
        ("snapshot", snapshot::check),
        ("id", id),
        ("trace", |bytes| Trace::new(Random::from_bytes(bytes)).run(200)),
    ];
    for (name, check) in checks {
        let path = format!("{}/tests/fuzz/kept/{name}.hex", env!("CARGO_MANIFEST_DIR"));
        let kept = std::fs::read_to_string(path).unwrap();
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
        let lines = kept.lines().map(str::as_bytes);
        assert!(lines.clone().count() > 50, "hardly any of {name}");
        for (number, line) in (1..).zip(lines) {
            let bytes: Vec<u8> =
                line.as_chunks::<2>().0.iter().map(|&[a, b]| digit(a) << 4 | digit(b)).collect();
            if let Err(failure) = catch_unwind(AssertUnwindSafe(|| check(&bytes))) {
                eprintln!("kept/{name}.hex, line {number}");
                resume_unwind(failure);
            }
        }
    }
}

fn id(bytes: &[u8]) {
    visits::text(bytes);
    Visits::new(Random::from_bytes(bytes)).run(200);
}

#[test]
fn ids() {
    let bytes = |random: &mut Random| {
        let length = random.size(600);
        random.bytes(length)
    };
    fuzz("ids", 1_000, bytes, id);
}
