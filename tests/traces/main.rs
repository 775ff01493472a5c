//! Random calls of a table's public surface and what this core answers, written down for run.mjs, which asks the
//! built package the same.
//!
//! `TRACES=file` says where, otherwise it is in cargo's own folder for tests; `TRACES_RUNS` asks for more.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod plain;
mod surface;

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use common::describe::{hex, json, json_number};
use common::random::Random;
use common::trace::KEYS;
use common::{DAY, Fields, Patch, Wanted};
use ets_session::error::Error;
use ets_session::table::{Options, Table};
use ets_session::value::Value;
use surface::{Answer, Surface};

const RUNS: u64 = 48;
const STEPS: usize = 120;

/// What a trace leaves to the next: the last snapshot, and the time, which must not be before that of its rows.
struct Before {
    now: f64,
    saved: Vec<u8>,
}

fn no_rows() -> Vec<u8> {
    Surface::new(Options::default()).snapshot(0.0).unwrap()
}

/// One trace: a table, a clock that may say anything, and what was asked and answered so far.
struct Trace<'a> {
    random: Random,
    options: Options,
    surface: Surface,
    now: f64,
    /// When something happened: deadlines are counted from there.
    moments: Vec<f64>,
    /// The last snapshot of this table or of one before it.
    saved: &'a mut Vec<u8>,
    lines: String,
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn seconds(ms: u64) -> Value {
    Value::Number(ms as f64 / 1_000.0)
}

fn described(wanted: &Wanted) -> Value {
    let mut filter = Vec::new();
    if let Some((name, values)) = &wanted.field {
        let condition = (name.clone(), Value::Array(values.clone()));
        filter.push(("where".to_owned(), Value::Object(vec![condition])));
    }
    if wanted.idle_for > 0 {
        filter.push(("idleFor".to_owned(), seconds(wanted.idle_for)));
    }
    Value::Object(filter)
}

/// The error as JavaScript throws it.
fn refusal(error: Error, table: &Table) -> String {
    let (needed, used) = (error.needed(), table.bytes());
    let Options { max_bytes, max_row_bytes, .. } = table.options();
    let details = match error {
        Error::BadKey | Error::NotANumber | Error::BadSnapshot => String::new(),
        // Refused before it was counted: run.mjs asks for any number above the limit.
        Error::RowTooLarge { needed: 0 } => format!(r#""needed":null,"limit":{max_row_bytes}"#),
        Error::RowTooLarge { .. } => format!(r#""needed":{needed},"limit":{max_row_bytes}"#),
        Error::TableFull { .. } => format!(r#""needed":{needed},"used":{used},"limit":{max_bytes}"#),
        other => panic!("{other:?} comes from nothing that was asked"),
    };
    let code = error.code();
    format!(r#"{{"code":"{code}","details":{{{details}}}}}"#)
}

impl<'a> Trace<'a> {
    fn new(seed: u64, before: &'a mut Before) -> Self {
        let mut random = Random::new(seed);
        if random.one_in(4) {
            *before = Before { now: 0.0, saved: no_rows() };
        }
        let options = Options {
            max_bytes: *random.pick(&[150, 400, 1_000, 2_500, 20_000]),
            max_row_bytes: *random.pick(&[60, 200, 1_000, 65_536]),
            lifetime: random.lifetime(),
            refuse: random.one_in(3),
            hash_keys: random.one_in(3),
        };
        let mut trace = Self {
            surface: Surface::new(options),
            now: before.now,
            moments: vec![0.0],
            lines: String::new(),
            random,
            options,
            saved: &mut before.saved,
        };
        trace.head(seed);
        // A clock that has not been read yet, and then is NaN, would be far behind the rows of a snapshot.
        let answer = trace.surface.touch("none", trace.now);
        trace.write(trace.now, "touch", &[text("none")], answer);
        trace
    }

    fn head(&mut self, seed: u64) {
        let Options { max_bytes, max_row_bytes, lifetime, refuse, hash_keys } = self.options;
        let length = |ms: Option<u64>| ms.map_or(Value::Undefined, seconds);
        let options = object([
            ("maxBytes", Value::Number(max_bytes as f64)),
            ("maxRowBytes", Value::Number(max_row_bytes as f64)),
            ("idle", length(lifetime.idle)),
            ("absolute", length(lifetime.absolute)),
            ("onFull", text(if refuse { "refuse" } else { "evict" })),
            ("hashKeys", Value::Bool(hash_keys)),
        ]);
        let saved = hex(&*self.saved);
        writeln!(self.lines, r#"{{"seed":{seed},"saved":"{saved}","options":{}}}"#, json(&options)).unwrap();
    }

    fn reading(&mut self) -> f64 {
        let now = self.now;
        let lifetime = self.options.lifetime;
        let read = match self.random.below(12) {
            0 => *self.random.pick(&[
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                -1.0,
                -0.0,
                8.64e15 + 2.0,
                1e300,
            ]),
            1 => now - self.random.below(10 * DAY) as f64,
            2 if self.random.one_in(4) => now + self.random.below(60 * DAY) as f64,
            // Around a deadline, where being off by one shows.
            3..=5 => {
                let length = if self.random.one_in(2) { lifetime.idle } else { lifetime.absolute };
                let from = *self.random.pick(&self.moments);
                length.map_or(now, |length| from + length as f64 - 1.0 + self.random.below(3) as f64)
            }
            6 => now,
            _ => now + self.random.below(2_500) as f64 + 0.5,
        };
        if (now..=8.64e15).contains(&read) {
            self.now = read;
        }
        read
    }

    fn key(&mut self) -> String {
        match self.random.below(40) {
            0 => String::new(),
            1 => "long".repeat(300),
            _ => (*self.random.pick(&KEYS)).to_owned(),
        }
    }

    fn wanted(&mut self) -> Wanted {
        let mut wanted = self.random.wanted();
        if let Some((_, values)) = &mut wanted.field {
            *values = values.drain(..).map(plain::plain).collect();
        }
        wanted
    }

    /// Asks one thing, and writes down what was asked and answered.
    fn step(&mut self) {
        let now = self.reading();
        let (call, with, answer) = self.call(now);
        assert!(self.surface.is_valid(), "after {call}");
        self.moments.push(self.now.trunc());
        if self.moments.len() > 8 {
            self.moments.remove(0);
        }
        self.write(now, call, &with, answer);
    }

    fn write(&mut self, now: f64, call: &str, with: &[Value], answer: Answer) {
        let with: Vec<String> = with.iter().map(json).collect();
        let answer = match answer {
            Ok(answer) => format!(r#""answer":{}"#, json(&answer)),
            Err(error) => format!(r#""error":{}"#, refusal(error, self.surface.table())),
        };
        let info = self.surface.info().map(|number| number.to_string()).join(",");
        let (now, with) = (json_number(now), with.join(","));
        let line = format!(r#"{{"now":{now},"call":"{call}","with":[{with}],{answer},"info":[{info}]}}"#);
        writeln!(self.lines, "{line}").unwrap();
    }

    /// Names that come with a key that no row can have are none that are numbered: nobody says which of the two is
    /// looked at first.
    fn name(&mut self, key: &str) -> String {
        if self.surface.is_too_long(key) { "x".repeat(129) } else { self.random.name() }
    }

    fn row(&mut self, key: &str) -> Fields {
        if self.surface.is_too_long(key) { Fields::new() } else { plain::fields(self.random.fields(4)) }
    }

    fn call(&mut self, now: f64) -> (&'static str, Vec<Value>, Answer) {
        let key = self.key();
        let named = text(&key);
        match self.random.below(26) {
            0..=5 => {
                let row = self.row(&key);
                ("insert", vec![named, Value::Object(row.clone())], self.surface.insert(&key, &row, now))
            }
            6 => {
                let row = self.row(&key);
                let answer = self.surface.insert_new(&key, &row, now);
                ("insertNew", vec![named, Value::Object(row)], answer)
            }
            7 | 8 => ("lookup", vec![named], self.surface.lookup(&key, now)),
            9 => ("peek", vec![named], self.surface.peek(&key, now)),
            10 => {
                let name = self.name(&key);
                ("field", vec![named, text(&name)], self.surface.field(&key, &name, now))
            }
            11 => ("member", vec![named], self.surface.member(&key, now)),
            12..=14 => self.update(&key, now),
            15 | 16 => self.count_up(&key, now),
            17 => ("touch", vec![named], self.surface.touch(&key, now)),
            18 => ("take", vec![named], self.surface.take(&key, now)),
            19 => ("delete", vec![named], self.surface.delete(&key, now)),
            _ => self.call_on_all(now),
        }
    }

    fn update(&mut self, key: &str, now: f64) -> (&'static str, Vec<Value>, Answer) {
        let mut patch = self.random.patch();
        if self.surface.is_too_long(key) {
            patch = Patch::default();
        }
        let set = plain::fields(patch.set);
        let remove = Value::Array(patch.remove.iter().map(|name| text(name)).collect());
        let answer = self.surface.update(key, &set, &patch.remove, now);
        ("update", vec![text(key), Value::Object(set), remove], answer)
    }

    fn count_up(&mut self, key: &str, now: f64) -> (&'static str, Vec<Value>, Answer) {
        let (name, by) = (self.name(key), *self.random.pick(&[1.0, -3.0, 0.5, 1e300, 4_294_967_295.0]));
        let bounds = *self.random.pick(&[(f64::NEG_INFINITY, f64::INFINITY), (-3.0, 3.0), (0.5, f64::MAX)]);
        let answer = self.surface.count_up(key, &name, by, bounds, now);
        let bound = object([("min", Value::Number(bounds.0)), ("max", Value::Number(bounds.1))]);
        ("updateCounter", vec![text(key), text(&name), Value::Number(by), bound], answer)
    }

    fn call_on_all(&mut self, now: f64) -> (&'static str, Vec<Value>, Answer) {
        let wanted = self.wanted();
        match self.random.below(12) {
            0 if self.random.one_in(3) => ("clear", vec![], self.surface.clear()),
            0 | 1 => ("count", vec![described(&wanted)], self.surface.count(&wanted, now)),
            2 if wanted.field.is_some() || self.random.one_in(4) => {
                ("deleteWhere", vec![described(&wanted)], self.surface.delete_where(&wanted, now))
            }
            2 | 3 => ("keys", vec![], self.surface.keys(now)),
            4 => {
                let limit = self.random.size(4);
                ("sweep", vec![Value::Number(limit as f64)], self.surface.sweep(limit, now))
            }
            5 => ("sweep", vec![], self.surface.sweep(usize::MAX, now)),
            6 | 7 => {
                let limit = 1 + self.random.size(5);
                let page = object([("limit", Value::Number(limit as f64))]);
                ("select", vec![described(&wanted), page], self.surface.select(&wanted, limit, now))
            }
            8 | 9 => ("snapshot", vec![], self.snapshot(now)),
            10 => ("restore", vec![], self.surface.restore(self.saved, now)),
            _ => self.restore_damaged(now),
        }
    }

    /// Equal checksums over all of it are equal bytes.
    fn snapshot(&mut self, now: f64) -> Answer {
        *self.saved = self.surface.snapshot(now)?;
        let check = hex(&self.saved[self.saved.len() - 16..]);
        Ok(Value::Array(vec![Value::Number(self.saved.len() as f64), Value::Text(check)]))
    }

    fn restore_damaged(&mut self, now: f64) -> (&'static str, Vec<Value>, Answer) {
        let (at, mut bytes) = (self.random.size(self.saved.len()), self.saved.clone());
        bytes[at] ^= 1;
        ("restore", vec![Value::Number(at as f64)], self.surface.restore(&bytes, now))
    }
}

#[test]
fn what_the_core_answers_is_written_down() {
    let runs = std::env::var("TRACES_RUNS").map_or(RUNS, |runs| runs.parse().unwrap());
    let file =
        std::env::var("TRACES").unwrap_or(concat!(env!("CARGO_TARGET_TMPDIR"), "/traces.jsonl").into());
    let mut before = Before { now: 1.7e12, saved: no_rows() };
    let mut lines = String::new();
    for seed in 0..runs {
        let run = catch_unwind(AssertUnwindSafe(|| {
            let mut trace = Trace::new(seed, &mut before);
            (0..STEPS).for_each(|_| trace.step());
            let (now, lines) = (trace.now, trace.lines);
            before.now = now;
            lines
        }));
        match run {
            Ok(more) => lines.push_str(&more),
            Err(failure) => {
                eprintln!("in the trace of seed {seed}");
                resume_unwind(failure);
            }
        }
    }
    let folder = std::path::Path::new(&file).parent().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(&file, lines).unwrap();
}
